package sqlstore

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/deskbell/deskbell/bot"
)

const (
	sqlAnyReadyParcel = `SELECT 1 FROM outbox WHERE status = 'pending' AND ready_at <= $1 LIMIT 1`

	// sqlHeads finds, per conversation, its oldest parcel that is not finished, if it is ready. stale is one of the bot
	// decided before the owner changed; a deletion is no word, and is done whoever owns the conversation.
	sqlHeads = `SELECT o.id, o.conversation, c.channel, c.account, c.key, o.epoch, o.kind, o.author, o.agent_name, o.thread, o.reply_to,
	    o.text, o.lang, o.buttons, o.intents, o.message_id, o.attempts, o.again,
	    o.author = 'bot' AND o.kind <> 'delete' AND o.epoch < c.epoch
	  FROM outbox o JOIN conversations c ON c.id = o.conversation
	  WHERE o.status = 'pending' AND o.ready_at <= $1 AND $3 NOT LIKE '%,' || c.channel || ',%'
	    AND NOT EXISTS (SELECT 1 FROM outbox p
	      WHERE p.conversation = o.conversation AND p.status IN ('pending', 'sending')
	        AND (p.ahead > o.ahead OR p.ahead = o.ahead AND p.seq < o.seq))
	  ORDER BY o.ready_at, o.seq LIMIT $2 {{skip}}`

	sqlSending = `UPDATE outbox SET status = 'sending', attempts = attempts + 1 WHERE id = $1`

	sqlDrop = `UPDATE outbox SET status = 'dropped', reason = $1, settled_at = $2, text = '', buttons = 'null' WHERE id = $3`

	// sqlDropStale ends what the bot had not sent when the owner changed.
	sqlDropStale = `UPDATE outbox SET status = 'dropped', reason = $1, settled_at = $2, text = '', buttons = 'null'
	  WHERE conversation = $3 AND status IN ('pending', 'sending') AND status = 'pending'
	    AND author = 'bot' AND kind <> 'delete' AND epoch < $4`

	sqlTaken = `SELECT o.conversation, o.epoch, o.kind, o.status, o.message_id, o.author = 'bot' AND o.kind <> 'delete' AND o.epoch < c.epoch,
	    o.kind = 'message' AND o.text = ''
	  FROM outbox o JOIN conversations c ON c.id = o.conversation WHERE o.id = $1`

	sqlMayLeave = `SELECT o.status = 'sending' AND NOT (o.author = 'bot' AND o.kind <> 'delete' AND o.epoch < c.epoch)
	    AND NOT (o.kind = 'message' AND o.text = '')
	  FROM outbox o JOIN conversations c ON c.id = o.conversation WHERE o.id = $1`

	// sqlSettle also forgets the words of what was sent: the message has them.
	sqlSettle = `UPDATE outbox SET status = $1, reason = $2, ready_at = $3, again = again OR $4, settled_at = $5,
	    text = CASE WHEN $1 = 'sent' THEN '' ELSE text END, buttons = CASE WHEN $1 = 'sent' THEN 'null' ELSE buttons END
	  WHERE id = $6`

	sqlSentMessage = `UPDATE messages SET platform_id = CASE WHEN $1 = '' THEN platform_id ELSE $1 END,
	    text = CASE WHEN $2 = '' THEN text ELSE $2 END
	  WHERE parcel = $3 AND parcel <> ''`

	sqlAhead = `UPDATE outbox SET ahead = TRUE WHERE id = $1`

	sqlRecover = `UPDATE outbox SET status = 'pending', again = TRUE WHERE status IN ('pending', 'sending') AND status = 'sending'`
)

// Reasons of dropped parcels.
const (
	reasonEpoch  = "the conversation had passed to somebody else"
	reasonErased = "the conversation was erased"
)

// Take implements bot.Outbox.
func (db *DB) Take(ctx context.Context, now time.Time, limit int, busy ...string) ([]bot.Parcel, error) {
	if any, err := db.any(ctx, "take", sqlAnyReadyParcel, millis(now)); err != nil || !any {
		return nil, err
	}
	var out []bot.Parcel
	err := db.write(ctx, "take", func(c *conn) error {
		// What a dropped parcel held back is ready in the next round.
		for len(out) < limit {
			taken, dropped, err := takeHeads(c, now, limit-len(out), ","+strings.Join(busy, ",")+",")
			if err != nil {
				return err
			}
			out = append(out, taken...)
			if dropped == 0 {
				return nil
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// takeHeads marks ready parcels as sending, and stale ones as dropped.
func takeHeads(c *conn, now time.Time, limit int, busy string) (taken []bot.Parcel, dropped int, err error) {
	type head struct {
		bot.Parcel
		stale bool
	}
	heads, err := collect(c, func(s scan) (h head, err error) {
		h.stale, err = scanParcel(s, &h.Parcel)
		return h, err
	}, sqlHeads, millis(now), limit, busy)
	if err != nil {
		return nil, 0, err
	}
	for _, h := range heads {
		if h.stale {
			dropped++
			_, err = c.exec(sqlDrop, reasonEpoch, millis(now), h.ID)
		} else {
			h.Attempts++
			taken = append(taken, h.Parcel)
			_, err = c.exec(sqlSending, h.ID)
		}
		if err != nil {
			return nil, 0, err
		}
	}
	return taken, dropped, nil
}

func scanParcel(s scan, p *bot.Parcel) (stale bool, err error) {
	err = s(&p.ID, &p.Conversation, &p.Address.Channel, &p.Address.Account, &p.Address.Key, &p.Epoch, &p.Kind, &p.Author, &p.AgentName,
		&p.Thread, &p.ReplyTo, &p.Text, &p.Lang, asJSON(&p.Buttons), asJSON(&p.Intents), &p.MessageID, &p.Attempts, &p.Repeat, &stale)
	return stale, err
}

// taken is what settling a parcel depends on.
type taken struct {
	id           string
	conversation bot.ConversationID
	epoch        int64
	kind         bot.ParcelKind
	status       bot.SendStatus
	target       string // of a deletion
	stale        bool   // the owner has changed since
	erased       bool
}

func loadTaken(c *conn, id string) (taken, error) {
	p := taken{id: id}
	found, err := c.get(into(&p.conversation, &p.epoch, &p.kind, &p.status, &p.target, &p.stale, &p.erased), sqlTaken, id)
	switch {
	case err != nil:
	case !found:
		err = fmt.Errorf("parcel %s: %w", id, bot.ErrNotFound)
	case p.status != bot.StatusSending:
		err = fmt.Errorf("parcel %s is %s, not %s: %w", id, p.status, bot.StatusSending, bot.ErrConflict)
	}
	return p, err
}

// MayLeave implements bot.Outbox.
func (db *DB) MayLeave(ctx context.Context, parcelID string) (may bool, err error) {
	err = db.read(ctx, "may leave", func(c *conn) error {
		_, err := c.get(into(&may), sqlMayLeave, parcelID)
		return err
	})
	return may, err
}

// Settle implements bot.Outbox. It errs with bot.ErrNotFound for an unknown parcel and with bot.ErrConflict for one
// that is not being sent. Settlement.Then leaves next, before what waits in the conversation.
func (db *DB) Settle(ctx context.Context, parcelID string, s bot.Settlement, now time.Time) error {
	return db.write(ctx, "settle", func(c *conn) error {
		p, err := loadTaken(c, parcelID)
		switch {
		case err != nil:
			return err
		case s.Status == bot.StatusPending && p.erased:
			_, err = c.exec(sqlDrop, reasonErased, millis(now), p.id)
			return err
		case s.Status == bot.StatusPending && p.stale:
			_, err = c.exec(sqlDrop, reasonEpoch, millis(now), p.id)
			return err
		}
		if err := p.settle(c, s, now); err != nil {
			return err
		}
		if s.Then == nil {
			return nil
		}
		then := *s.Then
		then.Conversation, then.Epoch = p.conversation, p.epoch
		if _, err := addParcel(c, then, now); err != nil {
			return err
		}
		_, err = c.exec(sqlAhead, then.ID)
		return err
	})
}

// settle writes the outcome to the parcel and to its message.
func (p *taken) settle(c *conn, s bot.Settlement, now time.Time) error {
	settled := now
	if s.Status == bot.StatusPending {
		settled = time.Time{}
	}
	if _, err := c.exec(sqlSettle, s.Status, s.Reason, millis(s.ReadyAt), s.Repeat, millis(settled), p.id); err != nil {
		return err
	}
	if p.kind == bot.ParcelDelete {
		if s.Status != bot.StatusSent {
			return nil
		}
		_, err := c.exec(sqlMarkDeleted, p.conversation, p.target)
		return err
	}
	if s.PlatformID == "" && s.Text == "" {
		return nil
	}
	_, err := c.exec(sqlSentMessage, s.PlatformID, s.Text, p.id)
	return err
}

// Recover implements bot.Outbox.
func (db *DB) Recover(ctx context.Context) (n int, err error) {
	err = db.write(ctx, "recover", func(c *conn) error {
		changed, err := c.exec(sqlRecover)
		n = int(changed)
		return err
	})
	return n, err
}
