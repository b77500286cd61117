package telegramtest

import (
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Entity is a stretch of text with a meaning. Offset and Length count UTF-16 code units.
type Entity struct {
	Type     string `json:"type"`
	Offset   int    `json:"offset"`
	Length   int    `json:"length"`
	URL      string `json:"url,omitempty"`
	Language string `json:"language,omitempty"`
}

// tagTypes are the tags of Telegram's HTML and what they mean.
var tagTypes = map[string]string{
	"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
	"s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler", "span": "spoiler",
	"a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote", "tg-emoji": "custom_emoji",
}

type openTag struct {
	name  string
	attrs map[string]string
	start int // UTF-16 offset
	byteN int // byte offset in the text so far
}

type htmlParser struct {
	in    string
	pos   int
	out   strings.Builder
	units int
	open  []openTag
	found []Entity
}

// parseHTML reads Telegram's HTML. Errors are in Telegram's words.
func parseHTML(in string) (string, []Entity, error) {
	p := &htmlParser{in: in}
	for p.pos < len(in) {
		var err error
		switch {
		case in[p.pos] == '&':
			p.entity()
		case in[p.pos] != '<':
			_, n := utf8.DecodeRuneInString(in[p.pos:])
			p.write(in[p.pos : p.pos+n])
			p.pos += n
		case strings.HasPrefix(in[p.pos:], "</"):
			err = p.endTag()
		default:
			err = p.startTag()
		}
		if err != nil {
			return "", nil, err
		}
	}
	if n := len(p.open); n > 0 {
		return "", nil, fmt.Errorf("can't parse entities: Can't find end tag corresponding to start tag %q", p.open[n-1].name)
	}
	slices.Reverse(p.found) // they were closed from the inside out
	text, found := trimEntities(p.out.String(), p.found)
	return text, found, nil
}

func (p *htmlParser) write(s string) {
	p.out.WriteString(s)
	p.units += units(s)
}

func units(s string) int { return len(utf16.Encode([]rune(s))) }

var namedEntities = map[string]string{"lt": "<", "gt": ">", "amp": "&", "quot": `"`}

// entity reads &lt; and its like; anything else is an ampersand.
func (p *htmlParser) entity() {
	rest := p.in[p.pos+1:]
	if end := strings.IndexByte(rest, ';'); end > 0 && end <= 8 {
		if s, ok := decodeEntity(rest[:end]); ok {
			p.write(s)
			p.pos += end + 2
			return
		}
	}
	p.write("&")
	p.pos++
}

func decodeEntity(name string) (string, bool) {
	if s, ok := namedEntities[name]; ok {
		return s, true
	}
	num, ok := strings.CutPrefix(name, "#")
	if !ok {
		return "", false
	}
	base := 10
	if hex, ok := strings.CutPrefix(strings.ToLower(num), "x"); ok {
		num, base = hex, 16
	}
	n, err := strconv.ParseUint(num, base, 32)
	if err != nil || n == 0 || n > unicode.MaxRune {
		return "", false
	}
	return string(rune(n)), true
}

func (p *htmlParser) startTag() error {
	begin := p.pos
	end := strings.IndexByte(p.in[begin:], '>')
	if end < 0 {
		return fmt.Errorf("can't parse entities: Unclosed start tag at byte offset %d", begin)
	}
	body := p.in[begin+1 : begin+end]
	name, attrs := body, ""
	if i := strings.IndexFunc(body, unicode.IsSpace); i >= 0 {
		name, attrs = body[:i], body[i:]
	}
	name = strings.ToLower(name)
	if _, ok := tagTypes[name]; !ok {
		return fmt.Errorf("can't parse entities: Unsupported start tag %q at byte offset %d", name, begin)
	}
	tag := openTag{name: name, attrs: attributes(attrs), start: p.units, byteN: p.out.Len()}
	if name == "span" && tag.attrs["class"] != "tg-spoiler" {
		return fmt.Errorf("can't parse entities: Tag \"span\" must have class \"tg-spoiler\" at byte offset %d", begin)
	}
	p.open = append(p.open, tag)
	p.pos = begin + end + 1
	return nil
}

var attributeShape = regexp.MustCompile(`([A-Za-z-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"']+)`)

func attributes(s string) map[string]string {
	out := map[string]string{}
	for _, m := range attributeShape.FindAllStringSubmatch(s, -1) {
		v := strings.Trim(m[2], `"'`)
		p := &htmlParser{in: v}
		for p.pos < len(v) {
			if v[p.pos] == '&' {
				p.entity()
				continue
			}
			p.out.WriteByte(v[p.pos])
			p.pos++
		}
		out[strings.ToLower(m[1])] = p.out.String()
	}
	return out
}

func (p *htmlParser) endTag() error {
	begin := p.pos
	end := strings.IndexByte(p.in[begin:], '>')
	if end < 0 {
		return fmt.Errorf("can't parse entities: Unclosed end tag at byte offset %d", begin)
	}
	if len(p.open) == 0 {
		return fmt.Errorf("can't parse entities: Unexpected end tag at byte offset %d", begin)
	}
	name := strings.ToLower(strings.TrimSpace(p.in[begin+2 : begin+end]))
	tag := p.open[len(p.open)-1]
	if name != "" && name != tag.name {
		return fmt.Errorf("can't parse entities: Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", begin, tag.name, name)
	}
	p.open = p.open[:len(p.open)-1]
	p.pos = begin + end + 1
	if p.units > tag.start {
		p.found = append(p.found, p.close(tag))
	}
	return nil
}

func (p *htmlParser) close(tag openTag) Entity {
	e := Entity{Type: tagTypes[tag.name], Offset: tag.start, Length: p.units - tag.start}
	switch tag.name {
	case "a":
		if e.URL = tag.attrs["href"]; e.URL == "" {
			e.URL = p.out.String()[tag.byteN:]
		}
	case "code":
		e.Language = strings.TrimPrefix(tag.attrs["class"], "language-")
	}
	return e
}

// trimEntities takes white space off the ends of a text, as Telegram does, and moves its entities along; those of
// nothing but white space go.
func trimEntities(text string, in []Entity) (string, []Entity) {
	left := len(text) - len(strings.TrimLeftFunc(text, unicode.IsSpace))
	shift := units(text[:left])
	text = strings.TrimSpace(text)
	total := units(text)
	var out []Entity
	for _, e := range in {
		end := min(e.Offset+e.Length-shift, total)
		e.Offset = max(e.Offset-shift, 0)
		if e.Length = end - e.Offset; e.Length > 0 && strings.TrimSpace(sub(text, e.Offset, e.Length)) != "" {
			out = append(out, e)
		}
	}
	sort.SliceStable(out, func(i, j int) bool {
		if out[i].Offset != out[j].Offset {
			return out[i].Offset < out[j].Offset
		}
		return out[i].Length > out[j].Length
	})
	return text, out
}

// sub returns a stretch of text by UTF-16 offset and length.
func sub(text string, offset, length int) string {
	u := utf16.Encode([]rune(text))
	offset, end := min(max(offset, 0), len(u)), min(offset+length, len(u))
	return string(utf16.Decode(u[offset:max(offset, end)]))
}

// detectors find what Telegram marks by itself, the strongest first. Group 2 is what is marked.
var detectors = []struct {
	kind  string
	shape *regexp.Regexp
}{
	{"url", regexp.MustCompile(`()(https?://[^\s<>"()\x{ff08}\x{ff09}\x{3002}\x{ff0c},]+)`)},
	{"email", regexp.MustCompile(`()([A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)`)},
	{"bot_command", regexp.MustCompile(`(^|\s)(/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]{3,32})?)`)},
	{"mention", regexp.MustCompile(`(^|[^A-Za-z0-9_@])(@[A-Za-z0-9_]{3,32})`)},
}

// detect finds what Telegram marks by itself in a text.
func detect(text string, in []Entity) []Entity {
	out := slices.Clone(in)
	for _, d := range detectors {
		for _, m := range d.shape.FindAllStringSubmatchIndex(text, -1) {
			e := Entity{Type: d.kind, Offset: units(text[:m[4]]), Length: units(text[m[4]:m[5]])}
			if !slices.ContainsFunc(out, func(o Entity) bool { return overlaps(o, e) }) {
				out = append(out, e)
			}
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Offset < out[j].Offset })
	return out
}

func overlaps(a, b Entity) bool {
	return a.Offset < b.Offset+b.Length && b.Offset < a.Offset+a.Length
}
