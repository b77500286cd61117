package faq

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// contactDates is where the dates of a contact stand.
type contactDates struct{ id, verified, expires value }

func (ld *loader) readContacts() {
	v, raw, ok := ld.open(contactsFile)
	if !ok {
		return
	}
	f := v.fields("the contacts file", "contacts", "schedules")
	for _, w := range f.get("contacts").items("contacts") {
		ld.readContact(w, raw)
	}
	for _, w := range f.get("schedules").items("schedules") {
		ld.readSchedule(w, raw)
	}
}

func (ld *loader) readContact(v value, raw []string) {
	f := v.fields("a contact", "id", "kind", "value", "region", "title", "hours", "owner", "verified", "expires")
	if f.m["id"].n == nil && len(f.m) == 0 {
		return // not a mapping: reported
	}
	c := Contact{
		ID:       f.id("id", "contact"),
		Kind:     f.need("kind", "Add one of url, email, phone, handle.").str("kind"),
		Value:    f.need("value", "Add the address itself.").str("value"),
		Region:   f.get("region").str("region"),
		Hours:    f.get("hours").str("hours"),
		Owner:    f.get("owner").str("owner"),
		Verified: f.get("verified").date("verified"),
		Expires:  f.get("expires").date("expires"),
	}
	c.Title = ld.texts(f.need("title", "Add title: {en: …, zh-Hans: …}."), "title of the contact", -1, false)
	checkContactValue(f, c)
	if c.Hours != "" {
		ld.refs = append(ld.refs, ref{f.get("hours"), "schedule", c.Hours})
	}
	if c.Expires != "" && c.Verified > c.Expires {
		f.get("expires").errorf("Correct one of the two dates.", "the contact expires on %s, before it was verified on %s", c.Expires, c.Verified)
	}
	if !f.get("verified").exists() {
		v.warnf("Somebody tries the address, then add verified: YYYY-MM-DD.", "nobody says when the contact was last verified")
	}
	if c.ID == "" {
		return
	}
	if !define(ld.contactAt, f.get("id"), c.ID, "contact") {
		return
	}
	ld.dates[c.ID] = contactDates{f.get("id"), f.get("verified"), f.get("expires")}
	ld.keepComment(contactsFile+"#"+c.ID, commentAbove(raw, v.line, v.n.Column))
	ld.lib.Contacts = append(ld.lib.Contacts, c)
}

// define notes where an id is defined; false, and an error, when it is defined already.
func define(at map[string]value, v value, id, what string) bool {
	if first, ok := at[id]; ok {
		v.errorf("Give one of the two another name.", "the %s %q is defined twice, first in %s:%d", what, id, first.file, first.line)
		return false
	}
	at[id] = v
	return true
}

var (
	goodPhone  = regexp.MustCompile(`^\+?[0-9][0-9 ()./-]{1,24}$`)
	goodHandle = regexp.MustCompile(`^@?[A-Za-z0-9_][A-Za-z0-9_.-]{1,63}$`)
)

func checkContactValue(f fields, c Contact) {
	v := f.get("value")
	switch c.Kind {
	case "":
		return
	case kindURL, kindEmail, kindPhone, kindHandle:
	default:
		f.get("kind").errorf(suggest(c.Kind, []string{kindURL, kindEmail, kindPhone, kindHandle}), "unknown kind of contact %q", c.Kind)
		return
	}
	if c.Value == "" {
		return
	}
	if !goodValue(c.Kind, c.Value) {
		v.errorf(valueMend(c.Kind), "%q is no %s", c.Value, c.Kind)
		return
	}
	if c.Kind == kindURL && strings.HasPrefix(c.Value, "http:") {
		v.warnf("Use https if the site has it.", "%s is not encrypted", c.Value)
	}
	if c.Kind == kindPhone && !strings.HasPrefix(c.Value, "+") && len(onlyDigits(c.Value)) > 6 {
		v.warnf("Write +, the country code, a blank and the number, if it has an international form.", "%q can only be called from within one country", c.Value)
	}
}

// goodValue reports whether the output check would recognise s as one contact of the kind: what it cannot see it could
// not hold back.
func goodValue(kind, s string) bool {
	switch kind {
	case kindPhone:
		return goodPhone.MatchString(s) && len(onlyDigits(s)) >= 3 && len(onlyDigits(s)) <= 15
	case kindHandle:
		return goodHandle.MatchString(s)
	}
	found := findFacts(s, nil)
	return len(found) == 1 && found[0].Kind == kind && found[0].Value == s && !strings.ContainsAny(s, " \n") &&
		(kind != kindURL || hasWebScheme(s))
}

func hasWebScheme(s string) bool {
	return strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")
}

func valueMend(kind string) string {
	switch kind {
	case kindURL:
		return "Write the whole address, for example https://okpay.example.com/help."
	case kindEmail:
		return "Write it like support@okpay.example.com."
	case kindPhone:
		return "Write it like +1 555-0100: 3 to 15 digits, the country code first."
	}
	return "Write it like @okpay: letters, digits, _ . -."
}

func (ld *loader) readSchedule(v value, raw []string) {
	f := v.fields("a schedule", "id", "title", "zone", "week", "exceptions")
	if len(f.m) == 0 {
		return
	}
	s := Schedule{
		ID:   f.id("id", "schedule"),
		Zone: f.need("zone", "Add the time zone, for example Asia/Shanghai.").str("zone"),
		Week: readWeek(f.need("week", "Add the hours, for example week: {mon-fri: [\"09:00-18:00\"]}.")),
	}
	s.Title = ld.texts(f.need("title", "Add title: {en: …, zh-Hans: …}."), "title of the schedule", -1, false)
	s.loc = readZone(f.get("zone"), s.Zone)
	for _, w := range f.get("exceptions").items("exceptions") {
		s.Exceptions = append(s.Exceptions, ld.readException(w)...)
	}
	slices.SortStableFunc(s.Exceptions, func(a, b Exception) int { return strings.Compare(a.Date, b.Date) })
	checkOverlaps(f, &s)
	if s.ID == "" {
		return
	}
	if !define(ld.scheduleAt, f.get("id"), s.ID, "schedule") {
		return
	}
	ld.keepComment(contactsFile+"#schedule."+s.ID, commentAbove(raw, v.line, v.n.Column))
	ld.lib.Schedules = append(ld.lib.Schedules, s)
}

func readZone(v value, name string) *time.Location {
	if name == "" {
		return time.UTC
	}
	loc, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		v.errorf("Use a name of the IANA list such as Asia/Shanghai, Europe/London, America/New_York or UTC.", "unknown time zone %q", name)
		return time.UTC
	}
	return loc
}

// readWeek reads hours by weekday; a key is a day, a range or a list of both: mon-fri, sat, "tue,thu".
func readWeek(v value) map[string][]Shift {
	week := map[string][]Shift{}
	for _, p := range v.pairs("week") {
		days, ok := parseDays(p.key.n.Value)
		if !ok {
			p.key.errorf("Use mon, tue, wed, thu, fri, sat, sun, a range like mon-fri or a list like \"tue,thu\".", "%q is no weekday", p.key.n.Value)
			continue
		}
		shifts := readShifts(p.value, "hours of "+p.key.n.Value)
		for _, d := range days {
			if _, ok := week[d]; ok {
				p.key.errorf("Keep one line for each day.", "%s has its hours twice", d)
				continue
			}
			week[d] = shifts
		}
	}
	for d, shifts := range week {
		if len(shifts) == 0 {
			delete(week, d) // closed, like a day that is not named
		}
	}
	return week
}

func readShifts(v value, what string) []Shift {
	var out []Shift
	for _, w := range v.items(what) {
		s := w.str("a shift")
		shift, err := parseShift(s)
		if err != nil {
			w.errorf("Write opening and closing time as \"09:00-18:00\"; \"22:00-06:00\" ends on the next day, \"00:00-24:00\" is the whole day.",
				"bad shift %q: %v", s, err)
			continue
		}
		out = append(out, shift)
	}
	slices.SortFunc(out, func(a, b Shift) int { return a.From - b.From })
	return out
}

const maxExceptionDays = 60

// readException reads one date, or the days from date to through, as one exception each.
func (ld *loader) readException(v value) []Exception {
	f := v.fields("an exception", "date", "through", "closed", "hours", "note")
	if len(f.m) == 0 {
		return nil
	}
	e := Exception{Date: f.need("date", "Add date: YYYY-MM-DD.").date("date")}
	e.Note = ld.texts(f.get("note"), "note", -1, false)
	closed, hours := f.get("closed").flag("closed"), f.get("hours")
	e.Shifts = readShifts(hours, "hours")
	switch {
	case closed && hours.exists():
		hours.errorf("Keep closed: true or hours, not both.", "the exception is closed and has hours")
	case !closed && len(e.Shifts) == 0 && (!hours.exists() || hours.n.Kind == yaml.SequenceNode && len(hours.n.Content) == 0):
		v.errorf("Add closed: true, or hours: [\"10:00-16:00\"].", "the exception says neither closed nor other hours")
	}
	if e.Date == "" {
		return nil
	}
	return expand(e, f.get("through"))
}

func expand(e Exception, through value) []Exception {
	last := through.date("through")
	if last == "" {
		return []Exception{e}
	}
	from, _ := time.Parse(time.DateOnly, e.Date)
	to, _ := time.Parse(time.DateOnly, last)
	days := int(to.Sub(from)/(24*time.Hour)) + 1
	if days < 2 || days > maxExceptionDays {
		through.errorf("Let it lie after date, and at most 60 days later.", "the exception lasts from %s through %s", e.Date, last)
		return []Exception{e}
	}
	var out []Exception
	for i := range days {
		e.Date = from.AddDate(0, 0, i).Format(time.DateOnly)
		out = append(out, e)
	}
	return out
}

// checkOverlaps reports shifts that run into each other, on one day or over midnight, and exceptions given twice.
func checkOverlaps(f fields, s *Schedule) {
	seen := map[[2]Shift]bool{}
	for i, day := range weekdays {
		next := weekdays[(i+1)%7]
		if a, b, ok := overlap(s.Week[day], s.Week[next]); ok && !seen[[2]Shift{a, b}] {
			seen[[2]Shift{a, b}] = true
			f.get("week").errorf("Join them to one shift or correct the times.", "shifts overlap on %s: %s and %s", day, a, b)
		}
	}
	for i, e := range s.Exceptions {
		if i > 0 && s.Exceptions[i-1].Date == e.Date {
			f.get("exceptions").errorf("Keep one exception a date.", "%s stands twice among the exceptions", e.Date)
			continue
		}
		d, _ := time.Parse(time.DateOnly, e.Date)
		if a, b, ok := overlap(e.Shifts, s.on(d.AddDate(0, 0, 1))); ok {
			f.get("exceptions").errorf("Join them to one shift or correct the times.", "shifts overlap on %s: %s and %s", e.Date, a, b)
		}
		before := d.AddDate(0, 0, -1)
		if _, ok := s.exception(before); ok {
			continue // seen from there
		}
		if a, b, ok := runsInto(s.on(before), e.Shifts); ok {
			f.get("exceptions").errorf("Join them to one shift or correct the times.", "the shift %s of the day before runs into %s of %s", a, b, e.Date)
		}
	}
}

// overlap finds two shifts of a day, or one of it and one of the next day, that share a minute.
func overlap(day, next []Shift) (a, b Shift, found bool) {
	for i := 1; i < len(day); i++ {
		if day[i-1].To > day[i].From {
			return day[i-1], day[i], true
		}
	}
	return runsInto(day, next)
}

// runsInto finds a shift that ends after midnight, when one of the next day has begun.
func runsInto(day, next []Shift) (a, b Shift, found bool) {
	for _, s := range day {
		for _, n := range next {
			if s.To-24*60 > n.From {
				return s, n, true
			}
		}
	}
	return a, b, false
}

// checkDates reports what only shows when the date is known.
func (ld *loader) checkDates(now time.Time) {
	for _, c := range ld.lib.Contacts {
		at := ld.dates[c.ID]
		soon := now.AddDate(0, 0, 30)
		switch {
		case expired(c, now):
			at.expires.errorf("Verify the contact and move the date, or replace it: its answers are blocked.", "the contact %q expired on %s", c.ID, c.Expires)
		case expired(c, soon):
			at.expires.warnf("Verify the contact and move the date before its answers are blocked.", "the contact %q expires on %s", c.ID, c.Expires)
		}
		// A day of grace: the admin may be ahead of UTC.
		if c.Verified > now.UTC().AddDate(0, 0, 1).Format(time.DateOnly) {
			at.verified.warnf("Correct the date.", "the contact %q was verified in the future, on %s", c.ID, c.Verified)
		}
	}
}

// expired reports whether the day of expiry is over in UTC.
func expired(c Contact, now time.Time) bool {
	return c.Expires != "" && now.UTC().Format(time.DateOnly) > c.Expires
}
