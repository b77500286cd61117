package webchat

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/guard"
)

// The real guard must leave every identifier of our documents alone (a masked one would lose the message) and mask what was
// said, wherever it stands.
func TestTheGuardOnOurDocuments(t *testing.T) {
	b := newBench(t, Config{})
	s := &server{Channel: b.channel}
	now := time.Now()
	for n := range 50 { // visitor keys and client ids of many shapes
		token := strings.Repeat(string(rune('A'+n%26)), 40) + "-_" + string(rune('0'+n%10))
		key, ok := VisitorKey(token)
		if !ok {
			t.Fatal(token)
		}
		d := s.document(docMessage, key, request{ClientID: clientID(4111111111111111 % (n + 7)), Lang: "en", Name: "Li"})
		d.Text, d.Action, d.Message = "my password is hunter2, please help", "ask:card_lost", "out-1"
		raw, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		clean, found, _ := guard.Document(raw, b.channel.Policy(), guard.State{}, now)
		var got document
		if err := json.Unmarshal(clean, &got); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(got.Text, "hunter2") || len(found) != 1 || found[0].Path != "text" {
			t.Fatalf("%+v %+v", got, found)
		}
		if e := said(bot.Receipt{Doc: clean, Findings: found}); len(e.Findings) != 1 || e.Findings[0] != guard.Password || e.Text != got.Text {
			t.Fatalf("%+v", e)
		}
		got.Text = d.Text
		if got != d {
			t.Fatalf("the guard changed identifiers: %+v, was %+v", got, d)
		}
	}
}

func TestABareValueIsMaskedAndANameIsGuarded(t *testing.T) {
	b := newBench(t, Config{})
	s := &server{Channel: b.channel}
	key := visitor(alice).Key
	now := time.Now()
	pass := func(text, name string, st guard.State) (string, guard.State) {
		t.Helper()
		d := s.document(docMessage, key, request{ClientID: clientID(1), Name: name})
		d.Text = text
		raw, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		clean, _, next := guard.Document(raw, b.channel.Policy(), st, now)
		return string(clean), next
	}
	_, st := pass("my password is", "Li", guard.State{})
	if clean, _ := pass("hunter2", "Li", st); strings.Contains(clean, "hunter2") {
		t.Errorf("the bare value stands: %s", clean)
	}
	if clean, _ := pass("hi", "card 4111 1111 1111 1111", guard.State{}); strings.Contains(clean, "4111 1111") {
		t.Errorf("the name was not guarded: %s", clean)
	}
}
