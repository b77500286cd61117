package intents

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// boundary says how strongly a place in a message parts two questions.
type boundary uint8

const (
	joined   boundary = iota // the beginning of the message
	inner                    // "and" without any mark: only two whole questions are parted
	weak                     // a comma: the same
	sentence                 // the end of a sentence or line: background may follow or precede a question
	strong                   // a question mark, an item of a list, "also": a new question is likely
)

// piece is a stretch of a message that is not cut further: text[from:to]. What it says begins at core, after a list
// marker or conjunction.
type piece struct {
	from, core, to int
	before         boundary
}

// pieceLimit bounds the pieces of a message; the rest of a longer one is one piece.
const pieceLimit = 48

// cutter cuts a message at every place where a new question might begin.
type cutter struct {
	text   string
	lower  string // text with ASCII letters in lower case, byte for byte
	pieces []piece
	from   int
	before boundary
	item   int // number of the last list item
}

func cut(text string) []piece {
	c := &cutter{text: text, lower: lowerASCII(text)}
	lineStart := true
	for i := 0; i < len(text) && len(c.pieces) < pieceLimit; {
		if n := c.marker(i, lineStart); n > 0 {
			c.end(i, strong)
			i += n
			lineStart = false
			continue
		}
		if n := c.conjunction(i); n > 0 {
			c.end(i, weak)
			i += n
			continue
		}
		r, width := utf8.DecodeRuneInString(text[i:])
		i += width
		if b := c.stop(r, i); b != joined {
			c.end(i, b)
		}
		lineStart = r == '\n' || lineStart && unicode.IsSpace(r)
	}
	c.end(len(text), joined)
	for i := range c.pieces {
		c.openWith(&c.pieces[i])
	}
	return c.pieces
}

// clauses joins pieces that no mark parts.
func clauses(pieces []piece) []piece {
	var out []piece
	for _, p := range pieces {
		if n := len(out); n > 0 && p.before <= inner {
			out[n-1].to = p.to
			continue
		}
		out = append(out, p)
	}
	return out
}

// end closes the piece that ends at to; b lies between it and the next. "Also," is no piece of its own.
func (c *cutter) end(to int, b boundary) {
	if b <= weak && to < len(c.text) && c.onlyOpener(to) {
		return
	}
	if strings.IndexFunc(c.text[c.from:to], isContent) < 0 {
		// Nothing but marks and blanks: they go to the piece before, and the stronger boundary counts.
		if n := len(c.pieces); n > 0 {
			c.pieces[n-1].to = to
			c.from = to
		}
		c.before = max(c.before, b)
		return
	}
	c.pieces = append(c.pieces, piece{from: c.from, core: c.from, to: to, before: c.before})
	c.from, c.before = to, b
}

func (c *cutter) onlyOpener(to int) bool {
	at := c.skip(c.from, to)
	n := opener(c.lower[at:to])
	return n > 0 && c.skip(at+n, to) == to
}

func isContent(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.So, r)
}

// stop tells the boundary that the character r makes; next is the place after it.
func (c *cutter) stop(r rune, next int) boundary {
	switch r {
	case '?', '？':
		return strong
	case '!', '！', '。', '；', ';', '\n', '…':
		return sentence
	case ',', '，':
		if digitAt(c.text, next) { // 1,000
			return joined
		}
		return weak
	case '.':
		// Not in 1.5, example.com and e.g.
		if next == len(c.text) || unicode.IsSpace(rune(c.text[next])) && !c.abbreviation(next-1) {
			return sentence
		}
	}
	return joined
}

// abbreviation reports whether the word before the full stop at dot is one letter, as in e.g. or U.S.
func (c *cutter) abbreviation(dot int) bool {
	word := strings.LastIndexFunc(c.text[:dot], func(r rune) bool { return !unicode.IsLetter(r) }) + 1
	return dot-word == 1
}

func digitAt(s string, i int) bool { return i < len(s) && s[i] >= '0' && s[i] <= '9' }

// marker returns the length of a list marker at i ("1.", "2、", "(3)", "④", "- "), 0 for none. Numbers must count up
// from one, so that "2. May" is none; dashes must begin a line.
func (c *cutter) marker(i int, lineStart bool) int {
	rest := c.text[i:]
	if lineStart {
		for _, dash := range []string{"- ", "* ", "• ", "•", "· "} {
			if strings.HasPrefix(rest, dash) {
				return len(dash)
			}
		}
	}
	r, width := utf8.DecodeRuneInString(rest)
	if r >= '①' && r <= '⑨' && int(r-'①') == c.item {
		c.item++
		return width
	}
	if i > 0 && (digitAt(c.text, i-1) || !lineStart && asciiLetter(c.text[i-1])) {
		return 0
	}
	open := 0
	if r == '(' || r == '（' {
		open = width
	}
	number, n := itemNumber(rest[open:])
	if number != c.item+1 {
		return 0
	}
	closing, width := utf8.DecodeRuneInString(rest[open+n:])
	after := open + n + width
	if !strings.ContainsRune(".、)）:：．", closing) || digitAt(rest, after) {
		return 0
	}
	c.item++
	return after
}

// itemNumber reads a number of one digit, Arabic or Chinese.
func itemNumber(s string) (number, length int) {
	r, width := utf8.DecodeRuneInString(s)
	if r >= '1' && r <= '9' {
		return int(r - '0'), width
	}
	if at := strings.IndexRune("一二三四五六七八九", r); at >= 0 && r != utf8.RuneError {
		return at/len("一") + 1, width
	}
	return 0, 0
}

func asciiLetter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }

// openers begin a further question; they are not part of it. Longer ones stand before those they begin with.
var openers = []string{
	"and by the way", "and one more thing", "and also", "one more thing", "one more question", "another question",
	"another thing", "my other question is", "my second question is", "additionally", "in addition", "furthermore",
	"also", "besides", "by the way", "btw", "plus", "secondly", "second", "next",
	"还有一个问题", "還有一個問題", "还有个问题", "還有個問題", "还有就是", "還有就是", "还想问一下", "還想問一下", "还想问", "還想問",
	"另外还有", "另外還有", "另外想问", "另外想問", "顺便问一下", "順便問一下", "顺便问下", "順便問下", "顺便问", "順便問",
	"再问一下", "再問一下", "再问", "再問", "还有", "還有", "另外", "此外", "以及", "顺便", "順便", "其次", "第二", "同时", "同時", "对了", "對了",
}

// conjunctions may stand between two questions without any mark.
var conjunctions = []string{
	" and also ", " and by the way ", " and ", " also ", " plus ", "还有", "還有", "另外", "以及", "顺便", "順便", "并且", "並且",
}

// conjunction returns the length of a conjunction at i that no mark parts from what stands before it, 0 for none.
func (c *cutter) conjunction(i int) int {
	if first := c.lower[i]; i == c.from || first < utf8.RuneSelf && first != ' ' {
		return 0
	}
	for _, w := range conjunctions {
		if strings.HasPrefix(c.lower[i:], w) {
			return len(w)
		}
	}
	return 0
}

// openWith moves the core of a piece past a list marker and openers. An opener after a mark makes the boundary strong.
func (c *cutter) openWith(p *piece) {
	at := c.skip(p.from, p.to)
	probe := &cutter{text: c.text[at:p.to], item: markerItem(c.text[at:p.to])}
	if p.before == strong && at < p.to {
		at = c.skip(at+probe.marker(0, true), p.to)
	}
	for n := opener(c.lower[at:p.to]); n > 0; n = opener(c.lower[at:p.to]) {
		if plainAnd := n == len(and); !plainAnd && (p.before == weak || p.before == sentence) {
			p.before = strong
		}
		at = c.skip(at+n, p.to)
	}
	if at < p.to {
		p.core = at
	}
}

// skip goes past blanks and marks.
func (c *cutter) skip(from, to int) int {
	return to - len(strings.TrimLeftFunc(c.text[from:to], notContentStart))
}

func notContentStart(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune(",，、;；:：。.!！?？…", r)
}

// markerItem is the number before the one a marker at the start of s has.
func markerItem(s string) int {
	s = strings.TrimLeft(s, "(（")
	if r, _ := utf8.DecodeRuneInString(s); r >= '①' && r <= '⑨' {
		return int(r - '①')
	}
	n, _ := itemNumber(s)
	return n - 1
}

// and opens a piece, but says little.
const and = "and "

// opener returns the length of the opener that s begins with, 0 for none.
func opener(s string) int {
	for _, w := range openers {
		if strings.HasPrefix(s, w) && (w[0] >= utf8.RuneSelf || len(s) == len(w) || !asciiLetter(s[len(w)])) {
			return len(w)
		}
	}
	if strings.HasPrefix(s, and) {
		return len(and)
	}
	return 0
}

func lowerASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
