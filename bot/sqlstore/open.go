package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	sqlite3 "github.com/mattn/go-sqlite3"

	"github.com/deskbell/deskbell/bot"
)

const (
	busyTimeout    = 10000 // ms
	readTimeout    = 5000  // ms
	defaultReaders = 4
	maxWAL         = 64 << 20 // bytes the WAL is cut back to
)

// pragma is a setting that is read back after opening: a misspelt one is ignored silently by the driver.
type pragma struct{ name, want string }

func writerPragmas() []pragma {
	return []pragma{
		{"journal_mode", "wal"}, {"synchronous", "2"}, {"foreign_keys", "1"}, {"secure_delete", "1"},
		{"busy_timeout", fmt.Sprint(busyTimeout)}, {"temp_store", "2"}, {"journal_size_limit", fmt.Sprint(maxWAL)},
	}
}

func readerPragmas() []pragma {
	return []pragma{{"query_only", "1"}, {"busy_timeout", fmt.Sprint(readTimeout)}, {"temp_store", "2"}}
}

// openWriter opens the one connection that writes.
func openWriter(ctx context.Context, path string) (*sql.DB, error) {
	db := openDB(dsn(path, url.Values{
		"_journal_mode": {"WAL"}, "_synchronous": {"FULL"}, "_txlock": {"immediate"}, "_busy_timeout": {fmt.Sprint(busyTimeout)},
		"_foreign_keys": {"1"}, "_secure_delete": {"on"}, "_stmt_cache_size": {"100"},
	}), fmt.Sprintf("PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = %d", maxWAL))
	db.SetMaxOpenConns(1)
	if err := checkPragmas(ctx, db, writerPragmas()); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// openReaders opens the connections that only read.
func openReaders(ctx context.Context, path string, n int) (*sql.DB, error) {
	db := openDB(dsn(path, url.Values{
		"mode": {"ro"}, "_query_only": {"1"}, "_busy_timeout": {fmt.Sprint(readTimeout)}, "_stmt_cache_size": {"100"},
	}), "PRAGMA temp_store = MEMORY")
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	if err := checkPragmas(ctx, db, readerPragmas()); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// dsn makes the driver's name of a file. Without "file:" and escaping, the driver would ignore what follows "?".
func dsn(path string, v url.Values) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + v.Encode()
}

// connector opens connections and gives each its settings. It stands in for sql.Open, which knows drivers by a global
// name only.
type connector struct {
	driver *sqlite3.SQLiteDriver
	dsn    string
}

func openDB(dsn, settings string) *sql.DB {
	return sql.OpenDB(connector{&sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
		_, err := c.Exec(settings, nil)
		return err
	}}, dsn})
}

// Connect implements driver.Connector.
func (c connector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.dsn) }

// Driver implements driver.Connector.
func (c connector) Driver() driver.Driver { return c.driver }

func checkPragmas(ctx context.Context, db *sql.DB, ps []pragma) error {
	for _, p := range ps {
		var got string
		if err := db.QueryRowContext(ctx, "PRAGMA "+p.name).Scan(&got); err != nil {
			return fmt.Errorf("read setting %s: %w", p.name, err)
		}
		if !strings.EqualFold(got, p.want) {
			return fmt.Errorf("the database does not take the setting %s=%s (it has %q), without which nothing is kept safely; "+
				"is it on a network file system? Use a local disk: %w", p.name, p.want, got, bot.ErrUnavailable)
		}
	}
	return nil
}

// prepareFile makes the directory and the file if missing, and takes the file from everybody but the owner. SQLite gives
// its side files the same permissions.
func prepareFile(path string) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the database's directory: %w: %w", bot.ErrUnavailable, err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("open database (check that %s can be written by this user): %w: %w", dir, bot.ErrUnavailable, err)
	}
	info, err := f.Stat()
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		err = f.Chmod(info.Mode().Perm() & 0o700)
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("database %s must be readable by its owner only (chmod 600): %w: %w", path, bot.ErrUnavailable, err)
	}
	return nil
}

// exists reports whether a file is there.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
