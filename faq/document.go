package faq

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/deskbell/deskbell/intents/lang"
)

// documentFormat names the form of an exported library and its version.
const documentFormat = "deskbell-library/1"

// document is a library as one JSON document. Its fields stand in the order of the files; what is not set is left out.
type document struct {
	Format    string            `json:"format"`
	Name      Texts             `json:"name"`
	Contacts  []docContact      `json:"contacts"`
	Schedules []docSchedule     `json:"schedules"`
	Topics    []docTopic        `json:"topics"`
	Comments  map[string]string `json:"comments,omitempty"` // "file" or "file#id" to the comment above it
}

type docContact struct {
	ID       string `json:"id"`
	Kind     string `json:"kind"`
	Value    string `json:"value"`
	Region   string `json:"region,omitempty"`
	Title    Texts  `json:"title"`
	Hours    string `json:"hours,omitempty"`
	Owner    string `json:"owner,omitempty"`
	Verified string `json:"verified,omitempty"`
	Expires  string `json:"expires,omitempty"`
}

type docSchedule struct {
	ID         string              `json:"id"`
	Title      Texts               `json:"title"`
	Zone       string              `json:"zone"`
	Week       map[string][]string `json:"week"` // days as in the files, e.g. "mon-fri"
	Exceptions []docException      `json:"exceptions,omitempty"`
}

type docException struct {
	Date   string   `json:"date"`
	Closed bool     `json:"closed,omitempty"`
	Hours  []string `json:"hours,omitempty"`
	Note   Texts    `json:"note,omitempty"`
}

type docTopic struct {
	Topic   string     `json:"topic"`
	Title   Texts      `json:"title"`
	Entries []docEntry `json:"entries"`
}

type docEntry struct {
	Intent   string                `json:"intent"`
	Title    Texts                 `json:"title"`
	Kind     EntryKind             `json:"kind,omitempty"`
	Priority int                   `json:"priority,omitempty"` // 3 is left out
	Featured int                   `json:"featured,omitempty"`
	Handoff  string                `json:"handoff,omitempty"`
	Phrases  map[lang.Tag][]string `json:"phrases"`
	Answer   Texts                 `json:"answer"`
	Buttons  []docButton           `json:"buttons,omitempty"`
	Related  []string              `json:"related,omitempty"`
	Links    []string              `json:"links,omitempty"`
}

type docButton struct {
	Label Texts  `json:"label,omitempty"`
	Ask   string `json:"ask,omitempty"`
	URL   string `json:"url,omitempty"`
	Human bool   `json:"human,omitempty"`
}

// normalPriority is the priority of an entry that names none.
const normalPriority = 3

// Export writes the library as one JSON document. The same library always gives the same bytes.
func Export(l *Library, w io.Writer) error {
	if err := writeDocument(w, documentOf(l)); err != nil {
		return fmt.Errorf("export library: %w", err)
	}
	return nil
}

func writeDocument(w io.Writer, d document) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(d)
}

func readDocument(r io.Reader) (document, error) {
	var d document
	dec := json.NewDecoder(r)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil {
		return d, fmt.Errorf("the document is not an exported library: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return d, errors.New("something follows the end of the document; export it again")
	}
	if d.Format != documentFormat {
		return d, fmt.Errorf("the document is of the format %q, not %q; export it with this version of Deskbell", d.Format, documentFormat)
	}
	return d, nil
}

func documentOf(l *Library) document {
	d := document{Format: documentFormat, Name: l.Names, Comments: l.comments, Contacts: []docContact{}, Schedules: []docSchedule{}}
	for _, c := range l.Contacts {
		d.Contacts = append(d.Contacts, docContact(c))
	}
	for i := range l.Schedules {
		d.Schedules = append(d.Schedules, scheduleDoc(&l.Schedules[i]))
	}
	for _, t := range l.Topics {
		topic := docTopic{Topic: t.ID, Title: t.Title}
		for _, e := range l.Entries {
			if e.Topic == t.ID {
				topic.Entries = append(topic.Entries, entryDoc(e))
			}
		}
		d.Topics = append(d.Topics, topic)
	}
	return d
}

func scheduleDoc(s *Schedule) docSchedule {
	d := docSchedule{ID: s.ID, Title: s.Title, Zone: s.Zone, Week: map[string][]string{}}
	for _, run := range weekRuns(s.Week) {
		key := weekdays[run.days[0]]
		if n := len(run.days); n > 1 {
			key += "-" + weekdays[run.days[n-1]]
		}
		d.Week[key] = shiftStrings(run.shifts)
	}
	for _, e := range s.Exceptions {
		d.Exceptions = append(d.Exceptions, docException{Date: e.Date, Closed: len(e.Shifts) == 0, Hours: shiftStrings(e.Shifts), Note: e.Note})
	}
	return d
}

func shiftStrings(shifts []Shift) []string {
	var out []string
	for _, s := range shifts {
		out = append(out, s.String())
	}
	return out
}

func entryDoc(e Entry) docEntry {
	d := docEntry{
		Intent: e.Intent, Title: e.Title, Kind: e.Kind, Featured: e.Featured, Handoff: e.Handoff,
		Phrases: e.Phrases, Answer: e.Answer, Related: e.Related, Links: e.Links,
	}
	if e.Priority != normalPriority {
		d.Priority = e.Priority
	}
	for _, b := range e.Buttons {
		d.Buttons = append(d.Buttons, docButton(b))
	}
	return d
}
