package sqlstore

import (
	"time"

	"github.com/deskbell/deskbell/bot"
)

const (
	// sqlEraseArrivals empties what has been decided. What came after the burst is a new conversation, not yet read.
	sqlEraseArrivals = `UPDATE arrivals SET doc = '{}', findings = 'null'
	  WHERE lane = (SELECT id FROM lanes WHERE channel = $1 AND account = $2 AND key = $3) AND state <> 'new'`

	// sqlEraseLane forgets what the guard expects, unless a message that came since has said it: then it still protects.
	sqlEraseLane = `UPDATE lanes SET expect = '' WHERE channel = $1 AND account = $2 AND key = $3
	  AND NOT EXISTS (SELECT 1 FROM arrivals WHERE lane = lanes.id AND state = 'new')`

	// sqlEraseParcels and sqlEraseUnsent empty the outbox: what messages stand for, and what is not sent yet (deletions
	// on the platform go on).
	sqlEraseParcels = `UPDATE outbox SET text = '', buttons = 'null', reason = ''
	  WHERE id IN (SELECT parcel FROM messages WHERE conversation = $1 AND parcel <> '')`

	sqlEraseUnsent = `UPDATE outbox SET status = 'dropped', reason = $1, settled_at = $2
	  WHERE conversation = $3 AND status IN ('pending', 'sending') AND status = 'pending' AND kind <> 'delete'`

	sqlEraseMessages = `DELETE FROM messages WHERE conversation = $1`

	sqlEraseQuestions = `UPDATE questions SET text = '', ranked = 'null' WHERE conversation = $1`

	sqlEraseContexts = `UPDATE handoffs SET context = $1, last_message = 0 WHERE number = $2`

	sqlContexts = `SELECT number, context FROM handoffs WHERE conversation = $1`

	sqlEraseWebEvents = `UPDATE webevents SET payload = '' WHERE channel = $1 AND account = $2 AND key = $3`

	sqlEraseUser = `UPDATE conversations SET user_name = '', user_username = '', state = '{}' WHERE id = $1`

	sqlAudit = `INSERT INTO audit (action, actor, conversation, at) VALUES ($1, $2, $3, $4)`
)

// eraseConversation removes the texts of a conversation from every table (design rule 11). What stays says that
// something was there, not what: platform ids (so that a late second delivery is still recognised), times, outcomes,
// reason codes. The write-ahead log is emptied after the commit; what the file frees is overwritten (secure_delete).
func eraseConversation(c *conn, id bot.ConversationID, a bot.Address, now time.Time) error {
	c.scrub = true
	at := []any{a.Channel, a.Account, a.Key}
	for _, s := range []struct {
		text string
		args []any
	}{
		{sqlEraseArrivals, at},
		{sqlEraseLane, at},
		{sqlEraseWebEvents, at},
		{sqlEraseUnsent, []any{reasonErased, millis(now), id}},
		{sqlEraseParcels, []any{id}},
		{sqlEraseMessages, []any{id}},
		{sqlEraseQuestions, []any{id}},
		{sqlEraseUser, []any{id}},
		{sqlAudit, []any{"erase", "user", id, millis(now)}},
	} {
		if _, err := c.exec(s.text, s.args...); err != nil {
			return err
		}
	}
	return eraseContexts(c, id)
}

// eraseContexts leaves of each handoff's context its codes.
func eraseContexts(c *conn, id bot.ConversationID) error {
	contexts := map[int64]bot.Escalation{}
	err := c.each(func(s scan) error {
		var number int64
		var e bot.Escalation
		err := s(&number, asJSON(&e))
		contexts[number] = bot.Escalation{Reason: e.Reason, Priority: e.Priority, Lang: e.Lang}
		return err
	}, sqlContexts, id)
	if err != nil {
		return err
	}
	for number, e := range contexts {
		if _, err := c.exec(sqlEraseContexts, asJSON(e), number); err != nil {
			return err
		}
	}
	return nil
}
