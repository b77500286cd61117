package guard

import (
	"slices"
	"sync"
)

// text is one message on the detectors' bench.
type text struct {
	lex    *trie
	han    *hanEntries
	units  []unit
	digits []digit
	chunks []chunk
	tokens []token
	keys   uint64 // the classes of keys that occur, one bit each
	hits   []hit
}

// hit is a finding while it is being made: units [s,e).
type hit struct {
	kind Kind
	s, e int32
}

// maxRounds bounds how often a text with findings is looked at again with the findings masked.
const maxRounds = 4

// benches keeps the scratch memory of scans, wiped, so that a message needs none of its own.
var benches = sync.Pool{New: func() any {
	return &text{
		lex: lexicon(), han: hanTable(),
		units: make([]unit, 0, 512), digits: make([]digit, 0, 64), chunks: make([]chunk, 0, 32),
		tokens: make([]token, 0, 256), hits: make([]hit, 0, 8),
	}
}}

// maxBench is the length, in units, beyond which scratch memory is not kept.
const maxBench = 1 << 13

// wipe forgets the message and returns the bench.
func (t *text) wipe() {
	if cap(t.units) > maxBench {
		return
	}
	clear(t.units)
	clear(t.digits[:cap(t.digits)])
	t.units, t.digits, t.chunks, t.tokens, t.hits = t.units[:0], t.digits[:0], t.chunks[:0], t.tokens[:0], t.hits[:0]
	benches.Put(t)
}

// scan finds sensitive data in text; expect is the kind that a bare value would be, "" for none. It panics if a
// detector does: callers fail closed.
func scan(s string, expect Kind) ([]Finding, outcome) {
	t := benches.Get().(*text)
	t.units = appendFold(t.units[:0], s)
	t.look(expect)
	o := t.outcome(expect)
	for range maxRounds {
		n := len(t.hits)
		if n == 0 {
			break
		}
		t.mask()
		t.look("")
		if len(t.hits) == n {
			break
		}
	}
	fs := t.findings()
	t.wipe()
	return fs, o
}

// look runs every detector once. The order matters: the more certain come first, and nothing is found twice.
func (t *text) look(expect Kind) {
	t.digits, t.chunks, t.tokens, t.keys = t.digits[:0], t.chunks[:0], t.tokens[:0], 0
	t.findDigits()
	t.findTokens()
	t.findPrivateKeys()
	t.findTokensAndKeys()
	t.findSeeds()
	t.findIDs()
	t.findCards()
	t.findDocuments()
	t.findShort()
	t.findPairs()
	t.findPasswords()
	t.findEntered()
	t.findAnswers()
	if expect != "" {
		t.findExpected(expect)
	}
	t.findRepeats()
}

// add records a finding over units [s,e). What overlaps an earlier one is dropped, so detectors run from the most to
// the least certain.
func (t *text) add(k Kind, s, e int) bool {
	if s >= e || t.taken(s, e) {
		return false
	}
	t.hits = append(t.hits, hit{k, int32(s), int32(e)})
	for i := s; i < e; i++ {
		t.units[i].hit = true
	}
	return true
}

// taken reports that units [s,e) overlap something found.
func (t *text) taken(s, e int) bool {
	for ; s < e; s++ {
		if t.units[s].hit {
			return true
		}
	}
	return false
}

// mask makes what was found opaque, as Redact will, so that a second look sees what a reader of the redacted text sees.
func (t *text) mask() {
	for _, h := range t.hits {
		for i := h.s; i < h.e; i++ {
			u := &t.units[i]
			u.r, u.o, u.d, u.han = opaque, opaque, -1, -1
		}
	}
}

// findings gives the hits in code points, in order. Neighbours of one kind that touch stay apart.
func (t *text) findings() []Finding {
	if len(t.hits) == 0 {
		return nil
	}
	out := make([]Finding, 0, len(t.hits))
	for _, h := range t.hits {
		out = append(out, Finding{Kind: h.kind, Start: int(t.units[h.s].at), End: int(t.units[h.e-1].end)})
	}
	slices.SortFunc(out, func(a, b Finding) int { return a.Start - b.Start })
	return out
}

// is reports that the folded text goes on with w (ASCII) at unit i.
func (t *text) is(i int, w string) bool {
	if i < 0 || i+len(w) > len(t.units) {
		return false
	}
	for j := range len(w) {
		if t.units[i+j].r != rune(w[j]) {
			return false
		}
	}
	return true
}

// has reports that one of the classes occurs in the text.
func (t *text) has(cs ...class) bool {
	for _, c := range cs {
		if t.keys&(1<<c) != 0 {
			return true
		}
	}
	return false
}
