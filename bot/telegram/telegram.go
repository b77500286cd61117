// Package telegram is the Telegram channel: it receives updates by long polling (Run) or webhook (Webhook), reads
// them (Parse) and delivers messages (Send).
//
// Methods and models are github.com/go-telegram/bot's. Its receive loops are not used, because none of them can keep
// the promise that an update is acknowledged only after it is stored (design rule 2): Start moves the offset when an
// update enters a channel in memory, so that a crash or a plain stop loses what no handler has finished; handlers run
// unordered and a panic in one ends the process; one update with an unknown union type makes it fetch the same batch
// for ever; its webhook handler answers 200 before anything is stored, also to a wrong secret, and compares the secret
// in varying time. For the same reason updates are read here with small structs of our own: a new kind of media must
// not make a message unreadable. The library's requests go through a client of ours (client.go) that bounds their time,
// gives them a length, and keeps the token out of errors.
//
// Pure: peek.go, parse.go, policy.go, render.go, errors.go. Start at New, then Run.
package telegram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	tgbot "github.com/go-telegram/bot"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/guard"
)

// ChannelName is Address.Channel of this channel.
const ChannelName = "telegram"

// WebhookPath is where the webhook lives below the public URL.
const WebhookPath = "/telegram/webhook"

// Config says how to reach Telegram. Only Token is needed to poll.
type Config struct {
	Token     string       // "123456:ABC…", from @BotFather
	APIURL    string       // "" for https://api.telegram.org; a self-hosted Bot API server or a test otherwise
	Webhook   bool         // updates are pushed to us: Secret and PublicURL are needed
	Secret    string       // 1 to 256 of A-Z a-z 0-9 _ -; Telegram sends it back with every update
	PublicURL string       // where the world reaches us, without WebhookPath
	Log       *slog.Logger // nil for slog.Default
	Now       func() time.Time
	Transport http.RoundTripper // nil for one with sensible time-outs

	PollTimeout time.Duration // how long a poll may wait at Telegram, whole seconds up to 50 s; 0 for 50 s
	SendTimeout time.Duration // of a method call; 0 for 15 s
	Backoff     time.Duration // first pause after a failure, growing to 30 times as much; 0 for 1 s
}

// Channel is the Telegram channel. Make it with New.
type Channel struct {
	cfg     Config
	account string // the bot's id
	botID   int64
	client  *client
	api     *tgbot.Bot

	mu sync.Mutex
	me string // the bot's username, learned from getMe; "" before
}

var (
	tokenShape  = regexp.MustCompile(`^[0-9]{1,19}:[A-Za-z0-9_-]{10,128}$`)
	secretShape = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)
)

// New checks the configuration and makes the channel. It does not touch the network. Errors say what to set and
// never hold the token or the secret.
func New(cfg Config) (*Channel, error) {
	cfg = withDefaults(cfg)
	if !tokenShape.MatchString(cfg.Token) {
		return nil, errors.New(`telegram: the token does not look like one of @BotFather's ("123456789:AA…"): check DESKBELL_TELEGRAM_TOKEN`)
	}
	account, _, _ := strings.Cut(cfg.Token, ":")
	botID, err := strconv.ParseInt(account, 10, 64)
	if err != nil {
		return nil, errors.New("telegram: the number before ':' in the token is too large: check DESKBELL_TELEGRAM_TOKEN")
	}
	if err := checkURL(cfg.APIURL, "DESKBELL_TELEGRAM_API_URL"); err != nil {
		return nil, err
	}
	if cfg.Webhook {
		if err := checkWebhook(cfg); err != nil {
			return nil, err
		}
	}
	c := &Channel{cfg: cfg, account: account, botID: botID}
	c.client = newClient(cfg)
	c.api, err = tgbot.New(cfg.Token,
		tgbot.WithSkipGetMe(),
		tgbot.WithServerURL(cfg.APIURL),
		tgbot.WithHTTPClient(0, c.client),
		tgbot.WithErrorsHandler(func(err error) { cfg.Log.Warn("telegram library", "err", c.client.mask(err.Error())) }),
	)
	if err != nil {
		return nil, fmt.Errorf("telegram: %s", c.client.mask(err.Error()))
	}
	return c, nil
}

func withDefaults(cfg Config) Config {
	if cfg.APIURL == "" {
		cfg.APIURL = "https://api.telegram.org"
	}
	cfg.APIURL = strings.TrimRight(cfg.APIURL, "/")
	cfg.PublicURL = strings.TrimRight(cfg.PublicURL, "/")
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	cfg.Log = cfg.Log.With("channel", ChannelName)
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.PollTimeout <= 0 || cfg.PollTimeout > 50*time.Second {
		cfg.PollTimeout = 50 * time.Second // Telegram waits no longer
	}
	if cfg.SendTimeout <= 0 {
		cfg.SendTimeout = 15 * time.Second
	}
	if cfg.Backoff <= 0 {
		cfg.Backoff = time.Second
	}
	return cfg
}

func checkURL(raw, option string) error {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("telegram: %s must be an absolute http or https URL", option)
	}
	return nil
}

func checkWebhook(cfg Config) error {
	if cfg.Secret == "" {
		return errors.New("telegram: webhook mode needs DESKBELL_TELEGRAM_SECRET: without it anybody could post updates")
	}
	if !secretShape.MatchString(cfg.Secret) {
		return errors.New("telegram: DESKBELL_TELEGRAM_SECRET may hold 1 to 256 of A-Z a-z 0-9 _ -")
	}
	return checkURL(cfg.PublicURL, "DESKBELL_PUBLIC_URL")
}

// Name is "telegram".
func (c *Channel) Name() string { return ChannelName }

// Account is the bot's id, Address.Account of all its conversations.
func (c *Channel) Account() string { return c.account }

// Policy tells the guard how to read Telegram's updates.
func (c *Channel) Policy() guard.Policy { return guard.Policy{Said: isSaid, ID: isID} }

// Parse reads a guarded update. It is pure.
func (c *Channel) Parse(doc []byte) (bot.Event, error) { return parse(doc) }

// username returns the bot's username, asking Telegram the first time.
func (c *Channel) username(ctx context.Context) (string, error) {
	c.mu.Lock()
	me := c.me
	c.mu.Unlock()
	if me != "" {
		return me, nil
	}
	ctx, ex := withExchange(ctx)
	u, err := c.api.GetMe(ctx)
	if err != nil {
		return "", c.apiError("getMe", err, ex)
	}
	if u.ID != c.botID || u.Username == "" {
		return "", fmt.Errorf("telegram getMe: the answer names bot %d, the token bot %d: %w", u.ID, c.botID, bot.ErrUnavailable)
	}
	c.mu.Lock()
	c.me = u.Username
	c.mu.Unlock()
	return u.Username, nil
}

var (
	_ bot.Channel  = (*Channel)(nil)
	_ bot.Deleter  = (*Channel)(nil)
	_ bot.Typer    = (*Channel)(nil)
	_ bot.Uploader = (*Channel)(nil)
)
