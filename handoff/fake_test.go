package handoff

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/faq"
	"github.com/deskbell/deskbell/intents/lang"
)

// fakeStore keeps the promises of Store in memory.
type fakeStore struct {
	mu       sync.Mutex
	handoffs map[string]*Handoff
	messages map[bot.ConversationID][]bot.Message
	parcels  []bot.Parcel
}

func newFakeStore(hs ...Handoff) *fakeStore {
	f := &fakeStore{handoffs: map[string]*Handoff{}, messages: map[bot.ConversationID][]bot.Message{}}
	for _, h := range hs {
		f.handoffs[h.ID] = &h
	}
	return f
}

func (f *fakeStore) Handoffs(_ context.Context, flt Filter) ([]Handoff, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []Handoff
	for _, h := range f.handoffs {
		if flt.Status == h.Status || flt.Status == "" && !closed(h.Status) {
			out = append(out, *h)
		}
	}
	return out, nil
}

func (f *fakeStore) Handoff(_ context.Context, id string) (Handoff, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	h, ok := f.handoffs[id]
	if !ok {
		return Handoff{}, fmt.Errorf("handoff %s: %w", id, bot.ErrNotFound)
	}
	return *h, nil
}

func (f *fakeStore) Messages(_ context.Context, id bot.ConversationID) ([]bot.Message, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.messages[id], nil
}

func (f *fakeStore) ClaimHandoff(_ context.Context, c Change) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	h := f.handoffs[c.HandoffID]
	if h.Status != Waiting {
		return fmt.Errorf("claim: %w", bot.ErrConflict)
	}
	h.Status, h.AgentID, h.AgentName, h.ClaimedAt = Claimed, c.Agent.ID, c.Agent.Name, c.Now
	f.parcels = append(f.parcels, *c.Notice)
	return nil
}

func (f *fakeStore) Say(_ context.Context, c Change, p bot.Parcel) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	h := f.handoffs[c.HandoffID]
	if h.Status != Claimed || h.AgentID != c.Agent.ID {
		return fmt.Errorf("say: %w", bot.ErrConflict)
	}
	f.parcels = append(f.parcels, p)
	return nil
}

func (f *fakeStore) AddNote(_ context.Context, c Change, text string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	conv := f.handoffs[c.HandoffID].Conversation
	f.messages[conv] = append(f.messages[conv], bot.Message{Author: bot.ByNote, AgentName: c.Agent.Name, Text: text, At: c.Now})
	return nil
}

func (f *fakeStore) CloseHandoff(_ context.Context, c Change, s Status) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	h := f.handoffs[c.HandoffID]
	mine := h.Status == Claimed && h.AgentID == c.Agent.ID
	if !mine && (h.Status != Waiting || s != Resolved) {
		return fmt.Errorf("close: %w", bot.ErrConflict)
	}
	h.Status, h.ClosedAt = s, c.Now
	f.parcels = append(f.parcels, *c.Notice)
	return nil
}

// library is a small one with a website and a hotline.
func library(t *testing.T) *faq.Library {
	t.Helper()
	lib, err := faq.Load(fstest.MapFS{
		"library.yaml": {Data: []byte("name: {en: Bank, zh-Hans: 银行}\n")},
		"contacts.yaml": {Data: []byte(`contacts:
  - id: website
    kind: url
    value: https://bank.example.com
    title: {en: website, zh-Hans: 网站}
    owner: web
    verified: 2026-01-01
  - id: hotline
    kind: phone
    value: "+1 555-0100"
    title: {en: hotline, zh-Hans: 热线}
    owner: support
    verified: 2026-01-01
schedules:
  - id: support
    title: {en: support, zh-Hans: 客服}
    zone: Asia/Shanghai
    week: {mon-fri: ["09:00-18:00"]}
`)},
		"entries/support.yaml": {Data: []byte(`topic: support
title: {en: Support, zh-Hans: 客服}
entries:
  - intent: refund
    links: ["https://bank.example.com/refund"]
    title: {en: Refund, zh-Hans: 退款}
    phrases:
      en: [how do i get a refund, refund please]
      zh-Hans: [怎么退款, 我要退款]
    answer:
      en: See [the refund page](https://bank.example.com/refund).
      zh-Hans: 请看[退款页面](https://bank.example.com/refund)。
`)},
	})
	if err != nil {
		t.Fatalf("load the test library: %v", err)
	}
	return lib
}

var (
	li   = Agent{ID: "a-li", Login: "li", Name: "Li", Role: RoleAgent}
	ana  = Agent{ID: "a-ana", Login: "ana", Name: "Ana", Role: RoleAgent}
	noon = time.Date(2026, 11, 4, 12, 0, 0, 0, time.UTC)
)

func waiting(id string, tag lang.Tag) Handoff {
	return Handoff{
		ID: id, Number: 7, Conversation: bot.ConversationID("c-" + id), Status: Waiting, OpenedAt: noon,
		Address: bot.Address{Channel: "telegram", Account: "1", Key: "private:1"},
		User:    bot.User{ID: "1", Name: "Mei"},
		Context: bot.Escalation{Reason: bot.ReasonAsked, Lang: tag, Priority: 3},
	}
}

func ids() func() string {
	n := 0
	return func() string { n++; return "p" + strconv.Itoa(n) }
}
