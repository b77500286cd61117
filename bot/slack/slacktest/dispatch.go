package slacktest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// attempt is a delivery over a socket that waits for its acknowledgement.
type attempt struct {
	ev     *event
	number int
	acked  chan []byte // gets the payload of the acknowledgement
}

// dispatch delivers queued events, first attempts in order, until Close.
func (s *Server) dispatch() {
	for {
		select {
		case <-s.closing:
			return
		case <-s.wake:
		}
		for {
			s.mu.Lock()
			if len(s.queue) == 0 {
				s.mu.Unlock()
				break
			}
			e := s.queue[0]
			s.queue = s.queue[1:]
			s.busy++
			s.mu.Unlock()
			s.try(e, 0, "")
		}
	}
}

// try makes one attempt and sees to the next.
func (s *Server) try(e *event, number int, reason string) {
	if s.opt.EventsURL != "" {
		s.settle(e, number, s.overHTTP(e, number, reason))
		return
	}
	wait := s.overSocket(e, number, reason)
	s.work.Go(func() { s.settle(e, number, wait()) })
}

// settle notes the outcome ("" for acknowledged) and plans the repetition.
func (s *Server) settle(e *event, number int, failure string) {
	s.mu.Lock()
	s.deliveries = append(s.deliveries, Delivery{Kind: e.kind, ID: e.id, Attempt: number, Acked: failure == "", Reason: failure})
	last := failure == "" || !e.retries || number >= len(s.opt.Retries)
	if last {
		s.busy--
	}
	s.changed()
	s.mu.Unlock()
	if last {
		return
	}
	s.work.Go(func() {
		select {
		case <-time.After(s.opt.Retries[number]):
			s.try(e, number+1, failure)
		case <-s.closing:
		}
	})
}

// Deliveries are all attempts to deliver so far.
func (s *Server) Deliveries() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Delivery(nil), s.deliveries...)
}

// overSocket writes the event to one of the sockets and returns a function that waits for the outcome.
func (s *Server) overSocket(e *event, number int, reason string) func() string {
	s.mu.Lock()
	c := s.pick()
	if c == nil {
		s.mu.Unlock()
		return func() string { return "no_socket" }
	}
	envelope := fmt.Sprintf("%s-%s", s.id("e"), secret()[:12])
	a := &attempt{ev: e, number: number, acked: make(chan []byte, 1)}
	s.pending[envelope] = a
	s.mu.Unlock()
	frame := map[string]any{"type": e.kind, "envelope_id": envelope, "payload": e.payload, "accepts_response_payload": !e.retries}
	if e.kind == "events_api" {
		frame["retry_attempt"], frame["retry_reason"] = number, reason
	}
	if err := c.write(frame); err != nil {
		s.forget(envelope)
		return func() string { return "connection_failed" }
	}
	return func() string {
		defer s.forget(envelope)
		select {
		case answer := <-a.acked:
			if e.answer != nil {
				e.answer(answer, number)
			}
			return ""
		case <-time.After(s.opt.AckTimeout):
			return "timeout"
		case <-s.closing:
			return "closed"
		}
	}
}

func (s *Server) forget(envelope string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.pending, envelope)
}

var requestPaths = map[string]string{
	"events_api": "/slack/events", "interactive": "/slack/interactivity", "slash_commands": "/slack/commands",
}

// overHTTP posts the event to the app and returns why it failed, "" for acknowledged.
func (s *Server) overHTTP(e *event, number int, reason string) string {
	body, contentType := e.json(), "application/json"
	switch e.kind {
	case "interactive":
		body, contentType = []byte(url.Values{"payload": {string(body)}}.Encode()), "application/x-www-form-urlencoded"
	case "slash_commands":
		form := url.Values{}
		for k, v := range e.payload {
			form.Set(k, fmt.Sprint(v))
		}
		body, contentType = []byte(form.Encode()), "application/x-www-form-urlencoded"
	}
	ctx, cancel := context.WithTimeout(context.Background(), s.opt.AckTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.opt.EventsURL+requestPaths[e.kind], bytes.NewReader(body))
	if err != nil {
		return "connection_failed"
	}
	Sign(req, SigningSecret, body, s.opt.Now())
	req.Header.Set("Content-Type", contentType)
	if number > 0 {
		req.Header.Set("X-Slack-Retry-Num", strconv.Itoa(number))
		req.Header.Set("X-Slack-Retry-Reason", reason)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return "http_timeout"
		}
		return "connection_failed"
	}
	defer res.Body.Close() //nolint:errcheck // only read from
	answer, _ := io.ReadAll(io.LimitReader(res.Body, 1<<16))
	if res.StatusCode/100 != 2 {
		return "http_error"
	}
	if e.answer != nil {
		e.answer(answer, number)
	}
	return ""
}

// Sign puts Slack's signature v0 on a request.
func Sign(req *http.Request, secret string, body []byte, now time.Time) {
	ts := strconv.FormatInt(now.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = fmt.Fprintf(mac, "v0:%s:%s", ts, body)
	req.Header.Set("X-Slack-Request-Timestamp", ts)
	req.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
}

// Idle reports that no event waits to be delivered, acknowledged or repeated.
func (s *Server) Idle() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queue) == 0 && s.busy == 0
}
