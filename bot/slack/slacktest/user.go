package slacktest

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// User is a person in the workspace. Its methods do what the person does in Slack.
type User struct {
	s      *Server
	ID     string
	Name   string
	Handle string
	read   int // posts of the bot that Expect has passed
}

// User returns the person with a name, who is made if new.
func (s *Server) User(name string) *User {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, u := range s.users {
		if u.Name == name {
			return u
		}
	}
	u := &User{s: s, ID: s.id("U"), Name: name, Handle: strings.ToLower(strings.ReplaceAll(name, " ", "."))}
	s.users[u.ID] = u
	return u
}

// write puts a typed text into a room. Called with s.mu held.
func (u *User) write(c *room, thread, text string, files ...*file) Message {
	wire, blocks := typed(text)
	c.Members[u.ID] = true
	m := &Message{User: u.ID, Text: wire, Blocks: blocks, ThreadTS: thread, Files: files, clientID: uuid()}
	return *u.s.put(c, m)
}

func uuid() string {
	h := secret()
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-8" + h[17:20] + "-" + h[20:32]
}

// DM writes to the bot directly.
func (u *User) DM(text string) Message {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.write(u.s.im(u), "", text)
}

// DMReply writes into a thread of the direct message.
func (u *User) DMReply(thread, text string) Message {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.write(u.s.im(u), thread, text)
}

// Say writes into a channel. "@deskbell" mentions the bot.
func (u *User) Say(channel, text string) Message {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.write(u.s.channel(channel), "", text)
}

// Reply writes into a thread of a channel; thread is the ts of its root.
func (u *User) Reply(channel, thread, text string) Message {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.write(u.s.channel(channel), thread, text)
}

// Share sends a file to the bot directly, with a text or none.
func (u *User) Share(name string, data []byte, text string) Message {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	f := &file{ID: u.s.id("F"), Name: name, Title: name, MIME: orElse(mime.TypeByExtension(filepath.Ext(name)), "application/octet-stream"),
		Size: len(data), Data: data, secret: secret(), done: true, shared: true, By: u.ID}
	u.s.files[f.ID] = f
	return u.write(u.s.im(u), "", text, f)
}

// errNoMessage says that there is no such message to act on.
var errNoMessage = errors.New("slacktest: no such message")

// Edit changes one of the user's messages.
func (u *User) Edit(m Message, text string) error {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	c, own, err := u.own(m)
	if err != nil {
		return err
	}
	wire, blocks := typed(text)
	u.s.edit(c, own, u.ID, func(m *Message) { m.Text, m.Blocks = wire, blocks })
	return nil
}

// Delete deletes one of the user's messages.
func (u *User) Delete(m Message) error {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	c, own, err := u.own(m)
	if err != nil {
		return err
	}
	u.s.remove(c, own)
	return nil
}

func (u *User) own(m Message) (*room, *Message, error) {
	c := u.s.channels[m.Channel]
	if c == nil {
		return nil, nil, errNoMessage
	}
	own := c.find(m.TS)
	if own == nil || own.Deleted || own.User != u.ID {
		return nil, nil, errNoMessage
	}
	return c, own, nil
}

// Unfurl makes Slack change a message without changing its text, as it does when it has fetched a link's preview.
func (s *Server) Unfurl(m Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[m.Channel]
	own := c.find(m.TS)
	shown := s.render(c, own)
	after := s.render(c, own)
	after["attachments"] = []any{map[string]any{"from_url": "https://example.com", "title": "Example", "id": 1}}
	s.emitChange(c, "message_changed", map[string]any{"message": after, "previous_message": shown})
}

// OpenHome opens the messages tab of the app.
func (u *User) OpenHome() {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	c := u.s.im(u)
	u.s.emit(map[string]any{"type": "app_home_opened", "user": u.ID, "channel": c.ID, "tab": "messages", "event_ts": u.s.ts()})
}

// Press presses the newest button with a label that the user can see. Buttons that open a link are told of too, as Slack does.
func (u *User) Press(label string) error {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	var found *Message
	var button Button
	for _, c := range u.s.channels {
		if !c.Members[u.ID] {
			continue
		}
		for _, m := range c.messages {
			for _, b := range m.Buttons() {
				if b.Label == label && !m.Deleted && (found == nil || m.TS > found.TS) {
					found, button = m, b
				}
			}
		}
	}
	if found == nil {
		return fmt.Errorf("slacktest: %s sees no button %q", u.Name, label)
	}
	u.press(found, button)
	return nil
}

// press tells the app of a pressed button. Called with s.mu held.
func (u *User) press(m *Message, b Button) {
	s := u.s
	c := s.channels[m.Channel]
	container := map[string]any{"type": "message", "message_ts": m.TS, "channel_id": c.ID, "is_ephemeral": m.Ephemeral != ""}
	if m.ThreadTS != "" {
		container["thread_ts"] = m.ThreadTS
	}
	act := map[string]any{"type": "button", "action_id": b.ActionID, "block_id": orElse(b.BlockID, "b1"), "action_ts": s.ts(),
		"text": map[string]any{"type": plainText, "text": b.Label, "emoji": true}}
	if b.Value != "" {
		act["value"] = b.Value
	}
	if b.URL != "" {
		act["url"] = b.URL
	}
	trigger := s.trigger()
	s.enqueue(&event{kind: "interactive", id: trigger, payload: map[string]any{
		"type": "block_actions", "team": map[string]any{"id": TeamID, "domain": "deskbell-demo"},
		"user":       map[string]any{"id": u.ID, "username": u.Handle, "name": u.Handle, "team_id": TeamID},
		"api_app_id": AppID, "token": "slacktest-verification-token", "container": container, "trigger_id": trigger,
		"channel": map[string]any{"id": c.ID, "name": orElse(c.Name, "directmessage")}, "message": s.render(c, m),
		"response_url": s.base(nil) + "/actions/" + secret(), "actions": []any{act}, "enterprise": nil, "is_enterprise_install": false,
		"state": map[string]any{"values": map[string]any{}},
	}})
}

// Command enters a slash command in a channel ("" for the direct message) and returns what only the user sees in answer. An
// error says that the app did not answer in time; Slack does not repeat commands.
func (u *User) Command(command, channel, text string) (string, error) {
	s := u.s
	s.mu.Lock()
	c := s.im(u)
	name := "directmessage"
	if channel != "" {
		c = s.channel(channel)
		name = c.Name
	}
	answered := make(chan []byte, 1)
	trigger := s.trigger()
	s.enqueue(&event{kind: "slash_commands", id: trigger, answer: func(b []byte, _ int) { answered <- b }, payload: map[string]any{
		"token": "slacktest-verification-token", "team_id": TeamID, "team_domain": "deskbell-demo", "channel_id": c.ID,
		"channel_name": name, "user_id": u.ID, "user_name": u.Handle, "command": command, "text": escaper.Replace(text),
		"api_app_id": AppID, "is_enterprise_install": "false", "response_url": s.base(nil) + "/commands/" + secret(), "trigger_id": trigger,
	}})
	s.mu.Unlock()
	select {
	case b := <-answered:
		var reply struct {
			Text string `json:"text"`
		}
		_ = json.Unmarshal(b, &reply) // an empty answer is fine
		s.tell(c, u, reply.Text)
		return reply.Text, nil
	case <-time.After(s.opt.AckTimeout + time.Second):
		s.tell(c, u, command+" failed because the app did not respond")
		return "", fmt.Errorf("slacktest: %s failed because the app did not respond", command)
	case <-s.closing:
		return "", errors.New("slacktest: closed")
	}
}

// tell shows something to one user alone.
func (s *Server) tell(c *room, u *User, text string) {
	if text == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put(c, &Message{User: BotUser, Bot: true, Text: text, Ephemeral: u.ID})
}

// TB is what Expect needs of *testing.T.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
}

// Expect waits up to ten seconds for a message of the bot, later than those it returned before, that the user can see and that
// contains part ("" for any), and returns it.
func (u *User) Expect(t TB, part string) Post {
	t.Helper()
	p, err := u.Await(part, 10*time.Second)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return p
}

// Await is Expect for programs: it gives an error when the time is up.
func (u *User) Await(part string, limit time.Duration) (Post, error) {
	ch, stop := u.s.watch()
	defer stop()
	deadline := time.After(limit)
	for {
		if p, ok := u.next(part); ok {
			return p, nil
		}
		select {
		case <-ch:
		case <-deadline:
			return Post{}, fmt.Errorf("slacktest: %s waited %v for %q and saw %q", u.Name, limit, part, u.unread())
		}
	}
}

// next finds the first unread post that fits, and counts all before it as read.
func (u *User) next(part string) (Post, bool) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	for i := u.read; i < len(u.s.posts); i++ {
		p := u.s.posts[i]
		if u.sees(p) && (strings.Contains(p.Plain, part) || strings.Contains(p.File, part)) {
			u.read = i + 1
			return p, true
		}
	}
	return Post{}, false
}

func (u *User) sees(p Post) bool {
	c := u.s.channels[p.Channel]
	return c != nil && c.Members[u.ID]
}

// unread are the texts that Expect has not passed.
func (u *User) unread() []string {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	var out []string
	for _, p := range u.s.posts[min(u.read, len(u.s.posts)):] {
		if u.sees(p) {
			out = append(out, p.Plain)
		}
	}
	return out
}

// Quiet reports an error if the bot says anything the user can see within the time.
func (u *User) Quiet(limit time.Duration) error {
	time.Sleep(limit)
	if left := u.unread(); len(left) > 0 {
		return fmt.Errorf("slacktest: %s should hear nothing and saw %q", u.Name, left)
	}
	return nil
}

// Thread is what stands in a thread (the root first), or in a channel when root is "", as plain text.
func (s *Server) Thread(channel, root string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channel]
	if c == nil {
		c = s.channel(channel)
	}
	var out []string
	for _, m := range c.messages {
		in := m.ThreadTS == "" && root == "" || root != "" && slices.Contains([]string{m.TS, m.ThreadTS}, root)
		if in && !m.Deleted && m.Ephemeral == "" {
			out = append(out, m.Plain())
		}
	}
	return out
}
