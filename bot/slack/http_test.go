package slack_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/slack"
	"github.com/deskbell/deskbell/bot/slack/slacktest"
)

func handlers(t *testing.T, r bot.Receiver) (*slack.Channel, http.Handler) {
	t.Helper()
	ch, err := slack.New(slack.Config{BotToken: slacktest.BotToken, SigningSecret: slacktest.SigningSecret, Mode: slack.ModeEvents,
		APIURL: "http://127.0.0.1:9/api/", Timeout: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	return ch, ch.Events(r)
}

const challenge = `{"type":"url_verification","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P","token":"x"}`

func post(h http.Handler, body string, sign func(*http.Request)) *httptest.ResponseRecorder {
	req := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/slack/events", strings.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	if sign != nil {
		sign(req)
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, req)
	return rec
}

func signed(body string, at time.Time) func(*http.Request) {
	return func(r *http.Request) { slacktest.Sign(r, slacktest.SigningSecret, []byte(body), at) }
}

func TestEventsSignature(t *testing.T) {
	in := newMemory()
	_, h := handlers(t, in)
	now := time.Now()
	if rec := post(h, challenge, signed(challenge, now)); rec.Code != 200 || rec.Body.String() != "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P" {
		t.Errorf("challenge: %d %q", rec.Code, rec.Body)
	}
	for name, sign := range map[string]func(*http.Request){
		"no signature": nil,
		"another body": signed(challenge+" ", now),
		"too old":      signed(challenge, now.Add(-6*time.Minute)),
		"too new":      signed(challenge, now.Add(6*time.Minute)),
		"other secret": func(r *http.Request) {
			slacktest.Sign(r, "another-signing-secret", []byte(challenge), now)
		},
		"no number": func(r *http.Request) {
			signed(challenge, now)(r)
			r.Header.Set("X-Slack-Request-Timestamp", "now")
		},
		"cut short": func(r *http.Request) {
			signed(challenge, now)(r)
			r.Header.Set("X-Slack-Signature", r.Header.Get("X-Slack-Signature")[:20])
		},
	} {
		if rec := post(h, challenge, sign); rec.Code != http.StatusUnauthorized || strings.Contains(rec.Body.String(), "3eZ") {
			t.Errorf("%s: %d %q", name, rec.Code, rec.Body)
		}
	}
	big := strings.Repeat("x", 1<<20+1)
	if rec := post(h, big, signed(big, now)); rec.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("too large: %d", rec.Code)
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/slack/events", nil))
	if rec.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", rec.Code)
	}
	if n := len(in.snapshot()); n != 0 {
		t.Errorf("%d events stored", n)
	}
}

func TestEventsWithoutAnybodyWhoStores(t *testing.T) {
	in := newMemory()
	in.refuse = func(bot.Incoming) bool { return true }
	ch, h := handlers(t, in)
	body := `{"type":"event_callback","team_id":"T0TEAM0001","event_id":"Ev01234567","event":{"type":"message","channel":"D0DM000001","channel_type":"im","user":"U0USER0001","text":"x","ts":"1700000000.000100"}}`
	rec := post(h, body, func(r *http.Request) {
		signed(body, time.Now())(r)
		r.Header.Set("X-Slack-Retry-Num", "1")
		r.Header.Set("X-Slack-Retry-Reason", "http_timeout")
	})
	if rec.Code != http.StatusServiceUnavailable || rec.Header().Get("Retry-After") == "" {
		t.Errorf("%d %v", rec.Code, rec.Header())
	}
	if s := ch.Stats(); s.Retries != 1 || s.Unacked != 1 {
		t.Errorf("stats %+v", s)
	}
	in.mu.Lock()
	in.refuse = nil
	in.mu.Unlock()
	if rec := post(h, body, signed(body, time.Now())); rec.Code != 200 || len(in.snapshot()) != 1 { // the name look-up fails, the event does not
		t.Errorf("%d, %d events", rec.Code, len(in.snapshot()))
	}
	talk := strings.ReplaceAll(strings.ReplaceAll(body, "D0DM000001", "C0CHAN0001"), `"im"`, `"channel"`)
	if rec := post(h, talk, signed(talk, time.Now())); rec.Code != http.StatusServiceUnavailable { // not known yet who the bot is
		t.Errorf("channel talk before auth.test: %d", rec.Code)
	}
	for _, junk := range []string{"", "{", "[]", "null", `"x"`} {
		if rec := post(h, junk, signed(junk, time.Now())); rec.Code != 200 {
			t.Errorf("junk %q: %d", junk, rec.Code)
		}
	}
}

func TestCommandsProbe(t *testing.T) {
	in := newMemory()
	ch, _ := handlers(t, in)
	for body, want := range map[string]int{"ssl_check=1&token=x": 200, "%zz": 400} {
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/slack/commands", bytes.NewBufferString(body))
		slacktest.Sign(req, slacktest.SigningSecret, []byte(body), time.Now())
		rec := httptest.NewRecorder()
		ch.Commands(in).ServeHTTP(rec, req)
		if rec.Code != want {
			t.Errorf("%q: %d", body, rec.Code)
		}
	}
	body := "payload="
	req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/slack/interactivity", strings.NewReader(body))
	slacktest.Sign(req, slacktest.SigningSecret, []byte(body), time.Now())
	rec := httptest.NewRecorder()
	ch.Interactivity(in).ServeHTTP(rec, req)
	if rec.Code != 400 || len(in.snapshot()) != 0 {
		t.Errorf("empty interaction: %d", rec.Code)
	}
}
