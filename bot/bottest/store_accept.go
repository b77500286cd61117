package bottest

import (
	"fmt"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/guard"
)

func acceptTests() []storeTest {
	return []storeTest{
		{"accept/once", acceptOnce},
		{"accept/ids rise within a batch", acceptOrder},
		{"accept/expectations", acceptExpectations},
		{"accept/cursor", acceptCursor},
		{"accept/no conversation", acceptBroken},
		{"accept/only known", acceptOnlyKnown},
		{"accept/without external id", acceptWithoutID},
	}
}

func acceptOnce(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	first := Item(k.Address, "7", Said("1", "my pin is ⟦pin⟧"), k.Now)
	first.Findings = []guard.PathFinding{{Path: "text", Finding: guard.Finding{Kind: guard.PIN, Start: 10, End: 15}}}
	a := k.Accept(first)[0]
	if a.Arrival == 0 || a.Duplicate || a.Ignored {
		t.Fatalf("first delivery: %+v", a)
	}
	equal(t, "document", string(a.Doc), string(first.Doc))

	again := Item(k.Address, "7", Said("1", "guarded without its expectation"), k.Now)
	b := k.Accept(again)[0]
	equal(t, "duplicate", b.Duplicate, true)
	equal(t, "id of the duplicate", b.Arrival, a.Arrival)
	equal(t, "document of the duplicate", string(b.Doc), string(first.Doc))
	equal(t, "findings of the duplicate", b.Findings, first.Findings)

	other := first
	other.Address.Account = "other"
	if c := k.Accept(other)[0]; c.Duplicate {
		t.Error("the same external id on another account counts as a duplicate")
	}
	same := k.Accept(Item(k.Address, "8", Said("2", "x"), k.Now), Item(k.Address, "8", Said("2", "x"), k.Now))
	equal(t, "duplicate within a batch", []bool{same[0].Duplicate, same[1].Duplicate}, []bool{false, true})

	_, d := k.Begin()
	equal(t, "burst", len(d.Burst), 2)
	equal(t, "findings of the burst", d.Burst[0].Findings, first.Findings)
	equal(t, "document of the burst", string(d.Burst[0].Doc), string(first.Doc))
	equal(t, "received", d.Burst[0].ReceivedAt, first.ReceivedAt)
	equal(t, "external id", d.Burst[0].ExternalID, "7")
}

func acceptOrder(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	var items []bot.AcceptItem
	for i := range 20 {
		items = append(items, Item(Address(fmt.Sprint("k", i%3)), fmt.Sprint(i), Said("", "x"), k.Now))
	}
	last := int64(0)
	for _, r := range k.Accept(items...) {
		if r.Arrival <= last {
			t.Fatalf("arrival %d after %d", r.Arrival, last)
		}
		last = r.Arrival
	}
}

func acceptExpectations(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	want := guard.State{Expect: guard.Password, Until: k.Now.Add(time.Minute), Turns: 2}
	item := Item(k.Address, "1", Said("1", "my password is"), k.Now)
	item.Expect = want
	k.Accept(item)
	get := func() map[bot.Address]guard.State {
		m, err := s.Store.Expectations(t.Context(), []bot.Address{k.Address, Address("nobody")})
		noError(t, err)
		return m
	}
	equal(t, "expectation", get(), map[bot.Address]guard.State{k.Address: want})

	item.Expect = guard.State{}
	k.Accept(item) // the same event again
	equal(t, "expectation after a duplicate", get(), map[bot.Address]guard.State{k.Address: want})

	k.Accept(Item(k.Address, "2", Said("2", "⟦password⟧"), k.Now))
	equal(t, "expectation after the next message", get(), map[bot.Address]guard.State{})
}

func acceptCursor(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	get := func() string {
		v, err := s.Store.Cursor(t.Context(), "offset")
		noError(t, err)
		return v
	}
	equal(t, "no cursor", get(), "")
	for _, v := range []string{"41", "42"} {
		_, err := s.Store.Accept(t.Context(), []bot.AcceptItem{Item(k.Address, v, Said(v, "x"), k.Now)}, &bot.Cursor{Name: "offset", Value: v})
		noError(t, err)
		equal(t, "cursor", get(), v)
	}
	_, err := s.Store.Accept(t.Context(), nil, &bot.Cursor{Name: "offset", Value: "50"})
	noError(t, err)
	equal(t, "cursor of an empty batch", get(), "50")

	bad := []bot.AcceptItem{Item(k.Address, "60", Said("60", "x"), k.Now), {Address: k.Address}}
	if _, err := s.Store.Accept(t.Context(), bad, &bot.Cursor{Name: "offset", Value: "61"}); err == nil {
		t.Fatal("an item without an external id was accepted")
	}
	equal(t, "cursor of a refused batch", get(), "50")
	_, d := k.Begin()
	equal(t, "arrivals besides the refused batch's", len(d.Burst), 2)
}

func acceptBroken(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	r := k.Accept(Item(Address(""), "1", bot.Event{Kind: bot.EventOther}, k.Now))[0]
	if r.Arrival == 0 || r.Ignored {
		t.Fatalf("receipt %+v", r)
	}
	claims, err := s.Store.Claim(t.Context(), k.Now, Lease, 10)
	noError(t, err)
	equal(t, "claims", len(claims), 0)
	bs, err := s.Reports.BrokenArrivals(t.Context(), 10)
	noError(t, err)
	if len(bs) != 1 || bs[0].Arrival != r.Arrival || bs[0].Reason == "" || bs[0].Channel != "test" || bs[0].ExternalID != "1" || !bs[0].ReceivedAt.Equal(k.Now) {
		t.Errorf("broken arrivals: %+v", bs)
	}
}

func acceptOnlyKnown(t *testing.T, s Stores) {
	k := NewTalk(t, s, "thread")
	item := func(id string) bot.AcceptItem {
		it := Item(k.Address, id, Said(id, "x"), k.Now)
		it.OnlyKnown = true
		return it
	}
	r := k.Accept(item("1"))[0]
	equal(t, "ignored", r.Ignored, true)
	equal(t, "arrival of an ignored event", r.Arrival, int64(0))
	if claims, _ := s.Store.Claim(t.Context(), k.Now, Lease, 10); len(claims) != 0 {
		t.Error("an ignored event can be claimed")
	}
	// The mention opens the conversation; what follows in its thread belongs to it, decided or not.
	rs := k.Accept(Item(k.Address, "2", Said("2", "@bot hello"), k.Now), item("3"))
	equal(t, "ignored after the mention", rs[1].Ignored, false)
	c, d := k.Begin()
	equal(t, "burst", len(d.Burst), 2)
	k.Commit(c, d)
	equal(t, "ignored in a known conversation", k.Accept(item("4"))[0].Ignored, false)
	equal(t, "once ignored, later accepted", k.Accept(item("1"))[0].Duplicate, false)
}

func acceptWithoutID(t *testing.T, s Stores) {
	k := NewTalk(t, s, "a")
	if _, err := s.Store.Accept(t.Context(), []bot.AcceptItem{{Address: k.Address, Doc: []byte("{}")}}, nil); err == nil {
		t.Error("an event without an external id was accepted")
	}
}
