// Package sqlstore keeps Deskbell's conversations, handoffs, agents and sessions in one SQLite file, through
// github.com/mattn/go-sqlite3. It implements bot.Store, bot.WebLog, handoff.Store, handoff.Agents, handoff.Reports and
// the session store of alexedwards/scs.
//
// Every write goes through one writer (writer.go), which commits what many callers bring together: an answered call is
// on disk (synchronous=FULL). Reads have their own read-only connections. The SQL is written once, with $1 placeholders
// and what SQLite and PostgreSQL have in common; what differs stands in dialect.go. No transaction leaves this package,
// and nothing is published from here: who writes tells the bus.
//
// Start at Open; then accept (arrivals.go), Claim (lanes.go), Commit (commit.go), Take (outbox.go).
package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/handoff"
)

// DB implements every store of the program.
var (
	_ bot.Store       = (*DB)(nil)
	_ bot.WebLog      = (*DB)(nil)
	_ handoff.Store   = (*DB)(nil)
	_ handoff.Agents  = (*DB)(nil)
	_ handoff.Reports = (*DB)(nil)
)

// Options says which database to open.
type Options struct {
	// Database is the path of the SQLite file. It is made if missing, its directory too (for the owner only).
	Database string
	// Beside opens it for a short command next to a running server: when the server holds the file, the lock is
	// not taken and nothing is migrated. Otherwise it is as without.
	Beside bool
	// Readers is the number of reading connections; 0: 4.
	Readers int
	Log     *slog.Logger     // nil: none
	Now     func() time.Time // nil: time.Now; used for sessions and ages only
}

// DB is an open database, safe for concurrent use. Close it.
type DB struct {
	path    string
	dialect *dialect
	now     func() time.Time
	log     *slog.Logger
	lock    *fileLock // nil: beside a running server
	reads   *sql.DB
	w       *writer
	close   func() error // once
}

// Open opens the database, makes it if missing, and brings its schema up to date. Errors wrap bot.ErrUnavailable when
// the file is in use by another process, cannot be read or written, or is of a newer Deskbell.
func Open(ctx context.Context, o Options) (*DB, error) {
	path, err := databasePath(o.Database)
	if err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if err := prepareFile(path); err != nil {
		return nil, err
	}
	lock, err := lockFile(path)
	if err != nil && (!o.Beside || !errors.Is(err, errInUse)) {
		return nil, err
	}
	db := &DB{path: path, dialect: sqliteDialect(), now: o.Now, log: o.Log, lock: lock}
	if err := db.connect(ctx, max(o.Readers, 0)); err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", path, classify(err)), lock.release())
	}
	return db, nil
}

// connect opens the writer, migrates, then opens the readers.
func (db *DB) connect(ctx context.Context, readers int) error {
	writes, err := openWriter(ctx, db.path)
	if err != nil {
		return err
	}
	if err := migrate(ctx, writes, db.dialect, db.lock != nil, db.now(), db.log); err != nil {
		return errors.Join(err, writes.Close())
	}
	if readers == 0 {
		readers = defaultReaders
	}
	if db.reads, err = openReaders(ctx, db.path, readers); err != nil {
		return errors.Join(err, writes.Close())
	}
	db.w = startWriter(writes, db.dialect, db.path, db.log)
	db.close = sync.OnceValue(db.closeAll)
	return nil
}

// Close waits for the writes that have begun, and closes the file. Calls that come later fail with bot.ErrUnavailable;
// another Close changes nothing.
func (db *DB) Close() error { return db.close() }

func (db *DB) closeAll() error {
	db.w.stop()
	err := errors.Join(db.reads.Close(), db.w.db.Close(), db.lock.release())
	if err != nil {
		return fmt.Errorf("close database %s: %w", db.path, err)
	}
	return nil
}

// Path is the path of the database file.
func (db *DB) Path() string { return db.path }

// write runs fn in the writer's transaction and returns after the commit. fn may be run once only; what it returns
// undoes what it did and nothing else.
func (db *DB) write(ctx context.Context, op string, fn func(*conn) error) error {
	return db.wrap(op, db.w.do(ctx, fn))
}

// read runs fn on a reading connection.
func (db *DB) read(ctx context.Context, op string, fn func(*conn) error) error {
	return db.wrap(op, fn(&conn{ctx: ctx, q: db.reads, d: db.dialect}))
}

func (db *DB) wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("database: %s: %w", op, classify(err))
}

// databasePath refuses what is not a path of a file.
func databasePath(s string) (string, error) {
	switch {
	case s == "":
		return "", errors.New("no database given: name a file, for example deskbell.db")
	case strings.HasPrefix(s, "postgres://"), strings.HasPrefix(s, "postgresql://"):
		return "", errors.New("PostgreSQL is not in this version of Deskbell: name the path of an SQLite file instead, for example deskbell.db")
	case strings.Contains(s, "://"), strings.HasPrefix(s, "file:"), s == ":memory:":
		// An URL may hold a password, so it is not repeated.
		return "", errors.New("the database must be the path of a file, for example deskbell.db")
	}
	return s, nil
}
