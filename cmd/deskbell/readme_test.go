package main

import (
	"os"
	"strings"
	"testing"
)

// TestReadmeOptions keeps the README's table of options true.
func TestReadmeOptions(t *testing.T) {
	b, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(b), optionsTable()) {
		t.Error("the README's table of options is out of date: paste the output of `go run ./cmd/deskbell config table` between its marks")
	}
	for _, c := range commands() {
		if first, _, _ := strings.Cut(c.name, " "); !strings.Contains(string(b), "deskbell "+first) && first != "version" && first != "help" {
			t.Errorf("the README does not mention `deskbell %s`", c.name)
		}
	}
}
