package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	slackapi "github.com/slack-go/slack"

	"github.com/deskbell/deskbell/bot"
)

// ChannelName is the name of the channel in bot.Address.
const ChannelName = "slack"

// DefaultAPIURL is Slack's Web API. GovSlack and tests have others.
const DefaultAPIURL = "https://slack.com/api/"

// Mode says how events come.
type Mode string

// Modes. Socket needs no public address; Events needs one, and loses less in an outage.
const (
	ModeSocket Mode = "socket"
	ModeEvents Mode = "events"
)

// Limits and defaults.
const (
	ackBudget       = 2500 * time.Millisecond // Slack counts an event as failed after 3 s
	defaultSockets  = 2                       // one can be replaced without a moment of none
	maxSockets      = 10                      // Slack's limit per app
	defaultTimeout  = 15 * time.Second
	defaultBackoff  = 15 * time.Second
	lookupBudget    = 400 * time.Millisecond  // for the names of a batch, within ackBudget
	openBudget      = 1500 * time.Millisecond // for finding the direct message of a slash command, within ackBudget
	maxRequestBytes = 1 << 20
)

// Config is all a Channel needs. The zero value of everything after Mode is a good default.
type Config struct {
	BotToken      string // xoxb-…
	AppToken      string // xapp-…, with connections:write; ModeSocket only
	SigningSecret string // ModeEvents only
	APIURL        string // DefaultAPIURL when empty; http(s), with or without the last slash
	Mode          Mode   // ModeSocket when empty

	Sockets    int           // Socket Mode connections at once, 1 to 10; 2 when 0
	Timeout    time.Duration // of one Web API call; 15 s when 0
	MaxBackoff time.Duration // between attempts to connect; 15 s when 0
	Log        *slog.Logger  // slog.Default() when nil; never sees message text or tokens
	Now        func() time.Time
}

// Channel is the Slack channel. Make it with New. It implements bot.Channel and bot.Uploader.
type Channel struct {
	cfg    Config
	api    *slackapi.Client
	log    *slog.Logger
	self   atomic.Pointer[identity]
	people *people
	counts counters
}

// identity is who the bot is in its workspace.
type identity struct {
	Team string // T…
	User string // the bot's own user, U…
	Bot  string // the bot, B…
}

var (
	botTokenShape = regexp.MustCompile(`^(xoxe\.)?xoxb-[A-Za-z0-9.-]{6,}$`)
	appTokenShape = regexp.MustCompile(`^xapp-[A-Za-z0-9.-]{6,}$`)
	secretShape   = regexp.MustCompile(`^[!-~]{16,}$`)
)

// New checks the configuration and returns the channel. It does not talk to Slack. Errors name what is wrong and where it is
// found, never the value.
func New(cfg Config) (*Channel, error) {
	cfg, err := cfg.complete()
	if err != nil {
		return nil, fmt.Errorf("slack: %w", err)
	}
	api := slackapi.New(cfg.BotToken,
		slackapi.OptionAppLevelToken(cfg.AppToken),
		slackapi.OptionAPIURL(cfg.APIURL),
		slackapi.OptionHTTPClient(&http.Client{Timeout: cfg.Timeout}),
	)
	c := &Channel{cfg: cfg, api: api, log: cfg.Log.With("channel", ChannelName)}
	c.people = newPeople(api, cfg.Now)
	return c, nil
}

func (cfg Config) complete() (Config, error) {
	if cfg.Mode == "" {
		cfg.Mode = ModeSocket
	}
	if cfg.Sockets == 0 {
		cfg.Sockets = defaultSockets
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = defaultTimeout
	}
	if cfg.MaxBackoff <= 0 {
		cfg.MaxBackoff = defaultBackoff
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	var err error
	cfg.APIURL, err = apiURL(cfg.APIURL)
	return cfg, errors.Join(err, cfg.check())
}

func (cfg Config) check() error {
	var errs []error
	if !botTokenShape.MatchString(cfg.BotToken) {
		errs = append(errs, errors.New("the bot token must begin with xoxb- (Slack app settings, OAuth & Permissions, Bot User OAuth Token)"))
	}
	switch cfg.Mode {
	case ModeSocket:
		if !appTokenShape.MatchString(cfg.AppToken) {
			errs = append(errs, errors.New("socket mode needs an app token that begins with xapp- and has the scope connections:write (Basic Information, App-Level Tokens)"))
		}
	case ModeEvents:
		if !secretShape.MatchString(cfg.SigningSecret) {
			errs = append(errs, errors.New("events mode needs the signing secret, 16 characters or more (Basic Information, App Credentials)"))
		}
	default:
		errs = append(errs, fmt.Errorf("mode %q is unknown: use %q or %q", cfg.Mode, ModeSocket, ModeEvents))
	}
	if cfg.Sockets < 1 || cfg.Sockets > maxSockets {
		errs = append(errs, fmt.Errorf("sockets must be 1 to %d", maxSockets))
	}
	return errors.Join(errs...)
}

// apiURL completes the address of the Web API. The library appends method names to it, so it must end in a slash.
func apiURL(s string) (string, error) {
	if s == "" {
		return DefaultAPIURL, nil
	}
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.RawQuery != "" {
		return "", errors.New("the API URL must look like https://slack.com/api/")
	}
	return strings.TrimRight(s, "/") + "/", nil
}

// Name implements bot.Channel.
func (c *Channel) Name() string { return ChannelName }

// Run finds out who the bot is and, in socket mode, takes events from Slack until ctx ends; then it returns nil. In events
// mode the events come through the handlers, and Run only waits. It returns an error when Slack refuses the tokens at the start,
// which waiting does not mend; every other failure is retried for ever.
func (c *Channel) Run(ctx context.Context, r bot.Receiver) error {
	if err := c.identify(ctx); err != nil || ctx.Err() != nil {
		return err
	}
	if c.cfg.Mode == ModeEvents {
		<-ctx.Done()
		return nil
	}
	return c.runSockets(ctx, r)
}

// identify asks auth.test until there is an answer. It returns nil also when ctx has ended.
func (c *Channel) identify(ctx context.Context) error {
	for try := 0; ; try++ {
		res, err := c.api.AuthTestContext(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err == nil && res.TeamID != "" && res.UserID != "":
			c.self.Store(&identity{Team: res.TeamID, User: res.UserID, Bot: res.BotID})
			c.log.InfoContext(ctx, "slack knows the bot", "team", res.TeamID, "user", res.UserID)
			return nil
		case err == nil:
			err = errNoTeam
		case fatalAuth(err):
			return fmt.Errorf("slack refuses the bot token (auth.test: %w): check that the app is installed and the token is its Bot User OAuth Token", safe(err))
		}
		wait := retryDelay(try, err, c.cfg.MaxBackoff)
		c.log.WarnContext(ctx, "slack does not answer, trying again", "error", safe(err), "wait", wait)
		if !sleep(ctx, wait) {
			return nil
		}
	}
}

// Stats counts what happened since the start.
type Stats struct {
	Sockets     int64 // open Socket Mode connections
	Connects    int64 // connections opened so far
	Retries     int64 // deliveries that Slack marked as repeated
	Ignored     int64 // events acknowledged and not handed over: own messages, channel talk without a mention
	Undecodable int64 // events stored for the operator
	Unacked     int64 // events not acknowledged, for Slack to repeat
}

type counters struct {
	sockets, connects, retries, ignored, undecodable, unacked atomic.Int64
}

// Stats returns the counts.
func (c *Channel) Stats() Stats {
	return Stats{
		Sockets: c.counts.sockets.Load(), Connects: c.counts.connects.Load(), Retries: c.counts.retries.Load(),
		Ignored: c.counts.ignored.Load(), Undecodable: c.counts.undecodable.Load(), Unacked: c.counts.unacked.Load(),
	}
}

// sleep waits for d and reports whether ctx is still alive.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
