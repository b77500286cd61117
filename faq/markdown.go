package faq

import (
	"bytes"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// outside is a piece of Markdown beyond what every channel can show; line counts from 0.
type outside struct {
	line       int
	what, mend string
}

var markdownParser = sync.OnceValue(func() parser.Parser {
	return goldmark.New(goldmark.WithExtensions(extension.Table)).Parser()
})

// markdownOutside lists what is not of the small Markdown of answers: paragraphs, **bold**, *italic*, `code`,
// [links](…) and lists.
func markdownOutside(s string) []outside {
	src := []byte(s)
	var out []outside
	_ = ast.Walk(markdownParser().Parse(text.NewReader(src)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		what, mend := forbidden(n)
		if what == "" {
			return ast.WalkContinue, nil
		}
		out = append(out, outside{lineIn(src, n), what, mend})
		return ast.WalkSkipChildren, nil
	})
	return out
}

func forbidden(n ast.Node) (what, mend string) {
	switch n.Kind() {
	case ast.KindHeading:
		return "a heading", "Write a line in **bold** instead; a text that begins with # needs a backslash before it."
	case east.KindTable:
		return "a table", "Write a list, one \"- \" a line."
	case ast.KindHTMLBlock, ast.KindRawHTML:
		return "HTML", "Write Markdown: **bold**, [text](url), lists."
	case ast.KindImage:
		return "an image", "Link to it: [text](url)."
	case ast.KindThematicBreak:
		return "a ruled line", "Leave an empty line instead."
	case ast.KindBlockquote:
		return "a quotation", "Remove the \">\"."
	case ast.KindList:
		if n.Parent() != nil && n.Parent().Kind() == ast.KindListItem {
			return "a list within a list", "Write one list."
		}
	}
	return "", ""
}

// lineIn is the line on which a node begins, as near as the tree tells.
func lineIn(src []byte, n ast.Node) int {
	for ; n != nil; n = n.Parent() {
		if at := offset(n); at >= 0 {
			return bytes.Count(src[:at], []byte("\n"))
		}
		if prev := n.PreviousSibling(); prev != nil {
			if at := lastOffset(prev); at >= 0 {
				return bytes.Count(bytes.TrimRight(src[:at], "\n"), []byte("\n")) + skippedLines(src, at)
			}
		}
	}
	return 0
}

// skippedLines counts the line breaks between at and the next text.
func skippedLines(src []byte, at int) int {
	start := len(bytes.TrimRight(src[:at], "\n"))
	rest := src[start:]
	return len(rest) - len(bytes.TrimLeft(rest, "\n"))
}

// offset is where a node or its first text begins; -1 when the tree does not tell.
func offset(n ast.Node) int {
	switch n := n.(type) {
	case *ast.Text:
		return n.Segment.Start
	case *ast.RawHTML:
		if n.Segments.Len() > 0 {
			return n.Segments.At(0).Start
		}
	}
	if n.Type() == ast.TypeBlock && n.Lines() != nil && n.Lines().Len() > 0 {
		return n.Lines().At(0).Start
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if at := offset(c); at >= 0 {
			return at
		}
	}
	return -1
}

func lastOffset(n ast.Node) int {
	if n.Type() == ast.TypeBlock && n.Lines() != nil && n.Lines().Len() > 0 {
		return n.Lines().At(n.Lines().Len() - 1).Stop
	}
	for c := n.LastChild(); c != nil; c = c.PreviousSibling() {
		if at := lastOffset(c); at >= 0 {
			return at
		}
	}
	return -1
}
