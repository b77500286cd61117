package slacktest

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const maxCallBytes = 4 << 20

// result is the JSON a method answers with, without "ok".
type result map[string]any

// apiError is an error code of Slack's, with messages for the developer.
type apiError struct {
	code     string
	messages []string
}

func (e *apiError) Error() string { return e.code }

func fail(code string, messages ...string) *apiError {
	return &apiError{code: code, messages: messages}
}

// call is a request to a method, its arguments checked against the spec.
type call struct {
	args map[string]string
	r    *http.Request
}

func (c call) str(name string) string { return c.args[name] }

func (c call) flag(name string) bool { return c.args[name] == "true" || c.args[name] == "1" }

func (c call) num(name string, def int) int {
	n, err := strconv.Atoi(c.args[name])
	if err != nil {
		return def
	}
	return n
}

// method is one of the Web API's. It is called with Server.mu held.
type method func(*Server, call) (result, *apiError)

// methods are those this workspace speaks.
var methods = map[string]method{
	"auth.test":                    (*Server).authTest,
	"apps.connections.open":        (*Server).connectionsOpen,
	"chat.postMessage":             (*Server).postMessage,
	"chat.postEphemeral":           (*Server).postEphemeral,
	"chat.update":                  (*Server).updateMessage,
	"chat.delete":                  (*Server).deleteMessage,
	"conversations.history":        (*Server).history,
	"conversations.replies":        (*Server).replies,
	"conversations.open":           (*Server).openConversation,
	"users.info":                   (*Server).userInfo,
	"files.getUploadURLExternal":   (*Server).uploadURL,
	"files.completeUploadExternal": (*Server).completeUpload,
	"views.open":                   (*Server).openView,
}

// Calls is how often a method was called.
func (s *Server) Calls(name string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[name]
}

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request, name string) {
	s.mu.Lock()
	s.calls[name]++
	f := s.fault(name)
	s.mu.Unlock()
	if f != nil && !f.AfterEffect {
		f.answer(w, r)
		return
	}
	status, body := s.perform(r, name)
	if f != nil {
		f.answer(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// perform runs a method and words its answer.
func (s *Server) perform(r *http.Request, name string) (int, result) {
	c, err := s.read(r, name)
	var res result
	if err == nil {
		s.mu.Lock()
		res, err = methods[name](s, c)
		s.mu.Unlock()
	}
	if err == nil {
		if res == nil {
			res = result{}
		}
		res["ok"] = true
		return http.StatusOK, res
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.spec[name]; len(m.Errors) > 0 && !slices.Contains(m.Errors, err.code) && !slices.Contains(general, err.code) {
		s.complain("slacktest: %s never fails with %s", name, err.code)
	}
	res = result{"ok": false, "error": err.code}
	if len(err.messages) > 0 {
		res["response_metadata"] = map[string]any{"messages": err.messages}
	}
	return http.StatusOK, res
}

// general are codes that every method may give although the reference lists them for few.
var general = []string{"invalid_arguments", "thread_not_found", "channel_not_found", "msg_too_long", "user_not_found"}

// read authenticates a request and checks its arguments.
func (s *Server) read(r *http.Request, name string) (call, *apiError) {
	m, ok := s.spec[name]
	if !ok || methods[name] == nil {
		return call{}, fail("unknown_method")
	}
	args, err := arguments(r)
	if err != nil {
		return call{}, err
	}
	if err := authorize(r, name, args); err != nil {
		return call{}, err
	}
	delete(args, "token")
	for arg, value := range args {
		spec, known := m.Args[arg]
		if !known {
			s.mu.Lock()
			s.complain("%s: unknown argument %q", name, arg)
			s.mu.Unlock()
			continue
		}
		if err := checkArg(arg, value, spec); err != nil {
			return call{}, err
		}
	}
	for arg, spec := range m.Args {
		if spec.Required && args[arg] == "" {
			return call{}, fail("invalid_arguments", "[ERROR] missing required field: "+arg)
		}
	}
	return call{args: args, r: r}, nil
}

// arguments reads a call in the three encodings Slack takes.
func arguments(r *http.Request) (map[string]string, *apiError) {
	r.Body = http.MaxBytesReader(nil, r.Body, maxCallBytes)
	args := map[string]string{}
	for k := range r.URL.Query() {
		args[k] = r.URL.Query().Get(k)
	}
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case r.Method == http.MethodGet || err != nil && r.ContentLength == 0:
		return args, nil
	case err != nil:
		return nil, fail("missing_post_type")
	case params["charset"] != "" && !strings.EqualFold(params["charset"], "utf-8"):
		return nil, fail("invalid_charset")
	}
	switch kind {
	case "application/x-www-form-urlencoded", "multipart/form-data":
		if err := r.ParseMultipartForm(maxCallBytes); err != nil && err != http.ErrNotMultipart {
			return nil, fail("invalid_form_data")
		}
		for k := range r.PostForm {
			args[k] = r.PostForm.Get(k)
		}
	case "application/json":
		return args, jsonArguments(r.Body, args)
	default:
		return nil, fail("invalid_post_type")
	}
	return args, nil
}

func jsonArguments(body io.Reader, args map[string]string) *apiError {
	raw, err := io.ReadAll(body)
	if err != nil {
		return fail("request_timeout")
	}
	if len(raw) == 0 {
		return nil
	}
	var m map[string]json.RawMessage
	if json.Unmarshal(raw, &m) != nil {
		return fail("invalid_arguments", "[ERROR] the body is not a JSON object")
	}
	for k, v := range m {
		var s string
		if json.Unmarshal(v, &s) != nil {
			s = string(v)
		}
		args[k] = s
	}
	return nil
}

// authorize checks the token: in the header or, as older clients do, in the form.
func authorize(r *http.Request, name string, args map[string]string) *apiError {
	token := args["token"]
	if h := r.Header.Get("Authorization"); h != "" {
		token = strings.TrimPrefix(h, "Bearer ")
	}
	want, other := BotToken, AppToken
	if name == "apps.connections.open" {
		want, other = AppToken, BotToken
	}
	switch token {
	case want:
		return nil
	case "":
		return fail("not_authed")
	case other:
		return fail("not_allowed_token_type")
	}
	return fail("invalid_auth")
}

var (
	channelShape = regexp.MustCompile(`^[CDG][A-Z0-9]{5,}$`)
	userShape    = regexp.MustCompile(`^[UW][A-Z0-9]{5,}$`)
)

// checkArg holds a value against its type.
func checkArg(name, value string, spec argSpec) *apiError {
	bad := fail("invalid_arguments", "[ERROR] "+name+" has the wrong type")
	switch {
	case value == "":
		return nil
	case spec.JSON && !json.Valid([]byte(value)):
		switch name {
		case "blocks":
			return fail("invalid_blocks_format")
		case "metadata":
			return fail("invalid_metadata_format")
		}
		return bad
	}
	switch spec.Type {
	case "channel":
		if !channelShape.MatchString(value) && !userShape.MatchString(value) && !strings.HasPrefix(value, "#") {
			return fail("channel_not_found")
		}
	case "user":
		if !userShape.MatchString(value) {
			return fail("user_not_found")
		}
	case "timestamp":
		if n, err := strconv.ParseFloat(value, 64); err != nil || n < 0 {
			return bad
		}
	case "boolean":
		if !slices.Contains([]string{"true", "false", "1", "0"}, value) {
			return bad
		}
	case "integer", "number":
		if _, err := strconv.Atoi(value); err != nil {
			return bad
		}
	case "array", "object":
		if !json.Valid([]byte(value)) {
			return bad
		}
	}
	return nil
}

// Fault is something that goes wrong with the next calls of a method.
type Fault struct {
	Times       int           // how often; 1 when 0
	Error       string        // an error code of Slack's, or
	Status      int           // an HTTP status, with RetryAfter for 429, or
	Body        string        // a body with status 200, or
	Drop        bool          // the connection breaks, or
	Hang        time.Duration // no answer for so long, then the connection breaks
	RetryAfter  int           // seconds
	AfterEffect bool          // the method is performed first: only its answer is lost
}

// Fail makes the next calls of a method go wrong.
func (s *Server) Fail(name string, f Fault) {
	if f.Times == 0 {
		f.Times = 1
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[name] = append(s.faults[name], &f)
}

// RateLimit refuses the next call of a method for so many seconds.
func (s *Server) RateLimit(name string, seconds int) {
	s.Fail(name, Fault{Status: http.StatusTooManyRequests, RetryAfter: seconds})
}

// fault takes the next fault of a method. Called with s.mu held.
func (s *Server) fault(name string) *Fault {
	fs := s.faults[name]
	if len(fs) == 0 {
		return nil
	}
	f := fs[0]
	if f.Times--; f.Times <= 0 {
		s.faults[name] = fs[1:]
	}
	return f
}

func (f *Fault) answer(w http.ResponseWriter, r *http.Request) {
	switch {
	case f.Hang > 0:
		select {
		case <-time.After(f.Hang):
		case <-r.Context().Done():
		}
		panic(http.ErrAbortHandler)
	case f.Drop:
		panic(http.ErrAbortHandler)
	case f.Error != "":
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = fmt.Fprintf(w, `{"ok":false,"error":%q}`, f.Error)
	case f.Status != 0:
		if f.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(f.RetryAfter))
		}
		w.WriteHeader(f.Status)
		_, _ = io.WriteString(w, "<html>slacktest: something went wrong</html>")
	default:
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = io.WriteString(w, f.Body)
	}
}
