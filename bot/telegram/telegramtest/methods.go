package telegramtest

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/bot/telegram/telegramtest/internal/schema"
)

// request is a method's parameters, checked against the schema.
type request struct {
	args  map[string]json.RawMessage
	files schema.Params
}

func (r request) text(name string) string {
	var v string
	if json.Unmarshal(r.args[name], &v) != nil {
		return ""
	}
	return v
}

func (r request) integer(name string) int64 {
	return number(strings.Trim(string(r.args[name]), `"`))
}

func (r request) boolean(name string) bool { return string(r.args[name]) == "true" }

// run carries a method out.
func (s *Server) run(ctx context.Context, method string, r request) (any, error) {
	methods := map[string]func(context.Context, request) (any, error){
		"getMe": s.getMe, "getUpdates": s.getUpdates, "setWebhook": s.setWebhook, "deleteWebhook": s.deleteWebhook,
		"getWebhookInfo": s.getWebhookInfo, "sendMessage": s.sendMessage, "editMessageText": s.editMessageText,
		"editMessageReplyMarkup": s.editMessageReplyMarkup, "deleteMessage": s.deleteMessage, "deleteMessages": s.deleteMessages,
		"answerCallbackQuery": s.answerCallbackQuery, "sendChatAction": s.sendChatAction, "sendDocument": s.sendDocument,
		"setMyCommands": s.setMyCommands, "getMyCommands": s.getMyCommands, "deleteMyCommands": s.deleteMyCommands,
		"getFile": s.getFile,
	}
	f, ok := methods[method]
	if !ok {
		return nil, badRequest("telegramtest does not play " + method)
	}
	return f(ctx, r)
}

func (s *Server) getMe(context.Context, request) (any, error) {
	return map[string]any{
		"id": s.me.ID, "is_bot": true, "first_name": s.me.FirstName, "username": s.me.Username,
		"can_join_groups": true, "can_read_all_group_messages": true, "supports_inline_queries": false,
		"can_connect_to_business": false, "has_main_web_app": false,
	}, nil
}

const (
	maxText    = 4096
	maxCaption = 1024
)

// styled reads a text or caption with its parse mode or entities.
func styled(r request, text, entities string) (string, []Entity, error) {
	in := r.text(text)
	switch strings.ToLower(r.text("parse_mode")) {
	case "html":
		out, found, err := parseHTML(in)
		if err != nil {
			return "", nil, badRequest(err.Error())
		}
		return out, detect(out, found), nil
	case "":
		var found []Entity
		if raw, ok := r.args[entities]; ok {
			if err := json.Unmarshal(raw, &found); err != nil {
				return "", nil, badRequest("can't parse entities: " + err.Error())
			}
		}
		out, found := trimEntities(in, found)
		return out, detect(out, found), nil
	case "markdown", "markdownv2":
		return "", nil, badRequest("telegramtest plays no Markdown; send HTML")
	default:
		return "", nil, badRequest("unsupported parse_mode")
	}
}

// chatFor finds the chat to send to. The lock is held.
func (s *Server) chatFor(id int64) (*chat, error) {
	c, ok := s.chats[id]
	switch {
	case !ok:
		return nil, badRequest("chat not found")
	case c.movedTo != 0:
		return nil, &apiError{Code: http.StatusBadRequest, MigrateTo: c.movedTo, Text: "Bad Request: group chat was upgraded to a supergroup chat"}
	case c.blocked && c.kind == "private":
		return nil, forbidden("bot was blocked by the user")
	case c.blocked:
		return nil, forbidden("bot was kicked from the " + c.kind + " chat")
	case c.kind == "private" && !c.started:
		return nil, forbidden("bot can't initiate conversation with a user")
	default:
		return c, nil
	}
}

// messageText is the text of a message within Telegram's bounds.
func messageText(r request) (string, []Entity, error) {
	text, entities, err := styled(r, "text", "entities")
	if err != nil {
		return "", nil, err
	}
	switch n := units(text); {
	case n == 0:
		return "", nil, badRequest("message text is empty")
	case n > maxText:
		return "", nil, badRequest("message is too long")
	}
	return text, entities, nil
}

func (s *Server) sendMessage(_ context.Context, r request) (any, error) {
	text, entities, err := messageText(r)
	if err != nil {
		return nil, err
	}
	return s.send("sendMessage", r, &message{text: text, entities: entities})
}

func (s *Server) sendDocument(_ context.Context, r request) (any, error) {
	text, entities, err := styled(r, "caption", "caption_entities")
	if err != nil {
		return nil, err
	}
	if units(text) > maxCaption {
		return nil, badRequest("message caption is too long")
	}
	up, ok := r.files["document"]
	if !ok || !up.File {
		return nil, badRequest("telegramtest takes only uploaded documents")
	}
	if len(up.JSON) == 0 {
		return nil, badRequest("file must be non-empty")
	}
	kind := mime.TypeByExtension(filepath.Ext(up.Text))
	if kind == "" {
		kind = "application/octet-stream"
	}
	kind, _, _ = strings.Cut(kind, ";")
	m := &message{text: text, entities: entities}
	s.mu.Lock()
	s.attach(m, utterance{media: "document", file: &file{name: up.Text, kind: kind, data: up.JSON}})
	s.mu.Unlock()
	return s.send("sendDocument", r, m)
}

// send puts the bot's message into a chat.
func (s *Server) send(method string, r request, m *message) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.chatFor(r.integer("chat_id"))
	if err != nil {
		return nil, err
	}
	if m.thread = r.integer("message_thread_id"); m.thread != 0 && !slices.Contains(c.topics, m.thread) {
		return nil, badRequest("message thread not found")
	}
	if m.keys, err = readKeyboard(r.args["reply_markup"]); err != nil {
		return nil, err
	}
	if m.replyTo, err = replied(c, r.args["reply_parameters"]); err != nil {
		return nil, err
	}
	m.from, c.typing = s.me, time.Time{}
	s.add(c, m)
	s.sent = append(s.sent, Sent{
		Method: method, ChatID: c.id, MessageID: m.id, Text: m.text, Params: texts(r.files), At: m.date,
	})
	return m.wire(c, true), nil
}

func replied(c *chat, raw json.RawMessage) (*message, error) {
	if raw == nil {
		return nil, nil
	}
	var p struct {
		MessageID int64 `json:"message_id"`
		Allow     bool  `json:"allow_sending_without_reply"`
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		return nil, badRequest("can't parse reply parameters JSON object")
	}
	m := c.find(p.MessageID)
	if m == nil && !p.Allow {
		return nil, badRequest("message to be replied not found")
	}
	return m, nil
}

// readKeyboard reads an inline keyboard; a button does exactly one thing.
func readKeyboard(raw json.RawMessage) (*keyboard, error) {
	if raw == nil {
		return nil, nil
	}
	var any struct {
		Rows [][]map[string]json.RawMessage `json:"inline_keyboard"`
	}
	var k keyboard
	if json.Unmarshal(raw, &any) != nil || json.Unmarshal(raw, &k) != nil || any.Rows == nil {
		return nil, badRequest("telegramtest plays only inline keyboards")
	}
	for i, row := range any.Rows {
		for j, b := range row {
			if err := checkButton(b, k.Rows[i][j]); err != nil {
				return nil, err
			}
		}
	}
	return &k, nil
}

func checkButton(b map[string]json.RawMessage, k key) error {
	acts := 0
	for name := range b {
		if name != "text" && name != "style" && name != "icon_custom_emoji_id" {
			acts++
		}
	}
	switch {
	case strings.TrimSpace(k.Text) == "":
		return badRequest("BUTTON_TEXT_EMPTY")
	case acts == 0:
		return badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
	case acts > 1:
		return badRequest("telegramtest: a button must do exactly one thing")
	case k.Data == "" && k.URL == "":
		return badRequest("BUTTON_DATA_INVALID")
	case k.URL != "":
		return checkButtonURL(k.URL)
	default:
		return nil
	}
}

func checkButtonURL(raw string) error {
	u, err := url.Parse(raw)
	if err == nil && u.Scheme == "tg" {
		return nil
	}
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || !strings.Contains(u.Hostname(), ".") {
		return badRequest("inline keyboard button URL '" + raw + "' is invalid: Wrong HTTP URL")
	}
	return nil
}

func (s *Server) editMessageText(_ context.Context, r request) (any, error) {
	text, entities, err := messageText(r)
	if err != nil {
		return nil, err
	}
	return s.edit(r, func(m *message) { m.text, m.entities = text, entities })
}

func (s *Server) editMessageReplyMarkup(_ context.Context, r request) (any, error) {
	return s.edit(r, func(*message) {})
}

func (s *Server) edit(r request, change func(*message)) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.chatFor(r.integer("chat_id"))
	if err != nil {
		return nil, err
	}
	m := c.find(r.integer("message_id"))
	switch {
	case m == nil:
		return nil, badRequest("message to edit not found")
	case m.from.ID != s.me.ID:
		return nil, badRequest("message can't be edited")
	}
	next := *m
	change(&next)
	if next.keys, err = readKeyboard(r.args["reply_markup"]); err != nil {
		return nil, err
	}
	if next.text == m.text && reflect.DeepEqual(next.entities, m.entities) && reflect.DeepEqual(next.keys, m.keys) {
		return nil, badRequest("message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")
	}
	next.edited, next.rev = s.opts.Now(), s.id()
	*m = next
	s.touch()
	return m.wire(c, true), nil
}

// deletable is how long after sending a message can be deleted.
const deletable = 48 * time.Hour

func (s *Server) deleteMessage(_ context.Context, r request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.chatFor(r.integer("chat_id"))
	if err != nil {
		return nil, err
	}
	if err := s.remove(c, r.integer("message_id")); err != nil {
		return nil, err
	}
	return true, nil
}

func (s *Server) deleteMessages(_ context.Context, r request) (any, error) {
	var ids []int64
	if err := json.Unmarshal(r.args["message_ids"], &ids); err != nil || len(ids) == 0 {
		return nil, badRequest("message identifiers are not specified")
	}
	if len(ids) > 100 {
		return nil, badRequest("too many message identifiers specified")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.chatFor(r.integer("chat_id"))
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if c.find(id) == nil {
			continue // Telegram skips them
		}
		if err := s.remove(c, id); err != nil {
			return nil, err
		}
	}
	return true, nil
}

// remove deletes a message. The lock is held.
func (s *Server) remove(c *chat, id int64) error {
	m := c.find(id)
	switch {
	case m == nil:
		return badRequest("message to delete not found")
	case m.from.ID != s.me.ID && c.kind != "private" && !c.admin:
		return badRequest("message can't be deleted")
	case s.opts.Now().Sub(m.date) > deletable:
		return badRequest("message can't be deleted for everyone")
	}
	// What was said is gone, here too.
	m.deleted, m.text, m.entities, m.media, m.keys, m.doc, m.rev = true, "", nil, nil, nil, nil, s.id()
	s.touch()
	return nil
}

func (s *Server) answerCallbackQuery(_ context.Context, r request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.presses[r.text("callback_query_id")]
	if !ok || p.answered || s.opts.Now().Sub(p.at) > keepPresses {
		return nil, badRequest("query is too old and response timeout expired or query ID is invalid")
	}
	p.answered = true
	p.msg.rev = s.id()
	s.touch()
	return true, nil
}

// typingFor is how long an action shows.
const typingFor = 5 * time.Second

var chatActions = []string{
	"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
	"choose_sticker", "find_location", "record_video_note", "upload_video_note",
}

func (s *Server) sendChatAction(_ context.Context, r request) (any, error) {
	if !slices.Contains(chatActions, r.text("action")) {
		return nil, badRequest("wrong parameter action in request")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.chatFor(r.integer("chat_id"))
	if err != nil {
		return nil, err
	}
	c.typing = s.opts.Now().Add(s.scaled(typingFor))
	s.touch()
	return true, nil
}

func (s *Server) setMyCommands(_ context.Context, r request) (any, error) {
	var list []struct {
		Command string `json:"command"`
	}
	if err := json.Unmarshal(r.args["commands"], &list); err != nil || len(list) > 100 {
		return nil, badRequest("BOT_COMMANDS_TOO_MUCH")
	}
	for _, c := range list {
		if strings.Trim(c.Command, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
			return nil, badRequest("BOT_COMMAND_INVALID")
		}
	}
	if code := r.text("language_code"); code != "" && len(code) != 2 {
		return nil, badRequest("invalid language code specified")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commands[r.text("language_code")] = r.args["commands"]
	s.touch()
	return true, nil
}

func (s *Server) getMyCommands(_ context.Context, r request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if raw, ok := s.commands[r.text("language_code")]; ok {
		return raw, nil
	}
	return []any{}, nil
}

func (s *Server) deleteMyCommands(_ context.Context, r request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.commands, r.text("language_code"))
	return true, nil
}

func (s *Server) getFile(_ context.Context, r request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, ok := s.files[r.text("file_id")]
	switch {
	case !ok:
		return nil, badRequest("invalid file_id")
	case len(f.data) > 20<<20:
		return nil, badRequest("file is too big")
	}
	return map[string]any{
		"file_id": f.id, "file_unique_id": unique(f.id), "file_size": len(f.data), "file_path": "documents/" + f.id,
	}, nil
}

func unique(id string) string { return fmt.Sprintf("AQAD%x", sha256.Sum256([]byte(id)))[:16] }

// serveFile answers /file/bot<token>/documents/<id>.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request, rest string) {
	token, path, _ := strings.Cut(rest, "/")
	if token != s.opts.Token {
		writeError(w, &apiError{Code: http.StatusUnauthorized, Text: "Unauthorized"})
		return
	}
	s.mu.Lock()
	f := s.files[strings.TrimPrefix(path, "documents/")]
	s.mu.Unlock()
	if f == nil || r.Method != http.MethodGet {
		writeError(w, errNotFound)
		return
	}
	download(w, f)
}

func download(w http.ResponseWriter, f *file) {
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.name}))
	_, _ = w.Write(f.data) // the client is gone if this fails
}

func readUpload(h *multipart.FileHeader) ([]byte, error) {
	f, err := h.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}
