package console

import (
	"html/template"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/deskbell/deskbell/bot/markup"
	"github.com/deskbell/deskbell/intents/lang"
)

// guardMark is what the guard leaves in place of a value.
var guardMark = regexp.MustCompile(`⟦([a-z_]{1,40})⟧`)

// richHTML is what the bot or an agent wrote, small Markdown, as safe HTML.
func (t *texts) richHTML(tag lang.Tag, src string) template.HTML {
	var b strings.Builder
	open := ""
	for _, bl := range markup.Parse(src) {
		open = t.listTags(&b, open, bl)
		switch bl.Kind {
		case markup.Item:
			b.WriteString("<li>")
			t.spans(&b, tag, bl.Spans)
			b.WriteString("</li>")
		case markup.Code:
			b.WriteString("<pre>")
			t.spans(&b, tag, bl.Spans)
			b.WriteString("</pre>")
		default:
			b.WriteString("<p>")
			t.spans(&b, tag, bl.Spans)
			b.WriteString("</p>")
		}
	}
	if open != "" {
		b.WriteString("</" + open + ">")
	}
	return template.HTML(b.String()) // every text goes through escaped
}

// listTags opens and closes lists between blocks and returns the one that is open now.
func (*texts) listTags(b *strings.Builder, open string, bl markup.Block) string {
	want := ""
	if bl.Kind == markup.Item {
		want = "ul"
		if bl.Ordinal > 0 {
			want = "ol"
		}
	}
	if want == open {
		return open
	}
	if open != "" {
		b.WriteString("</" + open + ">")
	}
	switch {
	case want == "ol" && bl.Ordinal > 1:
		b.WriteString(`<ol start="` + strconv.Itoa(bl.Ordinal) + `">`)
	case want != "":
		b.WriteString("<" + want + ">")
	}
	return want
}

func (t *texts) spans(b *strings.Builder, tag lang.Tag, spans []markup.Span) {
	for _, s := range spans {
		closers := ""
		wrap := func(open, name string) {
			b.WriteString(open)
			closers = "</" + name + ">" + closers
		}
		if safeURL(s.URL) {
			wrap(`<a href="`+template.HTMLEscapeString(s.URL)+`" target="_blank" rel="noopener noreferrer">`, "a")
		}
		if s.Bold {
			wrap("<strong>", "strong")
		}
		if s.Italic {
			wrap("<em>", "em")
		}
		if s.Code {
			wrap("<code>", "code")
		}
		b.WriteString(t.escaped(tag, s.Text))
		b.WriteString(closers)
	}
}

// plainHTML is what a user wrote: nothing in it is markup but the guard's own marks.
func (t *texts) plainHTML(tag lang.Tag, src string) template.HTML {
	return template.HTML(`<p>` + t.escaped(tag, src) + `</p>`) // escaped
}

// escaped escapes a text and words the guard's marks: ⟦password⟧ becomes "[password removed]".
func (t *texts) escaped(tag lang.Tag, s string) string {
	var b strings.Builder
	last := 0
	for _, m := range guardMark.FindAllStringSubmatchIndex(s, -1) {
		b.WriteString(template.HTMLEscapeString(s[last:m[0]]))
		b.WriteString(`<span class="removed">` + template.HTMLEscapeString(t.removed(tag, s[m[2]:m[3]])) + `</span>`)
		last = m[1]
	}
	b.WriteString(template.HTMLEscapeString(s[last:]))
	return strings.ReplaceAll(b.String(), "\n", "<br>")
}

// oneLine is a text for a list: marks worded, markup taken off, one line.
func (t *texts) oneLine(tag lang.Tag, s string, rich bool) string {
	if rich {
		s = markup.Plain(s)
	}
	s = guardMark.ReplaceAllStringFunc(s, func(m string) string {
		return t.removed(tag, strings.Trim(m, "⟦⟧"))
	})
	return strings.Join(strings.Fields(s), " ")
}

func (t *texts) removed(tag lang.Tag, kind string) string {
	return t.get(tag, "removed", t.name(tag, "kind", kind))
}

// safeURL reports that a link leads to the web, a mailbox or a telephone.
func safeURL(s string) bool {
	u, err := url.Parse(s)
	if err != nil {
		return false
	}
	switch strings.ToLower(u.Scheme) {
	case "https", "http":
		return u.Host != ""
	case "mailto", "tel":
		return u.Opaque != ""
	}
	return false
}
