package faq

import (
	"errors"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/intents/lang"
)

// readTopics reads entries/*.yaml in the order of their names.
func (ld *loader) readTopics() {
	list, err := fs.ReadDir(ld.fsys, entriesDir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		ld.errorf(entriesDir, 0, "Make it a readable directory.", "the entries cannot be read (%v)", err)
		return
	}
	for _, e := range list {
		name := path.Join(entriesDir, e.Name())
		switch {
		case e.IsDir() && !strings.HasPrefix(e.Name(), "."):
			ld.warnf(name, 0, "Move its files up into "+entriesDir+"/.", "directories in %s are not read", entriesDir)
		case e.IsDir() || !isYAML(name):
		case path.Ext(name) != ".yaml":
			ld.errorf(name, 0, "Rename the file to end in .yaml.", "only files that end in .yaml are read")
		default:
			ld.readTopic(name)
		}
	}
	if len(ld.lib.Entries) == 0 && countErrors(ld.problems) == 0 {
		ld.errorf(entriesDir, 0, "Add a file to "+entriesDir+"/; faq/okpay has examples.", "the library has no entries")
	}
}

func (ld *loader) readTopic(name string) {
	v, raw, ok := ld.open(name)
	if !ok {
		return
	}
	f := v.fields("the topic", "topic", "title", "entries")
	if len(f.m) == 0 {
		return
	}
	t := Topic{ID: f.id("topic", "topic")}
	t.Title = ld.texts(f.need("title", "Add title: {en: …, zh-Hans: …}."), "title of the topic", -1, false)
	if t.ID != "" && t.ID+".yaml" != path.Base(name) {
		f.get("topic").errorf("Rename the file to "+t.ID+".yaml, or correct the topic.", "the topic %q stands in %s", t.ID, path.Base(name))
	}
	ld.lib.Topics = append(ld.lib.Topics, t)
	entries := f.need("entries", "Add entries: and below it one \"- intent:\" for each.").items("entries")
	for _, w := range entries {
		ld.readEntry(w, raw, t.ID)
	}
}

var entryKeys = []string{"intent", "title", "kind", "priority", "featured", "handoff", "phrases", "answer", "buttons", "related", "links"}

func (ld *loader) readEntry(v value, raw []string, topic string) {
	f := v.fields("an entry", entryKeys...)
	if len(f.m) == 0 {
		return
	}
	n := len(ld.lib.Entries)
	e := Entry{
		Intent: f.id("intent", "intent"),
		Topic:  topic,
		Kind:   EntryKind(f.oneOf("kind", "answer", string(KindSmalltalk))),
		Title:  ld.texts(f.need("title", "Add title: {en: …, zh-Hans: …}; it stands on buttons."), "title", n, false),
		Answer: ld.texts(f.need("answer", "Add answer: with a text for en and zh-Hans."), "answer", n, true),
		// 3 is the normal priority
		Priority: f.get("priority").number("priority", 1, 3, 3),
		Featured: f.get("featured").number("featured", 1, 99, 0),
		Handoff:  f.oneOf("handoff", "", "sensitive"),
		File:     v.file,
		Line:     v.line,
	}
	if e.Kind == "answer" {
		e.Kind = KindAnswer
	}
	e.Phrases = ld.readPhrases(f.need("phrases", "Add phrases: with a list for en and zh-Hans."), e.Intent)
	for _, w := range f.get("buttons").items("buttons") {
		ld.readButton(w, &e, n)
	}
	ld.readRelated(f.get("related"), &e)
	for _, w := range f.get("links").items("links") {
		e.Links = append(e.Links, readLink(w)...)
	}
	if at := f.get("intent"); e.Intent != "" {
		if first, ok := ld.intentAt(e.Intent); ok {
			at.errorf("Give one of the two another name, or join them.", "the intent %q is defined twice, first in %s:%d", e.Intent, first.file, first.line)
		}
	}
	ld.keepComment(v.file+"#"+e.Intent, commentAbove(raw, v.line, v.n.Column))
	ld.lib.Entries = append(ld.lib.Entries, e)
	ld.entryAt = append(ld.entryAt, v)
}

func (ld *loader) intentAt(intent string) (value, bool) {
	for i, e := range ld.lib.Entries {
		if e.Intent == intent {
			return ld.entryAt[i], true
		}
	}
	return value{}, false
}

// oneOf reads one of the words a key knows; "" when it is absent.
func (f fields) oneOf(key string, words ...string) string {
	v := f.get(key)
	s := v.str(key)
	if s != "" && !slices.Contains(words, s) {
		known := words
		if known[0] == "" {
			known = known[1:]
		}
		v.errorf(suggest(s, known)+" Or leave the line out.", "unknown %s %q", key, s)
		return ""
	}
	return s
}

const (
	fewPhrases  = 8 // a language; below it matching gets unsure
	maxTitle    = 60
	maxAnswer   = 3000
	phrasesMend = "Write how users really put it, in their words; different wordings teach more than long ones."
)

func (ld *loader) readPhrases(v value, intent string) map[lang.Tag][]string {
	out := map[lang.Tag][]string{}
	written := v.languages("phrases")
	for _, tag := range tagOrder {
		w, ok := written[tag]
		if !ok {
			continue
		}
		for _, p := range w.items("phrases") {
			s := p.str("a phrase")
			if s == "" {
				continue
			}
			out[tag] = append(out[tag], s)
			ld.phrases = append(ld.phrases, phrase{p, s, intent})
		}
		switch n := len(out[tag]); {
		case tag == lang.ZhHant:
		case n == 0:
			w.errorf(phrasesMend, "no phrases in %s", tag)
		case n < fewPhrases:
			w.warnf(phrasesMend, "phrases in %s: %d; below %d matching gets unsure", tag, n, fewPhrases)
		}
	}
	return out
}

func (ld *loader) readButton(v value, e *Entry, entry int) {
	f := v.fields("a button", "label", "ask", "url", "human")
	if len(f.m) == 0 {
		return
	}
	b := Button{
		Label: ld.texts(f.get("label"), "label", entry, false),
		Ask:   f.get("ask").str("ask"),
		URL:   f.get("url").str("url"),
		Human: f.get("human").flag("human"),
	}
	set := 0
	for _, is := range []bool{f.get("ask").exists(), f.get("url").exists(), b.Human} {
		if is {
			set++
		}
	}
	if set != 1 {
		v.errorf("Keep one of ask: INTENT, url: ADDRESS and human: true.", "a button must have exactly one of ask, url and human")
	}
	if b.Ask != "" {
		ld.refs = append(ld.refs, ref{f.get("ask"), "intent", b.Ask})
		if b.Ask == e.Intent {
			f.get("ask").warnf("Remove the button.", "the button leads back to its own entry")
		}
	}
	if b.URL != "" {
		ld.checkButtonURL(f, b)
	}
	e.Buttons = append(e.Buttons, b)
}

func (ld *loader) checkButtonURL(f fields, b Button) {
	v := f.get("url")
	if len(b.Label) == 0 {
		f.errorf("Add label: {en: …, zh-Hans: …}.", "a button with a URL needs a label")
	}
	m := placeholder.FindStringSubmatch(b.URL)
	switch {
	case m != nil && m[0] == b.URL && m[1] == "contact":
		c, ok := ld.contact(m[2])
		if !ok {
			v.errorf(suggest(m[2], keys(ld.contactAt)), "unknown contact %q", m[2])
		} else if c.Kind != kindURL {
			v.errorf("Name a contact of kind url, or put {{contact."+m[2]+"}} into the answer.", "the contact %q is no URL but a %s", m[2], c.Kind)
		}
	case !goodValue(kindURL, b.URL):
		v.errorf("Write the whole address, or \"{{contact.ID}}\" in double quotes.", "%q is no URL", b.URL)
	}
}

func (ld *loader) contact(id string) (Contact, bool) {
	for _, c := range ld.lib.Contacts {
		if c.ID == id {
			return c, true
		}
	}
	return Contact{}, false
}

func (ld *loader) readRelated(v value, e *Entry) {
	for _, w := range v.items("related") {
		id := w.str("related")
		if id == "" {
			continue
		}
		switch {
		case id == e.Intent:
			w.warnf("Remove the line.", "the entry is related to itself")
		case slices.Contains(e.Related, id):
			w.warnf("Remove one of the two.", "%q is related twice", id)
		default:
			ld.refs = append(ld.refs, ref{w, "intent", id})
		}
		e.Related = append(e.Related, id)
	}
}

// readLink reads an address of the entry's own.
func readLink(v value) []string {
	s := v.str("a link")
	if s == "" {
		return nil
	}
	if linkKind(s) == "" {
		v.errorf("Write a whole URL, an e-mail address, a phone number or an @handle.", "%q is no address", s)
		return nil
	}
	return []string{s}
}

// linkKind tells what an address is; "" for none.
func linkKind(s string) string {
	for _, kind := range []string{kindURL, kindEmail, kindPhone} {
		if goodValue(kind, s) {
			return kind
		}
	}
	if strings.HasPrefix(s, "@") && goodValue(kindHandle, s) {
		return kindHandle
	}
	return ""
}

// keys returns the keys of a map in order.
func keys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}
