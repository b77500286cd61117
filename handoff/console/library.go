package console

import (
	"cmp"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/faq"
	"github.com/deskbell/deskbell/intents/lang"
)

type libraryPage struct {
	Name   string
	Query  string
	Total  int
	Found  int
	Topics []topicRow
}

type topicRow struct {
	ID      string
	Title   string
	Entries []entryRow
}

type entryRow struct {
	Intent    string
	Title     string
	Other     string // title in the other language
	Phrases   []phraseCount
	Sensitive bool
	Smalltalk bool
	Featured  int
	Priority  int
}

type phraseCount struct {
	Tag   lang.Tag
	Count int
}

// maxQuery is the length of a search in characters.
const maxQuery = 200

func (k *Console) showLibrary(v *visit) error {
	q := strings.TrimSpace(v.URL.Query().Get("q"))
	if utf8.RuneCountInString(q) > maxQuery {
		q = string([]rune(q)[:maxQuery])
	}
	page := k.viewer(v).library(q)
	if v.part() == "entries" {
		k.renderPart(v, http.StatusOK, "library", "entries", page)
		return nil
	}
	k.render(v, http.StatusOK, "library", page)
	return nil
}

func (w viewer) library(q string) libraryPage {
	p := libraryPage{Name: w.lib.Text(w.lib.Names, w.tag), Query: q, Total: len(w.lib.Entries)}
	titles := map[string]string{}
	for _, t := range w.lib.Topics {
		titles[t.ID] = w.lib.Text(t.Title, w.tag)
	}
	words := strings.Fields(lang.Fold(q))
	at := map[string]int{}
	for i := range w.lib.Entries {
		e := &w.lib.Entries[i]
		if !matches(e, words) {
			continue
		}
		p.Found++
		j, ok := at[e.Topic]
		if !ok {
			j = len(p.Topics)
			at[e.Topic] = j
			title := titles[e.Topic]
			if title == "" {
				title = e.Topic
			}
			p.Topics = append(p.Topics, topicRow{ID: e.Topic, Title: title})
		}
		p.Topics[j].Entries = append(p.Topics[j].Entries, w.entryRow(e))
	}
	return p
}

func (w viewer) entryRow(e *faq.Entry) entryRow {
	r := entryRow{Intent: e.Intent, Title: w.lib.Text(e.Title, w.tag), Sensitive: e.Handoff != "", Smalltalk: e.Kind == faq.KindSmalltalk,
		Featured: e.Featured, Priority: e.Priority, Other: w.lib.Text(e.Title, lang.En)}
	if w.tag == lang.En {
		r.Other = w.lib.Text(e.Title, lang.ZhHans)
	}
	for _, tag := range uiLangs() {
		if n := len(e.Phrases[tag]); n > 0 {
			r.Phrases = append(r.Phrases, phraseCount{tag, n})
		}
	}
	return r
}

// matches reports that every word of a search stands somewhere in the entry, in any language.
func matches(e *faq.Entry, words []string) bool {
	if len(words) == 0 {
		return true
	}
	var b strings.Builder
	b.WriteString(e.Intent + "\n" + e.Topic)
	for _, ts := range []faq.Texts{e.Title, e.Answer} {
		for _, s := range ts {
			b.WriteString("\n" + s)
		}
	}
	for _, ps := range e.Phrases {
		b.WriteString("\n" + strings.Join(ps, "\n"))
	}
	text := lang.Fold(b.String())
	for _, word := range words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

type entryPage struct {
	Intent, Title, Topic string
	File                 string
	Line                 int
	Sensitive, Smalltalk bool
	Featured, Priority   int
	Related              []entryRef
	Links                []string
	Langs                []entryLang
}

// entryLang is an entry in one language, as a user sees it.
type entryLang struct {
	Tag     lang.Tag
	Derived bool // not written by a person
	Title   string
	Answer  template.HTML
	Error   string // why it cannot be sent now
	Buttons []entryButton
	Phrases []string
}

type entryButton struct {
	Label string
	Ask   string // intent it asks, for a link
	URL   string
	Human bool
}

func (k *Console) showEntry(v *visit) error {
	w := k.viewer(v)
	e, ok := w.lib.Entry(v.PathValue("intent"))
	if !ok {
		return fmt.Errorf("entry %q: %w", v.PathValue("intent"), bot.ErrNotFound)
	}
	k.render(v, http.StatusOK, "entry", w.entry(e))
	return nil
}

func (w viewer) entry(e *faq.Entry) entryPage {
	p := entryPage{Intent: e.Intent, Title: w.lib.Text(e.Title, w.tag), Topic: e.Topic, File: e.File, Line: e.Line,
		Sensitive: e.Handoff != "", Smalltalk: e.Kind == faq.KindSmalltalk, Featured: e.Featured, Priority: e.Priority, Links: e.Links}
	for _, t := range w.lib.Topics {
		if t.ID == e.Topic {
			p.Topic = w.lib.Text(t.Title, w.tag)
		}
	}
	for _, id := range e.Related {
		p.Related = append(p.Related, w.entryRef(id))
	}
	tags := uiLangs()
	slices.SortStableFunc(tags, func(a, b lang.Tag) int { return cmp.Compare(w.foreign(a), w.foreign(b)) })
	for _, tag := range tags {
		p.Langs = append(p.Langs, w.entryLang(e, tag))
	}
	return p
}

// foreign is 0 for the reader's own language and 1 for the others.
func (w viewer) foreign(tag lang.Tag) int {
	if tag == w.tag {
		return 0
	}
	return 1
}

func (w viewer) entryLang(e *faq.Entry, tag lang.Tag) entryLang {
	_, written := e.Answer[tag]
	l := entryLang{Tag: tag, Derived: !written, Title: w.lib.Text(e.Title, tag), Phrases: e.Phrases[tag]}
	text, err := w.lib.Render(w.lib.Text(e.Answer, tag), tag, w.now)
	if err != nil {
		l.Error, text = err.Error(), w.lib.Text(e.Answer, tag)
	}
	l.Answer = w.texts.richHTML(w.tag, text)
	for _, b := range e.Buttons {
		l.Buttons = append(l.Buttons, w.entryButton(b, tag))
	}
	return l
}

// entryButton labels a button as the channels do: its own label, the title of what it asks, or "talk to a person".
func (w viewer) entryButton(b faq.Button, tag lang.Tag) entryButton {
	out := entryButton{Label: w.lib.Text(b.Label, tag), Ask: b.Ask, Human: b.Human}
	if out.Label == "" && b.Ask != "" {
		if e, ok := w.lib.Entry(b.Ask); ok {
			out.Label = w.lib.Text(e.Title, tag)
		}
	}
	if out.Label == "" && b.Human {
		out.Label = w.texts.get(tag, "button.human")
	}
	if b.URL != "" {
		out.URL = b.URL
		if s, err := w.lib.Render(b.URL, tag, w.now); err == nil {
			out.URL = s
		}
		if out.Label == "" {
			out.Label = out.URL
		}
	}
	return out
}
