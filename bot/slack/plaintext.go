package slack

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// object is a JSON object read without a schema: Slack adds fields and types all the time, and an event must not be lost
// because a corner of it that nobody reads has an unknown shape.
type object map[string]any

func (o object) str(key string) string {
	s, _ := o[key].(string)
	return s
}

func (o object) flag(key string) bool {
	b, _ := o[key].(bool)
	return b
}

func (o object) obj(key string) object {
	m, _ := o[key].(map[string]any)
	return m
}

func (o object) list(key string) []object {
	raw, _ := o[key].([]any)
	out := make([]object, 0, len(raw))
	for _, v := range raw {
		if m, ok := v.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// saidIn is what the user saw themselves write in a message: from its rich text where it has any (exact, without the marks
// of mrkdwn), else from text. The bot's own mention is left out. A forwarded message without a word of one's own counts as said.
func saidIn(m object, self string) string {
	if s, ok := richText(m.list("blocks"), self); ok {
		return tidy(s)
	}
	s := tidy(unescape(m.str("text"), self))
	if s != "" {
		return s
	}
	for _, a := range m.list("attachments") {
		if !a.flag("is_share") && !a.flag("is_msg_unfurl") {
			continue
		}
		if t := tidy(unescape(a.str("text"), self)); t != "" {
			return t
		}
	}
	return ""
}

var angled = regexp.MustCompile(`<([^<>\n]+)>`)

// entities are the only three that Slack escapes. They are undone in one pass, so that a literal "&amp;lt;" stays "&lt;".
var entities = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">")

// unescape turns Slack's text into what the user saw: mentions by name, links by label, entities undone. The mention of
// user self is removed.
func unescape(s, self string) string {
	var b strings.Builder
	last := 0
	for _, at := range angled.FindAllStringSubmatchIndex(s, -1) {
		b.WriteString(entities.Replace(s[last:at[0]]))
		b.WriteString(entities.Replace(unangle(s[at[2]:at[3]], self)))
		last = at[1]
	}
	b.WriteString(entities.Replace(s[last:]))
	return b.String()
}

// unangle reads what stands between < and >.
func unangle(s, self string) string {
	target, label, labelled := strings.Cut(s, "|")
	switch {
	case strings.HasPrefix(target, "@"):
		if target[1:] == self && self != "" {
			return ""
		}
		return "@" + orElse(label, target[1:])
	case strings.HasPrefix(target, "#"):
		return "#" + orElse(label, target[1:])
	case strings.HasPrefix(target, "!subteam^"):
		return orElse(label, "@group")
	case strings.HasPrefix(target, "!date^"):
		return label
	case strings.HasPrefix(target, "!"):
		return "@" + strings.TrimPrefix(target, "!")
	}
	for _, scheme := range []string{"mailto:", "tel:"} {
		if rest, ok := strings.CutPrefix(target, scheme); ok {
			return orElse(label, rest)
		}
	}
	if !labelled || label == "" {
		return target
	}
	return linkText(label, target)
}

// linkText is a link as one would write it by hand. Slack labels what it recognised by itself with the typed words.
func linkText(label, target string) string {
	bare := target
	if i := strings.Index(bare, "://"); i >= 0 {
		bare = bare[i+3:]
	}
	if label == target || strings.TrimSuffix(bare, "/") == strings.TrimSuffix(label, "/") {
		return label
	}
	return label + " (" + target + ")"
}

func orElse(s, other string) string {
	if s != "" {
		return s
	}
	return other
}

// mentions reports whether the message names the user.
func mentions(m object, user string) bool {
	if user == "" {
		return false
	}
	t := m.str("text")
	return strings.Contains(t, "<@"+user+">") || strings.Contains(t, "<@"+user+"|")
}

// tidy takes away the gap that a removed mention leaves.
func tidy(s string) string {
	s = strings.TrimSpace(s)
	s = strings.TrimLeft(s, ",，:： ")
	return strings.TrimRightFunc(s, unicode.IsSpace)
}

// richText is the text of a user's rich text blocks. ok is false when there are none, or something in them is unknown:
// then the plain text field has to do.
func richText(blocks []object, self string) (text string, ok bool) {
	if len(blocks) == 0 {
		return "", false
	}
	var lines []string
	for _, b := range blocks {
		if b.str("type") != "rich_text" {
			return "", false
		}
		for _, e := range b.list("elements") {
			more, ok := richParts(e, self)
			if !ok {
				return "", false
			}
			lines = append(lines, more...)
		}
	}
	return strings.Join(lines, "\n"), true
}

// richParts is the text of a section, a quote, preformatted lines (one part) or a list (one part an item).
func richParts(e object, self string) ([]string, bool) {
	switch e.str("type") {
	case "rich_text_section", "rich_text_quote", "rich_text_preformatted":
		var b strings.Builder
		for _, in := range e.list("elements") {
			s, ok := richInline(in, self)
			if !ok {
				return nil, false
			}
			b.WriteString(s)
		}
		return []string{strings.TrimSuffix(b.String(), "\n")}, true
	case "rich_text_list":
		var out []string
		for i, in := range e.list("elements") {
			item, ok := richParts(in, self)
			if !ok {
				return nil, false
			}
			mark := "- "
			if e.str("style") == "ordered" {
				mark = strconv.Itoa(i+1) + ". "
			}
			out = append(out, mark+strings.Join(item, " "))
		}
		return out, true
	}
	return nil, false
}

func richInline(e object, self string) (string, bool) {
	switch e.str("type") {
	case "text":
		return e.str("text"), true
	case "link":
		return richLink(e), true
	case "user":
		if e.str("user_id") == self {
			return "", true
		}
		return "@" + e.str("user_id"), true
	case "channel":
		return "#" + e.str("channel_id"), true
	case "usergroup":
		return "@group", true
	case "broadcast":
		return "@" + e.str("range"), true
	case "emoji":
		return emoji(e), true
	case "date":
		return e.str("fallback"), true
	case "color":
		return e.str("value"), true
	}
	return "", false
}

func richLink(e object) string {
	target := e.str("url")
	label := e.str("text")
	for _, scheme := range []string{"mailto:", "tel:"} {
		if rest, ok := strings.CutPrefix(target, scheme); ok {
			return orElse(label, rest)
		}
	}
	if label == "" {
		return target
	}
	return linkText(label, target)
}

// emoji gives the character when Slack names its code points ("1f44d-1f3fb"), else :name:.
func emoji(e object) string {
	var b strings.Builder
	for part := range strings.SplitSeq(e.str("unicode"), "-") {
		n, err := strconv.ParseUint(part, 16, 21)
		if err != nil || n == 0 || n > unicode.MaxRune {
			return fmt.Sprintf(":%s:", e.str("name"))
		}
		b.WriteRune(rune(n))
	}
	return b.String()
}
