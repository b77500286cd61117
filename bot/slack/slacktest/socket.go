package slacktest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	maxSockets   = 10
	maxAckBytes  = 20 << 10
	warningGrace = 10 * time.Second // between the early "warning" and the close
	refreshGrace = 200 * time.Millisecond
)

// socket is a Socket Mode connection of the app.
type socket struct {
	ws      *websocket.Conn
	mu      sync.Mutex // one writer at a time
	leaving bool       // guarded by Server.mu: asked to disconnect, gets nothing new
	once    sync.Once
	gone    chan struct{}
}

func (c *socket) write(v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = c.ws.SetWriteDeadline(time.Now().Add(5 * time.Second))
	return c.ws.WriteMessage(websocket.TextMessage, raw)
}

func (c *socket) close() {
	c.once.Do(func() {
		close(c.gone)
		_ = c.ws.Close()
	})
}

// pick chooses the socket for the next payload: each goes to one of them. Called with s.mu held.
func (s *Server) pick() *socket {
	for range s.sockets {
		s.nextSocket++
		if c := s.sockets[s.nextSocket%len(s.sockets)]; !c.leaving {
			return c
		}
	}
	return nil
}

// Sockets is the number of open Socket Mode connections that get events.
func (s *Server) Sockets() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, c := range s.sockets {
		if !c.leaving {
			n++
		}
	}
	return n
}

func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	ticket := r.URL.Query().Get("ticket")
	s.mu.Lock()
	ok := s.tickets[ticket]
	delete(s.tickets, ticket)
	s.mu.Unlock()
	if !ok {
		http.Error(w, "unknown ticket", http.StatusForbidden)
		return
	}
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }} // a bot is no browser
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	c := &socket{ws: ws, gone: make(chan struct{})}
	defer c.close()
	if !s.enter(c) {
		_ = c.write(disconnectFrame("too_many_websockets"))
		return
	}
	defer s.leave(c)
	defer s.work.Done()
	go s.ping(c)
	s.listen(c)
}

// enter registers a socket and greets it.
func (s *Server) enter(c *socket) bool {
	s.mu.Lock()
	if len(s.sockets) >= maxSockets {
		s.mu.Unlock()
		return false
	}
	n := len(s.sockets) + 1
	s.mu.Unlock()
	if c.write(map[string]any{
		"type": "hello", "num_connections": n, "connection_info": map[string]any{"app_id": AppID},
		"debug_info": map[string]any{"host": "applink-slacktest", "build_number": 1, "approximate_connection_time": 18060},
	}) != nil {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.closing: // Close would not see it any more
		return false
	default:
	}
	s.sockets = append(s.sockets, c)
	s.work.Add(1) // ended by serveSocket
	s.changed()
	return true
}

func (s *Server) leave(c *socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sockets = slices.DeleteFunc(s.sockets, func(o *socket) bool { return o == c })
	s.changed()
}

func (s *Server) ping(c *socket) {
	t := time.NewTicker(s.opt.PingInterval)
	defer t.Stop()
	for {
		select {
		case <-c.gone:
			return
		case <-t.C:
			if c.ws.WriteControl(websocket.PingMessage, []byte("Ping from slacktest"), time.Now().Add(time.Second)) != nil {
				return
			}
		}
	}
}

// listen takes acknowledgements until the connection ends.
func (s *Server) listen(c *socket) {
	for {
		_, raw, err := c.ws.ReadMessage()
		if err != nil {
			return
		}
		var ack struct {
			EnvelopeID string          `json:"envelope_id"`
			Payload    json.RawMessage `json:"payload"`
		}
		err = json.Unmarshal(raw, &ack)
		s.mu.Lock()
		a := s.pending[ack.EnvelopeID]
		switch {
		case err != nil || ack.EnvelopeID == "":
			s.complain("socket: a frame that is no acknowledgement")
		case len(raw) > maxAckBytes:
			s.complain("socket: acknowledgement of %d bytes is dropped", len(raw))
		case a == nil: // too late: it has been repeated already
		default:
			select {
			case a.acked <- ack.Payload:
			default:
				s.complain("socket: envelope acknowledged twice")
			}
		}
		s.mu.Unlock()
	}
}

func disconnectFrame(reason string) map[string]any {
	return map[string]any{"type": "disconnect", "reason": reason, "debug_info": map[string]any{"host": "applink-slacktest"}}
}

// Disconnect announces the end of the oldest n connections (0: all) as Slack does: with "warning" they get some more
// seconds, with "refresh_requested" they are closed at once. What is queued goes over the others.
func (s *Server) Disconnect(reason string, n int) {
	s.mu.Lock()
	var out []*socket
	for _, c := range s.sockets {
		if !c.leaving && (n == 0 || len(out) < n) {
			c.leaving = true
			out = append(out, c)
		}
	}
	s.mu.Unlock()
	for _, c := range out {
		_ = c.write(disconnectFrame(reason))
		grace := refreshGrace
		if strings.HasPrefix(reason, "warning") {
			grace = warningGrace
		}
		s.work.Go(func() {
			select {
			case <-time.After(grace):
			case <-c.gone:
			case <-s.closing:
			}
			c.close()
		})
	}
}

// Drop cuts all connections without a word.
func (s *Server) Drop() {
	s.mu.Lock()
	out := append([]*socket(nil), s.sockets...)
	s.mu.Unlock()
	for _, c := range out {
		c.close()
	}
}
