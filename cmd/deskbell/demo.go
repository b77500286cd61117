package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/slack/slacktest"
	"github.com/deskbell/deskbell/bot/telegram/telegramtest"
	"github.com/deskbell/deskbell/handoff"
)

type demoOptions struct{ data *string }

func demoFlags(fs *flag.FlagSet) any {
	return demoOptions{data: fs.String("data", "", "folder that keeps the demo's database (default: a temporary one, deleted at the end)")}
}

// demoAgents are invented; anybody at the demo's sign-in page can be one of them.
var demoAgents = []handoff.Agent{
	{ID: "demo-mei", Login: "mei", Name: "Mei", Role: handoff.RoleAgent},
	{ID: "demo-omar", Login: "omar", Name: "Omar", Role: handoff.RoleAgent},
	{ID: "demo-ada", Login: "ada", Name: "Ada", Role: handoff.RoleAdmin},
}

// runDemo runs the real program against local stand-ins of Telegram and Slack.
func runDemo(ctx context.Context, c call) error {
	dir, cleanup, err := demoDir(*c.own.(demoOptions).data)
	if err != nil {
		return err
	}
	defer cleanup()
	d, err := newDemo(ctx, c, dir)
	if err != nil {
		return err
	}
	d.print(c)
	return d.run(ctx)
}

func demoDir(data string) (dir string, cleanup func(), err error) {
	if data != "" {
		if err := os.MkdirAll(data, 0o700); err != nil {
			return "", nil, usagef("--data %s cannot be made: %v", data, pathless(err))
		}
		return data, func() {}, nil
	}
	dir, err = os.MkdirTemp("", "deskbell-demo-")
	if err != nil {
		return "", nil, fmt.Errorf("make a temporary folder: %w", err)
	}
	return dir, func() { _ = os.RemoveAll(dir) }, nil
}

// demo is the program, the two stand-ins, and the addresses of all.
type demo struct {
	server          *server
	web             net.Listener
	telegram, slack standIn
}

// standIn is a fake platform with its page, on an address of its own.
type standIn struct {
	ln    net.Listener
	srv   *http.Server
	close func()
}

func (s standIn) url() string { return "http://" + s.ln.Addr().String() }

func newDemo(ctx context.Context, c call, dir string) (*demo, error) {
	log := newLog(c.stderr, quietUnlessAsked(c.config), c.config.get("log-format"))
	d := &demo{}
	var err error
	if d.web, err = listenNear(c.config["listen"]); err != nil {
		return nil, err
	}
	if d.telegram, err = startTelegram(log); err != nil {
		return nil, err
	}
	if d.slack, err = startSlack(log); err != nil {
		return nil, err
	}
	d.server, err = newServer(ctx, serverParts{
		config:     d.config(c.config, dir),
		log:        log,
		demoSignIn: []string{"mei", "omar", "ada"},
		extra:      landingRoutes(d.telegram.url(), d.slack.url()),
	})
	if err != nil {
		return nil, err
	}
	return d, addDemoAgents(ctx, d.server)
}

// quietUnlessAsked keeps the demo's terminal readable: warnings only, unless a level was chosen.
func quietUnlessAsked(c config) string {
	if c["log-level"].source == "default" {
		return "warn"
	}
	return c.get("log-level")
}

// listenNear takes the chosen address, or any free port when the default one is taken.
func listenNear(s setting) (net.Listener, error) {
	ln, err := net.Listen("tcp", s.value)
	if err == nil {
		return ln, nil
	}
	if s.source != "default" {
		return nil, usagef("cannot listen on %s: %v; choose another with --listen", s.value, errors.Unwrap(err))
	}
	return net.Listen("tcp", "127.0.0.1:0")
}

// config is the demo's: whatever was set for real platforms does not count here.
func (d *demo) config(given config, dir string) config {
	c := maps.Clone(given)
	for _, o := range options {
		if o.secret {
			c[o.name] = setting{}
		}
	}
	set := func(name, value string) { c[name] = setting{value, "demo"} }
	set("database", filepath.Join(dir, "deskbell.db"))
	set("telegram-token", telegramtest.TestToken)
	set("telegram-api-url", d.telegram.url()+"/api")
	set("telegram-mode", "poll")
	set("slack-bot-token", slacktest.BotToken)
	set("slack-app-token", slacktest.AppToken)
	set("slack-api-url", d.slack.url()+"/api/")
	set("slack-mode", "socket")
	set("public-url", "")
	return c
}

func startTelegram(log *slog.Logger) (standIn, error) {
	fake := telegramtest.New(telegramtest.Options{Log: log, Now: time.Now})
	// A kept database remembers the last update: ids must go on rising over restarts, as Telegram's do.
	fake.Renumber(time.Now().Unix())
	lin, omar := fake.User("Lin", "zh-hans"), fake.User("Omar Haddad", "en")
	fake.Group("Night Market Sellers 夜市卖家群", lin, omar)
	mux := http.NewServeMux()
	mux.Handle("/api/", http.StripPrefix("/api", fake))
	mux.Handle("/", fake.Page())
	return startStandIn(mux, fake.Close)
}

func startSlack(log *slog.Logger) (standIn, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return standIn{}, fmt.Errorf("listen for the stand-in of Slack: %w", err)
	}
	fake := slacktest.New(slacktest.Options{Log: log, Now: time.Now, BaseURL: "http://" + ln.Addr().String()})
	mux := http.NewServeMux()
	for _, path := range []string{"/api/", "/link/", "/upload/", "/files/"} {
		mux.Handle(path, fake)
	}
	mux.Handle("/", fake.Page())
	return serveStandIn(ln, mux, fake.Close), nil
}

func startStandIn(h http.Handler, closeFake func()) (standIn, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return standIn{}, fmt.Errorf("listen for a stand-in: %w", err)
	}
	return serveStandIn(ln, h, closeFake), nil
}

func serveStandIn(ln net.Listener, h http.Handler, closeFake func()) standIn {
	s := standIn{ln: ln, srv: &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}, close: closeFake}
	go func() { _ = s.srv.Serve(ln) }() // ends with Close; there is nobody to tell
	return s
}

func addDemoAgents(ctx context.Context, s *server) error {
	// The demo's people sign in by one click, in the demo only: nobody knows their password.
	hash, err := handoff.NewPasswords().Hash(ctx, "demo", rand.Text())
	if err != nil {
		return fmt.Errorf("hash the demo's password: %w", err)
	}
	for _, a := range demoAgents {
		a.CreatedAt = time.Now()
		if err := s.core.store.AddAgent(ctx, a, hash); err != nil && !errors.Is(err, bot.ErrConflict) {
			return fmt.Errorf("add the demo's agents: %w", err)
		}
	}
	return nil
}

func (d *demo) print(c call) {
	base := "http://" + d.web.Addr().String()
	fmt.Fprintf(c.stdout, `Deskbell's demo is running. Open

  %s            start here · 从这里开始

  %s/webchat/full   web chat · 网页聊天
  %s            Telegram (a local stand-in)
  %s            Slack (a local stand-in)
  %s/inbox      agents' inbox · 客服收件箱
  %s/console    console · 控制台

Nothing leaves this machine. Ctrl-C stops it.
`, base, base, d.telegram.url(), d.slack.url(), base, base)
}

func (d *demo) run(ctx context.Context) error {
	err := d.server.run(ctx, d.web)
	for _, s := range []standIn{d.telegram, d.slack} {
		s.close()
		if cerr := s.srv.Close(); cerr != nil && !errors.Is(cerr, fs.ErrClosed) {
			err = errors.Join(err, cerr)
		}
	}
	return err
}
