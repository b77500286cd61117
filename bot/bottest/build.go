// Package bottest holds what every store and every channel must pass, and builders for tests.
//
// A store's own test calls TestStore with a function that makes an empty store; a channel's own test calls TestChannel.
// Talk drives one conversation through a store in a few words. Start at TestStore.
package bottest

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/guard"
	"github.com/deskbell/deskbell/handoff"
	"github.com/deskbell/deskbell/intents/lang"
)

// Stores are the interfaces a database implements, all over the same data.
type Stores struct {
	Store    bot.Store
	Web      bot.WebLog
	Handoffs handoff.Store
	Agents   handoff.Agents
	Reports  handoff.Reports
}

// Start is when the conversations of the tests begin.
var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// Lease is how long a Talk claims for.
const Lease = time.Minute

// Address is an address of the test channel.
func Address(key string) bot.Address {
	return bot.Address{Channel: "test", Account: "shop", Key: key}
}

// Item is an event on its way into a store. Its document is the event itself as JSON, so that Parse can read it back.
func Item(a bot.Address, externalID string, e bot.Event, at time.Time) bot.AcceptItem {
	doc, err := json.Marshal(e)
	if err != nil {
		panic(err) // an Event can always be marshalled
	}
	return bot.AcceptItem{Address: a, ExternalID: externalID, Doc: doc, ReceivedAt: at}
}

// Parse reads the documents Item makes.
func Parse(doc []byte) (e bot.Event, err error) {
	err = json.Unmarshal(doc, &e)
	return e, err
}

// Said is a plain message of a user.
func Said(messageID, text string) bot.Event {
	return bot.Event{
		Kind: bot.EventMessage, MessageID: messageID, Text: text, Private: true,
		User: bot.User{ID: "u1", Name: "Mei Lin", Username: "meilin", Language: lang.En},
	}
}

// Talk drives one conversation through a store. Time moves on by a second with every step.
type Talk struct {
	T       testing.TB
	S       Stores
	Address bot.Address
	Now     time.Time
	Conv    bot.ConversationID // set by the first Claim
	n       int
}

// NewTalk makes a Talk with a user under key.
func NewTalk(t testing.TB, s Stores, key string) *Talk {
	return &Talk{T: t, S: s, Address: Address(key), Now: start}
}

// Tick moves time on by a second.
func (k *Talk) Tick() time.Time {
	k.Now = k.Now.Add(time.Second)
	return k.Now
}

// Hear accepts events, each with an external id of its own.
func (k *Talk) Hear(events ...bot.Event) []bot.Receipt {
	k.T.Helper()
	items := make([]bot.AcceptItem, len(events))
	for i, e := range events {
		k.n++
		items[i] = Item(k.Address, fmt.Sprintf("%s/%d", k.Address.Key, k.n), e, k.Tick())
	}
	return k.Accept(items...)
}

// Accept accepts items without a cursor.
func (k *Talk) Accept(items ...bot.AcceptItem) []bot.Receipt {
	k.T.Helper()
	rs, err := k.S.Store.Accept(context.Background(), items, nil)
	k.no(err)
	if len(rs) != len(items) {
		k.T.Fatalf("%d receipts for %d items", len(rs), len(items))
	}
	return rs
}

// Begin claims the conversation, which must have something to decide, and loads it. The Decided has the burst's events
// and no turn yet: set its Turn and Parcels, and hand it to Commit.
func (k *Talk) Begin() (bot.Claim, bot.Decided) {
	k.T.Helper()
	claims, err := k.S.Store.Claim(context.Background(), k.Tick(), Lease, 100)
	k.no(err)
	for _, c := range claims {
		if c.Address == k.Address {
			return c, k.Load(c)
		}
	}
	k.T.Fatalf("nothing to claim at %s among %v", k.Address.Key, claims)
	return bot.Claim{}, bot.Decided{}
}

// Load loads a claimed conversation.
func (k *Talk) Load(c bot.Claim) bot.Decided {
	k.T.Helper()
	conv, burst, err := k.S.Store.Load(context.Background(), c, bot.ConversationID("conv-"+c.Address.Key), k.Now)
	k.no(err)
	k.Conv = conv.ID
	d := bot.Decided{Conversation: conv, Burst: burst, Now: k.Now, Broken: make([]string, len(burst)), HandoffID: fmt.Sprintf("handoff-%s-%d", c.Address.Key, c.Fence)}
	for _, ar := range burst {
		e, err := Parse(ar.Doc)
		k.no(err)
		d.Events = append(d.Events, e)
	}
	d.Turn = bot.Turn{Decision: bot.Answer, Lang: lang.En, State: conv.State}
	return d
}

// Reply adds a message of the bot to a turn.
func Reply(d *bot.Decided, id, text string) {
	d.Turn.Replies = append(d.Turn.Replies, bot.Reply{Text: text, Lang: lang.En, Intents: []string{"hours"}})
	d.Parcels = append(d.Parcels, bot.Parcel{
		ID: id, Conversation: d.Conversation.ID, Address: d.Conversation.Address, Epoch: d.Conversation.Epoch,
		Kind: bot.ParcelMessage, Author: bot.ByBot, Text: text, Lang: lang.En, Intents: []string{"hours"},
		Buttons: []bot.Button{{Label: "Yes, thanks", Action: "v:yes"}, {Label: "Site", URL: "https://okpay.example/help"}},
	})
}

// Commit commits a turn.
func (k *Talk) Commit(c bot.Claim, d bot.Decided) {
	k.T.Helper()
	k.no(k.S.Store.Commit(context.Background(), c, d))
}

// Turn hears the events and decides them; change (nil: nothing) says what the turn is.
func (k *Talk) Turn(change func(*bot.Decided), events ...bot.Event) {
	k.T.Helper()
	k.Hear(events...)
	c, d := k.Begin()
	if change != nil {
		change(&d)
	}
	k.Commit(c, d)
}

// Answer is a turn that answers a message with one reply.
func (k *Talk) Answer(question, parcelID, reply string) {
	k.T.Helper()
	k.Turn(func(d *bot.Decided) {
		Reply(d, parcelID, reply)
		d.Turn.Questions = []bot.Question{{Text: question, Lang: lang.En, Outcome: bot.Answer}}
	}, Said("m-"+parcelID, question))
}

// Escalate is a turn that opens a handoff (or refreshes the open one) and tells the user so.
func (k *Talk) Escalate(question, parcelID string) {
	k.T.Helper()
	k.Turn(func(d *bot.Decided) {
		d.Turn.Decision = bot.Handoff
		q := bot.Question{Text: question, Lang: lang.En, Outcome: bot.Handoff}
		d.Turn.Questions = []bot.Question{q}
		d.Turn.State.Open = append(d.Turn.State.Open, q)
		d.Turn.State.Misses = 2
		d.Turn.Handoff = &bot.Escalation{Reason: bot.ReasonAsked, Open: []bot.Question{q}, Lang: lang.En, Priority: 3, Findings: []guard.Kind{guard.PIN}}
		Reply(d, parcelID, "A colleague will be with you.")
	}, Said("m-"+parcelID, question))
}

// Take takes what is ready, and returns the parcels of this conversation.
func (k *Talk) Take() []bot.Parcel {
	k.T.Helper()
	all, err := k.S.Store.Take(context.Background(), k.Tick(), 100)
	k.no(err)
	var out []bot.Parcel
	for _, p := range all {
		if p.Conversation == k.Conv {
			out = append(out, p)
		}
	}
	return out
}

// TakeOne takes the one parcel that is ready.
func (k *Talk) TakeOne() bot.Parcel {
	k.T.Helper()
	ps := k.Take()
	if len(ps) != 1 {
		k.T.Fatalf("took %d parcels, want 1: %v", len(ps), ids(ps))
	}
	return ps[0]
}

// Settle settles a taken parcel.
func (k *Talk) Settle(p bot.Parcel, s bot.Settlement) {
	k.T.Helper()
	k.no(k.S.Store.Settle(context.Background(), p.ID, s, k.Tick()))
}

// Deliver takes and settles as sent whatever is ready, and returns what left, in order.
func (k *Talk) Deliver() (left []bot.Parcel) {
	k.T.Helper()
	for {
		ps := k.Take()
		if len(ps) == 0 {
			return left
		}
		for _, p := range ps {
			k.Settle(p, bot.Settlement{Status: bot.StatusSent, PlatformID: "p-" + p.ID, Text: p.Text})
		}
		left = append(left, ps...)
	}
}

// Messages are the conversation's.
func (k *Talk) Messages() []bot.Message {
	k.T.Helper()
	ms, err := k.S.Store.Messages(context.Background(), k.Conv)
	k.no(err)
	return ms
}

// Handoff is the conversation's open handoff.
func (k *Talk) Handoff() handoff.Handoff {
	k.T.Helper()
	hs, err := k.S.Handoffs.Handoffs(context.Background(), handoff.Filter{})
	k.no(err)
	for _, h := range hs {
		if h.Conversation == k.Conv {
			return h
		}
	}
	k.T.Fatalf("no open handoff of %s", k.Conv)
	return handoff.Handoff{}
}

// Conversation is how the store would hand the conversation to the next turn. It needs something undecided.
func (k *Talk) Conversation() bot.Conversation {
	k.T.Helper()
	k.Hear(bot.Event{Kind: bot.EventOther})
	c, d := k.Begin()
	k.Commit(c, d)
	return d.Conversation
}

func (k *Talk) no(err error) {
	k.T.Helper()
	if err != nil {
		k.T.Fatal(err)
	}
}

func ids(ps []bot.Parcel) []string {
	out := make([]string, len(ps))
	for i, p := range ps {
		out[i] = p.ID
	}
	return out
}
