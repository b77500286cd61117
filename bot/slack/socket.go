package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack/socketmode"
	"golang.org/x/sync/errgroup"

	"github.com/deskbell/deskbell/bot"
)

// Times of a Socket Mode connection.
const (
	handshakeLimit = 10 * time.Second
	writeLimit     = 5 * time.Second
	pingEvery      = 15 * time.Second
	silenceLimit   = 45 * time.Second // without a frame or a ping the connection is dead
	settledAfter   = 5 * time.Second  // a connection that lived so long counts as a success
	frameLimit     = 8 << 20          // bytes
	batchLimit     = 64               // events stored in one commit
	orderWindow    = 25 * time.Millisecond
)

// runSockets keeps cfg.Sockets connections open until ctx ends. One goroutine stores what all of them bring, so that what
// Slack spreads over the connections comes together in order again. At the end what was read is still stored and acknowledged.
func (c *Channel) runSockets(ctx context.Context, r bot.Receiver) error {
	in := make(chan delivery, batchLimit)
	var open openSockets
	g, gctx := errgroup.WithContext(ctx)
	for range c.cfg.Sockets {
		g.Go(func() error { return c.lane(gctx, &open, in) })
	}
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		c.drain(ctx, r, in)
	}()
	err := g.Wait()
	close(in)
	<-drained
	open.closeAll()
	return err
}

// drain stores deliveries until in is closed: all that come within a moment in one commit. The moment is for order: two
// messages written one right after the other come over different sockets, and either may be faster.
func (c *Channel) drain(ctx context.Context, r bot.Receiver, in <-chan delivery) {
	for d := range in {
		batch := []delivery{d}
		moment := time.After(orderWindow)
		for more := true; more && len(batch) < batchLimit; {
			select {
			case d, ok := <-in:
				if more = ok; ok {
					batch = append(batch, d)
				}
			case <-moment:
				more = false
			}
		}
		c.accept(ctx, r, batch)
	}
}

// lane keeps one connection open. When Slack announces that it will close it, the next one is opened while the old one is
// still read to its end.
func (c *Channel) lane(ctx context.Context, open *openSockets, in chan<- delivery) error {
	var reading sync.WaitGroup
	defer reading.Wait()
	for try := 0; ctx.Err() == nil; {
		s, err := c.connect(ctx)
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			if fatalAuth(err) && c.counts.connects.Load() == 0 { // later on it may be switched on again
				return fmt.Errorf("slack refuses the app token (apps.connections.open: %w): check that Socket Mode is on and the token has connections:write", safe(err))
			}
			wait := retryDelay(try, err, c.cfg.MaxBackoff)
			try++
			c.log.WarnContext(ctx, "slack socket does not open, trying again", "error", safe(err), "wait", wait)
			sleep(ctx, wait)
			continue
		}
		open.add(s)
		opened := c.cfg.Now()
		leaving := make(chan struct{})
		leave := sync.OnceFunc(func() { close(leaving) })
		reading.Go(func() {
			defer leave()
			c.read(ctx, s, in, leave)
			open.done(ctx, s)
		})
		select {
		case <-leaving:
		case <-ctx.Done():
		}
		if c.cfg.Now().Sub(opened) >= settledAfter {
			try = 0
			continue
		}
		if try > 0 { // it keeps failing right after opening
			sleep(ctx, retryDelay(try, nil, c.cfg.MaxBackoff))
		}
		try++
	}
	return nil
}

// socket is one connection.
type socket struct {
	ws *websocket.Conn
	mu sync.Mutex // gorilla/websocket allows one writer at a time
}

// connect opens a connection.
func (c *Channel) connect(ctx context.Context) (*socket, error) {
	_, addr, err := c.api.StartSocketModeContext(ctx)
	if err != nil {
		return nil, err
	}
	secure := strings.HasPrefix(c.cfg.APIURL, "https://")
	if !strings.HasPrefix(addr, "wss://") && (secure || !strings.HasPrefix(addr, "ws://")) {
		return nil, errNoSocketURL
	}
	dialer := websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: handshakeLimit, WriteBufferSize: 32 << 10}
	ws, res, err := dialer.DialContext(ctx, addr, nil)
	if res != nil && res.Body != nil {
		defer res.Body.Close() //nolint:errcheck // nothing is read from it
	}
	if err != nil {
		return nil, err
	}
	ws.SetReadLimit(frameLimit)
	s := &socket{ws: ws}
	s.alive()
	ws.SetPongHandler(func(string) error { s.alive(); return nil })
	ws.SetPingHandler(func(data string) error {
		s.alive()
		return ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(writeLimit))
	})
	c.counts.sockets.Add(1)
	c.counts.connects.Add(1)
	return s, nil
}

// alive notes a sign of life. Deadlines of connections are in real time.
func (s *socket) alive() { _ = s.ws.SetReadDeadline(time.Now().Add(silenceLimit)) }

// acknowledge answers an envelope. The answer goes over the connection the envelope came by.
func (s *socket) acknowledge(envelope string, payload any) error {
	raw, err := json.Marshal(socketmode.Response{EnvelopeID: envelope, Payload: payload})
	if err != nil {
		return fmt.Errorf("slack: acknowledgement: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.ws.SetWriteDeadline(time.Now().Add(writeLimit))
	return s.ws.WriteMessage(websocket.TextMessage, raw)
}

// ping keeps asking for a sign of life until ctx ends.
func (s *socket) ping(ctx context.Context) {
	for sleep(ctx, pingEvery) {
		if s.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeLimit)) != nil {
			return
		}
	}
}

// read takes envelopes until the connection or ctx ends. leave is called when Slack says that it is about to close.
func (c *Channel) read(ctx context.Context, s *socket, in chan<- delivery, leave func()) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(ctx, func() { _ = s.ws.SetReadDeadline(time.Now()) })
	var pinging sync.WaitGroup
	pinging.Go(func() { s.ping(ctx) })
	defer func() {
		stop()
		cancel()
		pinging.Wait()
		c.counts.sockets.Add(-1)
	}()
	for {
		_, raw, err := s.ws.ReadMessage()
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			c.log.InfoContext(ctx, "slack socket closed", "error", closeReason(err))
			return
		}
		s.alive()
		c.envelope(ctx, s, raw, in, leave)
	}
}

// envelope handles one frame.
func (c *Channel) envelope(ctx context.Context, s *socket, raw []byte, in chan<- delivery, leave func()) {
	var e socketmode.Request
	if err := json.Unmarshal(raw, &e); err != nil { // a field of another type: what counts is the id
		var id struct {
			EnvelopeID string `json:"envelope_id"`
		}
		_ = json.Unmarshal(raw, &id)
		e = socketmode.Request{Type: "undecodable", EnvelopeID: id.EnvelopeID, Payload: raw}
	}
	switch {
	case e.Type == socketmode.RequestTypeHello:
		if e.NumConnections > 2*c.cfg.Sockets {
			c.log.WarnContext(ctx, "slack counts more connections than ours: another instance takes a share of the events",
				"connections", e.NumConnections)
		}
		return
	case e.Type == socketmode.RequestTypeDisconnect:
		c.log.InfoContext(ctx, "slack asks to reconnect", "reason", word(e.Reason))
		leave()
		return
	case e.EnvelopeID == "":
		c.counts.undecodable.Add(1)
		c.log.WarnContext(ctx, "slack sent a frame that is no envelope", "type", word(e.Type), "bytes", len(raw))
		return
	}
	if e.RetryAttempt > 0 { // may be the only copy we ever see: it is handled like any other
		c.counts.retries.Add(1)
		c.log.InfoContext(ctx, "slack repeats an event", "attempt", e.RetryAttempt, "reason", word(e.RetryReason))
	}
	d := delivery{src: source(e.Type), raw: e.Payload, at: c.cfg.Now(), ack: func(reply any) error {
		if !e.AcceptsResponsePayload {
			reply = nil
		}
		return s.acknowledge(e.EnvelopeID, reply)
	}}
	select {
	case in <- d:
	case <-ctx.Done():
	}
}

// closeReason words the end of a connection without what the peer wrote into it.
func closeReason(err error) string {
	var closed *websocket.CloseError
	if errors.As(err, &closed) {
		return fmt.Sprintf("closed by Slack, code %d", closed.Code)
	}
	return safe(err).Error()
}

// openSockets are the connections that may still have to carry acknowledgements.
type openSockets struct {
	mu  sync.Mutex
	all map[*socket]bool
}

func (o *openSockets) add(s *socket) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.all == nil {
		o.all = map[*socket]bool{}
	}
	o.all[s] = true
}

// done closes a connection that ended by itself. At shutdown it stays open until closeAll.
func (o *openSockets) done(ctx context.Context, s *socket) {
	if ctx.Err() != nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.all, s)
	_ = s.ws.Close()
}

func (o *openSockets) closeAll() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for s := range o.all {
		_ = s.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""),
			time.Now().Add(time.Second))
		_ = s.ws.Close()
	}
}
