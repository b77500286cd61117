// Package telegramtest is a Telegram Bot API server to test against, and to try Deskbell with when there is no account.
// It speaks the real protocol over HTTP: long polling that confirms by offset, webhooks in order per chat with retries,
// entities, keyboards, files; it refuses what Telegram refuses, in Telegram's words, and holds every request against
// the condensed schema of the Bot API. Stricter than Telegram it also refuses parameters that do not exist.
//
// Tests write as people: s.User("Ann", "en").Say("hello"), then Expect what the bot says. FailNext makes the next call
// go wrong in one of the ways that matter. Page shows it all in a browser, for `deskbell demo`.
//
// Everything is in memory. Start at New.
package telegramtest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/deskbell/deskbell/bot/telegram/telegramtest/internal/schema"
)

// Options say what kind of Telegram this is. The zero Options are fine for tests.
type Options struct {
	Token    string        // "" for TestToken
	Name     string        // the bot's name; "" for "Deskbell"
	Username string        // the bot's username; "" for "deskbell_bot"
	Speed    float64       // how much faster than Telegram time-outs and retries run; 0 for 1
	Wait     time.Duration // how long Expect waits; 0 for 5 s
	Now      func() time.Time
	Log      *slog.Logger
}

// TestToken is the token of the bot unless Options say otherwise.
const TestToken = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"

// maxRequest is the largest request, in bytes: a file of 50 MB and what surrounds it.
const maxRequest = 52 << 20

// Server is the fake. It is an http.Handler; Close ends its deliveries.
type Server struct {
	opts   Options
	schema *schema.Schema
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu       sync.Mutex
	closed   bool
	changed  chan struct{} // closed and replaced whenever something changes
	version  int64         // rises whenever something changes
	me       person
	users    map[int64]*User
	chats    map[int64]*chat
	order    []int64 // chat ids, in the order in which they were made
	updates  queue
	hook     hook
	presses  map[string]*press
	files    map[string]*file
	commands map[string]json.RawMessage // by language code
	faults   map[string][]Fault
	calls    []Call
	sent     []Sent
	serial   int64 // source of ids
	stocked  bool  // Page has made its people
}

// New makes a server. It panics when the schema in the program is broken, which a test of it would have found.
func New(o Options) *Server {
	sch, err := schema.Load()
	if err != nil {
		panic(err)
	}
	o = withDefaults(o)
	ctx, cancel := context.WithCancel(context.Background())
	id, _, _ := strings.Cut(o.Token, ":")
	s := &Server{
		opts: o, schema: sch, ctx: ctx, cancel: cancel, changed: make(chan struct{}),
		me:    person{ID: number(id), IsBot: true, FirstName: o.Name, Username: o.Username},
		users: map[int64]*User{}, chats: map[int64]*chat{}, presses: map[string]*press{}, files: map[string]*file{},
		commands: map[string]json.RawMessage{}, faults: map[string][]Fault{},
		updates: queue{next: 730001},
	}
	s.wg.Go(s.runHook)
	return s
}

func withDefaults(o Options) Options {
	if o.Token == "" {
		o.Token = TestToken
	}
	if o.Name == "" {
		o.Name = "Deskbell"
	}
	if o.Username == "" {
		o.Username = "deskbell_bot"
	}
	if o.Speed <= 0 {
		o.Speed = 1
	}
	if o.Wait <= 0 {
		o.Wait = 5 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Token is the bot's token.
func (s *Server) Token() string { return s.opts.Token }

// Username is the bot's username, without "@".
func (s *Server) Username() string { return s.opts.Username }

// Close ends webhook deliveries, open polls and pages. Requests after it are answered 503.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	s.touch()
	s.mu.Unlock()
	s.cancel()
	s.wg.Wait()
}

// touch tells everybody who waits that something has changed. The lock is held.
func (s *Server) touch() {
	s.version++
	close(s.changed)
	s.changed = make(chan struct{})
}

// scaled is a span of Telegram's time in ours.
func (s *Server) scaled(d time.Duration) time.Duration {
	return time.Duration(float64(d) / s.opts.Speed)
}

// id returns a fresh number. The lock is held.
func (s *Server) id() int64 {
	s.serial++
	return s.serial
}

// apiError is a refusal.
type apiError struct {
	Code       int
	Text       string
	RetryAfter int
	MigrateTo  int64
}

func (e *apiError) Error() string { return fmt.Sprintf("%d %s", e.Code, e.Text) }

func badRequest(text string) error {
	return &apiError{Code: http.StatusBadRequest, Text: "Bad Request: " + text}
}
func forbidden(text string) error {
	return &apiError{Code: http.StatusForbidden, Text: "Forbidden: " + text}
}

var errNotFound = &apiError{Code: http.StatusNotFound, Text: "Not Found"}

// ServeHTTP answers /bot<token>/<method> and /file/bot<token>/<path>.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if path, ok := strings.CutPrefix(r.URL.Path, "/file/bot"); ok {
		s.serveFile(w, r, path)
		return
	}
	rest, ok := strings.CutPrefix(r.URL.Path, "/bot")
	token, method, ok2 := strings.Cut(rest, "/")
	switch {
	case !ok || !ok2 || token == "":
		writeError(w, errNotFound)
		return
	case token != s.opts.Token:
		writeError(w, &apiError{Code: http.StatusUnauthorized, Text: "Unauthorized"})
		return
	}
	params, err := readParams(w, r)
	if err != nil {
		writeError(w, badRequest(err.Error()))
		return
	}
	s.answer(w, r, method, params)
}

// answer runs a method, going wrong where a test asked for it.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, method string, params schema.Params) {
	fault, faulty := s.takeFault(method)
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	call := Call{Method: method, Params: texts(params), Form: kind, Length: r.ContentLength, At: s.opts.Now()}
	if faulty && !fault.Accept {
		call.Failed = true
		s.record(call)
		s.goWrong(w, r, fault)
		return
	}
	result, err := s.dispatch(r.Context(), call, params)
	if faulty {
		s.goWrong(w, r, fault)
		return
	}
	if err != nil {
		writeError(w, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"ok": true, "result": result})
}

// dispatch runs a method as if nothing could go wrong on the way.
func (s *Server) dispatch(ctx context.Context, call Call, params schema.Params) (any, error) {
	name, fields := s.method(call.Method)
	if fields == nil {
		return nil, errNotFound
	}
	call.Method = name
	args, err := s.schema.Check(name, params)
	if err != nil {
		call.Failed = true
		s.record(call)
		return nil, refusal(name, err)
	}
	result, err := s.run(ctx, name, request{args: args, files: params})
	call.Failed = err != nil
	s.record(call)
	return result, err
}

// method finds a method's own spelling; the Bot API does not mind case.
func (s *Server) method(name string) (string, map[string]schema.Field) {
	if f, ok := s.schema.Methods[name]; ok {
		return name, f
	}
	for n, f := range s.schema.Methods {
		if strings.EqualFold(n, name) {
			return n, f
		}
	}
	return "", nil
}

// readParams reads a query, a form of either kind, or a JSON object.
func readParams(w http.ResponseWriter, r *http.Request) (schema.Params, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
	out := schema.Params{}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case kind == "application/json":
		return out, readJSON(r.Body, out)
	case kind == "multipart/form-data":
		err = r.ParseMultipartForm(maxRequest)
	case err == nil || r.Header.Get("Content-Type") == "":
		err = r.ParseForm()
	}
	if err != nil {
		return nil, fmt.Errorf("can't parse the request: %w", err)
	}
	for k, v := range r.Form {
		out[k] = schema.Value{Text: v[0]}
	}
	if r.MultipartForm == nil {
		return out, nil
	}
	for k, v := range r.MultipartForm.Value {
		out[k] = schema.Value{Text: v[0]}
	}
	for k, v := range r.MultipartForm.File {
		data, err := readUpload(v[0])
		if err != nil {
			return nil, err
		}
		out[k] = schema.Value{File: true, Text: v[0].Filename, JSON: data}
	}
	return out, nil
}

func readJSON(body io.Reader, out schema.Params) error {
	raw, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	if len(raw) == 0 {
		return nil
	}
	var obj map[string]json.RawMessage
	if err := json.Unmarshal(raw, &obj); err != nil {
		return fmt.Errorf("can't parse the JSON object: %w", err)
	}
	for k, v := range obj {
		if string(v) != "null" {
			out[k] = schema.Value{JSON: v}
		}
	}
	return nil
}

// texts shows parameters as text, for the ledger.
func texts(p schema.Params) map[string]string {
	out := make(map[string]string, len(p))
	for k, v := range p {
		switch {
		case v.File || v.JSON == nil:
			out[k] = v.Text
		default:
			var str string
			if json.Unmarshal(v.JSON, &str) == nil {
				out[k] = str
			} else {
				out[k] = string(v.JSON)
			}
		}
	}
	return out
}

func writeError(w http.ResponseWriter, err error) {
	e, ok := err.(*apiError)
	if !ok {
		e = &apiError{Code: http.StatusInternalServerError, Text: "Internal Server Error"}
	}
	body := map[string]any{"ok": false, "error_code": e.Code, "description": e.Text}
	params := map[string]any{}
	if e.RetryAfter > 0 {
		params["retry_after"] = e.RetryAfter
	}
	if e.MigrateTo != 0 {
		params["migrate_to_chat_id"] = e.MigrateTo
	}
	if len(params) > 0 {
		body["parameters"] = params
	}
	writeJSON(w, e.Code, body)
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client is gone if this fails
}
