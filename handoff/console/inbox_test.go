package console

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/handoff"
)

func TestClaimReplyNoteReturnByForms(t *testing.T) {
	w := fullWorld(t)
	b := browse(t, w.console(t, nil).Handler()).signIn("li")
	_, body := b.get("/inbox/h2")
	if !strings.Contains(body, `data-state="waiting"`) || !regexp.MustCompile(`data-testid="reply-text"[^>]* disabled`).MatchString(body) {
		t.Fatal("the reply box is open before the claim")
	}
	steps := []struct{ path, text, wantText string }{
		{"claim", "", "Li has joined"}, {"reply", "Good morning,\r\nI am on it.", "Good morning,<br>I am on it."},
		{"note", "call the bank", "call the bank"}, {"return", "", "talking with the assistant again"},
	}
	for _, s := range steps {
		res, _ := b.post("/inbox/h2/"+s.path, "text", s.text)
		if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/inbox/h2" {
			t.Fatalf("%s: %d to %q", s.path, res.StatusCode, res.Header.Get("Location"))
		}
		if _, body := b.get("/inbox/h2"); !strings.Contains(body, s.wantText) {
			t.Errorf("after %s the page lacks %q", s.path, s.wantText)
		}
	}
	if w.handoffs["h2"].Status != handoff.Returned {
		t.Errorf("status %s", w.handoffs["h2"].Status)
	}
	if strings.Contains(w.log.String(), "I am on it") || strings.Contains(w.log.String(), "call the bank") {
		t.Errorf("message text in the log: %s", w.log.String())
	}
}

func TestScriptGetsTheConversation(t *testing.T) {
	b := browse(t, fullWorld(t).console(t, nil).Handler()).signIn("li")
	b.hdr["X-Part"] = "conversation"
	res, body := b.post("/inbox/h1/claim")
	if res.StatusCode != http.StatusOK || strings.Contains(body, "<html") || !strings.Contains(body, `data-state="mine"`) {
		t.Errorf("claim by script: %d %.300s", res.StatusCode, body)
	}
	b.hdr["X-Part"] = "list"
	if _, body = b.get("/inbox"); strings.Contains(body, "<html") || !strings.Contains(body, `data-testid="group-mine"`) {
		t.Errorf("list by script: %.300s", body)
	}
}

func TestLoserOfAClaimIsToldWho(t *testing.T) {
	k := fullWorld(t).console(t, nil)
	li, ana := browse(t, k.Handler()).signIn("li"), browse(t, k.Handler()).signIn("ana")
	li.post("/inbox/h1/claim")
	for _, part := range []string{"", "conversation"} {
		if part != "" {
			ana.hdr["X-Part"] = part
		}
		res, body := ana.post("/inbox/h1/claim")
		if res.StatusCode != http.StatusConflict || !strings.Contains(body, "Li was faster and has this conversation now.") {
			t.Errorf("part %q: %d %.200s", part, res.StatusCode, body)
		}
	}
	ana.hdr["Accept-Language"] = "zh-CN"
	if _, body := ana.post("/inbox/h1/reply", "text", "hi"); !strings.Contains(body, "Li 抢先一步") || !strings.Contains(body, ">hi</textarea>") {
		t.Errorf("a reply to somebody else's conversation: %.300s", body)
	}
	li.post("/inbox/h1/resolve")
	ana.hdr["Accept-Language"] = "en"
	if _, body := ana.post("/inbox/h1/resolve"); !strings.Contains(body, "Li has already closed this conversation.") {
		t.Error("resolving what is resolved does not say by whom")
	}
}

func TestHeldReplyLosesNothing(t *testing.T) {
	b := browse(t, fullWorld(t).console(t, nil).Handler()).signIn("li")
	tests := []struct{ lang, path, text, want string }{
		{"en", "reply", "Please send me your password", "It asks the user for sensitive data: password."},
		{"zh-CN", "reply", "请把验证码发我", "索要敏感信息"},
		{"en", "reply", "See https://evil.example.net/x <b>", "“https://evil.example.net/x” is not one of our official contacts"},
		{"en", "reply", "card 4111 1111 1111 1111", "It contains sensitive data: card number."},
		{"zh-TW", "reply", "card 4111 1111 1111 1111", "銀行卡號"},
		{"en", "reply", "{{contact.nowhere}}", "A placeholder cannot be filled in"},
		{"en", "reply", "  ", "Write something first."},
		{"en", "note", "his PIN code is 4711", "Not saved"},
	}
	for _, tt := range tests {
		b.hdr["Accept-Language"] = tt.lang
		for _, part := range []string{"", "conversation"} {
			delete(b.hdr, "X-Part")
			if part != "" {
				b.hdr["X-Part"] = part
			}
			res, body := b.post("/inbox/h4/"+tt.path, "text", tt.text)
			if res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, tt.want) || !strings.Contains(body, `data-testid="held"`) {
				t.Errorf("%q: %d, without %q", tt.text, res.StatusCode, tt.want)
			}
			if kept := strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(tt.text) + "</textarea>"; !strings.Contains(body, kept) {
				t.Errorf("%q is lost", tt.text)
			}
		}
	}
}

func TestConversationPage(t *testing.T) {
	_, body := browse(t, fullWorld(t).console(t, nil).Handler()).signIn("ana").get("/inbox/h4")
	for _, want := range []string{
		`&lt;script&gt;alert(1)&lt;/script&gt;<br>My password is <span class="removed">[password removed]</span>`,
		`<strong>Orders</strong>`, `<em>Refund</em>`, `<ol><li>It takes 3 days</li>`, `href="https://bank.example.com"`,
		"deleted on the platform", `data-author="note"`, "not delivered: the user has blocked the bot",
		"Call us at +1 555-0100 if", // rendered though it was not sent yet
		"How to get a refund</a> · 93 %", "did not help", "helped", "99 % sure", "With Li",
		"Yes, that helped", "Note by Ana",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(body, "javascript:alert") && strings.Contains(body, `href="javascript`) {
		t.Error("a script hides in a link")
	}
	if n := strings.Count(body, `class="day"`); n != 2 {
		t.Errorf("%d days, want 2", n)
	}
}

func TestContextCard(t *testing.T) {
	b := browse(t, fullWorld(t).console(t, nil).Handler()).signIn("li")
	_, body := b.get("/inbox/h1")
	card := body[strings.Index(body, `data-testid="card"`):]
	for _, want := range []string{"sensitive matter", "A payment I did not make", "urgent", "陈梅", "@meichen", "Telegram", "Chinese, simplified", "#1041",
		"卡号[card number removed]", "41 %", "gone_entry", "[card number removed] × 2", "[password removed]", "(42 min)"} {
		if !strings.Contains(card, want) {
			t.Errorf("the card lacks %q", want)
		}
	}
	if strings.Contains(card, "/console/library") {
		t.Error("an agent gets links that his role may not follow")
	}
}

func TestListOrder(t *testing.T) {
	b := browse(t, fullWorld(t).console(t, nil).Handler()).signIn("li")
	ids := func(path string) string {
		_, body := b.get(path)
		var out []string
		for _, m := range regexp.MustCompile(`data-id="(h\d)"`).FindAllStringSubmatch(body, -1) {
			out = append(out, m[1])
		}
		return strings.Join(out, " ")
	}
	// waiting: urgent, then high, then the rest by age; mine; others
	if got := ids("/inbox"); got != "h1 h2 h3 h4 h5" {
		t.Errorf("open: %s", got)
	}
	if got := ids("/inbox?view=closed"); got != "h6 h7" {
		t.Errorf("closed: %s", got)
	}
}

func TestEvents(t *testing.T) {
	w := fullWorld(t)
	b := browse(t, w.console(t, nil).Handler()).signIn("li")
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.base+"/inbox/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := b.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if got := res.Header.Get("Content-Type"); !strings.HasPrefix(got, "text/event-stream") {
		t.Fatalf("content type %q", got)
	}
	lines := bufio.NewScanner(res.Body)
	next := func() string {
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				return data
			}
		}
		return "end"
	}
	if got := next(); got != "{}" {
		t.Fatalf("hello: %q", got)
	}
	w.bus.Publish(bot.Change{Kind: bot.ChangeArrival, Conversation: "c-other"}) // not worth a word
	w.bus.Publish(bot.Change{Kind: bot.ChangeSent, Conversation: "c-h4"})
	w.bus.Publish(bot.Change{Kind: bot.ChangeTurn, Conversation: "c-h1"})
	if got := next(); got != `{"list":false,"conversations":["c-h1","c-h4"]}` {
		t.Errorf("gathered: %s", got)
	}
	b.post("/inbox/h1/claim")
	if got := next(); got != `{"list":true,"conversations":["c-h1"]}` {
		t.Errorf("claim: %s", got)
	}
	close(w.done)
	if got := next(); got != "end" {
		t.Errorf("the stream outlives the program: %s", got)
	}
}

func TestEventsOutliveTheServersTimeLimits(t *testing.T) {
	w := newWorld(t)
	k := w.console(t, nil)
	signedIn, _ := browse(t, k.Handler()).post("/login", "login", "li", "password", password)
	srv := httptest.NewUnstartedServer(k.Handler())
	srv.Config.ReadTimeout, srv.Config.WriteTimeout = 100*time.Millisecond, 100*time.Millisecond
	srv.Start()
	defer srv.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, srv.URL+"/inbox/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range signedIn.Cookies() {
		req.AddCookie(c)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	time.Sleep(300 * time.Millisecond)
	w.bus.Publish(bot.Change{Kind: bot.ChangeTurn, Conversation: "late"})
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "late") {
			close(w.done)
			return
		}
	}
	t.Error("the stream ended before the change")
}

func TestStreamNoticesTheEndOfItsSession(t *testing.T) {
	w := newWorld(t)
	k := w.console(t, nil)
	b := browse(t, k.Handler())
	res, _ := b.post("/login", "login", "li", "password", password)
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "/inbox/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range res.Cookies() {
		r.AddCookie(c)
	}
	v := &visit{Request: r}
	if !k.stillSignedIn(v) {
		t.Fatal("the session counts as ended at once")
	}
	w.change("li", func(p *person) { p.Disabled = true })
	if k.stillSignedIn(v) {
		t.Error("a disabled agent goes on listening")
	}
	w.change("li", func(p *person) { p.Disabled = false })
	b.post("/logout")
	if k.stillSignedIn(v) {
		t.Error("the stream outlives the sign-out")
	}
}
