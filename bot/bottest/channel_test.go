package bottest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/guard"
)

// echo is the smallest channel there can be; it shows that the contract can be kept.
type echo struct{ shown []string }

type echoDoc struct {
	ID   string `json:"id"`
	User string `json:"user"`
	Text string `json:"text"`
}

func (*echo) Name() string { return "echo" }

func (*echo) Policy() guard.Policy {
	return guard.Policy{
		Said: func(path []string) bool { return len(path) == 1 && path[0] == "text" },
		ID:   func(path []string, _ string) bool { return len(path) == 1 && path[0] != "text" },
	}
}

func (*echo) Parse(doc []byte) (bot.Event, error) {
	var d echoDoc
	if err := json.Unmarshal(doc, &d); err != nil {
		return bot.Event{}, err
	}
	if d.ID == "" {
		return bot.Event{}, errors.New("no id")
	}
	return bot.Event{Kind: bot.EventMessage, MessageID: d.ID, User: bot.User{ID: d.User}, Text: d.Text, Private: true}, nil
}

func (c *echo) Send(ctx context.Context, d bot.Delivery) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", &bot.SendError{Outcome: bot.NotSent, Err: err}
	}
	c.shown = append(c.shown, d.Text)
	return fmt.Sprint(len(c.shown)), nil
}

func (c *echo) Delete(context.Context, bot.Address, string) error { return nil }

func TestEcho(t *testing.T) {
	TestChannel(t, func(*testing.T) Rig {
		c := &echo{}
		return Rig{
			Channel: c, Address: bot.Address{Channel: "echo", Account: "x", Key: "u1"},
			Said: func(text string) []byte {
				b, err := json.Marshal(echoDoc{ID: "m1", User: "u1", Text: text})
				if err != nil {
					panic(err)
				}
				return b
			},
			Shown: func() []string { return c.shown },
		}
	})
}
