package telegram

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	tgbot "github.com/go-telegram/bot"

	"github.com/deskbell/deskbell/bot"
)

// classify says what is known of a failed send. It is pure.
func classify(err error, ex exchange) *bot.SendError {
	var limit *tgbot.TooManyRequestsError
	switch {
	case errors.As(err, &limit):
		return &bot.SendError{Outcome: bot.NotSent, RetryAfter: time.Duration(limit.RetryAfter) * time.Second, Err: errors.New("too many requests")}
	case errors.Is(err, tgbot.ErrorForbidden):
		return &bot.SendError{Outcome: bot.Gone, Err: discreet(err)}
	case errors.Is(err, tgbot.ErrorBadRequest):
		return &bot.SendError{Outcome: badRequest(err), Err: discreet(err)}
	case errors.Is(err, tgbot.ErrorUnauthorized), errors.Is(err, tgbot.ErrorNotFound):
		// The token was revoked or the API URL is wrong: the operator's mistake, worth waiting for its mend.
		return &bot.SendError{Outcome: bot.NotSent, RetryAfter: time.Minute, Err: discreet(err)}
	case errors.Is(err, tgbot.ErrorConflict):
		return &bot.SendError{Outcome: bot.NotSent, Err: discreet(err)}
	case ex.Status == http.StatusTooManyRequests:
		return &bot.SendError{Outcome: bot.NotSent, Err: discreet(err)}
	case ex.Status == http.StatusRequestEntityTooLarge:
		return &bot.SendError{Outcome: bot.Rejected, Err: discreet(err)}
	case !ex.Begun:
		return &bot.SendError{Outcome: bot.NotSent, Err: discreet(err)}
	default:
		return &bot.SendError{Outcome: bot.Ambiguous, Err: discreet(err)}
	}
}

// badRequest tells the chats that are gone from requests that are wrong.
func badRequest(err error) bot.SendOutcome {
	text := strings.ToLower(err.Error())
	for _, s := range []string{"chat not found", "group chat was deactivated", "peer_id_invalid", "user is deactivated"} {
		if strings.Contains(text, s) {
			return bot.Gone
		}
	}
	return bot.Rejected
}

// quoted finds what Telegram's descriptions quote of a request: text, tags, URLs.
var quoted = regexp.MustCompile(`"[^"]*"|'[^']*'`)

// discreet returns the error without what Telegram quotes of the message. Its cause can still be found by errors.Is.
func discreet(err error) error {
	text := err.Error()
	if clean := quoted.ReplaceAllString(text, "…"); clean != text {
		return &discreetError{text: clean, cause: err}
	}
	return err
}

type discreetError struct {
	text  string
	cause error
}

func (e *discreetError) Error() string        { return e.text }
func (e *discreetError) Is(target error) bool { return errors.Is(e.cause, target) }

// apiError words the failure of a method that sends nothing: wraps ErrForbidden when the token is refused, else
// ErrUnavailable.
func (c *Channel) apiError(method string, err error, ex *exchange) error {
	if errors.Is(err, tgbot.ErrorUnauthorized) || errors.Is(err, tgbot.ErrorNotFound) {
		return refusedToken(method, ex.Status)
	}
	return fmt.Errorf("telegram %s: %s: %w", method, c.client.mask(discreet(err).Error()), bot.ErrUnavailable)
}

func refusedToken(method string, status int) error {
	return fmt.Errorf("telegram %s: the Bot API refused the token (HTTP %d): check DESKBELL_TELEGRAM_TOKEN and DESKBELL_TELEGRAM_API_URL: %w",
		method, status, bot.ErrForbidden)
}
