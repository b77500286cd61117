package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"
	tgbot "github.com/go-telegram/bot"

	"github.com/deskbell/deskbell/bot"
)

// pollLimit is how many updates one poll may bring, Telegram's most.
const pollLimit = 100

// conflictPause is how long to leave the field to whoever else polls this bot.
const conflictPause = 15 * time.Second

// allowedUpdates are the kinds of updates we ask for.
var allowedUpdates = []string{"message", "edited_message", "callback_query", "my_chat_member"}

// Run receives updates by long polling until ctx is done, and then returns nil. The offset moves only after the
// Receiver has stored what came before it. Failures of the network, of Telegram, and of the Receiver are waited out;
// only a token that the Bot API refuses at the start ends Run, with an error that wraps bot.ErrForbidden. Later on a
// refusal is waited out too: it may be Telegram's own trouble, or a proxy's, and nobody would begin to poll again.
func (c *Channel) Run(ctx context.Context, r bot.Receiver) error {
	me, err := c.hello(ctx)
	if err == nil {
		err = c.insist(ctx, "delete the webhook", func() error { return c.deleteWebhook(ctx) })
	}
	var offset int64
	if err == nil {
		err = c.insist(ctx, "read the offset", func() (err error) {
			offset, err = c.storedOffset(ctx, r)
			return err
		})
	}
	if err != nil {
		return unlessDone(ctx, err)
	}
	c.cfg.Log.Info("telegram: polling", "bot", me.Username)

	presses := make(chan string, 4*pollLimit)
	var wg sync.WaitGroup
	wg.Go(func() { c.answerPresses(ctx, presses) })
	err = c.pollLoop(ctx, r, me, offset, presses)
	close(presses)
	wg.Wait()
	return unlessDone(ctx, err)
}

func unlessDone(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// hello learns our name and offers the commands.
func (c *Channel) hello(ctx context.Context) (identity, error) {
	me := identity{ID: c.botID}
	err := c.insist(ctx, "reach the Bot API", func() (err error) {
		me.Username, err = c.username(ctx)
		return err
	})
	if err != nil {
		return me, err
	}
	for code, menu := range menus() {
		ctx, ex := withExchange(ctx)
		p := &tgbot.SetMyCommandsParams{Commands: menu, LanguageCode: code}
		if _, err := c.api.SetMyCommands(ctx, p); err != nil { // without the menu the commands still work
			c.cfg.Log.Warn("offer the commands", "err", c.apiError("setMyCommands", err, ex))
		}
	}
	return me, nil
}

func (c *Channel) deleteWebhook(ctx context.Context) error {
	ctx, ex := withExchange(ctx)
	if _, err := c.api.DeleteWebhook(ctx, &tgbot.DeleteWebhookParams{}); err != nil {
		return c.apiError("deleteWebhook", err, ex)
	}
	return nil
}

// insist repeats f until it succeeds, ctx is done, or the token is refused.
func (c *Channel) insist(ctx context.Context, what string, f func() error) error {
	b := c.backoff()
	for {
		err := f()
		if err == nil || errors.Is(err, bot.ErrForbidden) {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		wait := b.NextBackOff()
		c.cfg.Log.Warn("telegram: cannot "+what+", will try again", "err", err, "in", wait.Round(time.Millisecond))
		if err := pause(ctx, wait); err != nil {
			return err
		}
	}
}

func (c *Channel) backoff() *backoff.ExponentialBackOff {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval, b.MaxInterval, b.Multiplier = c.cfg.Backoff, 30*c.cfg.Backoff, 2
	b.Reset()
	return b
}

func (c *Channel) cursorName() string { return "telegram:" + c.account + ":offset" }

func (c *Channel) storedOffset(ctx context.Context, r bot.Receiver) (int64, error) {
	v, err := r.Cursor(ctx, c.cursorName())
	if err != nil || v == "" {
		return 0, err
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("cursor %s holds %q, not a number", c.cursorName(), v)
	}
	return n, nil
}

// pollLoop polls, stores and polls on. It returns when ctx is done.
func (c *Channel) pollLoop(ctx context.Context, r bot.Receiver, me identity, offset int64, presses chan<- string) error {
	b := c.backoff()
	for ctx.Err() == nil {
		begun := time.Now()
		items, err := c.getUpdates(ctx, offset)
		if err == nil && len(items) > 0 {
			offset, err = c.accept(ctx, r, me, offset, items, presses)
		}
		switch {
		case err != nil:
			err = pause(ctx, c.waitFor(ctx, err, b))
		case len(items) == 0 && time.Since(begun) < c.cfg.PollTimeout/2:
			err = pause(ctx, c.cfg.Backoff) // a server that does not wait must not make us spin
		default:
			b.Reset()
		}
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// waitFor logs a failed poll and says how long to wait.
func (c *Channel) waitFor(ctx context.Context, err error, b *backoff.ExponentialBackOff) time.Duration {
	wait := b.NextBackOff()
	var pe *pollError
	if errors.Is(err, bot.ErrForbidden) {
		wait = max(wait, min(conflictPause, 15*c.cfg.Backoff))
		c.cfg.Log.Error("telegram: the token was good and is refused now, will try again", "err", err, "in", wait.Round(time.Millisecond))
		return wait
	}
	if !errors.As(err, &pe) {
		if ctx.Err() == nil {
			c.cfg.Log.Warn("telegram: poll failed, will try again", "err", err, "in", wait.Round(time.Millisecond))
		}
		return wait
	}
	switch pe.Code {
	case http.StatusConflict:
		c.cfg.Log.Error("telegram: another program receives this bot's updates, or a webhook is set; stop it, or give this one a bot of its own", "err", pe)
		return max(wait, min(conflictPause, 15*c.cfg.Backoff))
	case http.StatusTooManyRequests:
		c.cfg.Log.Warn("telegram: asked to poll less", "retry_after", pe.RetryAfter)
		return max(wait, pe.RetryAfter)
	default:
		c.cfg.Log.Warn("telegram: poll failed, will try again", "err", pe, "in", wait.Round(time.Millisecond))
		return wait
	}
}

// pollError is a refusal of getUpdates.
type pollError struct {
	Code       int
	Text       string
	RetryAfter time.Duration
}

func (e *pollError) Error() string { return fmt.Sprintf("telegram getUpdates: %d %s", e.Code, e.Text) }

// getUpdates polls once. Updates come back undecoded, so that one that cannot be read does not spoil the others.
func (c *Channel) getUpdates(ctx context.Context, offset int64) ([]json.RawMessage, error) {
	raw, status, err := c.client.call(ctx, c.cfg.APIURL, "getUpdates", map[string]any{
		"offset": offset, "limit": pollLimit, "timeout": int(c.cfg.PollTimeout / time.Second), "allowed_updates": allowedUpdates,
	})
	if err != nil {
		return nil, err
	}
	return readUpdates(raw, status)
}

func readUpdates(raw []byte, status int) ([]json.RawMessage, error) {
	var env struct {
		OK          bool              `json:"ok"`
		Result      []json.RawMessage `json:"result"`
		Code        int               `json:"error_code"`
		Description string            `json:"description"`
		Parameters  struct {
			RetryAfter int64 `json:"retry_after"`
		} `json:"parameters"`
	}
	if err := json.Unmarshal(raw, &env); err != nil {
		return nil, fmt.Errorf("telegram getUpdates: the answer is not what the Bot API sends: %w", bot.ErrUnavailable)
	}
	switch {
	case env.OK:
		return env.Result, nil
	case env.Code == http.StatusUnauthorized || env.Code == http.StatusNotFound:
		return nil, refusedToken("getUpdates", status)
	default:
		return nil, &pollError{Code: env.Code, Text: env.Description, RetryAfter: time.Duration(env.Parameters.RetryAfter) * time.Second}
	}
}

// accept hands a poll's updates to the Receiver in one batch and returns the next offset: the last update's id and one,
// not the largest, because ids may start anew after a week of silence.
func (c *Channel) accept(ctx context.Context, r bot.Receiver, me identity, offset int64, items []json.RawMessage, presses chan<- string) (int64, error) {
	h := c.gather(items, me, offset)
	if h.Last == 0 {
		return offset, fmt.Errorf("telegram getUpdates: %d updates without an id: %w", len(items), bot.ErrUnavailable)
	}
	next := h.Last + 1
	batch := bot.Batch{Items: h.Items, Cursor: &bot.Cursor{Name: c.cursorName(), Value: strconv.FormatInt(next, 10)}}
	if _, err := r.Receive(ctx, batch); err != nil {
		return offset, fmt.Errorf("store %d updates: %w", len(h.Items), err)
	}
	for _, id := range h.Presses {
		select {
		case presses <- id:
		default: // the button blinks a little longer; the press itself is stored
		}
	}
	return next, nil
}

// harvest is what a group of updates brought.
type harvest struct {
	Items   []bot.Incoming
	Presses []string // callback queries to answer
	Last    int64    // id of the last update that has one
}

func (c *Channel) gather(items []json.RawMessage, me identity, offset int64) harvest {
	var h harvest
	for i, raw := range items {
		g := peek(raw, me)
		if g.UpdateID != 0 {
			h.Last = g.UpdateID
		}
		if g.Verdict == skip {
			continue
		}
		in := c.incoming(raw, g, me)
		if g.UpdateID == 0 {
			in.ExternalID = fmt.Sprintf("unreadable:%d:%d", offset, i)
		}
		h.Items = append(h.Items, in)
		if g.CallbackID != "" && g.Verdict == keep {
			h.Presses = append(h.Presses, g.CallbackID)
		}
	}
	return h
}

// incoming makes a Receiver's item of an update. A wreck has no conversation.
func (c *Channel) incoming(raw []byte, g glance, me identity) bot.Incoming {
	return bot.Incoming{
		Address:    bot.Address{Channel: ChannelName, Account: c.account, Key: g.Key},
		ExternalID: "update:" + strconv.FormatInt(g.UpdateID, 10),
		Doc:        storable(raw, me.Username),
		ReceivedAt: c.cfg.Now(),
	}
}

// answerPresses answers callback queries until there are no more, beside the poll: a slow answer must not delay
// the next update.
func (c *Channel) answerPresses(ctx context.Context, presses <-chan string) {
	for id := range presses {
		if ctx.Err() == nil {
			c.answerCallback(ctx, id)
		}
	}
}
