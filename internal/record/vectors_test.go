package record

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"grulden/ledger"
)

var update = flag.Bool("update", false, "write testdata/signatures.json anew; the signatures of P-256 are then others")

// vector is one signature that programs in other languages can be held against:
// the key as WebCrypto imports it ("jwk") and exports it ("raw", in
// hexadecimal), the fields, the text that is signed, and the signature.
type vector struct {
	Alg       string            `json:"alg"`
	Private   map[string]string `json:"private"`
	Public    string            `json:"public"`
	Ledger    string            `json:"ledger"`
	Pay       *payFields        `json:"pay,omitempty"`
	Standing  *standingFields   `json:"standing,omitempty"`
	Message   string            `json:"message"`
	Signature string            `json:"signature"`
}

type payFields struct {
	ID    string `json:"id"`
	From  string `json:"from"`
	To    string `json:"to"`
	Cents int64  `json:"cents"`
	At    int64  `json:"at"`
}

type standingFields struct {
	payFields
	Every   string            `json:"every"`
	First   string            `json:"first"`
	Last    string            `json:"last"`
	Payment map[string]string `json:"payment"` // due day to id
}

const vectorFile = "testdata/signatures.json"

// keys of the vectors: made from words, so that anybody can make them again.
func vectorKeys(t *testing.T) map[string]signer {
	t.Helper()
	seed := sha256.Sum256([]byte("grulden test vector"))
	private := ed25519.NewKeyFromSeed(seed[:])
	curve, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), seed[:])
	if err != nil {
		t.Fatal(err)
	}
	point, err := curve.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return map[string]signer{
		"Ed25519": {PublicKey{Alg: ledger.Ed25519, Bytes: private.Public().(ed25519.PublicKey)}, func(m []byte) []byte { return ed25519.Sign(private, m) }},
		"P-256": {PublicKey{Alg: ledger.P256, Bytes: point}, func(m []byte) []byte {
			sum := sha256.Sum256(m)
			r, s, err := ecdsa.Sign(rand.Reader, curve, sum[:])
			if err != nil {
				t.Fatal(err)
			}
			return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
		}},
	}
}

// jwk is the private key of the vectors as WebCrypto imports it.
func jwk(alg string, public []byte) map[string]string {
	seed := sha256.Sum256([]byte("grulden test vector"))
	text := base64.RawURLEncoding.EncodeToString
	if alg == "Ed25519" {
		return map[string]string{"kty": "OKP", "crv": alg, "d": text(seed[:]), "x": text(public)}
	}
	return map[string]string{"kty": "EC", "crv": alg, "d": text(seed[:]), "x": text(public[1:33]), "y": text(public[33:])}
}

func makeVectors(t *testing.T) (all []vector) {
	t.Helper()
	keys := vectorKeys(t)
	for _, alg := range []string{"Ed25519", "P-256"} {
		s := keys[alg]
		v := vector{Alg: alg, Private: jwk(alg, s.key.Bytes), Public: hex.EncodeToString(s.key.Bytes), Ledger: testLedger}
		of := payFields{"5d0c119f27464e1b8f5b0e32c4996a70", "8f3a61d20c47be15", "2b90e4f75518a3c6", 12_50, 1_774_000_800}
		one, order := v, v
		one.Pay = &of
		order.Standing = &standingFields{
			payFields: of, Every: "month", First: "2026-03-31", Last: "2027-03-31",
			Payment: map[string]string{"2026-03-31": "", "2026-04-30": ""},
		}
		for _, v := range []*vector{&one, &order} {
			v.Message = string(v.message(t))
			v.Signature = hex.EncodeToString(s.sign([]byte(v.Message)))
			all = append(all, *v)
		}
	}
	return all
}

// message is the text that a vector's fields make; it fills in the ids of a
// standing order's payments.
func (v *vector) message(t *testing.T) []byte {
	t.Helper()
	fields := v.Pay
	if v.Standing != nil {
		fields = &v.Standing.payFields
	}
	id, err := ledger.ParseID(fields.ID)
	if err != nil {
		t.Fatal(err)
	}
	pay := ledger.Pay{ID: id, From: 0x8f3a61d20c47be15, To: 0x2b90e4f75518a3c6, Amount: ledger.Cents(fields.Cents)}
	if v.Standing == nil {
		return PayMessage(v.Ledger, pay, fields.At)
	}
	s := Standing{
		ID: id, From: pay.From, To: pay.To, Amount: pay.Amount, Every: Monthly,
		First: day(t, v.Standing.First), HasLast: true, Last: day(t, v.Standing.Last), At: fields.At,
	}
	for due := range v.Standing.Payment {
		v.Standing.Payment[due] = StandingPayment(id, day(t, due)).String()
	}
	return StandingMessage(v.Ledger, s)
}

// TestVectorsForOtherPrograms: what a browser makes is held against this file.
func TestVectorsForOtherPrograms(t *testing.T) {
	if *update {
		text, err := json.MarshalIndent(makeVectors(t), "", "\t")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(vectorFile, append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(vectorFile)
	if err != nil {
		t.Fatal(err)
	}
	var stored []vector
	if err := json.Unmarshal(text, &stored); err != nil {
		t.Fatal(err)
	}
	fresh := makeVectors(t)
	if len(stored) != len(fresh) {
		t.Fatalf("%d vectors", len(stored))
	}
	for i, v := range stored {
		key := vectorKeys(t)[v.Alg].key
		sig, err := hex.DecodeString(v.Signature)
		if err != nil || !Verify(key, []byte(v.Message), sig) {
			t.Errorf("vector %d: the signature does not fit: %v", i, err)
		}
		if v.Alg == "P-256" {
			v.Signature = fresh[i].Signature // another one each time
		}
		got, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		want, err := json.Marshal(fresh[i])
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("vector %d is\n%s\nand should be\n%s", i, got, want)
		}
	}
}
