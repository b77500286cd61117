// Package markup reads the small Markdown of answers and agents' replies once for every channel: paragraphs, lists,
// bold, italic, code, links. Channels turn its Doc into what their platform shows (Telegram HTML, Slack mrkdwn, web).
//
// Parsing is goldmark's (MIT, CommonMark); this package only flattens its tree. It is pure. Start at Parse.
package markup

import (
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// Doc is a text as a list of blocks.
type Doc []Block

// BlockKind tells blocks apart.
type BlockKind string

// Kinds of blocks.
const (
	Paragraph BlockKind = "paragraph"
	Item      BlockKind = "item" // of a list
	Code      BlockKind = "code" // verbatim lines
)

// Block is a paragraph, a list item or lines of code.
type Block struct {
	Kind    BlockKind
	Spans   []Span
	Ordinal int // Item: its number in a numbered list, 0 in a bulleted one
}

// Span is text of one style. Line breaks within a block are "\n" in Text.
type Span struct {
	Text   string
	Bold   bool
	Italic bool
	Code   bool
	URL    string // the link's target, "" for none
}

// Parse reads small Markdown. What it does not know (tables, images, HTML) stays as the text it was written as, so nothing
// is ever lost or run. It never fails.
func Parse(src string) Doc {
	b := []byte(src)
	p := &flattener{src: b}
	root := goldmark.DefaultParser().Parse(text.NewReader(b))
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		p.block(n)
	}
	return p.doc
}

type flattener struct {
	src []byte
	doc Doc
}

func (p *flattener) block(n ast.Node) {
	switch n := n.(type) {
	case *ast.List:
		p.list(n)
	case *ast.Heading:
		p.add(Block{Kind: Paragraph, Spans: p.spans(n, Span{Bold: true})})
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		p.add(Block{Kind: Code, Spans: []Span{{Text: p.lines(n), Code: true}}})
	case *ast.HTMLBlock:
		p.add(Block{Kind: Paragraph, Spans: []Span{{Text: p.lines(n)}}})
	case *ast.Blockquote:
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			p.block(c)
		}
	case *ast.ThematicBreak:
		p.add(Block{Kind: Paragraph, Spans: []Span{{Text: "———"}}})
	default:
		p.add(Block{Kind: Paragraph, Spans: p.spans(n, Span{})})
	}
}

func (p *flattener) list(l *ast.List) {
	ordinal := 0
	if l.IsOrdered() {
		ordinal = l.Start
	}
	for it := l.FirstChild(); it != nil; it = it.NextSibling() {
		first := true
		for c := it.FirstChild(); c != nil; c = c.NextSibling() {
			if first && (c.Kind() == ast.KindTextBlock || c.Kind() == ast.KindParagraph) {
				p.add(Block{Kind: Item, Ordinal: ordinal, Spans: p.spans(c, Span{})})
			} else {
				p.block(c)
			}
			first = false
		}
		if ordinal > 0 {
			ordinal++
		}
	}
}

func (p *flattener) add(b Block) {
	if len(b.Spans) > 0 {
		p.doc = append(p.doc, b)
	}
}

func (p *flattener) lines(n ast.Node) string {
	var sb strings.Builder
	for i := range n.Lines().Len() {
		seg := n.Lines().At(i)
		sb.Write(seg.Value(p.src))
	}
	return strings.TrimRight(sb.String(), "\n")
}

// spans flattens the inline children of n, each in the style it inherits.
func (p *flattener) spans(n ast.Node, style Span) []Span {
	var out []Span
	put := func(s Span) {
		if s.Text == "" {
			return
		}
		if k := len(out) - 1; k >= 0 && sameStyle(out[k], s) {
			out[k].Text += s.Text
			return
		}
		out = append(out, s)
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		for _, s := range p.inline(c, style) {
			put(s)
		}
	}
	return out
}

func (p *flattener) inline(n ast.Node, style Span) []Span {
	switch n := n.(type) {
	case *ast.Text:
		style.Text = unescape(string(n.Segment.Value(p.src)))
		if n.SoftLineBreak() || n.HardLineBreak() {
			style.Text += "\n"
		}
		return []Span{style}
	case *ast.String:
		style.Text = string(n.Value)
		return []Span{style}
	case *ast.CodeSpan:
		style.Code = true
		return p.spans(n, style)
	case *ast.Emphasis:
		style.Bold = style.Bold || n.Level >= 2
		style.Italic = style.Italic || n.Level == 1
		return p.spans(n, style)
	case *ast.Link:
		style.URL = string(n.Destination)
		return p.spans(n, style)
	case *ast.AutoLink:
		style.URL, style.Text = string(n.URL(p.src)), string(n.Label(p.src))
		if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(style.URL, "mailto:") {
			style.URL = "mailto:" + style.URL
		}
		return []Span{style}
	case *ast.RawHTML:
		for i := range n.Segments.Len() {
			seg := n.Segments.At(i)
			style.Text += string(seg.Value(p.src))
		}
		return []Span{style}
	default:
		return p.spans(n, style)
	}
}

// unescape takes away the backslash before punctuation, which goldmark leaves to its renderers.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var sb strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && strings.IndexByte("\\`*_{}[]()#+-.!<>~=|\"'", s[i+1]) >= 0 {
			i++
		}
		sb.WriteByte(s[i])
	}
	return sb.String()
}

func sameStyle(a, b Span) bool {
	return a.Bold == b.Bold && a.Italic == b.Italic && a.Code == b.Code && a.URL == b.URL
}

// Plain renders s as plain text: list items with "- " or their number, a link as "text (url)" unless both are the same.
func Plain(s string) string {
	var sb strings.Builder
	var prev BlockKind
	for i, b := range Parse(s) {
		if i > 0 {
			sb.WriteString("\n")
			if b.Kind != Item || prev != Item {
				sb.WriteString("\n")
			}
		}
		prev = b.Kind
		if b.Kind == Item {
			sb.WriteString(Bullet(b, "- "))
		}
		for _, sp := range b.Spans {
			sb.WriteString(sp.Text)
			if sp.URL != "" && !sameTarget(sp.Text, sp.URL) {
				sb.WriteString(" (" + sp.URL + ")")
			}
		}
	}
	return sb.String()
}

// Bullet is what stands before an item: its number and a dot, or the given bullet.
func Bullet(b Block, bullet string) string {
	if b.Ordinal > 0 {
		return strconv.Itoa(b.Ordinal) + ". "
	}
	return bullet
}

func sameTarget(text, url string) bool {
	url = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(url, "mailto:"), "tel:"), "/")
	return strings.TrimSuffix(text, "/") == url
}

// Escape makes plain text safe to stand in small Markdown: what a person wrote is shown as written.
func Escape(plain string) string {
	var sb strings.Builder
	for _, r := range plain {
		if strings.ContainsRune("\\`*_[]<>#+-.)~=", r) {
			sb.WriteByte('\\')
		}
		sb.WriteRune(r)
	}
	return sb.String()
}
