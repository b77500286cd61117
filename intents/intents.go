// Package intents finds what a user wants: it learns intents from their phrases and ranks them for a question.
//
// Package bot asks it for every question of a message; `deskbell intents` measures it. Start at Train and
// Classifier.Classify. It is pure: no I/O, no clock, no randomness that is not seeded.
//
// A text is folded (lang), scored for every intent by an engine (lexical.go: features, vocabulary, solver), and the
// scores are calibrated and decided on (calibrate.go, classifier.go) with what cross-validation on the phrases taught
// (crossval.go). A further engine stands beside lexical, gives logits per intent too, and is fused before calibrate.
package intents

import "github.com/deskbell/deskbell/intents/lang"

// Intent is something users want, known by its phrases.
type Intent struct {
	ID      string
	Titles  []string // names of the intent, one per language; they count as phrases
	Phrases []Phrase
}

// Phrase is one way to say it.
type Phrase struct {
	Text string
	Lang lang.Tag // lang.Unknown: found out by lang.Detect
}

// Candidate is an intent that a question may mean, with a calibrated probability in 0..1.
type Candidate struct {
	Intent string  `json:"id"`
	Score  float64 `json:"score"`
}

// Decision says how sure the classifier is.
type Decision string

// Decisions of the classifier.
const (
	DecideAnswer  Decision = "answer"  // the first candidate is meant
	DecideClarify Decision = "clarify" // two or three are close: ask back
	DecideNone    Decision = "none"    // none fits: out of scope
)

// Result is what a question may mean.
type Result struct {
	Decision Decision
	Ranked   []Candidate // best first, at most five; also filled when Decision is DecideNone
}
