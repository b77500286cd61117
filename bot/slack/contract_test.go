package slack_test

import (
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/bottest"
	"github.com/deskbell/deskbell/bot/guard"
	"github.com/deskbell/deskbell/bot/slack"
	"github.com/deskbell/deskbell/bot/slack/slacktest"
)

func TestContract(t *testing.T) {
	bottest.TestChannel(t, func(t *testing.T) bottest.Rig {
		w := start(t, slack.ModeSocket, slacktest.Options{})
		ann := w.s.User("Ann Lee")
		dm := ann.DM("hello").Channel
		w.events(1)
		return bottest.Rig{
			Channel: w.ch,
			Address: w.in.snapshot()[0].Address,
			Said: func(text string) []byte {
				n := len(w.in.snapshot())
				ann.DM(text)
				w.events(n + 1)
				return w.in.snapshot()[n].Doc
			},
			Shown: func() []string { return w.s.Thread(dm, "") },
		}
	})
}

// TestGuardLeavesDocumentsAlone: nothing that Slack itself puts into a document looks like a secret.
func TestGuardLeavesDocumentsAlone(t *testing.T) {
	w := start(t, slack.ModeSocket, slacktest.Options{})
	ann := w.s.User("Ann Lee")
	m := ann.DM("hello")
	w.events(1)
	if _, err := w.ch.Send(t.Context(), bot.Delivery{OutboxID: "o", Address: w.in.snapshot()[0].Address, Text: "x", Attempt: 1,
		Buttons: []bot.Button{{Label: "Fees", Action: "ask:transfer.fees"}}}); err != nil {
		t.Fatal(err)
	}
	root := ann.Say("help", "@deskbell what is this?")
	w.events(2)
	ann.Reply("help", root.TS, "and this?")
	if err := ann.Press("Fees"); err != nil {
		t.Fatal(err)
	}
	ann.Share("a.png", []byte("x"), "")
	_ = ann.Edit(m, "bye")
	_ = ann.Delete(m)
	_, _ = ann.Command("/deskbell", "", "hello")
	ann.OpenHome()
	w.s.Emit(map[string]any{"type": "team_join"})
	w.until("all events", func() bool { return len(w.in.snapshot()) == 10 })
	for _, in := range w.in.snapshot() {
		clean, found, _ := guard.Document(in.Doc, w.ch.Policy(), guard.State{}, time.Now())
		if len(found) > 0 {
			t.Errorf("%s: %v in %s", in.ExternalID, found, clean)
		}
	}
}
