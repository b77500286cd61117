package webchat

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/guard"
)

const (
	alice = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	bob   = "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"
)

var errDown = errors.New("down")

func clientID(n int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", n) }

func visitor(token string) bot.Address {
	key, _ := VisitorKey(token)
	return bot.Address{Channel: Name, Account: "web", Key: key}
}

// memLog is a bot.WebLog in memory. Its seqs are never used again, as the contract says.
type memLog struct {
	mu     sync.Mutex
	last   int64
	events map[bot.Address][]bot.WebEvent
	fail   int // so many calls of AppendWebEvent fail
}

func (m *memLog) AppendWebEvent(_ context.Context, a bot.Address, e bot.WebEvent) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail > 0 {
		m.fail--
		return 0, errDown
	}
	for _, have := range m.events[a] {
		if have.Ref == e.Ref {
			return have.Seq, nil
		}
	}
	m.last++
	e.Seq = m.last
	m.events[a] = append(m.events[a], e)
	return e.Seq, nil
}

func (m *memLog) WebEvents(_ context.Context, a bot.Address, after int64, limit int) ([]bot.WebEvent, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []bot.WebEvent
	for _, e := range m.events[a] {
		if e.Seq > after && len(out) < limit {
			out = append(out, e)
		}
	}
	return out, nil
}

func (m *memLog) erase(a bot.Address) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.events, a)
}

func (m *memLog) dump() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var b strings.Builder
	for a, evs := range m.events {
		for _, e := range evs {
			fmt.Fprintf(&b, "%+v %d %s %s %s\n", a, e.Seq, e.Ref, e.Kind, e.Payload)
		}
	}
	return b.String()
}

// memReceiver stands for the intake: it masks "hunter2", but only the first time an event comes, like a guard whose
// expectation is over when the event is repeated.
type memReceiver struct {
	mu     sync.Mutex
	docs   map[string]bot.Receipt
	order  []string
	fail   int
	during func() // called while an event is being received
}

func (m *memReceiver) Receive(_ context.Context, b bot.Batch) ([]bot.Receipt, error) {
	if m.during != nil {
		m.during()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail > 0 {
		m.fail--
		return nil, errDown
	}
	in := b.Items[0]
	if rc, ok := m.docs[in.ExternalID]; ok {
		return []bot.Receipt{{Arrival: rc.Arrival, Duplicate: true, Doc: rc.Doc}}, nil
	}
	rc := bot.Receipt{Arrival: int64(len(m.docs) + 1), Doc: in.Doc}
	if bytes.Contains(in.Doc, []byte("hunter2")) {
		rc.Doc = bytes.ReplaceAll(in.Doc, []byte("hunter2"), []byte(guard.Mark(guard.Password)))
		rc.Findings = []guard.PathFinding{{Path: "text", Finding: guard.Finding{Kind: guard.Password}}}
	}
	m.docs[in.ExternalID] = rc
	m.order = append(m.order, in.ExternalID)
	return []bot.Receipt{rc}, nil
}

func (m *memReceiver) Cursor(context.Context, string) (string, error) { return "", nil }

func (m *memReceiver) dump() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var b strings.Builder
	for id, rc := range m.docs {
		fmt.Fprintf(&b, "%s %s\n", id, rc.Doc)
	}
	return b.String()
}

// bench is a channel with its server, log and receiver.
type bench struct {
	t       *testing.T
	log     *memLog
	intake  *memReceiver
	channel *Channel
	url     string
}

func newBench(t *testing.T, c Config) *bench {
	t.Helper()
	b := &bench{t: t, log: &memLog{events: map[bot.Address][]bot.WebEvent{}}, intake: &memReceiver{docs: map[string]bot.Receipt{}}}
	c.Log = b.log
	ch, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	b.channel = ch
	srv := httptest.NewServer(ch.Handler(b.intake))
	t.Cleanup(srv.Close)
	b.url = srv.URL
	return b
}

type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) ack(t *testing.T) ack {
	t.Helper()
	var out ack
	if err := json.Unmarshal([]byte(a.body), &out); err != nil || a.status != http.StatusOK {
		t.Fatalf("want an acknowledgement, got %d %s", a.status, a.body)
	}
	return out
}

func (b *bench) do(method, path, token, body string, headers ...string) answer {
	b.t.Helper()
	req, err := http.NewRequest(method, b.url+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(data)}
}

func (b *bench) say(token string, n int, text string) answer {
	b.t.Helper()
	body, err := json.Marshal(map[string]any{"client_id": clientID(n), "text": text, "lang": "en"})
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do(http.MethodPost, "/webchat/messages", token, string(body))
}

func (b *bench) send(token, outboxID, text string, buttons ...bot.Button) {
	b.t.Helper()
	_, err := b.channel.Send(context.Background(), bot.Delivery{OutboxID: outboxID, Address: visitor(token), Author: bot.ByBot, Text: text, Buttons: buttons})
	if err != nil {
		b.t.Fatal(err)
	}
}

// follower reads a stream of server-sent events.
type follower struct {
	t      *testing.T
	lines  chan string
	cancel context.CancelFunc
}

func (b *bench) follow(token string, after int64, headers ...string) *follower {
	b.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	b.t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s/webchat/events?after=%d", b.url, after), nil)
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	if ct := res.Header.Get("Content-Type"); res.StatusCode != http.StatusOK || !strings.HasPrefix(ct, "text/event-stream") {
		b.t.Fatalf("stream: %d %s", res.StatusCode, ct)
	}
	f := &follower{t: b.t, lines: make(chan string, 1000), cancel: cancel}
	go func() {
		defer close(f.lines)
		defer res.Body.Close()
		sc := bufio.NewScanner(res.Body)
		for sc.Scan() {
			f.lines <- sc.Text()
		}
	}()
	return f
}

// next returns the next event as its type and, for messages, "type seq text".
func (f *follower) next() string {
	f.t.Helper()
	kind := ""
	for {
		select {
		case line, ok := <-f.lines:
			if !ok {
				return "end"
			}
			if k, ok := strings.CutPrefix(line, "event: "); ok {
				kind = k
			}
			if data, ok := strings.CutPrefix(line, "data: "); ok {
				if kind != "message" {
					return kind
				}
				return summary(f.t, data)
			}
		case <-time.After(5 * time.Second):
			f.t.Fatal("the stream says nothing")
		}
	}
}

func summary(t *testing.T, data string) string {
	t.Helper()
	var e wireEvent
	if err := json.Unmarshal([]byte(data), &e); err != nil {
		t.Fatal(err)
	}
	text := e.Text + e.Target
	for _, b := range e.Blocks {
		for _, s := range b.Spans {
			text += s.Text
		}
	}
	return fmt.Sprintf("%s %d %s", e.Kind, e.Seq, text)
}

func (f *follower) want(events ...string) {
	f.t.Helper()
	for _, w := range events {
		if got := f.next(); got != w {
			f.t.Fatalf("stream: got %q, want %q", got, w)
		}
	}
}
