package handoff

import (
	"strings"
	"unicode/utf8"

	"github.com/deskbell/deskbell/bot/guard"
)

// MaxReply is the length of an agent's message in characters: what every channel takes in one piece.
const MaxReply = 3500

// ProblemKind says why an agent's message was held back.
type ProblemKind string

// Why a message is held back.
const (
	ProblemEmpty       ProblemKind = "empty"
	ProblemLong        ProblemKind = "long"        // more than MaxReply characters
	ProblemSensitive   ProblemKind = "sensitive"   // holds a password, card number …; Secret says which
	ProblemAsks        ProblemKind = "asks"        // asks the user for one; Secret says which
	ProblemAddress     ProblemKind = "address"     // names an address that is not in the registry; Value says which
	ProblemPlaceholder ProblemKind = "placeholder" // {{…}} that cannot be rendered; Value says which, or why
)

// Problem is one reason to hold a message back.
type Problem struct {
	Kind    ProblemKind
	Secret  guard.Kind // ProblemSensitive, ProblemAsks
	Value   string     // ProblemAddress: the address; ProblemPlaceholder: the reason. Never a sensitive value
	Address string     // ProblemAddress: url, phone, email or handle
}

// Held is the error for a message that may not leave: nothing was written. The desk shows the problems beside the text.
type Held struct{ Problems []Problem }

// Error names the kinds only, so that it can be logged.
func (h *Held) Error() string {
	kinds := make([]string, len(h.Problems))
	for i, p := range h.Problems {
		kinds[i] = string(p.Kind)
		if p.Secret != "" {
			kinds[i] += " " + string(p.Secret)
		}
	}
	return "held back: " + strings.Join(kinds, ", ")
}

// checkLength is what replies and notes have in common before anything looks inside.
func checkLength(text string) []Problem {
	switch {
	case text == "":
		return []Problem{{Kind: ProblemEmpty}}
	case utf8.RuneCountInString(text) > MaxReply:
		return []Problem{{Kind: ProblemLong}}
	}
	return nil
}

// sensitive turns findings into problems, each kind once.
func sensitive(fs []guard.Finding) []Problem {
	var out []Problem
	seen := map[guard.Kind]bool{}
	for _, f := range fs {
		if !seen[f.Kind] {
			seen[f.Kind] = true
			out = append(out, Problem{Kind: ProblemSensitive, Secret: f.Kind})
		}
	}
	return out
}
