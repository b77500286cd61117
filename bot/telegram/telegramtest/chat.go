package telegramtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"
)

// number reads digits, 0 for anything else.
func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// person is a user or the bot, as Telegram writes it.
type person struct {
	ID        int64  `json:"id"`
	IsBot     bool   `json:"is_bot"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name,omitempty"`
	Username  string `json:"username,omitempty"`
	Language  string `json:"language_code,omitempty"`
}

// chat is a private chat or a group. Its fields are guarded by the server's lock.
type chat struct {
	id       int64
	kind     string // "private", "group", "supergroup"
	title    string
	with     *User // private: whose it is
	members  []*User
	forum    bool
	topics   []int64
	admin    bool // the bot is an administrator
	started  bool // private: the user has written first
	blocked  bool
	movedTo  int64 // the group became this supergroup
	messages []*message
	next     int64
	typing   time.Time // the bot writes until then
}

// message is one message of a chat.
type message struct {
	id       int64
	from     person
	date     time.Time
	edited   time.Time
	text     string
	entities []Entity
	caption  bool // text is the caption of media
	media    map[string]any
	kind     string // key of media, "" for plain text
	doc      *file
	replyTo  *message
	thread   int64
	keys     *keyboard
	deleted  bool
	rev      int64 // rises with every change, for the page
}

type keyboard struct {
	Rows [][]key `json:"inline_keyboard"`
}

type key struct {
	Text string `json:"text"`
	Data string `json:"callback_data,omitempty"`
	URL  string `json:"url,omitempty"`
}

type file struct {
	id   string
	name string
	kind string
	data []byte
}

func (c *chat) wire() map[string]any {
	out := map[string]any{"id": c.id, "type": c.kind}
	if c.with != nil {
		out["first_name"], out["username"] = c.with.person.FirstName, c.with.person.Username
		return out
	}
	out["title"] = c.title
	if c.forum {
		out["is_forum"] = true
	}
	return out
}

// wire is the message as the Bot API writes it. deep: with the message it replies to.
func (m *message) wire(c *chat, deep bool) map[string]any {
	out := map[string]any{"message_id": m.id, "from": m.from, "chat": c.wire(), "date": m.date.Unix()}
	textKey, entitiesKey := "text", "entities"
	if m.caption {
		textKey, entitiesKey = "caption", "caption_entities"
	}
	if m.text != "" {
		out[textKey] = m.text
	}
	if len(m.entities) > 0 {
		out[entitiesKey] = m.entities
	}
	maps.Copy(out, m.media)
	if !m.edited.IsZero() {
		out["edit_date"] = m.edited.Unix()
	}
	if m.thread != 0 {
		out["message_thread_id"], out["is_topic_message"] = m.thread, true
	}
	if m.keys != nil {
		out["reply_markup"] = m.keys
	}
	if m.replyTo != nil && deep {
		out["reply_to_message"] = m.replyTo.wire(c, false)
	}
	return out
}

// find returns a message that is still there.
func (c *chat) find(id int64) *message {
	i := slices.IndexFunc(c.messages, func(m *message) bool { return m.id == id && !m.deleted })
	if i < 0 {
		return nil
	}
	return c.messages[i]
}

// add puts a message into the chat. The lock is held.
func (s *Server) add(c *chat, m *message) *message {
	c.next++
	m.id, m.date, m.rev = c.next, s.opts.Now(), s.id()
	c.messages = append(c.messages, m)
	s.touch()
	return m
}

// newChat makes a chat. Message ids of different chats start far apart, so that mixing chats up shows. The lock is held.
func (s *Server) newChat(c *chat) *chat {
	c.next = int64(len(s.chats)+1) * 1000
	s.chats[c.id] = c
	s.order = append(s.order, c.id)
	s.touch()
	return c
}

// utterance is what a person says.
type utterance struct {
	text    string
	media   string
	file    *file
	replyTo int64
	thread  int64
}

// say puts a person's message into a chat and tells the bot. The lock is held.
func (s *Server) say(c *chat, u *User, o utterance) *message {
	if c.kind == "private" {
		c.started = true
	}
	m := &message{from: u.person, text: o.text, thread: o.thread, entities: detect(o.text, nil)}
	if o.media != "" {
		s.attach(m, o)
	}
	if o.replyTo != 0 {
		m.replyTo = c.find(o.replyTo)
	}
	s.add(c, m)
	s.push("message", fmt.Sprint("chat:", c.id), func() any { return m.wire(c, true) })
	return m
}

// attach gives a message media as Telegram describes it.
func (s *Server) attach(m *message, o utterance) {
	m.caption, m.kind = true, o.media
	id := s.id()
	base := map[string]any{
		"file_id": fmt.Sprintf("AgACAgIAAxkBAAIB%08dZxTestFileIdentifier", id), "file_unique_id": fmt.Sprintf("AQADtest%06d", id),
	}
	with := func(extra map[string]any) map[string]any {
		maps.Copy(extra, base)
		return extra
	}
	var v any
	switch o.media {
	case "photo":
		v = []any{with(map[string]any{"width": 90, "height": 60}), with(map[string]any{"width": 800, "height": 533})}
	case "voice":
		v = with(map[string]any{"duration": 3, "mime_type": "audio/ogg"})
	case "document":
		doc := map[string]any{"file_name": "file.pdf", "mime_type": "application/pdf"}
		if o.file != nil {
			o.file.id = fmt.Sprint(base["file_id"])
			s.files[o.file.id] = o.file
			m.doc = o.file
			doc = map[string]any{"file_name": o.file.name, "mime_type": o.file.kind, "file_size": len(o.file.data)}
		}
		v = with(doc)
	case "sticker":
		v = with(map[string]any{"type": "regular", "width": 512, "height": 512, "is_animated": false, "is_video": false, "emoji": "👍"})
	case "location":
		v = map[string]any{"latitude": 31.2304, "longitude": 121.4737}
	default:
		v = base
	}
	m.media = map[string]any{o.media: v}
}

// push tells the bot about something. The lock is held.
func (s *Server) push(kind, lane string, content func() any) {
	if !s.updates.wants(kind) {
		return
	}
	id := s.updates.next
	raw, err := json.Marshal(map[string]any{"update_id": id, kind: content()})
	if err != nil {
		panic(fmt.Sprintf("telegramtest: an update that is no JSON: %v", err)) // our own maps always encode
	}
	s.updates.next++
	s.updates.list = append(s.updates.list, queued{id: id, raw: raw, lane: lane, kind: kind, at: s.opts.Now()})
	s.touch()
}
