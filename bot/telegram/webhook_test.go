package telegram

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/telegram/telegramtest"
)

// pushed is a stage whose channel is registered as a webhook.
func pushed(t *testing.T) *stage {
	t.Helper()
	mux := http.NewServeMux()
	site := httptest.NewServer(mux)
	s := newStage(t, func(c *Config) { c.Webhook, c.Secret, c.PublicURL = true, "s3cret_", site.URL })
	t.Cleanup(func() { s.fake.Close(); site.Close() })
	mux.Handle(WebhookPath, s.ch.Webhook(s.mem))
	return s
}

func TestWebhookReceives(t *testing.T) {
	s := pushed(t)
	ann := s.fake.User("Ann", "en")
	ann.Say("one")
	s.fake.FailNext("setWebhook", telegramtest.ServerError)
	if err := s.ch.Register(t.Context()); err != nil {
		t.Fatal(err)
	}
	ann.Say("two")
	s.wants(t, "message:one", "message:two")
	if _, err := s.ch.Send(t.Context(), bot.Delivery{Address: s.to(ann), Text: "Which?", Buttons: []bot.Button{{Label: "A", Action: "a"}}}); err != nil {
		t.Fatal(err)
	}
	if err := ann.Press("A"); err != nil {
		t.Fatal(err)
	}
	s.wants(t, "message:one", "message:two", "button:a")
	s.fake.Await(t, "answered and confirmed", func() bool { return s.fake.Unanswered() == 0 && s.fake.Pending() == 0 })
	call := s.fake.Calls("setWebhook")[1]
	if call.Params["secret_token"] != "s3cret_" || !strings.HasSuffix(call.Params["url"], "/telegram/webhook") {
		t.Errorf("setWebhook had %v", call.Params)
	}
}

// Design rule 2: what could not be stored is not acknowledged, and comes again, in order.
func TestWebhookAsksAgainWhenNotStored(t *testing.T) {
	s := pushed(t)
	s.mem.failNext(2)
	ann := s.fake.User("Ann", "en")
	ann.Say("one")
	ann.Say("two")
	if err := s.ch.Register(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.wants(t, "message:one", "message:two")
}

func TestWebhookAnswers(t *testing.T) {
	update := `{"update_id":5,"message":{"message_id":1,"date":1,"chat":{"id":42,"type":"private"},"from":{"id":42,"first_name":"A"},"text":"hi"}}`
	tests := []struct {
		name, method, secret, body string
		fail                       bool
		want, stored               int
	}{
		{"update", "POST", "s3cret_", update, false, 200, 1},
		{"wrong secret", "POST", "s3cret", update, false, 401, 0},
		{"no secret", "POST", "", update, false, 401, 0},
		{"GET", "GET", "s3cret_", "", false, 405, 0},
		{"too large", "POST", "s3cret_", `{"a":"` + strings.Repeat("x", 1<<20) + `"}`, false, 413, 0},
		{"malformed", "POST", "s3cret_", `{"update_id":`, false, 200, 1},
		{"none of our business", "POST", "s3cret_", `{"update_id":6,"channel_post":{}}`, false, 200, 0},
		{"not stored", "POST", "s3cret_", update, true, 503, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := pushed(t)
			if tt.fail {
				s.mem.failNext(1)
			}
			req := httptest.NewRequest(tt.method, WebhookPath, strings.NewReader(tt.body))
			if tt.secret != "" {
				req.Header.Set(secretHeader, tt.secret)
			}
			rec := httptest.NewRecorder()
			s.ch.Webhook(s.mem).ServeHTTP(rec, req)
			if rec.Code != tt.want || len(s.mem.all()) != tt.stored {
				t.Errorf("status %d with %d stored, want %d with %d", rec.Code, len(s.mem.all()), tt.want, tt.stored)
			}
			if tt.want == 503 && rec.Header().Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
			if tt.name == "malformed" && s.mem.all()[0].Address.Key != "" {
				t.Error("a malformed update has a conversation")
			}
		})
	}
}

func TestWebhookWithoutASecretLetsNobodyIn(t *testing.T) {
	s := newStage(t, nil)
	rec := httptest.NewRecorder()
	s.ch.Webhook(s.mem).ServeHTTP(rec, httptest.NewRequest("POST", WebhookPath, strings.NewReader("{}")))
	if rec.Code != 401 {
		t.Errorf("status %d", rec.Code)
	}
	if err := s.ch.Register(t.Context()); err == nil {
		t.Error("registered in polling mode")
	}
}

// Before Register has learned our name, a group's message makes the handler ask for it, and fails closed.
func TestWebhookLearnsTheNameForGroups(t *testing.T) {
	s := pushed(t)
	post := func(id int) int {
		body := fmt.Sprintf(`{"update_id":%d,"message":{"message_id":1,"date":1,"chat":{"id":-9,"type":"group"},"from":{"id":42,"first_name":"A"},"text":"@deskbell_bot hi"}}`, id)
		req := httptest.NewRequest("POST", WebhookPath, strings.NewReader(body))
		req.Header.Set(secretHeader, "s3cret_")
		rec := httptest.NewRecorder()
		s.ch.Webhook(s.mem).ServeHTTP(rec, req)
		return rec.Code
	}
	s.fake.FailNext("getMe", telegramtest.ServerError)
	if got := post(1); got != 503 {
		t.Errorf("status %d while the name is unknown", got)
	}
	if got := post(1); got != 200 {
		t.Errorf("status %d", got)
	}
	s.wants(t, "message:hi")
}

func TestRegisterSaysWhatTelegramRefused(t *testing.T) {
	s := newStage(t, func(c *Config) { c.Webhook, c.Secret, c.PublicURL = true, "s3cret_", "http://desk.example.com" })
	done := make(chan error, 1)
	go func() { done <- s.ch.Register(t.Context()) }()
	select {
	case err := <-done:
		if err == nil || !strings.Contains(err.Error(), "HTTPS") || strings.Contains(err.Error(), "s3cret_") {
			t.Errorf("got %v", err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("Register waits for what will never be")
	}
}
