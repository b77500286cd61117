package telegram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/bottest"
	"github.com/deskbell/deskbell/bot/telegram/telegramtest"
)

// memory is a Receiver that keeps everything in memory.
type memory struct {
	mu      sync.Mutex
	items   []bot.Incoming
	seen    map[string]bool
	cursors map[string]string
	batches []bot.Batch
	fail    int // so many calls of Receive fail
}

func newMemory() *memory { return &memory{seen: map[string]bool{}, cursors: map[string]string{}} }

func (m *memory) Receive(_ context.Context, b bot.Batch) ([]bot.Receipt, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail > 0 {
		m.fail--
		return nil, fmt.Errorf("disk full: %w", bot.ErrUnavailable)
	}
	m.batches = append(m.batches, b)
	if b.Cursor != nil {
		m.cursors[b.Cursor.Name] = b.Cursor.Value
	}
	out := make([]bot.Receipt, len(b.Items))
	for i, in := range b.Items {
		out[i].Duplicate = m.seen[in.ExternalID]
		if !out[i].Duplicate {
			m.seen[in.ExternalID] = true
			m.items = append(m.items, in)
		}
	}
	return out, nil
}

func (m *memory) Cursor(_ context.Context, name string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.cursors[name], nil
}

func (m *memory) failNext(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fail = n
}

func (m *memory) all() []bot.Incoming {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]bot.Incoming(nil), m.items...)
}

// texts are the parsed texts so far, in order.
func (m *memory) texts(t *testing.T, c *Channel) []string {
	t.Helper()
	var out []string
	for _, in := range m.all() {
		e, err := c.Parse(in.Doc)
		if err != nil {
			out = append(out, "error")
			continue
		}
		out = append(out, string(e.Kind)+":"+e.Text+e.Action)
	}
	return out
}

// stage is a fake Telegram and a channel that talks to it.
type stage struct {
	fake *telegramtest.Server
	http *httptest.Server
	ch   *Channel
	mem  *memory
	log  *bottest.Log
}

func newStage(t *testing.T, change func(*Config)) *stage {
	t.Helper()
	s := &stage{fake: telegramtest.New(telegramtest.Options{Speed: 20}), mem: newMemory(), log: &bottest.Log{}}
	s.http = httptest.NewServer(s.fake)
	t.Cleanup(func() {
		s.fake.Close()
		s.http.Close()
		if strings.Contains(s.log.String(), s.fake.Token()) {
			t.Error("the token is in the log")
		}
	})
	cfg := Config{
		Token: s.fake.Token(), APIURL: s.http.URL, Log: slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Backoff: 2 * time.Millisecond, SendTimeout: time.Second, PollTimeout: 2 * time.Second,
	}
	if change != nil {
		change(&cfg)
	}
	var err error
	if s.ch, err = New(cfg); err != nil {
		t.Fatal(err)
	}
	return s
}

// run polls in the background until the test ends, or stop is called.
func (s *stage) run(t *testing.T) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.ch.Run(ctx, s.mem) }()
	var once sync.Once
	var err error
	stop = func() error {
		once.Do(func() {
			cancel()
			select {
			case err = <-done:
			case <-time.After(5 * time.Second):
				err = errors.New("Run does not end")
			}
		})
		return err
	}
	t.Cleanup(func() { _ = stop() })
	return stop
}

func (s *stage) wants(t *testing.T, want ...string) {
	t.Helper()
	ok := func() bool { return len(s.mem.all()) >= len(want) }
	s.fake.Await(t, fmt.Sprintf("%d events; log:\n%s", len(want), s.log), ok)
	if got := s.mem.texts(t, s.ch); strings.Join(got, "|") != strings.Join(want, "|") {
		t.Fatalf("received %q, want %q", got, want)
	}
}

func (s *stage) to(u *telegramtest.User) bot.Address {
	return bot.Address{Channel: ChannelName, Account: s.ch.Account(), Key: privateKey(u.ID())}
}

func TestNewRefuses(t *testing.T) {
	ok := Config{Token: telegramtest.TestToken, Webhook: true, Secret: "s", PublicURL: "https://desk.example.com"}
	for name, change := range map[string]func(*Config){
		"no token":       func(c *Config) { c.Token = "" },
		"a wrong token":  func(c *Config) { c.Token = "hunter2:x" },
		"token of words": func(c *Config) { c.Token = "1234:hunter2 hunter2" },
		"a path for URL": func(c *Config) { c.APIURL = "/hunter2" },
		"no secret":      func(c *Config) { c.Secret = "" },
		"a bad secret":   func(c *Config) { c.Secret = "hunter2!" },
		"no public URL":  func(c *Config) { c.PublicURL = "" },
	} {
		cfg := ok
		change(&cfg)
		_, err := New(cfg)
		if err == nil {
			t.Errorf("%s: taken", name)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the error quotes the value: %v", name, err)
		}
	}
	c, err := New(ok)
	if err != nil {
		t.Fatal(err)
	}
	if c.Account() != "110201543" || c.Name() != "telegram" {
		t.Errorf("account %q, name %q", c.Account(), c.Name())
	}
}

func TestPollReceives(t *testing.T) {
	s := newStage(t, nil)
	ann := s.fake.User("Ann", "en")
	ann.Say("/start")
	ann.Say("how do refunds work?")
	s.run(t)
	s.wants(t, "start:", "message:how do refunds work?")
	id := ann.Say("fees")
	ann.Edit(id, "fees?")
	ann.Media("photo", "a receipt")
	s.wants(t, "start:", "message:how do refunds work?", "message:fees", "edit:fees?", "message:a receipt")
	for _, in := range s.mem.all() {
		if in.Address != s.to(ann) || !strings.HasPrefix(in.ExternalID, "update:") || in.ReceivedAt.IsZero() {
			t.Errorf("got %+v", in)
		}
	}
	s.fake.Await(t, "the offset to confirm", func() bool { return s.fake.Pending() == 0 })
	for _, code := range []string{"", "en", "zh"} {
		found := false
		for _, c := range s.fake.Calls("setMyCommands") {
			found = found || c.Params["language_code"] == code && strings.Contains(c.Params["commands"], "transcript")
		}
		if !found {
			t.Errorf("no commands for language %q", code)
		}
	}
}

// Design rule 2: Telegram's offset moves only after the commit.
func TestOffsetMovesOnlyAfterReceive(t *testing.T) {
	s := newStage(t, nil)
	s.mem.failNext(3)
	ann := s.fake.User("Ann", "en")
	ann.Say("one")
	ann.Say("two")
	stop := s.run(t)
	s.wants(t, "message:one", "message:two")
	if !strings.Contains(s.log.String(), "disk full") {
		t.Errorf("the failure is not logged:\n%s", s.log)
	}
	if err := stop(); err != nil {
		t.Errorf("Run ended with %v", err)
	}
	polls := s.fake.Calls("getUpdates")
	first := polls[0].Params["offset"]
	for i := range 4 {
		if got := polls[i].Params["offset"]; got != first {
			t.Errorf("poll %d had offset %s before anything was stored", i, got)
		}
	}
}

func TestOffsetIsReadAtStart(t *testing.T) {
	s := newStage(t, nil)
	ann := s.fake.User("Ann", "en")
	ann.Say("one")
	stop := s.run(t)
	s.wants(t, "message:one")
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	s.mem.mu.Lock()
	cursor := s.mem.cursors["telegram:110201543:offset"]
	s.mem.mu.Unlock()
	ann.Say("two")
	s.run(t)
	s.wants(t, "message:one", "message:two")
	for _, c := range s.fake.Calls("getUpdates") {
		if c.Params["offset"] == cursor {
			return
		}
	}
	t.Errorf("no poll had the stored offset %s", cursor)
}

// After a week of silence ids start anew: the offset is the last id and one, not the largest.
func TestOffsetFollowsRenumbering(t *testing.T) {
	s := newStage(t, nil)
	ann := s.fake.User("Ann", "en")
	s.run(t)
	ann.Say("one")
	s.wants(t, "message:one")
	s.fake.Await(t, "confirmed", func() bool { return s.fake.Pending() == 0 })
	s.fake.Renumber(500)
	ann.Say("two")
	ann.Say("three")
	s.wants(t, "message:one", "message:two", "message:three")
	s.fake.Await(t, "confirmed", func() bool { return s.fake.Pending() == 0 })
}

// One update that cannot be read must not stop the others.
func TestWrecksAreKeptAndPassed(t *testing.T) {
	s := newStage(t, nil)
	ann := s.fake.User("Ann", "en")
	ann.Say("one")
	s.fake.PushRaw("message", `"what is this"`)
	s.fake.PushRaw("message", fmt.Sprintf(`{"message_id":1,"date":1,"chat":{"id":%d,"type":"private"},"from":{"id":%d,"first_name":"Ann"},"paid_media":{"paid_media":[{"type":"hologram"}]}}`, ann.ID(), ann.ID()))
	ann.Say("two")
	s.run(t)
	s.wants(t, "message:one", "error", "message:", "message:two")
	if got := s.mem.all()[1].Address.Key; got != "" {
		t.Errorf("the wreck has the key %q", got)
	}
}

func TestGroupsAreHeardOnlyWhenAddressed(t *testing.T) {
	s := newStage(t, nil)
	ann, bo := s.fake.User("Ann", "en"), s.fake.User("Bo", "zh-hans")
	g := s.fake.Group("Shop", ann, bo)
	s.run(t)
	g.Say(ann, "lunch anyone?")
	asked := g.Say(bo, "@deskbell_bot 怎么退款？")
	g.Say(ann, "/help@deskbell_bot")
	g.Say(ann, "never mind")
	s.wants(t, "message:怎么退款？", "message:/help")
	in := s.mem.all()[0]
	if want := groupKey(g.ID(), bo.ID()); in.Address.Key != want {
		t.Errorf("key %q, want %q", in.Address.Key, want)
	}
	e, err := s.ch.Parse(in.Doc)
	if err != nil || e.ReplyTo != fmt.Sprint(asked) || e.Private || e.Deletable {
		t.Errorf("event %+v, %v", e, err)
	}
	id, err := s.ch.Send(t.Context(), bot.Delivery{Address: in.Address, ReplyTo: e.ReplyTo, Text: "这样", Author: bot.ByBot})
	if err != nil || id == "" {
		t.Fatal(id, err)
	}
	if m := g.Expect(t, "这样"); m.ReplyTo != asked {
		t.Errorf("replied to %d, want %d", m.ReplyTo, asked)
	}
	for _, in := range s.mem.all() {
		if strings.Contains(string(in.Doc), "lunch") || strings.Contains(string(in.Doc), "never mind") {
			t.Errorf("what was not for us was stored: %s", in.Doc)
		}
	}
	s.fake.Await(t, "confirmed all the same", func() bool { return s.fake.Pending() == 0 })
}

func TestTopics(t *testing.T) {
	s := newStage(t, nil)
	ann := s.fake.User("Ann", "en")
	g := s.fake.Group("Shop", ann)
	topic := g.Topic("Payments", nil)
	s.run(t)
	g.SayIn(ann, topic, "just talking")
	g.SayIn(ann, topic, "@deskbell_bot fees?")
	s.wants(t, "message:fees?")
	in := s.mem.all()[0]
	e, err := s.ch.Parse(in.Doc)
	if err != nil || e.Thread != fmt.Sprint(topic) {
		t.Fatalf("%+v %v", e, err)
	}
	if _, err := s.ch.Send(t.Context(), bot.Delivery{Address: in.Address, Thread: e.Thread, Text: "Here."}); err != nil {
		t.Fatal(err)
	}
	if m := g.Expect(t, "Here."); m.Thread != topic {
		t.Errorf("sent to thread %d", m.Thread)
	}
}

func TestButtonsAreAnswered(t *testing.T) {
	s := newStage(t, nil)
	ann := s.fake.User("Ann", "en")
	ann.Say("hi")
	s.run(t)
	s.wants(t, "message:hi")
	if _, err := s.ch.Send(t.Context(), bot.Delivery{Address: s.to(ann), Text: "Which?", Buttons: []bot.Button{
		{Label: "Fees", Action: "ask:fees"}, {Label: "Site", URL: "https://pay.example.com"},
	}}); err != nil {
		t.Fatal(err)
	}
	ann.Expect(t, "Which?")
	if err := ann.Press("Fees"); err != nil {
		t.Fatal(err)
	}
	s.wants(t, "message:hi", "button:ask:fees")
	s.fake.Await(t, "the button to be answered", func() bool { return s.fake.Unanswered() == 0 })
}

func TestBlockedAndGone(t *testing.T) {
	s := newStage(t, nil)
	ann := s.fake.User("Ann", "en")
	ann.Say("hi")
	s.run(t)
	s.wants(t, "message:hi")
	ann.Block()
	s.wants(t, "message:hi", "left:")
	_, err := s.ch.Send(t.Context(), bot.Delivery{Address: s.to(ann), Text: "hello?"})
	outcome(t, err, bot.Gone)
	stranger := s.fake.User("Eve", "en")
	_, err = s.ch.Send(t.Context(), bot.Delivery{Address: s.to(stranger), Text: "hello?"})
	outcome(t, err, bot.Gone)
}

func outcome(t *testing.T, err error, want bot.SendOutcome) *bot.SendError {
	t.Helper()
	var se *bot.SendError
	if !errors.As(err, &se) || se.Outcome != want {
		t.Fatalf("got %v, want outcome %s", err, want)
	}
	if strings.Contains(err.Error(), telegramtest.TestToken) {
		t.Fatalf("the token is in the error: %v", err)
	}
	return se
}

func TestPollSurvives(t *testing.T) {
	for name, f := range map[string]telegramtest.Fault{
		"500": telegramtest.ServerError, "a proxy": telegramtest.ProxyError, "a cut line": telegramtest.Drop,
		"lost answer": telegramtest.DropAfterAccept,
		"nonsense":    {Status: 200, Body: "<html>"},
		"a proxy's 401": {
			Status: 401, Body: "<html>who are you</html>",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, nil)
			ann := s.fake.User("Ann", "en")
			ann.Say("one")
			for range 3 {
				s.fake.FailNext("getUpdates", f)
			}
			s.fake.FailNext("getMe", f)
			s.fake.FailNext("deleteWebhook", f)
			s.fake.FailNext("setMyCommands", f)
			s.run(t)
			s.wants(t, "message:one")
			ann.Say("two")
			s.wants(t, "message:one", "message:two")
		})
	}
}

func TestPollObeysRetryAfter(t *testing.T) {
	s := newStage(t, nil)
	s.fake.User("Ann", "en").Say("one")
	s.fake.FailNext("getUpdates", telegramtest.TooMany(1))
	begun := time.Now()
	s.run(t)
	s.wants(t, "message:one")
	if took := time.Since(begun); took < time.Second {
		t.Errorf("polled again after %s, asked to wait 1 s", took)
	}
}

func TestSecondPollerIsReportedAndOutlived(t *testing.T) {
	s := newStage(t, nil)
	s.run(t)
	s.fake.Await(t, "a poll", func() bool { return s.ch.polled(s) })
	resp, err := http.Get(s.http.URL + "/bot" + s.fake.Token() + "/getUpdates?timeout=0")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	s.fake.User("Ann", "en").Say("one")
	s.wants(t, "message:one")
	if !strings.Contains(s.log.String(), "another program") {
		t.Errorf("409 is not reported:\n%s", s.log)
	}
}

// polled reports that a poll is under way: the commands are set, which is the last call before.
func (c *Channel) polled(s *stage) bool {
	return strings.Contains(s.log.String(), "polling")
}

func TestRefusedTokenIsFatal(t *testing.T) {
	s := newStage(t, func(c *Config) { c.Token = "110201543:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" })
	err := s.ch.Run(t.Context(), s.mem)
	if !errors.Is(err, bot.ErrForbidden) || !strings.Contains(err.Error(), "DESKBELL_TELEGRAM_TOKEN") {
		t.Errorf("got %v", err)
	}
	if strings.Contains(err.Error(), "AAAAAAAA") {
		t.Errorf("the token is in the error: %v", err)
	}
}

func TestTokenRefusedLaterIsWaitedOut(t *testing.T) {
	s := newStage(t, nil)
	s.fake.FailNext("getUpdates", telegramtest.Fault{Status: 401, Text: "Unauthorized"})
	s.fake.FailNext("getUpdates", telegramtest.Fault{Status: 404, Text: "Not Found"})
	s.run(t)
	s.fake.User("Ann", "en").Say("still there?")
	s.wants(t, "message:still there?")
	if !strings.Contains(s.log.String(), "refused now") {
		t.Errorf("the operator is not told:\n%s", s.log)
	}
}

func TestPollDeletesAWebhookFirst(t *testing.T) {
	s := newStage(t, nil)
	resp, err := http.Get(s.http.URL + "/bot" + s.fake.Token() + "/setWebhook?url=http://127.0.0.1:1/x")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	s.run(t)
	s.fake.User("Ann", "en").Say("one")
	s.wants(t, "message:one")
}
