package sqlstore

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/bottest"
)

// childDatabase names, in the environment of a child of the test binary, the file it writes to until it is killed.
const childDatabase = "DESKBELL_TEST_CHILD_DATABASE"

func TestMain(m *testing.M) {
	if path := os.Getenv(childDatabase); path != "" {
		acceptForEver(path)
	}
	os.Exit(m.Run())
}

// acceptForEver accepts events from several callers at once, and says which ones after Accept has returned.
func acceptForEver(path string) {
	db, err := Open(context.Background(), Options{Database: path})
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	var out sync.Mutex
	for caller := range 8 {
		go func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("%d-%d-%d", os.Getpid(), caller, i)
				item := bottest.Item(bottest.Address(fmt.Sprint("caller", caller)), id, bottest.Said(id, "hello"), time.Now())
				if _, err := db.Accept(context.Background(), []bot.AcceptItem{item}, nil); err != nil {
					id = "error " + err.Error()
				}
				out.Lock()
				fmt.Println(id)
				out.Unlock()
			}
		}()
	}
	select {}
}

// TestAcceptedIsDurable kills a process while it accepts (design rule 2): what it acknowledged is there.
func TestAcceptedIsDurable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deskbell.db")
	var acknowledged []string
	for _, lines := range []int{1, 50, 400} {
		acknowledged = append(acknowledged, killAfter(t, path, lines)...)
	}
	copied := path + ".copy"
	if err := Backup(t.Context(), path, copied); err != nil {
		t.Errorf("backup of what was killed: %v", err)
	}
	for _, p := range []string{path, copied} {
		if err := Check(t.Context(), p); err != nil {
			t.Errorf("check after the kill: %v", err)
		}
		allThere(t, p, acknowledged)
	}
}

func allThere(t *testing.T, path string, acknowledged []string) {
	t.Helper()
	db := open(t, path)
	for _, id := range acknowledged {
		if strings.HasPrefix(id, "error") {
			t.Fatal(id)
		}
		found, err := db.any(t.Context(), "test", sqlEarlierArrivalID, "test", "shop", id)
		if err != nil || !found {
			t.Errorf("acknowledged, but gone: %s (%v)", id, err)
		}
	}
}

const sqlEarlierArrivalID = `SELECT id FROM arrivals WHERE channel = $1 AND account = $2 AND external_id = $3`

// killAfter starts the child, kills it after so many lines, and returns all it has said.
func killAfter(t *testing.T, path string, lines int) (said []string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childDatabase+"="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	sc := bufio.NewScanner(out)
	for sc.Scan() {
		said = append(said, sc.Text())
		if len(said) == lines {
			if err := cmd.Process.Kill(); err != nil { // SIGKILL; what is in the pipe is read to its end
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil {
		t.Error("the child ended by itself")
	}
	if len(said) < lines {
		t.Fatalf("the child said %d lines: %v", len(said), said)
	}
	return said
}
