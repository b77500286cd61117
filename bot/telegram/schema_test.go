package telegram

import (
	"encoding/json"
	"os"
	"testing"
)

// messageFields are the fields of the Bot API's Message, from the fake server's condensed schema.
func messageFields(t *testing.T) []string {
	t.Helper()
	raw, err := os.ReadFile("telegramtest/internal/schema/schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var s struct {
		Types map[string]map[string]string `json:"types"`
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatal(err)
	}
	var out []string
	for f := range s.Types["Message"] {
		out = append(out, f)
	}
	if len(out) < 50 {
		t.Fatalf("the schema's Message has only %d fields", len(out))
	}
	return out
}
