package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/slack"
	"github.com/deskbell/deskbell/bot/sqlstore"
	"github.com/deskbell/deskbell/bot/telegram"
	"github.com/deskbell/deskbell/bot/webchat"
	"github.com/deskbell/deskbell/faq"
	"github.com/deskbell/deskbell/handoff"
	"github.com/deskbell/deskbell/handoff/console"
)

// runServe runs Deskbell until it is told to stop.
func runServe(ctx context.Context, c call) error {
	log := newLog(c.stderr, c.config.get("log-level"), c.config.get("log-format"))
	ln, err := net.Listen("tcp", c.config.get("listen"))
	if err != nil {
		return usagef("cannot listen on %s: %v; choose another with --listen", c.config.get("listen"), errors.Unwrap(err))
	}
	s, err := newServer(ctx, serverParts{config: c.config, log: log})
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	log.Info("Deskbell is up", "address", "http://"+ln.Addr().String(), "library", s.core.release.Library.Name, "channels", s.names(), "version", version)
	return s.run(ctx, ln)
}

// server is the whole program: the core, the channels and the web.
type server struct {
	core     *core
	metrics  *metrics
	telegram *telegram.Channel // nil: not configured
	slack    *slack.Channel    // nil: not configured
	webchat  *webchat.Channel
	console  *console.Console
	config   config
	log      *slog.Logger
	done     chan struct{} // closed when the stop begins: ends streams of events
	extra    func(*http.ServeMux)
}

// serverParts is what differs between serve and demo.
type serverParts struct {
	config     config
	log        *slog.Logger
	demoSignIn []string
	extra      func(*http.ServeMux) // more routes; nil: none
	release    *bot.Release         // nil: of the configured library
}

// newServer puts everything together. Nothing runs yet; nothing outside is asked.
func newServer(ctx context.Context, p serverParts) (*server, error) {
	s := &server{config: p.config, log: p.log, metrics: newMetrics(), done: make(chan struct{}), extra: p.extra}
	rel := p.release
	if rel == nil {
		var err error
		if rel, err = loadRelease(p.config.get("library")); err != nil {
			return nil, err
		}
	}
	db, err := sqlstore.Open(ctx, sqlstore.Options{Database: p.config.get("database"), Log: p.log, Now: time.Now})
	if err != nil {
		return nil, err
	}
	bus := bot.NewBus()
	channels, err := s.channels(db, bus)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	s.core = newCore(coreParts{
		store: db, bus: bus, release: rel, channels: channels, observe: s.metrics, rates: bot.DefaultRates(), log: p.log, now: time.Now,
	})
	if s.console, err = s.newConsole(db, p.demoSignIn); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// channels makes every configured channel.
func (s *server) channels(db *sqlstore.DB, bus *bot.Bus) ([]bot.Channel, error) {
	var out []bot.Channel
	var err error
	get := s.config.get
	s.webchat, err = webchat.New(webchat.Config{Log: db, Bus: bus, AllowedOrigins: list(get("webchat-origins")), ClientIP: clientIP(get("client-ip-header")), Now: time.Now, Logger: s.log})
	if err != nil {
		return nil, fmt.Errorf("web chat: %w", err)
	}
	out = append(out, s.webchat)
	if get("telegram-token") != "" {
		if s.telegram, err = newTelegram(s.config, s.log); err != nil {
			return nil, err
		}
		out = append(out, s.telegram)
	}
	if get("slack-bot-token") != "" {
		if s.slack, err = newSlack(s.config, s.log); err != nil {
			return nil, err
		}
		out = append(out, s.slack)
	}
	return out, nil
}

func newTelegram(c config, log *slog.Logger) (*telegram.Channel, error) {
	webhook := c.get("telegram-mode") == "webhook"
	if webhook && c.get("public-url") == "" {
		return nil, usagef("telegram-mode webhook needs public-url: where Telegram reaches this server, e.g. https://support.example.com")
	}
	ch, err := telegram.New(telegram.Config{
		Token: c.get("telegram-token"), APIURL: c.get("telegram-api-url"), Webhook: webhook, Secret: c.get("telegram-secret"),
		PublicURL: c.get("public-url"), Log: log, Now: time.Now,
	})
	if err != nil {
		return nil, usagef("%v", err)
	}
	return ch, nil
}

func newSlack(c config, log *slog.Logger) (*slack.Channel, error) {
	ch, err := slack.New(slack.Config{
		BotToken: c.get("slack-bot-token"), AppToken: c.get("slack-app-token"), SigningSecret: c.get("slack-signing-secret"),
		APIURL: c.get("slack-api-url"), Mode: slack.Mode(c.get("slack-mode")), Log: log, Now: time.Now,
	})
	if err != nil {
		return nil, usagef("%v", err)
	}
	return ch, nil
}

// list splits a comma-separated option.
func list(s string) []string {
	var out []string
	for _, v := range strings.Split(s, ",") {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	return out
}

func (s *server) newConsole(db *sqlstore.DB, demoSignIn []string) (*console.Console, error) {
	library := func() *faq.Library { return s.core.release.Library }
	svc, err := handoff.NewService(handoff.Config{Store: db, Library: library, Bus: s.core.bus, NewID: newID, Now: time.Now, Log: s.log})
	if err != nil {
		return nil, fmt.Errorf("handoff: %w", err)
	}
	return console.New(console.Config{
		Service: svc, Agents: db, Reports: db, Sessions: db.Sessions(), Library: library, Try: s.core.try, Bus: s.core.bus,
		Now: time.Now, Log: s.log, PublicURL: s.config.get("public-url"), DemoSignIn: demoSignIn, Done: s.done,
		ClientIP: clientIP(s.config.get("client-ip-header")),
	})
}

// clientIP tells who sent a request: the peer, or what the proxy in front says in its header.
func clientIP(header string) func(*http.Request) string {
	return func(r *http.Request) string {
		if header != "" {
			vs := list(r.Header.Get(header))
			if len(vs) > 0 {
				return vs[len(vs)-1] // earlier ones are the client's own claim
			}
		}
		return r.RemoteAddr
	}
}

// routes is every URL of the program.
func (s *server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", s.ready)
	mux.Handle("GET /metrics", s.metrics.handler(s.core.store))
	if s.webhook() {
		mux.Handle(telegram.WebhookPath, s.telegram.Webhook(s.core.intake))
	}
	if s.slack != nil && s.config.get("slack-mode") == string(slack.ModeEvents) {
		mux.Handle("/slack/events", s.slack.Events(s.core.intake))
		mux.Handle("/slack/interactivity", s.slack.Interactivity(s.core.intake))
		mux.Handle("/slack/commands", s.slack.Commands(s.core.intake))
	}
	chat := s.webchat.Handler(s.core.intake)
	mux.Handle("/widget.js", chat)
	mux.Handle("/webchat", chat)
	mux.Handle("/webchat/", chat)
	if s.extra != nil {
		s.extra(mux)
	} else {
		mux.Handle("GET /{$}", http.RedirectHandler("/inbox", http.StatusSeeOther))
	}
	mux.Handle("/", s.console.Handler())
	return mux
}

// ready tells whether the server can do its work: the database takes writes.
func (s *server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if err := s.core.store.Ping(ctx); err != nil {
		s.log.Error("not ready", "err", err)
		http.Error(w, "not ready: the database does not take writes", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ready")
}

// run serves until ctx ends, then stops in order: first nothing new is taken, then what was accepted is decided and sent, then
// the database is closed.
func (s *server) run(ctx context.Context, ln net.Listener) error {
	defer s.core.store.Close()
	doors, dctx := errgroup.WithContext(ctx)
	s.runWeb(dctx, doors, ln)
	s.runChannels(dctx, doors)

	inside, quit := context.WithCancel(context.WithoutCancel(ctx))
	coreDone := make(chan error, 1)
	go func() { coreDone <- s.core.run(inside) }()
	doorsDone := make(chan error, 1)
	go func() { doorsDone <- doors.Wait() }()

	var err error
	select {
	case err = <-coreDone:
		quit()
		return fmt.Errorf("the engine stopped: %w", err)
	case err = <-doorsDone:
	}
	quit()
	err = errors.Join(err, <-coreDone)
	s.log.Info("Deskbell has stopped")
	return err
}

// runWeb serves HTTP. At the stop short requests are finished and streams of events are ended; browsers connect again.
func (s *server) runWeb(ctx context.Context, g *errgroup.Group, ln net.Listener) {
	requests, endStreams := context.WithCancel(context.WithoutCancel(ctx))
	web := &http.Server{
		// The limits are for ordinary requests; streams lift them.
		Handler: s.calm(s.routes()), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: time.Minute,
		IdleTimeout: 2 * time.Minute,
		ErrorLog:    slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
		BaseContext: func(net.Listener) context.Context { return requests },
	}
	g.Go(func() error { return ignoreClosed(web.Serve(ln)) })
	g.Go(func() error {
		<-ctx.Done()
		close(s.done)
		time.AfterFunc(300*time.Millisecond, endStreams)
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		return web.Shutdown(stop)
	})
}

// calm ends a request whose handler panics. What a panic says may hold message text, and net/http would log it: only its type
// and the stack are logged.
func (s *server) calm(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p != http.ErrAbortHandler {
				s.metrics.Panicked("web")
				s.log.Error("a request panicked", "pattern", r.Pattern, "type", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			}
			panic(http.ErrAbortHandler) // closes the connection, without a word in the log
		}()
		next.ServeHTTP(w, r)
	})
}

// runChannels runs the platforms' receivers. One that fails for good is logged and the rest goes on (design rule 10).
func (s *server) runChannels(ctx context.Context, g *errgroup.Group) {
	run := func(name string, f func(context.Context, bot.Receiver) error) {
		g.Go(func() error {
			if err := f(ctx, s.core.intake); err != nil && ctx.Err() == nil {
				s.log.Error("channel has stopped; the others go on", "channel", name, "err", err)
			}
			return nil
		})
	}
	g.Go(func() error { return s.webchat.Run(ctx) })
	switch {
	case s.telegram == nil:
	case s.webhook():
		run("telegram", func(ctx context.Context, _ bot.Receiver) error { return s.telegram.Register(ctx) })
	default:
		run("telegram", s.telegram.Run)
	}
	if s.slack != nil {
		run("slack", s.slack.Run)
	}
}

// webhook reports that Telegram pushes its updates to us.
func (s *server) webhook() bool {
	return s.telegram != nil && s.config.get("telegram-mode") == "webhook"
}

func (s *server) names() []string {
	out := []string{"webchat"}
	if s.telegram != nil {
		out = append(out, "telegram ("+s.config.get("telegram-mode")+")")
	}
	if s.slack != nil {
		out = append(out, "slack ("+s.config.get("slack-mode")+")")
	}
	return out
}

func ignoreClosed(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
