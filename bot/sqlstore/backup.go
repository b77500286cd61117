package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/deskbell/deskbell/bot"
)

var errNoDatabase = fmt.Errorf("no such database: %w", bot.ErrNotFound)

// openAside opens a file for reading only, whoever else uses it.
func openAside(database string) *sql.DB {
	return openDB(dsn(database, url.Values{"mode": {"ro"}, "_busy_timeout": {fmt.Sprint(busyTimeout)}}), "PRAGMA temp_store = MEMORY")
}

// Check reads a whole database file and errs with bot.ErrUnavailable when it is damaged, of another program, or of a newer
// Deskbell. It changes nothing and needs no lock. It is for a backup before it is restored, and for doctor.
func Check(ctx context.Context, database string) error {
	if !exists(database) {
		return fmt.Errorf("check %s: there is %w", database, errNoDatabase)
	}
	db := openAside(database)
	if err := errors.Join(check(ctx, db), db.Close()); err != nil {
		return fmt.Errorf("check %s: %w", database, classify(err))
	}
	return nil
}

func check(ctx context.Context, db *sql.DB) error {
	if err := notForeign(ctx, db); err != nil {
		return err
	}
	var first string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&first); err != nil {
		return err
	}
	if first != "ok" { // it names tables and pages, no content
		return fmt.Errorf("the database is damaged (%s): restore a backup: %w", first, bot.ErrUnavailable)
	}
	steps, err := migrations(migrationFiles)
	if err != nil {
		return err
	}
	var have int
	if err := db.QueryRowContext(ctx, sqlSchemaNumber).Scan(&have); err != nil {
		return err
	}
	return notNewer(have, len(steps))
}

// Backup writes a copy of the database, as it is now, to a new file. The server may go on meanwhile.
func (db *DB) Backup(ctx context.Context, to string) error { return Backup(ctx, db.path, to) }

// Backup writes a copy of the database file to a new file, readable by its owner only. It needs no lock: a running
// server goes on. What was erased is not in the copy. It errs with bot.ErrConflict when the new file exists.
func Backup(ctx context.Context, database, to string) error {
	if !exists(database) {
		return fmt.Errorf("back up %s: there is %w", database, errNoDatabase)
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
	src := openAside(database)
	defer func() { err = errors.Join(err, src.Close()) }()
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
