package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"
	"time"

	"github.com/deskbell/deskbell/bot"
)

const (
	maxBatch      = 256              // jobs in one transaction
	idleAfter     = 30 * time.Second // without a job: the WAL is folded into the file
	truncatePause = 250              // ms a checkpoint waits for readers
)

// job is one caller's part of a transaction.
type job struct {
	ctx    context.Context
	run    func(*conn) error
	err    error
	gone   bool // the caller's context ended before fn began
	scrub  bool // the WAL holds something erased: empty it after the commit
	answer chan error
}

// writer is the one who writes: it takes what the callers bring while it was busy into one transaction, commits it,
// and answers them all (group commit). Callers' contexts are not passed on to the driver: a cancelled statement would
// roll everybody's transaction back.
type writer struct {
	db     *sql.DB // one connection
	d      *dialect
	path   string
	log    *slog.Logger
	jobs   chan *job
	quit   chan struct{}
	done   chan struct{}
	failed error // set once by the loop, after a disk failure: nothing is written any more
	dirty  bool  // the WAL may hold something
	scrub  bool  // it must be emptied
}

func startWriter(db *sql.DB, d *dialect, path string, log *slog.Logger) *writer {
	w := &writer{
		db: db, d: d, path: path, log: log,
		jobs: make(chan *job), // without a buffer: what is sent is taken
		quit: make(chan struct{}), done: make(chan struct{}),
	}
	go w.loop()
	return w
}

// stop ends the loop after the jobs that wait now. It may be called once.
func (w *writer) stop() {
	close(w.quit)
	<-w.done
}

// do hands fn to the loop and waits for its commit. A cancelled context ends the waiting only as long as fn has not
// begun, so that an error always means that nothing was written.
func (w *writer) do(ctx context.Context, fn func(*conn) error) error {
	return w.submit(&job{ctx: ctx, run: fn, answer: make(chan error, 1)})
}

func (w *writer) submit(j *job) error {
	select {
	case w.jobs <- j:
		return <-j.answer
	case <-j.ctx.Done():
		return j.ctx.Err()
	case <-w.quit:
		return fmt.Errorf("the database is closed: %w", bot.ErrUnavailable)
	}
}

func (w *writer) loop() {
	defer close(w.done)
	idle := time.NewTimer(idleAfter)
	defer idle.Stop()
	batch := make([]*job, 0, maxBatch)
	for {
		select {
		case j := <-w.jobs:
			batch = w.gather(append(batch[:0], j))
			w.commit(batch)
			idle.Reset(idleAfter)
		case <-idle.C:
			w.checkpoint()
			idle.Reset(idleAfter)
		case <-w.quit:
			for batch = w.gather(batch[:0]); len(batch) > 0; batch = w.gather(batch[:0]) {
				w.commit(batch)
			}
			w.checkpoint()
			return
		}
	}
}

// gather adds the jobs that wait already.
func (w *writer) gather(batch []*job) []*job {
	for len(batch) < maxBatch {
		select {
		case j := <-w.jobs:
			batch = append(batch, j)
		default:
			return batch
		}
	}
	return batch
}

// commit runs a batch in one transaction and answers.
func (w *writer) commit(batch []*job) {
	err := w.failed
	if err == nil {
		err = w.transact(batch)
	}
	w.noteFailure(err)
	for _, j := range batch {
		if err != nil && !j.gone {
			j.err = err
		}
		w.scrub = w.scrub || j.scrub
	}
	w.dirty = true
	if w.scrub && err == nil {
		w.checkpoint() // before the answer: an erasure that was answered has happened
	}
	for _, j := range batch {
		j.answer <- j.err
	}
}

// noteFailure stops the writing for good after a disk failure.
func (w *writer) noteFailure(err error) {
	if w.failed == nil && isDiskFailure(err) {
		w.failed = fmt.Errorf("writing has stopped after a disk failure, restart Deskbell when the disk is well: %w", bot.ErrUnavailable)
		w.log.Error("the database failed; nothing more is written until a restart", "err", err)
	}
}

// transact runs the jobs. A job's own error stays with it; the error returned is everybody's.
func (w *writer) transact(batch []*job) error {
	tx, err := w.begin()
	if err != nil {
		return err
	}
	for _, j := range batch {
		if j.err = j.ctx.Err(); j.err != nil {
			j.gone = true
			continue
		}
		if err := w.part(tx, j, len(batch) > 1); err != nil {
			_ = tx.Rollback() // it may be rolled back already; begin makes sure
			return err
		}
	}
	if len(batch) == 1 && batch[0].err != nil {
		_ = tx.Rollback()
		return nil
	}
	return tx.Commit()
}

// begin begins a transaction. A failed one may have been left open, or rolled back by SQLite itself; either way the
// connection is brought back to where it can begin.
func (w *writer) begin() (*sql.Tx, error) {
	tx, err := w.db.BeginTx(context.Background(), nil)
	if err == nil {
		return tx, nil
	}
	if _, err2 := w.db.Exec("ROLLBACK"); err2 != nil {
		return nil, err
	}
	return w.db.BeginTx(context.Background(), nil)
}

// part runs one job, between savepoints when it is not alone. It returns an error when the whole transaction is lost.
func (w *writer) part(tx *sql.Tx, j *job, shared bool) error {
	c := &conn{ctx: context.WithoutCancel(j.ctx), q: tx, d: w.d}
	if !shared {
		j.err, j.scrub = w.guarded(j.run, c), c.scrub
		return nil
	}
	if _, err := tx.Exec("SAVEPOINT part"); err != nil {
		return err
	}
	j.err, j.scrub = w.guarded(j.run, c), c.scrub
	if j.err != nil {
		// After some errors (disk full) SQLite has rolled everything back by itself; then there is no savepoint left.
		if _, err := tx.Exec("ROLLBACK TO part"); err != nil {
			return errors.Join(j.err, err)
		}
	}
	_, err := tx.Exec("RELEASE part")
	return err
}

// guarded turns a panic into an error, so that one caller's mistake does not stop everybody's writing. The panic's value
// may hold message text: it goes nowhere.
func (w *writer) guarded(run func(*conn) error, c *conn) (err error) {
	defer func() {
		if p := recover(); p != nil {
			w.log.Error("a write panicked", "type", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			err = fmt.Errorf("the write panicked (%T)", p)
		}
	}()
	return run(c)
}

// checkpoint folds the WAL into the file and empties it, so that it does not grow, and so that nothing erased is left
// in it. A reader in the way is waited for briefly; what did not work is tried again when idle.
func (w *writer) checkpoint() {
	if !w.dirty && !w.scrub || w.failed != nil {
		return
	}
	busy := 1
	_, err := w.db.Exec(fmt.Sprintf("PRAGMA busy_timeout = %d", truncatePause))
	if err == nil {
		err = w.db.QueryRow("PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, new(int), new(int))
	}
	if _, err2 := w.db.Exec(fmt.Sprintf("PRAGMA busy_timeout = %d", busyTimeout)); err2 != nil {
		err = errors.Join(err, err2)
	}
	if err != nil {
		w.log.Warn("checkpoint failed", "err", err)
		return
	}
	if busy == 0 {
		w.dirty, w.scrub = false, false
	}
}

// walSize is the size of the write-ahead log in bytes.
func (w *writer) walSize() int64 {
	info, err := os.Stat(w.path + "-wal")
	if err != nil {
		return 0
	}
	return info.Size()
}
