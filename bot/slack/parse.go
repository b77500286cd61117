package slack

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/guard"
	"github.com/deskbell/deskbell/intents/lang"
)

// Policy implements bot.Channel. The documents are made by triage: what a user said stands under "text" alone.
func (c *Channel) Policy() guard.Policy { return policy() }

func policy() guard.Policy {
	return guard.Policy{
		Said: func(path []string) bool { return len(path) == 1 && path[0] == "text" },
		ID:   isID,
	}
}

var eventIDShape = regexp.MustCompile(`^(Ev[A-Z0-9]{5,20}|[0-9a-f]{24})$`)

// isID knows the platform's identifiers by key and strict shape. What has the wrong shape is guarded like any text.
func isID(path []string, value string) bool {
	if len(path) == 2 && path[0] == "files" && path[1] == "id" {
		return idShape.MatchString(value)
	}
	if len(path) != 1 {
		return false
	}
	switch path[0] {
	case "team", "channel", "user":
		return idShape.MatchString(value)
	case "ts", "thread_ts", "at":
		return tsShape.MatchString(value)
	case "event_id":
		return eventIDShape.MatchString(value)
	}
	return false
}

// Parse implements bot.Channel.
func (c *Channel) Parse(doc []byte) (bot.Event, error) { return parse(doc) }

// parse reads a document that triage made and the guard went over. It is pure.
func parse(raw []byte) (bot.Event, error) {
	var d document
	if err := json.Unmarshal(raw, &d); err != nil {
		return bot.Event{}, errors.New("slack: the document is not one of this channel")
	}
	e := bot.Event{
		MessageID: d.TS,
		User:      bot.User{ID: d.User, Name: orElse(d.UserName, d.Handle), Username: d.Handle, Language: language(d.Locale)},
		Text:      d.Text,
		Thread:    d.ThreadTS,
		Private:   d.Private,
		At:        timeOf(d.At),
	}
	switch d.Kind {
	case docMessage:
		e.Kind = bot.EventMessage
		e.Media = media(d)
		if d.Text == "" && e.Media == "" { // a bare "@bot", or something this version cannot read: neither is met with silence
			if e.Media = unknownMedia; d.Called {
				e.Kind, e.Media = bot.EventStart, ""
			}
		}
	case docEdit:
		e.Kind = bot.EventEdit
	case docDelete:
		e.Kind, e.Text = bot.EventDelete, ""
	case docButton:
		e.Kind, e.Action = bot.EventButton, d.Action
	case docCommand:
		e.Kind = bot.EventMessage
		if d.Text == "" {
			e.Kind = bot.EventStart
		}
	case docHome:
		e.Kind = bot.EventStart
	case docUnknown:
		return bot.Event{}, fmt.Errorf("slack: not understood: %s", word(d.Slack))
	default:
		return bot.Event{}, errors.New("slack: the document is of no known kind")
	}
	return e, nil
}

// timeOf reads a Slack time stamp, seconds and microseconds; the zero time when it is none.
func timeOf(ts string) time.Time {
	if !tsShape.MatchString(ts) {
		return time.Time{}
	}
	sec, _ := strconv.ParseInt(ts[:10], 10, 64)
	usec, _ := strconv.ParseInt(ts[11:], 10, 64)
	return time.Unix(sec, usec*1000).UTC()
}

// unknownMedia is the Media of a message that holds nothing we can read.
const unknownMedia = "unknown"

// media words what came besides text by the first file's type.
func media(d document) string {
	if len(d.Files) == 0 {
		return ""
	}
	mime := d.Files[0].MIME
	switch kind, _, _ := strings.Cut(mime, "/"); kind {
	case "image":
		return "photo"
	case "audio":
		return "voice"
	case "video":
		return "video"
	}
	return "document"
}

// language reads the locale of a Slack client.
func language(locale string) lang.Tag {
	l := strings.ToLower(strings.ReplaceAll(locale, "_", "-"))
	switch {
	case l == "zh-tw" || l == "zh-hk" || strings.HasPrefix(l, "zh-hant"):
		return lang.ZhHant
	case strings.HasPrefix(l, "zh"):
		return lang.ZhHans
	case strings.HasPrefix(l, "en"):
		return lang.En
	}
	return lang.Unknown
}
