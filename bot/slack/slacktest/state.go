package slacktest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// room is a conversation of the workspace: a channel or a direct message with the bot.
type room struct {
	ID       string
	Name     string // "" for direct messages
	IM       *User  // the human side of a direct message
	Members  map[string]bool
	Archived bool
	messages []*Message // in order of ts
}

func (c *room) kind() string {
	if c.IM != nil {
		return "im"
	}
	return "channel"
}

// find returns the message with a ts, nil if there is none.
func (c *room) find(ts string) *Message {
	i, ok := slices.BinarySearchFunc(c.messages, ts, func(m *Message, ts string) int { return strings.Compare(m.TS, ts) })
	if !ok {
		return nil
	}
	return c.messages[i]
}

// thread returns a root and its replies, in order.
func (c *room) thread(root string) []*Message {
	var out []*Message
	for _, m := range c.messages {
		if m.TS == root || m.ThreadTS == root {
			out = append(out, m)
		}
	}
	return out
}

// Message is a message as the workspace keeps it.
type Message struct {
	Channel   string
	TS        string
	ThreadTS  string // of the root, when it is in a thread
	User      string
	Bot       bool
	Text      string // in Slack's markup
	Blocks    json.RawMessage
	Metadata  json.RawMessage
	Files     []*file
	Edited    string // ts of the last edit
	Deleted   bool
	Ephemeral string // the only user who sees it
	Broadcast bool   // a reply that is shown in the channel too
	clientID  string
}

type file struct {
	ID, Name, Title, MIME string
	Size                  int
	Data                  []byte
	secret                string
	done                  bool // uploaded
	shared                bool
	By                    string
}

// Channel returns the channel with a name, making it with the bot as a member if it does not exist.
func (s *Server) Channel(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.channel(name).ID
}

func (s *Server) channel(name string) *room {
	name = strings.TrimPrefix(name, "#")
	for _, c := range s.channels {
		if c.ID == name || c.Name == name && c.IM == nil {
			return c
		}
	}
	c := &room{ID: s.id("C"), Name: name, Members: map[string]bool{BotUser: true}}
	s.channels[c.ID] = c
	return c
}

// Archive archives a channel.
func (s *Server) Archive(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channel(name).Archived = true
}

// Kick removes the bot from a channel.
func (s *Server) Kick(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.channel(name).Members, BotUser)
}

// im returns the direct message channel of a user and the bot. Called with s.mu held.
func (s *Server) im(u *User) *room {
	for _, c := range s.channels {
		if c.IM == u {
			return c
		}
	}
	c := &room{ID: s.id("D"), IM: u, Members: map[string]bool{BotUser: true, u.ID: true}}
	s.channels[c.ID] = c
	return c
}

// put adds a message and tells the app of it. Called with s.mu held.
func (s *Server) put(c *room, m *Message) *Message {
	m.Channel, m.TS = c.ID, s.ts()
	c.messages = append(c.messages, m)
	s.changed()
	if m.Ephemeral != "" || !c.Members[BotUser] {
		return m
	}
	body := s.render(c, m)
	body["channel"], body["channel_type"], body["event_ts"] = c.ID, c.kind(), m.TS
	switch {
	case m.Broadcast:
		body["subtype"] = "thread_broadcast"
	case len(m.Files) > 0:
		body["subtype"] = "file_share"
	}
	s.emit(body)
	if c.IM == nil && !m.Bot && strings.Contains(m.Text, "<@"+BotUser+">") {
		mention := map[string]any{}
		for _, k := range []string{"user", "ts", "text", "blocks", "team", "channel", "event_ts", "client_msg_id", "thread_ts"} {
			if v, ok := body[k]; ok {
				mention[k] = v
			}
		}
		mention["type"] = "app_mention"
		s.emit(mention)
	}
	return m
}

// edit changes a message and tells the app. Called with s.mu held.
func (s *Server) edit(c *room, m *Message, by string, change func(*Message)) {
	before := s.render(c, m)
	change(m)
	m.Edited = s.ts()
	after := s.render(c, m)
	after["edited"] = map[string]any{"user": by, "ts": m.Edited}
	s.changed()
	s.emitChange(c, "message_changed", map[string]any{"message": after, "previous_message": before})
}

// remove deletes a message and tells the app. A root with replies stays as a tombstone. Called with s.mu held.
func (s *Server) remove(c *room, m *Message) {
	before := s.render(c, m)
	m.Deleted = true
	m.Text, m.Blocks, m.Files = "", nil, nil
	s.changed()
	if len(c.thread(m.TS)) > 1 {
		after := s.render(c, m)
		after["subtype"], after["text"], after["user"] = "tombstone", "This message was deleted.", "USLACKBOT"
		s.emitChange(c, "message_changed", map[string]any{"message": after, "previous_message": before})
		return
	}
	s.emitChange(c, "message_deleted", map[string]any{"deleted_ts": m.TS, "previous_message": before})
}

func (s *Server) emitChange(c *room, subtype string, more map[string]any) {
	if !c.Members[BotUser] {
		return
	}
	body := map[string]any{"type": "message", "subtype": subtype, "channel": c.ID, "channel_type": c.kind(), "hidden": true,
		"event_ts": s.ts(), "ts": s.ts()}
	for k, v := range more {
		body[k] = v
	}
	s.emit(body)
}

// render is a message as the Web API and events show it. Called with s.mu held.
func (s *Server) render(c *room, m *Message) map[string]any {
	out := map[string]any{"type": "message", "text": m.Text, "ts": m.TS, "user": m.User, "team": TeamID}
	if m.Bot {
		out["bot_id"], out["app_id"] = BotID, AppID
		out["bot_profile"] = map[string]any{"id": BotID, "name": BotName, "app_id": AppID, "deleted": false, "team_id": TeamID}
	}
	if m.clientID != "" {
		out["client_msg_id"] = m.clientID
	}
	if m.Blocks != nil {
		out["blocks"] = m.Blocks
	}
	if m.Edited != "" {
		out["edited"] = map[string]any{"user": m.User, "ts": m.Edited}
	}
	if replies := c.thread(m.TS); m.ThreadTS == "" && len(replies) > 1 {
		out["thread_ts"], out["reply_count"] = m.TS, len(replies)-1
	}
	if m.ThreadTS != "" {
		out["thread_ts"] = m.ThreadTS
		if root := c.find(m.ThreadTS); root != nil {
			out["parent_user_id"] = root.User
		}
	}
	if len(m.Files) > 0 {
		var fs []any
		for _, f := range m.Files {
			fs = append(fs, f.render(s.base(nil)))
		}
		out["files"] = fs
	}
	return out
}

func (f *file) render(base string) map[string]any {
	return map[string]any{
		"id": f.ID, "name": f.Name, "title": f.Title, "mimetype": f.MIME, "size": f.Size, "user": f.By, "mode": "hosted",
		"url_private": base + "/files/" + f.ID, "permalink_public": base + "/files/" + f.ID + "-" + f.secret,
	}
}

// Button is a button of a message.
type Button struct {
	Label, ActionID, BlockID, Value, URL string
}

// Buttons are the buttons of a message.
func (m *Message) Buttons() []Button {
	var blocks []struct {
		Type     string `json:"type"`
		BlockID  string `json:"block_id"`
		Elements []struct {
			Type     string `json:"type"`
			ActionID string `json:"action_id"`
			Value    string `json:"value"`
			URL      string `json:"url"`
			Text     struct {
				Text string `json:"text"`
			} `json:"text"`
		} `json:"elements"`
	}
	_ = json.Unmarshal(m.Blocks, &blocks) // rich text has elements of another shape, which hold no buttons
	var out []Button
	for _, b := range blocks {
		for _, e := range b.Elements {
			if b.Type == "actions" && e.Type == "button" {
				out = append(out, Button{Label: e.Text.Text, ActionID: e.ActionID, BlockID: b.BlockID, Value: e.Value, URL: e.URL})
			}
		}
	}
	return out
}

// sections are the texts of a message that are shown: its blocks' where it has any.
func (m *Message) sections() []string {
	var blocks []struct {
		Type string `json:"type"`
		Text struct {
			Text string `json:"text"`
		} `json:"text"`
	}
	_ = json.Unmarshal(m.Blocks, &blocks)
	var out []string
	for _, b := range blocks {
		if b.Type == "section" || b.Type == "header" {
			out = append(out, b.Text.Text)
		}
	}
	if len(out) == 0 && m.Text != "" {
		out = append(out, m.Text)
	}
	return out
}

// Plain is what one reads: markup undone.
func (m *Message) Plain() string { return plain(strings.Join(m.sections(), "\n")) }

func (m *Message) String() string {
	return fmt.Sprintf("%s %s: %q", m.Channel, m.User, m.Plain())
}
