package webchat

import (
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/guard"
	"github.com/deskbell/deskbell/bot/markup"
	"github.com/deskbell/deskbell/intents/lang"
)

// Kinds of log events (bot.WebEvent.Kind); they stand in the database.
const (
	kindUser    = "user"    // the visitor wrote
	kindAction  = "action"  // the visitor pressed a button; the text is its label
	kindStart   = "start"   // the visitor opened the chat; not shown
	kindBot     = "bot"     // the bot wrote
	kindAgent   = "agent"   // an agent wrote
	kindNotice  = "notice"  // the system says what happened
	kindFile    = "file"    // a file to download
	kindDeleted = "deleted" // an earlier message goes off the screen
)

// entry is the payload of a log event.
type entry struct {
	Text     string       `json:"text,omitempty"` // guarded; small Markdown unless the visitor's
	Lang     lang.Tag     `json:"lang,omitempty"`
	Buttons  []bot.Button `json:"buttons,omitempty"`
	Agent    string       `json:"agent,omitempty"`
	Findings []guard.Kind `json:"findings,omitempty"`
	Target   string       `json:"target,omitempty"` // id of the message that is deleted, or whose button was pressed
	File     *file        `json:"file,omitempty"`
}

type file struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Data []byte `json:"data"`
}

// wireEvent is a log event as the widget gets it.
type wireEvent struct {
	Seq      int64        `json:"seq"`
	ID       string       `json:"id"`
	Kind     string       `json:"kind"`
	At       time.Time    `json:"at"`
	Lang     lang.Tag     `json:"lang,omitempty"`
	Text     string       `json:"text,omitempty"`   // the visitor's own, plain
	Blocks   []wireBlock  `json:"blocks,omitempty"` // everybody else's, read from Markdown
	Buttons  []bot.Button `json:"buttons,omitempty"`
	Agent    string       `json:"agent,omitempty"`
	Findings []guard.Kind `json:"findings,omitempty"`
	Target   string       `json:"target,omitempty"`
	File     *wireFile    `json:"file,omitempty"`
}

type wireFile struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Size int    `json:"size"` // bytes
}

type wireBlock struct {
	Kind  markup.BlockKind `json:"k"`
	N     int              `json:"n,omitempty"`
	Spans []wireSpan       `json:"s"`
}

type wireSpan struct {
	Text   string `json:"t"`
	Bold   bool   `json:"b,omitempty"`
	Italic bool   `json:"i,omitempty"`
	Code   bool   `json:"c,omitempty"`
	URL    string `json:"u,omitempty"`
}

// toWire turns a log event into what the widget shows. show is false for events the widget has no business with.
func toWire(ev bot.WebEvent) (out wireEvent, show bool, err error) {
	var e entry
	if err := json.Unmarshal(ev.Payload, &e); err != nil {
		return wireEvent{}, false, fmt.Errorf("webchat: log event %d: %w", ev.Seq, err)
	}
	out = wireEvent{Seq: ev.Seq, ID: ev.Ref, Kind: ev.Kind, At: ev.At.UTC(), Lang: e.Lang, Agent: e.Agent, Findings: e.Findings, Target: e.Target}
	switch ev.Kind {
	case kindUser, kindAction:
		out.Text = e.Text
	case kindBot, kindAgent, kindNotice:
		out.Blocks, out.Buttons = toBlocks(e.Text), safeButtons(e.Buttons)
	case kindFile:
		if e.File == nil {
			return wireEvent{}, false, fmt.Errorf("webchat: log event %d has no file", ev.Seq)
		}
		out.Blocks = toBlocks(e.Text)
		out.File = &wireFile{Name: e.File.Name, Type: e.File.Type, Size: len(e.File.Data)}
	case kindDeleted:
	default: // kindStart, and kinds of a newer version
		return out, false, nil
	}
	return out, true, nil
}

func toBlocks(text string) []wireBlock {
	if text == "" {
		return nil
	}
	var out []wireBlock
	for _, b := range markup.Parse(text) {
		w := wireBlock{Kind: b.Kind, N: b.Ordinal, Spans: make([]wireSpan, 0, len(b.Spans))}
		for _, s := range b.Spans {
			w.Spans = append(w.Spans, wireSpan{Text: s.Text, Bold: s.Bold, Italic: s.Italic, Code: s.Code, URL: safeURL(s.URL)})
		}
		out = append(out, w)
	}
	return out
}

func safeButtons(in []bot.Button) []bot.Button {
	var out []bot.Button
	for _, b := range in {
		if b.Action == "" && safeURL(b.URL) == "" {
			continue
		}
		out = append(out, b)
	}
	return out
}

// safeURL returns the URL if a link may lead there, else "": javascript: and its like never reach the widget.
func safeURL(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return ""
	}
	switch u.Scheme {
	case "http", "https":
		if u.Host == "" {
			return ""
		}
		return s
	case "mailto", "tel":
		return s
	}
	return ""
}
