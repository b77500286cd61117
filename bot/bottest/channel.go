package bottest

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/guard"
	"github.com/deskbell/deskbell/intents/lang"
)

// Rig is a channel and the fake platform behind it.
type Rig struct {
	Channel bot.Channel
	Address bot.Address // of a one-to-one conversation that exists on the platform
	// Said is the platform's document of a user's message with this text in that conversation.
	Said func(text string) []byte
	// Shown returns what the user sees there now, the newest last; nil: what is sent is not looked at.
	Shown func() []string
}

// TestChannel holds a channel against the contract of bot.Channel. open makes a channel on a fresh fake platform.
func TestChannel(t *testing.T, open func(t *testing.T) Rig) {
	for name, run := range map[string]func(t *testing.T, r Rig){
		"name":                      channelName,
		"parse is pure":             channelParse,
		"parse refuses, not panics": channelGarbage,
		"secrets do not get in":     channelGuarded,
		"send":                      channelSend,
		"send after the end":        channelCancelled,
		"delete":                    channelDelete,
	} {
		t.Run("channel/"+name, func(t *testing.T) { run(t, open(t)) })
	}
}

func channelName(t *testing.T, r Rig) {
	if r.Channel.Name() == "" || r.Channel.Name() != r.Address.Channel {
		t.Errorf("the channel %q has the address %+v", r.Channel.Name(), r.Address)
	}
}

// guarded is a document as it reaches Parse.
func (r Rig) guarded(text string) (doc []byte, found []guard.PathFinding) {
	doc, found, _ = guard.Document(r.Said(text), r.Channel.Policy(), guard.State{}, start)
	return doc, found
}

func channelParse(t *testing.T, r Rig) {
	for _, text := range []string{"hello", "客服几点上班?", "  spaces \n and lines  ", "<b>not</b> & *markdown* _here_ `x`", "👩‍👩‍👧 🇨🇳", "0012345"} {
		doc, _ := r.guarded(text)
		before := string(doc)
		e, err := r.Channel.Parse(doc)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if e.Kind != bot.EventMessage || strings.TrimSpace(e.Text) != strings.TrimSpace(text) || e.MessageID == "" || e.User.ID == "" || !e.Private {
			t.Errorf("%q was read as %+v", text, e)
		}
		again, err := r.Channel.Parse(doc)
		if err != nil || !reflect.DeepEqual(e, again) || string(doc) != before {
			t.Errorf("%q read twice: %+v, then %+v, %v", text, e, again, err)
		}
	}
}

// channelGarbage: whatever a platform may send one day, Parse says that it does not understand it.
func channelGarbage(t *testing.T, r Rig) {
	doc, _ := r.guarded("hello")
	for _, d := range []string{
		"", "null", "true", "7", `"x"`, "[]", "{}", "[[[]]]", "not json", `{"guard_failure":true}`, `{"not_json":"x"}`,
		strings.Repeat("[", 1000) + strings.Repeat("]", 1000), string(doc[:len(doc)/2]), strings.ReplaceAll(string(doc), `"hello"`, "7"),
	} {
		e, err := r.Channel.Parse([]byte(d))
		if err == nil && e.Kind != bot.EventOther {
			t.Errorf("%.60s was read as %+v", d, e)
		}
	}
	for i := range doc { // half a document, however it is cut
		_, _ = r.Channel.Parse(doc[:i])
	}
}

// channelGuarded: with the channel's policy, the guard leaves no secret in the document or in what is read from it, and
// leaves the platform's own ids alone.
func channelGuarded(t *testing.T, r Rig) {
	for text, secret := range map[string]string{
		"my password is hunter2!Xy":         "hunter2!Xy",
		"我的密码是 abc998877":                   "abc998877",
		"card 4111 1111 1111 1111 is stuck": "4111 1111 1111 1111",
	} {
		doc, found := r.guarded(text)
		if bytes.Contains(doc, []byte(secret)) || len(found) == 0 {
			t.Errorf("%q: the secret is in the document, or nothing was found: %v", text, found)
		}
		e, err := r.Channel.Parse(doc)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if strings.Contains(e.Text, secret) || len(guard.Marks(e.Text)) == 0 {
			t.Errorf("%q was read as %q", text, e.Text)
		}
		plain, _ := r.guarded("hello")
		want, err := r.Channel.Parse(plain)
		if err != nil || e.User != want.User || e.Thread != want.Thread || e.MessageID == "" {
			t.Errorf("the guard changed who said it: %+v, without a secret %+v (%v)", e, want, err)
		}
	}
}

// deliveries are messages every channel must be able to deliver, each with words that must be seen.
func deliveries() map[string]struct {
	text    string
	buttons []bot.Button
	seen    []string
} {
	var many []bot.Button
	for i := range 8 {
		many = append(many, bot.Button{Label: fmt.Sprintf("%d %s", i, strings.Repeat("长", 58)), Action: fmt.Sprintf("%d:%s", i, strings.Repeat("x", 62))})
	}
	return map[string]struct {
		text    string
		buttons []bot.Button
		seen    []string
	}{
		"plain":      {"Hello.", nil, []string{"Hello."}},
		"Chinese":    {"您好,客服工作日 9:00–18:00 在线。", nil, []string{"客服工作日"}},
		"Markdown":   {"**Fees**\n\n- one\n- two\n\nSee [the page](https://okpay.example/fees?a=1&b=2).", nil, []string{"Fees", "one", "two", "the page"}},
		"specials":   {"1 < 2 & 3 > 2! (a_b*c~d`e) #x + y - z = {w} | \\ \"q\" 'r'", nil, []string{"1 ", "a_b"}},
		"unbalanced": {"**bold [open](https://okpay.example `code", nil, []string{"bold"}},
		"emoji":      {"👩‍👩‍👧 ok 🇨🇳", nil, []string{"ok"}},
		"long":       {strings.Repeat("一段很长的话。", 499) + "The end.", nil, []string{"The end."}},
		"buttons":    {"Did this help?", many, []string{"Did this help?"}},
		"a link":     {"More:", []bot.Button{{Label: "Site", URL: "https://okpay.example/help"}, {Label: "Yes", Action: "v:yes"}}, []string{"More:"}},
	}
}

func channelSend(t *testing.T, r Rig) {
	seen := map[string]string{}
	for name, d := range deliveries() {
		for _, by := range []bot.Author{bot.ByBot, bot.ByAgent, bot.ByNotice} {
			id, err := r.Channel.Send(t.Context(), bot.Delivery{
				OutboxID: fmt.Sprintf("%s-%s", name, by), Address: r.Address, Author: by, AgentName: "Anna", Text: d.text, Lang: lang.En,
				Buttons: d.buttons, Attempt: 1,
			})
			if err != nil || id == "" {
				t.Errorf("%s by %s: id %q, %v", name, by, id, err)
				continue
			}
			if other := seen[id]; other != "" {
				t.Errorf("%s has the id of %s", name, other)
			}
			seen[id] = name
			shows(t, r, name, d.seen)
		}
	}
}

// shows waits briefly for the newest message to hold the words.
func shows(t *testing.T, r Rig, name string, words []string) {
	t.Helper()
	if r.Shown == nil {
		return
	}
	last := ""
	for range 100 {
		if all := r.Shown(); len(all) > 0 {
			last = all[len(all)-1]
		}
		missing := false
		for _, w := range words {
			missing = missing || !strings.Contains(last, w)
		}
		if !missing {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Errorf("%s: the user sees %.200q, want %q in it", name, last, words)
}

func channelCancelled(t *testing.T, r Rig) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Channel.Send(ctx, bot.Delivery{OutboxID: "late", Address: r.Address, Author: bot.ByBot, Text: "late", Attempt: 1}); err == nil {
		t.Error("a send whose context had ended succeeded")
	}
}

func channelDelete(t *testing.T, r Rig) {
	del, ok := r.Channel.(bot.Deleter)
	if !ok {
		t.Skip("the channel cannot delete")
	}
	id, err := r.Channel.Send(t.Context(), bot.Delivery{OutboxID: "x", Address: r.Address, Author: bot.ByBot, Text: "soon gone", Attempt: 1})
	noError(t, err)
	noError(t, del.Delete(t.Context(), r.Address, id))
}
