package bottest

import (
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
)

func outboxTests() []storeTest {
	return []storeTest{
		{"outbox/order within a conversation", outboxOrder},
		{"outbox/conversations do not wait for each other", outboxParallel},
		{"outbox/retry later", outboxRetry},
		{"outbox/outcomes", outboxOutcomes},
		{"outbox/recover", outboxRecover},
		{"outbox/settle what is not taken", outboxSettle},
		{"outbox/limit", outboxLimit},
		{"outbox/what is said instead", outboxThen},
	}
}

func outboxOrder(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	k.Turn(func(d *bot.Decided) {
		Reply(d, "p1", "1")
		Reply(d, "p2", "2")
	}, Said("1", "x"))
	k.Answer("y", "p3", "3")
	p := k.TakeOne()
	equal(t, "first", p.ID, "p1")
	equal(t, "while one is being sent", len(k.Take()), 0)
	k.Settle(p, bot.Settlement{Status: bot.StatusSent})
	equal(t, "the rest", ids(k.Deliver()), []string{"p2", "p3"})
}

func outboxParallel(t *testing.T, s Stores) {
	a, b := NewTalk(t, s, "a"), NewTalk(t, s, "b")
	a.Answer("x", "a1", "1")
	b.Answer("x", "b1", "1")
	b.Now = a.Now
	ps, err := s.Store.Take(t.Context(), b.Tick(), 10, "other", a.Address.Channel)
	noError(t, err)
	equal(t, "taken from a busy channel", len(ps), 0)
	ps, err = s.Store.Take(t.Context(), b.Tick(), 10, "other")
	noError(t, err)
	equal(t, "taken", ids(ps), []string{"a1", "b1"})
}

func outboxRetry(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	k.Answer("x", "p1", "1")
	k.Answer("y", "p2", "2")
	p := k.TakeOne()
	equal(t, "repeat at first", p.Repeat, false)
	k.Settle(p, bot.Settlement{Status: bot.StatusPending, ReadyAt: k.Now.Add(time.Minute), Repeat: true, Reason: "429"})
	equal(t, "before its time", len(k.Take()), 0)
	equal(t, "status", k.Messages()[1].Status, bot.StatusPending)
	k.Now = k.Now.Add(time.Minute)
	p = k.TakeOne()
	equal(t, "the same", p.ID, "p1")
	equal(t, "attempts", p.Attempts, 2)
	equal(t, "repeat", p.Repeat, true)
	equal(t, "text", p.Text, "1")
	k.Settle(p, bot.Settlement{Status: bot.StatusPending, ReadyAt: k.Now})
	equal(t, "still a repeat", k.TakeOne().Repeat, true)
}

func outboxOutcomes(t *testing.T, s Stores) {
	for _, status := range []bot.SendStatus{bot.StatusSent, bot.StatusFailed, bot.StatusUncertain, bot.StatusHeld, bot.StatusDropped} {
		k := NewTalk(t, s, string(status))
		k.Answer("x", "1-"+string(status), "text")
		k.Answer("y", "2-"+string(status), "next")
		k.Settle(k.TakeOne(), bot.Settlement{Status: status, Reason: "why"})
		m := k.Messages()[1]
		equal(t, "message", []string{string(m.Status), m.Reason, m.Text}, []string{string(status), "why", "text"})
		equal(t, "next after "+string(status), ids(k.Deliver()), []string{"2-" + string(status)})
	}
}

func outboxRecover(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	k.Answer("x", "p1", "1")
	k.TakeOne()
	n, err := s.Store.Recover(t.Context())
	noError(t, err)
	equal(t, "recovered", n, 1)
	p := k.TakeOne()
	equal(t, "repeat", p.Repeat, true)
	equal(t, "attempts", p.Attempts, 2)
	k.Settle(p, bot.Settlement{Status: bot.StatusSent})
	n, err = s.Store.Recover(t.Context())
	noError(t, err)
	equal(t, "nothing to recover", n, 0)
}

func outboxSettle(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	sent := bot.Settlement{Status: bot.StatusSent}
	wantError(t, "unknown parcel", s.Store.Settle(t.Context(), "nobody", sent, k.Now), bot.ErrNotFound)
	k.Answer("x", "p1", "1")
	wantError(t, "parcel not taken", s.Store.Settle(t.Context(), "p1", sent, k.Now), bot.ErrConflict)
	k.Settle(k.TakeOne(), sent)
	wantError(t, "settled twice", s.Store.Settle(t.Context(), "p1", sent, k.Now), bot.ErrConflict)
}

func outboxThen(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	k.Turn(func(d *bot.Decided) {
		Reply(d, "p1", "call {{contact.gone}}")
		Reply(d, "p2", "did this help?")
	}, Said("1", "x"))
	p := k.TakeOne()
	then := p
	then.ID, then.Text = "p1-i", "I cannot answer that now."
	k.Settle(p, bot.Settlement{Status: bot.StatusHeld, Reason: "expired", Then: &then})
	ms := k.Messages()
	equal(t, "messages", []any{len(ms), ms[1].Status, ms[3].Text, ms[3].Author}, []any{4, bot.StatusHeld, "I cannot answer that now.", bot.ByBot})
	next := k.TakeOne()
	equal(t, "next", []any{next.ID, next.Address, next.Attempts}, []any{"p1-i", k.Address, 1})
	k.Settle(next, bot.Settlement{Status: bot.StatusSent})
	equal(t, "then the rest", ids(k.Deliver()), []string{"p2"})

	k.Escalate("help", "p3")
	p = k.TakeOne()
	noError(t, s.Handoffs.ClaimHandoff(t.Context(), k.change(k.Handoff().ID, anna())))
	then.ID = "p3-i"
	k.Settle(p, bot.Settlement{Status: bot.StatusFailed, Then: &then})
	equal(t, "said over the human", len(k.Take()), 0)
}

func outboxLimit(t *testing.T, s Stores) {
	var last *Talk
	for _, key := range []string{"a", "b", "c"} {
		last = NewTalk(t, s, key)
		last.Answer("x", "p-"+key, "1")
	}
	for _, want := range [][]string{{"p-a", "p-b"}, {"p-c"}, {}} {
		ps, err := s.Store.Take(t.Context(), last.Tick(), 2)
		noError(t, err)
		equal(t, "taken", ids(ps), want)
	}
}
