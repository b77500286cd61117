package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"path"
	"strings"
	"time"
)

// Sizes of what Telegram may answer.
const (
	maxResult  = 1 << 20
	maxUpdates = 64 << 20 // 100 updates of the largest kind
)

// noAnswer stands as error_code in place of an answer that is not the Bot API's: a proxy's 403 says nothing about a user.
const noAnswer = 599

// uploadTimeout bounds methods that carry a file.
const uploadTimeout = 60 * time.Second

// exchange is what a call learned about its HTTP request, for judging a failure.
type exchange struct {
	Begun  bool // bytes of the request may have reached Telegram
	Status int  // HTTP status, 0 for no answer
}

type exchangeKey struct{}

// withExchange returns a context whose request writes what happened into the exchange.
func withExchange(ctx context.Context) (context.Context, *exchange) {
	ex := &exchange{}
	return context.WithValue(ctx, exchangeKey{}, ex), ex
}

// client is the library's HTTP client. It sends requests with a length instead of in chunks, as url-encoded forms where
// there is no file; bounds each method's time; and returns answers that hold only JSON and never the token.
type client struct {
	http  *http.Client
	token string
	send  time.Duration
	poll  time.Duration
}

func newClient(cfg Config) *client {
	rt := cfg.Transport
	if rt == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.DialContext = (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext
		t.MaxIdleConnsPerHost = 16
		rt = t
	}
	return &client{
		http: &http.Client{
			Transport: rt,
			// A redirect would repeat a POST as a GET and carry the token to another host.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		token: cfg.Token,
		send:  cfg.SendTimeout,
		poll:  cfg.PollTimeout + 15*time.Second,
	}
}

// Do sends one request of the library.
func (c *client) Do(req *http.Request) (*http.Response, error) {
	method := path.Base(req.URL.Path)
	body, contentType, hasFile, err := reencode(req)
	if err != nil {
		return nil, fmt.Errorf("telegram %s: encode: %w", method, err)
	}
	ctx, cancel := context.WithTimeout(req.Context(), c.timeout(method, hasFile))
	defer cancel()
	ex, _ := req.Context().Value(exchangeKey{}).(*exchange)
	if ex == nil {
		ex = &exchange{}
	}
	out, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace(ex)), req.Method, req.URL.String(), bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("telegram " + method + ": the API URL and token make no valid address")
	}
	out.Header.Set("Content-Type", contentType)
	resp, err := c.http.Do(out)
	if err != nil {
		return nil, c.clean(method, err)
	}
	defer resp.Body.Close()
	ex.Status = resp.StatusCode
	limit := int64(maxResult)
	if method == "getUpdates" {
		limit = maxUpdates
	}
	raw, err := io.ReadAll(io.LimitReader(resp.Body, limit))
	if err != nil {
		return nil, fmt.Errorf("telegram %s: read the answer: %w", method, c.clean(method, err))
	}
	resp.Body = io.NopCloser(bytes.NewReader(c.answer(method, resp.StatusCode, raw)))
	return resp, nil
}

func (c *client) timeout(method string, hasFile bool) time.Duration {
	switch {
	case method == "getUpdates":
		return c.poll
	case hasFile:
		return max(c.send, uploadTimeout)
	default:
		return c.send
	}
}

func trace(ex *exchange) *httptrace.ClientTrace {
	return &httptrace.ClientTrace{WroteHeaders: func() { ex.Begun = true }}
}

// reencode reads the library's chunked multipart body and returns it whole: as a url-encoded form, or as it was when
// it carries a file.
func reencode(req *http.Request) (body []byte, contentType string, hasFile bool, err error) {
	if req.Body == nil {
		return nil, "application/x-www-form-urlencoded", false, nil
	}
	defer req.Body.Close()
	raw, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, "", false, err
	}
	original := req.Header.Get("Content-Type")
	if len(raw) == 0 { // a method without parameters: the library announces a form and sends nothing
		return nil, "application/x-www-form-urlencoded", false, nil
	}
	_, params, err := mime.ParseMediaType(original)
	if err != nil || params["boundary"] == "" {
		return raw, original, false, nil
	}
	form := url.Values{}
	for mr := multipart.NewReader(bytes.NewReader(raw), params["boundary"]); ; {
		part, err := mr.NextPart()
		if errors.Is(err, io.EOF) {
			return []byte(form.Encode()), "application/x-www-form-urlencoded", false, nil
		}
		if err != nil {
			return nil, "", false, err
		}
		if part.FileName() != "" {
			return raw, original, true, nil
		}
		v, err := io.ReadAll(part)
		if err != nil {
			return nil, "", false, err
		}
		form.Add(part.FormName(), string(v))
	}
}

// answer returns what the library may see of a response: JSON without the token. A page of a proxy becomes an error
// without its content. Of a sent message only the id is kept: the library fails on kinds of content it does not know
// (in the message replied to, for instance), and a message that was sent must not look as if it was not.
func (c *client) answer(method string, status int, raw []byte) []byte {
	var env struct {
		OK          *bool           `json:"ok"`
		Result      json.RawMessage `json:"result,omitempty"`
		Description string          `json:"description,omitempty"`
		ErrorCode   int             `json:"error_code,omitempty"`
		Parameters  json.RawMessage `json:"parameters,omitempty"`
	}
	if err := json.Unmarshal(raw, &env); err != nil || env.OK == nil {
		return fmt.Appendf(nil, `{"ok":false,"error_code":%d,"description":"HTTP status %d and no answer of the Bot API"}`, noAnswer, status)
	}
	if *env.OK && strings.HasPrefix(method, "send") {
		var m struct {
			MessageID int64 `json:"message_id"`
		}
		if json.Unmarshal(env.Result, &m) == nil && m.MessageID != 0 {
			return fmt.Appendf(nil, `{"ok":true,"result":{"message_id":%d}}`, m.MessageID)
		}
	}
	return bytes.ReplaceAll(raw, []byte(c.token), []byte("***"))
}

// clean strips the URL, which holds the token, from an error of net/http and keeps its cause.
func (c *client) clean(method string, err error) error {
	var ue *url.Error
	if errors.As(err, &ue) {
		err = ue.Err
	}
	if strings.Contains(err.Error(), c.token) {
		return fmt.Errorf("telegram %s: %s", method, c.mask(err.Error()))
	}
	return fmt.Errorf("telegram %s: %w", method, err)
}

func (c *client) mask(s string) string { return strings.ReplaceAll(s, c.token, "***") }

// call posts a method with a JSON body, past the library, and returns the raw answer and its status. For getUpdates.
func (c *client) call(ctx context.Context, base, method string, params any) ([]byte, int, error) {
	body, err := json.Marshal(params)
	if err != nil {
		return nil, 0, fmt.Errorf("telegram %s: encode: %w", method, err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/bot"+c.token+"/"+method, bytes.NewReader(body))
	if err != nil {
		return nil, 0, errors.New("telegram " + method + ": the API URL and token make no valid address")
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := c.Do(req)
	if err != nil {
		return nil, 0, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	return raw, resp.StatusCode, err
}
