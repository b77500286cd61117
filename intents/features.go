package intents

import (
	"unicode/utf8"

	"github.com/deskbell/deskbell/intents/lang"
)

// A text is seen through three blocks of features, each of which gets its say whatever the number of its features.
const (
	blockWords   = iota // stems of words and pairs of them
	blockLetters        // letters 2 to 5 inside words: endings, compounds and typing errors
	blockHan            // Chinese characters 1 to 3; a foreign word counts as one character
	blocks
)

const (
	shortestLetters = 2
	longestLetters  = 5
	longestHan      = 3
)

// gram is one feature of a text: a hash of its n-gram, and whether it is one of the long ones that weigh less.
type gram struct {
	hash uint64
	long bool // three Chinese characters
}

// grams are the features of one text, block by block, repeated as often as they occur.
// It is scratch space: read fills it anew.
type grams struct {
	of     [blocks][]gram
	words  int // words, numbers and emoji
	han    int // Chinese characters
	tokens []lang.Token
	units  []uint64
	runes  []rune
	spell  *speller // mends mistyped words; nil: none
}

// FNV-1a in 64 bits: n-grams that start at one place share the work, and a text hashes alike in every program,
// which the background table needs.
const fnvStart uint64 = 14695981039346656037

func fnvByte(h uint64, b byte) uint64 { return (h ^ uint64(b)) * 1099511628211 }

func fnvRune(h uint64, r rune) uint64 {
	if r < utf8.RuneSelf {
		return fnvByte(h, byte(r))
	}
	return fnvByte(fnvByte(fnvByte(h, byte(r)|0x80), byte(r>>8)), byte(r>>16))
}

func fnvString(h uint64, s string) uint64 {
	for i := 0; i < len(s); i++ {
		h = fnvByte(h, s[i])
	}
	return h
}

// fnvJoin is the hash of an n-gram that goes on with one more unit.
func fnvJoin(h, unit uint64) uint64 { return (h*31 + unit) * 1099511628211 }

// read takes the features of a folded text.
func (g *grams) read(folded string) {
	for b := range g.of {
		g.of[b] = g.of[b][:0]
	}
	g.words, g.han = 0, 0
	g.units = g.units[:0]
	g.tokens = lang.Tokens(g.tokens[:0], folded)
	previous := uint64(0)
	for _, tok := range g.tokens {
		if !tok.Han {
			previous = g.readWord(g.spell.mend(tok.Text), previous)
			continue
		}
		previous = 0
		for _, r := range tok.Text {
			g.units = append(g.units, fnvRune(fnvStart+blockHan, r))
			g.han++
		}
	}
	if g.han > 0 {
		g.readUnits()
	}
}

// readWord takes a word, the pair it makes with the word before (0: none) and its letters; it returns the
// word's hash.
func (g *grams) readWord(w string, previous uint64) uint64 {
	g.words++
	h := fnvString(fnvStart+blockWords, lang.Stem(w))
	g.of[blockWords] = append(g.of[blockWords], gram{hash: h})
	if previous != 0 {
		g.of[blockWords] = append(g.of[blockWords], gram{hash: fnvJoin(previous, h)})
	}
	g.units = append(g.units, h)
	g.readLetters(w)
	return h
}

// readLetters takes the n-grams of a word between two blanks, which mark its beginning and end.
func (g *grams) readLetters(w string) {
	r := append(g.runes[:0], ' ')
	for _, c := range w {
		r = append(r, c)
	}
	r = append(r, ' ')
	g.runes = r
	out := g.of[blockLetters]
	for from := 0; from+shortestLetters <= len(r); from++ {
		h := fnvStart + blockLetters
		for to := from; to < len(r) && to < from+longestLetters; to++ {
			h = fnvRune(h, r[to])
			if to-from+1 >= shortestLetters {
				out = append(out, gram{hash: h})
			}
		}
	}
	g.of[blockLetters] = out
}

// readUnits takes Chinese characters (and the foreign words between them) alone, in pairs and in threes.
func (g *grams) readUnits() {
	out := g.of[blockHan]
	for i, h := range g.units {
		out = append(out, gram{hash: h})
		for n := 1; n < longestHan && i+n < len(g.units); n++ {
			h = fnvJoin(h, g.units[i+n])
			out = append(out, gram{hash: h, long: n == 2})
		}
	}
	g.of[blockHan] = out
}
