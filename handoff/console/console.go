// Package console is the web desk: the agents' inbox and the admins' console, server-rendered.
//
// Every page works as plain HTML forms; static/inbox.js fetches the same fragments anew when the server says over
// server-sent events that something changed. Who may see which page stands in one table in routes.go. Texts of the
// screens stand in texts.go, in English and simplified Chinese; traditional Chinese is derived.
//
// Start at New and routes.
package console

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/guard"
	"github.com/deskbell/deskbell/faq"
	"github.com/deskbell/deskbell/handoff"
	"github.com/deskbell/deskbell/intents/lang"
)

// Tried is what the bot would do with a text, for the page where an admin tries one. Nothing of it is stored.
type Tried struct {
	Lang      lang.Tag
	Clean     string // the text as the guard leaves it
	Findings  []guard.Finding
	Decision  bot.Decision
	Questions []bot.Question // with ranked candidates
	Replies   []bot.Reply    // placeholders rendered
	Handoff   bot.Reason     // "" when it stays with the bot
	Held      []string       // addresses for which the output check would hold a reply back
}

// Config is what a Console needs. Fields are required unless they say otherwise.
type Config struct {
	Service  *handoff.Service
	Agents   handoff.Agents
	Reports  handoff.Reports
	Sessions scs.Store // tokens reach it hashed
	Library  func() *faq.Library
	Try      func(ctx context.Context, text string) (Tried, error)
	Bus      *bot.Bus
	Now      func() time.Time
	Log      *slog.Logger

	PublicURL  string                     // where browsers find it; "https:" makes cookies secure. Optional: plain HTTP on any host
	ClientIP   func(*http.Request) string // optional: the client's address behind a proxy; RemoteAddr otherwise
	DemoSignIn []string                   // optional, demo only: logins that anybody may sign in as with one click
	Done       <-chan struct{}            // optional: closed when the program stops, ends the streams of events
}

// Console serves the pages. Make it with New.
type Console struct {
	c         Config
	secure    bool
	sessions  *scs.SessionManager
	csrf      *http.CrossOriginProtection
	passwords *handoff.Passwords
	limiter   *handoff.LoginLimiter
	pages     *pages
	static    *assets
}

// New makes a Console. It errs when a part of the configuration is missing or wrong.
func New(c Config) (*Console, error) {
	if c.Service == nil || c.Agents == nil || c.Reports == nil || c.Sessions == nil || c.Library == nil || c.Try == nil ||
		c.Bus == nil || c.Now == nil || c.Log == nil {
		return nil, errors.New("console: Service, Agents, Reports, Sessions, Library, Try, Bus, Now and Log are all needed")
	}
	if c.ClientIP == nil {
		c.ClientIP = func(r *http.Request) string { return r.RemoteAddr }
	}
	k := &Console{c: c, csrf: http.NewCrossOriginProtection(), passwords: handoff.NewPasswords(), limiter: handoff.NewLoginLimiter()}
	if c.PublicURL != "" {
		u, err := url.Parse(c.PublicURL)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, fmt.Errorf("console: public URL %q is not an http or https address", c.PublicURL)
		}
		k.secure = u.Scheme == "https"
		if err := k.csrf.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
			return nil, fmt.Errorf("console: public URL: %w", err)
		}
	}
	k.sessions = newSessions(c.Sessions, k.secure, k.sessionFailed)
	var err error
	if k.static, err = loadAssets(); err != nil {
		return nil, fmt.Errorf("console: %w", err)
	}
	if k.pages, err = loadPages(k.static); err != nil {
		return nil, fmt.Errorf("console: %w", err)
	}
	return k, nil
}

// Paths lists the patterns under which Handler is to be mounted.
func (k *Console) Paths() []string {
	out := []string{"/static/"}
	for _, r := range k.routes() {
		_, path, _ := strings.Cut(r.pattern, " ")
		top, _, deeper := strings.Cut(path[1:], "/")
		p := "/" + top
		if deeper {
			p += "/"
		}
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}
