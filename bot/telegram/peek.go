package telegram

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/deskbell/deskbell/bot"
)

// verdict says what to do with an update.
type verdict int

const (
	keep  verdict = iota // hand it to the Receiver
	skip                 // of no business of ours: not stored at all
	wreck                // cannot be read: hand it to the Receiver for the operator
	ask                  // of a group, and we do not know our own name yet: learn it and peek again
)

// glance is what peek sees of an update.
type glance struct {
	Verdict    verdict
	UpdateID   int64 // 0 when unreadable
	Key        string
	CallbackID string // to be answered once accepted
}

// usernameField is added to the documents of groups, so that Parse, which is pure, knows which mention to strip.
const usernameField = "deskbell_bot_username"

// identity is who we are, for telling whether a group talks to us.
type identity struct {
	ID       int64
	Username string // without "@"; "" when not known
}

// The parts of an update that tell whom it belongs to.
type (
	peekUpdate struct {
		UpdateID *int64        `json:"update_id"`
		Message  *peekMessage  `json:"message"`
		Edited   *peekMessage  `json:"edited_message"`
		Callback *peekCallback `json:"callback_query"`
		Member   *peekMember   `json:"my_chat_member"`
	}
	peekChat struct {
		ID   int64  `json:"id"`
		Type string `json:"type"`
	}
	peekUser struct {
		ID    int64 `json:"id"`
		IsBot bool  `json:"is_bot"`
	}
	peekMessage struct {
		MessageID int64           `json:"message_id"`
		Thread    int64           `json:"message_thread_id"`
		Chat      peekChat        `json:"chat"`
		From      *peekUser       `json:"from"`
		Sender    json.RawMessage `json:"sender_chat"`
		Text      string          `json:"text"`
		Caption   string          `json:"caption"`
		Entities  []peekEntity    `json:"entities"`
		CapEnt    []peekEntity    `json:"caption_entities"`
		ReplyTo   *peekReply      `json:"reply_to_message"`
	}
	peekEntity struct {
		Type string    `json:"type"`
		User *peekUser `json:"user"`
	}
	peekReply struct {
		MessageID    int64           `json:"message_id"`
		From         *peekUser       `json:"from"`
		TopicCreated json.RawMessage `json:"forum_topic_created"`
	}
	peekCallback struct {
		ID      string       `json:"id"`
		From    peekUser     `json:"from"`
		Message *peekMessage `json:"message"`
	}
	peekMember struct {
		Chat peekChat `json:"chat"`
	}
)

// peek finds out which conversation an update belongs to, and whether it is any of our business. It reads as little as
// it can and never fails: what it cannot read is a wreck.
func peek(raw []byte, me identity) glance {
	var u peekUpdate
	if err := json.Unmarshal(raw, &u); err != nil {
		return glance{Verdict: wreck, UpdateID: updateID(raw)}
	}
	if u.UpdateID == nil {
		return glance{Verdict: wreck}
	}
	g := glance{UpdateID: *u.UpdateID}
	switch {
	case u.Message != nil:
		g.Verdict, g.Key = place(u.Message, me)
	case u.Edited != nil:
		g.Verdict, g.Key = place(u.Edited, me)
	case u.Callback != nil:
		g.Verdict, g.Key = placeCallback(u.Callback)
		g.CallbackID = u.Callback.ID
	case u.Member != nil && u.Member.Chat.Type == "private":
		g.Verdict, g.Key = keep, privateKey(u.Member.Chat.ID)
	default:
		g.Verdict = skip // a kind we never asked for, or our membership of a group
	}
	return g
}

// updateID reads the id alone, from an update whose other parts are not what they should be; 0 when it cannot.
func updateID(raw []byte) int64 {
	var u struct {
		UpdateID int64 `json:"update_id"`
	}
	if json.Unmarshal(raw, &u) != nil {
		return 0
	}
	return u.UpdateID
}

func place(m *peekMessage, me identity) (verdict, string) {
	switch m.Chat.Type {
	case "private":
		return keep, privateKey(m.Chat.ID)
	case "group", "supergroup":
		if m.From == nil {
			return wreck, ""
		}
		// Bots that answer bots never stop. Anonymous admins write as a bot too, with sender_chat set.
		if m.From.IsBot && len(m.Sender) == 0 {
			return skip, ""
		}
		if me.Username == "" {
			return ask, ""
		}
		if !addressed(m, me) {
			return skip, ""
		}
		return keep, groupKey(m.Chat.ID, m.From.ID)
	case "":
		return wreck, ""
	default: // channels
		return skip, ""
	}
}

func placeCallback(c *peekCallback) (verdict, string) {
	if c.Message == nil { // of an inline message, which we never send
		return skip, ""
	}
	switch chat := c.Message.Chat; chat.Type {
	case "private":
		return keep, privateKey(chat.ID)
	case "group", "supergroup":
		return keep, groupKey(chat.ID, c.From.ID)
	case "":
		return wreck, ""
	default:
		return skip, ""
	}
}

// addressed reports whether a group message talks to us: mentions us, is a command of ours, or replies to us.
func addressed(m *peekMessage, me identity) bool {
	text := m.Text + m.Caption
	if name, target, ok := splitCommand(text); ok {
		if target != "" {
			return strings.EqualFold(target, me.Username)
		}
		if isOurCommand(name) {
			return true
		}
	}
	if mentions(text, me.Username) {
		return true
	}
	for _, e := range append(m.Entities, m.CapEnt...) {
		if e.Type == "text_mention" && e.User != nil && e.User.ID == me.ID {
			return true
		}
	}
	return repliesToUs(m, me)
}

// repliesToUs reports a reply to a message of ours. In a forum every message "replies" to the service message that
// opened its topic; when we opened it, that says nothing.
func repliesToUs(m *peekMessage, me identity) bool {
	r := m.ReplyTo
	if r == nil || r.From == nil || r.From.ID != me.ID {
		return false
	}
	return len(r.TopicCreated) == 0 && (m.Thread == 0 || r.MessageID != m.Thread)
}

// mentions reports whether text holds @username as a word. Entities are not consulted: they add nothing, and their
// offsets are not worth trusting.
func mentions(text, username string) bool {
	start, _ := findMention(text, username)
	return start >= 0
}

// findMention returns the byte range of the first @username in text, -1 for none.
func findMention(text, username string) (start, end int) {
	if username == "" {
		return -1, -1
	}
	for from := 0; ; {
		at := strings.IndexByte(text[from:], '@')
		if at < 0 {
			return -1, -1
		}
		start, end = from+at, from+at+1+len(username)
		from = start + 1
		if end > len(text) || !strings.EqualFold(text[start+1:end], username) {
			continue
		}
		if (start > 0 && isWordByte(text[start-1])) || (end < len(text) && isWordByte(text[end])) {
			continue
		}
		return start, end
	}
}

func isWordByte(b byte) bool {
	return b == '_' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

// splitCommand reads a leading "/name@target"; target is "" when there is none.
func splitCommand(text string) (name, target string, ok bool) {
	if !strings.HasPrefix(text, "/") {
		return "", "", false
	}
	word := text[1:]
	if i := strings.IndexAny(word, " \t\r\n"); i >= 0 {
		word = word[:i]
	}
	name, target, _ = strings.Cut(word, "@")
	if name == "" || strings.IndexFunc(name, func(r rune) bool { return r > 127 || !isWordByte(byte(r)) }) >= 0 {
		return "", "", false
	}
	return strings.ToLower(name), target, true
}

func privateKey(chat int64) string     { return "private:" + strconv.FormatInt(chat, 10) }
func groupKey(chat, user int64) string { return fmt.Sprintf("group:%d:%d", chat, user) }

// parseKey reads an Address.Key back into the chat it lives in.
func parseKey(key string) (chat int64, private bool, err error) {
	kind, rest, _ := strings.Cut(key, ":")
	id, _, _ := strings.Cut(rest, ":")
	chat, err = strconv.ParseInt(id, 10, 64)
	if err != nil || (kind != "private" && kind != "group") {
		return 0, false, fmt.Errorf("telegram: %q is no address of this channel: %w", key, bot.ErrNotFound)
	}
	return chat, kind == "private", nil
}
