// Package handoff is the human side: conversations that the bot could not resolve wait here for an agent, who claims,
// answers, returns or resolves them.
//
// Desks (package handoff/console is the web inbox) call Service; Service decides and writes through Store. A handoff row
// is opened by the bot's turn (bot.Turn.Handoff), in the turn's transaction. Start at Service.
package handoff

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/bot"
)

// Status is the state of a handoff: waiting → claimed → resolved or returned.
type Status string

// States of a handoff.
const (
	Waiting  Status = "waiting"
	Claimed  Status = "claimed"
	Returned Status = "returned" // back to the bot
	Resolved Status = "resolved"
)

// Handoff is a conversation passed to humans.
type Handoff struct {
	ID           string
	Number       int64 // short and rising, told to the user
	Conversation bot.ConversationID
	Address      bot.Address
	User         bot.User
	Status       Status
	Context      bot.Escalation
	AgentID      string // who has it or had it last; "" for nobody yet
	AgentName    string
	OpenedAt     time.Time
	ClaimedAt    time.Time // zero: not yet
	ClosedAt     time.Time // returned or resolved; zero: not yet
	LastText     string    // newest message, for the list
	LastAuthor   bot.Author
	LastAt       time.Time
}

// Role says what an agent may do.
type Role string

// Roles.
const (
	RoleAgent Role = "agent"
	RoleLead  Role = "lead"
	RoleAdmin Role = "admin"
)

// Agent is a person who answers handoffs.
type Agent struct {
	ID        string
	Login     string // e-mail or short name, lower case, unique
	Name      string // shown to users
	Role      Role
	Disabled  bool
	CreatedAt time.Time
}

// Filter selects handoffs for a list, newest activity first; the zero Filter selects all that are not closed.
type Filter struct {
	Status  Status // "" for waiting and claimed
	AgentID string
	Limit   int // 0: 200
}

// Change is what a desk does to a handoff. Store applies it in one transaction.
type Change struct {
	HandoffID string
	Agent     Agent
	Notice    *bot.Parcel // what the user is told; nil: nothing
	Now       time.Time
}

// Store keeps handoffs. Package bot/sqlstore implements it. Errors wrap bot's four sentinels.
type Store interface {
	Handoffs(ctx context.Context, f Filter) ([]Handoff, error)
	Handoff(ctx context.Context, id string) (Handoff, error)
	Messages(ctx context.Context, id bot.ConversationID) ([]bot.Message, error)
	// ClaimHandoff gives it to the agent: the conversation's owner becomes human and its epoch rises.
	// ErrConflict when it is not waiting.
	ClaimHandoff(ctx context.Context, c Change) error
	// Say puts the agent's message into the conversation and the outbox. ErrConflict unless claimed by the agent.
	Say(ctx context.Context, c Change, p bot.Parcel) error
	// AddNote adds a note for agents only.
	AddNote(ctx context.Context, c Change, text string) error
	// CloseHandoff ends it as Returned or Resolved: the conversation belongs to the bot again, its epoch rises, the open
	// questions and misses of its state are cleared. ErrConflict unless claimed by the agent (a waiting one can be resolved
	// without claiming).
	CloseHandoff(ctx context.Context, c Change, s Status) error
}

// Agents keeps the people. Package bot/sqlstore implements it.
type Agents interface {
	AddAgent(ctx context.Context, a Agent, passwordHash string) error // ErrConflict when the login exists
	AgentByLogin(ctx context.Context, login string) (Agent, string, error)
	Agent(ctx context.Context, id string) (Agent, error)
	ListAgents(ctx context.Context) ([]Agent, error)
	SetPassword(ctx context.Context, id, passwordHash string) error
	SetDisabled(ctx context.Context, id string, disabled bool) error
}

// Tally counts questions of one day (UTC) by how they ended.
type Tally struct {
	Day     string // YYYY-MM-DD
	Channel string
	Lang    string
	Outcome bot.Decision
	Count   int
}

// Miss is a question that was not answered: unknown, or handed over.
type Miss struct {
	Conversation bot.ConversationID
	Question     bot.Question
	At           time.Time
}

// Broken is an arrival that could not be understood, shown to the operator.
type Broken struct {
	Arrival    int64
	Channel    string
	ExternalID string
	Reason     string
	ReceivedAt time.Time
}

// Reports answers the console's questions. Package bot/sqlstore implements it.
type Reports interface {
	Tallies(ctx context.Context, since time.Time) ([]Tally, error)
	Misses(ctx context.Context, limit int) ([]Miss, error)
	BrokenArrivals(ctx context.Context, limit int) ([]Broken, error)
}
