package slacktest

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

func openPage(t *testing.T) (client, string) {
	t.Helper()
	c := newClient(t, Options{AckTimeout: 100 * time.Millisecond})
	mux := http.NewServeMux()
	mux.Handle("/slack/", http.StripPrefix("/slack", c.s.Page()))
	front := httptest.NewServer(mux)
	t.Cleanup(front.Close)
	return c, front.URL + "/slack/"
}

func get(t *testing.T, addr string) (string, *http.Response) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, addr, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // only read from
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body), res
}

// send posts a form and returns the page it leads back to.
func send(t *testing.T, addr string, form url.Values, header ...string) (string, *http.Response) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, addr, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // only read from
	body, _ := io.ReadAll(res.Body)
	return string(body), res
}

func TestPageShows(t *testing.T) {
	_, addr := openPage(t)
	body, res := get(t, addr)
	if res.StatusCode != 200 || !strings.Contains(body, "# </span>help") || !strings.Contains(body, `lang="en"`) {
		t.Fatalf("%d %s", res.StatusCode, body)
	}
	if csp := res.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "script-src 'self'") || strings.Contains(csp, "unsafe") {
		t.Errorf("policy %q", csp)
	}
	if inline := regexp.MustCompile(`(?i)<style|\son[a-z]+=|style="|<script>`).FindString(body); inline != "" {
		t.Errorf("inline %q", inline)
	}
	if zh, _ := get(t, addr+"?lang=zh"); !strings.Contains(zh, `lang="zh-Hans"`) || !strings.Contains(zh, "私信") && !strings.Contains(zh, "给机器人写消息") {
		t.Error("no Chinese")
	}
	if _, res := get(t, addr+"?c=C0SECRET01"); res.StatusCode != 200 { // an unknown room shows the direct message
		t.Errorf("unknown room: %d", res.StatusCode)
	}
	for _, name := range []string{"app.js", "app.css", "icon.svg"} {
		if _, res := get(t, addr+name); res.StatusCode != 200 || strings.Contains(res.Header.Get("Content-Type"), "html") {
			t.Errorf("%s: %d %s", name, res.StatusCode, res.Header.Get("Content-Type"))
		}
	}
}

func TestPageActs(t *testing.T) {
	c, addr := openPage(t)
	app := connect(t, c)
	body, _ := get(t, addr)
	dm := regexp.MustCompile(`name="c" value="(D[0-9A-Z]+)"`).FindStringSubmatch(body)[1]
	after, _ := send(t, addr+"say", url.Values{"c": {dm}, "text": {"<b>hello</b> & @deskbell"}})
	e := app.next()
	app.ack(e)
	if e.Payload.Event.Type != "message" || !strings.Contains(after, "&lt;b&gt;hello&lt;/b&gt; &amp;") || strings.Contains(after, "<b>hello") {
		t.Errorf("event %+v, page %s", e, after)
	}
	c.call("chat.postMessage", "channel", dm, "text", "Choose", "blocks", `[{"type":"section","text":{"type":"mrkdwn","text":"*Choose* <https://example.com|here> <javascript:alert(1)|not here>"}},
		{"type":"actions","elements":[{"type":"button","action_id":"a1","value":"v","text":{"type":"plain_text","text":"Fees"}},{"type":"button","action_id":"a2","url":"https://example.com","text":{"type":"plain_text","text":"Site"}}]}]`)
	app.ack(app.next())
	body, _ = get(t, addr)
	for _, want := range []string{"<strong>Choose</strong>", `<a href="https://example.com" target="_blank"`, `name="press" value="a1"`, "Site ↗"} {
		if !strings.Contains(body, want) {
			t.Errorf("%s is missing in %s", want, body)
		}
	}
	if strings.Contains(body, "javascript:") {
		t.Error("a link that runs")
	}
	ts := c.s.Posts()[0].TS
	if _, res := send(t, addr+"press", url.Values{"c": {dm}, "ts": {ts}, "press": {"a1"}}, "X-Requested-With", "page"); res.StatusCode != http.StatusNoContent {
		t.Errorf("press: %d", res.StatusCode)
	}
	if e := app.next(); e.Type != "interactive" {
		t.Errorf("press: %+v", e)
	}
	if _, res := send(t, addr+"press", url.Values{"c": {dm}, "ts": {ts}, "press": {"a9"}}); res.StatusCode != http.StatusConflict {
		t.Errorf("no such button: %d", res.StatusCode)
	}
	changeAndDelete(t, addr, app, dm, ts, body)
	if after, _ := send(t, addr+"say", url.Values{"c": {dm}, "text": {"/forget"}}); !strings.Contains(after, "Try /deskbell forget") {
		t.Error("an unknown command is not answered")
	}
	if after, _ := send(t, addr+"say", url.Values{"c": {dm}, "text": {"/deskbell hi"}}); !strings.Contains(after, "did not respond") {
		t.Error("a lost command is not told of")
	}
	if _, res := send(t, addr+"say", url.Values{"c": {dm}, "text": {"x"}}, "Sec-Fetch-Site", "cross-site"); res.StatusCode != http.StatusForbidden {
		t.Errorf("from another site: %d", res.StatusCode)
	}
}

// changeAndDelete edits, answers and deletes the user's own message. ts is one of the bot's.
func changeAndDelete(t *testing.T, addr string, app app, dm, ts, body string) {
	t.Helper()
	mine := regexp.MustCompile(`action="edit">\s*<input type="hidden" name="c" value="[^"]*"><input type="hidden" name="ts" value="([^"]*)"`).FindStringSubmatch(body)[1]
	if after, _ := send(t, addr+"edit", url.Values{"c": {dm}, "ts": {mine}, "text": {"hello again"}}); !strings.Contains(after, "(edited)") || !strings.Contains(after, "hello again") {
		t.Error("not edited")
	}
	app.ack(app.next())
	if _, res := send(t, addr+"edit", url.Values{"c": {dm}, "ts": {ts}, "text": {"x"}}); res.StatusCode != http.StatusConflict {
		t.Errorf("editing the bot's words: %d", res.StatusCode)
	}
	if after, _ := send(t, addr+"say", url.Values{"c": {dm}, "thread": {mine}, "open": {mine}, "text": {"in a thread"}}); !strings.Contains(after, `id="thread"`) || !strings.Contains(after, "1 reply") {
		t.Errorf("no thread: %s", after)
	}
	app.ack(app.next())
	if after, _ := send(t, addr+"delete", url.Values{"c": {dm}, "ts": {mine}}); !strings.Contains(after, "This message was deleted.") || strings.Contains(after, "hello again") {
		t.Error("not deleted")
	}
}

func TestPageIsLive(t *testing.T) {
	c, addr := openPage(t)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, addr+"live", nil)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // only read from
	lines := bufio.NewScanner(res.Body)
	seen := ""
	for lines.Scan() && !strings.HasPrefix(seen, "data: now") {
		seen = lines.Text()
		if seen == "data: start" {
			c.s.User("Ben").Say("help", "hello")
		}
	}
	if seen != "data: now" {
		t.Errorf("last line %q", seen)
	}
}

func TestMrkdwnHTML(t *testing.T) {
	for in, want := range map[string]string{
		"a *b* _c_ `d*e*`":                          "a <strong>b</strong> <em>c</em> <code>d*e*</code>",
		"请\u200b*不要*\u200b说":                        "请\u200b<strong>不要</strong>\u200b说",
		"&lt;script&gt; <@U1>":                      `&lt;script&gt; <span class="mention">@Ann</span>`,
		"<javascript:alert(1)|x>":                   "x",
		`<https://a.example/"onclick="x|y>`:         `<a href="https://a.example/&#34;onclick=&#34;x" target="_blank" rel="noopener noreferrer">y</a>`,
		"*<https://example.com|bold link>*":         `<strong><a href="https://example.com" target="_blank" rel="noopener noreferrer">bold link</a></strong>`,
		"```\na < b\n```":                           "<pre>a &lt; b</pre>",
		"one\ntwo":                                  "one<br>two",
		"\x000\x00 <https://example.com|\x001\x00>": `0 <a href="https://example.com" target="_blank" rel="noopener noreferrer">1</a>`,
	} {
		if got := string(mrkdwnHTML(in, func(string) string { return "Ann" })); got != want {
			t.Errorf("mrkdwnHTML(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzMrkdwnHTML(f *testing.F) {
	f.Add("*a* _b_ `c` <https://example.com|d> ```e``` <@U1> &lt;")
	f.Fuzz(func(t *testing.T, s string) {
		got := string(mrkdwnHTML(s, func(u string) string { return u }))
		rest := regexp.MustCompile(`</?(strong|em|code|pre)>|<br>|<span class="mention">|</span>|<a href="(https?://|mailto:|tel:)[^"<>]*" target="_blank" rel="noopener noreferrer">|</a>`).ReplaceAllString(got, "")
		if strings.ContainsAny(rest, "<>\"") {
			t.Errorf("mrkdwnHTML(%q) = %q", s, got)
		}
	})
}
