package intents

import (
	"os"
	"path/filepath"
	"testing"
)

// sharedSet reads a development set. They do not stand in the repository (licences differ); the environment
// variable DESKBELL_SHARED names the folder that holds data/intents.
func sharedSet(t testing.TB, name string) []Example {
	t.Helper()
	root := os.Getenv("DESKBELL_SHARED")
	if root == "" {
		t.Skip("set DESKBELL_SHARED to the folder that holds data/intents")
	}
	f, err := os.Open(filepath.Join(root, "data", "intents", filepath.FromSlash(name)+".tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	examples, err := ReadTSV(f, name)
	if err != nil {
		t.Fatal(err)
	}
	return examples
}
