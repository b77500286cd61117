package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/deskbell/deskbell/bot"
)

const (
	sqlProbe = `INSERT INTO cursors (name, value) VALUES ('probe', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value`

	sqlWaiting = `SELECT COALESCE(SUM(pending), 0), COALESCE(MIN(oldest), 0) FROM lanes WHERE pending > 0`

	sqlReceivedAt = `SELECT received_at FROM arrivals WHERE id = $1`

	sqlOpenParcels = `SELECT status, COUNT(*), MIN(created_at) FROM outbox WHERE status IN ('pending', 'sending') GROUP BY status`

	sqlOddParcels = `SELECT status, COUNT(*) FROM outbox WHERE status IN ('failed', 'uncertain', 'held') GROUP BY status`

	sqlOpenHandoffs = `SELECT COUNT(CASE WHEN status = 'waiting' THEN 1 END), COUNT(CASE WHEN status = 'claimed' THEN 1 END),
	    COALESCE(MIN(CASE WHEN status = 'waiting' THEN opened_at END), 0)
	  FROM handoffs WHERE status IN ('waiting', 'claimed')`

	sqlBrokenCount = `SELECT COUNT(*) FROM arrivals WHERE state = 'broken'`
)

// Ping writes to the disk and answers whether that worked, for readiness. It gives up with the context.
func (db *DB) Ping(ctx context.Context) error {
	probe := &job{ctx: ctx, answer: make(chan error, 1), run: func(c *conn) error {
		_, err := c.exec(sqlProbe, millis(db.now()))
		return err
	}}
	done := make(chan error, 1)
	go func() { done <- db.w.submit(probe) }() // ends with the write, which the database's Close waits for
	select {
	case err := <-done:
		return db.wrap("probe", err)
	case <-ctx.Done():
		return fmt.Errorf("database: probe: the disk does not answer: %w: %w", bot.ErrUnavailable, ctx.Err())
	}
}

// Stats is the state of the store in numbers, for metrics. Ages are 0 when nothing waits.
type Stats struct {
	ArrivalsWaiting int64 // accepted, not decided
	OldestArrival   time.Duration
	ArrivalsBroken  int64
	Outbox          map[bot.SendStatus]int64 // pending, sending, failed, uncertain, held
	OldestParcel    time.Duration            // pending or sending
	HandoffsWaiting int64
	HandoffsClaimed int64
	OldestHandoff   time.Duration // waiting
	FileBytes       int64
	WALBytes        int64
}

// Stats counts what waits. Its cost grows with what waits, not with history.
func (db *DB) Stats(ctx context.Context) (Stats, error) {
	s := Stats{Outbox: map[bot.SendStatus]int64{}, WALBytes: db.w.walSize()}
	if info, err := os.Stat(db.path); err == nil {
		s.FileBytes = info.Size()
	}
	now := db.now()
	err := db.read(ctx, "stats", func(c *conn) error {
		return errors.Join(s.arrivals(c, now), s.outbox(c, now), s.handoffs(c, now))
	})
	return s, err
}

func (s *Stats) arrivals(c *conn, now time.Time) error {
	var oldest int64
	var since time.Time
	if _, err := c.get(into(&s.ArrivalsWaiting, &oldest), sqlWaiting); err != nil {
		return err
	}
	if _, err := c.get(into(asTime(&since)), sqlReceivedAt, oldest); err != nil {
		return err
	}
	s.OldestArrival = age(since, now)
	_, err := c.get(into(&s.ArrivalsBroken), sqlBrokenCount)
	return err
}

func (s *Stats) outbox(c *conn, now time.Time) error {
	err := c.each(func(scan scan) error {
		var status bot.SendStatus
		var n int64
		var since time.Time
		err := scan(&status, &n, asTime(&since))
		s.Outbox[status], s.OldestParcel = n, max(s.OldestParcel, age(since, now))
		return err
	}, sqlOpenParcels)
	if err != nil {
		return err
	}
	return c.each(func(scan scan) error {
		var status bot.SendStatus
		var n int64
		err := scan(&status, &n)
		s.Outbox[status] = n
		return err
	}, sqlOddParcels)
}

func (s *Stats) handoffs(c *conn, now time.Time) error {
	var since time.Time
	_, err := c.get(into(&s.HandoffsWaiting, &s.HandoffsClaimed, asTime(&since)), sqlOpenHandoffs)
	s.OldestHandoff = age(since, now)
	return err
}

func age(since, now time.Time) time.Duration {
	if since.IsZero() {
		return 0
	}
	return max(now.Sub(since), 0)
}
