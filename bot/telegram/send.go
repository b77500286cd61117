package telegram

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	tgbot "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"github.com/deskbell/deskbell/bot"
)

// A long text is sent in parts. Once the first is out, a part that was certainly not sent is tried again in place,
// because a retry of the whole would repeat the parts before it.
const (
	partAttempts = 3
	maxPartWait  = 30 * time.Second
)

// The inline keyboard as Telegram wants it. The library's InlineKeyboardButton always writes an empty copy_text beside
// the one field a button may have.
type (
	inlineKeyboard struct {
		Rows [][]inlineButton `json:"inline_keyboard"`
	}
	inlineButton struct {
		Text string `json:"text"`
		Data string `json:"callback_data,omitempty"`
		URL  string `json:"url,omitempty"`
	}
)

// Send delivers a message, in several parts when it is long, and returns the id of the last, which carries the buttons.
// Errors are *bot.SendError.
func (c *Channel) Send(ctx context.Context, d bot.Delivery) (string, error) {
	t, err := targetOf(d.Address, d.Thread)
	if err != nil {
		return "", rejected(err)
	}
	parts := render(d, maxText)
	if len(parts) == 0 {
		return "", rejected(errors.New("telegram: the message has no text"))
	}
	keys, err := keyboard(d.Buttons)
	if err != nil {
		return "", rejected(err)
	}
	var id string
	for i, p := range parts {
		m := outgoing{target: t, part: p}
		if i == 0 {
			m.Reply = replyTo(d.ReplyTo)
		}
		if i == len(parts)-1 {
			m.Keys = keys
		}
		var sent int
		if i == 0 {
			sent, err = c.sendPart(ctx, &m)
		} else {
			sent, err = c.sendNext(ctx, &m)
		}
		if err != nil {
			return "", err
		}
		id, t = strconv.Itoa(sent), m.target // a group may have moved on the way
	}
	return id, nil
}

// target is a chat and a topic in it, 0 for none.
type target struct {
	Chat   int64
	Thread int
}

func targetOf(a bot.Address, thread string) (target, error) {
	chat, _, err := parseKey(a.Key)
	if err != nil {
		return target{}, err
	}
	t := target{Chat: chat}
	if thread != "" {
		if t.Thread, err = strconv.Atoi(thread); err != nil {
			return target{}, fmt.Errorf("telegram: thread %q is not a topic's number", thread)
		}
	}
	return t, nil
}

// outgoing is one message on its way.
type outgoing struct {
	target
	part
	Reply *models.ReplyParameters
	Keys  models.ReplyMarkup
}

func rejected(err error) *bot.SendError { return &bot.SendError{Outcome: bot.Rejected, Err: err} }

// replyTo points at the user's message, if there is one to point at and it still exists.
func replyTo(id string) *models.ReplyParameters {
	n, err := strconv.Atoi(id)
	if err != nil || n <= 0 {
		return nil
	}
	return &models.ReplyParameters{MessageID: n, AllowSendingWithoutReply: true}
}

// keyboard lays out the buttons; nil for none.
func keyboard(buttons []bot.Button) (models.ReplyMarkup, error) {
	if len(buttons) == 0 {
		return nil, nil
	}
	var k inlineKeyboard
	for _, row := range rows(buttons) {
		line := make([]inlineButton, 0, len(row))
		for _, b := range row {
			if (b.Action == "") == (b.URL == "") || strings.TrimSpace(b.Label) == "" {
				return nil, errors.New("telegram: a button needs a label and either an action or a URL")
			}
			if len(b.Action) > maxData {
				return nil, fmt.Errorf("telegram: a button's action has %d bytes, at most %d fit", len(b.Action), maxData)
			}
			line = append(line, inlineButton{Text: b.Label, Data: b.Action, URL: b.URL})
		}
		k.Rows = append(k.Rows, line)
	}
	return k, nil
}

// sendNext sends a part after the first. What stays unsent makes the whole ambiguous: some of it is out.
func (c *Channel) sendNext(ctx context.Context, m *outgoing) (int, error) {
	for attempt := 1; ; attempt++ {
		id, err := c.sendPart(ctx, m)
		var se *bot.SendError
		if err == nil || !errors.As(err, &se) || se.Outcome != bot.NotSent {
			return id, err
		}
		wait := max(se.RetryAfter, c.cfg.Backoff)
		if attempt == partAttempts || wait > maxPartWait || pause(ctx, wait) != nil {
			return 0, &bot.SendError{Outcome: bot.Ambiguous, Err: fmt.Errorf("only a part of the text was sent: %w", se.Err)}
		}
	}
}

// sendPart sends one message. It follows a group that became a supergroup, and falls back to plain text should
// Telegram ever refuse our HTML: a message without bold is better than none.
func (c *Channel) sendPart(ctx context.Context, m *outgoing) (int, error) {
	p := &tgbot.SendMessageParams{
		ChatID:             m.Chat,
		MessageThreadID:    m.Thread,
		Text:               m.HTML,
		ParseMode:          models.ParseModeHTML,
		LinkPreviewOptions: &models.LinkPreviewOptions{IsDisabled: tgbot.True()},
		ReplyParameters:    m.Reply,
		ReplyMarkup:        m.Keys,
	}
	id, ex, err := c.sendMessage(ctx, p)
	var moved *tgbot.MigrateError
	if errors.As(err, &moved) {
		m.Chat = int64(moved.MigrateToChatID)
		p.ChatID = m.Chat
		id, ex, err = c.sendMessage(ctx, p)
	}
	if errors.Is(err, tgbot.ErrorBadRequest) && strings.Contains(err.Error(), "can't parse entities") {
		c.cfg.Log.Error("telegram refused our HTML; sent as plain text", "err", discreet(err))
		p.Text, p.ParseMode = m.Plain, ""
		id, ex, err = c.sendMessage(ctx, p)
	}
	if err != nil {
		return 0, c.sendError(err, ex)
	}
	return id, nil
}

func (c *Channel) sendMessage(ctx context.Context, p *tgbot.SendMessageParams) (int, exchange, error) {
	ctx, ex := withExchange(ctx)
	msg, err := c.api.SendMessage(ctx, p)
	return sentID(msg, ex, err)
}

var errNoID = errors.New("telegram: the answer holds no message id")

func sentID(msg *models.Message, ex *exchange, err error) (int, exchange, error) {
	switch {
	case err != nil:
		return 0, *ex, err
	case msg == nil || msg.ID == 0:
		return 0, *ex, errNoID
	default:
		return msg.ID, *ex, nil
	}
}

// sendError classifies a failure, logs what the operator has to mend, and sees to it that the token stays inside.
func (c *Channel) sendError(err error, ex exchange) error {
	se := classify(err, ex)
	if strings.Contains(se.Err.Error(), c.cfg.Token) {
		se.Err = errors.New(c.client.mask(se.Err.Error()))
	}
	if errors.Is(err, tgbot.ErrorUnauthorized) || errors.Is(err, tgbot.ErrorNotFound) {
		c.cfg.Log.Error("telegram refused the token; check DESKBELL_TELEGRAM_TOKEN", "status", ex.Status)
	}
	return se
}

// Delete deletes a message. One that is gone already counts as deleted. Telegram allows it for 48 hours.
func (c *Channel) Delete(ctx context.Context, a bot.Address, messageID string) error {
	t, err := targetOf(a, "")
	if err != nil {
		return rejected(err)
	}
	id, err := strconv.Atoi(messageID)
	if err != nil {
		return rejected(fmt.Errorf("telegram: %q is no message id", messageID))
	}
	ctx, ex := withExchange(ctx)
	_, err = c.api.DeleteMessage(ctx, &tgbot.DeleteMessageParams{ChatID: t.Chat, MessageID: id})
	if err == nil || strings.Contains(err.Error(), "message to delete not found") {
		return nil
	}
	return c.sendError(err, *ex)
}

// Typing shows for up to five seconds that an answer is being written.
func (c *Channel) Typing(ctx context.Context, a bot.Address, thread string) error {
	t, err := targetOf(a, thread)
	if err != nil {
		return rejected(err)
	}
	ctx, ex := withExchange(ctx)
	_, err = c.api.SendChatAction(ctx, &tgbot.SendChatActionParams{
		ChatID: t.Chat, MessageThreadID: t.Thread, Action: models.ChatActionTyping,
	})
	if err != nil {
		return c.sendError(err, *ex)
	}
	return nil
}

// Upload sends a file with the delivery's text as its caption; of a text longer than a caption only the beginning.
func (c *Channel) Upload(ctx context.Context, d bot.Delivery, f bot.File) (string, error) {
	t, err := targetOf(d.Address, d.Thread)
	if err != nil {
		return "", rejected(err)
	}
	keys, err := keyboard(d.Buttons)
	if err != nil {
		return "", rejected(err)
	}
	p := &tgbot.SendDocumentParams{
		ChatID: t.Chat, MessageThreadID: t.Thread, ReplyParameters: replyTo(d.ReplyTo), ReplyMarkup: keys,
	}
	if parts := render(d, maxCaption); len(parts) > 0 {
		p.Caption, p.ParseMode = parts[0].HTML, models.ParseModeHTML
	}
	id, ex, err := c.sendDocument(ctx, p, f)
	var moved *tgbot.MigrateError
	if errors.As(err, &moved) {
		p.ChatID = int64(moved.MigrateToChatID)
		id, ex, err = c.sendDocument(ctx, p, f)
	}
	if err != nil {
		return "", c.sendError(err, ex)
	}
	return strconv.Itoa(id), nil
}

func (c *Channel) sendDocument(ctx context.Context, p *tgbot.SendDocumentParams, f bot.File) (int, exchange, error) {
	ctx, ex := withExchange(ctx)
	p.Document = &models.InputFileUpload{Filename: f.Name, Data: bytes.NewReader(f.Data)}
	msg, err := c.api.SendDocument(ctx, p)
	return sentID(msg, ex, err)
}

// answerCallback ends the waiting mark on a pressed button. A query that is too old is as good as answered.
func (c *Channel) answerCallback(ctx context.Context, id string) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	_, err := c.api.AnswerCallbackQuery(ctx, &tgbot.AnswerCallbackQueryParams{CallbackQueryID: id})
	if err != nil && !strings.Contains(err.Error(), "query is too old") {
		c.cfg.Log.Warn("answer a button", "err", c.client.mask(discreet(err).Error()))
	}
}

// pause waits, or returns the context's error.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
