package sqlstore

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/bottest"
	"github.com/deskbell/deskbell/handoff"
)

// TestErasureIsReal: after the commit, the words are in no file of the directory, nor in a later backup (design rule 11).
func TestErasureIsReal(t *testing.T) {
	dir := t.TempDir()
	db := open(t, filepath.Join(dir, "deskbell.db"))
	const word = "Xanadu-4711"
	for _, key := range []string{"a", "b"} { // neighbours on the same pages
		keep := bottest.NewTalk(t, stores(db), "keep-"+key)
		keep.Answer("kept "+strings.Repeat("padding ", 100), "k-"+key, "kept")
	}
	k := bottest.NewTalk(t, stores(db), "a")
	for _, id := range []string{"1", "2", "3"} {
		k.Escalate("my name is "+word+strings.Repeat(" padding", 50), id)
		k.Deliver()
	}
	if _, err := db.AppendWebEvent(t.Context(), k.Address, bot.WebEvent{Ref: "w", Kind: "m", Payload: []byte(`"` + word + `"`)}); err != nil {
		t.Fatal(err)
	}
	if n := filesWith(t, dir, word); n == 0 {
		t.Fatal("the test finds nothing to erase")
	}
	k.Turn(func(d *bot.Decided) { d.Turn.Erase = true }, bottest.Said("m", "forget "+word))
	if n := filesWith(t, dir, word); n > 0 {
		t.Errorf("%d files still hold the word", n)
	}
	if err := db.Backup(t.Context(), filepath.Join(dir, "backup.db")); err != nil {
		t.Fatal(err)
	}
	if n := filesWith(t, dir, word); n > 0 {
		t.Error("the backup holds the word")
	}
	var audits int
	if err := db.reads.QueryRow("SELECT COUNT(*) FROM audit WHERE action = 'erase' AND conversation = ?", k.Conv).Scan(&audits); err != nil || audits != 1 {
		t.Errorf("%d audit rows, %v", audits, err)
	}
}

func filesWith(t *testing.T, dir, word string) (n int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(b, []byte(word)) {
			t.Log(word, "in", e.Name())
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestBackup(t *testing.T) {
	dir := t.TempDir()
	db := open(t, filepath.Join(dir, "deskbell.db"))
	k := bottest.NewTalk(t, stores(db), "a")
	k.Answer("question", "p1", "answer")
	to := filepath.Join(dir, "it's a copy.db")
	if err := db.Backup(t.Context(), to); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(to); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the copy: %v %v", info, err)
	}
	if err := db.Backup(t.Context(), to); !errors.Is(err, bot.ErrConflict) {
		t.Errorf("over an existing file: %v", err)
	}
	if err := Backup(t.Context(), filepath.Join(dir, "none.db"), filepath.Join(dir, "x.db")); !errors.Is(err, bot.ErrNotFound) {
		t.Errorf("of a missing database: %v", err)
	}
	if err := Check(t.Context(), to); err != nil {
		t.Errorf("check of a copy that nobody has opened: %v", err)
	}
	again := filepath.Join(dir, "again.db")
	if err := Backup(t.Context(), to, again); err != nil {
		t.Errorf("backup of a copy that nobody has opened: %v", err)
	}
	k.S = stores(open(t, again))
	if ms := k.Messages(); len(ms) != 2 || ms[0].Text != "question" {
		t.Errorf("messages of the copy: %+v", ms)
	}
}

func TestCheck(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "deskbell.db")
	db, err := Open(t.Context(), Options{Database: good})
	if err != nil {
		t.Fatal(err)
	}
	k := bottest.NewTalk(t, stores(db), "a")
	for i := range 50 {
		k.Hear(bottest.Said("m", strings.Repeat("x", 50*i)))
	}
	if err := Check(t.Context(), good); err != nil {
		t.Errorf("while it is open: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	damaged := filepath.Join(dir, "damaged.db")
	for i := range 4096 * 4 {
		content[len(content)/2+i] = 0x55
	}
	if err := os.WriteFile(damaged, content, 0o600); err != nil {
		t.Fatal(err)
	}
	newer := filepath.Join(dir, "newer.db")
	if err := Backup(t.Context(), good, newer); err != nil {
		t.Fatal(err)
	}
	raw(t, newer, "INSERT INTO migrations (number, name, at) VALUES (9999, 'future', 0)")
	for path, want := range map[string]string{
		damaged: "damaged", newer: "newer Deskbell", filepath.Join(dir, "none.db"): "no such database", otherProgram(t, filepath.Join(dir, "o.db")): "another program",
	} {
		if err := Check(t.Context(), path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", filepath.Base(path), err, want)
		}
	}
}

func TestPing(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "deskbell.db"))
	if err := db.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	busy, release := make(chan struct{}), make(chan struct{})
	done := make(chan error)
	go func() {
		done <- db.w.do(context.Background(), func(*conn) error { close(busy); <-release; return nil })
	}()
	<-busy
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := db.Ping(ctx); err == nil {
		t.Error("a database that cannot write is ready")
	}
	close(release)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestStats(t *testing.T) {
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	db, err := Open(t.Context(), Options{Database: filepath.Join(t.TempDir(), "deskbell.db"), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if s, err := db.Stats(t.Context()); err != nil || s.ArrivalsWaiting != 0 || s.OldestArrival != 0 || s.OldestParcel != 0 || s.OldestHandoff != 0 {
		t.Errorf("of an empty store: %+v %v", s, err)
	}
	a, b := bottest.NewTalk(t, stores(db), "a"), bottest.NewTalk(t, stores(db), "b")
	a.Now, b.Now = now.Add(-time.Minute), now.Add(-10*time.Minute)
	a.Escalate("x", "a1")
	a.Escalate("x", "a2")
	a.Settle(a.TakeOne(), bot.Settlement{Status: bot.StatusHeld})
	b.Escalate("y", "b1")
	b.TakeOne()
	if err := db.ClaimHandoff(t.Context(), handoff.Change{HandoffID: b.Handoff().ID, Agent: handoff.Agent{ID: "anna"}, Now: now}); err != nil {
		t.Fatal(err)
	}
	b.Hear(bottest.Said("1", "x"), bottest.Said("2", "y"))
	s, err := db.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if s.ArrivalsWaiting != 2 || s.OldestArrival < 9*time.Minute || s.OldestArrival > 10*time.Minute {
		t.Errorf("arrivals %+v", s)
	}
	if s.Outbox[bot.StatusPending] != 1 || s.Outbox[bot.StatusSending] != 1 || s.Outbox[bot.StatusHeld] != 1 || s.OldestParcel < 9*time.Minute {
		t.Errorf("outbox %+v", s)
	}
	if s.HandoffsWaiting != 1 || s.HandoffsClaimed != 1 || s.OldestHandoff < 30*time.Second || s.OldestHandoff > time.Minute {
		t.Errorf("handoffs %+v", s)
	}
	if s.FileBytes == 0 || s.WALBytes == 0 {
		t.Errorf("sizes %+v", s)
	}
}

func TestSessions(t *testing.T) {
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	dir := t.TempDir()
	db, err := Open(t.Context(), Options{Database: filepath.Join(dir, "deskbell.db"), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	s := db.Sessions()
	find := func(token, want string) {
		t.Helper()
		b, found, err := s.Find(token)
		if err != nil || found != (want != "") || string(b) != want {
			t.Errorf("session %q: %q %v %v", token, b, found, err)
		}
	}
	find("token-1", "")
	for _, data := range []string{"one", "two"} {
		if err := s.Commit("token-1", []byte(data), now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		find("token-1", data)
	}
	if filesWith(t, dir, "token-1") > 0 {
		t.Error("the token is on the disk")
	}
	now = now.Add(time.Hour)
	find("token-1", "")
	if err := s.Commit("token-2", []byte("three"), now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := db.reads.QueryRow("SELECT COUNT(*) FROM sessions").Scan(&n); err != nil || n != 1 {
		t.Errorf("%d sessions kept, %v", n, err)
	}
	for range 2 {
		if err := s.Delete("token-2"); err != nil {
			t.Fatal(err)
		}
	}
	find("token-2", "")
}

// TestNoScans: on the path of a message every table is reached through an index, so that cost does not grow with history.
func TestNoScans(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "deskbell.db"))
	bare := regexp.MustCompile(`^SCAN \w+$`)
	param := regexp.MustCompile(`\$\d+`)
	for _, query := range []string{
		sqlLane, sqlMakeLane, sqlEarlierArrival, sqlLaneGrows, sqlExpectation, sqlCursor, sqlAnyReadyLane, sqlReadyLanes, sqlLease, sqlEndClaim,
		sqlConversationAt, sqlUndecided, sqlConsume, sqlOwnership, sqlTurnState, sqlTurnUser, sqlTurnThread, sqlEditMessage, sqlMarkDeleted, sqlButtonsOf, sqlMessages,
		sqlAnyReadyParcel, sqlHeads, sqlSending, sqlDrop, sqlDropStale, sqlTaken, sqlSettle, sqlSentMessage, sqlRecover,
		sqlHandoff, sqlHandoffsOpen, sqlHandoffsOpenOfAgent, sqlHandoffsStatus, sqlHandoffsStatusAndAgent, sqlOpenHandoff, sqlHandoffState, sqlKeepEpoch,
		sqlEraseArrivals, sqlEraseLane, sqlEraseParcels, sqlEraseUnsent, sqlEraseMessages, sqlEraseQuestions, sqlContexts, sqlEraseWebEvents,
		sqlEarlierWebEvent, sqlWebEvents, sqlTallies, sqlMisses, sqlBroken, sqlSession, sqlExpireSessions, sqlAgentByLogin,
		sqlWaiting, sqlOpenParcels, sqlOddParcels, sqlOpenHandoffs, sqlBrokenCount,
	} {
		var args []any
		seen := map[string]bool{}
		for _, p := range param.FindAllString(query, -1) {
			if !seen[p] {
				seen[p] = true
				args = append(args, 1)
			}
		}
		err := db.read(t.Context(), "plan", func(c *conn) error {
			return c.each(func(s scan) error {
				var plan string
				err := s(new(int), new(int), new(int), &plan)
				if bare.MatchString(plan) {
					t.Errorf("%s\nin %s", plan, query)
				}
				return err
			}, "EXPLAIN QUERY PLAN "+query, args...)
		})
		if err != nil {
			t.Errorf("%v\nin %s", err, query)
		}
	}
}
