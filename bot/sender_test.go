package bot

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot/guard"
	"github.com/deskbell/deskbell/intents/lang"
)

// oneParcel is a store that holds one parcel and records how it was settled.
type oneParcel struct {
	Store
	mu      sync.Mutex
	parcels []Parcel
	settled []Settlement
	gone    bool
}

func (s *oneParcel) Take(context.Context, time.Time, int, ...string) ([]Parcel, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ps := s.parcels
	s.parcels = nil
	return ps, nil
}

func (s *oneParcel) Settle(_ context.Context, _ string, res Settlement, _ time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settled = append(s.settled, res)
	return nil
}

func (s *oneParcel) MayLeave(context.Context, string) (bool, error) { return !s.gone, nil }

func (s *oneParcel) Messages(context.Context, ConversationID) ([]Message, error) { return nil, nil }

// mouth is a channel that says what it is told and answers with err.
type mouth struct {
	err   error
	boom  bool
	spoke []Delivery
}

func (*mouth) Name() string                { return "mouth" }
func (*mouth) Policy() guard.Policy        { return guard.Policy{} }
func (*mouth) Parse([]byte) (Event, error) { return Event{}, nil }
func (m *mouth) Send(_ context.Context, d Delivery) (string, error) {
	if m.boom {
		panic("a secret text")
	}
	m.spoke = append(m.spoke, d)
	return "p1", m.err
}

func TestSenderSettles(t *testing.T) {
	rel := smallLibrary(t)
	after := func(d time.Duration) time.Time { return monday.Add(d) }
	tests := []struct {
		name   string
		parcel Parcel
		err    error
		boom   bool
		want   SendStatus
		repeat bool
		ready  time.Time // not before
		spoke  int
		then   bool
	}{
		{name: "sent", parcel: Parcel{Text: "hello"}, want: StatusSent, spoke: 1},
		{name: "placeholder filled in", parcel: Parcel{Text: "see {{contact.website}}"}, want: StatusSent, spoke: 1},
		{name: "foreign link held back", parcel: Parcel{Text: "see https://evil.example.net"}, want: StatusHeld, then: true},
		{name: "foreign link on a button", parcel: Parcel{Text: "see", Buttons: []Button{{Label: "x", URL: "https://evil.example.net"}}}, want: StatusHeld, then: true},
		{name: "agent's foreign link", parcel: Parcel{Author: ByAgent, Text: "call +44 20 7946 0999"}, want: StatusHeld},
		{name: "unknown placeholder", parcel: Parcel{Text: "see {{contact.nobody}}"}, want: StatusHeld, then: true},
		{name: "an agent may write braces", parcel: Parcel{Author: ByAgent, Text: "{{what}}"}, want: StatusSent, spoke: 1},
		{name: "rate limited", parcel: Parcel{Text: "hi", Attempts: 1}, err: &SendError{Outcome: NotSent, RetryAfter: 7 * time.Second, Err: errors.New("429")}, want: StatusPending, ready: after(7 * time.Second), spoke: 1},
		{name: "given up", parcel: Parcel{Text: "hi", Attempts: maxAttempts}, err: &SendError{Outcome: NotSent, Err: errors.New("down")}, want: StatusFailed, spoke: 1},
		{name: "rejected", parcel: Parcel{Text: "hi", Attempts: 1}, err: &SendError{Outcome: Rejected, Err: errors.New("400")}, want: StatusFailed, spoke: 1},
		{name: "gone", parcel: Parcel{Text: "hi", Attempts: 1}, err: &SendError{Outcome: Gone, Err: errors.New("403")}, want: StatusFailed, spoke: 1},
		{name: "may have arrived", parcel: Parcel{Text: "hi", Attempts: 1}, err: errors.New("EOF"), want: StatusPending, repeat: true, spoke: 1},
		{name: "may have arrived twice", parcel: Parcel{Text: "hi", Attempts: 2, Repeat: true}, err: errors.New("EOF"), want: StatusUncertain, spoke: 1},
		{name: "panic in the channel", parcel: Parcel{Text: "hi", Attempts: 1}, boom: true, want: StatusPending, repeat: true},
		{name: "cannot delete", parcel: Parcel{Kind: ParcelDelete, MessageID: "m"}, want: StatusFailed, then: true},
		{name: "transcript without upload", parcel: Parcel{Kind: ParcelTranscript}, want: StatusSent, spoke: 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := tt.parcel
			p.ID, p.Address.Channel, p.Lang = "1-0", "mouth", lang.En
			if p.Author == "" {
				p.Author = ByBot
			}
			if p.Kind == "" {
				p.Kind = ParcelMessage
			}
			store, ch := &oneParcel{parcels: []Parcel{p}}, &mouth{err: tt.err, boom: tt.boom}
			s := NewSender(SenderConfig{Store: store, Channels: []Channel{ch}, Release: func() *Release { return rel }, Bus: NewBus(),
				Now: func() time.Time { return monday }, Log: slog.New(slog.DiscardHandler), Observe: Unobserved{}})
			if n, err := s.Step(t.Context()); n != 1 || err != nil {
				t.Fatalf("Step = %d, %v", n, err)
			}
			if len(store.settled) != 1 {
				t.Fatalf("settled %d times", len(store.settled))
			}
			got := store.settled[0]
			if got.Status != tt.want || got.Repeat != tt.repeat || got.ReadyAt.Before(tt.ready) || (got.Then != nil) != tt.then {
				t.Errorf("settled %+v", got)
			}
			if len(ch.spoke) != tt.spoke {
				t.Errorf("the channel was called %d times, want %d", len(ch.spoke), tt.spoke)
			}
		})
	}
}

// manyParcels is a store whose parcels are all ready, each of a conversation of its own.
type manyParcels struct{ oneParcel }

func (s *manyParcels) Take(_ context.Context, _ time.Time, limit int, busy ...string) (out []Parcel, _ error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.parcels = slices.DeleteFunc(s.parcels, func(p Parcel) bool {
		if len(out) == limit || slices.Contains(busy, p.Address.Channel) {
			return false
		}
		out = append(out, p)
		return true
	})
	return out, nil
}

// deaf is a channel that does not answer until it is told to.
type deaf struct {
	mouth
	until chan struct{}
}

func (*deaf) Name() string { return "deaf" }
func (d *deaf) Send(context.Context, Delivery) (string, error) {
	<-d.until
	return "p", nil
}

type loud struct {
	mouth
	said chan string
}

func (l *loud) Send(_ context.Context, d Delivery) (string, error) {
	l.said <- d.Text
	return "p", nil
}

func TestAChannelThatDoesNotAnswerStopsNoOther(t *testing.T) {
	rel := smallLibrary(t)
	store := &manyParcels{}
	for range 3 * sendParallel {
		store.parcels = append(store.parcels, Parcel{Address: Address{Channel: "deaf"}, Kind: ParcelMessage, Author: ByBot, Text: "hi"})
	}
	store.parcels = append(store.parcels, Parcel{Address: Address{Channel: "mouth"}, Kind: ParcelMessage, Author: ByBot, Text: "hello"})
	silent, other := &deaf{until: make(chan struct{})}, &loud{said: make(chan string, 1)}
	s := NewSender(SenderConfig{Store: store, Channels: []Channel{silent, other}, Release: func() *Release { return rel }, Bus: NewBus(),
		Now: func() time.Time { return monday }, Log: slog.New(slog.DiscardHandler), Observe: Unobserved{}})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	select {
	case <-other.said:
	case <-time.After(10 * time.Second):
		t.Error("the other channel waits for the one that does not answer")
	}
	close(silent.until)
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestNoAddressLeavesAsAnAgentsName(t *testing.T) {
	rel := smallLibrary(t)
	for name, want := range map[string]string{"Mei": "Mei", "mei@example.com": "", "Mei www.evil.example.net": "", "+44 20 7946 0999": ""} {
		store := &oneParcel{parcels: []Parcel{{ID: "1-0", Address: Address{Channel: "mouth"}, Kind: ParcelMessage, Author: ByAgent, AgentName: name, Text: "hi"}}}
		ch := &mouth{}
		s := NewSender(SenderConfig{Store: store, Channels: []Channel{ch}, Release: func() *Release { return rel }, Bus: NewBus(),
			Now: func() time.Time { return monday }, Log: slog.New(slog.DiscardHandler), Observe: Unobserved{}})
		if _, err := s.Step(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(ch.spoke) != 1 || ch.spoke[0].AgentName != want {
			t.Errorf("%q: sent %+v", name, ch.spoke)
		}
		file := string(Transcript([]Message{{Author: ByAgent, AgentName: name, Text: "hi"}}, rel, lang.En, monday).Data)
		if want == "" && strings.Contains(file, name) {
			t.Errorf("%q stands in the transcript", name)
		}
	}
}

func TestSenderDropsWhatMayNoLongerLeave(t *testing.T) {
	rel := smallLibrary(t)
	store := &oneParcel{gone: true, parcels: []Parcel{{ID: "1-0", Address: Address{Channel: "mouth"}, Kind: ParcelMessage, Author: ByBot, Text: "hi"}}}
	ch := &mouth{}
	s := NewSender(SenderConfig{Store: store, Channels: []Channel{ch}, Release: func() *Release { return rel }, Bus: NewBus(),
		Now: func() time.Time { return monday }, Log: slog.New(slog.DiscardHandler), Observe: Unobserved{}})
	if _, err := s.Step(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(ch.spoke) != 0 || store.settled[0].Status != StatusDropped {
		t.Errorf("said %d, settled %+v", len(ch.spoke), store.settled)
	}
}

func TestSenderRepeatPointsAtTheUsersMessage(t *testing.T) {
	rel := smallLibrary(t)
	store := &oneParcel{parcels: []Parcel{{ID: "1-0", Address: Address{Channel: "mouth"}, Kind: ParcelMessage, Author: ByBot, Text: "hi", MessageID: "m7", Repeat: true}}}
	ch := &mouth{}
	s := NewSender(SenderConfig{Store: store, Channels: []Channel{ch}, Release: func() *Release { return rel }, Bus: NewBus(),
		Now: func() time.Time { return monday }, Log: slog.New(slog.DiscardHandler), Observe: Unobserved{}})
	if _, err := s.Step(t.Context()); err != nil {
		t.Fatal(err)
	}
	if ch.spoke[0].ReplyTo != "m7" {
		t.Errorf("ReplyTo %q", ch.spoke[0].ReplyTo)
	}
}
