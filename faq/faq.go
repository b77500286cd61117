// Package faq is the library: what Deskbell knows. Entries hold the curated answer to an intent in every language,
// the registry holds the official contacts, schedules hold the opening hours.
//
// Admins edit it as files (see okpay/ for a whole library and README.md beside it for the format); package bot answers
// from it. Start at Load and Library.
package faq

import (
	"time"

	"github.com/deskbell/deskbell/intents/lang"
)

// Texts is one text per language. en and zh-Hans are written by people; zh-Hant is there only when it is written too.
// Read it with Library.Text, which derives what is not written.
type Texts map[lang.Tag]string

// EntryKind tells answers from small talk.
type EntryKind string

// Kinds of entries.
const (
	KindAnswer    EntryKind = ""          // answers a question; the user is asked whether it helped
	KindSmalltalk EntryKind = "smalltalk" // greeting, thanks, who are you: no question back
)

// Entry is the curated answer to an intent.
type Entry struct {
	Intent   string
	Topic    string
	Kind     EntryKind
	Title    Texts // short, in the user's words: stands on buttons
	Phrases  map[lang.Tag][]string
	Answer   Texts // small Markdown with placeholders {{contact.ID}}, {{hours.ID}}, {{open.ID}}
	Buttons  []Button
	Related  []string // intents offered below the answer
	Priority int      // 1 urgent, 2 high, 3 normal (default): of a handoff that starts here
	Featured int      // place among the buttons of the greeting, 1 first; 0: not there
	Handoff  string   // "sensitive": answered and handed over at once
	Links    []string // own URLs, phones, e-mails and handles: this entry may name them besides the registry's
	File     string   // where it stands
	Line     int
}

// Button leads on from an answer. One of Ask, URL and Human is set.
type Button struct {
	Label Texts
	Ask   string // intent
	URL   string // a URL or {{contact.ID}}
	Human bool   // talk to a person
}

// Contact is an official address: what an answer may name.
type Contact struct {
	ID       string
	Kind     string // url, email, phone, handle
	Value    string
	Region   string // "" everywhere
	Title    Texts
	Hours    string // schedule id, "" for always
	Owner    string
	Verified string // date, YYYY-MM-DD
	Expires  string // date; past it the contact blocks its answers
}

// Topic is a file of entries.
type Topic struct {
	ID    string // the file is entries/ID.yaml
	Title Texts
}

// Library is all entries, contacts and schedules, checked and immutable. Make it with Load.
type Library struct {
	Name      string // in English; {{name}} and Names have it in every language
	Names     Texts
	Topics    []Topic // in order of their ids
	Entries   []Entry // in order of topic, then as written
	Contacts  []Contact
	Schedules []Schedule

	warnings  []Problem
	comments  map[string]string // "file" or "file#id" to the comment above it, for Export
	byIntent  map[string]*Entry
	contacts  map[string]*Contact
	schedules map[string]*Schedule
	featured  []*Entry
	registry  *allowed            // what the contacts allow
	own       map[string]*allowed // what an entry allows besides, by intent
	hant      func() converter    // made on first use: the dictionaries take 15 ms to read
}

// Schedule is opening hours with a time zone, several shifts a day and exceptions.
type Schedule struct {
	ID         string
	Title      Texts
	Zone       string             // IANA name, e.g. Asia/Shanghai
	Week       map[string][]Shift // mon..sun; a shift belongs to the day it begins on
	Exceptions []Exception        // in order of their dates

	loc  *time.Location                     // of Zone, set by Load
	text func(t Texts, tag lang.Tag) string // Library.Text, for the notes; nil: as written
}

// Shift is a span of one day, minutes from midnight; To may pass 24:00 (overnight).
type Shift struct{ From, To int }

// Exception is a date with other hours than its weekday: no shifts means closed.
type Exception struct {
	Date   string // YYYY-MM-DD
	Shifts []Shift
	Note   Texts
}
