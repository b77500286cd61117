package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	sqlite3 "github.com/mattn/go-sqlite3"

	"github.com/deskbell/deskbell/bot"
)

// trouble is what an operator can do about the driver's codes. All of them are bot.ErrUnavailable.
var trouble = map[sqlite3.ErrNo]string{
	sqlite3.ErrFull:     "the disk is full: free some space",
	sqlite3.ErrReadonly: "the database cannot be written: check the permissions of the file, of its directory, and whether the file system is mounted read-only",
	sqlite3.ErrCantOpen: "the database file cannot be opened: check that it and its directory exist and belong to this user",
	sqlite3.ErrPerm:     "the database file may not be used by this user: check its permissions",
	sqlite3.ErrCorrupt:  "the database file is damaged: stop Deskbell, keep a copy, and restore a backup",
	sqlite3.ErrNotADB:   "the file is not a database: name another path, or restore a backup",
	sqlite3.ErrIoErr:    "the disk failed to read or write: check it before going on",
	sqlite3.ErrBusy:     "the database is held by another process",
	sqlite3.ErrLocked:   "the database is held by another process",
	sqlite3.ErrNomem:    "out of memory",
}

// classify gives a driver's error its place among the four sentinels. It is the only place that knows driver codes.
func classify(err error) error {
	if err == nil || isSentinel(err) {
		return err
	}
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%w: %w", bot.ErrNotFound, err)
	}
	var e sqlite3.Error
	if !errors.As(err, &e) {
		if errors.Is(err, sql.ErrConnDone) || errors.Is(err, context.DeadlineExceeded) {
			return fmt.Errorf("%w: %w", bot.ErrUnavailable, err)
		}
		return err
	}
	if e.Code == sqlite3.ErrConstraint {
		return fmt.Errorf("%w: %w", bot.ErrConflict, err)
	}
	if what, ok := trouble[e.Code]; ok {
		return fmt.Errorf("%s: %w: %w", what, bot.ErrUnavailable, err)
	}
	return err
}

func isSentinel(err error) bool {
	return errors.Is(err, bot.ErrNotFound) || errors.Is(err, bot.ErrConflict) ||
		errors.Is(err, bot.ErrForbidden) || errors.Is(err, bot.ErrUnavailable)
}

// isDiskFailure reports an error after which it is unknown what of the file has reached the disk: the kernel may have
// dropped the pages it could not write, so a later success would say nothing.
func isDiskFailure(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && (e.Code == sqlite3.ErrIoErr || e.Code == sqlite3.ErrCorrupt)
}
