package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How the sender works through the outbox.
const (
	sendParallel   = 64                     // sends at the same time over one channel: one that does not answer must not stop the others
	senderFloor    = 250 * time.Millisecond // looks for work at least so often
	sendTimeout    = 30 * time.Second       // of one call
	firstRetry     = time.Second            // doubled with each attempt
	longestRetry   = 5 * time.Minute
	maxAttempts    = 60 // of sends that certainly failed: about four hours
	idleLimiterAge = 10 * time.Minute
)

// Rate is how fast a channel may send: to one conversation and in all. The zero Rate is no limit.
type Rate struct {
	Gap   time.Duration // between messages of one conversation, after a burst of three
	Total float64       // messages a second over the channel
}

// DefaultRates keep below what the platforms allow (Telegram: 1 message a second per chat, 30 in all; Slack: 1 a second per
// channel).
func DefaultRates() map[string]Rate {
	return map[string]Rate{
		"telegram": {Gap: 1050 * time.Millisecond, Total: 25},
		"slack":    {Gap: 1100 * time.Millisecond, Total: 20},
	}
}

// SenderConfig is what a Sender needs.
type SenderConfig struct {
	Store    Outbox
	Channels []Channel
	Release  func() *Release
	Bus      *Bus
	Now      func() time.Time
	Log      *slog.Logger
	Observe  Observer
	Rates    map[string]Rate // by channel
}

// Sender empties the outbox: it renders each message, holds it against the registry of contacts, sends it within the
// channel's rates, and records what became of it. All retries are here.
type Sender struct {
	cfg      SenderConfig
	channels map[string]Channel

	mu     sync.Mutex
	totals map[string]*rate.Limiter
	chats  map[Address]*chatRate
	under  map[string]int // sends under way, by channel
}

type chatRate struct {
	lim  *rate.Limiter
	used time.Time
}

// NewSender makes a Sender.
func NewSender(cfg SenderConfig) *Sender {
	return &Sender{cfg: cfg, channels: byName(cfg.Channels), totals: map[string]*rate.Limiter{}, chats: map[Address]*chatRate{}, under: map[string]int{}}
}

// Run sends until ctx ends, then waits for the sends under way. Call Store.Recover before.
func (s *Sender) Run(ctx context.Context) error {
	changes, stop := s.cfg.Bus.Subscribe()
	defer stop()
	tick := time.NewTicker(senderFloor)
	defer tick.Stop()
	var wg sync.WaitGroup
	defer wg.Wait()
	for {
		n, err := s.start(ctx, &wg)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			s.cfg.Log.Error("taking from the outbox failed; trying again", "err", err)
			sleep(ctx, time.Second)
		}
		if n > 0 {
			continue
		}
		if !waitFor(ctx, changes, tick.C, ChangeOutbox, ChangeSent) {
			return nil
		}
	}
}

// start takes what is ready, but of channels that have enough under way, and sends each parcel on its own goroutine.
func (s *Sender) start(ctx context.Context, wg *sync.WaitGroup) (int, error) {
	ps, err := s.cfg.Store.Take(ctx, s.cfg.Now(), sendParallel, s.busy()...)
	if err != nil {
		return 0, fmt.Errorf("take from outbox: %w", err)
	}
	for _, p := range ps {
		s.count(p.Address.Channel, 1)
		wg.Go(func() {
			s.send(context.WithoutCancel(ctx), p)
			s.count(p.Address.Channel, -1)
			s.cfg.Bus.Publish(Change{Kind: ChangeSent, Conversation: p.Conversation, Address: p.Address})
		})
	}
	return len(ps), nil
}

// busy lists the channels that have enough under way.
func (s *Sender) busy() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for channel, n := range s.under {
		if n >= sendParallel {
			out = append(out, channel)
		}
	}
	return out
}

func (s *Sender) count(channel string, by int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.under[channel] += by
}

// Step sends one batch of what is ready, side by side, and returns how many parcels it took. What was taken is finished even
// when ctx ends meanwhile.
func (s *Sender) Step(ctx context.Context) (int, error) {
	var wg sync.WaitGroup
	defer wg.Wait()
	return s.start(ctx, &wg)
}

func (s *Sender) send(ctx context.Context, p Parcel) {
	s.wait(ctx, p.Address)
	res := Settlement{Status: StatusDropped, Reason: "the conversation had passed to somebody else"}
	if s.mayLeave(ctx, p) {
		res = s.try(ctx, p)
	}
	if err := s.settle(ctx, p, res); err != nil {
		s.cfg.Log.Error("recording a send failed", "parcel", p.ID, "err", err)
	}
	s.cfg.Observe.Settled(p.Address.Channel, p.Kind, res.Status)
}

// mayLeave asks once more after the waiting for the rates: a person may have claimed the conversation meanwhile. If the store
// cannot say, Take's word stands.
func (s *Sender) mayLeave(ctx context.Context, p Parcel) bool {
	ok, err := s.cfg.Store.MayLeave(ctx, p.ID)
	if err != nil {
		s.cfg.Log.Warn("asking whether a message may still leave failed", "parcel", p.ID, "err", err)
	}
	return ok || err != nil
}

// settle records the outcome; while the database cannot, it tries again, because forgetting would send twice.
func (s *Sender) settle(ctx context.Context, p Parcel, res Settlement) error {
	var err error
	for i := range 5 {
		if err = s.cfg.Store.Settle(ctx, p.ID, res, s.cfg.Now()); err == nil || errors.Is(err, ErrNotFound) {
			return err
		}
		sleep(ctx, time.Duration(i+1)*200*time.Millisecond)
	}
	return err
}

// try makes one attempt. A panic in a channel counts as an ambiguous failure.
func (s *Sender) try(ctx context.Context, p Parcel) (res Settlement) {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	defer func() {
		if r := recover(); r != nil {
			s.cfg.Observe.Panicked("send")
			res = s.failed(p, &SendError{Outcome: Ambiguous, Err: errors.New("the channel panicked")})
		}
	}()
	ch, ok := s.channels[p.Address.Channel]
	if !ok {
		return Settlement{Status: StatusPending, ReadyAt: s.cfg.Now().Add(longestRetry), Reason: "channel " + p.Address.Channel + " is not configured"}
	}
	switch p.Kind {
	case ParcelDelete:
		return s.remove(ctx, ch, p)
	case ParcelTranscript:
		return s.transcript(ctx, ch, p)
	}
	return s.message(ctx, ch, p)
}

func (s *Sender) message(ctx context.Context, ch Channel, p Parcel) Settlement {
	d, held := s.render(p)
	if held != nil {
		return *held
	}
	id, err := ch.Send(ctx, d)
	if err != nil {
		return s.failed(p, err)
	}
	return Settlement{Status: StatusSent, PlatformID: id, Text: d.Text}
}

// render fills placeholders in and holds the result against the registry (design rule 7).
func (s *Sender) render(p Parcel) (Delivery, *Settlement) {
	rel, now := s.cfg.Release(), s.cfg.Now()
	text, err := rel.Library.Render(p.Text, p.Lang, now)
	if err != nil && p.Author != ByBot {
		text, err = p.Text, nil // people may write braces
	}
	if err != nil {
		return Delivery{}, s.held(rel, p, err.Error())
	}
	d := Delivery{OutboxID: p.ID, Address: p.Address, Thread: p.Thread, ReplyTo: p.ReplyTo, Author: p.Author, AgentName: p.AgentName,
		Text: text, Lang: p.Lang, Attempt: p.Attempts}
	if p.Repeat {
		d.ReplyTo = p.MessageID
	}
	d.AgentName = rel.publicName(p.AgentName)
	said := text
	for _, b := range p.Buttons {
		if b.URL, err = rel.Library.Render(b.URL, p.Lang, now); err != nil {
			return Delivery{}, s.held(rel, p, err.Error())
		}
		d.Buttons = append(d.Buttons, b)
		said += "\n" + b.Label + "\n" + b.URL
	}
	if v := rel.Library.CheckOutgoing(said, p.Intents); len(v) > 0 {
		return Delivery{}, s.held(rel, p, fmt.Sprintf("a %s in it is not among the library's contacts", v[0].Kind))
	}
	return d, nil
}

// held keeps a message back. A bot's answer is replaced by an honest sentence, so that the user is not left in silence.
func (s *Sender) held(rel *Release, p Parcel, reason string) *Settlement {
	s.cfg.Log.Error("message held back by the output check", "parcel", p.ID, "author", p.Author, "intents", p.Intents, "reason", reason)
	res := &Settlement{Status: StatusHeld, Reason: reason}
	if p.Author == ByBot && !isHeldNote(p) {
		res.Then = s.instead(rel, p, txtHeld)
	}
	return res
}

// instead is a parcel that follows p and says something fixed.
func (s *Sender) instead(rel *Release, p Parcel, key textKey) *Parcel {
	then := p
	then.ID, then.Kind, then.Attempts, then.Repeat = p.ID+heldSuffix, ParcelMessage, 0, false
	then.Text, then.Intents = rel.say(key, p.Lang), nil
	then.Buttons = []Button{rel.humanButton(p.Lang)}
	return &then
}

const heldSuffix = "-i"

func isHeldNote(p Parcel) bool {
	return len(p.ID) > len(heldSuffix) && p.ID[len(p.ID)-len(heldSuffix):] == heldSuffix
}

func (s *Sender) remove(ctx context.Context, ch Channel, p Parcel) Settlement {
	del, ok := ch.(Deleter)
	if !ok {
		return Settlement{Status: StatusFailed, Reason: ch.Name() + " cannot delete messages", Then: s.instead(s.cfg.Release(), p, txtNotDeleted)}
	}
	err := del.Delete(ctx, p.Address, p.MessageID)
	if err == nil {
		return Settlement{Status: StatusSent}
	}
	var se *SendError
	if errors.As(err, &se) && se.Outcome == Ambiguous {
		err = &SendError{Outcome: NotSent, RetryAfter: se.RetryAfter, Err: se.Err} // deleting twice does no harm
	}
	res := s.failed(p, err)
	if res.Status == StatusFailed {
		res.Then = s.instead(s.cfg.Release(), p, txtNotDeleted)
	}
	return res
}

// transcript sends the file. The user has been promised it, so that a failure for good is told.
func (s *Sender) transcript(ctx context.Context, ch Channel, p Parcel) Settlement {
	res := s.upload(ctx, ch, p)
	if res.Status == StatusFailed {
		res.Then = s.instead(s.cfg.Release(), p, txtNoTranscript)
	}
	return res
}

func (s *Sender) upload(ctx context.Context, ch Channel, p Parcel) Settlement {
	msgs, err := s.cfg.Store.Messages(ctx, p.Conversation)
	if err != nil {
		return s.failed(p, &SendError{Outcome: NotSent, Err: err})
	}
	rel := s.cfg.Release()
	f := Transcript(msgs, rel, p.Lang, s.cfg.Now())
	d := Delivery{OutboxID: p.ID, Address: p.Address, Thread: p.Thread, ReplyTo: p.ReplyTo, Author: p.Author, Lang: p.Lang, Attempt: p.Attempts}
	send := func() (string, error) { return ch.Send(ctx, d) }
	if up, ok := ch.(Uploader); ok {
		send = func() (string, error) { return up.Upload(ctx, d, f) }
	} else {
		d.Text = string(f.Data)
	}
	id, err := send()
	if err != nil {
		return s.failed(p, err)
	}
	return Settlement{Status: StatusSent, PlatformID: id, Text: f.Name}
}

// failed decides what to do after an error: again later, once more although it may have arrived, or never.
func (s *Sender) failed(p Parcel, err error) Settlement {
	var se *SendError
	if !errors.As(err, &se) {
		se = &SendError{Outcome: Ambiguous, Err: err}
	}
	s.cfg.Log.Warn("send failed", "parcel", p.ID, "channel", p.Address.Channel, "attempt", p.Attempts, "err", se)
	res := Settlement{Status: StatusFailed, Reason: se.Error()}
	switch {
	case se.Outcome == NotSent && p.Attempts < maxAttempts:
		res.Status, res.Repeat = StatusPending, p.Repeat
		res.ReadyAt = s.cfg.Now().Add(max(se.RetryAfter, backoff(p.Attempts)))
	case se.Outcome == Ambiguous && !p.Repeat:
		res.Status, res.Repeat = StatusPending, true
		res.ReadyAt = s.cfg.Now().Add(backoff(p.Attempts))
	case se.Outcome == Ambiguous:
		res.Status = StatusUncertain
	}
	return res
}

// backoff doubles with each attempt, with up to a fifth of jitter.
func backoff(attempts int) time.Duration {
	d := firstRetry
	for i := 1; i < attempts && d < longestRetry; i++ {
		d *= 2
	}
	d = min(d, longestRetry)
	return d + rand.N(d/5)
}

// wait holds a send until the channel's rates allow it.
func (s *Sender) wait(ctx context.Context, a Address) {
	r, ok := s.cfg.Rates[a.Channel]
	if !ok {
		return
	}
	total, chat := s.limiters(a, r)
	// Errors mean that ctx ended; the send is then decided by its own time-out.
	_ = chat.Wait(ctx)
	_ = total.Wait(ctx)
}

func (s *Sender) limiters(a Address, r Rate) (total, chat *rate.Limiter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.cfg.Now()
	if total = s.totals[a.Channel]; total == nil {
		total = rate.NewLimiter(rate.Limit(r.Total), max(1, int(r.Total)))
		s.totals[a.Channel] = total
	}
	c := s.chats[a]
	if c == nil {
		s.forgetIdle(now)
		c = &chatRate{lim: rate.NewLimiter(rate.Every(r.Gap), 3)}
		s.chats[a] = c
	}
	c.used = now
	return total, c.lim
}

// forgetIdle keeps the map of limiters small: an idle one is full again anyway.
func (s *Sender) forgetIdle(now time.Time) {
	if len(s.chats) < 10000 {
		return
	}
	for a, c := range s.chats {
		if now.Sub(c.used) > idleLimiterAge {
			delete(s.chats, a)
		}
	}
}
