package faq

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/deskbell/deskbell/intents/lang"
)

// converter writes simplified Chinese in traditional characters. *lang.Converter is one.
type converter interface {
	ToHant(s string) string
}

// asWritten is the converter when the dictionaries cannot be read: readers of one script can read the other.
type asWritten struct{}

func (asWritten) ToHant(s string) string { return s }

func newLibrary() *Library {
	return &Library{
		comments: map[string]string{},
		hant: sync.OnceValue(func() converter {
			c, err := lang.NewConverter()
			if err != nil {
				return asWritten{}
			}
			return c
		}),
	}
}

// index builds what the lookups need, once everything is read.
func (l *Library) index() {
	l.byIntent, l.own = map[string]*Entry{}, map[string]*allowed{}
	l.contacts, l.schedules = map[string]*Contact{}, map[string]*Schedule{}
	l.registry = newAllowed()
	for i := range l.Entries {
		e := &l.Entries[i]
		if _, ok := l.byIntent[e.Intent]; ok || e.Intent == "" {
			continue
		}
		l.byIntent[e.Intent] = e
		l.own[e.Intent] = allowedOf(e)
		if e.Featured > 0 {
			l.featured = append(l.featured, e)
		}
	}
	slices.SortStableFunc(l.featured, func(a, b *Entry) int { return a.Featured - b.Featured })
	for i := range l.Contacts {
		c := &l.Contacts[i]
		l.contacts[c.ID] = c
		l.registry.add(c.Kind, c.Value)
	}
	for i := range l.Schedules {
		s := &l.Schedules[i]
		s.text = l.Text
		l.schedules[s.ID] = s
	}
}

// Entry returns the entry of an intent.
func (l *Library) Entry(intent string) (*Entry, bool) {
	e, ok := l.byIntent[intent]
	return e, ok
}

// Featured returns the entries among the buttons of the greeting, in their order.
func (l *Library) Featured() []*Entry { return slices.Clone(l.featured) }

// Contact returns a contact of the registry.
func (l *Library) Contact(id string) (*Contact, bool) {
	c, ok := l.contacts[id]
	return c, ok
}

// Schedule returns a schedule.
func (l *Library) Schedule(id string) (*Schedule, bool) {
	s, ok := l.schedules[id]
	return s, ok
}

// Text returns t in the language: as written, else zh-Hant derived from zh-Hans, else in the nearest language
// there is. An unknown language counts as English. "" only when t is empty.
func (l *Library) Text(t Texts, tag lang.Tag) string {
	if s, ok := t[tag]; ok {
		return s
	}
	if s, ok := t[lang.ZhHans]; ok && tag == lang.ZhHant {
		return l.hant().ToHant(s)
	}
	return nearestText(t, tag)
}

// nearestText is the text in the language, or in the one its readers are most likely to read.
func nearestText(t Texts, tag lang.Tag) string {
	order := []lang.Tag{tag, lang.En, lang.ZhHans, lang.ZhHant}
	if strings.HasPrefix(string(tag), "zh") {
		order = []lang.Tag{tag, lang.ZhHans, lang.ZhHant, lang.En}
	}
	for _, o := range order {
		if s, ok := t[o]; ok {
			return s
		}
	}
	for _, k := range slices.Sorted(maps.Keys(t)) {
		return t[k]
	}
	return ""
}
