package webchat

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/guard"
	"github.com/deskbell/deskbell/intents/lang"
)

// Kinds of documents.
const (
	docMessage = "message"
	docButton  = "button"
	docStart   = "start"
)

// document is what a POST becomes: the JSON that is guarded and stored in arrivals.
type document struct {
	Kind     string   `json:"kind"`
	Visitor  string   `json:"visitor"`   // the address's key
	ClientID string   `json:"client_id"` // made by the widget, one for every attempt of the same message
	Text     string   `json:"text,omitempty"`
	Action   string   `json:"action,omitempty"`  // of the pressed button, as it stands in the log
	Message  string   `json:"message,omitempty"` // id of the message with that button
	Name     string   `json:"name,omitempty"`    // what the host page calls the visitor; not verified
	Lang     lang.Tag `json:"lang,omitempty"`    // of the widget
	SentAt   string   `json:"sent_at"`           // RFC 3339
}

var (
	uuidShape   = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	actionShape = regexp.MustCompile(`^[a-z]+([:._/-][A-Za-z0-9._/:-]*)?$`)
	refShape    = regexp.MustCompile(`^[A-Za-z0-9:._-]{1,100}$`)
)

// Policy implements bot.Channel. Only text is said by the user. The identifiers are judged by key and strict shape; action and
// message come from the visitor's log, not from the visitor.
func (c *Channel) Policy() guard.Policy {
	return guard.Policy{
		Said: func(path []string) bool { return len(path) == 1 && path[0] == "text" },
		ID:   func(path []string, value string) bool { return len(path) == 1 && isID(path[0], value) },
	}
}

func isID(key, value string) bool {
	switch key {
	case "kind":
		return value == docMessage || value == docButton || value == docStart
	case "visitor":
		return visitorShape.MatchString(value)
	case "client_id":
		return uuidShape.MatchString(value)
	case "action":
		return len(value) <= 64 && actionShape.MatchString(value)
	case "message":
		return refShape.MatchString(value)
	case "lang":
		return knownLang(lang.Tag(value)) != lang.Unknown
	case "sent_at":
		_, err := time.Parse(time.RFC3339Nano, value)
		return err == nil
	}
	return false
}

// Parse implements bot.Channel.
func (c *Channel) Parse(doc []byte) (bot.Event, error) {
	var d document
	if err := json.Unmarshal(doc, &d); err != nil {
		return bot.Event{}, fmt.Errorf("webchat: the document is not a JSON object of ours: %w", err)
	}
	if d.ClientID == "" || d.Visitor == "" {
		return bot.Event{}, fmt.Errorf("webchat: a document of kind %q has no client_id or visitor", d.Kind)
	}
	e := bot.Event{
		MessageID: userRef(d.ClientID),
		User:      bot.User{ID: d.Visitor, Name: d.Name, Language: knownLang(d.Lang)},
		Private:   true,
	}
	if at, err := time.Parse(time.RFC3339Nano, d.SentAt); err == nil {
		e.At = at
	}
	switch d.Kind {
	case docMessage:
		e.Kind, e.Text, e.Deletable = bot.EventMessage, d.Text, true
	case docButton:
		if d.Action == "" {
			return bot.Event{}, fmt.Errorf("webchat: a pressed button has no action")
		}
		e.Kind, e.Action, e.MessageID = bot.EventButton, d.Action, d.Message
	case docStart:
		e.Kind = bot.EventStart
	default:
		return bot.Event{}, fmt.Errorf("webchat: unknown kind of document %q", d.Kind)
	}
	return e, nil
}

// userRef is the id of a visitor's own message, in the log and on the platform.
func userRef(clientID string) string { return "user:" + clientID }

// knownLang returns the tag if Deskbell speaks it, else lang.Unknown.
func knownLang(t lang.Tag) lang.Tag {
	switch t {
	case lang.En, lang.ZhHans, lang.ZhHant:
		return t
	}
	return lang.Unknown
}

// clean makes typed text storable everywhere: valid UTF-8, "\n" for line ends, no other control characters, no space around.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// cut shortens a text to n code points.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n])
}
