package sqlstore

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/handoff"
)

const (
	sqlTallies = `SELECT day, channel, lang, outcome, COUNT(*) FROM questions WHERE at >= $1
	  GROUP BY day, channel, lang, outcome ORDER BY day, channel, lang, outcome`

	sqlMisses = `SELECT conversation, text, lang, outcome, ranked, at FROM questions
	  WHERE outcome IN ('unknown', 'handoff') AND text <> '' ORDER BY id DESC LIMIT $1`

	sqlBroken = `SELECT id, channel, external_id, reason, received_at FROM arrivals WHERE state = 'broken' ORDER BY id DESC LIMIT $1`
)

// Tallies implements handoff.Reports, oldest day first.
func (db *DB) Tallies(ctx context.Context, since time.Time) (out []handoff.Tally, err error) {
	err = db.read(ctx, "tallies", func(c *conn) error {
		out, err = collect(c, func(s scan) (t handoff.Tally, err error) {
			err = s(&t.Day, &t.Channel, &t.Lang, &t.Outcome, &t.Count)
			return t, err
		}, sqlTallies, millis(since))
		return err
	})
	return out, err
}

// Misses implements handoff.Reports, newest first. Erased questions are left out.
func (db *DB) Misses(ctx context.Context, limit int) (out []handoff.Miss, err error) {
	err = db.read(ctx, "misses", func(c *conn) error {
		out, err = collect(c, func(s scan) (m handoff.Miss, err error) {
			q := &m.Question
			err = s(&m.Conversation, &q.Text, &q.Lang, &q.Outcome, asJSON(&q.Ranked), asTime(&m.At))
			return m, err
		}, sqlMisses, limit)
		return err
	})
	return out, err
}

// BrokenArrivals implements handoff.Reports, newest first.
func (db *DB) BrokenArrivals(ctx context.Context, limit int) (out []handoff.Broken, err error) {
	err = db.read(ctx, "broken arrivals", func(c *conn) error {
		out, err = collect(c, func(s scan) (b handoff.Broken, err error) {
			err = s(&b.Arrival, &b.Channel, &b.ExternalID, &b.Reason, asTime(&b.ReceivedAt))
			return b, err
		}, sqlBroken, limit)
		return err
	})
	return out, err
}
