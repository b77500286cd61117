package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
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

// Backup writes a copy of the database, as it is now, to a new file. The server may go on meanwhile.
func (db *DB) Backup(ctx context.Context, to string) error { return Backup(ctx, db.path, to) }

// Backup writes a copy of the database file to a new file, readable by its owner only. It needs no lock: a running
// server goes on. What was erased is not in the copy. It errs with bot.ErrConflict when the new file exists.
func Backup(ctx context.Context, database, to string) error {
	if !exists(database) {
		return fmt.Errorf("back up %s: there is no such database: %w", database, bot.ErrNotFound)
	}
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("back up to %s: the file exists, name another: %w", to, bot.ErrConflict)
	}
	if err != nil {
		return fmt.Errorf("back up: %w: %w", bot.ErrUnavailable, err)
	}
	err = errors.Join(copyInto(ctx, database, to), f.Sync(), f.Close(), syncDir(filepath.Dir(to)))
	if err != nil {
		return errors.Join(fmt.Errorf("back up to %s: %w", to, classify(err)), os.Remove(to))
	}
	return nil
}

// copyInto fills an empty file with the live content of a database, through a connection of its own.
func copyInto(ctx context.Context, database, to string) (err error) {
	src := openDB(dsn(database, url.Values{"mode": {"ro"}, "_busy_timeout": {fmt.Sprint(busyTimeout)}}), "PRAGMA temp_store = MEMORY")
	defer func(src *sql.DB) { err = errors.Join(err, src.Close()) }(src)
	_, err = src.ExecContext(ctx, "VACUUM INTO ?1", to)
	return err
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
