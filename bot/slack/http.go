package slack

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"

	slackapi "github.com/slack-go/slack"

	"github.com/deskbell/deskbell/bot"
)

// Events returns the handler of the Events API's request URL. It answers 200 only after r has taken the event, and 503 when
// that failed, so that Slack repeats it.
func (c *Channel) Events(r bot.Receiver) http.Handler {
	return c.signed(func(w http.ResponseWriter, req *http.Request, body []byte) {
		var outer struct {
			Type      string `json:"type"`
			Challenge string `json:"challenge"`
		}
		_ = json.Unmarshal(body, &outer) // what is no JSON is kept as not understood
		switch outer.Type {
		case "url_verification":
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			_, _ = io.WriteString(w, outer.Challenge)
			return
		case "app_rate_limited":
			c.log.ErrorContext(req.Context(), "slack holds events back: more than 30,000 in an hour")
		}
		if n := req.Header.Get("X-Slack-Retry-Num"); n != "" { // may be the only copy we ever see
			c.counts.retries.Add(1)
			c.log.InfoContext(req.Context(), "slack repeats an event", "attempt", word(n), "reason", word(req.Header.Get("X-Slack-Retry-Reason")))
		}
		c.take(w, req, r, fromEvents, body)
	})
}

// Interactivity returns the handler of the interactivity request URL: pressed buttons.
func (c *Channel) Interactivity(r bot.Receiver) http.Handler {
	return c.signed(func(w http.ResponseWriter, req *http.Request, body []byte) {
		form, err := url.ParseQuery(string(body))
		if err != nil || form.Get("payload") == "" {
			http.Error(w, "a form with a payload is expected", http.StatusBadRequest)
			return
		}
		c.take(w, req, r, fromInteractive, []byte(form.Get("payload")))
	})
}

// Commands returns the handler of the slash command's request URL. The text behind the command is taken as a message; the
// answer to the request, which only the user sees, says where it will be answered.
func (c *Channel) Commands(r bot.Receiver) http.Handler {
	return c.signed(func(w http.ResponseWriter, req *http.Request, body []byte) {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			http.Error(w, "a form is expected", http.StatusBadRequest)
			return
		}
		if form.Get("ssl_check") == "1" { // Slack looks whether the address is there
			return
		}
		flat := make(map[string]string, len(form))
		for k := range form {
			flat[k] = form.Get(k)
		}
		raw, err := json.Marshal(flat)
		if err != nil {
			http.Error(w, "the form cannot be read", http.StatusBadRequest)
			return
		}
		c.take(w, req, r, fromCommands, raw)
	})
}

// take stores one delivery and answers the request.
func (c *Channel) take(w http.ResponseWriter, req *http.Request, r bot.Receiver, src source, raw []byte) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(req.Context()), ackBudget)
	defer cancel()
	answered := false
	c.accept(ctx, r, []delivery{{src: src, raw: raw, at: c.cfg.Now(), ack: func(reply any) error {
		answered = true
		if reply == nil {
			w.WriteHeader(http.StatusOK)
			return nil
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		return json.NewEncoder(w).Encode(reply)
	}}})
	if answered {
		return
	}
	if src == fromCommands { // Slack would show its own error, and does not repeat commands
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_ = json.NewEncoder(w).Encode(ephemeral(commandLost))
		return
	}
	w.Header().Set("Retry-After", "1")
	http.Error(w, "not stored, please repeat", http.StatusServiceUnavailable)
}

// signed lets through only POST requests that Slack signed in the last five minutes, with their raw body.
func (c *Channel) signed(next func(http.ResponseWriter, *http.Request, []byte)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			http.Error(w, "only POST", http.StatusMethodNotAllowed)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, maxRequestBytes))
		if err != nil {
			status := http.StatusBadRequest
			var big *http.MaxBytesError
			if errors.As(err, &big) {
				status = http.StatusRequestEntityTooLarge
			}
			http.Error(w, "the request cannot be read", status)
			return
		}
		if !c.verified(req.Header, body) {
			c.log.WarnContext(req.Context(), "a request to the Slack address is not signed by Slack", "path", req.URL.Path)
			http.Error(w, "not signed by Slack", http.StatusUnauthorized)
			return
		}
		next(w, req, body)
	})
}

// verified checks Slack's signature v0 over the raw body in constant time, and that it is at most five minutes old.
func (c *Channel) verified(h http.Header, body []byte) bool {
	v, err := slackapi.NewSecretsVerifier(h, c.cfg.SigningSecret) // an empty secret is an error
	if err != nil {
		return false
	}
	if _, err := v.Write(body); err != nil {
		return false
	}
	return v.Ensure() == nil
}
