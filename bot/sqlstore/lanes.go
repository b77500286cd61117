package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/deskbell/deskbell/bot"
)

// maxBurst bounds how much of a flood is decided at once; the rest is the next burst.
const maxBurst = 256

const (
	sqlAnyReadyLane = `SELECT 1 FROM lanes WHERE pending > 0 AND lease_until <= $1 LIMIT 1`

	// sqlReadyLanes claims; what waits in the lanes is read by a second statement, in Load: in one statement, a database
	// that reads the state from before the lock would hand out what another worker has just finished.
	sqlReadyLanes = `SELECT id, channel, account, key, fence FROM lanes
	  WHERE pending > 0 AND lease_until <= $1
	  ORDER BY oldest LIMIT $2 {{skip}}`

	sqlLease = `UPDATE lanes SET fence = fence + 1, lease_until = $1 WHERE id = $2`

	// sqlEndClaim frees a lane and recounts it. The fence moves on, so that the same claim cannot commit twice.
	sqlEndClaim = `UPDATE lanes SET fence = fence + 1, lease_until = 0,
	    pending = (SELECT COUNT(*) FROM arrivals WHERE lane = $1 AND state = 'new'),
	    oldest = (SELECT COALESCE(MIN(id), 0) FROM arrivals WHERE lane = $1 AND state = 'new')
	  WHERE id = $1 AND fence = $2`

	sqlConversationColumns = `SELECT c.id, c.user_id, c.user_name, c.user_username, c.user_lang, c.owner, c.epoch, c.lang, c.lang_fixed,
	    c.state, c.created_at, EXISTS (SELECT 1 FROM handoffs h WHERE h.conversation = c.id AND h.status = 'waiting')
	  FROM conversations c `

	sqlConversationAt = sqlConversationColumns + `WHERE c.channel = $1 AND c.account = $2 AND c.key = $3`

	sqlMakeConversation = `INSERT INTO conversations (id, channel, account, key, created_at, updated_at)
	  VALUES ($1, $2, $3, $4, $5, $5)
	  ON CONFLICT (channel, account, key) DO NOTHING`

	sqlUndecided = `SELECT id, external_id, doc, findings, received_at FROM arrivals
	  WHERE lane = $1 AND state = 'new' ORDER BY id LIMIT $2`
)

// Claim implements bot.Store.
func (db *DB) Claim(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]bot.Claim, error) {
	if any, err := db.any(ctx, "claim", sqlAnyReadyLane, millis(now)); err != nil || !any {
		return nil, err
	}
	var out []bot.Claim
	err := db.write(ctx, "claim", func(c *conn) error {
		var ids []int64
		err := c.each(func(s scan) error {
			var id int64
			var cl bot.Claim
			err := s(&id, &cl.Address.Channel, &cl.Address.Account, &cl.Address.Key, &cl.Fence)
			cl.Fence++
			ids, out = append(ids, id), append(out, cl)
			return err
		}, sqlReadyLanes, millis(now), limit)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if _, err := c.exec(sqlLease, millis(now.Add(lease)), id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// any reports whether a query has a row, without asking the writer: a worker that finds nothing disturbs nobody.
func (db *DB) any(ctx context.Context, op, query string, args ...any) (found bool, err error) {
	err = db.read(ctx, op, func(c *conn) error {
		found, err = c.get(into(new(int)), query, args...)
		return err
	})
	return found, err
}

// Load implements bot.Store. It errs with bot.ErrConflict when the claim has passed to somebody else.
func (db *DB) Load(ctx context.Context, cl bot.Claim, newID bot.ConversationID, now time.Time) (bot.Conversation, []bot.Arrival, error) {
	var conv bot.Conversation
	var burst []bot.Arrival
	load := func(c *conn) (err error) {
		lane, err := claimed(c, cl)
		if err != nil {
			return err
		}
		if conv, err = conversationAt(c, cl.Address); err != nil {
			return err
		}
		burst, err = undecided(c, lane, cl.Address)
		return err
	}
	err := db.read(ctx, "load", load)
	if errors.Is(err, bot.ErrNotFound) {
		err = db.write(ctx, "load", func(c *conn) error {
			if err := makeConversation(c, cl.Address, newID, now); err != nil {
				return err
			}
			return load(c)
		})
	}
	if err != nil {
		return bot.Conversation{}, nil, err
	}
	return conv, burst, nil
}

func makeConversation(c *conn, a bot.Address, id bot.ConversationID, now time.Time) error {
	if id == "" {
		return errors.New("a new conversation needs an id")
	}
	_, err := c.exec(sqlMakeConversation, id, a.Channel, a.Account, a.Key, millis(now))
	return err
}

// claimed returns the lane of a claim that still holds.
func claimed(c *conn, cl bot.Claim) (lane int64, err error) {
	var fence int64
	found, err := c.get(into(&lane, &fence), sqlLane, cl.Address.Channel, cl.Address.Account, cl.Address.Key)
	switch {
	case err != nil:
		return 0, err
	case !found:
		return 0, fmt.Errorf("claim: no such lane: %w", bot.ErrConflict)
	case fence != cl.Fence:
		return 0, fmt.Errorf("claim with fence %d has passed, it is %d now: %w", cl.Fence, fence, bot.ErrConflict)
	}
	return lane, nil
}

func conversationAt(c *conn, a bot.Address) (bot.Conversation, error) {
	cv := bot.Conversation{Address: a}
	u := &cv.User
	found, err := c.get(into(&cv.ID, &u.ID, &u.Name, &u.Username, &u.Language, &cv.Owner, &cv.Epoch, &cv.Lang, &cv.LangFixed,
		asJSON(&cv.State), asTime(&cv.CreatedAt), &cv.Waiting), sqlConversationAt, a.Channel, a.Account, a.Key)
	if err == nil && !found {
		err = fmt.Errorf("conversation: %w", bot.ErrNotFound)
	}
	return cv, err
}

func undecided(c *conn, lane int64, a bot.Address) ([]bot.Arrival, error) {
	return collect(c, func(s scan) (bot.Arrival, error) {
		ar := bot.Arrival{Address: a}
		err := s(&ar.ID, &ar.ExternalID, &ar.Doc, asJSON(&ar.Findings), asTime(&ar.ReceivedAt))
		return ar, err
	}, sqlUndecided, lane, maxBurst)
}
