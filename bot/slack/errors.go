package slack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	slackapi "github.com/slack-go/slack"

	"github.com/deskbell/deskbell/bot"
)

// Slack's error codes by what they mean for us (chat.postMessage, files.*, auth.test, apps.connections.open).
var (
	// authCodes say that the token or the app is no good: nothing will work until the operator acts.
	authCodes = []string{
		"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type",
		"app_uninstalled", "no_permission", "missing_scope",
	}
	// goneCodes say that this conversation cannot be reached any more.
	goneCodes = []string{
		"channel_not_found", "not_in_channel", "is_archived", "user_disabled", "user_not_found", "messages_tab_disabled",
		"cannot_dm_bot", "account_inactive", "team_not_found", "thread_not_found", "is_inactive",
	}
	// laterCodes say that Slack did nothing and may do it later.
	laterCodes = []string{
		"ratelimited", "rate_limited", "message_limit_exceeded", "service_unavailable", "team_added_to_org",
		"org_login_required", "accesslimited", "two_factor_setup_required", "external_channel_migrating",
	}
	// unsureCodes leave open whether it was done.
	unsureCodes = []string{"fatal_error", "internal_error", "request_timeout"}
)

// Waits for NotSent: before the first byte left, and when the operator has to mend something.
const (
	dialRetry     = 5 * time.Second
	operatorRetry = time.Minute
)

// sendError words a failed call as what is known of its outcome. op is the method's name. The cause is made safe: no
// token, no URL, no message text.
func sendError(op string, err error) error {
	if err == nil {
		return nil
	}
	outcome, wait := classify(err)
	return &bot.SendError{Outcome: outcome, RetryAfter: wait, Err: fmt.Errorf("slack %s: %w", op, safe(err))}
}

// classify is pure.
func classify(err error) (bot.SendOutcome, time.Duration) {
	var (
		limited *slackapi.RateLimitedError
		code    slackapi.SlackErrorResponse
		status  slackapi.StatusCodeError
	)
	switch {
	case errors.As(err, &limited):
		return bot.NotSent, max(limited.RetryAfter, time.Second)
	case errors.As(err, &code):
		return classifyCode(code.Err)
	case errors.As(err, &status):
		return classifyStatus(status.Code)
	case notDialled(err):
		return bot.NotSent, dialRetry
	}
	return bot.Ambiguous, 0 // time-outs, EOF, resets, unreadable answers
}

func classifyCode(code string) (bot.SendOutcome, time.Duration) {
	switch {
	case slices.Contains(laterCodes, code):
		return bot.NotSent, operatorRetry
	case slices.Contains(unsureCodes, code):
		return bot.Ambiguous, 0
	case slices.Contains(goneCodes, code):
		return bot.Gone, 0
	case slices.Contains(authCodes, code): // a new token mends it, and the message is still good
		return bot.NotSent, operatorRetry
	}
	return bot.Rejected, 0
}

func classifyStatus(status int) (bot.SendOutcome, time.Duration) {
	switch {
	case status == http.StatusTooManyRequests: // without Retry-After, or the library had told
		return bot.NotSent, 30 * time.Second
	case status >= 500:
		return bot.Ambiguous, 0
	}
	return bot.Rejected, 0
}

// notDialled reports that no connection was made, so that Slack cannot have seen the request.
func notDialled(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	return errors.As(err, &op) && op.Op == "dial" || errors.As(err, &dns)
}

// fatalAuth reports that waiting does not help: the operator has to mend the token or its scopes.
func fatalAuth(err error) bool {
	var code slackapi.SlackErrorResponse
	return errors.As(err, &code) && slices.Contains(authCodes, code.Err)
}

func hasCode(err error, codes ...string) bool {
	var code slackapi.SlackErrorResponse
	return errors.As(err, &code) && slices.Contains(codes, code.Err)
}

// safe takes out of an error what must not be logged: the URLs of upload and socket carry tickets, response_url is a key,
// and what cannot be decoded may be quoted.
func safe(err error) error {
	var (
		u       *url.Error
		code    slackapi.SlackErrorResponse
		limited *slackapi.RateLimitedError
		status  slackapi.StatusCodeError
		op      *net.OpError
	)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &limited):
		return limited
	case errors.As(err, &code):
		return code
	case errors.As(err, &status):
		return status
	case errors.As(err, &op):
		return op
	case errors.As(err, &u):
		return safeCause(u.Err)
	}
	return safeCause(err)
}

// safeCause keeps only errors whose words are known to be harmless.
func safeCause(err error) error {
	for _, known := range []error{context.Canceled, context.DeadlineExceeded, io.EOF, io.ErrUnexpectedEOF, errEmptyTS, errNoTeam, errNoSocketURL} {
		if errors.Is(err, known) {
			return known
		}
	}
	if strings.Contains(err.Error(), "Client.Timeout") {
		return context.DeadlineExceeded
	}
	return fmt.Errorf("the call failed (%T)", err)
}

// errEmptyTS is a false success: {"ok":false} without a reason, or {} from something between us and Slack.
var errEmptyTS = errors.New("the answer names no message")

// Answers that name less than they must.
var (
	errNoTeam      = errors.New("auth.test answered without team_id and user_id")
	errNoSocketURL = errors.New("apps.connections.open named no secure address")
)

// retryDelay is the wait before attempt try+1: doubling from 250 ms to limit, with jitter; what Slack asks for wins.
func retryDelay(try int, err error, limit time.Duration) time.Duration {
	var limited *slackapi.RateLimitedError
	if errors.As(err, &limited) {
		return max(limited.RetryAfter, time.Second)
	}
	d := min(250*time.Millisecond<<min(try, 10), limit)
	return d/2 + rand.N(d/2+1)
}
