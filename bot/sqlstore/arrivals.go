package sqlstore

import (
	"context"
	"errors"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/guard"
)

// States of an arrival.
const (
	stateNew     = "new"
	stateDecided = "decided"
	stateBroken  = "broken"
)

// reasonNoConversation stands with events whose Address.Key is empty.
const reasonNoConversation = "belongs to no conversation"

const (
	sqlLane = `SELECT id, fence FROM lanes WHERE channel = $1 AND account = $2 AND key = $3`

	sqlMakeLane = `INSERT INTO lanes (channel, account, key) VALUES ($1, $2, $3)
	  ON CONFLICT (channel, account, key) DO UPDATE SET pending = lanes.pending
	  RETURNING id`

	sqlAddArrival = `INSERT INTO arrivals (lane, channel, account, external_id, doc, findings, state, reason, received_at)
	  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
	  ON CONFLICT (channel, account, external_id) DO NOTHING
	  RETURNING id`

	sqlEarlierArrival = `SELECT id, doc, findings FROM arrivals WHERE channel = $1 AND account = $2 AND external_id = $3`

	sqlLaneGrows = `UPDATE lanes SET pending = pending + 1, expect = $1,
	    oldest = CASE WHEN pending = 0 THEN $2 ELSE oldest END
	  WHERE id = $3`

	sqlExpectation = `SELECT expect FROM lanes WHERE channel = $1 AND account = $2 AND key = $3 AND expect <> ''`

	sqlCursor    = `SELECT value FROM cursors WHERE name = $1`
	sqlSetCursor = `INSERT INTO cursors (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`
)

// Accept implements bot.Store.
func (db *DB) Accept(ctx context.Context, items []bot.AcceptItem, cur *bot.Cursor) ([]bot.Receipt, error) {
	out := make([]bot.Receipt, len(items))
	err := db.write(ctx, "accept", func(c *conn) error {
		for i := range items {
			r, err := accept(c, &items[i])
			if err != nil {
				return err
			}
			out[i] = r
		}
		if cur == nil {
			return nil
		}
		_, err := c.exec(sqlSetCursor, cur.Name, cur.Value)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// accept stores one event, unless it is known already or of no interest.
func accept(c *conn, it *bot.AcceptItem) (bot.Receipt, error) {
	r := bot.Receipt{Doc: it.Doc, Findings: it.Findings}
	if it.ExternalID == "" {
		return r, errors.New("an event without an external id cannot be told from others")
	}
	lane, err := laneFor(c, it)
	if err != nil {
		return r, err
	}
	if lane == 0 && it.OnlyKnown {
		r.Ignored = true
		return r, nil
	}
	state, reason := stateNew, ""
	if it.Address.Key == "" {
		state, reason = stateBroken, reasonNoConversation
	}
	fresh, err := c.get(into(&r.Arrival), sqlAddArrival, lane, it.Address.Channel, it.Address.Account, it.ExternalID,
		string(it.Doc), asJSON(it.Findings), state, reason, millis(it.ReceivedAt))
	switch {
	case err != nil:
		return r, err
	case !fresh:
		// A repeated document is guarded without its expectation: only the first one is to be trusted.
		r.Duplicate, r.Doc, r.Findings = true, nil, nil
		_, err = c.get(into(&r.Arrival, &r.Doc, asJSON(&r.Findings)), sqlEarlierArrival, it.Address.Channel, it.Address.Account, it.ExternalID)
	case state == stateNew:
		_, err = c.exec(sqlLaneGrows, expectColumn{&it.Expect}, r.Arrival, lane)
	}
	return r, err
}

// laneFor finds the lane of an event, and makes it for one that may open a conversation. It is 0 for an event of no
// conversation, and for an OnlyKnown one whose conversation neither exists nor is about to: a lane is made with the
// first event accepted from an address, so a thread's second message is known even before its first is decided.
func laneFor(c *conn, it *bot.AcceptItem) (id int64, err error) {
	a := it.Address
	if a.Key == "" {
		return 0, nil
	}
	found, err := c.get(into(&id, new(int64)), sqlLane, a.Channel, a.Account, a.Key)
	if err != nil || found || it.OnlyKnown {
		return id, err
	}
	_, err = c.get(into(&id), sqlMakeLane, a.Channel, a.Account, a.Key)
	return id, err
}

// Expectations implements bot.Store.
func (db *DB) Expectations(ctx context.Context, addrs []bot.Address) (map[bot.Address]guard.State, error) {
	out := map[bot.Address]guard.State{}
	err := db.read(ctx, "expectations", func(c *conn) error {
		for _, a := range addrs {
			var st guard.State
			found, err := c.get(into(expectColumn{&st}), sqlExpectation, a.Channel, a.Account, a.Key)
			if err != nil {
				return err
			}
			if found {
				out[a] = st
			}
		}
		return nil
	})
	return out, err
}

// Cursor implements bot.Store.
func (db *DB) Cursor(ctx context.Context, name string) (value string, err error) {
	err = db.read(ctx, "cursor", func(c *conn) error {
		_, err := c.get(into(&value), sqlCursor, name)
		return err
	})
	return value, err
}
