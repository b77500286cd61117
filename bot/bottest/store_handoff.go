package bottest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/guard"
	"github.com/deskbell/deskbell/handoff"
)

func handoffTests() []storeTest {
	return []storeTest{
		{"handoff/a taken parcel after the claim", handoffTaken},
		{"handoff/opened by a turn", handoffOpened},
		{"handoff/refreshed while open", handoffRefreshed},
		{"handoff/claim has one winner", handoffOneWinner},
		{"handoff/claim silences the bot", handoffSilence},
		{"handoff/a deletion is done whoever owns", handoffDeletion},
		{"handoff/a retry of the bot is dropped", handoffRetry},
		{"handoff/say and note", handoffSay},
		{"handoff/return", handoffReturn},
		{"handoff/resolve without claiming", handoffResolveWaiting},
		{"handoff/lists", handoffLists},
		{"handoff/unknown", handoffUnknown},
	}
}

func anna() handoff.Agent {
	return handoff.Agent{ID: "anna", Login: "anna@example.com", Name: "Anna", Role: handoff.RoleAgent}
}
func bert() handoff.Agent {
	return handoff.Agent{ID: "bert", Login: "bert@example.com", Name: "Bert", Role: handoff.RoleLead}
}

// change is what a desk does, without a notice.
func (k *Talk) change(id string, a handoff.Agent) handoff.Change {
	return handoff.Change{HandoffID: id, Agent: a, Now: k.Tick()}
}

// notice is what a desk does, with a notice to the user.
func (k *Talk) notice(id string, a handoff.Agent, text string) handoff.Change {
	c := k.change(id, a)
	c.Notice = &bot.Parcel{ID: "n-" + text, Kind: bot.ParcelMessage, Author: bot.ByNotice, Text: text}
	return c
}

func handoffOpened(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	k.Escalate("I want a person", "p1")
	h := k.Handoff()
	if h.ID != "handoff-a-1" || h.Number < 1 || h.Status != handoff.Waiting || h.Address != k.Address || h.User.Name != "Mei Lin" || h.AgentID != "" {
		t.Errorf("handoff %+v", h)
	}
	equal(t, "reason", h.Context.Reason, bot.ReasonAsked)
	equal(t, "open question", h.Context.Open[0].Text, "I want a person")
	equal(t, "last", []string{h.LastText, string(h.LastAuthor)}, []string{"A colleague will be with you.", "bot"})
	if h.OpenedAt.IsZero() || !h.LastAt.Equal(h.OpenedAt) || !h.ClaimedAt.IsZero() || !h.ClosedAt.IsZero() {
		t.Errorf("times %v %v %v %v", h.OpenedAt, h.LastAt, h.ClaimedAt, h.ClosedAt)
	}
	cv := k.Conversation()
	equal(t, "waiting", cv.Waiting, true)
	equal(t, "owner", cv.Owner, bot.OwnerBot)
	same, err := s.Handoffs.Handoff(t.Context(), h.ID)
	noError(t, err)
	equal(t, "by id", same.Number, h.Number)

	b := NewTalk(t, s, "b")
	b.Escalate("me too", "p2")
	if b.Handoff().Number <= h.Number {
		t.Error("numbers do not rise")
	}
}

func handoffRefreshed(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	k.Escalate("one", "p1")
	id := k.Handoff().ID
	k.Escalate("one", "p2")
	k.Turn(func(d *bot.Decided) {
		d.Turn.Handoff = &bot.Escalation{Reason: bot.ReasonSensitive, Topic: "fraud", Priority: 1, Findings: []guard.Kind{guard.PAN},
			Open: []bot.Question{{Text: "money is gone"}}, Answered: []bot.Answered{{Intent: "hours"}}}
	}, Said("9", "money is gone"))
	h := k.Handoff()
	equal(t, "the same handoff", h.ID, id)
	var open []string
	for _, q := range h.Context.Open {
		open = append(open, q.Text)
	}
	equal(t, "open questions", open, []string{"one", "money is gone"})
	equal(t, "reason", []string{string(h.Context.Reason), h.Context.Topic}, []string{"sensitive", "fraud"})
	equal(t, "priority", h.Context.Priority, 1)
	equal(t, "findings", h.Context.Findings, []guard.Kind{guard.PIN, guard.PAN})
	equal(t, "answered", len(h.Context.Answered), 1)
	equal(t, "last", []string{h.LastText, string(h.LastAuthor)}, []string{"money is gone", "user"})
}

func handoffOneWinner(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	k.Escalate("help", "p1")
	id := k.Handoff().ID
	var won, lost atomic.Int32
	var wg sync.WaitGroup
	for i := range 16 {
		a := handoff.Agent{ID: fmt.Sprint("agent", i), Name: fmt.Sprint("Agent ", i)}
		c := handoff.Change{HandoffID: id, Agent: a, Now: k.Now}
		c.Notice = &bot.Parcel{ID: "n-" + a.ID, Author: bot.ByNotice, Text: a.Name + " has joined"}
		wg.Go(func() {
			switch err := s.Handoffs.ClaimHandoff(t.Context(), c); {
			case err == nil:
				won.Add(1)
			default:
				wantError(t, "a lost claim", err, bot.ErrConflict)
				lost.Add(1)
			}
		})
	}
	wg.Wait()
	equal(t, "winners, losers", []int32{won.Load(), lost.Load()}, []int32{1, 15})
	equal(t, "notices", len(k.Messages()), 3)
}

func handoffSilence(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	epoch := k.Conversation().Epoch
	k.Escalate("help", "p1")
	h := k.Handoff()
	noError(t, s.Handoffs.ClaimHandoff(t.Context(), k.notice(h.ID, anna(), "Anna has joined")))

	h = k.Handoff()
	equal(t, "status", []string{string(h.Status), h.AgentID, h.AgentName}, []string{"claimed", "anna", "Anna"})
	equal(t, "claimed at", h.ClaimedAt, k.Now)
	left := k.Deliver()
	if len(left) != 1 || left[0].Author != bot.ByNotice || left[0].Text != "Anna has joined" || left[0].Address != k.Address {
		t.Fatalf("sent after the claim: %+v", left)
	}
	ms := k.Messages()
	equal(t, "the bot's message", []any{ms[1].Text, ms[1].Status}, []any{"A colleague will be with you.", bot.StatusDropped})
	equal(t, "the notice", []any{ms[2].Author, ms[2].Status}, []any{bot.ByNotice, bot.StatusSent})
	cv := k.Conversation()
	if cv.Owner != bot.OwnerHuman || cv.Epoch <= epoch || cv.Waiting {
		t.Errorf("conversation %+v", cv)
	}
}

// handoffTaken: a parcel that was taken and waits for its rate may not leave once somebody has claimed the conversation.
func handoffTaken(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	k.Escalate("help", "p1")
	may := func(id string) bool {
		ok, err := s.Store.MayLeave(t.Context(), id)
		noError(t, err)
		return ok
	}
	equal(t, "before it is taken", may("p1"), false)
	p := k.TakeOne()
	equal(t, "taken", may(p.ID), true)
	noError(t, s.Handoffs.ClaimHandoff(t.Context(), k.change(k.Handoff().ID, anna())))
	equal(t, "after the claim", may(p.ID), false)
	equal(t, "unknown", may("nothing"), false)
	k.Settle(p, bot.Settlement{Status: bot.StatusDropped, Reason: "claimed"})
	equal(t, "left over", len(k.Take()), 0)
}

func handoffDeletion(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	k.Escalate("help", "p1")
	k.Deliver()
	k.Turn(func(d *bot.Decided) {
		Reply(d, "p2", "We never ask for it.")
		d.Parcels = append(d.Parcels, bot.Parcel{ID: "del", Kind: bot.ParcelDelete, Author: bot.ByBot, MessageID: "m9"})
	}, Said("m9", "my password is ⟦password⟧"))
	noError(t, s.Handoffs.ClaimHandoff(t.Context(), k.change(k.Handoff().ID, anna())))
	equal(t, "done after the claim", ids(k.Deliver()), []string{"del"})
}

func handoffRetry(t *testing.T, s Stores) {
	// What the bot would try again later does not hold up what humans say now.
	k := NewTalk(t, s, "a")
	k.Escalate("help", "p1")
	p := k.TakeOne()
	noError(t, s.Handoffs.ClaimHandoff(t.Context(), k.notice(k.Handoff().ID, anna(), "hello a")))
	k.Settle(p, bot.Settlement{Status: bot.StatusPending, ReadyAt: k.Now.Add(time.Hour)})
	equal(t, "sent after the claim", ids(k.Deliver()), []string{"n-hello a"})
	equal(t, "status", k.Messages()[1].Status, bot.StatusDropped)

	c := NewTalk(t, s, "c")
	c.Escalate("help", "p3")
	c.Settle(c.TakeOne(), bot.Settlement{Status: bot.StatusPending, ReadyAt: c.Now.Add(time.Hour)})
	noError(t, s.Handoffs.ClaimHandoff(t.Context(), c.notice(c.Handoff().ID, anna(), "hello c")))
	equal(t, "sent after the claim of a waiting retry", ids(c.Deliver()), []string{"n-hello c"})

	b := NewTalk(t, s, "b")
	b.Escalate("help", "p2")
	b.TakeOne()
	noError(t, s.Handoffs.ClaimHandoff(t.Context(), b.notice(b.Handoff().ID, anna(), "joined")))
	if _, err := s.Store.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	equal(t, "sent after a crash and a claim", ids(b.Deliver()), []string{"n-joined"})
}

func handoffSay(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	in := Said("m1", "help")
	in.Thread = "thread-7"
	k.Turn(func(d *bot.Decided) { d.Turn.Handoff = &bot.Escalation{Reason: bot.ReasonAsked} }, in)
	id := k.Handoff().ID
	say := func(a handoff.Agent, pid string) error {
		return s.Handoffs.Say(t.Context(), k.change(id, a), bot.Parcel{ID: pid, Kind: bot.ParcelMessage, Text: "Hello, " + pid})
	}
	wantError(t, "say before claiming", say(anna(), "s0"), bot.ErrConflict)
	noError(t, s.Handoffs.ClaimHandoff(t.Context(), k.change(id, anna())))
	wantError(t, "say of another agent", say(bert(), "s0"), bot.ErrConflict)
	noError(t, say(anna(), "s1"))
	noError(t, say(anna(), "s1")) // a repeated click
	p := k.TakeOne()
	equal(t, "parcel", []any{p.ID, p.Author, p.AgentName, p.Text, p.Thread, p.Address}, []any{"s1", bot.ByAgent, "Anna", "Hello, s1", "thread-7", k.Address})
	k.Settle(p, bot.Settlement{Status: bot.StatusSent, PlatformID: "x"})
	equal(t, "last", []any{k.Handoff().LastText, k.Handoff().LastAuthor, k.Handoff().LastAt}, []any{"Hello, s1", bot.ByAgent, k.Handoff().LastAt})

	noError(t, s.Handoffs.AddNote(t.Context(), k.change(id, bert()), "called the bank"))
	ms, err := s.Handoffs.Messages(t.Context(), k.Conv)
	noError(t, err)
	m := ms[len(ms)-1]
	equal(t, "note", []any{m.Author, m.AgentName, m.Text, m.Status}, []any{bot.ByNote, "Bert", "called the bank", bot.SendStatus("")})
	equal(t, "messages", len(ms), 3)
	equal(t, "a note leaves", len(k.Take()), 0)
}

func handoffReturn(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	k.Escalate("help", "p1")
	id := k.Handoff().ID
	wantError(t, "return of a waiting one", s.Handoffs.CloseHandoff(t.Context(), k.change(id, anna()), handoff.Returned), bot.ErrConflict)
	noError(t, s.Handoffs.ClaimHandoff(t.Context(), k.change(id, anna())))
	k.Hear(Said("2", "and one more thing"))
	c, d := k.Begin()
	epoch := d.Conversation.Epoch
	if err := s.Handoffs.CloseHandoff(t.Context(), k.change(id, anna()), handoff.Waiting); err == nil {
		t.Error("closed as waiting")
	}
	wantError(t, "return by another", s.Handoffs.CloseHandoff(t.Context(), k.change(id, bert()), handoff.Returned), bot.ErrConflict)
	noError(t, s.Handoffs.CloseHandoff(t.Context(), k.notice(id, anna(), "back to the bot"), handoff.Returned))
	wantError(t, "return twice", s.Handoffs.CloseHandoff(t.Context(), k.change(id, anna()), handoff.Returned), bot.ErrConflict)
	wantError(t, "a turn decided for the human", s.Store.Commit(t.Context(), c, d), bot.ErrConflict)

	c, d = k.Begin()
	cv := d.Conversation
	if cv.Owner != bot.OwnerBot || cv.Epoch <= epoch || cv.Waiting || cv.State.Open != nil || cv.State.Misses != 0 {
		t.Errorf("conversation %+v", cv)
	}
	Reply(&d, "p2", "the bot again")
	k.Commit(c, d)
	equal(t, "sent", ids(k.Deliver()), []string{"n-back to the bot", "p2"})
	h, err := s.Handoffs.Handoff(t.Context(), id)
	noError(t, err)
	equal(t, "status", h.Status, handoff.Returned)
	if h.ClosedAt.IsZero() {
		t.Error("no closing time")
	}
	k.Escalate("again", "p3")
	if k.Handoff().ID == id {
		t.Error("a closed handoff was opened again")
	}
}

func handoffResolveWaiting(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	k.Escalate("help", "p1")
	id := k.Handoff().ID
	noError(t, s.Handoffs.CloseHandoff(t.Context(), k.notice(id, bert(), "solved"), handoff.Resolved))
	h, err := s.Handoffs.Handoff(t.Context(), id)
	noError(t, err)
	equal(t, "handoff", []any{h.Status, h.AgentID}, []any{handoff.Resolved, "bert"})
	equal(t, "what the bot had answered still leaves", ids(k.Deliver()), []string{"p1", "n-solved"})
	equal(t, "waiting", k.Conversation().Waiting, false)
	wantError(t, "claim of a resolved one", s.Handoffs.ClaimHandoff(t.Context(), k.change(id, anna())), bot.ErrConflict)
}

func handoffLists(t *testing.T, s Stores) {
	var ids []string
	var ks []*Talk
	for i, key := range []string{"a", "b", "c"} {
		k := NewTalk(t, s, key)
		k.Now = start.Add(time.Duration(i) * time.Minute)
		k.Escalate("help", "p-"+key)
		ids, ks = append(ids, k.Handoff().ID), append(ks, k)
	}
	list := func(f handoff.Filter) []string {
		hs, err := s.Handoffs.Handoffs(t.Context(), f)
		noError(t, err)
		out := []string{}
		for _, h := range hs {
			out = append(out, h.ID)
		}
		return out
	}
	equal(t, "newest activity first", list(handoff.Filter{}), []string{ids[2], ids[1], ids[0]})
	equal(t, "limit", list(handoff.Filter{Limit: 2}), []string{ids[2], ids[1]})
	ks[0].Now = ks[2].Now
	ks[0].Turn(nil, Said("9", "hello?"))
	equal(t, "after a message", list(handoff.Filter{}), []string{ids[0], ids[2], ids[1]})
	noError(t, s.Handoffs.ClaimHandoff(t.Context(), ks[1].change(ids[1], anna())))
	equal(t, "waiting", list(handoff.Filter{Status: handoff.Waiting}), []string{ids[0], ids[2]})
	equal(t, "of an agent", list(handoff.Filter{AgentID: "anna"}), []string{ids[1]})
	equal(t, "of an agent by status", list(handoff.Filter{AgentID: "anna", Status: handoff.Resolved}), []string{})
	noError(t, s.Handoffs.CloseHandoff(t.Context(), ks[1].change(ids[1], anna()), handoff.Resolved))
	equal(t, "closed ones are not listed", list(handoff.Filter{}), []string{ids[0], ids[2]})
	equal(t, "resolved by an agent", list(handoff.Filter{AgentID: "anna", Status: handoff.Resolved}), []string{ids[1]})
}

func handoffUnknown(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	_, err := s.Handoffs.Handoff(t.Context(), "nobody")
	wantError(t, "get", err, bot.ErrNotFound)
	ch := k.change("nobody", anna())
	wantError(t, "claim", s.Handoffs.ClaimHandoff(t.Context(), ch), bot.ErrNotFound)
	wantError(t, "say", s.Handoffs.Say(t.Context(), ch, bot.Parcel{ID: "x"}), bot.ErrNotFound)
	wantError(t, "note", s.Handoffs.AddNote(t.Context(), ch, "x"), bot.ErrNotFound)
	wantError(t, "close", s.Handoffs.CloseHandoff(t.Context(), ch, handoff.Resolved), bot.ErrNotFound)
}
