package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Token is a piece of folded text: a word of a language that writes blanks, a number or an emoji; or a run of
// Chinese characters, which is left to n-grams.
type Token struct {
	Text string
	Han  bool
}

// Tokens cuts folded text (see Fold) into words and runs of Chinese characters. Apostrophes vanish ("don't" and
// "dont" are one word), the guard's ⟦marks⟧ are left out, punctuation parts tokens. The texts point into folded
// where nothing had to change. Tokens are appended to dst, which may be nil.
func Tokens(dst []Token, folded string) []Token {
	for i := 0; i < len(folded); {
		r, width := utf8.DecodeRuneInString(folded[i:])
		switch {
		case r == '⟦':
			i += markLen(folded[i:])
			continue
		case IsHan(r):
			n := runLen(folded[i:], IsHan)
			dst = append(dst, Token{Text: folded[i : i+n], Han: true})
			i += n
			continue
		case wordRune(r):
			n := runLen(folded[i:], func(r rune) bool { return wordRune(r) || r == '\'' })
			if w := strings.ReplaceAll(folded[i:i+n], "'", ""); w != "" {
				dst = append(dst, Token{Text: w})
			}
			i += n
			continue
		case unicode.Is(unicode.So, r):
			dst = append(dst, Token{Text: folded[i : i+width]})
		}
		i += width
	}
	return dst
}

// markLen is the length in bytes of the ⟦mark⟧ at the start of s; the bracket alone when it is not closed.
func markLen(s string) int {
	if end := strings.Index(s, "⟧"); end > 0 {
		return end + len("⟧")
	}
	return len("⟦")
}

func wordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z'
	}
	return (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)) && !IsHan(r)
}

func runLen(s string, in func(rune) bool) int {
	for i, r := range s {
		if !in(r) {
			return i
		}
	}
	return len(s)
}

// Stem takes the endings of plurals and verbs off an English word: cards → card, declined → declin,
// transferring → transfer, companies → company. It is light: two words with one stem are nearly always one word.
// Words under four letters and words with digits stay.
func Stem(w string) string {
	if len(w) < 4 || !letters(w) {
		return w
	}
	switch {
	case strings.HasSuffix(w, "ies") && len(w) > 4:
		return w[:len(w)-3] + "y"
	case strings.HasSuffix(w, "sses"):
		w = w[:len(w)-2]
	case strings.HasSuffix(w, "s") && !endsWithAny(w, "ss", "us", "is"):
		w = w[:len(w)-1]
	}
	switch {
	case strings.HasSuffix(w, "ing") && len(w) > 5 && vowelIn(w[:len(w)-3]):
		w = undouble(w[:len(w)-3])
	case strings.HasSuffix(w, "ed") && len(w) > 4 && vowelIn(w[:len(w)-2]):
		w = undouble(w[:len(w)-2])
	}
	// charge, charged, charges, charging meet without the e.
	if len(w) > 3 && w[len(w)-1] == 'e' {
		w = w[:len(w)-1]
	}
	return w
}

func letters(w string) bool {
	for i := 0; i < len(w); i++ {
		if w[i] < 'a' || w[i] > 'z' {
			return false
		}
	}
	return true
}

func endsWithAny(w string, endings ...string) bool {
	for _, e := range endings {
		if strings.HasSuffix(w, e) {
			return true
		}
	}
	return false
}

func vowelIn(w string) bool { return strings.ContainsAny(w, "aeiouy") }

// undouble turns transferr into transfer; call, pass and buzz keep both letters.
func undouble(w string) string {
	n := len(w)
	if n > 3 && w[n-1] == w[n-2] && !strings.ContainsRune("aeioulsz", rune(w[n-1])) {
		return w[:n-1]
	}
	return w
}
