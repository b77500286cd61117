package slacktest

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Slack's limits, in characters unless said otherwise.
const (
	longText     = 4000 // beyond it chat.update refuses and chat.postMessage is asked not to
	cutText      = 40000
	maxMetadata  = 16 << 10 // bytes
	maxFileBytes = 50 << 20
)

func (s *Server) authTest(call) (result, *apiError) {
	return result{"url": s.base(nil) + "/", "team": "Deskbell demo", "user": BotName, "team_id": TeamID, "user_id": BotUser, "bot_id": BotID}, nil
}

func (s *Server) connectionsOpen(c call) (result, *apiError) {
	ticket := secret()
	s.tickets[ticket] = true
	return result{"url": "ws" + strings.TrimPrefix(s.base(c.r), "http") + "/link/?ticket=" + ticket + "&app_id=" + AppID}, nil
}

// room finds the channel of a call that the bot may write to or read. Called with s.mu held.
func (s *Server) room(id string) (*room, *apiError) {
	c := s.channels[id]
	if c == nil && userShape.MatchString(id) && s.users[id] != nil {
		c = s.im(s.users[id]) // a user's id stands for the direct message
	}
	switch {
	case c == nil:
		return nil, fail("channel_not_found")
	case !c.Members[BotUser]:
		return nil, fail("not_in_channel")
	}
	return c, nil
}

// content checks what chat.* and files.* want to show.
func (s *Server) content(c call, name string) (*Message, *apiError) {
	m := &Message{User: BotUser, Bot: true, Text: c.str("text")}
	if b := c.str("blocks"); b != "" && b != "[]" && b != "null" {
		if err := checkBlocks([]byte(b)); err != nil {
			return nil, err
		}
		m.Blocks = json.RawMessage(b)
	}
	n := utf8.RuneCountInString(m.Text)
	switch {
	case m.Text == "" && m.Blocks == nil && c.str("markdown_text") == "" && c.str("attachments") == "":
		return nil, fail("no_text")
	case n > longText && name == "chat.update":
		return nil, fail("msg_too_long")
	case n > longText:
		s.complain("%s: text of %d characters", name, n)
	}
	if n > cutText {
		m.Text = string([]rune(m.Text)[:cutText])
	}
	if meta := c.str("metadata"); meta != "" {
		if err := checkMetadata(meta); err != nil {
			return nil, err
		}
		m.Metadata = json.RawMessage(meta)
	}
	return m, nil
}

func checkMetadata(raw string) *apiError {
	var m struct {
		Type    string         `json:"event_type"`
		Payload map[string]any `json:"event_payload"`
	}
	if json.Unmarshal([]byte(raw), &m) != nil || m.Type == "" || m.Payload == nil {
		return fail("invalid_metadata_format")
	}
	if len(raw) > maxMetadata {
		return fail("metadata_too_large")
	}
	return nil
}

// Post is an accepted message of the bot.
type Post struct {
	Channel, ThreadTS, TS string
	Text                  string // the fallback for notifications
	Plain                 string // what one reads
	OutboxID              string // event_payload.id of its metadata
	Buttons               []Button
	File                  string // name of an uploaded file
}

// Posts are all messages of the bot that were accepted, in order: the ledger.
func (s *Server) Posts() []Post {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.posts)
}

// publish puts a message of the bot into a channel and the ledger. Called with s.mu held.
func (s *Server) publish(c *room, m *Message, thread string) *apiError {
	switch {
	case c.Archived:
		return fail("is_archived")
	case thread == "":
	default:
		root := c.find(thread)
		switch {
		case root == nil || root.Deleted:
			s.complain("chat.postMessage: thread %s does not exist, posted outside of it", thread)
		case root.ThreadTS != "":
			s.complain("chat.postMessage: thread_ts is a reply, not a root")
			m.ThreadTS = root.ThreadTS
		default:
			m.ThreadTS = thread
		}
	}
	s.put(c, m)
	var meta struct {
		Payload struct {
			ID string `json:"id"`
		} `json:"event_payload"`
	}
	_ = json.Unmarshal(m.Metadata, &meta)
	p := Post{Channel: c.ID, ThreadTS: m.ThreadTS, TS: m.TS, Text: m.Text, Plain: m.Plain(), OutboxID: meta.Payload.ID, Buttons: m.Buttons()}
	if len(m.Files) > 0 {
		p.File = m.Files[0].Name
	}
	s.posts = append(s.posts, p)
	s.changed()
	return nil
}

func (s *Server) postMessage(c call) (result, *apiError) {
	ch, err := s.room(c.str("channel"))
	if err != nil {
		return nil, err
	}
	m, err := s.content(c, "chat.postMessage")
	if err != nil {
		return nil, err
	}
	m.Broadcast = c.flag("reply_broadcast") && c.str("thread_ts") != ""
	if err := s.publish(ch, m, c.str("thread_ts")); err != nil {
		return nil, err
	}
	shown := s.render(ch, m)
	if m.Metadata != nil {
		shown["metadata"] = m.Metadata
	}
	return result{"channel": ch.ID, "ts": m.TS, "message": shown}, nil
}

func (s *Server) postEphemeral(c call) (result, *apiError) {
	ch, err := s.room(c.str("channel"))
	if err != nil {
		return nil, err
	}
	if !ch.Members[c.str("user")] {
		return nil, fail("user_not_in_channel")
	}
	m, err := s.content(c, "chat.postEphemeral")
	if err != nil {
		return nil, err
	}
	m.Ephemeral, m.ThreadTS = c.str("user"), c.str("thread_ts")
	s.put(ch, m)
	return result{"message_ts": m.TS}, nil
}

// own finds a message that the bot may change.
func (s *Server) own(c call, denied string) (*room, *Message, *apiError) {
	ch, err := s.room(c.str("channel"))
	if err != nil {
		return nil, nil, err
	}
	m := ch.find(c.str("ts"))
	switch {
	case m == nil || m.Deleted || m.Ephemeral != "":
		return nil, nil, fail("message_not_found")
	case !m.Bot:
		return nil, nil, fail(denied)
	}
	return ch, m, nil
}

func (s *Server) updateMessage(c call) (result, *apiError) {
	ch, m, err := s.own(c, "cant_update_message")
	if err != nil {
		return nil, err
	}
	n, err := s.content(c, "chat.update")
	if err != nil {
		return nil, err
	}
	s.edit(ch, m, BotUser, func(m *Message) {
		m.Text, m.Blocks = n.Text, n.Blocks
		if n.Metadata != nil {
			m.Metadata = n.Metadata
		}
	})
	return result{"channel": ch.ID, "ts": m.TS, "text": m.Text, "message": s.render(ch, m)}, nil
}

func (s *Server) deleteMessage(c call) (result, *apiError) {
	ch, m, err := s.own(c, "cant_delete_message")
	if err != nil {
		return nil, err
	}
	s.remove(ch, m)
	return result{"channel": ch.ID, "ts": m.TS}, nil
}

// history lists the newest messages first, without replies.
func (s *Server) history(c call) (result, *apiError) {
	ch, err := s.room(c.str("channel"))
	if err != nil {
		return nil, err
	}
	var ms []*Message
	for _, m := range slices.Backward(ch.messages) {
		if (m.ThreadTS == "" || m.Broadcast) && visible(m, c) {
			ms = append(ms, m)
		}
	}
	res, err := s.page(ch, ms, c)
	if err == nil {
		res["pin_count"] = 0
	}
	return res, err
}

// replies lists a root and its replies, oldest first.
func (s *Server) replies(c call) (result, *apiError) {
	ch, err := s.room(c.str("channel"))
	if err != nil {
		return nil, err
	}
	root := ch.find(c.str("ts"))
	if root == nil {
		return nil, fail("thread_not_found")
	}
	if root.ThreadTS != "" {
		root = ch.find(root.ThreadTS)
	}
	var ms []*Message
	for _, m := range ch.thread(root.TS) {
		if m == root || visible(m, c) {
			ms = append(ms, m)
		}
	}
	return s.page(ch, ms, c)
}

func visible(m *Message, c call) bool {
	oldest, latest := c.str("oldest"), c.str("latest")
	at, _ := strconv.ParseFloat(m.TS, 64)
	from, _ := strconv.ParseFloat(oldest, 64)
	to, _ := strconv.ParseFloat(latest, 64)
	return !m.Deleted && m.Ephemeral == "" && (oldest == "" || at > from) && (latest == "" || to == 0 || at < to)
}

// page cuts a list and renders it.
func (s *Server) page(ch *room, ms []*Message, c call) (result, *apiError) {
	limit := c.num("limit", 100)
	if limit < 1 || limit > 999 {
		return nil, fail("invalid_arguments", "[ERROR] limit must be 1 to 999")
	}
	start := 0
	if cur := c.str("cursor"); cur != "" {
		var err error
		if start, err = strconv.Atoi(strings.TrimPrefix(cur, "next:")); err != nil || start < 0 || start > len(ms) {
			return nil, fail("invalid_arguments", "[ERROR] invalid cursor")
		}
	}
	end := min(start+limit, len(ms))
	list := []any{}
	for _, m := range ms[start:end] {
		shown := s.render(ch, m)
		if m.Metadata != nil && c.flag("include_all_metadata") {
			shown["metadata"] = m.Metadata
		}
		list = append(list, shown)
	}
	res := result{"messages": list, "has_more": end < len(ms), "response_metadata": map[string]any{"next_cursor": ""}}
	if end < len(ms) {
		res["response_metadata"] = map[string]any{"next_cursor": "next:" + strconv.Itoa(end)}
	}
	return res, nil
}

func (s *Server) openConversation(c call) (result, *apiError) {
	u := s.users[c.str("users")]
	if u == nil {
		return nil, fail("user_not_found")
	}
	return result{"channel": map[string]any{"id": s.im(u).ID}}, nil
}

func (s *Server) userInfo(c call) (result, *apiError) {
	u := s.users[c.str("user")]
	if u == nil {
		return nil, fail("user_not_found")
	}
	info := map[string]any{
		"id": u.ID, "team_id": TeamID, "name": u.Handle, "real_name": u.Name, "deleted": false, "is_bot": false,
		"profile": map[string]any{"real_name": u.Name, "display_name": u.Name},
	}
	if c.flag("include_locale") {
		info["locale"] = s.opt.Locale
	}
	return result{"user": info}, nil
}

func (s *Server) openView(c call) (result, *apiError) {
	used, known := s.triggers[c.str("trigger_id")]
	switch {
	case !known:
		return nil, fail("invalid_arguments", "[ERROR] invalid trigger_id")
	case used:
		return nil, fail("exchanged_trigger_id")
	}
	var v struct {
		Type   string            `json:"type"`
		Title  json.RawMessage   `json:"title"`
		Blocks []json.RawMessage `json:"blocks"`
	}
	if json.Unmarshal([]byte(c.str("view")), &v) != nil || v.Type != "modal" || v.Title == nil || len(v.Blocks) == 0 || len(v.Blocks) > 100 {
		return nil, fail("invalid_arguments", "[ERROR] invalid view")
	}
	s.triggers[c.str("trigger_id")] = true
	return result{"view": map[string]any{"id": s.id("V"), "team_id": TeamID, "type": "modal"}}, nil
}

func (s *Server) uploadURL(c call) (result, *apiError) {
	n := c.num("length", 0)
	if n < 1 || n > maxFileBytes {
		return nil, fail("invalid_arguments", "[ERROR] length must be positive")
	}
	f := &file{ID: s.id("F"), Name: c.str("filename"), Size: n, secret: secret(), By: BotUser}
	f.MIME = orElse(mime.TypeByExtension(filepath.Ext(f.Name)), "application/octet-stream")
	s.files[f.ID] = f
	return result{"upload_url": s.base(c.r) + "/upload/" + f.secret, "file_id": f.ID}, nil
}

// serveUpload takes the bytes of a file.
func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request, ticket string) {
	s.mu.Lock()
	broken := s.fault("upload")
	s.mu.Unlock()
	if broken != nil {
		broken.answer(w, r)
		return
	}
	body := io.Reader(http.MaxBytesReader(w, r.Body, maxFileBytes))
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "multipart/form-data" {
		part, _, err := r.FormFile("file")
		if err != nil {
			http.Error(w, "no file", http.StatusBadRequest)
			return
		}
		body = part
	}
	data, err := io.ReadAll(body)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.files {
		if f.secret == ticket && err == nil && len(data) == f.Size {
			f.Data, f.done = data, true
			_, _ = io.WriteString(w, "OK - "+strconv.Itoa(len(data)))
			return
		}
	}
	http.Error(w, "unknown ticket or wrong size", http.StatusBadRequest)
}

func (s *Server) completeUpload(c call) (result, *apiError) {
	var refs []struct {
		ID    string `json:"id"`
		Title string `json:"title"`
	}
	if json.Unmarshal([]byte(c.str("files")), &refs) != nil || len(refs) == 0 {
		return nil, fail("invalid_arguments", "[ERROR] files is not a list of files")
	}
	ch, err := s.room(c.str("channel_id"))
	if err != nil {
		return nil, err
	}
	m := &Message{User: BotUser, Bot: true, Text: c.str("initial_comment")}
	var out []any
	for _, ref := range refs {
		f := s.files[ref.ID]
		if f == nil || !f.done || f.shared {
			return nil, fail("file_not_found")
		}
		f.Title = orElse(ref.Title, f.Name)
		m.Files = append(m.Files, f)
		out = append(out, map[string]any{"id": f.ID, "title": f.Title})
	}
	if err := s.publish(ch, m, c.str("thread_ts")); err != nil {
		return nil, err
	}
	for _, f := range m.Files {
		f.shared = true
	}
	return result{"files": out}, nil
}

// serveFile gives a file to who may see it: with the bot's token, or on the page.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request, id string) {
	if r.Header.Get("Authorization") != "Bearer "+BotToken {
		http.Redirect(w, r, "/?redir="+r.URL.Path, http.StatusFound) // Slack shows a sign-in page
		return
	}
	s.mu.Lock()
	f := s.files[id]
	s.mu.Unlock()
	if f == nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", f.MIME)
	_, _ = w.Write(f.Data)
}

func orElse(s, other string) string {
	if s != "" {
		return s
	}
	return other
}
