package faq

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/intents/lang"
)

// Errors of Render.
var (
	// ErrExpired says that a text names a contact past its expiry: it must not be sent.
	ErrExpired = errors.New("contact has expired")
	// ErrUnknownPlaceholder says that a text names something the library does not have.
	ErrUnknownPlaceholder = errors.New("unknown placeholder")
)

var (
	placeholder = regexp.MustCompile(`\{\{\s*([a-z]+)(?:\.([A-Za-z0-9_-]*))?\s*\}\}`)
	// braces finds whatever was meant to be a placeholder, also with the full-width braces of Chinese input methods.
	braces = regexp.MustCompile(`\{\{[^{}\n]*\}?\}?|[{{]{2}[^{}{}\n]*[}}]{0,2}`)
)

var placeholderWords = []string{"contact", "hours", "open", "name"}

// Render fills in the placeholders of a text: {{contact.ID}} the address, {{hours.ID}} the opening hours in words,
// {{open.ID}} whether it is open now and what comes next, {{name}} the name of the service. The error wraps
// ErrUnknownPlaceholder or ErrExpired; the text is then not to be sent.
func (l *Library) Render(text string, tag lang.Tag, now time.Time) (string, error) {
	if !strings.Contains(text, "{{") {
		return text, nil
	}
	var firstErr error
	out := placeholder.ReplaceAllStringFunc(text, func(p string) string {
		s, err := l.fill(p, tag, now)
		if err != nil && firstErr == nil {
			firstErr = err
		}
		return s
	})
	if firstErr != nil {
		return "", fmt.Errorf("render: %w", firstErr)
	}
	return out, nil
}

func (l *Library) fill(p string, tag lang.Tag, now time.Time) (string, error) {
	m := placeholder.FindStringSubmatch(p)
	word, id := m[1], m[2]
	switch word {
	case "name":
		if id == "" {
			return l.Text(l.Names, tag), nil
		}
	case "contact":
		c, ok := l.contacts[id]
		if ok && expired(*c, now) {
			return "", fmt.Errorf("contact %s, on %s: %w", id, c.Expires, ErrExpired)
		}
		if ok {
			return c.Value, nil
		}
	case "hours":
		if s, ok := l.schedules[id]; ok {
			return s.Describe(tag, now), nil
		}
	case "open":
		if s, ok := l.schedules[id]; ok {
			return s.Status(tag, now), nil
		}
	}
	return "", fmt.Errorf("%w %s", ErrUnknownPlaceholder, p)
}

// withoutPlaceholders blanks the placeholders of a text out.
func withoutPlaceholders(text string) string {
	return placeholder.ReplaceAllString(text, "…")
}

// placeholdersOf lists the placeholders of a text, each once, spelled alike.
func placeholdersOf(text string) []string {
	var out []string
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		p := "{{" + m[1] + "." + m[2] + "}}"
		if m[2] == "" {
			p = "{{" + m[1] + "}}"
		}
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// checkPlaceholders reports placeholders that Render could not fill.
func (ld *loader) checkPlaceholders(s said) {
	for _, at := range braces.FindAllStringIndex(s.text, -1) {
		p := s.text[at[0]:at[1]]
		line := s.at.lineOf(strings.Count(s.text[:at[0]], "\n"))
		if !s.md {
			ld.errorf(s.at.file, line, "Write the words; placeholders belong in answers.", "the placeholder %s stands in the %s", p, s.what)
			continue
		}
		if mend := ld.mendPlaceholder(p); mend != "" {
			ld.errorf(s.at.file, line, mend, "unknown placeholder %s", p)
		}
	}
}

// mendPlaceholder says how to mend a placeholder; "" when it is right.
func (ld *loader) mendPlaceholder(p string) string {
	m := placeholder.FindStringSubmatch(p)
	if m == nil || m[0] != p {
		return "Write it like {{contact.website}}: plain double braces, a word, a dot, a name."
	}
	word, id := m[1], m[2]
	switch word {
	case "name":
		if id != "" {
			return "Write {{name}}."
		}
		return ""
	case "contact":
		if _, ok := ld.contactAt[id]; !ok {
			return suggest(id, keys(ld.contactAt))
		}
		return ""
	case "hours", "open":
		if _, ok := ld.scheduleAt[id]; !ok {
			return suggest(id, keys(ld.scheduleAt))
		}
		return ""
	}
	return suggest(word, placeholderWords)
}
