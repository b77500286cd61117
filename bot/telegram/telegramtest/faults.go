package telegramtest

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/bot/telegram/telegramtest/internal/schema"
)

// Fault is a way for a call to go wrong.
type Fault struct {
	Accept     bool   // the method is carried out all the same
	Drop       bool   // the connection closes without an answer
	Hang       bool   // no answer until the client gives up
	Status     int    // HTTP status of the answer
	Body       string // what is answered in place of the Bot API's JSON, e.g. a proxy's page
	Text       string // description of the refusal
	RetryAfter int    // seconds, with status 429
	MigrateTo  int64  // the group's new id, with status 400
}

// The faults that matter most.
var (
	ServerError        = Fault{Status: http.StatusInternalServerError, Text: "Internal Server Error"}
	ProxyError         = Fault{Status: http.StatusBadGateway, Body: "<html><h1>502 Bad Gateway</h1></html>"}
	Drop               = Fault{Drop: true}
	DropAfterAccept    = Fault{Drop: true, Accept: true}
	TimeoutAfterAccept = Fault{Hang: true, Accept: true}
)

// TooMany is a refusal for too many requests.
func TooMany(seconds int) Fault {
	return Fault{Status: http.StatusTooManyRequests, RetryAfter: seconds, Text: fmt.Sprintf("Too Many Requests: retry after %d", seconds)}
}

// FailNext makes the next call of a method go wrong; repeated, the ones after it.
func (s *Server) FailNext(method string, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[method] = append(s.faults[method], f)
}

func (s *Server) takeFault(method string) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fs := s.faults[method]
	if len(fs) == 0 {
		return Fault{}, false
	}
	s.faults[method] = fs[1:]
	return fs[0], true
}

func (s *Server) goWrong(w http.ResponseWriter, r *http.Request, f Fault) {
	switch {
	case f.Drop:
		panic(http.ErrAbortHandler) // net/http closes the connection
	case f.Hang:
		select {
		case <-r.Context().Done():
		case <-s.ctx.Done():
		}
		panic(http.ErrAbortHandler)
	case f.Body != "":
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(f.Status)
		_, _ = io.WriteString(w, f.Body) // the client is gone if this fails
	default:
		writeError(w, &apiError{Code: f.Status, Text: f.Text, RetryAfter: f.RetryAfter, MigrateTo: f.MigrateTo})
	}
}

// Call is a request as it came, whatever became of it.
type Call struct {
	Method string
	Params map[string]string
	Failed bool   // refused or made to go wrong
	Form   string // content type, without parameters
	Length int64  // of the body, -1 for one sent in chunks
	At     time.Time
}

// Sent is a message that was accepted from the bot.
type Sent struct {
	Method    string
	ChatID    int64
	MessageID int64
	Text      string // parsed
	Params    map[string]string
	At        time.Time
}

func (s *Server) record(c Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, c)
	s.touch()
}

// Calls returns the requests for a method so far; "" for every method but getUpdates.
func (s *Server) Calls(method string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Call
	for _, c := range s.calls {
		if c.Method == method || method == "" && c.Method != "getUpdates" {
			out = append(out, c)
		}
	}
	return out
}

// Ledger returns every message accepted from the bot, in order.
func (s *Server) Ledger() []Sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sent)
}

// known are Telegram's words for parameters that do not fit; "field" or "method.field", then what is wrong.
var known = map[string]string{
	"chat_id: missing":           "chat_id is empty",
	"text: missing":              "message text is empty",
	"message_id: missing":        "message identifier is not specified",
	"message_ids: missing":       "message identifiers are not specified",
	"document: missing":          "there is no document in the request",
	"action: missing":            "wrong parameter action in request",
	"callback_query_id: missing": "query is too old and response timeout expired or query ID is invalid",
	"file_id: missing":           "file_id not specified",
	"secret_token: longer":       "secret token is too long",
	"commands: missing":          "can't parse list of commands: expected an Array of BotCommand",
}

// refusal words a parameter that does not fit as Telegram does, or names it where Telegram's words are not known.
func refusal(method string, err error) error {
	p, ok := err.(*schema.Problem)
	if !ok {
		return badRequest(err.Error())
	}
	word, _, _ := strings.Cut(p.Reason, " ")
	if text, ok := known[p.Field+": "+word]; ok {
		return badRequest(text)
	}
	switch {
	case p.Field == "reply_markup.inline_keyboard.callback_data":
		return badRequest("BUTTON_DATA_INVALID")
	case strings.HasPrefix(p.Field, "reply_markup.inline_keyboard"):
		return badRequest("can't parse inline keyboard button: " + p.Reason)
	case strings.HasPrefix(p.Field, "reply_markup"):
		return badRequest("can't parse reply keyboard markup JSON object")
	case p.Field == "text" && method == "answerCallbackQuery":
		return badRequest("MESSAGE_TOO_LONG")
	case p.Field == "commands.command":
		return badRequest("BOT_COMMAND_INVALID")
	case p.Field == "commands.description":
		return badRequest("BOT_COMMAND_DESCRIPTION_INVALID")
	default:
		return badRequest(p.Error())
	}
}
