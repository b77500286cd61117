package faq

import (
	"bytes"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/deskbell/deskbell/intents/lang"
)

// fileWriter words a document as the files people edit. Values are quoted and escaped by the YAML library; the layout
// (comments, an empty line between entries) is put around them here.
type fileWriter struct {
	comments map[string]string
}

func (w fileWriter) library(d document) string {
	return w.head(libraryFile) + encode(object("name", flowTexts(d.Name)))
}

func (w fileWriter) contacts(d document) string {
	var sb strings.Builder
	sb.WriteString(w.head(contactsFile))
	if len(d.Contacts) == 0 {
		sb.WriteString("contacts: []\n")
	} else {
		sb.WriteString("contacts:\n")
	}
	for _, c := range d.Contacts {
		sb.WriteString(w.item(contactsFile+"#"+c.ID, contactNode(c)))
	}
	if len(d.Schedules) > 0 {
		sb.WriteString("schedules:\n")
	}
	for _, s := range d.Schedules {
		sb.WriteString(w.item(contactsFile+"#schedule."+s.ID, scheduleNode(s)))
	}
	return sb.String()
}

func (w fileWriter) topic(name string, t docTopic) string {
	var sb strings.Builder
	sb.WriteString(w.head(name))
	sb.WriteString(encode(object("topic", scalar(t.Topic), "title", flowTexts(t.Title))))
	sb.WriteString("entries:\n")
	for i, e := range t.Entries {
		if i > 0 {
			sb.WriteString("\n")
		}
		sb.WriteString(w.item(name+"#"+e.Intent, entryNode(e)))
	}
	return sb.String()
}

func (w fileWriter) head(file string) string { return lines("", w.comments[file]) }

// item is an element of a list at the top of a file, its comment above it.
func (w fileWriter) item(place string, n *yaml.Node) string {
	return lines("  ", w.comments[place]) + lines("  ", strings.TrimRight(encode(list(n)), "\n"))
}

// lines indents each line that is not empty, and ends the text with a line break.
func lines(indent, text string) string {
	if text == "" {
		return ""
	}
	var sb strings.Builder
	for s := range strings.SplitSeq(text, "\n") {
		if s != "" {
			sb.WriteString(indent + s)
		}
		sb.WriteString("\n")
	}
	return sb.String()
}

// encode writes a node. It fails only for nodes that are not well formed, which those built here are; Import reads
// everything back in any case.
func encode(n *yaml.Node) string {
	var buf bytes.Buffer
	enc := yaml.NewEncoder(&buf)
	enc.SetIndent(2)
	if err := enc.Encode(n); err != nil {
		return ""
	}
	return buf.String()
}

func contactNode(c docContact) *yaml.Node {
	return object(
		"id", optional(c.ID), "kind", optional(c.Kind), "value", optional(c.Value), "region", optional(c.Region), "title", flowTexts(c.Title),
		"hours", optional(c.Hours), "owner", optional(c.Owner), "verified", plain(c.Verified), "expires", plain(c.Expires))
}

func scheduleNode(s docSchedule) *yaml.Node {
	week := object()
	keys := keys(s.Week)
	slices.SortFunc(keys, func(a, b string) int { return dayIndex(a[:min(3, len(a))]) - dayIndex(b[:min(3, len(b))]) })
	for _, k := range keys {
		week.Content = append(week.Content, scalar(k), flowList(s.Week[k]))
	}
	if len(keys) == 0 {
		week.Style = yaml.FlowStyle
	}
	exceptions := list()
	for _, e := range s.Exceptions {
		n := object("date", plain(e.Date), "closed", flag(e.Closed), "hours", flowList(e.Hours), "note", flowTexts(e.Note))
		exceptions.Content = append(exceptions.Content, n)
	}
	return object("id", optional(s.ID), "title", flowTexts(s.Title), "zone", optional(s.Zone), "week", week, "exceptions", orNil(exceptions))
}

func entryNode(e docEntry) *yaml.Node {
	phrases, answer := object(), object()
	for _, tag := range tagOrder {
		if p, ok := e.Phrases[tag]; ok {
			phrases.Content = append(phrases.Content, scalar(string(tag)), list(scalars(p)...))
		}
		if s, ok := e.Answer[tag]; ok {
			answer.Content = append(answer.Content, scalar(string(tag)), block(s))
		}
	}
	buttons := list()
	for _, b := range e.Buttons {
		n := object("label", flowTexts(b.Label), "ask", optional(b.Ask), "url", optional(b.URL), "human", flag(b.Human))
		buttons.Content = append(buttons.Content, n)
	}
	return object(
		"intent", scalar(e.Intent), "title", flowTexts(e.Title), "kind", optional(string(e.Kind)),
		"priority", number(e.Priority), "featured", number(e.Featured), "handoff", optional(e.Handoff),
		"phrases", phrases, "answer", answer, "buttons", orNil(buttons),
		"related", orNil(list(scalars(e.Related)...)), "links", orNil(list(scalars(e.Links)...)))
}

// tagOrder is the order of languages in files.
var tagOrder = []lang.Tag{lang.En, lang.ZhHans, lang.ZhHant}
