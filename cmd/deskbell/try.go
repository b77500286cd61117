package main

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/guard"
	"github.com/deskbell/deskbell/handoff/console"
)

// try answers a text as a new conversation would be answered, and says why. Nothing is stored.
func (c *core) try(_ context.Context, text string) (console.Tried, error) {
	now := time.Now()
	found, _ := guard.Scan(text, guard.State{}, now)
	clean := guard.Redact(text, found)
	var kinds []guard.Kind
	for _, f := range found {
		kinds = append(kinds, f.Kind)
	}
	conv := bot.Conversation{Owner: bot.OwnerBot, Address: bot.Address{Channel: "console"}}
	turn := bot.Decide(conv, []bot.Heard{{Event: bot.Event{Kind: bot.EventMessage, Text: clean, Private: true, Deletable: true}, Findings: kinds}}, c.release, now)
	out := console.Tried{Lang: turn.Lang, Clean: clean, Findings: found, Decision: turn.Decision, Questions: turn.Questions}
	if turn.Handoff != nil {
		out.Handoff = turn.Handoff.Reason
	}
	for _, r := range turn.Replies {
		text, err := c.release.Library.Render(r.Text, r.Lang, now)
		if err != nil {
			out.Held = append(out.Held, err.Error())
			continue
		}
		for _, v := range c.release.Library.CheckOutgoing(text, r.Intents) {
			out.Held = append(out.Held, v.Value)
		}
		r.Text = text
		out.Replies = append(out.Replies, r)
	}
	return out, nil
}
