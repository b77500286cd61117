package telegram

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/deskbell/deskbell/bot/bottest"
)

// The contract of every channel.
func TestContract(t *testing.T) {
	bottest.TestChannel(t, func(t *testing.T) bottest.Rig {
		s := newStage(t, nil)
		ann := s.fake.User("Ann Lee", "en")
		ann.Say("/start")
		return bottest.Rig{
			Channel: s.ch,
			Address: s.to(ann),
			Said: func(text string) []byte {
				ann.Say(text)
				return s.newest(t)
			},
			Shown: func() []string {
				var out []string
				for _, m := range ann.Messages() {
					if m.FromBot && !m.Deleted {
						out = append(out, m.Text)
					}
				}
				return out
			},
		}
	})
}

// newest is the last update that waits, as Telegram writes it.
func (s *stage) newest(t *testing.T) []byte {
	t.Helper()
	resp, err := http.Get(s.http.URL + "/bot" + s.fake.Token() + "/getUpdates?offset=-1")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var env struct {
		Result []json.RawMessage `json:"result"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&env); err != nil || len(env.Result) == 0 {
		t.Fatalf("no update: %v", err)
	}
	return env.Result[len(env.Result)-1]
}
