package slacktest

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Tokens and names of the workspace. The tokens are invented and open nothing.
const (
	BotToken      = "xoxb-slacktest-0000000000"
	AppToken      = "xapp-slacktest-0000000000"
	SigningSecret = "slacktest00signing00secret000000"

	TeamID  = "T0DESKTEST"
	AppID   = "A0DESKTEST"
	BotUser = "U0DESKBOT1"
	BotID   = "B0DESKBOT1"
	BotName = "deskbell"
)

// Options shape a Server. The zero value is a workspace with the channel #help that delivers by Socket Mode at Slack's pace.
type Options struct {
	// EventsURL switches to the Events API: the base address of the client, to which /slack/events, /slack/interactivity
	// and /slack/commands are appended. Empty: Socket Mode.
	EventsURL string
	// AckTimeout is how long Slack waits for an acknowledgement; 3 s when 0.
	AckTimeout time.Duration
	// Retries are the waits before the repetitions of an event; at once, 1 min, 5 min when nil.
	Retries []time.Duration
	// PingInterval is the time between pings on a socket; 5 s when 0.
	PingInterval time.Duration
	// BaseURL is the server's own address for links it gives out; taken from the request when empty.
	BaseURL string
	// Locale is what users.info says of users, "en-US" when empty.
	Locale string
	Log    *slog.Logger // slog.Default() when nil
	Now    func() time.Time
}

// Server is a fake Slack with one workspace. It is an http.Handler; Start also gives it an address.
type Server struct {
	opt     Options
	spec    map[string]methodSpec
	started time.Time

	mu         sync.Mutex
	seq        int64 // for ids
	lastTS     int64 // microseconds; ts are unique and rise
	users      map[string]*User
	channels   map[string]*room
	files      map[string]*file
	triggers   map[string]bool // trigger_id → used
	tickets    map[string]bool // of sockets that may be opened
	sockets    []*socket
	nextSocket int
	pending    map[string]*attempt // by envelope_id
	queue      []*event
	busy       int // events between the queue and their last attempt
	wake       chan struct{}
	faults     map[string][]*Fault
	posts      []Post
	calls      map[string]int
	complaints []string
	deliveries []Delivery
	duplicate  int
	watchers   map[chan struct{}]struct{}

	closing chan struct{}
	work    sync.WaitGroup
	http    *http.Server
	addr    string
}

// New makes a Server without an address of its own. Close it.
func New(o Options) *Server {
	s := &Server{
		opt: o.complete(), spec: loadSpec(), users: map[string]*User{}, channels: map[string]*room{}, files: map[string]*file{},
		triggers: map[string]bool{}, tickets: map[string]bool{}, pending: map[string]*attempt{}, wake: make(chan struct{}, 1),
		faults: map[string][]*Fault{}, calls: map[string]int{}, watchers: map[chan struct{}]struct{}{}, closing: make(chan struct{}),
	}
	s.started = s.opt.Now()
	s.Channel("help")
	s.work.Go(s.dispatch)
	return s
}

func (o Options) complete() Options {
	if o.AckTimeout <= 0 {
		o.AckTimeout = 3 * time.Second
	}
	if o.Retries == nil {
		o.Retries = []time.Duration{0, time.Minute, 5 * time.Minute}
	}
	if o.PingInterval <= 0 {
		o.PingInterval = 5 * time.Second
	}
	if o.Locale == "" {
		o.Locale = "en-US"
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// Start makes a Server that listens on addr; "127.0.0.1:0" when empty.
func Start(o Options, addr string) (*Server, error) {
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("slacktest: listen: %w", err)
	}
	s := New(o)
	s.addr = l.Addr().String()
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: 5 * time.Second}
	s.work.Go(func() { _ = s.http.Serve(l) })
	return s, nil
}

// URL is the address of a started Server, without a slash at the end.
func (s *Server) URL() string { return "http://" + s.addr }

// APIURL is the address of the Web API, to be given to the client.
func (s *Server) APIURL() string { return s.base(nil) + "/api/" }

func (s *Server) base(r *http.Request) string {
	switch {
	case s.opt.BaseURL != "":
		return strings.TrimRight(s.opt.BaseURL, "/")
	case s.addr != "" || r == nil:
		return s.URL()
	}
	return "http://" + r.Host
}

// Close ends all connections and goroutines.
func (s *Server) Close() {
	s.mu.Lock()
	select {
	case <-s.closing:
		s.mu.Unlock()
		return
	default:
	}
	close(s.closing)
	open := append([]*socket(nil), s.sockets...)
	s.mu.Unlock()
	for _, c := range open {
		c.close()
	}
	if s.http != nil {
		_ = s.http.Close()
	}
	s.work.Wait()
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.HasPrefix(r.URL.Path, "/api/"):
		s.serveAPI(w, r, strings.TrimPrefix(r.URL.Path, "/api/"))
	case r.URL.Path == "/link/":
		s.serveSocket(w, r)
	case strings.HasPrefix(r.URL.Path, "/upload/"):
		s.serveUpload(w, r, strings.TrimPrefix(r.URL.Path, "/upload/"))
	case strings.HasPrefix(r.URL.Path, "/files/"):
		s.serveFile(w, r, strings.TrimPrefix(r.URL.Path, "/files/"))
	default:
		http.NotFound(w, r)
	}
}

// Complaints are what clients did that Slack would let pass and a careful client would not do. A test wants none.
func (s *Server) Complaints() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.complaints...)
}

// complain is called with s.mu held.
func (s *Server) complain(format string, args ...any) {
	s.complaints = append(s.complaints, fmt.Sprintf(format, args...))
}

// id makes a platform id. Called with s.mu held.
func (s *Server) id(letter string) string {
	s.seq++
	return fmt.Sprintf("%s0%08X", letter, s.seq)
}

// ts makes a time stamp that no other message has. Called with s.mu held.
func (s *Server) ts() string {
	now := max(s.opt.Now().UnixMicro(), s.lastTS+1)
	s.lastTS = now
	return fmt.Sprintf("%010d.%06d", now/1e6, now%1e6)
}

// secret is a random word nobody can guess.
func secret() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// changed wakes everybody who waits for something to happen. Called with s.mu held.
func (s *Server) changed() {
	for ch := range s.watchers {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}

// watch returns a channel that is told of changes, and a function that ends it.
func (s *Server) watch() (<-chan struct{}, func()) {
	ch := make(chan struct{}, 1)
	s.mu.Lock()
	s.watchers[ch] = struct{}{}
	s.mu.Unlock()
	return ch, func() {
		s.mu.Lock()
		delete(s.watchers, ch)
		s.mu.Unlock()
	}
}
