package console

import (
	"net/http"
	"strings"
	"time"

	"github.com/deskbell/deskbell/faq"
	"github.com/deskbell/deskbell/intents/lang"
)

// expiresSoon is how long before its expiry a contact is marked.
const expiresSoon = 30 * 24 * time.Hour

type contactsPage struct {
	Contacts  []contactRow
	Schedules []scheduleRow
}

type contactRow struct {
	ID, Kind, Value, Region, Title, Owner, Verified, Expires string
	Hours                                                    string // title of its schedule
	State                                                    string // valid, soon, expired
}

type scheduleRow struct {
	ID, Title, Zone string
	Now             string // the time there
	Open            bool
	Until           string // when it changes, "" if it never does
	Week            []weekRow
	Exceptions      []exceptionRow
}

type weekRow struct {
	Day    string // mon..sun
	Today  bool
	Shifts string // "" for closed
}

type exceptionRow struct{ Date, Shifts, Note string }

func (k *Console) showContacts(v *visit) error {
	k.render(v, http.StatusOK, "contacts", k.viewer(v).contacts())
	return nil
}

func (w viewer) contacts() contactsPage {
	var p contactsPage
	titles := map[string]string{}
	for i := range w.lib.Schedules {
		s := &w.lib.Schedules[i]
		titles[s.ID] = w.lib.Text(s.Title, w.tag)
		p.Schedules = append(p.Schedules, w.schedule(s))
	}
	for _, c := range w.lib.Contacts {
		p.Contacts = append(p.Contacts, contactRow{c.ID, c.Kind, c.Value, c.Region, w.lib.Text(c.Title, w.tag), c.Owner, c.Verified,
			c.Expires, titles[c.Hours], w.validity(c.Expires)})
	}
	return p
}

// validity compares an expiry date (the last valid day, UTC) with now.
func (w viewer) validity(expires string) string {
	day, err := time.Parse(time.DateOnly, expires)
	switch end := day.AddDate(0, 0, 1); {
	case err != nil:
		return "valid"
	case !w.now.Before(end):
		return "expired"
	case w.now.Add(expiresSoon).After(end):
		return "soon"
	}
	return "valid"
}

func (w viewer) schedule(s *faq.Schedule) scheduleRow {
	o := s.At(w.now)
	r := scheduleRow{ID: s.ID, Title: w.lib.Text(s.Title, w.tag), Zone: s.Zone, Open: o.Open}
	there := w.clock
	if z, err := time.LoadLocation(s.Zone); err == nil {
		there.zone = z
	}
	r.Now = there.moment(w.now).Full
	change := o.Next
	if o.Open {
		change = o.Until
	}
	if !change.IsZero() {
		r.Until = there.moment(change).Full
	}
	today := strings.ToLower(w.now.In(there.zone).Format("Mon"))
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		r.Week = append(r.Week, weekRow{day, day == today, shifts(s.Week[day])})
	}
	for _, e := range s.Exceptions {
		if e.Date >= w.now.In(there.zone).Format(time.DateOnly) {
			r.Exceptions = append(r.Exceptions, exceptionRow{e.Date, shifts(e.Shifts), w.lib.Text(e.Note, w.tag)})
		}
	}
	return r
}

func shifts(ss []faq.Shift) string {
	var out []string
	for _, s := range ss {
		out = append(out, strings.ReplaceAll(s.String(), "-", "–"))
	}
	return strings.Join(out, ", ")
}

// uiLangs are the languages of pages and of entries, in the order in which they are shown.
func uiLangs() []lang.Tag { return []lang.Tag{lang.En, lang.ZhHans, lang.ZhHant} }
