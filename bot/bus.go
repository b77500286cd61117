package bot

import "sync"

// Change says that something of a conversation has changed. It carries no content: who is told looks it up.
type Change struct {
	Kind         ChangeKind
	Conversation ConversationID // "" for ChangeArrival
	Address      Address
}

// ChangeKind says what changed.
type ChangeKind string

// Kinds of changes.
const (
	ChangeArrival ChangeKind = "arrival" // accepted, to be decided
	ChangeOutbox  ChangeKind = "outbox"  // something to send
	ChangeSent    ChangeKind = "sent"    // a parcel was settled
	ChangeTurn    ChangeKind = "turn"    // a burst was decided
	ChangeHandoff ChangeKind = "handoff" // opened, claimed, returned, resolved, noted
)

// Bus tells listeners in this process that something changed. A slow listener misses changes rather than blocking
// anybody, so listeners also look by themselves from time to time. Make it with NewBus.
type Bus struct {
	mu   sync.Mutex
	subs map[chan Change]struct{}
}

// NewBus makes a Bus.
func NewBus() *Bus { return &Bus{subs: map[chan Change]struct{}{}} }

// Publish tells every listener, without waiting.
func (b *Bus) Publish(c Change) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for ch := range b.subs {
		select {
		case ch <- c:
		default:
		}
	}
}

// Subscribe returns a channel of changes and a function that ends the subscription.
func (b *Bus) Subscribe() (<-chan Change, func()) {
	ch := make(chan Change, 64)
	b.mu.Lock()
	b.subs[ch] = struct{}{}
	b.mu.Unlock()
	return ch, func() {
		b.mu.Lock()
		delete(b.subs, ch)
		b.mu.Unlock()
	}
}
