package web

import (
	"net/http"
	"net/url"
	"strings"

	"grulden/internal/payreq"
)

// read says where the text of a QR code, or a code as somebody typed it, leads
// on this site: to a payment or to a card. Text of another kind and links to
// other sites are errForeign, and nothing of them is ever opened.
func (s *Server) read(r *http.Request, text string) (address string, err error) {
	text = strings.TrimSpace(text)
	if !strings.Contains(text, ":") {
		code, err := payreq.Parse(text)
		return "/P/" + code.String(), err
	}
	link, err := url.Parse(text)
	if err != nil || link.Scheme != "https" && link.Scheme != "http" || !s.ownHost(r, link.Host) {
		return "", errForeign
	}
	parts := strings.Split(strings.Trim(link.Path, "/"), "/")
	if len(parts) != 2 {
		return "", errForeign
	}
	kind := strings.ToUpper(parts[0])
	if kind != "P" && kind != "C" {
		return "", errForeign
	}
	code, err := payreq.Parse(parts[1])
	return "/" + kind + "/" + code.String(), err
}

// ownHost tells whether a link's host is this site: by its public name or by
// the one in the visitor's address bar.
func (s *Server) ownHost(r *http.Request, host string) bool {
	_, public, _ := strings.Cut(s.origin, "://")
	return strings.EqualFold(host, public) || strings.EqualFold(host, r.Host)
}
