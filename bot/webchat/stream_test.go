package webchat

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
)

func TestStreamResumes(t *testing.T) {
	b := newBench(t, Config{})
	b.send(alice, "1", "one")
	b.send(bob, "2", "not hers")
	b.send(alice, "3", "three")
	f := b.follow(alice, 0)
	f.want("bot 1 one", "bot 3 three", "synced")
	b.send(alice, "4", "four")
	f.want("bot 4 four")
	f.cancel()
	b.send(alice, "5", "five")
	b.follow(alice, 4).want("bot 5 five", "synced")
	b.follow(alice, 1, "Last-Event-ID", "4").want("bot 5 five", "synced")
	b.follow(alice, 5).want("synced")
}

func TestStreamOfALongLog(t *testing.T) {
	b := newBench(t, Config{})
	const n = 2*pageSize + 7
	for i := range n {
		b.send(alice, fmt.Sprint(i), "x")
	}
	f := b.follow(alice, 0)
	for i := range n {
		f.want(fmt.Sprintf("bot %d x", i+1))
	}
	f.want("synced")
	b.follow(alice, n-1).want(fmt.Sprintf("bot %d x", n), "synced")
}

// A tab posts and another answers in step: the POST of one wakes the stream of all.
func TestTabsInStep(t *testing.T) {
	b := newBench(t, Config{Heartbeat: time.Hour})
	one, two := b.follow(alice, 0), b.follow(alice, 0)
	one.want("synced")
	two.want("synced")
	b.say(alice, 1, "hi").ack(t)
	b.send(alice, "o", "hello")
	one.want("user 1 hi", "bot 2 hello")
	two.want("user 1 hi", "bot 2 hello")
}

func TestTypingIsNotLogged(t *testing.T) {
	b := newBench(t, Config{})
	f := b.follow(alice, 0)
	f.want("synced")
	if err := b.channel.Typing(context.Background(), visitor(alice), ""); err != nil {
		t.Fatal(err)
	}
	f.want("typing")
	if b.log.dump() != "" {
		t.Error("logged")
	}
}

func TestErasureResetsOpenAndReturningWidgets(t *testing.T) {
	b := newBench(t, Config{})
	b.say(alice, 1, "my name is Li").ack(t)
	b.send(alice, "o1", "hello")
	open := b.follow(alice, 0)
	open.want("user 1 my name is Li", "bot 2 hello", "synced")
	b.log.erase(visitor(alice))
	b.send(alice, "o2", "Forgotten.")
	open.want("reset", "bot 3 Forgotten.")
	b.follow(alice, 2).want("reset", "bot 3 Forgotten.", "synced")
	b.follow(alice, 0).want("bot 3 Forgotten.", "synced")
}

// The database is another one than the widget's cursor is from: a new demo, a restored backup.
func TestCursorFromElsewhere(t *testing.T) {
	b := newBench(t, Config{})
	f := b.follow(alice, 57)
	f.want("reset", "synced")
	b.send(alice, "o", "hello")
	f.want("bot 1 hello")
}

func TestStreamsAreBounded(t *testing.T) {
	b := newBench(t, Config{Limits: Limits{StreamsPerVisitor: 2, Streams: 3}})
	b.follow(alice, 0).want("synced")
	last := b.follow(alice, 0)
	last.want("synced")
	if got := b.do(http.MethodGet, "/webchat/events", alice, ""); got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") == "" {
		t.Errorf("a third of one visitor: %d", got.status)
	}
	b.follow(bob, 0).want("synced")
	if got := b.do(http.MethodGet, "/webchat/events", bob, ""); got.status != http.StatusTooManyRequests {
		t.Errorf("a fourth of all: %d", got.status)
	}
	last.cancel()
	deadline := time.Now().Add(5 * time.Second)
	for b.do(http.MethodGet, "/webchat/events", alice, "", "Accept", "application/json").status != http.StatusOK {
		if time.Now().After(deadline) {
			t.Fatal("a closed stream is not given back")
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func TestBadCursor(t *testing.T) {
	b := newBench(t, Config{})
	for _, c := range []string{"x", "-1", "99999999999999999999"} {
		if got := b.do(http.MethodGet, "/webchat/events?after="+c, alice, ""); got.status != http.StatusBadRequest {
			t.Errorf("%s: %d", c, got.status)
		}
	}
}

func TestLongPoll(t *testing.T) {
	b := newBench(t, Config{})
	poll := func(after, wait int) (reset bool, events []wireEvent) {
		t.Helper()
		got := b.do(http.MethodGet, fmt.Sprintf("/webchat/events?after=%d&wait=%d", after, wait), alice, "", "Accept", "application/json")
		var out struct {
			Reset  bool
			Events []wireEvent
		}
		if err := json.Unmarshal([]byte(got.body), &out); err != nil || got.status != http.StatusOK || out.Events == nil {
			t.Fatalf("%d %s %v", got.status, got.body, err)
		}
		return out.Reset, out.Events
	}
	if _, evs := poll(0, 0); len(evs) != 0 {
		t.Errorf("%+v", evs)
	}
	b.send(alice, "o1", "one")
	if _, evs := poll(0, 20); len(evs) != 1 || evs[0].Seq != 1 {
		t.Errorf("%+v", evs)
	}
	go func() {
		time.Sleep(20 * time.Millisecond)
		b.send(alice, "o2", "two")
	}()
	if _, evs := poll(1, 20); len(evs) != 1 || evs[0].Seq != 2 {
		t.Errorf("%+v", evs)
	}
	b.log.erase(visitor(alice))
	if reset, evs := poll(2, 20); !reset || len(evs) != 0 {
		t.Errorf("%v %+v", reset, evs)
	}
}

func TestOneBrokenEventDoesNotHideTheOthers(t *testing.T) {
	b := newBench(t, Config{})
	ctx := context.Background()
	for _, e := range []bot.WebEvent{
		{Ref: "1", Kind: kindBot, Payload: []byte(`{`)},
		{Ref: "2", Kind: "of tomorrow", Payload: []byte(`{}`)},
		{Ref: "3", Kind: kindFile, Payload: []byte(`{}`)},
	} {
		if _, err := b.log.AppendWebEvent(ctx, visitor(alice), e); err != nil {
			t.Fatal(err)
		}
	}
	b.send(alice, "o", "hello")
	b.follow(alice, 0).want("bot 4 hello", "synced")
}
