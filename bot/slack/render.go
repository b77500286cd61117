package slack

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	slackapi "github.com/slack-go/slack"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/markup"
)

// Slack's limits, in characters. We stay below: it is not documented whether Slack counts runes or UTF-16 units.
const (
	maxText     = 3900  // of the text field; Slack cuts or refuses more than 4,000
	maxSection  = 2900  // of one section; Slack refuses 3,000
	maxMessage  = 10000 // of all blocks; Slack refuses about 13,000 with their JSON
	maxButtons  = 25    // of one actions block
	maxLabel    = 75
	maxValue    = 2000
	maxSections = 40 // of one message, of 50 blocks
)

// post is one Slack message of a delivery. Nearly always there is one.
type post struct {
	Text   string // what notifications show, mrkdwn
	Blocks []slackapi.Block
}

// ourCommand is a command the bot speaks of. On Slack it is typed behind our own: Slack keeps "/transcript" to itself.
var ourCommand = regexp.MustCompile(`(^|[^\w/])/(start|help|menu|human|language|transcript|forget)\b`)

// render turns a delivery into Slack messages. It is pure. Buttons stand under the last one.
func render(d bot.Delivery) []post {
	var posts []post
	if d.Author == bot.ByBot {
		d.Text = ourCommand.ReplaceAllString(d.Text, "${1}/deskbell $2")
	}
	for _, group := range groups(split(mrkdwn(d), maxSection)) {
		p := post{Text: cut(strings.Join(group, "\n"), maxText)}
		for _, s := range group {
			p.Blocks = append(p.Blocks, slackapi.NewSectionBlock(slackapi.NewTextBlockObject(slackapi.MarkdownType, s, false, false), nil, nil))
		}
		posts = append(posts, p)
	}
	if len(posts) == 0 {
		return nil
	}
	last := &posts[len(posts)-1]
	last.Blocks = append(last.Blocks, buttons(d.Buttons)...)
	return posts
}

// groups puts sections together into messages.
func groups(sections []string) [][]string {
	var out [][]string
	size := 0
	for _, s := range sections {
		n := utf8.RuneCountInString(s)
		if last := len(out) - 1; last >= 0 && size+n <= maxMessage && len(out[last]) < maxSections {
			out[last] = append(out[last], s)
			size += n
			continue
		}
		out = append(out, []string{s})
		size = n
	}
	return out
}

// buttons makes action blocks. A label or action that Slack would refuse is cut or left out: a message with a button less is
// better than none, and every action can be typed as well.
func buttons(bs []bot.Button) []slackapi.Block {
	var blocks []slackapi.Block
	var row []slackapi.BlockElement
	flush := func() {
		if len(row) > 0 {
			blocks = append(blocks, slackapi.NewActionBlock("", row...))
			row = nil
		}
	}
	for i, b := range bs {
		label := strings.TrimSpace(cut(b.Label, maxLabel))
		if label == "" || len(b.Action) > maxValue || len(b.URL) > 3000 || b.Action == "" && b.URL == "" {
			continue
		}
		text := slackapi.NewTextBlockObject(slackapi.PlainTextType, label, false, false)
		e := slackapi.NewButtonBlockElement("deskbell_"+strconv.Itoa(i), b.Action, text)
		if b.URL != "" {
			e = slackapi.NewButtonBlockElement(urlAction+strconv.Itoa(i), "", text)
			e.URL = b.URL
		}
		row = append(row, e)
		if len(row) == maxButtons {
			flush()
		}
	}
	flush()
	return blocks
}

// mrkdwn is the whole message in Slack's markup. An agent's name stands above what the agent wrote.
func mrkdwn(d bot.Delivery) string {
	var b strings.Builder
	if d.Author == bot.ByAgent && d.AgentName != "" {
		b.WriteString(styled(markup.Span{Text: d.AgentName, Bold: true}) + "\n")
	}
	var before markup.BlockKind
	for i, blk := range markup.Parse(d.Text) {
		switch {
		case i == 0:
		case blk.Kind == markup.Item && before == markup.Item:
			b.WriteString("\n")
		case blk.Kind == markup.Item:
			b.WriteString("\n")
		default:
			b.WriteString("\n\n")
		}
		before = blk.Kind
		b.WriteString(block(blk))
	}
	return b.String()
}

func block(blk markup.Block) string {
	if blk.Kind == markup.Code {
		var code strings.Builder
		for _, s := range blk.Spans {
			code.WriteString(escape(s.Text))
		}
		return "```\n" + strings.ReplaceAll(code.String(), "```", "'''") + "\n```"
	}
	var b strings.Builder
	if blk.Kind == markup.Item {
		mark := "• "
		if blk.Ordinal > 0 {
			mark = strconv.Itoa(blk.Ordinal) + ". "
		}
		b.WriteString(mark)
	}
	for i, s := range blk.Spans {
		t := styled(s)
		if t == "" {
			continue
		}
		// Slack knows a style only between spaces or punctuation, which Chinese does not write: a zero-width space helps.
		if isStyled(s) && glued(lastRune(b.String())) {
			b.WriteString(gap)
		}
		b.WriteString(t)
		if isStyled(s) && i+1 < len(blk.Spans) && glued(firstRune(blk.Spans[i+1].Text)) {
			b.WriteString(gap)
		}
	}
	return b.String()
}

const gap = "\u200b"

func isStyled(s markup.Span) bool { return s.Bold || s.Italic || s.Code }

// glued reports that a style mark beside r would not be seen as one.
func glued(r rune) bool {
	return r != utf8.RuneError && r != '\u200b' && !unicode.IsSpace(r)
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// styled renders a span. Marks stand inside of outer spaces, or Slack would show them.
func styled(s markup.Span) string {
	inner := strings.TrimSpace(s.Text)
	if inner == "" {
		return escape(s.Text)
	}
	before, after, _ := strings.Cut(s.Text, inner)
	t := escape(inner)
	if s.URL != "" {
		t = link(s.URL, inner)
	}
	if s.Code {
		return before + "`" + strings.ReplaceAll(t, "`", "'") + "`" + after
	}
	if s.Italic {
		t = "_" + t + "_"
	}
	if s.Bold {
		t = "*" + t + "*"
	}
	return before + t + after
}

// link is a link with a label. A target Slack's markup cannot hold is written out.
func link(target, label string) string {
	if !strings.Contains(target, ":") || strings.ContainsAny(target, "<>| \n") {
		return escape(label + " (" + target + ")")
	}
	label = strings.NewReplacer("|", "¦", "\n", " ").Replace(label)
	return "<" + escape(target) + "|" + escape(label) + ">"
}

// escape makes text inert: it can neither mention anybody nor link.
func escape(s string) string { return escaper.Replace(s) }

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// cut shortens text to limit runes, at a line or sentence end where there is one, and says so with an ellipsis.
func cut(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	head, _ := breakAt(s, limit-1)
	return strings.TrimRightFunc(head, unicode.IsSpace) + "…"
}

// split cuts text into parts of at most limit runes, at paragraphs, else lines, else sentence ends, else spaces, and never
// inside a link or an entity. Nothing is lost but the white space at a cut.
func split(s string, limit int) []string {
	var out []string
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		var head string
		head, s = breakAt(s, limit)
		if head = strings.TrimSpace(head); head != "" {
			out = append(out, head)
		}
	}
	return out
}

// breakAt divides s so that the head has at most limit runes.
func breakAt(s string, limit int) (head, rest string) {
	end := byteOffset(s, limit)
	if end == len(s) {
		return s, ""
	}
	least := end / 2 // a cut further back wastes more than a rough cut hurts
	for _, ends := range [][]string{{"\n\n"}, {"\n"}, {"。", "！", "？", ". ", "! ", "? ", "；", "; "}, {" ", "，", "、"}} {
		at := -1
		for _, e := range ends {
			if i := strings.LastIndex(s[:end], e); i >= 0 {
				at = max(at, i+len(e))
			}
		}
		if at > least && whole(s[:at]) {
			return s[:at], s[at:]
		}
	}
	at := end
	for at > least && !whole(s[:at]) {
		_, n := utf8.DecodeLastRuneInString(s[:at])
		at -= n
	}
	if at <= least {
		at = end
	}
	return s[:at], s[at:]
}

// whole reports that no link, entity or line of code is open at the end of s.
func whole(s string) bool {
	if strings.LastIndexByte(s, '<') > strings.LastIndexByte(s, '>') {
		return false
	}
	if amp := strings.LastIndexByte(s, '&'); amp >= 0 && len(s)-amp < 5 && !strings.Contains(s[amp:], ";") {
		return false
	}
	line := s[strings.LastIndexByte(s, '\n')+1:]
	return strings.Count(line, "`")%2 == 0 || strings.Contains(line, "```")
}

// byteOffset is the offset of rune n, or the length of s.
func byteOffset(s string, n int) int {
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}
