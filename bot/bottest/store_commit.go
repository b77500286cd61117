package bottest

import (
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/guard"
	"github.com/deskbell/deskbell/intents"
	"github.com/deskbell/deskbell/intents/lang"
)

func laneTests() []storeTest {
	return []storeTest{
		{"claim/oldest first, one at a time", claimOrder},
		{"claim/lease", claimLease},
		{"claim/load needs the claim", loadConflict},
		{"claim/first contact", loadFirst},
	}
}

func claimOrder(t *testing.T, s Stores) {
	b, a := NewTalk(t, s, "b"), NewTalk(t, s, "a")
	b.Hear(Said("1", "first"))
	a.Hear(Said("1", "second"))
	b.Hear(Said("2", "third"))
	claim := func() []bot.Claim {
		cs, err := s.Store.Claim(t.Context(), a.Tick(), Lease, 1)
		noError(t, err)
		return cs
	}
	first, second := claim(), claim()
	if len(first) != 1 || first[0].Address != b.Address || len(second) != 1 || second[0].Address != a.Address {
		t.Fatalf("claims %v, %v", first, second)
	}
	equal(t, "claims when all are leased", len(claim()), 0)
	d := b.Load(first[0])
	equal(t, "burst", len(d.Burst), 2)
	b.Commit(first[0], d)
	equal(t, "claims when one is decided, the other leased", len(claim()), 0)
}

func claimLease(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	k.Hear(Said("1", "x"))
	slow, d1 := k.Begin()
	k.Now = k.Now.Add(Lease)
	fast, d2 := k.Begin()
	if fast.Fence <= slow.Fence {
		t.Fatalf("fence %d after %d", fast.Fence, slow.Fence)
	}
	Reply(&d1, "slow", "slow")
	Reply(&d2, "fast", "fast")
	wantError(t, "commit under a passed claim", s.Store.Commit(t.Context(), slow, d1), bot.ErrConflict)
	k.Commit(fast, d2)
	wantError(t, "commit under a finished claim", s.Store.Commit(t.Context(), slow, d1), bot.ErrConflict)
	wantError(t, "the same commit again", s.Store.Commit(t.Context(), fast, d2), bot.ErrConflict)
	_, _, err := s.Store.Load(t.Context(), fast, "conv", k.Now)
	wantError(t, "load under a finished claim", err, bot.ErrConflict)
	equal(t, "messages", len(k.Messages()), 2)
	equal(t, "sent", ids(k.Deliver()), []string{"fast"})
}

func loadConflict(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	k.Hear(Said("1", "x"))
	c, _ := k.Begin()
	c.Fence--
	_, _, err := s.Store.Load(t.Context(), c, "conv", k.Now)
	wantError(t, "load under a passed claim", err, bot.ErrConflict)
	_, _, err = s.Store.Load(t.Context(), bot.Claim{Address: Address("nobody")}, "conv", k.Now)
	wantError(t, "load of an unknown lane", err, bot.ErrConflict)
}

func loadFirst(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	k.Hear(Said("1", "x"))
	c, d := k.Begin()
	cv := d.Conversation
	if cv.ID != "conv-a" || cv.Address != k.Address || cv.Owner != bot.OwnerBot || cv.Waiting || !cv.CreatedAt.Equal(k.Now) {
		t.Errorf("new conversation %+v", cv)
	}
	equal(t, "loaded twice", k.Load(c).Conversation, cv)
	k.Commit(c, d)
	k.Hear(Said("2", "y"))
	c, d = k.Begin()
	conv, _, err := s.Store.Load(t.Context(), c, "another-id", k.Now)
	noError(t, err)
	equal(t, "id of a known conversation", conv.ID, d.Conversation.ID)
	equal(t, "user", conv.User, Said("", "").User)
}

func commitTests() []storeTest {
	return []storeTest{
		{"commit/messages and parcels", commitMessages},
		{"commit/state and languages", commitState},
		{"commit/edits, presses, deletions", commitEdits},
		{"commit/broken arrivals", commitBroken},
		{"commit/what comes meanwhile", commitMeanwhile},
		{"commit/epoch", commitEpoch},
		{"commit/parcel ids are unique", commitParcelOnce},
		{"commit/questions", commitQuestions},
		{"commit/mismatched burst", commitMismatch},
	}
}

func commitMessages(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	it := Item(k.Address, "1", Said("m1", "my pin is ⟦pin⟧"), k.Now)
	it.Findings = []guard.PathFinding{{Path: "text", Finding: guard.Finding{Kind: guard.PIN}}, {Path: "caption", Finding: guard.Finding{Kind: guard.PIN}}}
	k.Accept(it)
	at := start.Add(-3 * time.Second)
	photo := Said("m2", "look")
	photo.Media, photo.At = "photo", at
	k.Hear(bot.Event{Kind: bot.EventStart}, photo)
	c, d := k.Begin()
	Reply(&d, "p1", "Open {{hours.support}}.")
	d.Parcels = append(d.Parcels, bot.Parcel{ID: "p2", Kind: bot.ParcelDelete, Author: bot.ByBot, MessageID: "m1"})
	k.Commit(c, d)

	ms := k.Messages()
	if len(ms) != 3 {
		t.Fatalf("%d messages, want 3: %+v", len(ms), ms)
	}
	for i := range ms {
		if i > 0 && ms[i].ID <= ms[i-1].ID {
			t.Errorf("message id %d after %d", ms[i].ID, ms[i-1].ID)
		}
		ms[i].ID = 0
	}
	equal(t, "user's message", ms[0], bot.Message{Conversation: k.Conv, Author: bot.ByUser, Text: "my pin is ⟦pin⟧", Lang: lang.En,
		Findings: []guard.Kind{guard.PIN}, PlatformID: "m1", At: start})
	equal(t, "user's photo", ms[1], bot.Message{Conversation: k.Conv, Author: bot.ByUser, Text: "[photo] look", Lang: lang.En, PlatformID: "m2", At: at})
	equal(t, "bot's message", ms[2], bot.Message{Conversation: k.Conv, Author: bot.ByBot, Text: "Open {{hours.support}}.", Lang: lang.En,
		Buttons: d.Parcels[0].Buttons, Intent: "hours", Status: bot.StatusPending, At: d.Now})

	p := k.TakeOne()
	equal(t, "parcel's address", p.Address, k.Address)
	equal(t, "parcel's text", p.Text, "Open {{hours.support}}.")
	equal(t, "parcel's buttons", p.Buttons, d.Parcels[0].Buttons)
	equal(t, "parcel's intents", p.Intents, []string{"hours"})
	equal(t, "attempts", p.Attempts, 1)
	equal(t, "status while sending", k.Messages()[2].Status, bot.StatusSending)
	k.Settle(p, bot.Settlement{Status: bot.StatusSent, PlatformID: "b1", Text: "Open 9 to 18."})
	m := k.Messages()[2]
	equal(t, "sent", []string{string(m.Status), m.PlatformID, m.Text}, []string{"sent", "b1", "Open 9 to 18."})
	equal(t, "buttons of a sent message", m.Buttons, d.Parcels[0].Buttons)

	p = k.TakeOne()
	equal(t, "deletion", []string{string(p.Kind), p.MessageID}, []string{"delete", "m1"})
	k.Settle(p, bot.Settlement{Status: bot.StatusSent})
	equal(t, "deleted on the platform", k.Messages()[0].Deleted, true)
	equal(t, "not deleted", k.Messages()[1].Deleted, false)
}

func commitState(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	state := bot.State{Misses: 1, Greeted: true, Offered: []string{"fees", "limits"}, Asked: "多少钱",
		Answered: []bot.Answered{{Intent: "hours", Question: "q", Score: 0.5, Verdict: bot.VerdictNo, At: start}}}
	k.Turn(func(d *bot.Decided) {
		d.Turn.State, d.Turn.Lang, d.Turn.LangFixed = state, lang.ZhHans, lang.ZhHant
	}, Said("1", "多少钱"))
	cv := k.Conversation()
	equal(t, "state", cv.State, state)
	equal(t, "languages", []lang.Tag{cv.Lang, cv.LangFixed}, []lang.Tag{lang.ZhHans, lang.ZhHant})
	k.Turn(func(d *bot.Decided) { d.Turn.Lang = "" }, Said("2", "👍"))
	cv = k.Conversation()
	equal(t, "language kept when unknown", cv.LangFixed, lang.ZhHant)
	equal(t, "state kept", cv.State, state)
}

func commitEdits(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	k.Answer("how much", "p1", "Which fee?")
	k.Deliver()
	edit := Said("m-p1", "how much is a transfer")
	edit.Kind = bot.EventEdit
	press := bot.Event{Kind: bot.EventButton, MessageID: "p-p1", Action: "v:yes", User: edit.User}
	old := bot.Event{Kind: bot.EventButton, MessageID: "long ago", Action: "x:1", User: edit.User}
	labelled := bot.Event{Kind: bot.EventButton, MessageID: "p-p1", Action: "v:yes", Text: "Ja", User: edit.User}
	unknown := Said("before", "an edit of a message from before")
	unknown.Kind = bot.EventEdit
	k.Turn(nil, edit, press, old, labelled, unknown)
	var texts []string
	for _, m := range k.Messages() {
		texts = append(texts, string(m.Author)+": "+m.Text)
	}
	equal(t, "messages", texts, []string{"user: how much is a transfer", "bot: Which fee?", "user: Yes, thanks", "user: x:1", "user: Ja",
		"user: an edit of a message from before"})
	k.Turn(nil, bot.Event{Kind: bot.EventDelete, MessageID: "m-p1"}, bot.Event{Kind: bot.EventDelete})
	for i, m := range k.Messages() {
		equal(t, "deleted: "+m.Text, m.Deleted, i == 0)
	}
}

func commitBroken(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	k.Hear(Said("1", "fine"), Said("2", "odd"))
	c, d := k.Begin()
	d.Events[1], d.Broken[1] = bot.Event{}, "unknown shape"
	k.Commit(c, d)
	equal(t, "messages", len(k.Messages()), 1)
	bs, err := s.Reports.BrokenArrivals(t.Context(), 10)
	noError(t, err)
	if len(bs) != 1 || bs[0].Reason != "unknown shape" || bs[0].Arrival != d.Burst[1].ID {
		t.Errorf("broken arrivals %+v", bs)
	}
	if cs, _ := s.Store.Claim(t.Context(), k.Tick(), Lease, 10); len(cs) != 0 {
		t.Error("a broken arrival is claimed again")
	}
}

func commitMeanwhile(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	k.Hear(Said("1", "one"))
	c, d := k.Begin()
	k.Hear(Said("2", "two"))
	k.Commit(c, d)
	_, d = k.Begin()
	if len(d.Burst) != 1 || d.Events[0].Text != "two" {
		t.Errorf("next burst: %+v", d.Events)
	}
}

func commitEpoch(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	k.Escalate("help", "p1")
	k.Hear(Said("2", "more"))
	c, d := k.Begin()
	Reply(&d, "late", "bot talks over the human")
	noError(t, s.Handoffs.ClaimHandoff(t.Context(), k.change(k.Handoff().ID, anna())))
	before := k.Messages()
	wantError(t, "commit after the owner changed", s.Store.Commit(t.Context(), c, d), bot.ErrConflict)
	equal(t, "messages", k.Messages(), before)

	c, d = k.Begin() // at once: the claim was ended
	equal(t, "owner", d.Conversation.Owner, bot.OwnerHuman)
	equal(t, "burst decided again", len(d.Burst), 1)
	d.Turn.Decision = bot.Passed
	k.Commit(c, d)
	equal(t, "last text", k.Handoff().LastText, "more")
}

func commitParcelOnce(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	k.Answer("one", "p1", "answer")
	k.Turn(func(d *bot.Decided) { Reply(d, "p1", "again") }, Said("2", "two"))
	equal(t, "sent", ids(k.Deliver()), []string{"p1"})
	equal(t, "messages", len(k.Messages()), 3)
}

func commitQuestions(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	ranked := []intents.Candidate{{Intent: "fees", Score: 0.25}}
	k.Turn(func(d *bot.Decided) {
		d.Turn.Questions = []bot.Question{
			{Text: "known", Lang: lang.En, Outcome: bot.Answer},
			{Text: "不懂", Lang: lang.ZhHans, Outcome: bot.Unknown, Ranked: ranked},
			{Text: "person", Lang: lang.En, Outcome: bot.Handoff},
		}
	}, Said("1", "three questions"))
	k.Turn(func(d *bot.Decided) {
		d.Turn.Questions = []bot.Question{{Text: "known again", Outcome: bot.Answer}}
	}, Said("2", "x"))
	misses, err := s.Reports.Misses(t.Context(), 10)
	noError(t, err)
	if len(misses) != 2 || misses[0].Question.Text != "person" || misses[1].Question.Text != "不懂" || misses[1].Conversation != k.Conv || misses[1].At.IsZero() {
		t.Fatalf("misses %+v", misses)
	}
	equal(t, "candidates", misses[1].Question.Ranked, ranked)
	tallies, err := s.Reports.Tallies(t.Context(), start)
	noError(t, err)
	var got []string
	n := 0
	for _, y := range tallies {
		got = append(got, y.Day+" "+y.Channel+" "+y.Lang+" "+string(y.Outcome))
		n += y.Count
	}
	equal(t, "tallies", got, []string{"2026-03-02 test en answer", "2026-03-02 test en handoff", "2026-03-02 test zh-Hans unknown"})
	equal(t, "questions", n, 4)
	later, err := s.Reports.Tallies(t.Context(), k.Now.Add(time.Hour))
	noError(t, err)
	equal(t, "tallies of later", len(later), 0)
}

func commitMismatch(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	k.Hear(Said("1", "x"))
	c, d := k.Begin()
	d.Events = nil
	if err := s.Store.Commit(t.Context(), c, d); err == nil {
		t.Error("a burst without its events was committed")
	}
}
