package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/bottest"
	"github.com/deskbell/deskbell/bot/slack/slacktest"
	"github.com/deskbell/deskbell/bot/telegram/telegramtest"
	"github.com/deskbell/deskbell/faq"
	"github.com/deskbell/deskbell/handoff"
)

// program is the whole of Deskbell running against the fake platforms, as `serve` would run it.
type program struct {
	url      string
	dir      string
	server   *server
	telegram *telegramtest.Server
	slack    *slacktest.Server
	desk     *handoff.Service
	log      *bottest.Log
	stop     func()
}

// modes says how events arrive.
type modes struct{ telegram, slack string }

func startProgram(t *testing.T, m modes) *program {
	t.Helper()
	p := &program{dir: t.TempDir(), log: &bottest.Log{}}
	log := newLog(p.log, "debug", "text")
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.url = "http://" + ln.Addr().String()
	p.telegram = telegramtest.New(telegramtest.Options{Log: log, Wait: 30 * time.Second})
	tg := httptest.NewServer(p.telegram)
	so := slacktest.Options{Log: log}
	if m.slack == "events" {
		so.EventsURL = p.url
	}
	if p.slack, err = slacktest.Start(so, ""); err != nil {
		t.Fatal(err)
	}
	cfg, err := loadConfig(map[string]string{
		"database": filepath.Join(p.dir, "deskbell.db"), "public-url": p.url,
		"telegram-token": telegramtest.TestToken, "telegram-api-url": tg.URL, "telegram-mode": m.telegram, "telegram-secret": "a-long-enough-secret",
		"slack-bot-token": slacktest.BotToken, "slack-app-token": slacktest.AppToken, "slack-signing-secret": slacktest.SigningSecret,
		"slack-api-url": p.slack.APIURL(), "slack-mode": m.slack,
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if p.server, err = newServer(t.Context(), serverParts{config: cfg, log: log, release: trained(t)}); err != nil {
		t.Fatal(err)
	}
	p.desk = newDesk(t, p.server)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.server.run(ctx, ln) }()
	p.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("the program did not stop cleanly: %v", err)
		}
		p.telegram.Close()
		tg.Close()
		p.slack.Close()
	})
	t.Cleanup(p.stop)
	return p
}

// newDesk is the agents' side on the same store.
func newDesk(t *testing.T, s *server) *handoff.Service {
	t.Helper()
	svc, err := handoff.NewService(handoff.Config{
		Store: s.core.store, Library: func() *faq.Library { return s.core.release.Library }, Bus: s.core.bus, NewID: newID, Now: time.Now, Log: s.log,
	})
	if err != nil {
		t.Fatal(err)
	}
	return svc
}

func (p *program) addAgent(t *testing.T, login, name string) handoff.Agent {
	t.Helper()
	a := handoff.Agent{ID: login, Login: login, Name: name, Role: handoff.RoleAgent, CreatedAt: time.Now()}
	if err := p.server.core.store.AddAgent(t.Context(), a, "!"); err != nil {
		t.Fatal(err)
	}
	return a
}

// waiting returns the one handoff that waits, once it does.
func (p *program) waiting(t *testing.T) handoff.Handoff {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		hs, err := p.desk.List(t.Context(), handoff.Filter{Status: handoff.Waiting})
		if err != nil {
			t.Fatal(err)
		}
		if len(hs) == 1 {
			return hs[0]
		}
	}
	t.Fatal("no handoff arrived")
	return handoff.Handoff{}
}

// nowhere fails when a secret stands in the data directory or the log.
func (p *program) nowhere(t *testing.T, secrets ...string) {
	t.Helper()
	check := func(where, content string) {
		for _, s := range secrets {
			if strings.Contains(content, s) {
				t.Errorf("%q stands in %s", s, where)
			}
		}
	}
	check("the log", p.log.String())
	err := filepath.WalkDir(p.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		check(filepath.Base(path), string(b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestUserOnEveryChannel is the main job, once for each way events can arrive: answered, refused, handed over.
func TestUserOnEveryChannel(t *testing.T) {
	for _, m := range []modes{{"poll", "socket"}, {"webhook", "events"}} {
		t.Run(m.telegram+" and "+m.slack, func(t *testing.T) {
			p := startProgram(t, m)
			t.Run("telegram", func(t *testing.T) { onTelegram(t, p) })
			t.Run("slack", func(t *testing.T) { onSlack(t, p) })
			t.Run("webchat", func(t *testing.T) { onWebchat(t, p) })
			if polls := len(p.telegram.Calls("getUpdates")); (polls > 0) != (m.telegram == "poll") {
				t.Errorf("Telegram was polled %d times", polls)
			}
			p.stop()
			p.nowhere(t, "hunter2", "Tahiti_33", "4821", "s3cr3t")
			if c := p.slack.Complaints(); len(c) > 0 {
				t.Errorf("Slack complains: %v", c)
			}
		})
	}
}

func onTelegram(t *testing.T, p *program) {
	lin := p.telegram.User("Lin", "zh-hans")
	lin.Say("/start")
	lin.Expect(t, "客服助手")
	lin.Say("退款多久到账？")
	lin.Expect(t, "信用卡", "有帮助吗")
	if err := lin.Press("有帮助"); err != nil {
		t.Fatal(err)
	}
	lin.Expect(t, "很高兴")
	id := lin.Say("我的密码是 hunter2")
	lin.Expect(t, "在保存之前已被移除")
	lin.ExpectDeleted(t, id)
	lin.Say("忘记密码怎么办，还有手续费是多少？")
	lin.Expect(t, "1. ", "2. ")
	lin.Say("/transcript")
	lin.Expect(t, "对话记录")
}

func onSlack(t *testing.T, p *program) {
	kim := p.slack.User("Kim")
	kim.DM("How long does a refund take?")
	kim.Expect(t, "credit card")
	kim.DM("PASSWORD=Tahiti_33")
	kim.Expect(t, "Slack does not let me delete")
	m := kim.Say("help", "@"+slacktest.BotName+" what are your fees?")
	post := kim.Expect(t, "free for personal use")
	if post.ThreadTS != m.TS {
		t.Errorf("the answer stands in thread %q, want %q", post.ThreadTS, m.TS)
	}
	kim.Reply("help", m.TS, "and how do I change my PIN?")
	if post := kim.Expect(t, "Payment PIN"); post.ThreadTS != m.TS {
		t.Errorf("the follow-up is answered in thread %q, want %q", post.ThreadTS, m.TS)
	}
	kim.Say("help", "lunch, anyone?")
	if err := kim.Quiet(500 * time.Millisecond); err != nil {
		t.Errorf("the bot spoke without being asked: %v", err)
	}
}

// webPost sends a visitor's message and returns the decoded answer.
func webPost(t *testing.T, p *program, token, id, text string) map[string]any {
	t.Helper()
	body, err := json.Marshal(map[string]string{"client_id": id, "text": text})
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.url+"/webchat/messages", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	out := map[string]any{}
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("post: status %d, %v, %v", res.StatusCode, err, out)
	}
	return out
}

// webExpect reads the visitor's stream until all parts were seen.
func webExpect(t *testing.T, p *program, token string, parts ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+"/webchat/events?after=0", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var seen strings.Builder
	buf := make([]byte, 4096)
	for {
		n, err := res.Body.Read(buf)
		seen.Write(buf[:n])
		missing := false
		for _, part := range parts {
			missing = missing || !strings.Contains(seen.String(), part)
		}
		if !missing {
			return
		}
		if err != nil {
			t.Fatalf("the stream ended (%v) before %q came; seen:\n%s", err, parts, seen.String())
		}
	}
}

const webToken = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"

func onWebchat(t *testing.T, p *program) {
	webPost(t, p, webToken, "11111111-1111-4111-8111-111111111111", "How do I add a card?")
	webExpect(t, p, webToken, "UnionPay")
	got := webPost(t, p, webToken, "22222222-2222-4222-8222-222222222222", "my pin is 4821")
	if text, _ := got["text"].(string); strings.Contains(text, "4821") {
		t.Errorf("the answer to the post repeats the secret")
	}
	webExpect(t, p, webToken, "before anything was stored")
	// The same message again, as after a lost connection: nothing new comes of it.
	webPost(t, p, webToken, "11111111-1111-4111-8111-111111111111", "How do I add a card?")
}

// TestHandoff takes one conversation through the desk: the bot is silent after the claim and answers again after the return.
func TestHandoff(t *testing.T) {
	p := startProgram(t, modes{"poll", "socket"})
	mei, omar := p.addAgent(t, "mei", "Mei"), p.addAgent(t, "omar", "Omar")
	lin := p.telegram.User("Lin", "zh-hans")
	lin.Say("转人工")
	lin.Expect(t, "转接人工客服")
	h := p.waiting(t)
	if h.Context.Reason != bot.ReasonAsked {
		t.Errorf("reason %q", h.Context.Reason)
	}
	if err := p.desk.Claim(t.Context(), h.ID, mei); err != nil {
		t.Fatal(err)
	}
	lin.Expect(t, "Mei")
	if err := p.desk.Claim(t.Context(), h.ID, omar); err == nil {
		t.Error("two agents claimed the same conversation")
	}
	lin.Say("退款多久到账？")
	lin.ExpectSilence(t, 700*time.Millisecond)
	if err := p.desk.Reply(t.Context(), h.ID, mei, "您好，我来看一下。"); err != nil {
		t.Fatal(err)
	}
	lin.Expect(t, "我来看一下")
	if err := p.desk.Reply(t.Context(), h.ID, mei, "请打开 https://evil.example.net"); err == nil {
		t.Error("a link that is not among the contacts left the desk")
	}
	if err := p.desk.Return(t.Context(), h.ID, mei); err != nil {
		t.Fatal(err)
	}
	lin.Expect(t)
	lin.Say("退款多久到账？")
	lin.Expect(t, "信用卡")
}

// TestStopsAndStartsAgain keeps a conversation over a restart on the same database.
func TestStopsAndStartsAgain(t *testing.T) {
	dir := t.TempDir()
	for i := range 2 {
		cfg, err := loadConfig(map[string]string{"database": filepath.Join(dir, "d.db")}, nil)
		if err != nil {
			t.Fatal(err)
		}
		log := newLog(io.Discard, "error", "text")
		s, err := newServer(t.Context(), serverParts{config: cfg, log: log, release: trained(t)})
		if err != nil {
			t.Fatal(err)
		}
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error, 1)
		go func() { done <- s.run(ctx, ln) }()
		p := &program{url: "http://" + ln.Addr().String()}
		if i == 0 {
			webPost(t, p, webToken, "33333333-3333-4333-8333-333333333333", "How do I add a card?")
		}
		webExpect(t, p, webToken, "How do I add a card?", "UnionPay")
		cancel()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
}
