package bot

import (
	"github.com/deskbell/deskbell/bot/guard"
	"github.com/deskbell/deskbell/intents"
	"github.com/deskbell/deskbell/intents/lang"
)

// Decision sums up a turn in one word. The values stand in the database and in the output of `deskbell chat --jsonl`.
type Decision string

// Decisions. Nothing means that nothing was said that needs a reply. Passed means that humans own the conversation: the message is theirs, the bot says nothing.
const (
	Nothing   Decision = ""
	Answer    Decision = "answer"
	Clarify   Decision = "clarify"
	Refuse    Decision = "refuse"
	Handoff   Decision = "handoff"
	Smalltalk Decision = "smalltalk"
	Unknown   Decision = "unknown"
	Passed    Decision = "passed"
)

// Reason says why a conversation is handed over. The values stand in the database.
type Reason string

// Reasons for a handoff.
const (
	ReasonAsked         Reason = "asked"          // the user asked for a person
	ReasonNotUnderstood Reason = "not_understood" // twice in a row
	ReasonRejected      Reason = "rejected"       // the user said that the answer did not help
	ReasonSensitive     Reason = "sensitive"      // fraud, account taken over, complaint, legal
	ReasonFailure       Reason = "failure"        // the bot itself failed
)

// Question is one question of a message and what became of it.
type Question struct {
	Text    string              `json:"text"` // guarded; "" for a refusal, or a button pressed for a person
	Lang    lang.Tag            `json:"lang,omitempty"`
	Outcome Decision            `json:"outcome"`
	Ranked  []intents.Candidate `json:"ranked,omitempty"` // best first, at most five
}

// Turn is what the bot decides on one burst of messages: everything that Store.Commit writes in one transaction.
type Turn struct {
	Decision   Decision
	Lang       lang.Tag
	LangFixed  lang.Tag // "" leaves the conversation's choice as it is
	Questions  []Question
	Replies    []Reply
	Delete     []string     // platform ids of messages to delete on the platform
	Handoff    *Escalation  // nil: stay
	Transcript bool         // send the user a file of the conversation
	Erase      bool         // forget the user: texts are removed from every table (design rule 11)
	Findings   []guard.Kind // of the burst
	State      State        // the conversation's next state
}

// Reply is one outgoing message of the bot, before placeholders are rendered.
type Reply struct {
	Text    string   `json:"text"` // small Markdown with placeholders such as {{contact.hotline}}
	Lang    lang.Tag `json:"lang"`
	Buttons []Button `json:"buttons,omitempty"`
	Intents []string `json:"intents,omitempty"` // entries it quotes; the output check allows their own links
}

// Button is offered below a message. Exactly one of Action and URL is set. Labels are at most 60 characters,
// actions at most 64 bytes (Telegram's callback_data).
type Button struct {
	Label  string `json:"label"`
	Action string `json:"action,omitempty"`
	URL    string `json:"url,omitempty"`
}

// Escalation asks for a human. It is stored with the handoff row and shown to agents as the context.
type Escalation struct {
	Reason   Reason       `json:"reason"`
	Topic    string       `json:"topic,omitempty"` // intent id that demanded it, for ReasonSensitive
	Open     []Question   `json:"open,omitempty"`
	Answered []Answered   `json:"answered,omitempty"`
	Findings []guard.Kind `json:"findings,omitempty"`
	Lang     lang.Tag     `json:"lang,omitempty"`
	Priority int          `json:"priority"` // 1 urgent, 2 high, 3 normal
}
