package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"github.com/oklog/ulid/v2"
	"golang.org/x/sync/errgroup"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/sqlstore"
	"github.com/deskbell/deskbell/faq"
	"github.com/deskbell/deskbell/faq/okpay"
)

// core is the conversation machine without its web: store, intake, engine, sender. serve, demo, chat and tests run the same.
type core struct {
	store   *sqlstore.DB
	bus     *bot.Bus
	release *bot.Release
	intake  *bot.Intake
	engine  *bot.Engine
	sender  *bot.Sender
	log     *slog.Logger
}

// coreParts is what a core is made from. All but onTurn are required.
type coreParts struct {
	store    *sqlstore.DB
	bus      *bot.Bus
	release  *bot.Release
	channels []bot.Channel
	observe  bot.Observer
	rates    map[string]bot.Rate
	log      *slog.Logger
	onTurn   func(bot.Conversation, bot.Turn)
	now      func() time.Time
}

func newCore(p coreParts) *core {
	c := &core{store: p.store, bus: p.bus, release: p.release, log: p.log}
	current := func() *bot.Release { return c.release }
	c.intake = bot.NewIntake(p.store, p.channels, p.bus, p.now, p.observe)
	c.engine = bot.NewEngine(bot.EngineConfig{
		Store: p.store, Channels: p.channels, Release: current, Bus: p.bus, NewID: newID, Now: p.now,
		Log: p.log, Observe: p.observe, OnTurn: p.onTurn,
	})
	c.sender = bot.NewSender(bot.SenderConfig{
		Store: p.store, Channels: p.channels, Release: current, Bus: p.bus, Now: p.now, Log: p.log, Observe: p.observe, Rates: p.rates,
	})
	return c
}

// drainTime is how long a stop waits for what was accepted to be decided and sent. What is left waits in the database.
const drainTime = 10 * time.Second

// run decides and sends until ctx ends, then finishes what is waiting, within drainTime.
func (c *core) run(ctx context.Context) error {
	if n, err := c.store.Recover(ctx); err != nil {
		return fmt.Errorf("recover the outbox: %w", err)
	} else if n > 0 {
		c.log.Info("sends were under way when Deskbell last stopped; they are tried again", "count", n)
	}
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return c.engine.Run(gctx) })
	g.Go(func() error { return c.sender.Run(gctx) })
	if err := g.Wait(); err != nil {
		return err
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	return c.settle(drain)
}

// settle decides and sends until nothing is ready any more.
func (c *core) settle(ctx context.Context) error {
	for ctx.Err() == nil {
		decided, err := c.engine.Step(ctx)
		if err != nil {
			return err
		}
		sent, err := c.sender.Step(ctx)
		if err != nil {
			return err
		}
		if decided == 0 && sent == 0 {
			return nil
		}
	}
	return nil
}

// newID makes a unique id that sorts by time.
func newID() string { return ulid.Make().String() }

// loadRelease reads the library from a folder, or OKPay's from inside the program, and trains on it.
func loadRelease(dir string) (*bot.Release, error) {
	lib, err := loadLibrary(dir)
	if err != nil {
		return nil, err
	}
	return bot.NewRelease(1, lib)
}

func libraryFiles(dir string) fs.FS {
	if dir == "" {
		return okpay.Files()
	}
	return os.DirFS(dir)
}

func loadLibrary(dir string) (*faq.Library, error) {
	if dir != "" {
		if fi, err := os.Stat(dir); err != nil || !fi.IsDir() {
			return nil, usagef("library %q is not a folder; give the folder that holds library.yaml", dir)
		}
	}
	lib, err := faq.Load(libraryFiles(dir))
	if err != nil {
		return nil, fmt.Errorf("library %s cannot be used: %w", name(dir), err)
	}
	return lib, nil
}

func name(dir string) string {
	if dir == "" {
		return "(built in)"
	}
	return dir
}

// newLog makes the program's logger. Message text never goes into it.
func newLog(w io.Writer, level, format string) *slog.Logger {
	var l slog.Level
	_ = l.UnmarshalText([]byte(level)) // checked with the options
	opts := &slog.HandlerOptions{Level: l}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}
