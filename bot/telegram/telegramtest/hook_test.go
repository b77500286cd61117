package telegramtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// hookSite records what is delivered and answers as told.
type hookSite struct {
	mu     sync.Mutex
	got    []string
	secret string
	answer func(n int, w http.ResponseWriter)
}

func (h *hookSite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var u struct {
		Message struct {
			Text string `json:"text"`
		} `json:"message"`
	}
	_ = json.NewDecoder(r.Body).Decode(&u)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.got = append(h.got, u.Message.Text)
	h.secret = r.Header.Get("X-Telegram-Bot-Api-Secret-Token")
	if h.answer != nil {
		h.answer(len(h.got), w)
	}
}

func (h *hookSite) heard() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.Join(h.got, ",")
}

func TestWebhookDeliversInOrderUntilTaken(t *testing.T) {
	b := newBench(t)
	h := &hookSite{answer: func(n int, w http.ResponseWriter) {
		if n <= 2 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(503)
		}
	}}
	site := httptest.NewServer(h)
	defer site.Close()
	ann := b.User("Ann", "en")
	b.call("setWebhook", "url", site.URL, "secret_token", "abc")
	ann.Say("one")
	ann.Say("two")
	b.Await(t, "both", func() bool { return b.Pending() == 0 })
	if got := h.heard(); got != "one,one,one,two" {
		t.Errorf("delivered %s", got)
	}
	if h.secret != "abc" {
		t.Errorf("secret %q", h.secret)
	}
	if info := string(b.call("getWebhookInfo").Result); !strings.Contains(info, "503") {
		t.Errorf("info %s", info)
	}
}

// A failing chat does not hold up another.
func TestWebhookLanes(t *testing.T) {
	b := newBench(t)
	h := &hookSite{}
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		if bytes.Contains(raw, []byte(`"poison"`)) {
			w.WriteHeader(500)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(raw))
		h.ServeHTTP(w, r)
	}))
	defer site.Close()
	ann, bo := b.User("Ann", "en"), b.User("Bo", "en")
	b.call("setWebhook", "url", site.URL)
	ann.Say("poison")
	ann.Say("stuck")
	bo.Say("fine")
	b.Await(t, "Bo's message", func() bool { return h.heard() == "fine" })
	b.Await(t, "only the stuck chat to wait", func() bool { return b.Pending() == 2 })
}

// Telegram runs the method that an answer to a webhook names: whoever echoes users' words is in trouble.
func TestWebhookAnswersAreObeyed(t *testing.T) {
	b := newBench(t)
	ann := b.User("Ann", "en")
	h := &hookSite{answer: func(_ int, w http.ResponseWriter) {
		fmt.Fprintf(w, `{"method":"sendMessage","chat_id":%d,"text":"from the answer"}`, ann.ID())
	}}
	site := httptest.NewServer(h)
	defer site.Close()
	b.call("setWebhook", "url", site.URL)
	ann.Say("hi")
	ann.Expect(t, "from the answer")
}
