package main

import (
	"bufio"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/sqlstore"
	"github.com/deskbell/deskbell/bot/telegram/telegramtest"
	"github.com/deskbell/deskbell/handoff"
	"github.com/deskbell/deskbell/intents/lang"
)

// The rules that never bend, each with a test named after it. Deeper tests stand with the packages; these hold the whole
// program to them.

func session(t *testing.T) *chatSession {
	t.Helper()
	s, err := openChatSession(t.Context(), trained(t), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// receive puts a raw document into the arrivals.
func (s *chatSession) receive(t *testing.T, id, conversation, doc string) bot.Receipt {
	t.Helper()
	rs, err := s.core.intake.Receive(t.Context(), bot.Batch{Items: []bot.Incoming{{
		Address: bot.Address{Channel: "terminal", Account: "local", Key: conversation}, ExternalID: id, Doc: []byte(doc),
	}}})
	if err != nil {
		t.Fatal(err)
	}
	return rs[0]
}

func (s *chatSession) say(t *testing.T, conversation, text string) chatReply {
	t.Helper()
	r, err := s.Say(t.Context(), chatLine{Conversation: conversation, Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// holds lists the files below dir that hold the text.
func holds(t *testing.T, dir, text string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if strings.Contains(string(b), text) {
			out = append(out, filepath.Base(path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestRule1NothingSensitiveRestsOrLeaves(t *testing.T) {
	s := session(t)
	docs := []string{
		`{"text":"我的密码是 hunter2x"}`,
		`{"text":"hello","unknown":{"deep":["my password is hunter2x"]}}`,
		`{"text":["not what a text should be: password hunter2x"]}`,
		`broken {{{ my password is hunter2x`,
	}
	for i, doc := range docs {
		s.receive(t, fmt.Sprint("d", i), fmt.Sprint("c", i), doc)
	}
	s.say(t, "bare", "my password is")
	s.say(t, "bare", "hunter2x")
	if err := s.core.settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if where := holds(t, s.dir, "hunter2x"); len(where) > 0 {
		t.Errorf("the secret rests in %v", where)
	}
	for _, text := range s.channel.sent {
		if strings.Contains(text, "hunter2x") {
			t.Errorf("the secret left: %q", text)
		}
	}
}

// startBinary starts the real binary's serve and returns its address.
func startBinary(t *testing.T, database string) (*exec.Cmd, string) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// The test binary runs main when it is called by the program's name (testscript arranges that).
	link := filepath.Join(t.TempDir(), "deskbell")
	if err := os.Symlink(exe, link); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(link, "serve", "--listen", "127.0.0.1:0", "--database", database)
	cmd.Env = []string{"HOME=" + t.TempDir(), "TMPDIR=" + t.TempDir()}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		if _, rest, ok := strings.Cut(lines.Text(), "address="); ok {
			url, _, _ := strings.Cut(rest, " ")
			go func() { // keep the pipe empty
				for lines.Scan() {
				}
			}()
			return cmd, url
		}
	}
	t.Fatal("the program did not start")
	return nil, ""
}

func TestRule2AcceptedIsDurable(t *testing.T) {
	db := filepath.Join(t.TempDir(), "d.db")
	cmd, url := startBinary(t, db)
	for i := range 5 {
		webPost(t, &program{url: url}, webToken, fmt.Sprintf("%08d-1111-4111-8111-111111111111", i), "How do I add a card?")
	}
	if err := cmd.Process.Kill(); err != nil { // SIGKILL, right after the last acknowledgement
		t.Fatal(err)
	}
	_ = cmd.Wait()
	cmd, url = startBinary(t, db)
	defer func() { _ = cmd.Process.Signal(os.Interrupt); _ = cmd.Wait() }()
	webExpect(t, &program{url: url}, webToken, "00000004-1111", "UnionPay")
}

func TestRule3Once(t *testing.T) {
	s := session(t)
	for range 3 {
		s.receive(t, "same", "c", `{"text":"How do I add a card?"}`)
		if err := s.core.settle(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.channel.sent) != 1 {
		t.Errorf("three deliveries of one event were answered %d times", len(s.channel.sent))
	}
}

func TestRule4InOrder(t *testing.T) {
	s := session(t)
	questions := []string{"How do I add a card?", "what are your fees?", "how do I withdraw money", "how long does a refund take"}
	marks := []string{"UnionPay", "free for personal use", "15:00", "credit card"}
	for i, q := range questions {
		s.receive(t, fmt.Sprint(i), "c", fmt.Sprintf(`{"text":%q}`, q))
		if _, err := s.core.engine.Step(t.Context()); err != nil { // decided one by one, sent together
			t.Fatal(err)
		}
	}
	if err := s.core.settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(s.channel.sent) != len(questions) {
		t.Fatalf("%d replies, want %d", len(s.channel.sent), len(questions))
	}
	for i, m := range marks {
		if !strings.Contains(s.channel.sent[i], m) {
			t.Errorf("reply %d is %q, want the one with %q", i, s.channel.sent[i], m)
		}
	}
}

func TestRule5OneOwner(t *testing.T) {
	s := session(t)
	s.say(t, "c", "talk to a person")
	hs, err := s.core.store.Handoffs(t.Context(), handoff.Filter{})
	if err != nil || len(hs) != 1 {
		t.Fatalf("handoffs %v, %v", hs, err)
	}
	s.receive(t, "late", "c", `{"text":"How do I add a card?"}`)
	if _, err := s.core.engine.Step(t.Context()); err != nil { // decided, in the outbox, not sent
		t.Fatal(err)
	}
	mei := handoff.Agent{ID: "mei", Login: "mei", Name: "Mei", Role: handoff.RoleAgent}
	if err := s.core.store.AddAgent(t.Context(), mei, "!"); err != nil {
		t.Fatal(err)
	}
	if err := s.core.store.ClaimHandoff(t.Context(), handoff.Change{HandoffID: hs[0].ID, Agent: mei, Now: time.Now()}); err != nil {
		t.Fatal(err)
	}
	s.channel.sent = nil
	if err := s.core.settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s.say(t, "c", "what are your fees?"); len(s.channel.sent) != 0 {
		t.Errorf("the bot spoke over a human: %q", s.channel.sent)
	}
	if err := s.core.store.CloseHandoff(t.Context(), handoff.Change{HandoffID: hs[0].ID, Agent: mei, Now: time.Now()}, handoff.Returned); err != nil {
		t.Fatal(err)
	}
	if r := s.say(t, "c", "what are your fees?"); r.Decision != bot.Answer {
		t.Errorf("after the return the bot decided %q", r.Decision)
	}
}

func TestRule6OneAnswerPerBurst(t *testing.T) {
	s := session(t)
	for i, q := range []string{"how long does a refund take?", "where is my refund", "退款多久到账"} {
		s.receive(t, fmt.Sprint(i), "c", fmt.Sprintf(`{"text":%q}`, q))
	}
	if err := s.core.settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(s.channel.sent) != 1 {
		t.Errorf("a burst of three got %d answers: %q", len(s.channel.sent), s.channel.sent)
	}
}

func TestRule7OnlyVettedWordsCarryFacts(t *testing.T) {
	rel := trained(t)
	for _, contact := range []string{"https://okpay.example.net", "call +1 555-0199", "write to help@okpay.example.org", "@okpay_helper"} {
		if v := rel.Library.CheckOutgoing("Please see "+contact, nil); len(v) == 0 {
			t.Errorf("%q would leave", contact)
		}
	}
	// Every answer of the shipped library passes its own check, in every language.
	for _, e := range rel.Library.Entries {
		for _, tag := range []lang.Tag{lang.En, lang.ZhHans, lang.ZhHant} {
			text, err := rel.Library.Render(rel.Library.Text(e.Answer, tag), tag, time.Now())
			if err != nil {
				t.Errorf("%s in %s: %v", e.Intent, tag, err)
			}
			if v := rel.Library.CheckOutgoing(text, []string{e.Intent}); len(v) > 0 {
				t.Errorf("%s in %s would be held back: %v", e.Intent, tag, v)
			}
		}
	}
}

func TestRule8NeverSilence(t *testing.T) {
	s := session(t)
	texts := []string{
		"?", "😀", "/nonsense", "...", "12345", "\u200b", "人", "hello", "谢谢", "asdfghjkl", strings.Repeat("问题 ", 2000),
		"no", "yes", "2", "我的密码是 hunter2x", "kuài diǎn", "/language klingon", "[photo]", "<b>", "{{contact.hotline}}", "**",
	}
	for i, text := range texts {
		if r := s.say(t, fmt.Sprint("c", i), text); len(r.Replies) == 0 {
			t.Errorf("silence on %q", text)
		}
	}
}

func TestRule9TheUsersLanguage(t *testing.T) {
	s := session(t)
	for _, tt := range []struct{ text, want, not string }{
		{"退款多久到账", "信用卡", "credit card"},
		{"how long does a refund take", "credit card", "信用卡"},
		{"退款多久到賬", "儲蓄卡", "储蓄卡"},
		{"talk to a person", "colleague", "客服"},
		{"tallest volcano on Mars", "queue", "排队"},
	} {
		got := strings.Join(s.say(t, "c", tt.text).Replies, "\n")
		if strings.Contains(got, tt.not) {
			t.Errorf("%q was answered in another language: %q", tt.text, got)
		}
		if tt.want != "queue" && !strings.Contains(got, tt.want) {
			t.Errorf("%q was answered %q, want %q in it", tt.text, got, tt.want)
		}
	}
}

func TestRule10DegradeNeverStop(t *testing.T) {
	p := startProgram(t, modes{"poll", "socket"})
	lin := p.telegram.User("Lin", "en")
	for range 2 {
		p.telegram.FailNext("sendMessage", telegramtest.Fault{Status: 429, Text: "Too Many Requests: retry after 1", RetryAfter: 1})
	}
	lin.Say("How long does a refund take?")
	webPost(t, p, webToken, "44444444-4444-4444-8444-444444444444", "How do I add a card?")
	webExpect(t, p, webToken, "UnionPay")
	lin.Expect(t, "credit card")
}

func TestRule11ErasureIsReal(t *testing.T) {
	s := session(t)
	s.say(t, "c", "my dog Bartholomew ate the card, how do I add a card?")
	s.say(t, "c", "Bartholomew says: talk to a person")
	s.say(t, "c", "/forget")
	if r, err := s.Say(t.Context(), chatLine{Conversation: "c", Action: "forget:yes"}); err != nil || len(r.Replies) == 0 {
		t.Fatalf("%v, %v", r, err)
	}
	if err := s.core.store.Backup(context.Background(), filepath.Join(s.dir, "backup.db")); err != nil {
		t.Fatal(err)
	}
	if where := holds(t, s.dir, "Bartholomew"); len(where) > 0 {
		t.Errorf("what was to be forgotten rests in %v", where)
	}
	if err := sqlstore.Check(t.Context(), filepath.Join(s.dir, "backup.db")); err != nil {
		t.Errorf("the backup: %v", err)
	}
}
