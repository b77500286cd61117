package telegram

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net/http"

	tgbot "github.com/go-telegram/bot"

	"github.com/deskbell/deskbell/bot"
)

const (
	secretHeader = "X-Telegram-Bot-Api-Secret-Token"
	maxBody      = 1 << 20
	// retryAfter is what Telegram is told to wait when an update cannot be stored, in seconds. It obeys.
	retryAfter = "5"
)

// Register tells Telegram to push updates to PublicURL+WebhookPath. Like Run it waits out failures; it returns nil once
// registered, ctx's error, an error wrapping bot.ErrForbidden when the token is refused, or the reason when Telegram
// refuses the address.
func (c *Channel) Register(ctx context.Context) error {
	if !c.cfg.Webhook {
		return errors.New("telegram: Register is for webhook mode: set DESKBELL_TELEGRAM_MODE to webhook")
	}
	if _, err := c.hello(ctx); err != nil {
		return err
	}
	var refused error
	err := c.insist(ctx, "register the webhook", func() error {
		ctx, ex := withExchange(ctx)
		_, err := c.api.SetWebhook(ctx, &tgbot.SetWebhookParams{
			URL: c.cfg.PublicURL + WebhookPath, SecretToken: c.cfg.Secret, AllowedUpdates: allowedUpdates,
		})
		if errors.Is(err, tgbot.ErrorBadRequest) {
			refused = fmt.Errorf("telegram setWebhook: refused %s%s: %w: check DESKBELL_PUBLIC_URL", c.cfg.PublicURL, WebhookPath, discreet(err))
			return nil
		}
		if err != nil {
			return c.apiError("setWebhook", err, ex)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return refused
}

// Webhook takes updates that Telegram pushes. It answers 200 only after the Receiver has stored the update, or when the
// update is none of our business; 503 when it could not be stored, and Telegram will push it again.
func (c *Channel) Webhook(r bot.Receiver) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			http.Error(w, "POST only", http.StatusMethodNotAllowed)
			return
		}
		if !c.knowsSecret(req) {
			http.Error(w, "wrong secret", http.StatusUnauthorized)
			return
		}
		raw, err := io.ReadAll(http.MaxBytesReader(w, req.Body, maxBody))
		if err != nil {
			var tooLarge *http.MaxBytesError
			if errors.As(err, &tooLarge) {
				http.Error(w, "too large", http.StatusRequestEntityTooLarge)
				return
			}
			http.Error(w, "unreadable", http.StatusBadRequest)
			return
		}
		if err := c.acceptPushed(req.Context(), r, raw); err != nil {
			c.cfg.Log.Error("telegram: store an update", "err", err)
			w.Header().Set("Retry-After", retryAfter)
			http.Error(w, "not stored", http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusOK)
	})
}

// knowsSecret compares in constant time, whatever the lengths.
func (c *Channel) knowsSecret(req *http.Request) bool {
	want := sha256.Sum256([]byte(c.cfg.Secret))
	got := sha256.Sum256([]byte(req.Header.Get(secretHeader)))
	return subtle.ConstantTimeCompare(want[:], got[:]) == 1 && c.cfg.Secret != ""
}

func (c *Channel) acceptPushed(ctx context.Context, r bot.Receiver, raw []byte) error {
	c.mu.Lock()
	me := identity{ID: c.botID, Username: c.me}
	c.mu.Unlock()
	g := peek(raw, me)
	if g.Verdict == ask {
		name, err := c.username(ctx)
		if err != nil {
			return err
		}
		me.Username = name
		g = peek(raw, me)
	}
	if g.Verdict == skip {
		return nil
	}
	in := c.incoming(raw, g, me)
	if g.UpdateID == 0 {
		in.ExternalID = fmt.Sprintf("unreadable:%d", c.cfg.Now().UnixNano())
	}
	if _, err := r.Receive(ctx, bot.Batch{Items: []bot.Incoming{in}}); err != nil {
		return err
	}
	if g.CallbackID != "" && g.Verdict == keep {
		c.answerCallback(ctx, g.CallbackID)
	}
	return nil
}
