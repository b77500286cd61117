package bot

import (
	"context"
	"fmt"
	"hash/maphash"
	"slices"
	"sync"
	"time"

	"github.com/deskbell/deskbell/bot/guard"
)

// Intake is the door: it guards platform events in memory and stores them durably before it returns (design rules 1 and 2).
// It implements Receiver and is safe for concurrent use; events of one conversation are taken one after the other, because
// what the guard expects next depends on what came before.
type Intake struct {
	store    Arrivals
	policies map[string]guard.Policy
	bus      *Bus
	now      func() time.Time
	observe  Observer

	seed  maphash.Seed
	locks [256]sync.Mutex
}

// NewIntake makes an Intake for the given channels.
func NewIntake(store Arrivals, channels []Channel, bus *Bus, now func() time.Time, o Observer) *Intake {
	in := &Intake{store: store, policies: map[string]guard.Policy{}, bus: bus, now: now, observe: o, seed: maphash.MakeSeed()}
	for _, c := range channels {
		in.policies[c.Name()] = c.Policy()
	}
	return in
}

// Receive guards and stores a batch. See Receiver.
func (in *Intake) Receive(ctx context.Context, b Batch) ([]Receipt, error) {
	addrs := addresses(b.Items)
	defer in.lock(addrs)()
	states, err := in.store.Expectations(ctx, addrs)
	if err != nil {
		return nil, fmt.Errorf("receive %d events: %w", len(b.Items), err)
	}
	items := make([]AcceptItem, len(b.Items))
	for i, it := range b.Items {
		items[i] = in.guard(it, states)
	}
	receipts, err := in.store.Accept(ctx, items, b.Cursor)
	if err != nil {
		return nil, fmt.Errorf("receive %d events: %w", len(b.Items), err)
	}
	for i, r := range receipts {
		in.observe.Received(b.Items[i].Address.Channel, r)
		if r.Arrival != 0 && !r.Duplicate && b.Items[i].Address.Key != "" {
			in.bus.Publish(Change{Kind: ChangeArrival, Address: b.Items[i].Address})
		}
	}
	return receipts, nil
}

// guard runs the guard over one event and moves the conversation's expectation on.
func (in *Intake) guard(it Incoming, states map[Address]guard.State) AcceptItem {
	clean, found, next := guard.Document(it.Doc, in.policies[it.Address.Channel], states[it.Address], in.now())
	if it.Address.Key != "" {
		states[it.Address] = next
	}
	at := it.ReceivedAt
	if at.IsZero() {
		at = in.now()
	}
	return AcceptItem{Address: it.Address, ExternalID: it.ExternalID, Doc: clean, Findings: found, Expect: next, OnlyKnown: it.OnlyKnown, ReceivedAt: at}
}

// Cursor returns a stored cursor. See Receiver.
func (in *Intake) Cursor(ctx context.Context, name string) (string, error) {
	return in.store.Cursor(ctx, name)
}

// lock takes the locks of the addresses, in one order for everybody, and returns the function that gives them back.
func (in *Intake) lock(addrs []Address) func() {
	var stripes []int
	for _, a := range addrs {
		stripes = append(stripes, int(maphash.Comparable(in.seed, a)%uint64(len(in.locks))))
	}
	slices.Sort(stripes)
	stripes = slices.Compact(stripes)
	for _, s := range stripes {
		in.locks[s].Lock()
	}
	return func() {
		for _, s := range stripes {
			in.locks[s].Unlock()
		}
	}
}

// addresses are the distinct conversations of a batch.
func addresses(items []Incoming) []Address {
	var out []Address
	seen := map[Address]bool{}
	for _, it := range items {
		if it.Address.Key != "" && !seen[it.Address] {
			seen[it.Address] = true
			out = append(out, it.Address)
		}
	}
	return out
}
