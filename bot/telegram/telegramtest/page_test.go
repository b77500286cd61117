package telegramtest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// pageBench is a server with its page mounted below a path, as demo does.
func pageBench(t *testing.T) (*bench, string) {
	t.Helper()
	b := newBench(t)
	mux := http.NewServeMux()
	mux.Handle("/demo/telegram/", http.StripPrefix("/demo/telegram", b.Page()))
	site := httptest.NewServer(mux)
	t.Cleanup(func() { b.Close(); site.Close() })
	return b, site.URL + "/demo/telegram/"
}

func get(t *testing.T, addr string) (int, string, http.Header) {
	t.Helper()
	resp, err := http.Get(addr)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body), resp.Header
}

func post(t *testing.T, addr string, pairs ...string) (int, string) {
	t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	resp, err := http.PostForm(addr, form) // follows to the page
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body)
}

func TestPageShowsAndWrites(t *testing.T) {
	b, base := pageBench(t)
	code, body, head := get(t, base)
	if code != 200 || !strings.Contains(body, "Mei Lin") || !strings.Contains(body, "Sellers") {
		t.Fatalf("%d %s", code, body)
	}
	if csp := head.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
		t.Errorf("policy %q", csp)
	}
	chat := fmt.Sprint(b.order[0])
	code, body = post(t, base+"say", "chat", chat, "lang", "zh", "text", "我的 <b>问题</b>\r\n第二行")
	if code != 200 || !strings.Contains(body, "我的 &lt;b&gt;问题&lt;/b&gt;") || !strings.Contains(body, `lang="zh"`) {
		t.Errorf("%d %s", code, body)
	}
	raw := string(b.call("getUpdates").Result)
	if !strings.Contains(raw, `"language_code":"zh-hans"`) || !strings.Contains(raw, `\n第二行`) || strings.Contains(raw, `\r`) {
		t.Errorf("the update is %s", raw)
	}
	b.call("sendMessage", "chat_id", chat, "text", "<b>Pick</b>", "parse_mode", "HTML", "reply_markup",
		`{"inline_keyboard":[[{"text":"Fees","callback_data":"ask:fees"},{"text":"Site","url":"https://pay.example.com/"}]]}`)
	_, body, _ = get(t, base+"log?chat="+chat)
	for _, want := range []string{"<strong>Pick</strong>", `value="0.0"`, `href="https://pay.example.com/"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the log lacks %s", want)
		}
	}
	msg := fmt.Sprint(b.chats[b.order[0]].messages[1].id)
	post(t, base+"press", "chat", chat, "message", msg, "key", "0.0")
	if raw := string(b.call("getUpdates").Result); !strings.Contains(raw, `"data":"ask:fees"`) {
		t.Errorf("the press did not arrive: %s", raw)
	}
	if _, body, _ = get(t, base+"log?chat="+chat); !strings.Contains(body, "key waiting") {
		t.Error("the pressed button does not show that it waits")
	}
}

func TestPageRefuses(t *testing.T) {
	b, base := pageBench(t)
	chat := fmt.Sprint(b.order[0])
	tests := []struct {
		name, path string
		pairs      []string
		want       int
	}{
		{"nothing said", "say", []string{"chat", chat, "text", " "}, 400},
		{"too long", "say", []string{"chat", chat, "text", strings.Repeat("字", 4097)}, 400},
		{"no chat", "say", []string{"chat", "7", "text", "x"}, 404},
		{"no button", "press", []string{"chat", chat, "message", "1", "key", "0.0"}, 400},
		{"no message to edit", "edit", []string{"chat", chat, "message", "1", "text", "x"}, 400},
		{"no such media", "media", []string{"chat", chat, "kind", "hologram"}, 400},
		{"block a group", "block", []string{"chat", fmt.Sprint(b.order[2])}, 400},
	}
	for _, tt := range tests {
		if code, _ := post(t, base+tt.path, tt.pairs...); code != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, code, tt.want)
		}
	}
	req, err := http.NewRequest("POST", base+"say", strings.NewReader(url.Values{"chat": {chat}, "text": {"x"}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if resp.Body.Close(); resp.StatusCode != 403 {
		t.Errorf("another site may write: %d", resp.StatusCode)
	}
}

func TestPageEditsDeletesBlocksAndDownloads(t *testing.T) {
	b, base := pageBench(t)
	c := b.chats[b.order[0]]
	chat := fmt.Sprint(c.id)
	post(t, base+"say", "chat", chat, "text", "hunter2")
	id := fmt.Sprint(c.messages[0].id)
	if _, body, _ := get(t, base+"?chat="+chat+"&edit="+id); !strings.Contains(body, `action="edit"`) || !strings.Contains(body, "hunter2</textarea>") {
		t.Error("no form to edit")
	}
	post(t, base+"edit", "chat", chat, "message", id, "text", "hunter3")
	if raw := string(b.call("getUpdates").Result); !strings.Contains(raw, "edited_message") {
		t.Errorf("the edit did not arrive: %s", raw)
	}
	b.call("deleteMessage", "chat_id", chat, "message_id", id)
	if _, body, _ := get(t, base+"log?chat="+chat); !strings.Contains(body, "deleted by the bot") || strings.Contains(body, "hunter") {
		t.Error("what the bot deleted is not shown so")
	}
	post(t, base+"media", "chat", chat, "kind", "voice")
	if _, body, _ := get(t, base+"log?chat="+chat); !strings.Contains(body, "Voice message") {
		t.Error("no voice message")
	}
	b.Server.mu.Lock()
	m := b.add(c, &message{from: b.me})
	b.attach(m, utterance{media: "document", file: &file{name: `a"b.txt`, kind: "text/plain", data: []byte("hello")}})
	b.Server.mu.Unlock()
	code, body, head := get(t, base+"file?chat="+chat+"&message="+fmt.Sprint(m.id))
	if code != 200 || body != "hello" || !strings.HasPrefix(head.Get("Content-Disposition"), "attachment") {
		t.Errorf("%d %q %v", code, body, head)
	}
	if code, _, _ := get(t, base+"file?chat="+chat+"&message=1"); code != 404 {
		t.Errorf("a file that is not there: %d", code)
	}
	post(t, base+"block", "chat", chat)
	if a := b.call("sendMessage", "chat_id", chat, "text", "x"); a.Code != 403 {
		t.Errorf("sent to who blocked: %+v", a)
	}
}

func TestPageWritesInGroups(t *testing.T) {
	b, base := pageBench(t)
	g := b.chats[b.order[2]]
	omar := g.members[1]
	post(t, base+"say", "chat", fmt.Sprint(g.id), "as", fmt.Sprint(omar.ID()), "text", "@deskbell_bot hi")
	if m := g.messages[0]; m.from.ID != omar.ID() || m.entities[0].Type != "mention" {
		t.Errorf("got %+v", m)
	}
}

func TestPageTellsChanges(t *testing.T) {
	b, base := pageBench(t)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", base+"events", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	next := func() string {
		for lines.Scan() {
			if s, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				return s
			}
		}
		t.Fatal("the stream ended")
		return ""
	}
	first := next()
	b.users[b.order[0]].Say("hi")
	if second := next(); second == first {
		t.Error("the version did not rise")
	}
	b.Close() // ends the stream
	for lines.Scan() {
	}
	if ctx.Err() != nil {
		t.Error("Close does not end the stream")
	}
}

// The page is under a strict policy: no script, style or handler stands in its HTML.
func TestPageHoldsNothingInline(t *testing.T) {
	b, base := pageBench(t)
	b.users[b.order[0]].Say("<script>alert(1)</script> https://example.com")
	for _, lang := range []string{"en", "zh"} {
		_, body, _ := get(t, base+"?lang="+lang)
		if bad := regexp.MustCompile(`(?i)<style|<script(?:[^>]*)>[^<]|\son[a-z]+=|\sstyle=|javascript:`).FindString(body); bad != "" {
			t.Errorf("%s: the page holds %q", lang, bad)
		}
		for _, want := range []string{`role="log"`, `aria-live="polite"`, `<html lang="` + lang + `"`} {
			if !strings.Contains(body, want) {
				t.Errorf("%s: the page lacks %s", lang, want)
			}
		}
	}
	for _, name := range []string{"page.css", "page.js"} {
		if code, body, _ := get(t, base+name); code != 200 || body == "" {
			t.Errorf("%s: %d", name, code)
		}
	}
}

// Both languages have the same words.
func TestPageWords(t *testing.T) {
	for k := range pageWords["en"] {
		if pageWords["zh"][k] == "" {
			t.Errorf("zh lacks %s", k)
		}
	}
	if len(pageWords["en"]) != len(pageWords["zh"]) {
		t.Error("the languages differ in words")
	}
}
