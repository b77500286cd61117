package slack_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/bottest"
	"github.com/deskbell/deskbell/bot/slack"
	"github.com/deskbell/deskbell/bot/slack/slacktest"
)

// memory is a Receiver that keeps everything in memory and forgets nothing.
type memory struct {
	mu      sync.Mutex
	items   []bot.Incoming
	seen    map[string]bool
	known   map[string]bool
	refuse  func(bot.Incoming) bool // a batch with such an item is not stored
	before  func()                  // called before storing
	changed chan struct{}
}

func newMemory() *memory {
	return &memory{seen: map[string]bool{}, known: map[string]bool{}, changed: make(chan struct{}, 1)}
}

func (m *memory) Cursor(context.Context, string) (string, error) { return "", nil }

func (m *memory) Receive(_ context.Context, b bot.Batch) ([]bot.Receipt, error) {
	m.mu.Lock()
	before := m.before
	m.mu.Unlock()
	if before != nil {
		before()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, in := range b.Items {
		if m.refuse != nil && m.refuse(in) {
			return nil, errors.New("memory: refused")
		}
	}
	receipts := make([]bot.Receipt, len(b.Items))
	for i, in := range b.Items {
		switch {
		case in.OnlyKnown && !m.known[in.Address.Key]:
			receipts[i].Ignored = true
			continue
		case m.seen[in.ExternalID]:
			receipts[i].Duplicate = true
			continue
		}
		m.seen[in.ExternalID], m.known[in.Address.Key] = true, true
		m.items = append(m.items, in)
		receipts[i].Arrival = int64(len(m.items))
	}
	select {
	case m.changed <- struct{}{}:
	default:
	}
	return receipts, nil
}

func (m *memory) snapshot() []bot.Incoming {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]bot.Incoming(nil), m.items...)
}

// world is a fake Slack with a channel connected to it.
type world struct {
	t    *testing.T
	s    *slacktest.Server
	ch   *slack.Channel
	in   *memory
	logs *bottest.Log
	stop func()
}

// pace makes Slack hasty, so that tests are.
func pace(o slacktest.Options) slacktest.Options {
	if o.AckTimeout == 0 {
		o.AckTimeout = time.Second
	}
	if o.Retries == nil {
		o.Retries = []time.Duration{0, 100 * time.Millisecond, 500 * time.Millisecond}
	}
	return o
}

func start(t *testing.T, mode slack.Mode, o slacktest.Options) *world {
	t.Helper()
	w := &world{t: t, in: newMemory(), logs: &bottest.Log{}}
	mux := http.NewServeMux()
	front := httptest.NewServer(mux)
	t.Cleanup(front.Close)
	if mode == slack.ModeEvents {
		o.EventsURL = front.URL
	}
	var err error
	if w.s, err = slacktest.Start(pace(o), ""); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.s.Close)
	w.ch, err = slack.New(slack.Config{
		BotToken: slacktest.BotToken, AppToken: slacktest.AppToken, SigningSecret: slacktest.SigningSecret, APIURL: w.s.APIURL(), Mode: mode,
		Timeout: 2 * time.Second, MaxBackoff: 200 * time.Millisecond,
		Log: slog.New(slog.NewTextHandler(io.MultiWriter(w.logs, t.Output()), &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle("/slack/events", w.ch.Events(w.in))
	mux.Handle("/slack/interactivity", w.ch.Interactivity(w.in))
	mux.Handle("/slack/commands", w.ch.Commands(w.in))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.ch.Run(ctx, w.in) }()
	w.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	t.Cleanup(w.stop)
	w.until("connected", func() bool {
		return mode == slack.ModeEvents && w.s.Calls("auth.test") > 0 || w.s.Sockets() == 2
	})
	return w
}

// until waits for a condition.
func (w *world) until(what string, ok func() bool) {
	w.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	w.t.Fatalf("waited in vain: %s", what)
}

// events waits for n stored events and parses them.
func (w *world) events(n int) []bot.Event {
	w.t.Helper()
	w.until(fmt.Sprintf("%d events", n), func() bool { return len(w.in.snapshot()) >= n })
	items := w.in.snapshot()
	if len(items) != n {
		w.t.Fatalf("%d events, want %d: %+v", len(items), n, items)
	}
	out := make([]bot.Event, n)
	for i, in := range items {
		e, err := w.ch.Parse(in.Doc)
		if err != nil {
			w.t.Fatalf("parse of %s: %v", in.ExternalID, err)
		}
		out[i] = e
	}
	return out
}

func (w *world) settled() {
	w.t.Helper()
	w.until("no delivery is under way", func() bool { return w.s.Idle() })
	if c := w.s.Complaints(); len(c) > 0 {
		w.t.Errorf("Slack complains: %q", c)
	}
}

// inBothModes runs a test over Socket Mode and over the Events API.
func inBothModes(t *testing.T, o slacktest.Options, test func(t *testing.T, w *world)) {
	for _, mode := range []slack.Mode{slack.ModeSocket, slack.ModeEvents} {
		t.Run(string(mode), func(t *testing.T) { t.Parallel(); test(t, start(t, mode, o)) })
	}
}

func TestDirectMessage(t *testing.T) {
	inBothModes(t, slacktest.Options{Locale: "zh-CN"}, func(t *testing.T, w *world) {
		li := w.s.User("Li Na")
		m := li.DM("我的卡 <b> & a@example.com 怎么办?")
		e := w.events(1)[0]
		if e.Kind != bot.EventMessage || e.Text != "我的卡 <b> & a@example.com 怎么办?" || e.MessageID != m.TS || !e.Private || e.Thread != "" || e.Deletable {
			t.Errorf("event %+v", e)
		}
		if e.User != (bot.User{ID: li.ID, Name: "Li Na", Username: "li.na", Language: "zh-Hans"}) {
			t.Errorf("user %+v", e.User)
		}
		if time.Since(e.At).Abs() > time.Minute {
			t.Errorf("at %v", e.At)
		}
		in := w.in.snapshot()[0]
		want := bot.Address{Channel: "slack", Account: slacktest.TeamID, Key: "dm:" + m.Channel}
		if in.Address != want || in.ExternalID != "msg:"+m.Channel+":"+m.TS {
			t.Errorf("address %+v, id %q", in.Address, in.ExternalID)
		}
		ts, err := w.ch.Send(t.Context(), bot.Delivery{OutboxID: "o1", Address: in.Address, Author: bot.ByBot, Text: "**Hi** & [site](https://example.com)", Attempt: 1})
		if err != nil || ts == "" {
			t.Fatalf("send: %q, %v", ts, err)
		}
		if p := li.Expect(t, "Hi & site"); p.TS != ts || p.OutboxID != "o1" || p.ThreadTS != "" {
			t.Errorf("post %+v", p)
		}
		w.settled()
		w.events(1) // the bot's own message, of which Slack tells, is not taken
	})
}

func TestChannelThread(t *testing.T) {
	inBothModes(t, slacktest.Options{}, func(t *testing.T, w *world) {
		ann, ben := w.s.User("Ann"), w.s.User("Ben")
		ann.Say("help", "lunch?")
		root := ann.Say("help", "@deskbell what are the fees?")
		other := ben.Say("help", "something else")
		ben.Reply("help", other.TS, "in somebody's thread")
		e := w.events(1)[0] // message and app_mention count once
		if e.Text != "what are the fees?" || e.Thread != root.TS || e.Private {
			t.Errorf("event %+v", e)
		}
		ben.Reply("help", root.TS, "me too")
		e = w.events(2)[1]
		if e.Text != "me too" || e.Thread != root.TS || e.User.ID != ben.ID {
			t.Errorf("event %+v", e)
		}
		addr := w.in.snapshot()[1].Address
		if addr.Key != "thread:"+root.Channel+":"+root.TS {
			t.Errorf("key %q", addr.Key)
		}
		if _, err := w.ch.Send(t.Context(), bot.Delivery{OutboxID: "o1", Address: addr, Thread: e.Thread, Author: bot.ByAgent, AgentName: "Mei", Text: "None.", Attempt: 1}); err != nil {
			t.Fatal(err)
		}
		if p := ann.Expect(t, "Mei\nNone."); p.ThreadTS != root.TS {
			t.Errorf("the answer is not in the thread: %+v", p)
		}
		w.settled()
	})
}

func TestEditAndDelete(t *testing.T) {
	inBothModes(t, slacktest.Options{}, func(t *testing.T, w *world) {
		ann := w.s.User("Ann")
		m := ann.DM("my password is hunter2")
		w.events(1)
		w.s.Unfurl(m) // the same text again
		if err := ann.Edit(m, "never mind"); err != nil {
			t.Fatal(err)
		}
		if e := w.events(2)[1]; e.Kind != bot.EventEdit || e.Text != "never mind" || e.MessageID != m.TS {
			t.Errorf("edit %+v", e)
		}
		if err := ann.Delete(m); err != nil {
			t.Fatal(err)
		}
		if e := w.events(3)[2]; e.Kind != bot.EventDelete || e.MessageID != m.TS || e.Text != "" {
			t.Errorf("deletion %+v", e)
		}
		w.settled()
		for i, in := range w.in.snapshot() {
			if i > 0 && strings.Contains(string(in.Doc), "hunter2") {
				t.Errorf("document %d repeats what was said before: %s", i, in.Doc)
			}
		}
		if strings.Contains(w.logs.String(), "hunter2") {
			t.Error("message text is in the log")
		}
	})
}

func TestButtonsFilesAndStart(t *testing.T) {
	inBothModes(t, slacktest.Options{}, func(t *testing.T, w *world) {
		ann := w.s.User("Ann")
		ann.DM("hello")
		w.events(1)
		addr := w.in.snapshot()[0].Address
		if _, err := w.ch.Send(t.Context(), bot.Delivery{OutboxID: "o1", Address: addr, Text: "Choose", Attempt: 1, Buttons: []bot.Button{
			{Label: "Fees", Action: "ask:fees"}, {Label: "Web site", URL: "https://example.com"}}}); err != nil {
			t.Fatal(err)
		}
		for _, label := range []string{"Web site", "Fees"} {
			if err := ann.Press(label); err != nil {
				t.Fatal(err)
			}
		}
		if e := w.events(2)[1]; e.Kind != bot.EventButton || e.Action != "ask:fees" || e.User.ID != ann.ID || !e.Private {
			t.Errorf("button %+v", e)
		}
		ann.Share("receipt.png", []byte("png"), "here it is")
		if e := w.events(3)[2]; e.Kind != bot.EventMessage || e.Media != "photo" || e.Text != "here it is" {
			t.Errorf("file %+v", e)
		}
		ann.OpenHome()
		ann.OpenHome()
		if e := w.events(4)[3]; e.Kind != bot.EventStart {
			t.Errorf("home %+v", e)
		}
		w.settled()
		w.events(4)
		for i, in := range w.in.snapshot() {
			for _, s := range []string{"verification-token", "response_url", "/actions/", "url_private"} {
				if strings.Contains(string(in.Doc), s) {
					t.Errorf("document %d keeps %s: %s", i, s, in.Doc)
				}
			}
		}
	})
}

func TestSlashCommand(t *testing.T) {
	inBothModes(t, slacktest.Options{}, func(t *testing.T, w *world) {
		ann := w.s.User("Ann")
		dm := ann.DM("hello").Channel
		w.events(1)
		reply, err := ann.Command("/deskbell", "help", "what are the fees & <limits>?")
		if err != nil || !strings.Contains(reply, "direct message") {
			t.Errorf("reply %q, %v", reply, err)
		}
		e := w.events(2)[1]
		if e.Kind != bot.EventMessage || e.Text != "what are the fees & <limits>?" || !e.Private {
			t.Errorf("event %+v", e)
		}
		if in := w.in.snapshot()[1]; in.Address.Key != "dm:"+dm || !strings.HasPrefix(in.ExternalID, "cmd:") {
			t.Errorf("command goes to %q as %q", in.Address.Key, in.ExternalID)
		}
		w.in.mu.Lock()
		w.in.refuse = func(bot.Incoming) bool { return true }
		w.in.mu.Unlock()
		if reply, err := ann.Command("/deskbell", "", "again"); err == nil && !strings.Contains(reply, "try again") {
			t.Errorf("a lost command is answered %q", reply)
		}
	})
}

// TestAcknowledgedAfterReceive is design rule 2: while storing takes its time or fails, Slack gets no acknowledgement, and
// repeats.
func TestAcknowledgedAfterReceive(t *testing.T) {
	inBothModes(t, slacktest.Options{AckTimeout: 400 * time.Millisecond}, func(t *testing.T, w *world) {
		release := make(chan struct{})
		w.in.before = func() { <-release }
		w.s.User("Ann").DM("hello")
		time.Sleep(200 * time.Millisecond)
		for _, d := range w.s.Deliveries() {
			if d.Acked {
				t.Errorf("acknowledged before it was stored: %+v", d)
			}
		}
		close(release)
		w.events(1)
		w.settled()
		failures := 2
		w.in.mu.Lock()
		w.in.before = nil
		w.in.refuse = func(bot.Incoming) bool { failures--; return failures >= 0 }
		w.in.mu.Unlock()
		w.s.User("Ann").DM("once more")
		w.events(2)
		w.settled()
		if w.ch.Stats().Retries == 0 || w.ch.Stats().Unacked == 0 {
			t.Errorf("stats %+v", w.ch.Stats())
		}
	})
}

func TestRepeatedEventsCountOnce(t *testing.T) {
	inBothModes(t, slacktest.Options{}, func(t *testing.T, w *world) {
		w.s.Duplicate(3)
		ann := w.s.User("Ann")
		for i := range 3 {
			ann.DM(fmt.Sprint("message ", i))
		}
		for i, e := range w.events(3) {
			if e.Text != fmt.Sprint("message ", i) {
				t.Errorf("event %d is %q", i, e.Text)
			}
		}
		w.settled()
		w.events(3)
	})
}

func TestNotUnderstoodIsKeptAndAcknowledged(t *testing.T) {
	inBothModes(t, slacktest.Options{}, func(t *testing.T, w *world) {
		w.s.Emit(map[string]any{"type": "team_join", "user": map[string]any{"id": "U0NEW00001", "note": "hunter2"}})
		w.s.EmitRaw("interactive", map[string]any{"type": "view_submission", "team": map[string]any{"id": slacktest.TeamID}})
		want := 2
		if strings.HasSuffix(t.Name(), "socket") { // over HTTP each kind has its own address
			w.s.EmitRaw("hologram", map[string]any{"type": "wave"})
			want++
		}
		w.until("all kept", func() bool { return len(w.in.snapshot()) == want })
		w.settled()
		for _, in := range w.in.snapshot() {
			if in.Address.Key != "" || !strings.HasPrefix(in.ExternalID, "other:") || strings.Contains(string(in.Doc), "hunter2") {
				t.Errorf("kept %+v %s", in, in.Doc)
			}
			if _, err := w.ch.Parse(in.Doc); err == nil {
				t.Error("parsed what is not understood")
			}
		}
		for _, d := range w.s.Deliveries() {
			if !d.Acked || d.Attempt != 0 {
				t.Errorf("delivery %+v", d)
			}
		}
	})
}

func TestPoisonDoesNotBlockItsNeighbours(t *testing.T) {
	inBothModes(t, slacktest.Options{Retries: []time.Duration{0}}, func(t *testing.T, w *world) {
		w.in.refuse = func(in bot.Incoming) bool { return strings.Contains(string(in.Doc), "poison") }
		ann := w.s.User("Ann")
		for _, text := range []string{"one", "poison", "two", "three"} {
			ann.DM(text)
		}
		w.events(3)
	})
}

func TestSocketsAreReplaced(t *testing.T) {
	w := start(t, slack.ModeSocket, slacktest.Options{})
	ann := w.s.User("Ann")
	n := 0
	say := func() { n++; ann.DM(fmt.Sprint("message ", n)) }
	say()
	w.s.Disconnect("warning", 1)
	say()
	w.s.Disconnect("refresh_requested", 0) // both at once
	say()
	w.until("two new sockets", func() bool { return w.s.Sockets() == 2 })
	say()
	w.s.Drop()
	say() // sent while no socket may be open: it comes as a repetition
	w.events(n)
	w.until("two sockets again", func() bool { return w.s.Sockets() == 2 })
	say()
	w.events(n)
	w.settled()
}

func TestSocketComesBackAfterAnOutage(t *testing.T) {
	w := start(t, slack.ModeSocket, slacktest.Options{})
	w.s.Fail("apps.connections.open", slacktest.Fault{Times: 4, Status: http.StatusBadGateway})
	w.s.Drop()
	w.until("gone", func() bool { return w.s.Sockets() < 2 })
	w.until("two sockets again", func() bool { return w.s.Sockets() == 2 })
	w.s.User("Ann").DM("still there?")
	w.events(1)
}

func TestStopStoresWhatWasRead(t *testing.T) {
	w := start(t, slack.ModeSocket, slacktest.Options{AckTimeout: 3 * time.Second})
	reached := make(chan struct{}, 1)
	release := make(chan struct{})
	w.in.before = func() { reached <- struct{}{}; <-release }
	w.s.User("Ann").DM("on the doorstep")
	<-reached
	go func() { time.Sleep(100 * time.Millisecond); close(release) }()
	w.stop()
	w.events(1)
	w.until("acknowledged", func() bool { ds := w.s.Deliveries(); return len(ds) == 1 && ds[0].Acked })
}
