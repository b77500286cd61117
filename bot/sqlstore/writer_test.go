package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	sqlite3 "github.com/mattn/go-sqlite3"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/bottest"
)

// together runs jobs in one transaction: they gather while the writer is busy with another.
func together(t *testing.T, db *DB, jobs ...func(*conn) error) []error {
	t.Helper()
	busy, release := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = db.w.do(context.Background(), func(*conn) error { close(busy); <-release; return nil })
	})
	<-busy
	errs := make([]error, len(jobs))
	var waiting sync.WaitGroup
	waiting.Add(len(jobs))
	for i, run := range jobs {
		wg.Go(func() {
			waiting.Done()
			errs[i] = db.write(context.Background(), "test", run)
		})
	}
	waiting.Wait()
	close(release)
	wg.Wait()
	return errs
}

func setCursor(name string, then error) func(*conn) error {
	return func(c *conn) error {
		_, err := c.exec(sqlSetCursor, name, "set")
		return errors.Join(err, then)
	}
}

func cursorIs(t *testing.T, db *DB, name, want string) {
	t.Helper()
	if got, err := db.Cursor(t.Context(), name); err != nil || got != want {
		t.Errorf("cursor %s is %q (%v), want %q", name, got, err, want)
	}
}

func TestGroupCommit(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "deskbell.db"))
	const callers = 64
	var mu sync.Mutex
	transactions := map[querier]int{}
	jobs := make([]func(*conn) error, callers)
	for i := range jobs {
		jobs[i] = func(c *conn) error {
			mu.Lock()
			transactions[c.q]++
			mu.Unlock()
			return setCursor(fmt.Sprint(i), nil)(c)
		}
	}
	for i, err := range together(t, db, jobs...) {
		if err != nil {
			t.Error(err)
		}
		cursorIs(t, db, fmt.Sprint(i), "set")
	}
	// A caller may come a moment late, but not one by one.
	if len(transactions) > callers/4 {
		t.Errorf("%d callers took %d transactions", callers, len(transactions))
	}
}

func TestOneCallersErrorIsItsOwn(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "deskbell.db"))
	mine := errors.New("mine")
	errs := together(t, db,
		setCursor("a", nil), setCursor("b", mine), setCursor("c", nil),
		func(*conn) error { panic("oops") },
		func(c *conn) error { _, err := c.exec("SELECT nonsense"); return err },
		setCursor("d", nil))
	if errs[0] != nil || errs[2] != nil || errs[5] != nil || !errors.Is(errs[1], mine) || errs[3] == nil || errs[4] == nil {
		t.Errorf("errors %v", errs)
	}
	for name, want := range map[string]string{"a": "set", "b": "", "c": "set", "d": "set"} {
		cursorIs(t, db, name, want)
	}
	if err := db.write(t.Context(), "alone", setCursor("e", mine)); !errors.Is(err, mine) {
		t.Error(err)
	}
	if err := db.write(t.Context(), "alone", func(*conn) error { panic("my words") }); err == nil || strings.Contains(err.Error(), "my words") {
		t.Errorf("a panic became %v", err)
	}
	cursorIs(t, db, "e", "")
}

func TestFailedCommitFailsAll(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "deskbell.db"))
	dangling := func(c *conn) error { // a foreign key that is checked at the commit
		if _, err := c.exec("PRAGMA defer_foreign_keys = 1"); err != nil {
			return err
		}
		_, err := c.exec("INSERT INTO messages (conversation, author, text, at) VALUES ('nobody', 'user', '', 0)")
		return err
	}
	errs := together(t, db, setCursor("a", nil), dangling, setCursor("b", nil))
	failed := 0
	for _, err := range errs {
		if err != nil {
			failed++
		}
	}
	if failed != 3 {
		t.Errorf("%d of 3 callers failed: %v", failed, errs)
	}
	cursorIs(t, db, "a", "")
	if err := db.write(t.Context(), "after", setCursor("c", nil)); err != nil {
		t.Fatal(err)
	}
	cursorIs(t, db, "c", "set")
}

func TestCancelledCaller(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "deskbell.db"))
	gone, cancel := context.WithCancel(t.Context())
	err := db.write(gone, "cancelled inside", func(c *conn) error {
		cancel()
		return setCursor("a", nil)(c)
	})
	if err != nil {
		t.Errorf("what has begun ends: %v", err)
	}
	cursorIs(t, db, "a", "set")
	if err := db.write(gone, "cancelled before", setCursor("b", nil)); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	cursorIs(t, db, "b", "")
}

func TestDiskFull(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "deskbell.db"))
	if _, err := db.w.db.Exec("PRAGMA max_page_count = 120"); err != nil {
		t.Fatal(err)
	}
	k := bottest.NewTalk(t, stores(db), "a")
	item := func(i int) bot.AcceptItem {
		return bottest.Item(k.Address, fmt.Sprint(i), bottest.Said("1", strings.Repeat("long ", 2000)), k.Now)
	}
	accepted := 0
	var err error
	for i := 0; err == nil && i < 1000; i++ {
		if _, err = db.Accept(t.Context(), []bot.AcceptItem{item(i)}, nil); err == nil {
			accepted++
		}
	}
	if !errors.Is(err, bot.ErrUnavailable) || !strings.Contains(err.Error(), "the disk is full") {
		t.Fatalf("error after %d: %v", accepted, err)
	}
	full := func(c *conn) error { _, err := accept(c, new(item(5000))); return err }
	for _, err := range together(t, db, full, setCursor("a", nil), full) {
		if err != nil && !errors.Is(err, bot.ErrUnavailable) {
			t.Errorf("error %v", err)
		}
	}
	if _, err := db.w.db.Exec("PRAGMA max_page_count = 100000"); err != nil {
		t.Fatal(err)
	}
	if r := k.Accept(item(accepted)); r[0].Duplicate {
		t.Error("the refused event was stored")
	}
	if _, d := k.Begin(); len(d.Burst) != accepted+1 {
		t.Errorf("%d arrivals, %d were accepted", len(d.Burst), accepted+1)
	}
}

func TestClassify(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want error
		says string
	}{
		{sqlite3.Error{Code: sqlite3.ErrFull}, bot.ErrUnavailable, "disk is full"},
		{sqlite3.Error{Code: sqlite3.ErrReadonly}, bot.ErrUnavailable, "cannot be written"},
		{sqlite3.Error{Code: sqlite3.ErrCorrupt}, bot.ErrUnavailable, "restore a backup"},
		{sqlite3.Error{Code: sqlite3.ErrBusy, ExtendedCode: sqlite3.ErrBusySnapshot}, bot.ErrUnavailable, "another process"},
		{sqlite3.Error{Code: sqlite3.ErrIoErr, ExtendedCode: sqlite3.ErrIoErrFsync}, bot.ErrUnavailable, "the disk failed"},
		{sqlite3.Error{Code: sqlite3.ErrConstraint, ExtendedCode: sqlite3.ErrConstraintUnique}, bot.ErrConflict, ""},
		{fmt.Errorf("deep: %w", sqlite3.Error{Code: sqlite3.ErrNotADB}), bot.ErrUnavailable, "not a database"},
		{fmt.Errorf("x: %w", bot.ErrForbidden), bot.ErrForbidden, ""},
		{context.DeadlineExceeded, bot.ErrUnavailable, ""},
	} {
		got := classify(tt.err)
		if !errors.Is(got, tt.want) || !errors.Is(got, tt.err) || !strings.Contains(got.Error(), tt.says) {
			t.Errorf("%v became %v", tt.err, got)
		}
	}
	if err := classify(sqlite3.Error{Code: sqlite3.ErrError}); isSentinel(err) {
		t.Errorf("a mistake in the SQL became %v", err)
	}
}

// TestDiskFailureStops: what an fsync could not write, a later one may report as written. So there is no later one.
func TestDiskFailureStops(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "deskbell.db"))
	db.w.noteFailure(sqlite3.Error{Code: sqlite3.ErrFull})
	if err := db.Ping(t.Context()); err != nil {
		t.Fatalf("a full disk is no broken one: %v", err)
	}
	db.w.noteFailure(fmt.Errorf("commit: %w", sqlite3.Error{Code: sqlite3.ErrIoErr, ExtendedCode: sqlite3.ErrIoErrFsync}))
	if err := db.Ping(t.Context()); !errors.Is(err, bot.ErrUnavailable) || !strings.Contains(err.Error(), "restart Deskbell") {
		t.Errorf("error %v", err)
	}
}
