package telegram

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/intents/lang"
)

// The parts of an update that make an Event.
type (
	update struct {
		Username string          `json:"deskbell_bot_username"`
		Message  json.RawMessage `json:"message"`
		Edited   json.RawMessage `json:"edited_message"`
		Callback *callback       `json:"callback_query"`
		Member   *membership     `json:"my_chat_member"`
	}
	message struct {
		MessageID int64  `json:"message_id"`
		Thread    int64  `json:"message_thread_id"`
		IsTopic   bool   `json:"is_topic_message"`
		Chat      chat   `json:"chat"`
		From      *user  `json:"from"`
		Date      int64  `json:"date"`
		EditDate  int64  `json:"edit_date"`
		Text      string `json:"text"`
		Caption   string `json:"caption"`
	}
	chat struct {
		ID   int64  `json:"id"`
		Type string `json:"type"`
	}
	user struct {
		ID        int64  `json:"id"`
		FirstName string `json:"first_name"`
		LastName  string `json:"last_name"`
		Username  string `json:"username"`
		Language  string `json:"language_code"`
	}
	callback struct {
		From    user     `json:"from"`
		Data    string   `json:"data"`
		Message *message `json:"message"`
	}
	membership struct {
		Chat chat  `json:"chat"`
		From user  `json:"from"`
		Date int64 `json:"date"`
		New  struct {
			Status string `json:"status"`
		} `json:"new_chat_member"`
	}
)

// parse reads a guarded update. Entities are not used: the guard moves the text they point into.
func parse(doc []byte) (bot.Event, error) {
	var u update
	if err := json.Unmarshal(doc, &u); err != nil {
		return bot.Event{}, shape("update", err)
	}
	switch {
	case u.Message != nil:
		return parseMessage(u.Message, u.Username, false)
	case u.Edited != nil:
		return parseMessage(u.Edited, u.Username, true)
	case u.Callback != nil:
		return parseCallback(u.Callback)
	case u.Member != nil:
		return parseMember(u.Member), nil
	default:
		return bot.Event{}, errors.New("telegram: the update holds nothing that is known here")
	}
}

// shape names what could not be read, without the content that json's errors may quote.
func shape(what string, err error) error {
	var te *json.UnmarshalTypeError
	if errors.As(err, &te) {
		return fmt.Errorf("telegram: %s: field %s holds a JSON %s", what, te.Field, te.Value)
	}
	return fmt.Errorf("telegram: %s: not readable JSON", what)
}

func parseMessage(raw json.RawMessage, username string, edited bool) (bot.Event, error) {
	var m message
	if err := json.Unmarshal(raw, &m); err != nil {
		return bot.Event{}, shape("message", err)
	}
	if m.MessageID == 0 || m.Chat.ID == 0 || m.From == nil {
		return bot.Event{}, errors.New("telegram: message: id, chat or sender is missing")
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		return bot.Event{}, shape("message", err)
	}
	private := m.Chat.Type == "private"
	e := bot.Event{
		Kind:      bot.EventMessage,
		MessageID: strconv.FormatInt(m.MessageID, 10),
		User:      userOf(*m.From),
		Text:      cleanText(m.Text+m.Caption, username),
		Thread:    threadOf(m),
		Private:   private,
		Deletable: private,
		At:        unix(m.Date),
	}
	if !private {
		e.ReplyTo = e.MessageID
	}
	var service bool
	e.Media, service = contentOf(fields)
	switch {
	case service:
		e.Kind, e.Deletable = bot.EventOther, false
	case edited:
		e.Kind, e.At = bot.EventEdit, unix(m.EditDate)
	case e.Media == "" && (e.Text == "" || isStart(e.Text)):
		e.Kind, e.Text = bot.EventStart, ""
	}
	return e, nil
}

// startShape is /start with what a deep link may add to it, which the user did not say. Anything else behind /start was
// typed and is a message. A bare mention in a group opens the conversation in the same way.
var startShape = regexp.MustCompile(`^/start( [A-Za-z0-9_-]{1,64})?$`)

func isStart(text string) bool { return startShape.MatchString(text) }

func parseCallback(c *callback) (bot.Event, error) {
	if c.Message == nil || c.Message.Chat.ID == 0 || c.From.ID == 0 {
		return bot.Event{}, errors.New("telegram: callback query: message or sender is missing")
	}
	m := *c.Message
	private := m.Chat.Type == "private"
	e := bot.Event{
		Kind:      bot.EventButton,
		MessageID: strconv.FormatInt(m.MessageID, 10),
		User:      userOf(c.From),
		Action:    c.Data,
		Thread:    threadOf(m),
		Private:   private,
	}
	if c.Data == "" {
		e.Kind = bot.EventOther
	}
	if !private {
		e.ReplyTo = e.MessageID
	}
	return e, nil
}

func parseMember(m *membership) bot.Event {
	e := bot.Event{
		Kind:    bot.EventOther,
		User:    userOf(m.From),
		Private: m.Chat.Type == "private",
		At:      unix(m.Date),
	}
	if e.Private && (m.New.Status == "kicked" || m.New.Status == "left") {
		e.Kind = bot.EventLeft
	}
	return e
}

func userOf(u user) bot.User {
	return bot.User{
		ID:       strconv.FormatInt(u.ID, 10),
		Name:     strings.TrimSpace(u.FirstName + " " + u.LastName),
		Username: u.Username,
		Language: languageOf(u.Language),
	}
}

// languageOf maps the client's IETF tag to ours.
func languageOf(code string) lang.Tag {
	code = strings.ToLower(strings.ReplaceAll(code, "_", "-"))
	base, rest, _ := strings.Cut(code, "-")
	switch base {
	case "en":
		return lang.En
	case "zh", "cmn", "yue":
		for _, sub := range []string{"hant", "tw", "hk", "mo"} {
			if slices.Contains(strings.Split(rest, "-"), sub) {
				return lang.ZhHant
			}
		}
		return lang.ZhHans
	default:
		return lang.Unknown
	}
}

// threadOf is the forum topic. Plain replies in a group carry a message_thread_id too, which cannot be sent to.
func threadOf(m message) string {
	if !m.IsTopic || m.Thread == 0 {
		return ""
	}
	return strconv.FormatInt(m.Thread, 10)
}

func unix(sec int64) time.Time {
	if sec <= 0 {
		return time.Time{}
	}
	return time.Unix(sec, 0).UTC()
}

// cleanText takes "@bot" off a leading command and out of the rest.
func cleanText(text, username string) string {
	text = strings.TrimSpace(text)
	if name, target, ok := splitCommand(text); ok {
		rest := strings.TrimPrefix(text[1+len(name):], "@"+target)
		return strings.TrimSpace("/" + name + stripMention(rest, username))
	}
	return strings.TrimSpace(stripMention(text, username))
}

// stripMention removes every @username, with the comma or colon that followed it when it stood in front.
func stripMention(text, username string) string {
	for {
		start, end := findMention(text, username)
		if start < 0 {
			return text
		}
		before, after := text[:start], text[end:]
		if strings.TrimSpace(before) == "" {
			after = strings.TrimLeft(after, " ,:，：、\t")
		} else if strings.HasSuffix(before, " ") {
			after = strings.TrimPrefix(after, " ")
		}
		text = before + after
	}
}

// mediaFields are the kinds of content that a user sends and that are not text, the most telling first.
var mediaFields = []string{
	"live_photo", "photo", "voice", "video_note", "video", "animation", "audio", "document", "sticker",
	"story", "paid_media", "contact", "venue", "location", "poll", "dice", "game", "checklist", "rich_message",
	"invoice", "giveaway",
}

// plainFields say something about a message and are not its content.
var plainFields = []string{
	"message_id", "message_thread_id", "direct_messages_topic", "from", "sender_chat", "sender_boost_count",
	"sender_business_bot", "sender_tag", "date", "guest_query_id", "business_connection_id", "chat", "forward_origin",
	"is_topic_message", "is_automatic_forward", "reply_to_message", "external_reply", "quote", "reply_to_story",
	"reply_to_checklist_task_id", "reply_to_poll_option_id", "via_bot", "guest_bot_caller_user", "guest_bot_caller_chat",
	"edit_date", "has_protected_content", "is_from_offline", "is_paid_post", "media_group_id", "author_signature",
	"paid_star_count", "text", "entities", "link_preview_options", "suggested_post_info", "effect_id", "caption",
	"caption_entities", "show_caption_above_media", "has_media_spoiler", "reply_markup",
	"ephemeral_message_id", "receiver_user",
}

// serviceFields mark messages that Telegram writes itself: nobody said anything.
var serviceFields = []string{
	"new_chat_members", "left_chat_member", "chat_owner_left", "chat_owner_changed", "new_chat_title", "new_chat_photo",
	"delete_chat_photo", "group_chat_created", "supergroup_chat_created", "channel_chat_created",
	"message_auto_delete_timer_changed", "migrate_to_chat_id", "migrate_from_chat_id", "pinned_message",
	"successful_payment", "refunded_payment", "users_shared", "chat_shared", "gift", "unique_gift", "gift_upgrade_sent",
	"connected_website", "write_access_allowed", "passport_data", "proximity_alert_triggered", "boost_added",
	"chat_background_set", "checklist_tasks_done", "checklist_tasks_added", "direct_message_price_changed",
	"forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened",
	"general_forum_topic_hidden", "general_forum_topic_unhidden", "giveaway_created", "giveaway_winners",
	"giveaway_completed", "managed_bot_created", "paid_message_price_changed", "poll_option_added",
	"poll_option_deleted", "suggested_post_approved", "suggested_post_approval_failed", "suggested_post_declined",
	"suggested_post_paid", "suggested_post_refunded", "video_chat_scheduled", "video_chat_started", "video_chat_ended",
	"video_chat_participants_invited", "web_app_data",
	"community_chat_added", "community_chat_joined", "community_chat_removed",
}

// unknownMedia is the Media of content that this version does not know. It is answered like any other: a user who sent
// something must not be left in silence because Telegram has grown.
const unknownMedia = "unknown"

// contentOf finds the kind of content of a message, "" for plain text, or that it is a service message.
func contentOf(fields map[string]json.RawMessage) (media string, service bool) {
	for _, f := range mediaFields {
		if _, ok := fields[f]; ok {
			return f, false
		}
	}
	for _, f := range serviceFields {
		if _, ok := fields[f]; ok {
			return "", true
		}
	}
	if _, ok := fields["text"]; ok {
		return "", false
	}
	return unknownMedia, false
}
