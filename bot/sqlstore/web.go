package sqlstore

import (
	"context"
	"errors"

	"github.com/deskbell/deskbell/bot"
)

const (
	sqlAddWebEvent = `INSERT INTO webevents (channel, account, key, ref, kind, payload, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
	  ON CONFLICT (channel, account, key, ref) DO NOTHING
	  RETURNING seq`

	sqlEarlierWebEvent = `SELECT seq FROM webevents WHERE channel = $1 AND account = $2 AND key = $3 AND ref = $4`

	sqlWebEvents = `SELECT seq, ref, kind, payload, at FROM webevents
	  WHERE channel = $1 AND account = $2 AND key = $3 AND seq > $4 AND payload <> ''
	  ORDER BY seq LIMIT $5`
)

// AppendWebEvent implements bot.WebLog.
func (db *DB) AppendWebEvent(ctx context.Context, a bot.Address, e bot.WebEvent) (seq int64, err error) {
	if e.Ref == "" || len(e.Payload) == 0 {
		return 0, errors.New("database: append web event: it needs a ref and a payload")
	}
	err = db.write(ctx, "append web event", func(c *conn) error {
		fresh, err := c.get(into(&seq), sqlAddWebEvent, a.Channel, a.Account, a.Key, e.Ref, e.Kind, string(e.Payload), millis(e.At))
		if err != nil || fresh {
			return err
		}
		_, err = c.get(into(&seq), sqlEarlierWebEvent, a.Channel, a.Account, a.Key, e.Ref)
		return err
	})
	return seq, err
}

// WebEvents implements bot.WebLog. Erased events are left out.
func (db *DB) WebEvents(ctx context.Context, a bot.Address, after int64, limit int) (out []bot.WebEvent, err error) {
	err = db.read(ctx, "web events", func(c *conn) error {
		out, err = collect(c, func(s scan) (e bot.WebEvent, err error) {
			err = s(&e.Seq, &e.Ref, &e.Kind, &e.Payload, asTime(&e.At))
			return e, err
		}, sqlWebEvents, a.Channel, a.Account, a.Key, after, limit)
		return err
	})
	return out, err
}
