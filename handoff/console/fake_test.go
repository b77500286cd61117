package console

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/alexedwards/scs/v2/memstore"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/faq"
	"github.com/deskbell/deskbell/handoff"
	"github.com/deskbell/deskbell/intents/lang"
)

// world is everything a Console stands on, in memory. It keeps the promises of the interfaces.
type world struct {
	mu       sync.Mutex
	clock    time.Time
	handoffs map[string]*handoff.Handoff
	messages map[bot.ConversationID][]bot.Message
	people   []person
	tallies  []handoff.Tally
	misses   []handoff.Miss
	broken   []handoff.Broken
	tried    Tried
	fail     error // what every store call returns
	bus      *bot.Bus
	done     chan struct{}
	log      strings.Builder
}

type person struct {
	handoff.Agent
	hash string
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.clock
}

func (w *world) Handoffs(_ context.Context, f handoff.Filter) ([]handoff.Handoff, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []handoff.Handoff
	for _, h := range w.handoffs {
		if f.Status == h.Status || f.Status == "" && (h.Status == handoff.Waiting || h.Status == handoff.Claimed) {
			out = append(out, *h)
		}
	}
	slices.SortFunc(out, func(a, b handoff.Handoff) int { return strings.Compare(a.ID, b.ID) })
	return out, w.fail
}

func (w *world) Handoff(_ context.Context, id string) (handoff.Handoff, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	h, ok := w.handoffs[id]
	if !ok {
		return handoff.Handoff{}, fmt.Errorf("handoff %s: %w", id, bot.ErrNotFound)
	}
	return *h, w.fail
}

func (w *world) Messages(_ context.Context, id bot.ConversationID) ([]bot.Message, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.messages[id]), w.fail
}

func (w *world) ClaimHandoff(_ context.Context, c handoff.Change) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	h := w.handoffs[c.HandoffID]
	if h.Status != handoff.Waiting {
		return fmt.Errorf("claim: %w", bot.ErrConflict)
	}
	h.Status, h.AgentID, h.AgentName, h.ClaimedAt = handoff.Claimed, c.Agent.ID, c.Agent.Name, c.Now
	w.add(h, bot.ByNotice, c.Agent.Name, c.Notice.Text, c.Now)
	return nil
}

func (w *world) Say(_ context.Context, c handoff.Change, p bot.Parcel) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	h := w.handoffs[c.HandoffID]
	if h.Status != handoff.Claimed || h.AgentID != c.Agent.ID {
		return fmt.Errorf("say: %w", bot.ErrConflict)
	}
	w.add(h, bot.ByAgent, c.Agent.Name, p.Text, c.Now)
	return nil
}

func (w *world) AddNote(_ context.Context, c handoff.Change, text string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.add(w.handoffs[c.HandoffID], bot.ByNote, c.Agent.Name, text, c.Now)
	return nil
}

func (w *world) CloseHandoff(_ context.Context, c handoff.Change, s handoff.Status) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	h := w.handoffs[c.HandoffID]
	mine := h.Status == handoff.Claimed && h.AgentID == c.Agent.ID
	if !mine && (h.Status != handoff.Waiting || s != handoff.Resolved) {
		return fmt.Errorf("close: %w", bot.ErrConflict)
	}
	h.Status, h.ClosedAt = s, c.Now
	if h.AgentID == "" {
		h.AgentID, h.AgentName = c.Agent.ID, c.Agent.Name
	}
	w.add(h, bot.ByNotice, c.Agent.Name, c.Notice.Text, c.Now)
	return nil
}

func (w *world) add(h *handoff.Handoff, by bot.Author, name, text string, at time.Time) {
	m := bot.Message{ID: int64(len(w.messages[h.Conversation]) + 1), Conversation: h.Conversation, Author: by, AgentName: name, Text: text, At: at}
	if by != bot.ByUser && by != bot.ByNote {
		m.Status = bot.StatusPending
	}
	w.messages[h.Conversation] = append(w.messages[h.Conversation], m)
	h.LastText, h.LastAuthor, h.LastAt = text, by, at
}

func (w *world) AddAgent(context.Context, handoff.Agent, string) error { return nil }

func (w *world) AgentByLogin(_ context.Context, login string) (handoff.Agent, string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fail != nil {
		return handoff.Agent{}, "", w.fail
	}
	for _, p := range w.people {
		if p.Login == login {
			return p.Agent, p.hash, nil
		}
	}
	return handoff.Agent{}, "", fmt.Errorf("agent: %w", bot.ErrNotFound)
}

func (w *world) Agent(context.Context, string) (handoff.Agent, error) {
	return handoff.Agent{}, bot.ErrNotFound
}
func (w *world) ListAgents(context.Context) ([]handoff.Agent, error) { return nil, nil }
func (w *world) SetPassword(context.Context, string, string) error   { return nil }
func (w *world) SetDisabled(context.Context, string, bool) error     { return nil }
func (w *world) Tallies(context.Context, time.Time) ([]handoff.Tally, error) {
	return w.tallies, w.fail
}
func (w *world) Misses(context.Context, int) ([]handoff.Miss, error) { return w.misses, w.fail }
func (w *world) BrokenArrivals(context.Context, int) ([]handoff.Broken, error) {
	return w.broken, w.fail
}

const password = "seven quiet teapots"

// passwordHash is made once: argon2id is slow on purpose.
var passwordHash = sync.OnceValues(func() (string, error) {
	return handoff.NewPasswords().Hash(context.Background(), "li", password)
})

var noon = time.Date(2026, 11, 4, 4, 0, 0, 0, time.UTC) // a Wednesday, noon in Shanghai

func newWorld(t *testing.T) *world {
	t.Helper()
	hash, err := passwordHash()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{clock: noon, handoffs: map[string]*handoff.Handoff{}, messages: map[bot.ConversationID][]bot.Message{},
		bus: bot.NewBus(), done: make(chan struct{})}
	for login, role := range map[string]handoff.Role{"li": handoff.RoleAgent, "ana": handoff.RoleLead, "root": handoff.RoleAdmin, "gone": handoff.RoleAdmin} {
		a := handoff.Agent{ID: "a-" + login, Login: login, Name: strings.ToUpper(login[:1]) + login[1:], Role: role, Disabled: login == "gone"}
		w.people = append(w.people, person{a, hash})
	}
	return w
}

// console makes the Console of the world.
func (w *world) console(t *testing.T, change func(*Config)) *Console {
	t.Helper()
	lib := testLibrary(t)
	log := slog.New(slog.NewTextHandler(&lockedWriter{w: &w.log}, nil))
	n := 0
	svc, err := handoff.NewService(handoff.Config{Store: w, Library: func() *faq.Library { return lib }, Bus: w.bus,
		NewID: func() string { n++; return strconv.Itoa(n) }, Now: w.now, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	c := Config{Service: svc, Agents: w, Reports: w, Sessions: memstore.NewWithCleanupInterval(0), Library: func() *faq.Library { return lib },
		Try: func(context.Context, string) (Tried, error) { return w.tried, w.fail }, Bus: w.bus, Now: w.now, Log: log, Done: w.done}
	if change != nil {
		change(&c)
	}
	k, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

type lockedWriter struct {
	mu sync.Mutex
	w  *strings.Builder
}

func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

// browser is a client with cookies that does not follow redirects by itself.
type browser struct {
	t    *testing.T
	base string
	http *http.Client
	hdr  map[string]string
}

func browse(t *testing.T, h http.Handler) *browser {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t, srv.URL, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		map[string]string{"Accept-Language": "en"}}
}

func (b *browser) do(method, path string, form url.Values) (*http.Response, string) {
	b.t.Helper()
	req, err := http.NewRequest(method, b.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for k, v := range b.hdr {
		req.Header.Set(k, v)
	}
	res, err := b.http.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	var body strings.Builder
	buf := make([]byte, 32<<10)
	for {
		n, err := res.Body.Read(buf)
		body.Write(buf[:n])
		if err != nil {
			break
		}
	}
	return res, body.String()
}

func (b *browser) get(path string) (*http.Response, string) { return b.do("GET", path, nil) }
func (b *browser) post(path string, kv ...string) (*http.Response, string) {
	form := url.Values{}
	for i := 0; i+1 < len(kv); i += 2 {
		form.Set(kv[i], kv[i+1])
	}
	return b.do("POST", path, form)
}

func (b *browser) signIn(login string) *browser {
	b.t.Helper()
	res, body := b.post("/login", "login", login, "password", password)
	if res.StatusCode != http.StatusSeeOther {
		b.t.Fatalf("sign in as %s: %d\n%s", login, res.StatusCode, body)
	}
	return b
}

func testLibrary(t *testing.T) *faq.Library {
	t.Helper()
	lib, err := faq.Load(fstest.MapFS{
		"library.yaml": {Data: []byte("name: {en: Bank, zh-Hans: 银行}\n")},
		"contacts.yaml": {Data: []byte(`contacts:
  - {id: website, kind: url, value: "https://bank.example.com", title: {en: website, zh-Hans: 网站}, owner: web team, verified: 2026-01-01}
  - {id: hotline, kind: phone, value: "+1 555-0100", title: {en: hotline, zh-Hans: 热线}, hours: support, owner: support, verified: 2026-01-01, expires: 2026-11-20}
  - {id: mail, kind: email, value: help@bank.example.com, title: {en: e-mail, zh-Hans: 邮箱}, owner: support, verified: 2025-01-01, expires: 2026-10-01}
schedules:
  - id: support
    title: {en: customer support, zh-Hans: 人工客服}
    zone: Asia/Shanghai
    week: {mon-fri: ["09:00-12:30", "13:30-18:00"]}
    exceptions:
      - {date: 2027-01-01, closed: true, note: {en: New Year's Day, zh-Hans: 元旦}}
`)},
		"entries/money.yaml": {Data: []byte(`topic: money
title: {en: Money back, zh-Hans: 退款}
entries:
  - intent: refund
    title: {en: How to get a refund, zh-Hans: 如何退款}
    phrases:
      en: [how do i get a refund, refund please, i want my money back]
      zh-Hans: [怎么退款, 我要退款]
    answer:
      en: |
        Open **Orders** and choose *Refund*.

        - It takes 3 days
        - See [our website]({{contact.website}})
      zh-Hans: |
        打开**订单**,选择“退款”。

        - 需要 3 天
        - 见[官网]({{contact.website}})
    buttons:
      - ask: fraud
      - human: true
      - {label: {en: Website, zh-Hans: 官网}, url: "{{contact.website}}"}
    related: [fraud]
  - intent: fraud
    title: {en: A payment I did not make, zh-Hans: 不是我本人的交易}
    handoff: sensitive
    priority: 1
    phrases:
      en: [i did not make this payment, somebody stole my money]
      zh-Hans: [这不是我的交易, 我被骗了]
    answer:
      en: We take this seriously.
      zh-Hans: 我们会认真处理。
`)},
	})
	if err != nil {
		t.Fatalf("load the test library: %v", err)
	}
	return lib
}

// openHandoff adds a waiting handoff with a short conversation.
func (w *world) openHandoff(id, name string, number int64, opened time.Time, change func(*handoff.Handoff)) *handoff.Handoff {
	h := &handoff.Handoff{ID: id, Number: number, Conversation: bot.ConversationID("c-" + id), Status: handoff.Waiting, OpenedAt: opened,
		Address: bot.Address{Channel: "telegram", Account: "1", Key: "private:" + id}, User: bot.User{ID: id, Name: name},
		Context: bot.Escalation{Reason: bot.ReasonAsked, Lang: lang.En, Priority: 3}}
	w.handoffs[id] = h
	w.add(h, bot.ByUser, "", "I want a person", opened)
	if change != nil {
		change(h)
	}
	return h
}
