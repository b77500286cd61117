package slacktest

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
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// client speaks to the fake without any Slack library.
type client struct {
	t     *testing.T
	s     *Server
	token string
}

func newClient(t *testing.T, o Options) client {
	t.Helper()
	s, err := Start(o, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return client{t, s, BotToken}
}

// call calls a method with a form and the token in the header. args are name, value, name, value…
func (c client) call(method string, args ...string) map[string]any {
	c.t.Helper()
	form := url.Values{}
	for i := 0; i < len(args); i += 2 {
		form.Set(args[i], args[i+1])
	}
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.s.APIURL()+method, strings.NewReader(form.Encode()))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c.do(req)
}

func (c client) do(req *http.Request) map[string]any {
	c.t.Helper()
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // only read from
	var out map[string]any
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		c.t.Fatal(err)
	}
	return out
}

func TestRefusals(t *testing.T) {
	c := newClient(t, Options{})
	ann := c.s.User("Ann")
	m := ann.DM("hello")
	out := ann.Say("outside", "nobody here")
	c.s.Kick("outside")
	old := ann.Say("old", "dust")
	c.s.Archive("old")
	button := func(label, id string) string {
		return fmt.Sprintf(`[{"type":"actions","elements":[{"type":"button","action_id":%q,"text":{"type":"plain_text","text":%q}},{"type":"button","action_id":"b","text":{"type":"plain_text","text":"x"}}]}]`, id, label)
	}
	section := func(text string) string {
		return fmt.Sprintf(`{"type":"section","text":{"type":"mrkdwn","text":%q}}`, text)
	}
	for _, tc := range []struct {
		name, method string
		args         []string
		want         string
	}{
		{"unknown method", "chat.shout", nil, "unknown_method"},
		{"known to Slack, not here", "chat.unfurl", nil, "unknown_method"},
		{"missing", "chat.postMessage", []string{"text", "x"}, "invalid_arguments"},
		{"no such channel", "chat.postMessage", []string{"channel", "C0NOWHERE1", "text", "x"}, "channel_not_found"},
		{"no channel id", "chat.postMessage", []string{"channel", "somewhere", "text", "x"}, "channel_not_found"},
		{"not in it", "chat.postMessage", []string{"channel", out.Channel, "text", "x"}, "not_in_channel"},
		{"archived", "chat.postMessage", []string{"channel", old.Channel, "text", "x"}, "is_archived"},
		{"nothing said", "chat.postMessage", []string{"channel", m.Channel}, "no_text"},
		{"blocks no JSON", "chat.postMessage", []string{"channel", m.Channel, "blocks", "{"}, "invalid_blocks_format"},
		{"blocks no list", "chat.postMessage", []string{"channel", m.Channel, "blocks", `{"a":1}`}, "invalid_blocks_format"},
		{"unknown block", "chat.postMessage", []string{"channel", m.Channel, "blocks", `[{"type":"hologram"}]`}, "invalid_blocks"},
		{"section too long", "chat.postMessage", []string{"channel", m.Channel, "blocks", "[" + section(strings.Repeat("长", 3001)) + "]"}, "invalid_blocks"},
		{"empty section", "chat.postMessage", []string{"channel", m.Channel, "blocks", "[" + section("") + "]"}, "invalid_blocks"},
		{"button too long", "chat.postMessage", []string{"channel", m.Channel, "blocks", button(strings.Repeat("x", 76), "a")}, "invalid_blocks"},
		{"same action twice", "chat.postMessage", []string{"channel", m.Channel, "blocks", button("x", "b")}, "invalid_blocks"},
		{"too many blocks", "chat.postMessage", []string{"channel", m.Channel, "blocks", "[" + strings.Repeat(`{"type":"divider"},`, 50) + `{"type":"divider"}]`}, "invalid_blocks"},
		{"blocks too large", "chat.postMessage", []string{"channel", m.Channel, "blocks", "[" + strings.Repeat(section(strings.Repeat("x", 2900))+",", 4) + section(strings.Repeat("x", 2900)) + "]"}, "msg_blocks_too_long"},
		{"metadata", "chat.postMessage", []string{"channel", m.Channel, "text", "x", "metadata", `{"event_type":"a"}`}, "invalid_metadata_format"},
		{"flag", "chat.postMessage", []string{"channel", m.Channel, "text", "x", "unfurl_links", "maybe"}, "invalid_arguments"},
		{"update: too long", "chat.update", []string{"channel", m.Channel, "ts", "1.1", "text", strings.Repeat("x", 4001)}, "message_not_found"},
		{"update: none", "chat.update", []string{"channel", m.Channel, "ts", "1700000000.000001", "text", "x"}, "message_not_found"},
		{"update: the user's", "chat.update", []string{"channel", m.Channel, "ts", m.TS, "text", "x"}, "cant_update_message"},
		{"delete: the user's", "chat.delete", []string{"channel", m.Channel, "ts", m.TS}, "cant_delete_message"},
		{"delete: none", "chat.delete", []string{"channel", m.Channel, "ts", "1700000000.000001"}, "message_not_found"},
		{"delete: no ts", "chat.delete", []string{"channel", m.Channel, "ts", "yesterday"}, "invalid_arguments"},
		{"replies: no thread", "conversations.replies", []string{"channel", m.Channel, "ts", "1700000000.000001"}, "thread_not_found"},
		{"history: limit", "conversations.history", []string{"channel", m.Channel, "limit", "many"}, "invalid_arguments"},
		{"user", "users.info", []string{"user", "U0NOBODY01"}, "user_not_found"},
		{"ephemeral", "chat.postEphemeral", []string{"channel", m.Channel, "user", "U0NOBODY01", "text", "x"}, "user_not_in_channel"},
		{"upload: length", "files.getUploadURLExternal", []string{"filename", "a.txt", "length", "0"}, "invalid_arguments"},
		{"upload: unknown", "files.completeUploadExternal", []string{"files", `[{"id":"F0NOFILE01"}]`, "channel_id", m.Channel}, "file_not_found"},
		{"view", "views.open", []string{"trigger_id", "1.1.a", "view", `{}`}, "invalid_arguments"},
		{"wrong kind of token", "apps.connections.open", nil, "not_allowed_token_type"},
	} {
		if got := c.call(tc.method, tc.args...); got["error"] != tc.want || got["ok"] != false {
			t.Errorf("%s: %v, want %s", tc.name, got, tc.want)
		}
	}
	for token, want := range map[string]string{"": "not_authed", "xoxb-wrong": "invalid_auth"} {
		if got := (client{t, c.s, token}).call("auth.test"); got["error"] != want {
			t.Errorf("token %q: %v", token, got)
		}
	}
	if cs := c.s.Complaints(); len(cs) != 0 {
		t.Errorf("complaints: %q", cs)
	}
	if n := len(c.s.Posts()); n != 0 {
		t.Errorf("%d posts", n)
	}
}

func TestPostUpdateDelete(t *testing.T) {
	c := newClient(t, Options{})
	ann := c.s.User("Ann")
	m := ann.DM("hello")
	first := c.call("chat.postMessage", "channel", m.Channel, "text", "one", "metadata", `{"event_type":"t","event_payload":{"id":"o1"}}`)
	second := c.call("chat.postMessage", "channel", m.Channel, "text", "two")
	if first["ok"] != true || first["ts"] == second["ts"] {
		t.Fatalf("%v %v", first, second)
	}
	ts := first["ts"].(string)
	if got := c.call("chat.update", "channel", m.Channel, "ts", ts, "text", strings.Repeat("x", 4001)); got["error"] != "msg_too_long" {
		t.Errorf("update: %v", got)
	}
	if got := c.call("chat.update", "channel", m.Channel, "ts", ts, "text", "uno"); got["ok"] != true {
		t.Errorf("update: %v", got)
	}
	for flag, want := range map[string]bool{"true": true, "false": false} {
		got := c.call("conversations.history", "channel", m.Channel, "include_all_metadata", flag)
		list := got["messages"].([]any)
		oldest := list[2].(map[string]any)
		uno := list[1].(map[string]any)
		if _, has := uno["metadata"]; has != want || uno["text"] != "uno" || oldest["text"] != "hello" || len(list) != 3 {
			t.Errorf("history with %s: %v", flag, list)
		}
	}
	if got := c.call("chat.delete", "channel", m.Channel, "ts", ts); got["ok"] != true {
		t.Errorf("delete: %v", got)
	}
	if got := c.call("chat.delete", "channel", m.Channel, "ts", ts); got["error"] != "message_not_found" {
		t.Errorf("delete again: %v", got)
	}
	if got := c.s.Thread(m.Channel, ""); strings.Join(got, "|") != "hello|two" {
		t.Errorf("left: %q", got)
	}
}

func TestThreadsAndPages(t *testing.T) {
	c := newClient(t, Options{})
	root := c.s.User("Ann").Say("help", "question")
	for i := range 5 {
		c.call("chat.postMessage", "channel", root.Channel, "thread_ts", root.TS, "text", fmt.Sprint("answer ", i))
	}
	var seen []string
	cursor := ""
	for range 10 {
		got := c.call("conversations.replies", "channel", root.Channel, "ts", root.TS, "limit", "2", "cursor", cursor)
		for _, m := range got["messages"].([]any) {
			seen = append(seen, m.(map[string]any)["text"].(string))
		}
		if got["has_more"] != true {
			break
		}
		cursor = got["response_metadata"].(map[string]any)["next_cursor"].(string)
	}
	if want := "question,answer 0,answer 1,answer 2,answer 3,answer 4"; strings.Join(seen, ",") != want {
		t.Errorf("pages: %q", seen)
	}
	if got := c.call("conversations.history", "channel", root.Channel); len(got["messages"].([]any)) != 1 {
		t.Errorf("history shows replies: %v", got)
	}
	c.call("chat.postMessage", "channel", root.Channel, "thread_ts", "1700000000.000001", "text", "lost")
	if cs := c.s.Complaints(); len(cs) != 1 || !strings.Contains(cs[0], "outside") {
		t.Errorf("complaints %q", cs)
	}
}

func TestFiles(t *testing.T) {
	c := newClient(t, Options{})
	ann := c.s.User("Ann")
	dm := ann.DM("send it").Channel
	up := c.call("files.getUploadURLExternal", "filename", "a.txt", "length", "5")
	var body bytes.Buffer
	mw := multipart.NewWriter(&body)
	part, _ := mw.CreateFormFile("file", "a.txt")
	_, _ = io.WriteString(part, "hello")
	_ = mw.Close()
	res, err := http.Post(up["upload_url"].(string), mw.FormDataContentType(), &body) //nolint:noctx // a test
	if err != nil || res.StatusCode != 200 {
		t.Fatalf("upload: %v %v", res, err)
	}
	_ = res.Body.Close()
	files := fmt.Sprintf(`[{"id":%q,"title":"A"}]`, up["file_id"])
	if got := c.call("files.completeUploadExternal", "files", files, "channel_id", dm); got["ok"] != true {
		t.Errorf("complete: %v", got)
	}
	if got := c.call("files.completeUploadExternal", "files", files, "channel_id", dm); got["error"] != "file_not_found" {
		t.Errorf("complete again: %v", got)
	}
	if p := ann.Expect(t, "a.txt"); p.File != "a.txt" {
		t.Errorf("post %+v", p)
	}
}

func TestJSONAndMultipart(t *testing.T) {
	c := newClient(t, Options{})
	dm := c.s.User("Ann").DM("x").Channel
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, c.s.APIURL()+"chat.postMessage", strings.NewReader(fmt.Sprintf(`{"channel":%q,"text":"json","unfurl_links":false,"blocks":[{"type":"divider"}]}`, dm)))
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	if got := c.do(req); got["ok"] != true {
		t.Errorf("JSON: %v", got)
	}
	req, _ = http.NewRequestWithContext(t.Context(), http.MethodPost, c.s.APIURL()+"chat.postMessage", strings.NewReader(`<x/>`))
	req.Header.Set("Content-Type", "text/xml")
	if got := c.do(req); got["error"] != "invalid_post_type" {
		t.Errorf("XML: %v", got)
	}
}

// app is a Socket Mode client that does only what it is told.
type app struct {
	t  *testing.T
	ws *websocket.Conn
}

type envelope struct {
	Type           string
	EnvelopeID     string `json:"envelope_id"`
	RetryAttempt   int    `json:"retry_attempt"`
	RetryReason    string `json:"retry_reason"`
	NumConnections int    `json:"num_connections"`
	Reason         string
	Payload        struct {
		EventID string `json:"event_id"`
		Event   struct{ Type, Text string }
	}
}

func connect(t *testing.T, c client) app {
	t.Helper()
	c.token = AppToken
	res := c.call("apps.connections.open")
	ws, _, err := websocket.DefaultDialer.DialContext(t.Context(), res["url"].(string), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ws.Close() })
	if _, _, err := websocket.DefaultDialer.DialContext(t.Context(), res["url"].(string), nil); err == nil {
		t.Error("a ticket can be used twice")
	}
	a := app{t, ws}
	if e := a.next(); e.Type != "hello" {
		t.Fatalf("no hello: %+v", e)
	}
	return a
}

func (a app) next() envelope {
	a.t.Helper()
	var e envelope
	_ = a.ws.SetReadDeadline(time.Now().Add(5 * time.Second))
	if err := a.ws.ReadJSON(&e); err != nil {
		a.t.Fatal(err)
	}
	return e
}

func (a app) ack(e envelope) {
	a.t.Helper()
	if err := a.ws.WriteJSON(map[string]string{"envelope_id": e.EnvelopeID}); err != nil {
		a.t.Fatal(err)
	}
}

func TestSocketRepeatsUntilAcknowledged(t *testing.T) {
	c := newClient(t, Options{AckTimeout: 50 * time.Millisecond, Retries: []time.Duration{0, 30 * time.Millisecond, 60 * time.Millisecond}})
	a := connect(t, c)
	c.s.User("Ann").DM("hello")
	first := a.next()
	second := a.next()
	if first.Payload.EventID != second.Payload.EventID || first.EnvelopeID == second.EnvelopeID || second.RetryAttempt != 1 || second.RetryReason != "timeout" || first.Payload.Event.Text != "hello" {
		t.Errorf("first %+v, second %+v", first, second)
	}
	a.ack(second)
	c.s.User("Ann").DM("unheard")
	for i := range 4 {
		if e := a.next(); e.RetryAttempt != i || e.Payload.Event.Text != "unheard" {
			t.Errorf("attempt %d: %+v", i, e)
		}
	}
	for deadline := time.Now().Add(5 * time.Second); !c.s.Idle() && time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
	}
	var acked, lost int
	for _, d := range c.s.Deliveries() {
		if d.Acked {
			acked++
		} else {
			lost++
		}
	}
	if acked != 1 || lost != 5 {
		t.Errorf("%d acknowledged, %d not: %+v", acked, lost, c.s.Deliveries())
	}
}

func TestSocketEachEventGoesToOne(t *testing.T) {
	c := newClient(t, Options{})
	a, b := connect(t, c), connect(t, c)
	c.s.User("Ann").DM("one")
	c.s.User("Ann").DM("two")
	ea, eb := a.next(), b.next()
	if ea.Payload.EventID == eb.Payload.EventID {
		t.Error("both got the same event")
	}
	a.ack(ea)
	b.ack(eb)
	c.s.Disconnect("warning", 1)
	if e := a.next(); e.Type != "disconnect" || e.Reason != "warning" {
		t.Errorf("%+v", e)
	}
	c.s.User("Ann").DM("three")
	if e := b.next(); e.Payload.Event.Text != "three" {
		t.Errorf("%+v", e)
	}
	if err := a.ws.WriteMessage(websocket.TextMessage, []byte(`{"hello":1}`)); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(5 * time.Second); len(c.s.Complaints()) == 0 && time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
	}
	if cs := c.s.Complaints(); len(cs) != 1 {
		t.Errorf("complaints %q", cs)
	}
}

func TestSocketLimit(t *testing.T) {
	c := newClient(t, Options{})
	for range maxSockets {
		connect(t, c)
	}
	c.token = AppToken
	ws, _, err := websocket.DefaultDialer.DialContext(t.Context(), c.call("apps.connections.open")["url"].(string), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close() //nolint:errcheck // a test
	if e := (app{t, ws}).next(); e.Type != "disconnect" || e.Reason != "too_many_websockets" {
		t.Errorf("the eleventh: %+v", e)
	}
}

func TestEventsAPIRepeats(t *testing.T) {
	var got []http.Header
	var bodies []string
	done := make(chan struct{}, 10)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got, bodies = append(got, r.Header.Clone()), append(bodies, string(body))
		if len(got) < 3 {
			w.WriteHeader(http.StatusInternalServerError)
		}
		done <- struct{}{}
	}))
	defer front.Close()
	c := newClient(t, Options{EventsURL: front.URL, Retries: []time.Duration{0, 10 * time.Millisecond, 20 * time.Millisecond}})
	c.s.User("Ann").DM("hello")
	for range 3 {
		select {
		case <-done:
		case <-time.After(5 * time.Second):
			t.Fatal("too few attempts")
		}
	}
	if got[0].Get("X-Slack-Retry-Num") != "" || got[2].Get("X-Slack-Retry-Num") != "2" || got[1].Get("X-Slack-Retry-Reason") != "http_error" || bodies[0] != bodies[2] {
		t.Errorf("headers %v", got)
	}
	if !strings.HasPrefix(got[0].Get("X-Slack-Signature"), "v0=") {
		t.Error("not signed")
	}
}

func TestTyped(t *testing.T) {
	text, blocks := typed("@deskbell see https://example.com/?a=1&b=2 or a@example.com <now>")
	want := "<@" + BotUser + "> see <https://example.com/?a=1&amp;b=2> or <mailto:a@example.com|a@example.com> &lt;now&gt;"
	if text != want || !strings.Contains(string(blocks), `"user_id":"`+BotUser+`"`) {
		t.Errorf("%s\n%s", text, blocks)
	}
	for in, want := range map[string]string{
		"*bold* and _italic_":                "bold and italic",
		"请\u200b*不要*\u200b说":                 "请不要说",
		"<https://example.com|a link> &lt;b": "a link <b",
		"2*3*4 a_b_c":                        "2*3*4 a_b_c",
	} {
		if got := plain(in); got != want {
			t.Errorf("plain(%q) = %q, want %q", in, got, want)
		}
	}
}
