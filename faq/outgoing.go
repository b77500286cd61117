package faq

import "strings"

// Violation is something in an outgoing text that nobody has vetted.
type Violation struct {
	Value string `json:"value"` // as found, in plain characters
	Kind  string `json:"kind"`  // url, email, phone, handle
}

// CheckOutgoing returns what a text would tell a user to visit, write to or call that stands neither in the registry nor
// among the links of the named entries; nil when the text may leave. The text is as it will be sent, with its
// placeholders rendered; intents are the entries it quotes.
//
// Values are compared in one form: plain characters, case of scheme and host, a slash at the end, the punctuation of
// phone numbers and tel: do not matter. A number of 7 to 15 digits, in one run or in groups, is a phone number unless
// it is plainly hours, a date, an amount, a range, or an id with letters.
func (l *Library) CheckOutgoing(text string, intents []string) []Violation {
	allow := []*allowed{l.registry}
	for _, id := range intents {
		if own, ok := l.own[id]; ok {
			allow = append(allow, own)
		}
	}
	var out []Violation
	for _, f := range findFacts(text, allow) {
		out = append(out, Violation{Value: f.Value, Kind: f.Kind})
	}
	return out
}

// allowed is a set of vetted values, normalised.
type allowed struct {
	urls, emails, handles map[string]bool
	phones                map[string]bool // digits; true: only without + (the form used within the country)
}

func newAllowed() *allowed {
	return &allowed{urls: map[string]bool{}, emails: map[string]bool{}, handles: map[string]bool{}, phones: map[string]bool{}}
}

// allowedOf is what an entry allows: its links and the URLs of its buttons.
func allowedOf(e *Entry) *allowed {
	a := newAllowed()
	for _, s := range e.Links {
		a.add(linkKind(s), s)
	}
	for _, b := range e.Buttons {
		if b.URL != "" && !strings.Contains(b.URL, "{{") {
			a.add(kindURL, b.URL)
		}
	}
	return a
}

func (a *allowed) add(kind, value string) {
	value = strings.TrimSpace(value)
	switch kind {
	case kindURL:
		u := normURL(value)
		a.urls[u] = true
		if _, bare, ok := strings.Cut(u, "://"); ok && hasWebScheme(u) {
			a.urls["//"+bare] = true
		}
	case kindEmail:
		a.emails[normEmail(value)] = true
	case kindHandle:
		a.handles[normHandle(value)] = true
	case kindPhone:
		a.addPhone(value)
	}
}

// addPhone allows a number with its country code, written with + or 00 or without, and the form used within the
// country, with or without the 0 before it. The country code is what stands between + and the first separator.
func (a *allowed) addPhone(value string) {
	digits := onlyDigits(value)
	if digits == "" {
		return
	}
	a.phones[digits] = false
	if !strings.HasPrefix(value, "+") {
		return
	}
	a.phones["00"+digits] = true
	code := value[1 : 1+strings.IndexFunc(value[1:]+" ", func(r rune) bool { return r < '0' || r > '9' })]
	if national := strings.TrimPrefix(digits, code); len(code) <= 3 && len(national) >= 5 {
		a.addNational(national)
		a.addNational("0" + national)
	}
}

func (a *allowed) addNational(digits string) {
	if _, ok := a.phones[digits]; !ok {
		a.phones[digits] = true
	}
}

func normEmail(s string) string {
	s = strings.ToLower(s)
	return strings.TrimPrefix(s, "mailto:")
}

func normHandle(s string) string {
	return strings.ToLower(strings.TrimPrefix(s, "@"))
}

// allowedBy reports whether any of the sets has the value.
func allowedBy(sets []*allowed, kind, value string) bool {
	for _, a := range sets {
		if a.has(kind, value) {
			return true
		}
	}
	return false
}

func (a *allowed) has(kind, value string) bool {
	switch kind {
	case kindURL:
		// An underline or the like at the end may be Markdown's.
		return a.urls[normURL(value)] || a.urls[normURL(strings.TrimRight(value, "_~'"))]
	case kindEmail:
		return a.emails[normEmail(value)]
	case kindHandle:
		return a.handles[normHandle(value)]
	}
	return false
}

func (a *allowed) hasPhone(digits string, plus bool) bool {
	national, ok := a.phones[digits]
	return ok && !(plus && national)
}

func phoneAllowed(sets []*allowed, digits string, plus bool) bool {
	for _, a := range sets {
		if a.hasPhone(digits, plus) {
			return true
		}
	}
	return false
}
