package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/deskbell/deskbell/bot/guard"
	"github.com/deskbell/deskbell/intents/lang"
)

// The four errors that programs tell apart; everything else is a failure of the operation that wraps it.
var (
	ErrNotFound    = errors.New("not found")
	ErrConflict    = errors.New("conflict")
	ErrForbidden   = errors.New("forbidden")
	ErrUnavailable = errors.New("unavailable")
)

// Incoming is one platform event as it came, before the guard. It lives in memory only.
type Incoming struct {
	Address    Address // Key "" when the event belongs to no conversation: kept for the operator, never decided
	ExternalID string  // natural id of the event within channel and account; a second delivery has the same
	Doc        []byte  // raw JSON
	OnlyKnown  bool    // store it only if the conversation exists already (a thread the bot may not be part of)
	ReceivedAt time.Time
}

// Cursor is a named position in a platform's stream of events, e.g. Telegram's next offset.
type Cursor struct {
	Name  string
	Value string
}

// Batch is a group of events that are accepted in one commit, with the cursor that follows them (nil: none).
type Batch struct {
	Items  []Incoming
	Cursor *Cursor
}

// Receipt says what became of one Incoming.
type Receipt struct {
	Arrival   int64  // id in arrivals; 0 when ignored
	Duplicate bool   // was accepted before
	Ignored   bool   // OnlyKnown, and the conversation is not known
	Doc       []byte // the guarded document; of a duplicate the one stored first, since a repeated one is guarded without its expectation
	Findings  []guard.PathFinding
}

// Receiver accepts platform events: it guards them, stores them durably and returns. A channel acknowledges
// its platform after Receive returned nil, never before (design rules 1 and 2). An error means that nothing
// of the batch was stored. Intake implements it.
type Receiver interface {
	Receive(ctx context.Context, b Batch) ([]Receipt, error)
	// Cursor returns the stored value, "" when there is none.
	Cursor(ctx context.Context, name string) (string, error)
}

// Channel is a door users come through. Reading from the platform is the channel's own Run or http.Handler,
// which calls a Receiver; the engine needs only this.
//
// Optional abilities, found by type assertion: Deleter, Typer, Uploader.
type Channel interface {
	// Name is the channel's name in Address.Channel.
	Name() string
	// Policy tells the guard which strings of the channel's documents a user said, and which are the platform's ids.
	Policy() guard.Policy
	// Parse reads a guarded document. It is pure. An error means that the event cannot be understood;
	// it is kept and shown to the operator.
	Parse(doc []byte) (Event, error)
	// Send delivers a message and returns the platform's id of it. Errors are *SendError wherever the
	// outcome is known; any other error counts as ambiguous.
	Send(ctx context.Context, d Delivery) (platformID string, err error)
}

// Deleter can delete a message on the platform.
type Deleter interface {
	Delete(ctx context.Context, a Address, messageID string) error
}

// Typer can show that an answer is being written.
type Typer interface {
	Typing(ctx context.Context, a Address, thread string) error
}

// Uploader can send a file.
type Uploader interface {
	Upload(ctx context.Context, d Delivery, f File) (platformID string, err error)
}

// File is a small file made by Deskbell, a transcript.
type File struct {
	Name string
	Type string // MIME
	Data []byte
}

// Delivery is an outgoing message, rendered and checked.
type Delivery struct {
	OutboxID  string // opaque, unique; goes into Slack's message metadata
	Address   Address
	Thread    string
	ReplyTo   string // platform id of the user's message it answers, in groups and on repeats; "" for none
	Author    Author
	AgentName string
	Text      string // small Markdown: **bold**, [text](url), "- " lists, paragraphs
	Lang      lang.Tag
	Buttons   []Button
	Attempt   int // 1 for the first
}

// SendOutcome says what is known of a failed send.
type SendOutcome string

// Outcomes of a send that returned an error.
const (
	NotSent   SendOutcome = "not_sent"  // certainly not delivered; try again after RetryAfter
	Rejected  SendOutcome = "rejected"  // certainly not delivered, and never will be (bad request, message gone)
	Gone      SendOutcome = "gone"      // the user blocked the bot or the chat is gone: nothing can be delivered
	Ambiguous SendOutcome = "ambiguous" // may or may not have been delivered
)

// SendError is what Channel.Send and its siblings return.
type SendError struct {
	Outcome    SendOutcome
	RetryAfter time.Duration // NotSent: how long the platform asks to wait; 0: as the engine sees fit
	Err        error         // never holds a token or message text
}

func (e *SendError) Error() string { return fmt.Sprintf("send (%s): %v", e.Outcome, e.Err) }

// Unwrap gives the cause.
func (e *SendError) Unwrap() error { return e.Err }

// SendStatus is the state of an outbox row.
type SendStatus string

// States of an outbox row. Pending → Sending (committed before the call) → Sent | Failed | Uncertain, and back to
// Pending for a retry. Held: the output check refused it. Dropped: its epoch had passed.
const (
	StatusPending   SendStatus = "pending"
	StatusSending   SendStatus = "sending"
	StatusSent      SendStatus = "sent"
	StatusFailed    SendStatus = "failed"
	StatusUncertain SendStatus = "uncertain"
	StatusHeld      SendStatus = "held"
	StatusDropped   SendStatus = "dropped"
)

// ParcelKind says what an outbox row does.
type ParcelKind string

// Kinds of outbox rows.
const (
	ParcelMessage    ParcelKind = "message"
	ParcelDelete     ParcelKind = "delete"     // delete the user's message MessageID on the platform
	ParcelTranscript ParcelKind = "transcript" // send a file of the conversation
)

// Parcel is an outbox row.
type Parcel struct {
	ID           string // unique; a turn's parcels are made from the turn's claim, so that a repeated commit makes no second one
	Conversation ConversationID
	Address      Address
	Epoch        int64 // of the decision; a row of ByBot is dropped when the conversation's epoch has moved on
	Kind         ParcelKind
	Author       Author
	AgentName    string
	Thread       string
	ReplyTo      string
	Text         string // small Markdown with placeholders
	Lang         lang.Tag
	Buttons      []Button
	Intents      []string
	MessageID    string // the user's message: what ParcelDelete deletes, what a repeated ParcelMessage points at
	Attempts     int    // sends begun so far, this one included
	Repeat       bool   // an earlier attempt ended ambiguous: the message may be there already
}

// Settlement is the outcome of sending a parcel.
type Settlement struct {
	Status     SendStatus // StatusPending: try again at ReadyAt
	PlatformID string
	Text       string // what was really sent, placeholders rendered; replaces the message's text
	Reason     string // for Failed, Held, Uncertain; never message text
	ReadyAt    time.Time
	Repeat     bool    // the attempt ended ambiguous
	Then       *Parcel // put into the outbox in the same transaction: what the user is told instead; nil for none
}

// AcceptItem is a guarded event on its way into arrivals.
type AcceptItem struct {
	Address    Address
	ExternalID string
	Doc        []byte // guarded
	Findings   []guard.PathFinding
	Expect     guard.State // the conversation's guard state after this event
	OnlyKnown  bool
	ReceivedAt time.Time
}

// Claim is the right to decide a conversation for a while. Fence rises with every claim, so that a worker that
// was too slow cannot commit.
type Claim struct {
	Address Address
	Fence   int64
}

// Decided is a decided burst on its way into the store.
type Decided struct {
	Conversation Conversation // as loaded; its Epoch must still hold, else ErrConflict
	Burst        []Arrival    // consumed by the turn
	Events       []Event      // parsed from Burst, same length and order; a zero Kind marks one that could not be parsed
	Broken       []string     // same length: why it could not be parsed, "" for fine
	Turn         Turn
	Parcels      []Parcel // made from the turn
	HandoffID    string   // id for the handoff row, when Turn.Handoff is set and none is open
	Now          time.Time
}

// Store keeps conversations. Package sqlstore implements it; package bottest holds its contract.
// Errors wrap the four sentinels where they apply.
type Store interface {
	Arrivals
	Turns
	Outbox
}

// Arrivals is the receiving part of the store, for Intake.
type Arrivals interface {
	// Accept stores guarded events and the cursor in one durable commit (ids rise in order of the items).
	// A repeated ExternalID changes nothing and yields the earlier arrival's id with Duplicate set.
	Accept(ctx context.Context, items []AcceptItem, c *Cursor) ([]Receipt, error)
	// Expectations returns the guard state of each address that has one.
	Expectations(ctx context.Context, addrs []Address) (map[Address]guard.State, error)
	// Cursor returns a stored cursor, "" when there is none.
	Cursor(ctx context.Context, name string) (string, error)
}

// Turns is the deciding part of the store, for Engine.
type Turns interface {
	// Claim leases up to limit conversations that have undecided arrivals and no live lease, oldest arrival first.
	Claim(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]Claim, error)
	// Load returns a claimed conversation (made on first contact with the given id) and its undecided arrivals in order.
	Load(ctx context.Context, c Claim, newID ConversationID, now time.Time) (Conversation, []Arrival, error)
	// Commit writes a decided burst in one transaction: arrivals consumed, messages, state, handoff row, outbox rows,
	// erasure; and ends the claim. ErrConflict when the fence or the epoch has moved on: nothing is written,
	// the claim is ended, and the conversation can be claimed again.
	Commit(ctx context.Context, c Claim, d Decided) error
	// Messages returns a conversation's messages in order.
	Messages(ctx context.Context, id ConversationID) ([]Message, error)
}

// WebEvent is one line of a web visitor's log: what the widget shows, in order. The log is what makes delivery to
// the web chat exactly once: Ref is unique within the address, Seq is the widget's cursor.
type WebEvent struct {
	Seq     int64  // 1 or more, rising, never used again, not even after an erasure
	Ref     string // the client's message id, or the outbox id
	Kind    string // the widget's business, see package webchat
	Payload []byte // JSON, guarded
	At      time.Time
}

// WebLog keeps the logs of web visitors. Package sqlstore implements it, package webchat uses it.
type WebLog interface {
	// AppendWebEvent adds an event and returns its Seq; a repeated Ref changes nothing and returns the earlier Seq.
	AppendWebEvent(ctx context.Context, a Address, e WebEvent) (int64, error)
	// WebEvents returns up to limit events with Seq > after, in order.
	WebEvents(ctx context.Context, a Address, after int64, limit int) ([]WebEvent, error)
}

// Outbox is the sending part of the store, for Sender.
type Outbox interface {
	// Take marks up to limit ready parcels as sending, in one commit, and returns them: per conversation at most
	// one, its oldest that is not finished. Bot parcels whose epoch has passed are marked dropped instead. Those of the
	// channels in busy stay where they are.
	Take(ctx context.Context, now time.Time, limit int, busy ...string) ([]Parcel, error)
	// MayLeave reports whether a taken parcel may still be sent: not when the conversation has passed to somebody else
	// meanwhile (the parcel is a bot's of an earlier epoch) or was erased. It is asked right before the call.
	MayLeave(ctx context.Context, parcelID string) (bool, error)
	// Settle records what became of a taken parcel.
	Settle(ctx context.Context, parcelID string, s Settlement, now time.Time) error
	// Recover returns parcels left in sending by a crash to pending, marked Repeat. Called once at start.
	Recover(ctx context.Context) (int, error)
	// Messages returns a conversation's messages in order.
	Messages(ctx context.Context, id ConversationID) ([]Message, error)
}
