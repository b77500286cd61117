package bottest

import (
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/guard"
	"github.com/deskbell/deskbell/handoff"
)

func eraseTests() []storeTest {
	return []storeTest{{"erase/everything but the reply", eraseAll}, {"erase/while sending", eraseSending}}
}

func eraseAll(t *testing.T, s Stores) {
	k, other := NewTalk(t, s, "a"), NewTalk(t, s, "b")
	other.Escalate("secret of another", "o1")
	k.Escalate("secret one", "p1")
	k.Deliver()
	k.Escalate("secret two", "p2") // not sent yet
	_, err := s.Web.AppendWebEvent(t.Context(), k.Address, bot.WebEvent{Ref: "w1", Kind: "message", Payload: []byte(`{"text":"secret"}`), At: k.Now})
	noError(t, err)
	ask := Item(k.Address, "forget", Said("m9", "secret: forget me"), k.Tick())
	ask.Expect = guard.State{Expect: guard.Password, Until: k.Now.Add(time.Hour), Turns: 3}
	k.Accept(ask)
	c, d := k.Begin()
	d.Turn.Erase = true
	d.Turn.State = bot.State{Asked: "secret"}
	d.Turn.Questions = []bot.Question{{Text: "secret", Outcome: bot.Unknown}}
	Reply(&d, "bye", "All forgotten.")
	k.Hear(Said("m10", "a new beginning")) // meanwhile
	k.Commit(c, d)

	ms := k.Messages()
	if len(ms) != 1 || ms[0].Text != "All forgotten." {
		t.Errorf("messages after the erasure: %+v", ms)
	}
	h := k.Handoff()
	equal(t, "context", h.Context, bot.Escalation{Reason: bot.ReasonAsked, Priority: 3, Lang: "en"})
	equal(t, "user", []string{h.User.Name, h.User.Username, h.LastText}, []string{"", "", "All forgotten."})
	es, err := s.Store.Expectations(t.Context(), []bot.Address{k.Address})
	noError(t, err)
	equal(t, "expectations", es, map[bot.Address]guard.State{})
	web, err := s.Web.WebEvents(t.Context(), k.Address, 0, 10)
	noError(t, err)
	equal(t, "web events", len(web), 0)
	misses, err := s.Reports.Misses(t.Context(), 10)
	noError(t, err)
	if len(misses) != 1 || misses[0].Conversation != other.Conv {
		t.Errorf("misses %+v", misses)
	}
	equal(t, "sent", ids(k.Deliver()), []string{"bye"})
	c, d = k.Begin()
	equal(t, "what came meanwhile", []any{len(d.Events), d.Events[0].Text}, []any{1, "a new beginning"})
	equal(t, "state", d.Conversation.State, bot.State{})
	k.Commit(c, d)
	equal(t, "a duplicate is still known", k.Accept(ask)[0].Duplicate, true)
	equal(t, "another's conversation", other.Messages()[0].Text, "secret of another")
}

func eraseSending(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	k.Answer("secret", "p1", "secret")
	p := k.TakeOne()
	forget := func(d *bot.Decided) { d.Turn.Erase = true }
	k.Turn(forget, Said("m9", "forget me"))
	k.Settle(p, bot.Settlement{Status: bot.StatusSent, PlatformID: "x", Text: "secret"})
	equal(t, "messages", len(k.Messages()), 0)

	k.Answer("secret", "p2", "secret")
	p = k.TakeOne()
	k.Turn(forget, Said("m10", "forget me"))
	k.Settle(p, bot.Settlement{Status: bot.StatusPending, ReadyAt: k.Now})
	equal(t, "tried again after the erasure", len(k.Take()), 0)
}

func otherTests() []storeTest {
	return []storeTest{{"weblog", webLog}, {"agents", agents}}
}

func webLog(t *testing.T, s Stores) {
	a, b := Address("a"), Address("b")
	add := func(to bot.Address, ref string) int64 {
		seq, err := s.Web.AppendWebEvent(t.Context(), to, bot.WebEvent{Ref: ref, Kind: "message", Payload: []byte(`{"text":"` + ref + `"}`), At: start})
		noError(t, err)
		return seq
	}
	first := add(a, "r1")
	if first < 1 {
		t.Errorf("first Seq %d", first)
	}
	add(b, "r1")
	second := add(a, "r2")
	equal(t, "a repeated ref", add(a, "r1"), first)
	if second <= first {
		t.Errorf("Seq %d after %d", second, first)
	}
	es, err := s.Web.WebEvents(t.Context(), a, 0, 10)
	noError(t, err)
	equal(t, "log", es, []bot.WebEvent{
		{Seq: first, Ref: "r1", Kind: "message", Payload: []byte(`{"text":"r1"}`), At: start},
		{Seq: second, Ref: "r2", Kind: "message", Payload: []byte(`{"text":"r2"}`), At: start},
	})
	es, err = s.Web.WebEvents(t.Context(), a, first, 10)
	noError(t, err)
	equal(t, "after the first", len(es), 1)
	es, err = s.Web.WebEvents(t.Context(), a, 0, 1)
	noError(t, err)
	equal(t, "limited", es[0].Seq, first)
	if _, err := s.Web.AppendWebEvent(t.Context(), a, bot.WebEvent{Kind: "message", Payload: []byte("{}")}); err == nil {
		t.Error("an event without a ref was taken")
	}
}

func agents(t *testing.T, s Stores) {
	a := anna()
	a.CreatedAt = start
	noError(t, s.Agents.AddAgent(t.Context(), bert(), "hash-b"))
	noError(t, s.Agents.AddAgent(t.Context(), a, "hash-a"))
	twin := bert()
	twin.ID, twin.Login = "twin", "ANNA@example.com"
	wantError(t, "a login twice", s.Agents.AddAgent(t.Context(), twin, "x"), bot.ErrConflict)
	got, hash, err := s.Agents.AgentByLogin(t.Context(), " Anna@Example.com")
	noError(t, err)
	equal(t, "agent", got, a)
	equal(t, "hash", hash, "hash-a")
	got, err = s.Agents.Agent(t.Context(), "bert")
	noError(t, err)
	equal(t, "by id", got, bert())
	noError(t, s.Agents.SetPassword(t.Context(), "anna", "hash-2"))
	noError(t, s.Agents.SetDisabled(t.Context(), "anna", true))
	a.Disabled = true
	got, hash, err = s.Agents.AgentByLogin(t.Context(), a.Login)
	noError(t, err)
	equal(t, "changed agent", got, a)
	equal(t, "changed hash", hash, "hash-2")
	all, err := s.Agents.ListAgents(t.Context())
	noError(t, err)
	equal(t, "all", all, []handoff.Agent{a, bert()})

	_, _, err = s.Agents.AgentByLogin(t.Context(), "nobody")
	wantError(t, "by login", err, bot.ErrNotFound)
	_, err = s.Agents.Agent(t.Context(), "nobody")
	wantError(t, "by id", err, bot.ErrNotFound)
	wantError(t, "set password", s.Agents.SetPassword(t.Context(), "nobody", "x"), bot.ErrNotFound)
	wantError(t, "set disabled", s.Agents.SetDisabled(t.Context(), "nobody", true), bot.ErrNotFound)
}
