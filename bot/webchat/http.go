package webchat

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/bot"
)

// server is the HTTP side of a channel, bound to the receiver of its events.
type server struct {
	*Channel
	receiver bot.Receiver
}

// Handler serves the widget, the page and their API. Mount it at /widget.js, /webchat and /webchat/.
func (c *Channel) Handler(r bot.Receiver) http.Handler {
	s := &server{Channel: c, receiver: r}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /widget.js", serveLoader)
	mux.HandleFunc("GET /webchat", s.page("frame", "webchat/"))
	mux.HandleFunc("GET /webchat/full", s.page("full", ""))
	mux.HandleFunc("GET /webchat/static/{version}/{file}", serveAsset)
	mux.HandleFunc("POST /webchat/messages", s.post(s.message))
	mux.HandleFunc("POST /webchat/actions", s.post(s.action))
	mux.HandleFunc("POST /webchat/start", s.post(s.start))
	mux.HandleFunc("GET /webchat/events", s.api(s.events))
	mux.HandleFunc("GET /webchat/file/{seq}", s.api(s.file))
	for _, path := range []string{"messages", "actions", "start", "events", "file/{seq}"} {
		mux.HandleFunc("OPTIONS /webchat/"+path, s.preflight)
	}
	return mux
}

// problem is a refusal the widget understands: {"error": code}.
type problem struct {
	status int
	code   string
	after  time.Duration // Retry-After; 0: none
	err    error         // for the operator's log; nil: nothing to log
}

func (p *problem) Error() string { return fmt.Sprintf("%d %s: %v", p.status, p.code, p.err) }

// Unwrap gives the cause.
func (p *problem) Unwrap() error { return p.err }

// unavailable asks the widget to come again: nothing is lost, it keeps the message.
func unavailable(err error) *problem {
	return &problem{status: http.StatusServiceUnavailable, code: "unavailable", after: 2 * time.Second, err: err}
}

// api wraps a handler of one visitor: CORS, no caching, the bearer token, errors.
func (s *server) api(h func(w http.ResponseWriter, r *http.Request, key string) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.cors(w, r)
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		key, ok := bearer(r)
		if !ok {
			w.Header().Set("WWW-Authenticate", "Bearer")
			s.fail(w, &problem{status: http.StatusUnauthorized, code: "no_visitor"})
			return
		}
		if err := h(w, r, key); err != nil {
			s.fail(w, err)
		}
	}
}

func bearer(r *http.Request) (key string, ok bool) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return "", false
	}
	return VisitorKey(token)
}

func (s *server) fail(w http.ResponseWriter, err error) {
	var p *problem
	if !errors.As(err, &p) {
		p = unavailable(err)
	}
	if p.err != nil {
		s.cfg.Logger.Warn("webchat request failed", slog.String("code", p.code), slog.Any("error", p.err))
	}
	if p.after > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(p.after.Seconds()))))
	}
	reply(w, p.status, map[string]string{"error": p.code})
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	// A client that has gone cannot be told; what it asked for is stored and it asks again.
	_ = json.NewEncoder(w).Encode(v)
}

// cors lets pages of allowed origins call the API themselves. There are no cookies: whoever calls must know a token.
func (s *server) cors(w http.ResponseWriter, r *http.Request) {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return
	}
	h := w.Header()
	if len(s.cfg.AllowedOrigins) == 0 {
		h.Set("Access-Control-Allow-Origin", "*")
	} else {
		h.Add("Vary", "Origin")
		if !originAllowed(s.cfg.AllowedOrigins, origin) {
			return
		}
		h.Set("Access-Control-Allow-Origin", origin)
	}
	h.Set("Access-Control-Expose-Headers", "Retry-After")
}

func (s *server) preflight(w http.ResponseWriter, r *http.Request) {
	s.cors(w, r)
	h := w.Header()
	if h.Get("Access-Control-Allow-Origin") != "" {
		h.Set("Access-Control-Allow-Methods", "GET, POST")
		h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Last-Event-ID")
		h.Set("Access-Control-Max-Age", "600")
	}
	w.WriteHeader(http.StatusNoContent)
}

// originAllowed matches an Origin header against the list: exact, by scheme ("capacitor:"), or by "https://*.example".
func originAllowed(list []string, origin string) bool {
	return slices.ContainsFunc(list, func(allowed string) bool {
		if strings.HasSuffix(allowed, ":") {
			return strings.HasPrefix(origin, allowed)
		}
		scheme, host, wild := strings.Cut(allowed, "://*.")
		if !wild {
			return strings.EqualFold(allowed, origin)
		}
		rest, ok := strings.CutPrefix(origin, scheme+"://")
		return ok && strings.HasSuffix(strings.ToLower(rest), "."+strings.ToLower(host))
	})
}

// source is the network address that a request's budget belongs to, without the port.
func (s *server) source(r *http.Request) string {
	addr := s.cfg.ClientIP(r)
	if host, _, err := net.SplitHostPort(addr); err == nil {
		return host
	}
	return addr
}
