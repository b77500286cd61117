package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/handoff"
)

const (
	defaultHandoffs = 200 // rows of a list
	maxOpen         = 50  // open questions kept in a context
)

const (
	sqlHandoffColumns = `SELECT h.id, h.number, h.conversation, c.channel, c.account, c.key, c.user_id, c.user_name, c.user_username, c.user_lang,
	    h.status, h.context, h.agent_id, h.agent_name, h.opened_at, h.claimed_at, h.closed_at, COALESCE(m.text, ''), COALESCE(m.author, ''), h.last_at
	  FROM handoffs h JOIN conversations c ON c.id = h.conversation LEFT JOIN messages m ON m.id = h.last_message `

	sqlHandoff = sqlHandoffColumns + `WHERE h.id = $1`

	sqlNewestFirst = ` ORDER BY h.last_at DESC, h.number DESC LIMIT $1`

	sqlHandoffsOpen           = sqlHandoffColumns + `WHERE h.status IN ('waiting', 'claimed')` + sqlNewestFirst
	sqlHandoffsOpenOfAgent    = sqlHandoffColumns + `WHERE h.status IN ('waiting', 'claimed') AND h.agent_id = $2` + sqlNewestFirst
	sqlHandoffsStatus         = sqlHandoffColumns + `WHERE h.status = $2` + sqlNewestFirst
	sqlHandoffsStatusAndAgent = sqlHandoffColumns + `WHERE h.status = $2 AND h.agent_id = $3` + sqlNewestFirst

	sqlOpenHandoff = `SELECT id, context FROM handoffs WHERE conversation = $1 AND status IN ('waiting', 'claimed')`

	sqlAddHandoff = `INSERT INTO handoffs (id, conversation, status, context, opened_at, last_message, last_at)
	  VALUES ($1, $2, 'waiting', $3, $4, $5, $4)`

	sqlHandoffContext = `UPDATE handoffs SET context = $1 WHERE id = $2`

	sqlHandoffMoves = `UPDATE handoffs SET last_message = $1, last_at = $2 WHERE id = $3`

	sqlClaimHandoff = `UPDATE handoffs SET status = 'claimed', agent_id = $1, agent_name = $2, claimed_at = $3
	  WHERE id = $4 AND status = 'waiting'`

	sqlCloseHandoff = `UPDATE handoffs SET status = $1, agent_id = $2, agent_name = $3, closed_at = $4 WHERE id = $5`

	sqlHandoffState = `SELECT h.conversation, h.status, h.agent_id, c.epoch, c.thread, c.state
	  FROM handoffs h JOIN conversations c ON c.id = h.conversation WHERE h.id = $1`

	sqlOwner = `UPDATE conversations SET owner = $1, epoch = $2, updated_at = $3 WHERE id = $4`

	sqlState = `UPDATE conversations SET state = $1 WHERE id = $2`

	sqlKeepEpoch = `UPDATE outbox SET epoch = $1
	  WHERE conversation = $2 AND status IN ('pending', 'sending') AND author = 'bot' AND epoch = $3`
)

// Handoffs implements handoff.Store.
func (db *DB) Handoffs(ctx context.Context, f handoff.Filter) (out []handoff.Handoff, err error) {
	limit := f.Limit
	if limit <= 0 {
		limit = defaultHandoffs
	}
	query, args := sqlHandoffsOpen, []any{limit}
	switch {
	case f.Status != "" && f.AgentID != "":
		query, args = sqlHandoffsStatusAndAgent, []any{limit, f.Status, f.AgentID}
	case f.Status != "":
		query, args = sqlHandoffsStatus, []any{limit, f.Status}
	case f.AgentID != "":
		query, args = sqlHandoffsOpenOfAgent, []any{limit, f.AgentID}
	}
	err = db.read(ctx, "list handoffs", func(c *conn) error {
		out, err = collect(c, scanHandoff, query, args...)
		return err
	})
	return out, err
}

// Handoff implements handoff.Store.
func (db *DB) Handoff(ctx context.Context, id string) (h handoff.Handoff, err error) {
	err = db.read(ctx, "handoff "+id, func(c *conn) error {
		hs, err := collect(c, scanHandoff, sqlHandoff, id)
		if err == nil && len(hs) == 0 {
			err = bot.ErrNotFound
		}
		if err == nil {
			h = hs[0]
		}
		return err
	})
	return h, err
}

func scanHandoff(s scan) (h handoff.Handoff, err error) {
	err = s(&h.ID, &h.Number, &h.Conversation, &h.Address.Channel, &h.Address.Account, &h.Address.Key, &h.User.ID, &h.User.Name,
		&h.User.Username, &h.User.Language, &h.Status, asJSON(&h.Context), &h.AgentID, &h.AgentName, asTime(&h.OpenedAt),
		asTime(&h.ClaimedAt), asTime(&h.ClosedAt), &h.LastText, &h.LastAuthor, asTime(&h.LastAt))
	return h, err
}

// handoff opens a handoff when the turn asks for one, refreshes the open one's context, and moves its last message.
func (t *turn) handoff() error {
	var id string
	var have bot.Escalation
	open, err := t.get(into(&id, asJSON(&have)), sqlOpenHandoff, t.id)
	if err != nil {
		return err
	}
	want := t.d.Turn.Handoff
	if !open && want == nil {
		return nil
	}
	if !open {
		if t.d.HandoffID == "" {
			return errors.New("a handoff needs an id")
		}
		_, err := t.exec(sqlAddHandoff, t.d.HandoffID, t.id, asJSON(want), millis(t.d.Now), t.last)
		return err
	}
	if want != nil {
		if _, err := t.exec(sqlHandoffContext, asJSON(refreshed(have, *want)), id); err != nil {
			return err
		}
	}
	return handoffMoves(t.conn, id, t.last, t.d.Now)
}

// handoffMoves makes a message the handoff's last; 0 is none.
func handoffMoves(c *conn, id string, message int64, now time.Time) error {
	if message == 0 {
		return nil
	}
	_, err := c.exec(sqlHandoffMoves, message, millis(now), id)
	return err
}

// refreshed is an open handoff's context after the bot asked for a human again: what is new is added; the reason is the
// more urgent one's.
func refreshed(have, more bot.Escalation) bot.Escalation {
	for _, q := range more.Open {
		same := func(o bot.Question) bool { return o.Text == q.Text }
		if !slices.ContainsFunc(have.Open, same) && len(have.Open) < maxOpen {
			have.Open = append(have.Open, q)
		}
	}
	if len(more.Answered) > 0 {
		have.Answered = more.Answered // the conversation's own memory: it holds what was answered before
	}
	for _, k := range more.Findings {
		if !slices.Contains(have.Findings, k) {
			have.Findings = append(have.Findings, k)
		}
	}
	if more.Lang != "" {
		have.Lang = more.Lang
	}
	if more.Priority > 0 && (have.Priority == 0 || more.Priority < have.Priority) {
		have.Priority, have.Reason, have.Topic = more.Priority, more.Reason, more.Topic
	}
	return have
}

// held is a handoff and what of its conversation a desk's act depends on.
type held struct {
	id           string
	conversation bot.ConversationID
	status       handoff.Status
	agent        string
	epoch        int64
	thread       string
	state        bot.State
}

func loadHeld(c *conn, id string) (held, error) {
	h := held{id: id}
	found, err := c.get(into(&h.conversation, &h.status, &h.agent, &h.epoch, &h.thread, asJSON(&h.state)), sqlHandoffState, id)
	if err == nil && !found {
		err = fmt.Errorf("handoff %s: %w", id, bot.ErrNotFound)
	}
	return h, err
}

// ClaimHandoff implements handoff.Store.
func (db *DB) ClaimHandoff(ctx context.Context, ch handoff.Change) error {
	return db.write(ctx, "claim handoff", func(c *conn) error {
		h, err := loadHeld(c, ch.HandoffID)
		if err != nil {
			return err
		}
		n, err := c.exec(sqlClaimHandoff, ch.Agent.ID, ch.Agent.Name, millis(ch.Now), h.id)
		if err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("handoff %s is %s, not waiting: %w", h.id, h.status, bot.ErrConflict)
		}
		if err := h.pass(c, bot.OwnerHuman, ch.Now); err != nil {
			return err
		}
		return h.tell(c, ch)
	})
}

// pass gives the conversation to its next owner: the epoch rises, and what the bot had not sent is dropped.
func (h *held) pass(c *conn, to bot.Owner, now time.Time) error {
	h.epoch++
	if _, err := c.exec(sqlOwner, to, h.epoch, millis(now), h.conversation); err != nil {
		return err
	}
	_, err := c.exec(sqlDropStale, reasonEpoch, millis(now), h.conversation, h.epoch)
	return err
}

// tell sends the change's notice, if it has one.
func (h *held) tell(c *conn, ch handoff.Change) error {
	if ch.Notice == nil {
		return nil
	}
	p := *ch.Notice
	if p.Author == "" {
		p.Author = bot.ByNotice
	}
	return h.send(c, p, ch)
}

// send puts a parcel into the conversation as it is now, where the user wrote last.
func (h *held) send(c *conn, p bot.Parcel, ch handoff.Change) error {
	p.Conversation, p.Epoch = h.conversation, h.epoch
	if p.Thread == "" {
		p.Thread = h.thread
	}
	if p.AgentName == "" {
		p.AgentName = ch.Agent.Name
	}
	id, err := addParcel(c, p, ch.Now)
	if err != nil {
		return err
	}
	return handoffMoves(c, h.id, id, ch.Now)
}

// mine errs with bot.ErrConflict unless the agent has the handoff.
func (h *held) mine(a handoff.Agent) error {
	if h.status != handoff.Claimed || h.agent != a.ID {
		return fmt.Errorf("handoff %s is %s, not claimed by agent %s: %w", h.id, h.status, a.ID, bot.ErrConflict)
	}
	return nil
}

// Say implements handoff.Store. A parcel whose id is known already is not said twice.
func (db *DB) Say(ctx context.Context, ch handoff.Change, p bot.Parcel) error {
	return db.write(ctx, "say", func(c *conn) error {
		h, err := loadHeld(c, ch.HandoffID)
		if err != nil {
			return err
		}
		if err := h.mine(ch.Agent); err != nil {
			return err
		}
		p.Author = bot.ByAgent
		if err := h.send(c, p, ch); err != nil {
			return err
		}
		return h.tell(c, ch)
	})
}

// AddNote implements handoff.Store.
func (db *DB) AddNote(ctx context.Context, ch handoff.Change, text string) error {
	return db.write(ctx, "add note", func(c *conn) error {
		h, err := loadHeld(c, ch.HandoffID)
		if err != nil {
			return err
		}
		m := bot.Message{Conversation: h.conversation, Author: bot.ByNote, AgentName: ch.Agent.Name, Text: text, At: ch.Now}
		id, err := addMessage(c, &m, 0, "")
		if err != nil {
			return err
		}
		return handoffMoves(c, h.id, id, ch.Now)
	})
}

// CloseHandoff implements handoff.Store.
func (db *DB) CloseHandoff(ctx context.Context, ch handoff.Change, to handoff.Status) error {
	if to != handoff.Returned && to != handoff.Resolved {
		return fmt.Errorf("close handoff %s as %q: it is closed as returned or resolved", ch.HandoffID, to)
	}
	return db.write(ctx, "close handoff", func(c *conn) error {
		h, err := loadHeld(c, ch.HandoffID)
		if err != nil {
			return err
		}
		unclaimed := h.status == handoff.Waiting && to == handoff.Resolved
		if err := h.mine(ch.Agent); err != nil && !unclaimed {
			return err
		}
		if unclaimed {
			// Nobody spoke for the humans yet: what the bot has answered meanwhile still goes out.
			if _, err := c.exec(sqlKeepEpoch, h.epoch+1, h.conversation, h.epoch); err != nil {
				return err
			}
		}
		if err := h.close(c, ch, to); err != nil {
			return err
		}
		return h.tell(c, ch)
	})
}

func (h *held) close(c *conn, ch handoff.Change, to handoff.Status) error {
	if _, err := c.exec(sqlCloseHandoff, to, ch.Agent.ID, ch.Agent.Name, millis(ch.Now), h.id); err != nil {
		return err
	}
	if err := h.pass(c, bot.OwnerBot, ch.Now); err != nil {
		return err
	}
	h.state.Open, h.state.Misses = nil, 0
	_, err := c.exec(sqlState, asJSON(h.state), h.conversation)
	return err
}
