package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns the one form in which texts are matched: NFKC (full-width letters and digits become plain), lower
// case, simplified characters, typographic quotes plain, invisible characters dropped, white space as one blank
// and trimmed. Folding twice changes nothing. Simplifying is by the character, which is fast; for text that people
// read use Converter.
func Fold(s string) string {
	if folded, ok := foldASCII(s); ok {
		return folded
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	// Lower-casing and simplifying can leave text that NFKC would join once more; two rounds settle all but
	// the strangest.
	for range 4 {
		next := foldRunes(norm.NFKC.String(s))
		if next == s {
			break
		}
		s = next
	}
	return s
}

// foldASCII folds plain ASCII without tables, which is most English text.
func foldASCII(s string) (string, bool) {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return "", false
		}
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f':
			if len(out) > 0 && out[len(out)-1] != ' ' {
				out = append(out, ' ')
			}
		case c < 0x20 || c == 0x7F:
		case 'A' <= c && c <= 'Z':
			out = append(out, c+'a'-'A')
		default:
			out = append(out, c)
		}
	}
	if len(out) > 0 && out[len(out)-1] == ' ' {
		out = out[:len(out)-1]
	}
	return string(out), true
}

func foldRunes(s string) string {
	t := chars()
	var out strings.Builder
	out.Grow(len(s))
	blank := false
	for _, r := range s {
		if unicode.IsSpace(r) {
			blank = out.Len() > 0
			continue
		}
		if r = foldRune(t, r); r < 0 {
			continue
		}
		if blank {
			out.WriteByte(' ')
			blank = false
		}
		out.WriteRune(r)
	}
	return out.String()
}

// foldRune folds one character of NFKC text; -1 drops it.
func foldRune(t *charTables, r rune) rune {
	switch r {
	case '’', '‘', 'ʼ', '`', '´':
		return '\''
	case '“', '”', '„', '«', '»':
		return '"'
	case '–', '—', '−', '‐', '‑':
		return '-'
	}
	switch {
	case r < utf8.RuneSelf && r >= 0x20 && r != 0x7F:
		return unicode.ToLower(r)
	case unicode.In(r, unicode.Cc, unicode.Cf), unicode.Is(unicode.Variation_Selector, r):
		return -1
	case IsHan(r):
		return t.simplified(r)
	}
	return unicode.ToLower(r)
}

// IsHan reports whether r is a Chinese character.
func IsHan(r rune) bool {
	return inTable(r) || r > 0xFFFF && unicode.Is(unicode.Han, r) || r == '〇' || r >= 0xF900 && r <= 0xFAFF
}
