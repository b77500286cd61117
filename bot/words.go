package bot

import (
	"time"

	"github.com/deskbell/deskbell/bot/guard"
	"github.com/deskbell/deskbell/intents/lang"
)

// ConversationID identifies a conversation: all messages with one user on one channel.
type ConversationID string

// Address says where a conversation lives on its channel.
type Address struct {
	Channel string `json:"channel"` // "telegram", "slack", "webchat"
	Account string `json:"account"` // the bot's own identity there: Telegram bot id, Slack team id, web chat site
	Key     string `json:"key"`     // the channel's own key, opaque to everybody else, e.g. "private:4711"
}

// Author says who wrote a message.
type Author string

// The authors of messages. A Notice is said by the system on somebody's behalf ("Li has joined"); a Note is
// for agents only and never leaves.
const (
	ByUser   Author = "user"
	ByBot    Author = "bot"
	ByAgent  Author = "agent"
	ByNotice Author = "notice"
	ByNote   Author = "note"
)

// User is a person on a channel, as far as the platform says.
type User struct {
	ID       string   `json:"id"` // the platform's id, unique within channel and account
	Name     string   `json:"name,omitempty"`
	Username string   `json:"username,omitempty"`
	Language lang.Tag `json:"language,omitempty"` // what the platform says of the client, only a hint
}

// EventKind says what a user did.
type EventKind string

// The kinds of events.
const (
	EventMessage EventKind = "message" // wrote something
	EventButton  EventKind = "button"  // pressed a button; Event.Action says which
	EventEdit    EventKind = "edit"    // changed an earlier message; Text is the new text
	EventDelete  EventKind = "delete"  // deleted an earlier message
	EventStart   EventKind = "start"   // opened the conversation without a word (/start, widget opened)
	EventLeft    EventKind = "left"    // blocked the bot or left; nothing can be delivered
	EventOther   EventKind = "other"   // understood, and of no interest
)

// Event is one thing a user did, parsed from a guarded platform document by Channel.Parse.
// All its texts are guarded: a finding is already replaced by its mark (guard.Mark).
type Event struct {
	Kind      EventKind
	MessageID string // platform id of the message (of the message with the button, for EventButton)
	User      User
	Text      string    // text or caption, without the bot's own mention
	Action    string    // EventButton: the action of Button
	Media     string    // "photo", "voice", "document", …: what came that cannot be read as text; "" for plain text
	Thread    string    // where replies belong within the conversation (Slack thread_ts, Telegram topic); "" for none
	ReplyTo   string    // platform id a reply should point at (groups); "" for none
	Private   bool      // a one-to-one chat
	Deletable bool      // the bot may delete this message on the platform
	At        time.Time // when the platform says it happened; the zero time when it does not say
}

// Said is the event's text as stored and shown; media that cannot be read stand as their kind, so that agents see that
// something came.
func (e Event) Said() string {
	switch {
	case e.Media == "":
		return e.Text
	case e.Text == "":
		return "[" + e.Media + "]"
	}
	return "[" + e.Media + "] " + e.Text
}

// Arrival is an accepted event that waits to be decided: the guarded platform document and what the guard found.
type Arrival struct {
	ID         int64
	Address    Address
	ExternalID string
	Doc        []byte // guarded JSON
	Findings   []guard.PathFinding
	ReceivedAt time.Time
}

// Message is one thing said in a conversation, as stored and shown. Its text never holds a sensitive value.
type Message struct {
	ID           int64          `json:"id"` // rises within a conversation
	Conversation ConversationID `json:"conversation"`
	Author       Author         `json:"author"`
	AgentName    string         `json:"agent,omitempty"`
	Text         string         `json:"text"` // small Markdown for bot and agent, plain for the user
	Lang         lang.Tag       `json:"lang,omitempty"`
	Buttons      []Button       `json:"buttons,omitempty"`
	Intent       string         `json:"intent,omitempty"` // entry the bot answered from
	Findings     []guard.Kind   `json:"findings,omitempty"`
	PlatformID   string         `json:"platform_id,omitempty"`
	Status       SendStatus     `json:"status,omitempty"` // outgoing messages only
	Reason       string         `json:"reason,omitempty"` // why held or failed
	At           time.Time      `json:"at"`
	Deleted      bool           `json:"deleted,omitempty"` // deleted on the platform
}

// Owner says who may speak in a conversation (design rule 5).
type Owner string

// A conversation belongs to the bot or to humans.
const (
	OwnerBot   Owner = "bot"
	OwnerHuman Owner = "human"
)

// Conversation is what Decide knows of a conversation besides the burst.
type Conversation struct {
	ID        ConversationID
	Address   Address
	User      User
	Owner     Owner
	Epoch     int64    // raised whenever the owner changes
	Waiting   bool     // a handoff is open and not claimed
	Lang      lang.Tag // language of the last message that had one
	LangFixed lang.Tag // chosen by the user with /language; wins over Lang
	State     State
	CreatedAt time.Time
}

// State is the memory of a conversation between turns. It is stored as JSON; adding a field is safe.
type State struct {
	Offered  []string   `json:"offered,omitempty"`  // intents offered in the last question back
	Asked    string     `json:"asked,omitempty"`    // the (guarded) question they were offered for
	Answered []Answered `json:"answered,omitempty"` // newest last, at most MaxAnswered
	Open     []Question `json:"open,omitempty"`     // questions not answered yet
	Misses   int        `json:"misses,omitempty"`   // turns in a row that were not understood
	Refusals int        `json:"refusals,omitempty"` // disclosures so far
	Greeted  bool       `json:"greeted,omitempty"`
	Forget   bool       `json:"forget,omitempty"` // asked whether really to forget
}

// Verdict is what the user said to an answer.
type Verdict string

// Verdicts.
const (
	VerdictNone Verdict = ""
	VerdictYes  Verdict = "yes"
	VerdictNo   Verdict = "no"
)

// Answered is an answer given in this conversation.
type Answered struct {
	Intent   string    `json:"intent"`
	Question string    `json:"question"`
	Score    float64   `json:"score"`
	Verdict  Verdict   `json:"verdict,omitempty"`
	At       time.Time `json:"at"`
}
