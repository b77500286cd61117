// Package webchat is Deskbell's own channel: a widget for any website and a page of its own, spoken to over HTTP.
//
// A visitor is known by a random bearer token that the host page keeps; only its SHA-256 is stored, as the key of the
// address. What a visitor sees is a log (bot.WebLog): Send appends to it under the outbox id, a POST under the visitor's
// own message id, so nothing is shown twice; the widget reads it as a stream from its cursor, so nothing is missed.
// A POST never moves that cursor.
//
// Start at New and Channel.Handler. The visitor's half is in static/: app.js (start), client.js (queue and stream, no DOM),
// view.js (DOM), and widget.js (the loader for host pages).
package webchat

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/guard"
	"github.com/deskbell/deskbell/intents/lang"
)

// Name is the channel's name in bot.Address.Channel.
const Name = "webchat"

// maxFile bounds an uploaded file, in bytes: it lives in the log as base64.
const maxFile = 1 << 20

// Config is what New needs. Log is required, everything else has a default.
type Config struct {
	Site           string              // bot.Address.Account; default "web"
	Log            bot.WebLog          // the visitors' logs
	Bus            *bot.Bus            // wakes open streams; nil: they look by themselves every Heartbeat
	AllowedOrigins []string            // host pages, e.g. "https://shop.example", "https://*.example", "capacitor:"; empty: any
	Title          map[lang.Tag]string // of the chat's window; default Texts in three languages
	Limits         Limits
	ClientIP       func(*http.Request) string // the visitor's network address behind a proxy; default RemoteAddr
	Heartbeat      time.Duration              // of streams, and how often they look by themselves; default 15 s
	Now            func() time.Time
	Logger         *slog.Logger
}

// Channel implements bot.Channel, bot.Deleter, bot.Typer and bot.Uploader.
type Channel struct {
	cfg   Config
	hub   *hub
	lanes *lanes
	gate  *gate
}

var (
	_ bot.Channel  = (*Channel)(nil)
	_ bot.Deleter  = (*Channel)(nil)
	_ bot.Typer    = (*Channel)(nil)
	_ bot.Uploader = (*Channel)(nil)
)

var (
	siteShape   = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)
	originShape = regexp.MustCompile(`^[a-z][a-z0-9+.-]*:(//(\*\.)?[A-Za-z0-9.-]+(:(\d{1,5}|\*))?|//\[[0-9a-f:]+\](:\d{1,5})?)?$`)
)

// New checks the configuration and makes the channel.
func New(c Config) (*Channel, error) {
	if c.Log == nil {
		return nil, errors.New("webchat: Config.Log is missing")
	}
	if c.Site == "" {
		c.Site = "web"
	}
	if !siteShape.MatchString(c.Site) {
		return nil, fmt.Errorf("webchat: site %q: use up to 64 letters, digits, '.', '_' and '-'", c.Site)
	}
	for _, o := range c.AllowedOrigins {
		if !originShape.MatchString(o) {
			return nil, fmt.Errorf("webchat: allowed origin %q: write scheme://host or scheme://host:port, without a path", o)
		}
	}
	if c.Title == nil {
		c.Title = map[lang.Tag]string{lang.En: "Support", lang.ZhHans: "在线客服", lang.ZhHant: "線上客服"}
	}
	if c.Heartbeat <= 0 {
		c.Heartbeat = 15 * time.Second
	}
	if c.ClientIP == nil {
		c.ClientIP = func(r *http.Request) string { return r.RemoteAddr }
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	c.Limits = c.Limits.withDefaults()
	return &Channel{
		cfg:   c,
		hub:   newHub(c.Limits),
		lanes: newLanes(),
		gate:  newGate(c.Limits),
	}, nil
}

// Name implements bot.Channel.
func (c *Channel) Name() string { return Name }

// Run wakes open streams when the bus tells of a change and, when ctx ends, ends every stream, so that a graceful stop of
// the server does not wait for them. It returns nil.
func (c *Channel) Run(ctx context.Context) error {
	defer c.hub.close()
	if c.cfg.Bus == nil {
		<-ctx.Done()
		return nil
	}
	changes, cancel := c.cfg.Bus.Subscribe()
	defer cancel()
	for {
		select {
		case <-ctx.Done():
			return nil
		case ch := <-changes:
			if ch.Address.Channel == Name && ch.Address.Account == c.cfg.Site {
				c.hub.wake(ch.Address.Key)
			}
		}
	}
}

// Send implements bot.Channel. The message is appended under its outbox id, so sending it again changes nothing and every
// failure is bot.NotSent. The platform id is the outbox id.
func (c *Channel) Send(ctx context.Context, d bot.Delivery) (string, error) {
	kind, ok := kindOf[d.Author]
	if !ok {
		return "", &bot.SendError{Outcome: bot.Rejected, Err: fmt.Errorf("webchat: messages by %q are not for visitors", d.Author)}
	}
	e := entry{Text: d.Text, Lang: d.Lang, Buttons: d.Buttons, Agent: d.AgentName}
	return d.OutboxID, c.append(ctx, d.Address, d.OutboxID, kind, e)
}

var kindOf = map[bot.Author]string{bot.ByBot: kindBot, bot.ByAgent: kindAgent, bot.ByNotice: kindNotice}

// Delete implements bot.Deleter: it appends an event that makes every open widget take the message off the screen.
func (c *Channel) Delete(ctx context.Context, a bot.Address, messageID string) error {
	return c.append(ctx, a, "deleted:"+messageID, kindDeleted, entry{Target: messageID})
}

// Upload implements bot.Uploader. Files of more than 1 MiB are rejected.
func (c *Channel) Upload(ctx context.Context, d bot.Delivery, f bot.File) (string, error) {
	if len(f.Data) > maxFile {
		return "", &bot.SendError{Outcome: bot.Rejected, Err: fmt.Errorf("webchat: a file of %d bytes is over the limit of %d", len(f.Data), maxFile)}
	}
	e := entry{Text: d.Text, Lang: d.Lang, File: &file{Name: f.Name, Type: f.Type, Data: f.Data}}
	return d.OutboxID, c.append(ctx, d.Address, d.OutboxID, kindFile, e)
}

// Typing implements bot.Typer. It reaches the streams open in this process and is not logged.
func (c *Channel) Typing(_ context.Context, a bot.Address, _ string) error {
	if err := c.mine(a); err != nil {
		return err
	}
	c.hub.typing(a.Key)
	return nil
}

// append writes to a visitor's log after any POST of that visitor which is under way, so that an answer never stands
// before its question. That wait is short and only for looks: when it is over, the answer is written all the same.
func (c *Channel) append(ctx context.Context, a bot.Address, ref, kind string, e entry) error {
	if err := c.mine(a); err != nil {
		return err
	}
	payload, err := json.Marshal(e)
	if err != nil {
		return &bot.SendError{Outcome: bot.Rejected, Err: fmt.Errorf("webchat: encode %s: %w", kind, err)}
	}
	wait, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	if leave, err := c.lanes.enter(wait, a.Key); err == nil {
		defer leave()
	}
	_, err = c.cfg.Log.AppendWebEvent(ctx, a, bot.WebEvent{Ref: ref, Kind: kind, Payload: payload, At: c.cfg.Now()})
	if err != nil {
		return &bot.SendError{Outcome: bot.NotSent, Err: fmt.Errorf("webchat: append %s %s: %w", kind, ref, err)}
	}
	c.hub.wake(a.Key)
	return nil
}

// mine rejects addresses of other channels and sites.
func (c *Channel) mine(a bot.Address) error {
	if a.Channel != Name || a.Account != c.cfg.Site || !visitorShape.MatchString(a.Key) {
		return &bot.SendError{Outcome: bot.Rejected, Err: fmt.Errorf("webchat: %s/%s is not a visitor of site %q", a.Channel, a.Account, c.cfg.Site)}
	}
	return nil
}

func (c *Channel) address(key string) bot.Address {
	return bot.Address{Channel: Name, Account: c.cfg.Site, Key: key}
}

// tokenShape is what widget.js makes: 32 random bytes in base64url without padding.
var tokenShape = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

var visitorShape = regexp.MustCompile(`^visitor:[A-Za-z0-9_-]{43}$`)

// VisitorKey is the bot.Address.Key of the visitor who holds the token. ok is false when it is no visitor token.
func VisitorKey(token string) (key string, ok bool) {
	if !tokenShape.MatchString(token) {
		return "", false
	}
	sum := sha256.Sum256([]byte(token))
	return "visitor:" + base64.RawURLEncoding.EncodeToString(sum[:]), true
}

// kinds lists each kind of the findings once, in order.
func kinds(fs []guard.PathFinding) []guard.Kind {
	var out []guard.Kind
	for _, f := range fs {
		out = addKind(out, f.Kind)
	}
	return out
}

func addKind(ks []guard.Kind, k guard.Kind) []guard.Kind {
	for _, have := range ks {
		if have == k {
			return ks
		}
	}
	return append(ks, k)
}
