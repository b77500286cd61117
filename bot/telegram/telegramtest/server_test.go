package telegramtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// bench is a server under test and a raw client.
type bench struct {
	*Server
	t    *testing.T
	site *httptest.Server
	now  time.Time
	mu   sync.Mutex
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, now: time.Unix(1_700_000_000, 0)}
	b.Server = New(Options{Speed: 50, Now: func() time.Time {
		b.mu.Lock()
		defer b.mu.Unlock()
		return b.now
	}})
	b.site = httptest.NewServer(b.Server)
	t.Cleanup(func() { b.Close(); b.site.Close() })
	return b
}

func (b *bench) later(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(d)
}

type answer struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// call posts a form to a method.
func (b *bench) call(method string, pairs ...string) answer {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	resp, err := http.PostForm(b.site.URL+"/bot"+b.Token()+"/"+method, form)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.read(resp)
}

func (b *bench) read(resp *http.Response) answer {
	b.t.Helper()
	defer resp.Body.Close()
	var a answer
	if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
		b.t.Fatal(err)
	}
	if a.OK != (resp.StatusCode == 200) || (!a.OK && a.Code != resp.StatusCode) {
		b.t.Errorf("status %d with %+v", resp.StatusCode, a)
	}
	return a
}

// updates polls once without waiting and returns the ids.
func (b *bench) updates(offset int64) []int64 {
	b.t.Helper()
	b.later(time.Second)
	a := b.call("getUpdates", "offset", fmt.Sprint(offset))
	var list []struct {
		ID int64 `json:"update_id"`
	}
	if err := json.Unmarshal(a.Result, &list); err != nil {
		b.t.Fatal(err, a)
	}
	var out []int64
	for _, u := range list {
		out = append(out, u.ID)
	}
	return out
}

func TestMethodsRefuse(t *testing.T) {
	b := newBench(t)
	ann := b.User("Ann", "en")
	said := ann.Say("hi")
	id := fmt.Sprint(ann.ID())
	stranger := fmt.Sprint(b.User("Eve", "en").ID())
	g := b.Group("Shop", ann)
	grouped := g.Say(ann, "mine")
	kicked := b.Group("Gone", ann)
	kicked.Kick()
	mine := b.call("sendMessage", "chat_id", id, "text", "x")
	var sent struct {
		ID int64 `json:"message_id"`
	}
	if err := json.Unmarshal(mine.Result, &sent); err != nil {
		t.Fatal(err)
	}
	keys := func(button string) string { return `{"inline_keyboard":[[` + button + `]]}` }
	tests := []struct {
		name, method string
		pairs        []string
		code         int
		want         string
	}{
		{"unknown method", "sendTelepathy", nil, 404, "Not Found"},
		{"no chat", "sendMessage", []string{"text", "x"}, 400, "Bad Request: chat_id is empty"},
		{"no text", "sendMessage", []string{"chat_id", id}, 400, "Bad Request: message text is empty"},
		{"empty text", "sendMessage", []string{"chat_id", id, "text", " \n "}, 400, "Bad Request: message text is empty"},
		{"only tags", "sendMessage", []string{"chat_id", id, "text", "<b> </b>", "parse_mode", "HTML"}, 400, "Bad Request: message text is empty"},
		{"too long", "sendMessage", []string{"chat_id", id, "text", strings.Repeat("😀", 2049)}, 400, "Bad Request: message is too long"},
		{"bad HTML", "sendMessage", []string{"chat_id", id, "text", "<p>x</p>", "parse_mode", "HTML"}, 400, `Bad Request: can't parse entities: Unsupported start tag "p" at byte offset 0`},
		{"bad mode", "sendMessage", []string{"chat_id", id, "text", "x", "parse_mode", "BBCode"}, 400, "Bad Request: unsupported parse_mode"},
		{"unknown chat", "sendMessage", []string{"chat_id", "12", "text", "x"}, 400, "Bad Request: chat not found"},
		{"a stranger", "sendMessage", []string{"chat_id", stranger, "text", "x"}, 403, "Forbidden: bot can't initiate conversation with a user"},
		{"kicked", "sendMessage", []string{"chat_id", fmt.Sprint(kicked.ID()), "text", "x"}, 403, "Forbidden: bot was kicked from the supergroup chat"},
		{"unknown parameter", "sendMessage", []string{"chat_id", id, "text", "x", "thread", "1"}, 400, "Bad Request: parameter thread: unknown"},
		{"no topic", "sendMessage", []string{"chat_id", id, "text", "x", "message_thread_id", "1"}, 400, "Bad Request: message thread not found"},
		{"no message to reply to", "sendMessage", []string{"chat_id", id, "text", "x", "reply_parameters", `{"message_id":9}`}, 400, "Bad Request: message to be replied not found"},
		{"long data", "sendMessage", []string{"chat_id", id, "text", "x", "reply_markup", keys(`{"text":"a","callback_data":"` + strings.Repeat("x", 65) + `"}`)}, 400, "Bad Request: BUTTON_DATA_INVALID"},
		{"button that does nothing", "sendMessage", []string{"chat_id", id, "text", "x", "reply_markup", keys(`{"text":"a"}`)}, 400, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"},
		{"button that does two things", "sendMessage", []string{"chat_id", id, "text", "x", "reply_markup", keys(`{"text":"a","callback_data":"x","copy_text":{"text":"y"}}`)}, 400, "Bad Request: telegramtest: a button must do exactly one thing"},
		{"button to nowhere", "sendMessage", []string{"chat_id", id, "text", "x", "reply_markup", keys(`{"text":"a","url":"http://localhost/"}`)}, 400, "Bad Request: inline keyboard button URL 'http://localhost/' is invalid: Wrong HTTP URL"},
		{"edit of nothing", "editMessageText", []string{"chat_id", id, "message_id", "9", "text", "x"}, 400, "Bad Request: message to edit not found"},
		{"edit of another's", "editMessageText", []string{"chat_id", id, "message_id", fmt.Sprint(said), "text", "x"}, 400, "Bad Request: message can't be edited"},
		{"edit without a change", "editMessageText", []string{"chat_id", id, "message_id", fmt.Sprint(sent.ID), "text", "x"}, 400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"},
		{"delete nothing", "deleteMessage", []string{"chat_id", id, "message_id", "9"}, 400, "Bad Request: message to delete not found"},
		{"delete in a group", "deleteMessage", []string{"chat_id", fmt.Sprint(g.ID()), "message_id", fmt.Sprint(grouped)}, 400, "Bad Request: message can't be deleted"},
		{"delete a word", "deleteMessage", []string{"chat_id", id, "message_id", "x"}, 400, "Bad Request: parameter message_id: not an Integer"},
		{"delete without a message", "deleteMessage", []string{"chat_id", id}, 400, "Bad Request: message identifier is not specified"},
		{"delete none", "deleteMessages", []string{"chat_id", id, "message_ids", "[]"}, 400, "Bad Request: message identifiers are not specified"},
		{"an old press", "answerCallbackQuery", []string{"callback_query_id", "1"}, 400, "Bad Request: query is too old and response timeout expired or query ID is invalid"},
		{"an action of no kind", "sendChatAction", []string{"chat_id", id, "action", "dance"}, 400, "Bad Request: wrong parameter action in request"},
		{"no document", "sendDocument", []string{"chat_id", id}, 400, "Bad Request: there is no document in the request"},
		{"a bad command", "setMyCommands", []string{"commands", `[{"command":"Start","description":"x"}]`}, 400, "Bad Request: BOT_COMMAND_INVALID"},
		{"no file", "getFile", []string{"file_id", "x"}, 400, "Bad Request: invalid file_id"},
		{"plain HTTP", "setWebhook", []string{"url", "http://desk.example.com/x"}, 400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"},
		{"a bad secret", "setWebhook", []string{"url", "https://desk.example.com/x", "secret_token", "a b"}, 400, "Bad Request: secret token contains unallowed characters"},
		{"a long secret", "setWebhook", []string{"url", "https://desk.example.com/x", "secret_token", strings.Repeat("a", 257)}, 400, "Bad Request: secret token is too long"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := b.call(tt.method, tt.pairs...)
			if a.Code != tt.code || a.Description != tt.want {
				t.Errorf("got %d %q", a.Code, a.Description)
			}
		})
	}
}

func TestTokens(t *testing.T) {
	b := newBench(t)
	for path, want := range map[string]int{
		"/bot1:wrong/getMe": 401, "/botnonsense": 404, "/": 404, "/bot" + b.Token() + "/getMe": 200, "/bot" + b.Token() + "/GETME": 200,
	} {
		resp, err := http.Get(b.site.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, resp.StatusCode, want)
		}
		b.read(resp)
	}
}

func TestJSONBodies(t *testing.T) {
	b := newBench(t)
	ann := b.User("Ann", "en")
	ann.Say("hi")
	post := func(body string) answer {
		resp, err := http.Post(b.site.URL+"/bot"+b.Token()+"/sendMessage", "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		return b.read(resp)
	}
	if a := post(fmt.Sprintf(`{"chat_id":%d,"text":"42","parse_mode":null}`, ann.ID())); !a.OK {
		t.Errorf("refused: %+v", a)
	}
	if a := post(`{"chat_id":`); a.Code != 400 {
		t.Errorf("half a body: %+v", a)
	}
	if a := post(fmt.Sprintf(`{"chat_id":%d,"text":42}`, ann.ID())); a.OK {
		t.Error("a number for a text was taken")
	}
}

func TestUpdatesAreConfirmedByOffset(t *testing.T) {
	b := newBench(t)
	ann := b.User("Ann", "en")
	for _, w := range []string{"a", "b", "c"} {
		ann.Say(w)
	}
	ids := b.updates(0)
	if len(ids) != 3 || b.Pending() != 3 {
		t.Fatalf("got %v, %d pending", ids, b.Pending())
	}
	if again := b.updates(ids[1]); len(again) != 2 || again[0] != ids[1] {
		t.Errorf("after offset %d: %v", ids[1], again)
	}
	if future := b.updates(ids[2] + 100); len(future) != 2 {
		t.Errorf("an offset from the future confirmed: %v", future)
	}
	if last := b.updates(-1); len(last) != 1 || last[0] != ids[2] {
		t.Errorf("offset -1: %v", last)
	}
	if none := b.updates(ids[2] + 1); len(none) != 0 || b.Pending() != 0 {
		t.Errorf("all confirmed: %v", none)
	}
}

func TestLongPollWaits(t *testing.T) {
	b := newBench(t)
	ann := b.User("Ann", "en")
	got := make(chan answer, 1)
	go func() { got <- b.call("getUpdates", "timeout", "50") }()
	select {
	case a := <-got:
		t.Fatalf("did not wait: %+v", a)
	case <-time.After(50 * time.Millisecond):
	}
	ann.Say("hi")
	select {
	case a := <-got:
		if !strings.Contains(string(a.Result), `"hi"`) {
			t.Errorf("got %s", a.Result)
		}
	case <-time.After(2 * time.Second):
		t.Fatal("the update did not end the poll")
	}
	begun := time.Now()
	if a := b.call("getUpdates", "offset", "999999999", "timeout", "5", "limit", "1"); !a.OK {
		t.Error(a)
	}
	if time.Since(begun) >= 5*time.Second {
		t.Error("5 s of Telegram's were no shorter at fifty-fold speed")
	}
}

func TestOnlyOneReceiver(t *testing.T) {
	b := newBench(t)
	first := make(chan answer, 1)
	go func() { first <- b.call("getUpdates", "timeout", "50") }()
	b.Await(t, "the first poll", func() bool {
		b.Server.mu.Lock()
		defer b.Server.mu.Unlock()
		return b.Server.updates.poller != nil
	})
	b.call("getUpdates")
	if a := <-first; a.Code != 409 || !strings.Contains(a.Description, "terminated by other getUpdates") {
		t.Errorf("the first poller got %+v", a)
	}
	if a := b.call("setWebhook", "url", "http://127.0.0.1:1/"); !a.OK {
		t.Fatal(a)
	}
	if a := b.call("getUpdates"); a.Code != 409 || !strings.Contains(a.Description, "webhook is active") {
		t.Errorf("with a webhook: %+v", a)
	}
	b.call("deleteWebhook")
	if a := b.call("getUpdates"); !a.OK {
		t.Errorf("after deleting it: %+v", a)
	}
}

func TestOldUpdatesExpire(t *testing.T) {
	b := newBench(t)
	ann := b.User("Ann", "en")
	ann.Say("hi")
	b.call("sendMessage", "chat_id", fmt.Sprint(ann.ID()), "text", "x", "reply_markup", `{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}`)
	if err := ann.Press("a"); err != nil {
		t.Fatal(err)
	}
	if n := len(b.updates(0)); n != 2 {
		t.Fatalf("%d updates", n)
	}
	b.later(151 * time.Second)
	if n := len(b.updates(0)); n != 1 {
		t.Errorf("%d updates after 151 s: the press is too old", n)
	}
	b.later(24 * time.Hour)
	if n := len(b.updates(0)); n != 0 {
		t.Errorf("%d updates after a day", n)
	}
	mine := ann.Messages()[0]
	b.later(24 * time.Hour)
	if a := b.call("deleteMessage", "chat_id", fmt.Sprint(ann.ID()), "message_id", fmt.Sprint(mine.ID)); a.OK {
		t.Error("deleted after 48 hours")
	}
}

func TestAllowedUpdates(t *testing.T) {
	b := newBench(t)
	ann := b.User("Ann", "en")
	b.call("getUpdates", "allowed_updates", `["message"]`)
	id := ann.Say("one")
	ann.Edit(id, "two")
	ann.Block()
	if n := len(b.updates(0)); n != 1 {
		t.Errorf("%d updates, asked for messages only", n)
	}
}

// Whatever the fake sends is what the schema says.
func TestWhatIsSentFitsTheSchema(t *testing.T) {
	b := newBench(t)
	ann := b.User("Ann Lee", "zh-hans")
	g := b.Group("Shop", ann)
	id := ann.Say("hi /start https://example.com a@example.com")
	ann.Reply(id, "re")
	ann.Edit(id, "changed")
	for _, kind := range []string{"photo", "voice", "document", "sticker", "location"} {
		ann.Media(kind, "")
	}
	topic := g.Topic("t", ann)
	g.SayIn(ann, topic, "@deskbell_bot in a topic")
	a := b.call("sendMessage", "chat_id", fmt.Sprint(ann.ID()), "text", "<b>x</b>", "parse_mode", "HTML", "reply_markup", `{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}`)
	if err := b.schema.CheckType("Message", a.Result); err != nil {
		t.Errorf("%v in %s", err, a.Result)
	}
	if err := ann.Press("a"); err != nil {
		t.Fatal(err)
	}
	ann.Block()
	for name, method := range map[string]string{"User": "getMe", "WebhookInfo": "getWebhookInfo"} {
		if err := b.schema.CheckType(name, b.call(method).Result); err != nil {
			t.Errorf("%s: %v", method, err)
		}
	}
	var list []json.RawMessage
	if err := json.Unmarshal(b.call("getUpdates").Result, &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != 11 {
		t.Errorf("%d updates, want 11", len(list))
	}
	for _, u := range list {
		if err := b.schema.CheckType("Update", u); err != nil {
			t.Errorf("%v in %s", err, u)
		}
	}
}

func TestDeleteErasesTheText(t *testing.T) {
	b := newBench(t)
	ann := b.User("Ann", "en")
	id := ann.Say("hunter2")
	if a := b.call("deleteMessages", "chat_id", fmt.Sprint(ann.ID()), "message_ids", fmt.Sprintf("[%d,5]", id)); !a.OK {
		t.Fatal(a)
	}
	ann.ExpectDeleted(t, id)
	m := ann.Messages()[0]
	if !m.Deleted || m.Text != "" {
		t.Errorf("got %+v", m)
	}
}

func TestFiles(t *testing.T) {
	b := newBench(t)
	ann := b.User("Ann", "en")
	ann.Say("hi")
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	_ = w.WriteField("chat_id", fmt.Sprint(ann.ID()))
	part, err := w.CreateFormFile("document", "talk.txt")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(part, "hello")
	w.Close()
	resp, err := http.Post(b.site.URL+"/bot"+b.Token()+"/sendDocument", w.FormDataContentType(), &body)
	if err != nil {
		t.Fatal(err)
	}
	a := b.read(resp)
	var m struct {
		Document struct {
			ID string `json:"file_id"`
		} `json:"document"`
	}
	if err := json.Unmarshal(a.Result, &m); err != nil || m.Document.ID == "" {
		t.Fatalf("%+v %v", a, err)
	}
	var f struct {
		Path string `json:"file_path"`
	}
	if err := json.Unmarshal(b.call("getFile", "file_id", m.Document.ID).Result, &f); err != nil {
		t.Fatal(err)
	}
	resp, err = http.Get(b.site.URL + "/file/bot" + b.Token() + "/" + f.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if data, _ := io.ReadAll(resp.Body); string(data) != "hello" {
		t.Errorf("downloaded %q", data)
	}
	if got := ann.Expect(t); got.File == nil || got.File.Name != "talk.txt" {
		t.Errorf("the user sees %+v", got)
	}
}

func TestCommandsAndTyping(t *testing.T) {
	b := newBench(t)
	ann := b.User("Ann", "en")
	ann.Say("hi")
	b.call("setMyCommands", "commands", `[{"command":"start","description":"Begin"}]`, "language_code", "en")
	if got := string(b.call("getMyCommands", "language_code", "en").Result); !strings.Contains(got, "Begin") {
		t.Errorf("commands %s", got)
	}
	b.call("deleteMyCommands", "language_code", "en")
	if got := string(b.call("getMyCommands", "language_code", "en").Result); got != "[]" {
		t.Errorf("commands %s after deleting them", got)
	}
	if a := b.call("sendChatAction", "chat_id", fmt.Sprint(ann.ID()), "action", "typing"); !a.OK {
		t.Error(a)
	}
}

func TestFaults(t *testing.T) {
	b := newBench(t)
	ann := b.User("Ann", "en")
	ann.Say("hi")
	id := fmt.Sprint(ann.ID())
	b.FailNext("sendMessage", TooMany(7))
	if a := b.call("sendMessage", "chat_id", id, "text", "x"); a.Code != 429 || a.Parameters.RetryAfter != 7 {
		t.Errorf("got %+v", a)
	}
	for name, f := range map[string]Fault{"before": Drop, "after": DropAfterAccept} {
		b.FailNext("sendMessage", f)
		before := len(b.Ledger())
		_, err := http.PostForm(b.site.URL+"/bot"+b.Token()+"/sendMessage", url.Values{"chat_id": {id}, "text": {"x"}})
		if err == nil {
			t.Errorf("%s: answered", name)
		}
		if got := len(b.Ledger()) - before; (got == 1) != f.Accept {
			t.Errorf("%s: %d accepted", name, got)
		}
	}
	if a := b.call("sendMessage", "chat_id", id, "text", "x"); !a.OK {
		t.Errorf("still failing: %+v", a)
	}
	if calls := b.Calls("sendMessage"); len(calls) != 4 || !calls[0].Failed {
		t.Errorf("calls %+v", calls)
	}
}

type fakeTB struct{ failed string }

func (f *fakeTB) Helper()                           {}
func (f *fakeTB) Fatalf(format string, args ...any) { f.failed = fmt.Sprintf(format, args...) }

func TestExpectFails(t *testing.T) {
	s := New(Options{Wait: 20 * time.Millisecond})
	defer s.Close()
	ann := s.User("Ann", "en")
	ann.Say("hello")
	for name, f := range map[string]func(TB){
		"Expect":        func(tb TB) { ann.Expect(tb, "hello") }, // said by Ann, not by the bot
		"ExpectDeleted": func(tb TB) { ann.ExpectDeleted(tb, ann.Messages()[0].ID) },
		"Await":         func(tb TB) { s.Await(tb, "never", func() bool { return false }) },
	} {
		tb := &fakeTB{}
		if f(tb); tb.failed == "" {
			t.Errorf("%s did not fail", name)
		}
	}
	if err := ann.Press("nope"); err == nil {
		t.Error("pressed what is not there")
	}
}

func TestExpectSilence(t *testing.T) {
	b := newBench(t)
	ann := b.User("Ann", "en")
	ann.Say("hi")
	ann.ExpectSilence(t, time.Millisecond)
	b.call("sendMessage", "chat_id", fmt.Sprint(ann.ID()), "text", "x")
	tb := &fakeTB{}
	if ann.ExpectSilence(tb, time.Millisecond); tb.failed == "" {
		t.Error("did not hear the bot")
	}
}
