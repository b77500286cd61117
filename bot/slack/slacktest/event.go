package slacktest

import (
	"encoding/json"
	"fmt"
)

// event is something to tell the app: an event, a pressed button, a slash command.
type event struct {
	kind    string // "events_api", "interactive", "slash_commands"
	id      string // event_id, or the trigger_id
	payload map[string]any
	retries bool              // Slack repeats events, but neither buttons nor commands
	answer  func([]byte, int) // gets what the app answered, and the number of the attempt; nil for no interest
}

// Delivery tells how one attempt to deliver went.
type Delivery struct {
	Kind    string
	ID      string // event_id or trigger_id
	Attempt int    // 0 for the first
	Acked   bool
	Reason  string // why not: "timeout", "http_error", "no_socket", …
}

// emit queues an event. Called with s.mu held.
func (s *Server) emit(body map[string]any) string {
	id := s.id("Ev")
	s.enqueue(&event{kind: "events_api", id: id, retries: true, payload: map[string]any{
		"token": "slacktest-verification-token", "team_id": TeamID, "context_team_id": TeamID, "api_app_id": AppID,
		"type": "event_callback", "event_id": id, "event_time": s.opt.Now().Unix(), "event": body,
		"event_context": "4-" + secret(), "is_ext_shared_channel": false,
		"authorizations": []any{map[string]any{
			"enterprise_id": nil, "team_id": TeamID, "user_id": BotUser, "is_bot": true, "is_enterprise_install": false,
		}},
	}})
	return id
}

// Emit sends an event of any shape to the app, for what the test API has no words for.
func (s *Server) Emit(body map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.emit(body)
}

// EmitRaw sends a payload of any kind as it is.
func (s *Server) EmitRaw(kind string, payload map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.enqueue(&event{kind: kind, id: s.id("X"), payload: payload, retries: kind == "events_api"})
}

// enqueue is called with s.mu held.
func (s *Server) enqueue(e *event) {
	s.queue = append(s.queue, e)
	for ; s.duplicate > 0 && e.retries; s.duplicate-- {
		s.queue = append(s.queue, e)
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Duplicate makes the next n events arrive twice.
func (s *Server) Duplicate(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.duplicate = n
}

// trigger makes a trigger_id that can be used once. Called with s.mu held.
func (s *Server) trigger() string {
	s.seq++
	id := fmt.Sprintf("%d.%d.%s", 4111111111111000+s.seq, 12321423423000+s.seq, secret())
	s.triggers[id] = false
	return id
}

func (e *event) json() []byte {
	raw, err := json.Marshal(e.payload)
	if err != nil {
		panic(fmt.Sprintf("slacktest: payload: %v", err)) // made of maps here; a test's own must be JSON too
	}
	return raw
}
