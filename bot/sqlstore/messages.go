package sqlstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/deskbell/deskbell/bot"
)

const (
	sqlAddMessage = `INSERT INTO messages (conversation, author, agent_name, text, lang, buttons, intent, findings, platform_id, arrival, parcel, at)
	  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
	  RETURNING id`

	sqlEditMessage = `UPDATE messages SET text = $1, findings = $2, lang = $3
	  WHERE conversation = $4 AND platform_id = $5 AND platform_id <> '' AND author = 'user'`

	sqlMarkDeleted = `UPDATE messages SET deleted = TRUE
	  WHERE conversation = $1 AND platform_id = $2 AND platform_id <> '' AND author = 'user'`

	sqlButtonsOf = `SELECT buttons FROM messages
	  WHERE conversation = $1 AND platform_id = $2 AND platform_id <> '' AND author = 'bot'`

	sqlMessages = `SELECT m.id, m.conversation, m.author, m.agent_name, m.text, m.lang, m.buttons, m.intent, m.findings, m.platform_id,
	    m.at, m.deleted, COALESCE(o.status, ''), COALESCE(o.reason, '')
	  FROM messages m LEFT JOIN outbox o ON o.id = m.parcel AND m.parcel <> ''
	  WHERE m.conversation = $1 ORDER BY m.id`
)

// Messages implements bot.Store and handoff.Store.
func (db *DB) Messages(ctx context.Context, id bot.ConversationID) (out []bot.Message, err error) {
	err = db.read(ctx, "messages", func(c *conn) error {
		out, err = collect(c, scanMessage, sqlMessages, id)
		return err
	})
	return out, err
}

func scanMessage(s scan) (m bot.Message, err error) {
	err = s(&m.ID, &m.Conversation, &m.Author, &m.AgentName, &m.Text, &m.Lang, asJSON(&m.Buttons), &m.Intent, asJSON(&m.Findings),
		&m.PlatformID, asTime(&m.At), &m.Deleted, &m.Status, &m.Reason)
	return m, err
}

// addMessage stores a message and returns its id. arrival and parcel are what it came from; both may be zero.
func addMessage(c *conn, m *bot.Message, arrival int64, parcel string) (id int64, err error) {
	_, err = c.get(into(&id), sqlAddMessage, m.Conversation, m.Author, m.AgentName, m.Text, m.Lang, asJSON(m.Buttons), m.Intent,
		asJSON(m.Findings), m.PlatformID, arrival, parcel, millis(m.At))
	return id, err
}

// userMessages writes what the user did in this burst: messages, presses, edits and deletions.
func (t *turn) userMessages() error {
	if t.d.Turn.Erase {
		return nil
	}
	for i := range t.d.Events {
		if err := t.event(&t.d.Events[i], &t.d.Burst[i]); err != nil {
			return err
		}
	}
	return nil
}

func (t *turn) event(e *bot.Event, ar *bot.Arrival) error {
	m := bot.Message{
		Conversation: t.id, Author: bot.ByUser, Text: e.Said(), Lang: t.d.Turn.Lang,
		Findings: kinds(ar.Findings), PlatformID: e.MessageID, At: e.At,
	}
	if m.At.IsZero() {
		m.At = ar.ReceivedAt
	}
	switch e.Kind {
	case bot.EventMessage:
	case bot.EventButton:
		text, err := t.pressed(e)
		if err != nil {
			return err
		}
		m.Text, m.PlatformID = text, "" // the event's message is the bot's
	case bot.EventEdit:
		n, err := t.exec(sqlEditMessage, m.Text, asJSON(m.Findings), m.Lang, t.id, m.PlatformID)
		if err != nil || n > 0 {
			return err
		} // else it is an edit of a message from before Deskbell: new to us
	case bot.EventDelete:
		_, err := t.exec(sqlMarkDeleted, t.id, e.MessageID)
		return err
	default:
		return nil
	}
	id, err := addMessage(t.conn, &m, ar.ID, "")
	t.last = max(t.last, id)
	return err
}

// pressed is what a button said: its label, or its action when the label is not known any more.
func (t *turn) pressed(e *bot.Event) (string, error) {
	if e.Text != "" {
		return e.Text, nil
	}
	var stored string
	found, err := t.get(into(&stored), sqlButtonsOf, t.id, e.MessageID)
	if err != nil || !found {
		return e.Action, err
	}
	var buttons []bot.Button
	if err := json.Unmarshal([]byte(stored), &buttons); err != nil {
		return "", fmt.Errorf("buttons of a message: %w", err)
	}
	for _, b := range buttons {
		if b.Action == e.Action {
			return b.Label, nil
		}
	}
	return e.Action, nil
}

const (
	sqlAddParcel = `INSERT INTO outbox (id, conversation, epoch, kind, author, agent_name, thread, reply_to, text, lang, buttons, intents,
	    message_id, status, ready_at, created_at)
	  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'pending', $14, $14)
	  ON CONFLICT (id) DO NOTHING`
)

// addParcel puts a parcel into the outbox and, when it is a message, its words into the conversation. It returns the
// message's id; 0 for other kinds and for a parcel that is there already.
func addParcel(c *conn, p bot.Parcel, now time.Time) (message int64, err error) {
	if p.ID == "" {
		return 0, errors.New("a parcel needs an id")
	}
	if p.Kind == "" {
		p.Kind = bot.ParcelMessage
	}
	n, err := c.exec(sqlAddParcel, p.ID, p.Conversation, p.Epoch, p.Kind, p.Author, p.AgentName, p.Thread, p.ReplyTo, p.Text, p.Lang,
		asJSON(p.Buttons), asJSON(p.Intents), p.MessageID, millis(now))
	if err != nil || n == 0 || p.Kind != bot.ParcelMessage {
		return 0, err
	}
	m := bot.Message{
		Conversation: p.Conversation, Author: p.Author, AgentName: p.AgentName, Text: p.Text, Lang: p.Lang, Buttons: p.Buttons, At: now,
	}
	if len(p.Intents) > 0 && p.Author == bot.ByBot {
		m.Intent = p.Intents[0]
	}
	return addMessage(c, &m, 0, p.ID)
}
