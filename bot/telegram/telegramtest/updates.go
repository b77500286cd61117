package telegramtest

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"
)

// Times of the Bot API server.
const (
	pollMost     = 50 * time.Second  // a poll waits no longer
	keepMessages = 24 * time.Hour    // updates older than this are gone
	keepPresses  = 150 * time.Second // and callback queries
	repeatedPoll = 500 * time.Millisecond
)

// queued is an update that waits for the bot.
type queued struct {
	id   int64
	raw  json.RawMessage
	lane string // webhooks deliver a lane in order
	kind string
	at   time.Time
}

// queue is what waits for the bot. It is guarded by the server's lock.
type queue struct {
	next    int64
	list    []queued
	allowed []string // kinds the bot asked for; none: the default
	poller  chan struct{}
	last    int64 // offset of the last poll
	lastAt  time.Time
}

// wants reports whether updates of a kind are kept for the bot.
func (q *queue) wants(kind string) bool {
	if len(q.allowed) > 0 {
		return slices.Contains(q.allowed, kind)
	}
	return kind != "chat_member" && kind != "message_reaction" && kind != "message_reaction_count"
}

// expire drops what Telegram no longer keeps.
func (q *queue) expire(now time.Time) {
	q.list = slices.DeleteFunc(q.list, func(u queued) bool {
		age := now.Sub(u.at)
		return age > keepMessages || (u.kind == "callback_query" && age > keepPresses)
	})
}

// confirm drops the updates before offset; a negative one keeps as many from the end. An offset from the future is
// not understood and confirms nothing.
func (q *queue) confirm(offset int64) {
	switch {
	case offset > 0 && offset <= q.next:
		q.list = slices.DeleteFunc(q.list, func(u queued) bool { return u.id < offset })
	case offset < 0 && int64(len(q.list)) > -offset:
		q.list = q.list[int64(len(q.list))+offset:]
	}
}

var errWebhookActive = &apiError{Code: http.StatusConflict, Text: "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"}

var errOtherPoller = &apiError{Code: http.StatusConflict, Text: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"}

func (s *Server) getUpdates(ctx context.Context, r request) (any, error) {
	limit := int(r.integer("limit"))
	if limit <= 0 || limit > 100 {
		limit = 100
	}
	wait := min(time.Duration(r.integer("timeout"))*time.Second, pollMost)
	limit, mine, err := s.beginPoll(r, limit)
	if err != nil {
		return nil, err
	}
	defer s.endPoll(mine)
	deadline := time.NewTimer(s.scaled(max(wait, 0)))
	defer deadline.Stop()
	for {
		s.mu.Lock()
		batch, changed, webhook := s.ready(limit), s.changed, s.hook.url
		s.mu.Unlock()
		if webhook != "" {
			return nil, errWebhookActive
		}
		if len(batch) > 0 || wait <= 0 {
			return batch, nil
		}
		select {
		case <-changed:
		case <-deadline.C:
			return batch, nil
		case <-mine:
			return nil, errOtherPoller
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-s.ctx.Done():
			return nil, errors.New("closed")
		}
	}
}

// beginPoll confirms by offset and takes the place of whoever polls already.
func (s *Server) beginPoll(r request, limit int) (int, chan struct{}, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hook.url != "" {
		return 0, nil, errWebhookActive
	}
	q := &s.updates
	if raw, ok := r.args["allowed_updates"]; ok {
		if err := json.Unmarshal(raw, &q.allowed); err != nil {
			return 0, nil, badRequest("can't parse allowed_updates")
		}
	}
	now := s.opts.Now()
	offset := r.integer("offset")
	if offset != 0 && offset == q.last && now.Sub(q.lastAt) < s.scaled(repeatedPoll) {
		limit = 1
	}
	q.last, q.lastAt = offset, now
	q.expire(now)
	q.confirm(offset)
	if q.poller != nil {
		close(q.poller)
	}
	q.poller = make(chan struct{})
	return limit, q.poller, nil
}

func (s *Server) endPoll(mine chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.updates.poller == mine {
		s.updates.poller = nil
	}
}

// ready returns the next updates. The lock is held.
func (s *Server) ready(limit int) []json.RawMessage {
	out := []json.RawMessage{}
	for _, u := range s.updates.list[:min(limit, len(s.updates.list))] {
		out = append(out, u.raw)
	}
	return out
}

// Pending is how many updates wait for the bot to confirm them.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.updates.list)
}

// Renumber sets the id of the next update, as Telegram does after a week of silence. Whatever waits is dropped.
func (s *Server) Renumber(next int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.updates.next, s.updates.list = next, nil
	s.touch()
}

// PushRaw queues an update as it stands, for content that this server does not make. It must be a JSON object without
// update_id, which is put in front.
func (s *Server) PushRaw(kind, content string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.push(kind, "raw:"+kind, func() any { return json.RawMessage(content) })
}
