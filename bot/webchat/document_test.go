package webchat

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/markup"
	"github.com/deskbell/deskbell/intents/lang"
)

func TestParse(t *testing.T) {
	c := &Channel{}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	head := `"visitor":"visitor:x","client_id":"c","sent_at":"2026-01-02T03:04:05Z","lang":"zh-Hans","name":"Li"`
	user := bot.User{ID: "visitor:x", Name: "Li", Language: lang.ZhHans}
	for name, w := range map[string]struct {
		doc  string
		want bot.Event
	}{
		"message": {`{"kind":"message","text":"hi",` + head + `}`,
			bot.Event{Kind: bot.EventMessage, MessageID: "user:c", User: user, Text: "hi", Private: true, Deletable: true, At: at}},
		"button": {`{"kind":"button","action":"yes","message":"out-1",` + head + `}`,
			bot.Event{Kind: bot.EventButton, MessageID: "out-1", User: user, Action: "yes", Private: true, At: at}},
		"start": {`{"kind":"start",` + head + `}`,
			bot.Event{Kind: bot.EventStart, MessageID: "user:c", User: user, Private: true, At: at}},
		"no time, unknown language": {`{"kind":"start","visitor":"v","client_id":"c","sent_at":"soon","lang":"tlh"}`,
			bot.Event{Kind: bot.EventStart, MessageID: "user:c", User: bot.User{ID: "v"}, Private: true}},
	} {
		got, err := c.Parse([]byte(w.doc))
		if err != nil || got != w.want {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
	for _, doc := range []string{``, `[]`, `{}`, `{"kind":"message"}`, `{"kind":"button",` + head + `}`, `{"kind":"hack",` + head + `}`, `{"kind":7}`, `{"guard_failure":true}`} {
		if got, err := c.Parse([]byte(doc)); err == nil {
			t.Errorf("%s: %+v", doc, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"kind":"message","visitor":"v","client_id":"c","text":"hi","sent_at":"2026-01-02T03:04:05Z"}`,
		`{"kind":"button","visitor":"v","client_id":"c","action":"a","message":"m"}`, `{"kind":"start"}`, `null`, `{"sent_at":1}`,
	} {
		f.Add([]byte(seed))
	}
	c := &Channel{}
	f.Fuzz(func(t *testing.T, doc []byte) {
		e, err := c.Parse(doc)
		if err != nil {
			if e != (bot.Event{}) {
				t.Errorf("an event with an error: %+v", e)
			}
			return
		}
		if e.User.ID == "" || !e.Private || (e.Kind == bot.EventButton) != (e.Action != "") || e.Deletable != (e.Kind == bot.EventMessage) {
			t.Errorf("%+v", e)
		}
		if !json.Valid(doc) {
			t.Error("parsed what is no JSON")
		}
	})
}

func FuzzClean(f *testing.F) {
	for _, seed := range []string{"", " a ", "a\r\nb\rc", "\x00\xff密", "\u0085x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := clean(s)
		if !utf8.ValidString(got) || strings.ContainsAny(got, "\r\x00") || clean(got) != got {
			t.Errorf("clean(%q) = %q", s, got)
		}
	})
}

func TestToWire(t *testing.T) {
	payload := `{"text":"**Bold** [site](https://okpay.example.com) [bad](javascript:alert(1))\n\n- one\n- two",
		"buttons":[{"label":"Yes","action":"yes"},{"label":"bad","url":"javascript:alert(1)"},{"label":"call","url":"tel:+15550100"}]}`
	e, show, err := toWire(bot.WebEvent{Seq: 3, Ref: "o", Kind: kindBot, Payload: []byte(payload)})
	if err != nil || !show {
		t.Fatal(err)
	}
	data, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(data), "javascript:") && !strings.Contains(string(data), `"t":"`) {
		t.Error(string(data))
	}
	for _, b := range e.Blocks {
		for _, s := range b.Spans {
			if s.URL != "" && s.URL != "https://okpay.example.com" {
				t.Errorf("a link to %s", s.URL)
			}
		}
	}
	if len(e.Blocks) != 3 || e.Blocks[0].Spans[0] != (wireSpan{Text: "Bold", Bold: true}) || e.Blocks[1].Kind != markup.Item {
		t.Errorf("%+v", e.Blocks)
	}
	if len(e.Buttons) != 2 || e.Buttons[1].Label != "call" {
		t.Errorf("%+v", e.Buttons)
	}
	// What a visitor wrote is never read as Markdown.
	own, _, err := toWire(bot.WebEvent{Kind: kindUser, Payload: []byte(`{"text":"**x**"}`)})
	if err != nil || own.Text != "**x**" || own.Blocks != nil {
		t.Errorf("%+v %v", own, err)
	}
}

func TestSafeURL(t *testing.T) {
	for in, ok := range map[string]bool{
		"https://a.example/x?y#z": true, "http://a.example": true, "mailto:help@example.com": true, "tel:+15550100": true,
		"javascript:alert(1)": false, "JAVASCRIPT:alert(1)": false, " javascript:x": false, "data:text/html,x": false, "//a.example": false,
		"/x": false, "": false, "https:": false, "vbscript:x": false, "\x00https://a": false,
	} {
		if got := safeURL(in) != ""; got != ok {
			t.Errorf("safeURL(%q) allowed: %v", in, got)
		}
	}
}
