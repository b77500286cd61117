package bot

import (
	"slices"
	"time"

	"github.com/deskbell/deskbell/bot/guard"
)

// Observer counts what happens. cmd implements it with Prometheus; Unobserved counts nothing. Methods must be fast and safe
// for concurrent use.
type Observer interface {
	Received(channel string, r Receipt)
	Decided(channel string, t Turn, took time.Duration)
	Settled(channel string, kind ParcelKind, s SendStatus)
	Panicked(where string)
}

// Unobserved is an Observer that does nothing.
type Unobserved struct{}

// Received does nothing.
func (Unobserved) Received(string, Receipt) {}

// Decided does nothing.
func (Unobserved) Decided(string, Turn, time.Duration) {}

// Settled does nothing.
func (Unobserved) Settled(string, ParcelKind, SendStatus) {}

// Panicked does nothing.
func (Unobserved) Panicked(string) {}

// kindsOf lists the kinds of findings that are refused, gravest first, each once: a platform may repeat the same value in
// several strings of a document. Kinds that are only masked are not among them.
func kindsOf(fs []guard.PathFinding) []guard.Kind {
	var out []guard.Kind
	seen := map[guard.Kind]bool{}
	for _, f := range fs {
		if !seen[f.Kind] && guard.Severe(f.Kind) {
			seen[f.Kind] = true
			out = append(out, f.Kind)
		}
	}
	slices.SortFunc(out, guard.Compare)
	return out
}
