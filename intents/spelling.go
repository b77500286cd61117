package intents

import "unicode/utf8"

// speller knows the words of the phrases and finds the one that a mistyped word was meant to be: one letter too many,
// too few, wrong or swapped, never the first one. It is immutable.
type speller struct {
	words   map[string]int32    // how often
	reduced map[uint64][]string // by the hash of a word with one letter left out: the words
}

// Words of these lengths are mended: shorter ones have too many neighbours, and longer ones are no words but cost time that
// grows with the square of their length.
const (
	shortestSpelled = 5
	longestSpelled  = 32
)

func newSpeller(words map[string]int32) *speller {
	s := &speller{words: words, reduced: map[uint64][]string{}}
	for w := range words {
		if !spellable(w) {
			continue
		}
		for i := 1; i < len(w); i++ {
			h := reducedHash(w, i)
			s.reduced[h] = append(s.reduced[h], w)
		}
	}
	return s
}

func spellable(w string) bool {
	if len(w) < shortestSpelled-1 {
		return false
	}
	for i := 0; i < len(w); i++ {
		if w[i] < 'a' || w[i] > 'z' {
			return false
		}
	}
	return true
}

// reducedHash is the hash of w without the letter at i; i = len(w) leaves none out.
func reducedHash(w string, i int) uint64 {
	h := fnvString(fnvStart, w[:i])
	if i < len(w) {
		h = fnvString(h, w[i+1:])
	}
	return h
}

// mend returns the word that w was meant to be, or w itself. Of several the most frequent wins, then the first in the
// alphabet.
func (s *speller) mend(w string) string {
	if s == nil || len(w) < shortestSpelled || len(w) > longestSpelled || utf8.RuneCountInString(w) != len(w) || !spellable(w) {
		return w
	}
	if _, ok := s.words[w]; ok {
		return w
	}
	best := ""
	consider := func(candidate string) {
		if !oneTypo(w, candidate) {
			return
		}
		a, b := s.words[candidate], s.words[best]
		if best == "" || a > b || a == b && candidate < best {
			best = candidate
		}
	}
	// A letter too many leaves a word; otherwise both become one when a letter of each is left out.
	for i := 1; i <= len(w); i++ {
		for _, candidate := range s.reduced[reducedHash(w, i)] {
			consider(candidate)
		}
		if i < len(w) {
			if less := w[:i] + w[i+1:]; s.words[less] > 0 {
				consider(less)
			}
		}
	}
	if best == "" {
		return w
	}
	return best
}

// oneTypo reports that a and b differ by one letter inserted, left out or exchanged, or two neighbours swapped.
func oneTypo(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if i == 0 {
		return false
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if i == len(a) {
		return false
	}
	return a[i+1:] == b[i+1:] || i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
