package sqlstore

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/bottest"
	"github.com/deskbell/deskbell/handoff"
)

// TestInterleavings plays any order of deliveries, claims, slow and crashed workers, commits, desks and sends over a few
// conversations and holds what comes out against the rules: every accepted message once and in order (rules 2 to 4),
// no word of the bot taken while humans own the conversation (rule 5), one parcel of a conversation at a time.
func TestInterleavings(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp("", "deskbell")
		if err != nil {
			rt.Fatal(err)
		}
		defer os.RemoveAll(dir) //nolint:errcheck // a temporary directory
		db, err := Open(t.Context(), Options{Database: filepath.Join(dir, "deskbell.db"), Readers: 1})
		if err != nil {
			rt.Fatal(err)
		}
		defer db.Close() //nolint:errcheck // a temporary file
		w := &world{t: rt, db: db, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), next: map[bot.ConversationID]int{}}
		for _, key := range []string{"a", "b"} {
			w.convs = append(w.convs, &talk{addr: bottest.Address(key), id: bot.ConversationID("conv-" + key)})
		}
		rt.Repeat(map[string]func(*rapid.T){
			"deliver": w.deliver, "again": w.deliverAgain, "claim": w.claim, "commit": w.commit, "wait": w.wait,
			"take": w.take, "settle": w.settle, "crash": w.crash, "desk claims": w.deskClaims, "desk says": w.deskSays,
			"desk closes": w.deskCloses, "": w.check,
		})
		w.drain()
	})
}

type talk struct {
	addr  bot.Address
	id    bot.ConversationID
	heard []string // accepted texts, in order
	human bool
	desk  string // open handoff
	held  bool   // a parcel is being sent
}

type begun struct {
	claim bot.Claim
	d     bot.Decided
}

type world struct {
	t       *rapid.T
	db      *DB
	now     time.Time
	convs   []*talk
	begun   []begun
	sending []bot.Parcel
	n       int
	next    map[bot.ConversationID]int // number of the next parcel that may leave
}

func (w *world) pick(t *rapid.T) *talk { return rapid.SampledFrom(w.convs).Draw(t, "conversation") }

func (w *world) of(id bot.ConversationID) *talk {
	for _, k := range w.convs {
		if k.id == id {
			return k
		}
	}
	w.t.Fatalf("unknown conversation %s", id)
	return nil
}

func (w *world) no(err error) {
	if err != nil {
		w.t.Fatal(err)
	}
}

// conflict reports whether err is one; any other error ends the test.
func (w *world) conflict(err error) bool {
	if err != nil && !errors.Is(err, bot.ErrConflict) {
		w.t.Fatal(err)
	}
	return err != nil
}

func (w *world) event(k *talk, i int) bot.AcceptItem {
	text := fmt.Sprint(k.addr.Key, i)
	return bottest.Item(k.addr, text, bottest.Said(text, text), w.now)
}

func (w *world) deliver(t *rapid.T) {
	k := w.pick(t)
	it := w.event(k, len(k.heard))
	_, err := w.db.Accept(w.t.Context(), []bot.AcceptItem{it}, nil)
	w.no(err)
	k.heard = append(k.heard, it.ExternalID)
}

func (w *world) deliverAgain(t *rapid.T) {
	k := w.pick(t)
	if len(k.heard) == 0 {
		return
	}
	it := w.event(k, rapid.IntRange(0, len(k.heard)-1).Draw(t, "which"))
	rs, err := w.db.Accept(w.t.Context(), []bot.AcceptItem{it}, nil)
	w.no(err)
	if !rs[0].Duplicate {
		t.Fatalf("%s was taken twice", it.ExternalID)
	}
}

func (w *world) claim(t *rapid.T) {
	claims, err := w.db.Claim(w.t.Context(), w.now, time.Minute, rapid.IntRange(1, 2).Draw(t, "limit"))
	w.no(err)
	for _, c := range claims {
		conv, burst, err := w.db.Load(w.t.Context(), c, bot.ConversationID("conv-"+c.Address.Key), w.now)
		w.no(err)
		d := bot.Decided{Conversation: conv, Burst: burst, Broken: make([]string, len(burst))}
		for _, ar := range burst {
			e, err := bottest.Parse(ar.Doc)
			w.no(err)
			d.Events = append(d.Events, e)
		}
		w.begun = append(w.begun, begun{c, d})
	}
}

// commit ends any of the claims begun, in any order, be it passed or not.
func (w *world) commit(t *rapid.T) {
	if len(w.begun) == 0 {
		return
	}
	i := rapid.IntRange(0, len(w.begun)-1).Draw(t, "claim")
	b := w.begun[i]
	w.begun = append(w.begun[:i], w.begun[i+1:]...)
	b.d.Now = w.now
	w.n++
	if b.d.Conversation.Owner == bot.OwnerBot {
		bottest.Reply(&b.d, fmt.Sprintf("bot-%d", w.n), "reply")
		if rapid.Bool().Draw(t, "escalate") {
			b.d.HandoffID = fmt.Sprintf("handoff-%d", w.n)
			b.d.Turn.Handoff = &bot.Escalation{Reason: bot.ReasonAsked}
		}
	}
	k := w.of(b.d.Conversation.ID)
	if w.conflict(w.db.Commit(w.t.Context(), b.claim, b.d)) {
		return
	}
	if (b.d.Conversation.Owner == bot.OwnerHuman) != k.human {
		t.Fatalf("a turn of owner %s was committed", b.d.Conversation.Owner)
	}
	if b.d.Turn.Handoff != nil && k.desk == "" {
		k.desk = b.d.HandoffID
	}
	again := w.db.Commit(w.t.Context(), b.claim, b.d)
	if !w.conflict(again) {
		t.Fatal("a turn was committed twice")
	}
}

func (w *world) wait(t *rapid.T) {
	w.now = w.now.Add(time.Duration(rapid.SampledFrom([]int{1, 90}).Draw(t, "seconds")) * time.Second)
}

func (w *world) take(t *rapid.T) {
	ps, err := w.db.Take(w.t.Context(), w.now, rapid.IntRange(1, 5).Draw(t, "limit"))
	w.no(err)
	for _, p := range ps {
		k := w.of(p.Conversation)
		if p.Author == bot.ByBot && k.human {
			t.Fatalf("parcel %s of the bot was taken while humans own the conversation", p.ID)
		}
		if k.held {
			t.Fatalf("parcel %s was taken while another of its conversation is being sent", p.ID)
		}
		k.held = true
		if n := number(p.ID); n < w.next[k.id] {
			t.Fatalf("parcel %s was taken after number %d", p.ID, w.next[k.id])
		} else if !p.Repeat {
			w.next[k.id] = n
		}
		w.sending = append(w.sending, p)
	}
}

func number(id string) (n int) {
	for i := range id {
		if id[i] == '-' {
			_, _ = fmt.Sscan(id[i+1:], &n)
		}
	}
	return n
}

func (w *world) settle(t *rapid.T) {
	if len(w.sending) == 0 {
		return
	}
	p := w.sending[0]
	w.sending = w.sending[1:]
	w.of(p.Conversation).held = false
	s := bot.Settlement{Status: bot.StatusSent}
	if rapid.Bool().Draw(t, "retry") {
		s = bot.Settlement{Status: bot.StatusPending, ReadyAt: w.now.Add(time.Second), Repeat: true}
	}
	w.no(w.db.Settle(w.t.Context(), p.ID, s, w.now))
}

// crash loses the workers and the senders.
func (w *world) crash(*rapid.T) {
	n, err := w.db.Recover(w.t.Context())
	w.no(err)
	if n != len(w.sending) {
		w.t.Fatalf("%d parcels recovered, %d were being sent", n, len(w.sending))
	}
	w.begun, w.sending = nil, nil
	for _, k := range w.convs {
		k.held = false
	}
}

func (w *world) change(k *talk, text string) (handoff.Change, bot.Parcel) {
	w.n++
	p := bot.Parcel{ID: fmt.Sprintf("%s-%d", text, w.n), Author: bot.ByNotice, Text: text}
	return handoff.Change{HandoffID: k.desk, Agent: handoff.Agent{ID: "anna"}, Now: w.now, Notice: &p}, p
}

func (w *world) deskClaims(t *rapid.T) {
	k := w.pick(t)
	if k.desk == "" {
		return
	}
	c, _ := w.change(k, "joined")
	if lost := w.conflict(w.db.ClaimHandoff(w.t.Context(), c)); lost != k.human {
		t.Fatalf("claimed already: %v, refused: %v", k.human, lost)
	}
	k.human = true
}

func (w *world) deskSays(t *rapid.T) {
	k := w.pick(t)
	c, p := w.change(k, "said")
	c.Notice = nil
	if k.desk != "" && w.conflict(w.db.Say(w.t.Context(), c, p)) == k.human {
		t.Fatalf("claimed: %v, and Say says otherwise", k.human)
	}
}

func (w *world) deskCloses(t *rapid.T) {
	k := w.pick(t)
	if k.desk == "" {
		return
	}
	c, _ := w.change(k, "closed")
	to := rapid.SampledFrom([]handoff.Status{handoff.Returned, handoff.Resolved}).Draw(t, "to")
	if w.conflict(w.db.CloseHandoff(w.t.Context(), c, to)) {
		if k.human || to == handoff.Resolved {
			t.Fatal("an open handoff could not be closed")
		}
		return
	}
	k.human, k.desk = false, ""
}

// check: what is stored of the users is what was accepted, in order, each once.
func (w *world) check(t *rapid.T) {
	for _, k := range w.convs {
		got := w.userTexts(k)
		if len(got) > len(k.heard) {
			t.Fatalf("%s: %v stored, %v accepted", k.id, got, k.heard)
		}
		for i := range got {
			if got[i] != k.heard[i] {
				t.Fatalf("%s: %v stored, %v accepted", k.id, got, k.heard)
			}
		}
	}
}

func (w *world) userTexts(k *talk) (out []string) {
	ms, err := w.db.Messages(w.t.Context(), k.id)
	w.no(err)
	for _, m := range ms {
		if m.Author == bot.ByUser {
			out = append(out, m.Text)
		}
	}
	return out
}

// drain lets everything finish: then nothing accepted is left out.
func (w *world) drain() {
	w.begun = nil // those workers are gone
	w.now = w.now.Add(time.Hour)
	for {
		claims, err := w.db.Claim(w.t.Context(), w.now, time.Minute, 10)
		w.no(err)
		if len(claims) == 0 {
			break
		}
		for _, c := range claims {
			conv, burst, err := w.db.Load(w.t.Context(), c, bot.ConversationID("conv-"+c.Address.Key), w.now)
			w.no(err)
			d := bot.Decided{Conversation: conv, Burst: burst, Broken: make([]string, len(burst)), Now: w.now}
			for _, ar := range burst {
				e, err := bottest.Parse(ar.Doc)
				w.no(err)
				d.Events = append(d.Events, e)
			}
			w.no(w.db.Commit(w.t.Context(), c, d))
		}
	}
	for _, k := range w.convs {
		if got := w.userTexts(k); len(got) != len(k.heard) {
			w.t.Fatalf("%s: %v stored in the end, %v accepted", k.id, got, k.heard)
		}
	}
}
