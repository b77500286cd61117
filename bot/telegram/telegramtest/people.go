package telegramtest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// TB is what Expect needs of a test; *testing.T is one.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
}

// Message is a message as a person sees it.
type Message struct {
	ID       int64
	FromBot  bool
	From     string // name
	Text     string
	Entities []Entity
	Buttons  [][]Button
	ReplyTo  int64 // 0 for none
	Thread   int64 // topic, 0 for none
	Media    string
	File     *File // of a document with content
	Edited   bool
	Deleted  bool
	At       time.Time
}

// Button is a button below a message; one of Data and URL is set.
type Button struct{ Text, Data, URL string }

// File is a document that was sent.
type File struct {
	Name, Type string
	Data       []byte
}

// press is a pressed button that waits for the bot's answer.
type press struct {
	at       time.Time
	msg      *message
	key      key
	answered bool
}

// Room is a chat as one sees it: a person's with the bot, or a group.
type Room struct {
	s    *Server
	c    *chat
	seen int // messages Expect has passed; guarded by the server's lock
}

// User is a person and their chat with the bot.
type User struct {
	Room
	person person
}

// Group is a group of people with the bot among them.
type Group struct{ Room }

// User makes a person. language is the client's, e.g. "en", "zh-hans"; "" when the client does not say.
func (s *Server) User(name, language string) *User {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := 5_000_000_000 + s.id()
	first, last, _ := strings.Cut(name, " ")
	u := &User{person: person{
		ID: id, FirstName: first, LastName: last, Username: fmt.Sprintf("user_%d", id%1000), Language: language,
	}}
	u.Room = Room{s: s, c: s.newChat(&chat{id: id, kind: "private", with: u})}
	s.users[id] = u
	return u
}

// ID is the user's id, which is the private chat's too.
func (u *User) ID() int64 { return u.person.ID }

// Name is the user's whole name.
func (u *User) Name() string { return strings.TrimSpace(u.person.FirstName + " " + u.person.LastName) }

// Group makes a supergroup of the bot and people.
func (s *Server) Group(title string, members ...*User) *Group {
	return s.group(title, "supergroup", -1_001_000_000_000, members)
}

// BasicGroup makes a group of the old kind, which can become a supergroup.
func (s *Server) BasicGroup(title string, members ...*User) *Group {
	return s.group(title, "group", -4_000_000, members)
}

func (s *Server) group(title, kind string, base int64, members []*User) *Group {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.newChat(&chat{id: base - s.id(), kind: kind, title: title, members: members})
	return &Group{Room{s: s, c: c}}
}

// Migrate turns a group into a supergroup with another id and returns it.
func (g *Group) Migrate() *Group {
	next := g.s.Group(g.c.title, g.c.members...)
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.c.movedTo = next.c.id
	return next
}

// Topic opens a topic, which makes the group a forum, and returns its thread id. by nil: the bot opened it.
func (g *Group) Topic(name string, by *User) int64 {
	s := g.s
	s.mu.Lock()
	defer s.mu.Unlock()
	from := s.me
	if by != nil {
		from = by.person
	}
	g.c.forum = true
	m := s.add(g.c, &message{from: from, kind: "forum_topic_created", media: map[string]any{
		"forum_topic_created": map[string]any{"name": name, "icon_color": 7322096},
	}})
	m.thread = m.id
	g.c.topics = append(g.c.topics, m.id)
	return m.id
}

// MakeAdmin makes the bot an administrator.
func (g *Group) MakeAdmin() {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.c.admin = true
}

// Kick removes the bot.
func (g *Group) Kick() {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.c.blocked = true
}

// Say writes to the bot and returns the message's id.
func (u *User) Say(text string) int64 { return u.speak(u, utterance{text: text}) }

// Reply writes to the bot in reply to a message.
func (u *User) Reply(to int64, text string) int64 {
	return u.speak(u, utterance{text: text, replyTo: to})
}

// Media sends media, e.g. "photo", "voice", "document", with a caption.
func (u *User) Media(kind, caption string) int64 {
	return u.speak(u, utterance{media: kind, text: caption})
}

// Edit changes a message of the user's.
func (u *User) Edit(id int64, text string) { u.rewrite(u, id, text) }

// Press presses the newest button with the label. An error says that there is none, or that it is a link.
func (u *User) Press(label string) error { return u.press(u, label) }

// Say writes into the group.
func (g *Group) Say(u *User, text string) int64 { return g.speak(u, utterance{text: text}) }

// SayIn writes into a topic. As in Telegram, the message replies to the one that opened the topic.
func (g *Group) SayIn(u *User, thread int64, text string) int64 {
	return g.speak(u, utterance{text: text, thread: thread, replyTo: thread})
}

// Reply writes into the group in reply to a message.
func (g *Group) Reply(u *User, to int64, text string) int64 {
	return g.speak(u, utterance{text: text, replyTo: to})
}

// Edit changes a message of the user's.
func (g *Group) Edit(u *User, id int64, text string) { g.rewrite(u, id, text) }

// Press presses the newest button with the label.
func (g *Group) Press(u *User, label string) error { return g.press(u, label) }

// ID is the chat's id.
func (r *Room) ID() int64 { return r.c.id }

func (r *Room) speak(u *User, o utterance) int64 {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	return r.s.say(r.c, u, o).id
}

func (r *Room) rewrite(u *User, id int64, text string) {
	s := r.s
	s.mu.Lock()
	defer s.mu.Unlock()
	m := r.c.find(id)
	if m == nil || m.from.ID != u.person.ID {
		return
	}
	s.amend(r.c, m, text)
}

// amend changes a person's message and tells the bot. The lock is held.
func (s *Server) amend(c *chat, m *message, text string) {
	m.text, m.entities, m.edited, m.rev = text, detect(text, nil), s.opts.Now(), s.id()
	s.push("edited_message", fmt.Sprint("chat:", c.id), func() any { return m.wire(c, true) })
	s.touch()
}

// ErrNoButton says that no message here has such a button.
var ErrNoButton = errors.New("telegramtest: no such button")

func (r *Room) press(u *User, label string) error {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	for _, m := range slices.Backward(r.c.messages) {
		if k, ok := m.button(label); ok {
			return r.s.pressKey(r.c, u, m, k)
		}
	}
	return fmt.Errorf("%w: %q", ErrNoButton, label)
}

func (m *message) button(label string) (key, bool) {
	if m.keys == nil || m.deleted {
		return key{}, false
	}
	for _, row := range m.keys.Rows {
		if i := slices.IndexFunc(row, func(k key) bool { return k.Text == label }); i >= 0 {
			return row[i], true
		}
	}
	return key{}, false
}

// pressKey tells the bot about a pressed button. The lock is held.
func (s *Server) pressKey(c *chat, u *User, m *message, k key) error {
	if k.URL != "" {
		return fmt.Errorf("telegramtest: %q opens %s", k.Text, k.URL)
	}
	// Telegram's ids are 64-bit numbers, some of which look like card numbers.
	id := fmt.Sprint(4_111_111_111_111_111_000 + s.id())
	s.presses[id] = &press{at: s.opts.Now(), msg: m, key: k}
	m.rev = s.id() // it shows that it waits
	s.push("callback_query", fmt.Sprint("user:", u.person.ID), func() any {
		return map[string]any{
			"id": id, "from": u.person, "message": m.wire(c, true), "chat_instance": fmt.Sprint(-7_000_000_000 - c.id), "data": k.Data,
		}
	})
	return nil
}

// Unanswered is how many pressed buttons still show that they wait.
func (s *Server) Unanswered() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, p := range s.presses {
		if !p.answered {
			n++
		}
	}
	return n
}

// Block blocks the bot: it can no longer write to the user.
func (u *User) Block() { u.setBlocked(true) }

// Unblock undoes Block.
func (u *User) Unblock() { u.setBlocked(false) }

func (u *User) setBlocked(blocked bool) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.s.block(u.c, blocked)
}

// block lets the person of a private chat block the bot, or undo it. The lock is held.
func (s *Server) block(c *chat, blocked bool) {
	was, is := "member", "kicked"
	if !blocked {
		was, is = is, was
	}
	c.blocked = blocked
	s.push("my_chat_member", fmt.Sprint("member:", c.id), func() any {
		return map[string]any{
			"chat": c.wire(), "from": c.with.person, "date": s.opts.Now().Unix(),
			"old_chat_member": s.membership(was), "new_chat_member": s.membership(is),
		}
	})
	s.touch()
}

func (s *Server) membership(status string) map[string]any {
	out := map[string]any{"user": s.me, "status": status}
	if status == "kicked" {
		out["until_date"] = 0
	}
	return out
}

// Messages returns what is in the chat, deleted messages included, whose text is gone.
func (r *Room) Messages() []Message {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	return r.s.views(r.c)
}

func (s *Server) views(c *chat) []Message {
	out := make([]Message, 0, len(c.messages))
	for _, m := range c.messages {
		out = append(out, s.view(m))
	}
	return out
}

func (s *Server) view(m *message) Message {
	v := Message{
		ID: m.id, FromBot: m.from.ID == s.me.ID, From: strings.TrimSpace(m.from.FirstName + " " + m.from.LastName),
		Text: m.text, Entities: m.entities, Thread: m.thread, Media: m.kind, Edited: !m.edited.IsZero(),
		Deleted: m.deleted, At: m.date,
	}
	if m.replyTo != nil {
		v.ReplyTo = m.replyTo.id
	}
	if m.doc != nil {
		v.File = &File{Name: m.doc.name, Type: m.doc.kind, Data: m.doc.data}
	}
	if m.keys != nil {
		for _, row := range m.keys.Rows {
			var line []Button
			for _, k := range row {
				line = append(line, Button(k))
			}
			v.Buttons = append(v.Buttons, line)
		}
	}
	return v
}

// Expect waits for the bot's next message here that holds all parts, and passes over those before it. It fails the
// test, with what is in the chat, when none comes in time.
func (r *Room) Expect(t TB, parts ...string) Message {
	t.Helper()
	var got Message
	ok := r.s.await(func() bool {
		for i, m := range r.c.messages[r.seen:] {
			if m.from.ID == r.s.me.ID && !m.deleted && holdsAll(m.text, parts) {
				r.seen += i + 1
				got = r.s.view(m)
				return true
			}
		}
		return false
	})
	if !ok {
		t.Fatalf("telegramtest: the bot did not say %q here; the chat holds:\n%s", parts, r.transcript())
	}
	return got
}

// ExpectDeleted waits until a message is deleted.
func (r *Room) ExpectDeleted(t TB, id int64) {
	t.Helper()
	if !r.s.await(func() bool { return r.c.find(id) == nil }) {
		t.Fatalf("telegramtest: message %d was not deleted; the chat holds:\n%s", id, r.transcript())
	}
}

// ExpectSilence fails the test when the bot says anything new here within d.
func (r *Room) ExpectSilence(t TB, d time.Duration) {
	t.Helper()
	time.Sleep(d)
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	for _, m := range r.c.messages[r.seen:] {
		if m.from.ID == r.s.me.ID {
			t.Fatalf("telegramtest: the bot said %q and should not", m.text)
		}
	}
	r.seen = len(r.c.messages)
}

func holdsAll(text string, parts []string) bool {
	for _, p := range parts {
		if !strings.Contains(text, p) {
			return false
		}
	}
	return true
}

// await waits until ok, called with the lock held, returns true; false when it does not in time.
func (s *Server) await(ok func() bool) bool {
	timeout := time.After(s.opts.Wait)
	for {
		s.mu.Lock()
		done, changed := ok(), s.changed
		s.mu.Unlock()
		if done {
			return true
		}
		select {
		case <-changed:
		case <-timeout:
			return false
		}
	}
}

// Await waits until ok returns true, looking again whenever something changes here; it fails the test when it does not
// in time.
func (s *Server) Await(t TB, what string, ok func() bool) {
	t.Helper()
	timeout := time.After(s.opts.Wait)
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if ok() {
			return
		}
		select {
		case <-changed:
		case <-time.After(20 * time.Millisecond): // what ok looks at may be outside
		case <-timeout:
			t.Fatalf("telegramtest: waited in vain: %s", what)
			return
		}
	}
}

func (r *Room) transcript() string {
	var sb strings.Builder
	for _, m := range r.Messages() {
		fmt.Fprintf(&sb, "  %d %s: %q", m.ID, m.From, m.Text)
		if m.Deleted {
			sb.WriteString(" (deleted)")
		}
		for _, row := range m.Buttons {
			fmt.Fprintf(&sb, " %v", row)
		}
		sb.WriteByte('\n')
	}
	return sb.String()
}
