package webchat

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/guard"
)

func TestNewRefusesWrongConfig(t *testing.T) {
	log := &memLog{}
	for name, c := range map[string]Config{
		"no log":           {},
		"site":             {Log: log, Site: "a b"},
		"origin with path": {Log: log, AllowedOrigins: []string{"https://a.example/x"}},
		"header injection": {Log: log, AllowedOrigins: []string{"https://a.example; script-src *"}},
		"bare host":        {Log: log, AllowedOrigins: []string{"a.example"}},
	} {
		if _, err := New(c); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	ok := []string{"https://a.example", "http://127.0.0.1:8080", "https://*.a.example", "capacitor:", "http://[::1]:8080", "http://localhost:*"}
	if _, err := New(Config{Log: log, AllowedOrigins: ok}); err != nil {
		t.Error(err)
	}
}

func TestSendIsOnce(t *testing.T) {
	b := newBench(t, Config{})
	b.send(alice, "out-1", "hello")
	b.send(alice, "out-1", "hello")
	b.send(alice, "out-2", "again")
	b.follow(alice, 0).want("bot 1 hello", "bot 2 again", "synced")
}

func TestSendErrors(t *testing.T) {
	b := newBench(t, Config{})
	outcome := func(err error) bot.SendOutcome {
		t.Helper()
		var se *bot.SendError
		if !errors.As(err, &se) {
			t.Fatalf("%v is no SendError", err)
		}
		return se.Outcome
	}
	ctx := context.Background()
	d := bot.Delivery{OutboxID: "o", Address: visitor(alice), Author: bot.ByBot, Text: "secret text"}
	b.log.fail = 1
	_, err := b.channel.Send(ctx, d)
	if outcome(err) != bot.NotSent || !errors.Is(err, errDown) || strings.Contains(err.Error(), d.Text) {
		t.Errorf("log down: %v", err)
	}
	note := d
	note.Author = bot.ByNote
	if _, err := b.channel.Send(ctx, note); outcome(err) != bot.Rejected {
		t.Errorf("a note must never leave: %v", err)
	}
	other := d
	other.Address.Account = "elsewhere"
	if _, err := b.channel.Send(ctx, other); outcome(err) != bot.Rejected {
		t.Errorf("other site: %v", err)
	}
	if _, err := b.channel.Upload(ctx, d, bot.File{Data: make([]byte, maxFile+1)}); outcome(err) != bot.Rejected {
		t.Errorf("large file: %v", err)
	}
	if b.log.dump() != "" {
		t.Errorf("logged: %s", b.log.dump())
	}
}

func TestAnswerNeverStandsBeforeItsQuestion(t *testing.T) {
	b := newBench(t, Config{})
	sent := make(chan struct{})
	b.intake.during = func() { // the engine is faster than the POST
		go func() {
			defer close(sent)
			b.send(alice, "out-1", "answer")
		}()
		time.Sleep(20 * time.Millisecond)
	}
	b.say(alice, 1, "question").ack(t)
	<-sent
	b.follow(alice, 0).want("user 1 question", "bot 2 answer", "synced")
}

func TestAnswerDoesNotWaitForEver(t *testing.T) {
	b := newBench(t, Config{})
	key := visitor(alice).Key
	leave, err := b.channel.lanes.enter(context.Background(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer leave()
	b.send(alice, "out-1", "answer")
	b.follow(alice, 0).want("bot 1 answer", "synced")
}

func TestDelete(t *testing.T) {
	b := newBench(t, Config{})
	a := b.say(alice, 1, "my password is hunter2").ack(t)
	for range 2 {
		if err := b.channel.Delete(context.Background(), visitor(alice), a.ID); err != nil {
			t.Fatal(err)
		}
	}
	b.follow(alice, 0).want("user 1 my password is ⟦password⟧", "deleted 2 "+a.ID, "synced")
}

func TestUploadAndFile(t *testing.T) {
	b := newBench(t, Config{})
	d := bot.Delivery{OutboxID: "o", Address: visitor(alice), Author: bot.ByBot, Text: "Here it is"}
	f := bot.File{Name: "对话.txt", Type: "text/plain; charset=utf-8", Data: []byte("you: hi")}
	for range 2 {
		if _, err := b.channel.Upload(context.Background(), d, f); err != nil {
			t.Fatal(err)
		}
	}
	b.follow(alice, 0).want("file 1 Here it is", "synced")
	got := b.do(http.MethodGet, "/webchat/file/1", alice, "")
	if got.status != http.StatusOK || got.body != "you: hi" {
		t.Fatalf("got %d %q", got.status, got.body)
	}
	for h, want := range map[string]string{
		"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Content-Type": "text/plain",
		"Content-Security-Policy": "sandbox",
	} {
		if !strings.Contains(got.header.Get(h), want) {
			t.Errorf("%s: %q", h, got.header.Get(h))
		}
	}
	for name, got := range map[string]answer{
		"another visitor's": b.do(http.MethodGet, "/webchat/file/1", bob, ""),
		"no such":           b.do(http.MethodGet, "/webchat/file/2", alice, ""),
		"not a number":      b.do(http.MethodGet, "/webchat/file/x", alice, ""),
	} {
		if got.status != http.StatusNotFound {
			t.Errorf("%s: %d", name, got.status)
		}
	}
	if got := b.do(http.MethodGet, "/webchat/file/1", "", ""); got.status != http.StatusUnauthorized {
		t.Errorf("without a token: %d", got.status)
	}
}

func TestNothingStoredHoldsTheToken(t *testing.T) {
	b := newBench(t, Config{})
	b.do(http.MethodPost, "/webchat/start", alice, `{"client_id":"`+clientID(9)+`"}`).ack(t)
	b.say(alice, 1, "hi").ack(t)
	b.send(alice, "out-1", "hello", bot.Button{Label: "Yes", Action: "yes"})
	b.do(http.MethodPost, "/webchat/actions", alice, `{"client_id":"`+clientID(2)+`","action":"yes","message":3}`).ack(t)
	stored := b.log.dump() + b.intake.dump()
	if strings.Contains(stored, alice) {
		t.Errorf("the token is stored: %s", stored)
	}
	if !strings.Contains(stored, visitor(alice).Key) {
		t.Error("nothing is stored: the test tests nothing")
	}
}

func TestPolicy(t *testing.T) {
	p := newBench(t, Config{}).channel.Policy()
	if !p.Said([]string{"text"}) || p.Said([]string{"name"}) || p.Said([]string{"x", "text"}) {
		t.Error("only text is said")
	}
	key := visitor(alice).Key
	for _, c := range []struct {
		path, value string
		id          bool
	}{
		{"visitor", key, true},
		{"visitor", "visitor:hunter2", false},
		{"client_id", clientID(1), true},
		{"client_id", "4111111111111111", false},
		{"action", "ask:card_lost", true},
		{"action", "my password is hunter2", false},
		{"action", "4111111111111111", false},
		{"kind", "message", true},
		{"kind", "hunter2", false},
		{"lang", "zh-Hans", true},
		{"lang", "hunter2", false},
		{"sent_at", "2026-01-02T03:04:05.123Z", true},
		{"sent_at", "123456", false},
		{"text", "message", false},
		{"name", "Li", false},
	} {
		if got := p.ID([]string{c.path}, c.value); got != c.id {
			t.Errorf("ID(%s, %q) = %v", c.path, c.value, got)
		}
	}
	if p.ID([]string{"x", "kind"}, "message") {
		t.Error("nested keys are not ours")
	}
}

func TestSaidFailsClosed(t *testing.T) {
	for name, doc := range map[string]string{"empty": "", "no JSON": "hunter2", "the guard's own": `{"guard_failure":true}`, "other kind": `{"kind":"start","text":"hunter2"}`} {
		e := said(bot.Receipt{Doc: []byte(doc)})
		if strings.Contains(e.Text, "hunter2") || len(e.Findings) != 1 || e.Findings[0] != guard.Failure {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

func TestRunEndsStreams(t *testing.T) {
	bus := bot.NewBus()
	b := newBench(t, Config{Bus: bus, Heartbeat: time.Hour})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.channel.Run(ctx) }()
	f := b.follow(alice, 0)
	f.want("synced")
	// Another process wrote: only the bus tells. Publishing again covers the moment before Run has subscribed.
	if _, err := b.log.AppendWebEvent(ctx, visitor(alice), bot.WebEvent{Ref: "x", Kind: kindBot, Payload: []byte(`{"text":"hi"}`)}); err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	go func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond):
				bus.Publish(bot.Change{Kind: bot.ChangeSent, Address: visitor(alice)})
			}
		}
	}()
	f.want("bot 1 hi")
	close(stop)
	cancel()
	f.want("end")
	if err := <-done; err != nil {
		t.Error(err)
	}
	if got := b.do(http.MethodGet, "/webchat/events", alice, ""); got.status != http.StatusServiceUnavailable {
		t.Errorf("a stopped channel opens no stream: %d", got.status)
	}
}

func TestHeartbeatFindsWhatNobodyTold(t *testing.T) {
	b := newBench(t, Config{Heartbeat: 10 * time.Millisecond})
	f := b.follow(alice, 0)
	f.want("synced")
	if _, err := b.log.AppendWebEvent(context.Background(), visitor(alice), bot.WebEvent{Ref: "x", Kind: kindBot, Payload: []byte(`{"text":"hi"}`)}); err != nil {
		t.Fatal(err)
	}
	f.want("bot 1 hi")
}
