package bench

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"grulden/internal/store"
)

// What a payment says over HTTP, without a ledger to hear it.
type (
	bareRequest struct {
		ID     string `json:"id"`
		From   string `json:"from"`
		To     string `json:"to"`
		Amount string `json:"amount"`
	}
	bareReceipt struct {
		ID  string `json:"id"`
		Seq uint64 `json:"seq"`
	}
)

// serveLimit serves the least that payments over HTTP can do: read JSON, make
// as many bytes durable as a payment does, write JSON. Pay is one such request,
// from any number of callers.
func serveLimit(limit *store.Limit) (pay func() error, stop func() error, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, fmt.Errorf("serve on loopback: %w", err)
	}
	var done atomic.Uint64
	server := &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var request bareRequest
		if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if err := limit.Commit(); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(bareReceipt{request.ID, done.Add(1)}) // the client notices
	})}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: callersAtOnce}}
	stop = func() error {
		client.CloseIdleConnections()
		if err := server.Close(); err != nil {
			return err
		}
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	}
	return func() error { return post(client, "http://"+listener.Addr().String()) }, stop, nil
}

// post sends one request to the bare server and reads the receipt.
func post(client *http.Client, url string) error {
	body, err := json.Marshal(bareRequest{"3f9a6c0d5be74821a0c4d19e77f6b023", "1203948571203948571", "7719203847561029384", "12.50"})
	if err != nil {
		return err
	}
	response, err := client.Post(url, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	var receipt bareReceipt
	if err := json.NewDecoder(response.Body).Decode(&receipt); err != nil || receipt.Seq == 0 {
		return errors.Join(err, fmt.Errorf("the bare server answers %s", response.Status))
	}
	_, err = io.Copy(io.Discard, response.Body) // so that the connection is used again
	return err
}
