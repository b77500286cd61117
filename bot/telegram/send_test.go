package telegram

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/telegram/telegramtest"
)

func started(t *testing.T, s *stage) *telegramtest.User {
	t.Helper()
	ann := s.fake.User("Ann", "en")
	ann.Say("/start")
	return ann
}

func TestSend(t *testing.T) {
	s := newStage(t, nil)
	ann := started(t, s)
	id, err := s.ch.Send(t.Context(), bot.Delivery{
		Address: s.to(ann), Author: bot.ByAgent, AgentName: "Li Wei", Text: "**Fees** are at [our page](https://pay.example.com/fees) <now>",
		Buttons: []bot.Button{{Label: "Yes", Action: "yes:fees"}, {Label: "No", Action: "no:fees"}, {Label: "Open the page of all our fees", URL: "https://pay.example.com/fees"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	m := ann.Expect(t, "Li Wei\nFees are at our page <now>")
	if id == "" || m.ID == 0 {
		t.Errorf("id %q, message %d", id, m.ID)
	}
	var kinds []string
	for _, e := range m.Entities {
		kinds = append(kinds, e.Type)
	}
	if got := strings.Join(kinds, ","); got != "bold,bold,text_link" {
		t.Errorf("entities %s", got)
	}
	if len(m.Buttons) != 2 || len(m.Buttons[0]) != 2 || m.Buttons[1][0].URL == "" {
		t.Errorf("buttons %+v", m.Buttons)
	}
	call := s.fake.Calls("sendMessage")[0]
	if !strings.Contains(call.Params["link_preview_options"], `"is_disabled":true`) {
		t.Errorf("previews are on: %v", call.Params)
	}
}

func TestSendLongText(t *testing.T) {
	s := newStage(t, nil)
	ann := started(t, s)
	text := strings.Repeat("这是一个相当长的回答里的一句话，用来填满空间。", 400)
	_, err := s.ch.Send(t.Context(), bot.Delivery{Address: s.to(ann), Text: text, ReplyTo: "1001", Buttons: []bot.Button{{Label: "OK", Action: "ok"}}})
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	sent := s.fake.Ledger()
	for i, m := range sent {
		all.WriteString(m.Text)
		if last := i == len(sent)-1; last != (m.Params["reply_markup"] != "") {
			t.Errorf("part %d of %d: buttons %q", i, len(sent), m.Params["reply_markup"])
		}
		if first := i == 0; first != (m.Params["reply_parameters"] != "") {
			t.Errorf("part %d: reply %q", i, m.Params["reply_parameters"])
		}
		if !strings.HasSuffix(m.Text, "。") {
			t.Errorf("part %d ends within a sentence", i)
		}
	}
	if len(sent) < 2 || all.String() != text {
		t.Errorf("%d parts, %d of %d bytes", len(sent), all.Len(), len(text))
	}
}

// A part that is refused for now is sent again in place; the parts before it are not repeated.
func TestSendLongTextThroughALimit(t *testing.T) {
	s := newStage(t, nil)
	ann := started(t, s)
	text := strings.Repeat("One sentence of many. ", 300)
	s.fake.FailNext("sendMessage", telegramtest.Fault{Status: 200, Accept: true, Body: `{"ok":true,"result":{"message_id":1}}`})
	s.fake.FailNext("sendMessage", telegramtest.TooMany(0))
	if _, err := s.ch.Send(t.Context(), bot.Delivery{Address: s.to(ann), Text: text}); err != nil {
		t.Fatal(err)
	}
	if n := len(s.fake.Ledger()); n != 2 {
		t.Errorf("%d messages, want 2", n)
	}
}

func TestSendHalfwayIsAmbiguous(t *testing.T) {
	s := newStage(t, nil)
	ann := started(t, s)
	s.fake.FailNext("sendMessage", telegramtest.Fault{Status: 200, Accept: true, Body: `{"ok":true,"result":{"message_id":1}}`})
	s.fake.FailNext("sendMessage", telegramtest.TooMany(600))
	_, err := s.ch.Send(t.Context(), bot.Delivery{Address: s.to(ann), Text: strings.Repeat("One sentence of many. ", 300)})
	outcome(t, err, bot.Ambiguous)
}

func TestSendOutcomes(t *testing.T) {
	tests := []struct {
		name  string
		fault telegramtest.Fault
		want  bot.SendOutcome
		wait  time.Duration
	}{
		{"too many", telegramtest.TooMany(7), bot.NotSent, 7 * time.Second},
		{"server error", telegramtest.ServerError, bot.Ambiguous, 0},
		{"proxy", telegramtest.ProxyError, bot.Ambiguous, 0},
		{"a proxy's 403 is not the user's", telegramtest.Fault{Status: 403, Body: "<html>denied</html>"}, bot.Ambiguous, 0},
		{"dropped", telegramtest.Drop, bot.Ambiguous, 0},
		{"dropped after acceptance", telegramtest.DropAfterAccept, bot.Ambiguous, 0},
		{"no answer", telegramtest.TimeoutAfterAccept, bot.Ambiguous, 0},
		{"half an answer", telegramtest.Fault{Status: 200, Accept: true, Body: `{"ok":true,"resu`}, bot.Ambiguous, 0},
		{"an answer without a result", telegramtest.Fault{Status: 200, Accept: true, Body: `{"ok":true}`}, bot.Ambiguous, 0},
		{"blocked", telegramtest.Fault{Status: 403, Text: "Forbidden: bot was blocked by the user"}, bot.Gone, 0},
		{"refused", telegramtest.Fault{Status: 400, Text: "Bad Request: TOPIC_CLOSED"}, bot.Rejected, 0},
		{"token revoked", telegramtest.Fault{Status: 401, Text: "Unauthorized"}, bot.NotSent, time.Minute},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newStage(t, func(c *Config) { c.SendTimeout = 300 * time.Millisecond })
			ann := started(t, s)
			s.fake.FailNext("sendMessage", tt.fault)
			_, err := s.ch.Send(t.Context(), bot.Delivery{Address: s.to(ann), Text: "words that stay inside"})
			se := outcome(t, err, tt.want)
			if se.RetryAfter != tt.wait {
				t.Errorf("wait %s, want %s", se.RetryAfter, tt.wait)
			}
			if strings.Contains(se.Error(), "words") {
				t.Errorf("the error quotes the text: %v", se)
			}
		})
	}
}

func TestSendWithoutANetwork(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	c, err := New(Config{Token: telegramtest.TestToken, APIURL: "http://" + addr})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Send(t.Context(), bot.Delivery{Address: bot.Address{Key: "private:1"}, Text: "x"})
	outcome(t, err, bot.NotSent)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = c.Send(ctx, bot.Delivery{Address: bot.Address{Key: "private:1"}, Text: "x"})
	outcome(t, err, bot.NotSent)
}

func TestSendRejectsBeforeTheNetwork(t *testing.T) {
	s := newStage(t, nil)
	ann := started(t, s)
	for name, d := range map[string]bot.Delivery{
		"no text":     {Address: s.to(ann), Text: "  "},
		"address":     {Address: bot.Address{Key: "channel:1"}, Text: "x"},
		"thread":      {Address: s.to(ann), Text: "x", Thread: "1234.5"},
		"long action": {Address: s.to(ann), Text: "x", Buttons: []bot.Button{{Label: "x", Action: strings.Repeat("x", 65)}}},
	} {
		_, err := s.ch.Send(t.Context(), d)
		if outcome(t, err, bot.Rejected); len(s.fake.Calls("sendMessage")) != 0 {
			t.Errorf("%s: sent", name)
		}
	}
}

// Of what was sent only the id is read: content that the library does not know must not make it look unsent.
func TestSendReadsOnlyTheID(t *testing.T) {
	s := newStage(t, nil)
	ann := started(t, s)
	s.fake.FailNext("sendMessage", telegramtest.Fault{Status: 200, Accept: true,
		Body: `{"ok":true,"result":{"message_id":77,"date":1,"chat":{"id":1,"type":"private"},"reply_to_message":{"paid_media":{"paid_media":[{"type":"hologram"}]}}}}`})
	id, err := s.ch.Send(t.Context(), bot.Delivery{Address: s.to(ann), Text: "x"})
	if err != nil || id != "77" {
		t.Errorf("got %q, %v", id, err)
	}
}

func TestSendFollowsAMovedGroup(t *testing.T) {
	s := newStage(t, nil)
	ann := s.fake.User("Ann", "en")
	old := s.fake.BasicGroup("Shop", ann)
	next := old.Migrate()
	a := bot.Address{Key: groupKey(old.ID(), ann.ID())}
	if _, err := s.ch.Send(t.Context(), bot.Delivery{Address: a, Text: "still here", ReplyTo: "55"}); err != nil {
		t.Fatal(err)
	}
	next.Expect(t, "still here")
	if _, err := s.ch.Upload(t.Context(), bot.Delivery{Address: a, Text: "a file"}, bot.File{Name: "a.txt", Data: []byte("x")}); err != nil {
		t.Fatal(err)
	}
	next.Expect(t, "a file")
}

func TestSendFallsBackToPlainText(t *testing.T) {
	s := newStage(t, nil)
	ann := started(t, s)
	s.fake.FailNext("sendMessage", telegramtest.Fault{Status: 400, Text: `Bad Request: can't parse entities: Unsupported start tag "b" at byte offset 0`})
	if _, err := s.ch.Send(t.Context(), bot.Delivery{Address: s.to(ann), Text: "**1 < 2**"}); err != nil {
		t.Fatal(err)
	}
	if m := ann.Expect(t, "1 < 2"); len(m.Entities) != 0 {
		t.Errorf("entities %v", m.Entities)
	}
}

func TestDelete(t *testing.T) {
	s := newStage(t, nil)
	ann := started(t, s)
	id := ann.Say("my password is hunter2")
	d := func(id string) error { return s.ch.Delete(t.Context(), s.to(ann), id) }
	if err := d(itoa(id)); err != nil {
		t.Fatal(err)
	}
	ann.ExpectDeleted(t, id)
	if err := d(itoa(id)); err != nil {
		t.Errorf("a second time: %v", err)
	}
	outcome(t, d("x"), bot.Rejected)
	g := s.fake.Group("Shop", ann)
	other := g.Say(ann, "mine")
	err := s.ch.Delete(t.Context(), bot.Address{Key: groupKey(g.ID(), ann.ID())}, itoa(other))
	outcome(t, err, bot.Rejected)
}

func itoa(n int64) string { return strings.TrimPrefix(privateKey(n), "private:") }

func TestTypingAndUpload(t *testing.T) {
	s := newStage(t, nil)
	ann := started(t, s)
	if err := s.ch.Typing(t.Context(), s.to(ann), ""); err != nil {
		t.Fatal(err)
	}
	if got := s.fake.Calls("sendChatAction")[0].Params["action"]; got != "typing" {
		t.Errorf("action %q", got)
	}
	_, err := s.ch.Upload(t.Context(), bot.Delivery{Address: s.to(ann), Text: "Our **conversation**"},
		bot.File{Name: "对话.txt", Type: "text/plain", Data: []byte("hello\n世界")})
	if err != nil {
		t.Fatal(err)
	}
	m := ann.Expect(t, "Our conversation")
	if m.File == nil || m.File.Name != "对话.txt" || string(m.File.Data) != "hello\n世界" {
		t.Errorf("file %+v", m.File)
	}
	ann.Block()
	outcome(t, s.ch.Typing(t.Context(), s.to(ann), ""), bot.Gone)
}

// The library sends forms in chunks; ours have a length, and are url-encoded where there is no file.
func TestRequestsHaveALength(t *testing.T) {
	s := newStage(t, nil)
	ann := started(t, s)
	if _, err := s.ch.Send(t.Context(), bot.Delivery{Address: s.to(ann), Text: "a=b&c=d + e % ü 字"}); err != nil {
		t.Fatal(err)
	}
	ann.Expect(t, "a=b&c=d + e % ü 字")
	if _, err := s.ch.Upload(t.Context(), bot.Delivery{Address: s.to(ann)}, bot.File{Name: "a.txt", Data: []byte("x")}); err != nil {
		t.Fatal(err)
	}
	text, file := s.fake.Calls("sendMessage")[0], s.fake.Calls("sendDocument")[0]
	if text.Form != "application/x-www-form-urlencoded" || text.Length <= 0 {
		t.Errorf("text sent as %s with length %d", text.Form, text.Length)
	}
	if file.Form != "multipart/form-data" || file.Length <= 0 {
		t.Errorf("file sent as %s with length %d", file.Form, file.Length)
	}
}
