package telegramtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/deskbell/deskbell/bot/telegram/telegramtest/internal/schema"
)

// hook is the webhook, if one is set. It is guarded by the server's lock.
type hook struct {
	url       string
	secret    string
	most      int // deliveries at a time
	lanes     map[string]*lane
	lastError string
	lastAt    time.Time
}

// lane is a row of updates that are delivered one after the other.
type lane struct {
	busy     bool
	failures int
	next     time.Time // not before
}

var secretShape = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

func (s *Server) setWebhook(_ context.Context, r request) (any, error) {
	raw, secret := r.text("url"), r.text("secret_token")
	if raw == "" {
		return s.deleteWebhook(context.Background(), r)
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return nil, badRequest("bad webhook: invalid webhook URL specified")
	}
	if u.Scheme != "https" && !loopback(u.Hostname()) {
		return nil, badRequest("bad webhook: An HTTPS URL must be provided for webhook")
	}
	if secret != "" && !secretShape.MatchString(secret) {
		return nil, badRequest("secret token contains unallowed characters")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hook = hook{url: raw, secret: secret, most: int(r.integer("max_connections")), lanes: map[string]*lane{}}
	if s.hook.most <= 0 || s.hook.most > 100 {
		s.hook.most = 40
	}
	if v, ok := r.args["allowed_updates"]; ok {
		if err := json.Unmarshal(v, &s.updates.allowed); err != nil {
			return nil, badRequest("can't parse allowed_updates")
		}
	}
	if r.boolean("drop_pending_updates") {
		s.updates.list = nil
	}
	s.touch()
	return true, nil
}

// loopback: like a Bot API server of one's own, this one also delivers to plain HTTP, but only on this machine.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

func (s *Server) deleteWebhook(_ context.Context, r request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hook = hook{}
	if r.boolean("drop_pending_updates") {
		s.updates.list = nil
	}
	s.touch()
	return true, nil
}

func (s *Server) getWebhookInfo(context.Context, request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]any{"url": s.hook.url, "has_custom_certificate": false, "pending_update_count": len(s.updates.list)}
	if s.hook.url != "" {
		out["max_connections"] = s.hook.most
	}
	if len(s.updates.allowed) > 0 {
		out["allowed_updates"] = s.updates.allowed
	}
	if s.hook.lastError != "" {
		out["last_error_message"], out["last_error_date"] = s.hook.lastError, s.hook.lastAt.Unix()
	}
	return out, nil
}

// runHook delivers updates for as long as the server lives.
func (s *Server) runHook() {
	for {
		s.mu.Lock()
		s.updates.expire(s.opts.Now())
		todo, wait := s.due()
		changed, target := s.changed, s.hook
		s.mu.Unlock()
		for _, u := range todo {
			s.wg.Go(func() { s.deliver(target, u) })
		}
		var timer <-chan time.Time
		if wait > 0 {
			timer = time.After(wait)
		}
		select {
		case <-changed:
		case <-timer:
		case <-s.ctx.Done():
			return
		}
	}
}

// due takes the updates that can be delivered now, the first of every lane that is neither busy nor waiting, and says
// when to look again; 0 for when something changes. The lock is held.
func (s *Server) due() (todo []queued, wait time.Duration) {
	if s.hook.url == "" {
		return nil, 0
	}
	now := time.Now()
	seen := map[string]bool{}
	for _, u := range s.updates.list {
		if seen[u.lane] {
			continue
		}
		seen[u.lane] = true
		l := s.hook.lanes[u.lane]
		if l == nil {
			l = &lane{}
			s.hook.lanes[u.lane] = l
		}
		if l.busy || s.busyLanes() >= s.hook.most {
			continue
		}
		if d := l.next.Sub(now); d > 0 {
			if wait == 0 || d < wait {
				wait = d
			}
			continue
		}
		l.busy = true
		todo = append(todo, u)
	}
	return todo, wait
}

func (s *Server) busyLanes() int {
	n := 0
	for _, l := range s.hook.lanes {
		if l.busy {
			n++
		}
	}
	return n
}

// deliver posts one update and settles its lane.
func (s *Server) deliver(h hook, u queued) {
	ctx, cancel := context.WithTimeout(s.ctx, s.scaled(time.Minute))
	defer cancel()
	answer, retry, err := postUpdate(ctx, h, u.raw)
	s.mu.Lock()
	l := h.lanes[u.lane]
	l.busy = false
	if err == nil {
		l.failures = 0
		s.updates.list = slices.DeleteFunc(s.updates.list, func(q queued) bool { return q.id == u.id })
	} else {
		l.failures++
		if retry == 0 {
			retry = min(time.Second<<(min(l.failures, 7)-1), time.Minute)
		}
		l.next = time.Now().Add(s.scaled(retry))
		s.hook.lastError, s.hook.lastAt = err.Error(), s.opts.Now()
	}
	s.touch()
	s.mu.Unlock()
	s.obey(answer)
}

// postUpdate returns the body of a 2xx answer, or how long the failure asks to wait, 0 for not saying.
func postUpdate(ctx context.Context, h hook, raw []byte) (answer []byte, retry time.Duration, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.url, bytes.NewReader(raw))
	if err != nil {
		return nil, 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	if h.secret != "" {
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", h.secret)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, 0, fmt.Errorf("connection failed: %w", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return nil, 0, fmt.Errorf("read timeout expired: %w", err)
	}
	if resp.StatusCode/100 != 2 {
		if sec, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil {
			retry = time.Duration(min(max(sec, 0), 3600)) * time.Second
		}
		return nil, retry, fmt.Errorf("wrong response from the webhook: %s", resp.Status)
	}
	return body, 0, nil
}

// obey runs the method that an answer to a webhook names, as Telegram does: whoever echoes users' words there is in
// trouble.
func (s *Server) obey(answer []byte) {
	params := schema.Params{}
	if len(answer) == 0 || readJSON(bytes.NewReader(answer), params) != nil {
		return
	}
	var method string
	if json.Unmarshal(params["method"].JSON, &method) != nil || method == "" {
		return
	}
	delete(params, "method")
	if _, err := s.dispatch(s.ctx, Call{Method: method, Params: texts(params), At: s.opts.Now()}, params); err != nil {
		s.opts.Log.Warn("telegramtest: method in a webhook's answer", "method", method, "err", err)
	}
}
