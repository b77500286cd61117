package telegram

import (
	"html"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/width"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/markup"
)

// Limits of the Bot API. Lengths are UTF-16 code units after entities are parsed; data is bytes.
const (
	maxText    = 4096
	maxCaption = 1024
	maxData    = 64
)

// render turns a message into HTML parts of at most limit UTF-16 units of text each. There are no parts when there is
// nothing to say. It is pure.
func render(d bot.Delivery, limit int) []part {
	spans := flatten(markup.Parse(strings.ToValidUTF8(d.Text, "\ufffd"))) // Telegram takes nothing but UTF-8
	if d.Author == bot.ByAgent && d.AgentName != "" {
		spans = append([]markup.Span{{Text: strings.ToValidUTF8(d.AgentName, "\ufffd"), Bold: true}, {Text: "\n"}}, spans...)
	}
	var out []part
	for _, p := range split(spans, limit) {
		out = append(out, part{HTML: toHTML(p), Plain: plain(p)})
	}
	return out
}

// part is one message of a text, in HTML and without any style.
type part struct{ HTML, Plain string }

// flatten lays blocks out as one run of spans: paragraphs apart by an empty line, items below each other.
func flatten(doc markup.Doc) []markup.Span {
	var out []markup.Span
	for i, b := range doc {
		if i > 0 {
			gap := "\n\n"
			if b.Kind == markup.Item && doc[i-1].Kind == markup.Item {
				gap = "\n"
			}
			out = append(out, markup.Span{Text: gap})
		}
		if b.Kind == markup.Item {
			out = append(out, markup.Span{Text: bullet(b.Ordinal)})
		}
		out = append(out, b.Spans...)
	}
	return out
}

func bullet(ordinal int) string {
	if ordinal > 0 {
		return strconv.Itoa(ordinal) + ". "
	}
	return "• "
}

// toHTML writes spans in Telegram's HTML.
func toHTML(spans []markup.Span) string {
	var sb strings.Builder
	for _, s := range spans {
		text := html.EscapeString(s.Text)
		if strings.TrimSpace(s.Text) == "" { // Telegram drops entities of white space
			sb.WriteString(text)
			continue
		}
		if s.Code { // code holds no other style
			text = "<code>" + text + "</code>"
		} else {
			if s.Bold {
				text = "<b>" + text + "</b>"
			}
			if s.Italic {
				text = "<i>" + text + "</i>"
			}
		}
		if s.URL != "" {
			text = `<a href="` + html.EscapeString(s.URL) + `">` + text + "</a>"
		}
		sb.WriteString(text)
	}
	return sb.String()
}

// split cuts spans into parts of at most limit UTF-16 units, at the end of a paragraph if one is near, else of a line,
// a sentence, a word, and in need anywhere between two letters. Parts lose the white space at their ends; empty ones
// are left out.
func split(spans []markup.Span, limit int) [][]markup.Span {
	var parts [][]markup.Span
	for {
		spans = trim(spans)
		if len(spans) == 0 {
			return parts
		}
		text := plain(spans)
		cut := cutAt(text, limit)
		if cut >= len(text) {
			return append(parts, spans)
		}
		var head []markup.Span
		head, spans = divide(spans, cut)
		if head = trim(head); len(head) > 0 {
			parts = append(parts, head)
		}
	}
}

func plain(spans []markup.Span) string {
	var sb strings.Builder
	for _, s := range spans {
		sb.WriteString(s.Text)
	}
	return sb.String()
}

// divide cuts spans at a byte offset of their text.
func divide(spans []markup.Span, at int) (head, tail []markup.Span) {
	for i, s := range spans {
		if at < len(s.Text) {
			left, right := s, s
			left.Text, right.Text = s.Text[:at], s.Text[at:]
			if at > 0 {
				head = append(head, left)
			}
			return head, append([]markup.Span{right}, spans[i+1:]...)
		}
		head = append(head, s)
		at -= len(s.Text)
	}
	return head, nil
}

// trim removes white space at both ends, and spans that hold nothing else there.
func trim(spans []markup.Span) []markup.Span {
	out := make([]markup.Span, len(spans))
	copy(out, spans)
	for len(out) > 0 {
		if out[0].Text = strings.TrimLeftFunc(out[0].Text, unicode.IsSpace); out[0].Text != "" {
			break
		}
		out = out[1:]
	}
	for n := len(out) - 1; n >= 0; n-- {
		if out[n].Text = strings.TrimRightFunc(out[n].Text, unicode.IsSpace); out[n].Text != "" {
			break
		}
		out = out[:n]
	}
	return out
}

// The ranks of places to cut, worst first.
const (
	cutAnywhere = iota
	cutWord
	cutSentence
	cutLine
	cutParagraph
	cutRanks
)

// cutAt returns the byte offset to cut text at so that what is before it has at most limit UTF-16 units: len(text)
// when all of it fits. Of each rank it takes the last place, and the best rank that leaves at least half of limit filled
// (a word: a quarter); limit must be at least 2.
func cutAt(text string, limit int) int {
	var last [cutRanks]int
	var used [cutRanks]int
	units := 0
	var prev rune
	for i, r := range text {
		n := utf16.RuneLen(r)
		if n < 0 {
			n = 1
		}
		if i > 0 && units <= limit {
			if rank := rankBetween(prev, r, text[:i]); rank >= 0 {
				last[rank], used[rank] = i, units
			}
		}
		if units += n; units > limit {
			return best(last, used, limit, text)
		}
		prev = r
	}
	return len(text)
}

func best(last, used [cutRanks]int, limit int, text string) int {
	for rank := cutParagraph; rank > cutWord; rank-- {
		if used[rank] >= limit/2 {
			return last[rank]
		}
	}
	if used[cutWord] >= limit/4 && used[cutWord] > 0 {
		return last[cutWord]
	}
	if last[cutAnywhere] > 0 {
		return last[cutAnywhere]
	}
	_, size := utf8.DecodeRuneInString(text) // one enormous grapheme: it must go somewhere
	return size
}

// rankBetween ranks a cut between two runes, -1 for none: within a grapheme.
func rankBetween(prev, next rune, before string) int {
	switch {
	case unicode.In(next, unicode.Mn, unicode.Me, unicode.Mc) || next == '\u200d' || prev == '\u200d' || isEmojiModifier(next):
		return -1
	case isRegional(prev) && isRegional(next):
		return -1
	case prev == '\n' && strings.HasSuffix(before, "\n\n"):
		return cutParagraph
	case prev == '\n':
		return cutLine
	case endsSentence(before, next):
		return cutSentence
	case unicode.IsSpace(prev) || strings.ContainsRune("，、：", prev):
		return cutWord
	default:
		return cutAnywhere
	}
}

const (
	closers = "”’」』)）\"'】》"
	stops   = "。!！?？；…"
)

// endsSentence reports that a sentence ends with before: with a stop, or a point or semicolon and then a space, and
// whatever closes behind it.
func endsSentence(before string, next rune) bool {
	if strings.ContainsRune(stops, next) || strings.ContainsRune(closers, next) {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(before, closers))
	return strings.ContainsRune(stops, last) || (last == '.' || last == ';') && unicode.IsSpace(next)
}

func isEmojiModifier(r rune) bool { return r >= 0x1F3FB && r <= 0x1F3FF || r == 0xFE0F }
func isRegional(r rune) bool      { return r >= 0x1F1E6 && r <= 0x1F1FF }

// Widths of buttons, in columns of a narrow phone; a Chinese character takes two.
const (
	rowColumns = 28
	rowButtons = 3
)

// rows lays buttons out: short ones side by side, long ones on a row of their own.
func rows(buttons []bot.Button) [][]bot.Button {
	var out [][]bot.Button
	room := 0
	for _, b := range buttons {
		w := columns(b.Label) + 4
		n := len(out) - 1
		if n >= 0 && len(out[n]) < rowButtons && w <= room {
			out[n] = append(out[n], b)
			room -= w
			continue
		}
		out = append(out, []bot.Button{b})
		room = rowColumns - w
	}
	return out
}

func columns(s string) int {
	n := 0
	for _, r := range s {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}
