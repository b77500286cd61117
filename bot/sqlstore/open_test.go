package sqlstore

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/bottest"
)

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, tt := range []struct {
		name, database, want string
		sentinel             error
	}{
		{"nothing", "", "no database given", nil},
		{"PostgreSQL", "postgres://user:hunter2@db.example/deskbell", "PostgreSQL is not in this version", nil},
		{"PostgreSQL's other name", "postgresql://db.example/deskbell", "PostgreSQL is not in this version", nil},
		{"another URL", "mysql://user:hunter2@db.example/x", "must be the path of a file", nil},
		{"SQLite's own URL", "file:x.db", "must be the path of a file", nil},
		{"memory", ":memory:", "must be the path of a file", nil},
		{"no database file", file("garbage.db", strings.Repeat("not a database ", 100)), "not a database", bot.ErrUnavailable},
		{"a directory", dir, "", bot.ErrUnavailable},
		{"below a file", filepath.Join(file("plain", "x"), "sub", "x.db"), "", bot.ErrUnavailable},
		{"another program's database", otherProgram(t, filepath.Join(dir, "other.db")), "another program", bot.ErrUnavailable},
	} {
		t.Run(tt.name, func(t *testing.T) {
			db, err := Open(t.Context(), Options{Database: tt.database})
			if err == nil {
				t.Fatal("opened", db.Close())
			}
			if !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("error %q, want %q in it, and no password", err, tt.want)
			}
			if tt.sentinel != nil && !errors.Is(err, tt.sentinel) {
				t.Errorf("error %v, want %v", err, tt.sentinel)
			}
		})
	}
}

// otherProgram makes a database that is not Deskbell's.
func otherProgram(t *testing.T, path string) string {
	t.Helper()
	raw(t, path, "CREATE TABLE bookmarks (url TEXT)")
	return path
}

// raw runs a statement on a file behind the store's back.
func raw(t *testing.T, path, query string) {
	t.Helper()
	db := openDB(dsn(path, nil), "")
	defer closing(t, db)
	if _, err := db.Exec(query); err != nil {
		t.Fatal(err)
	}
}

func closing(t *testing.T, db *sql.DB) {
	t.Helper()
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

func TestOpenMakesPrivateFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "data 50% #1? 数据")
	db := open(t, filepath.Join(dir, "deskbell.db"))
	bottest.NewTalk(t, stores(db), "a").Hear(bottest.Said("1", "x"))
	for path, want := range map[string]os.FileMode{
		dir: 0o700, db.Path(): 0o600, db.Path() + "-wal": 0o600, db.Path() + "-shm": 0o600, db.Path() + ".lock": 0o600,
	} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has permissions %o, want %o", path, got, want)
		}
	}
	entries, err := os.ReadDir(filepath.Dir(dir))
	if err != nil || len(entries) != 1 {
		t.Errorf("the path was read differently: %v %v", entries, err)
	}
}

func TestOpenTightensPermissions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deskbell.db")
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	open(t, path)
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("permissions %v, %v", info.Mode(), err)
	}
}

func TestOpenRefusesNewerSchema(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deskbell.db")
	db, err := Open(t.Context(), Options{Database: path})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	raw(t, path, "INSERT INTO migrations (number, name, at) VALUES (9999, 'future', 0)")
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), Options{Database: path})
	if !errors.Is(err, bot.ErrUnavailable) || !strings.Contains(err.Error(), "9999") || !strings.Contains(err.Error(), "newer Deskbell") {
		t.Errorf("error %v", err)
	}
	after, err := os.ReadFile(path)
	if err != nil || string(after) != string(before) {
		t.Errorf("the newer database was changed (%v)", err)
	}
}

func TestSecondProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deskbell.db")
	first := open(t, path)
	_, err := Open(t.Context(), Options{Database: path})
	if !errors.Is(err, bot.ErrUnavailable) || !strings.Contains(err.Error(), "another Deskbell process") {
		t.Fatalf("error %v", err)
	}
	beside, err := Open(t.Context(), Options{Database: path, Beside: true})
	if err != nil {
		t.Fatal(err)
	}
	k := bottest.NewTalk(t, stores(beside), "a")
	k.Hear(bottest.Said("1", "written beside"))
	k.S = stores(first)
	if _, d := k.Begin(); len(d.Burst) != 1 {
		t.Errorf("the first process does not see it: %v", d.Burst)
	}
	if err := beside.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), Options{Database: path}); err == nil {
		t.Error("closing the one beside gave the lock away")
	}
}

func TestBesideDoesNotMigrate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deskbell.db")
	db := open(t, path)
	if err := db.write(t.Context(), "test", func(c *conn) error {
		_, err := c.exec("DELETE FROM migrations")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), Options{Database: path, Beside: true}); !errors.Is(err, bot.ErrUnavailable) || !strings.Contains(err.Error(), "restart the server") {
		t.Errorf("error %v", err)
	}
}

func TestOpenKeepsAndCloses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deskbell.db")
	db, err := Open(t.Context(), Options{Database: path})
	if err != nil {
		t.Fatal(err)
	}
	k := bottest.NewTalk(t, stores(db), "a")
	k.Hear(bottest.Said("1", "x"))
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Accept(t.Context(), nil, &bot.Cursor{Name: "a"}); !errors.Is(err, bot.ErrUnavailable) {
		t.Errorf("write after Close: %v", err)
	}
	if _, err := os.Stat(path + "-wal"); err == nil {
		t.Error("the write-ahead log was left behind")
	}
	k.S = stores(open(t, path))
	if _, d := k.Begin(); len(d.Burst) != 1 {
		t.Error("the arrival is gone")
	}
}

func TestCheckPragmas(t *testing.T) {
	db := openDB(dsn(filepath.Join(t.TempDir(), "x.db"), nil), "")
	defer closing(t, db)
	if err := checkPragmas(t.Context(), db, writerPragmas()); !errors.Is(err, bot.ErrUnavailable) {
		t.Errorf("a connection without the settings was taken: %v", err)
	}
}

func TestMigrationNumbers(t *testing.T) {
	if ms, err := migrations(migrationFiles); err != nil || len(ms) == 0 {
		t.Fatal(ms, err)
	}
	for _, name := range []string{"0002_gap.sql", "x_name.sql", "0000_zero.sql"} {
		if _, err := migrations(fstest.MapFS{"migrations/" + name: {}}); err == nil {
			t.Errorf("%s was taken as the first", name)
		}
	}
}
