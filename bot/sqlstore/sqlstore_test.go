package sqlstore

import (
	"path/filepath"
	"testing"

	"github.com/deskbell/deskbell/bot/bottest"
)

func TestContract(t *testing.T) {
	bottest.TestStore(t, func(t *testing.T) bottest.Stores {
		return stores(open(t, filepath.Join(t.TempDir(), "deskbell.db")))
	})
}

// open opens a database for the length of the test.
func open(t testing.TB, path string) *DB {
	t.Helper()
	db, err := Open(t.Context(), Options{Database: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func stores(db *DB) bottest.Stores {
	return bottest.Stores{Store: db, Web: db, Handoffs: db, Agents: db, Reports: db}
}
