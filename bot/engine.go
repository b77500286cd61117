package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/deskbell/deskbell/bot/guard"
)

// How the engine works through what waits.
const (
	claimLease   = 30 * time.Second       // longer than any decision; a crashed worker's claims are free again then
	claimBatch   = 32                     // conversations claimed at once
	engineFloor  = 250 * time.Millisecond // looks for work at least so often, whatever the bus says
	engineErrGap = time.Second            // pause after a store error
)

// EngineConfig is what an Engine needs.
type EngineConfig struct {
	Store    Turns
	Channels []Channel
	Release  func() *Release // the current one; a turn uses one throughout
	Bus      *Bus
	NewID    func() string
	Now      func() time.Time
	Log      *slog.Logger
	Observe  Observer
	Workers  int                      // conversations decided in parallel; 0: 4
	OnTurn   func(Conversation, Turn) // called after each commit; nil: nobody listens
}

// Engine decides: it claims conversations with undecided arrivals, parses their bursts, calls Decide and commits the turns.
type Engine struct {
	cfg      EngineConfig
	channels map[string]Channel
}

// NewEngine makes an Engine.
func NewEngine(cfg EngineConfig) *Engine {
	if cfg.Workers == 0 {
		cfg.Workers = 4
	}
	if cfg.OnTurn == nil {
		cfg.OnTurn = func(Conversation, Turn) {}
	}
	return &Engine{cfg: cfg, channels: byName(cfg.Channels)}
}

func byName(cs []Channel) map[string]Channel {
	out := map[string]Channel{}
	for _, c := range cs {
		out[c.Name()] = c
	}
	return out
}

// Run decides until ctx ends. It returns nil then.
func (e *Engine) Run(ctx context.Context) error {
	changes, stop := e.cfg.Bus.Subscribe()
	defer stop()
	tick := time.NewTicker(engineFloor)
	defer tick.Stop()
	for {
		n, err := e.Step(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			e.cfg.Log.Error("deciding failed; trying again", "err", err)
			sleep(ctx, engineErrGap)
		}
		if n > 0 {
			continue
		}
		if !waitFor(ctx, changes, tick.C, ChangeArrival) {
			return nil
		}
	}
}

// waitFor returns true at a change of the kind or a tick, false when ctx ends.
func waitFor(ctx context.Context, changes <-chan Change, tick <-chan time.Time, kinds ...ChangeKind) bool {
	for {
		select {
		case <-ctx.Done():
			return false
		case <-tick:
			return true
		case c := <-changes:
			for _, k := range kinds {
				if c.Kind == k {
					return true
				}
			}
		}
	}
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// Step decides one batch of what waits and returns how many conversations it took. What was claimed is finished even when ctx
// ends meanwhile, so that a stop drains.
func (e *Engine) Step(ctx context.Context) (int, error) {
	claims, err := e.cfg.Store.Claim(ctx, e.cfg.Now(), claimLease, claimBatch)
	if err != nil {
		return 0, fmt.Errorf("claim: %w", err)
	}
	g := new(errgroup.Group)
	g.SetLimit(e.cfg.Workers)
	for _, c := range claims {
		g.Go(func() error { return e.turn(context.WithoutCancel(ctx), c) })
	}
	return len(claims), g.Wait()
}

// turn decides one claimed conversation. A conflict is no error: somebody else was faster, and the conversation is claimed
// again.
func (e *Engine) turn(ctx context.Context, c Claim) error {
	began := e.cfg.Now()
	conv, arrivals, err := e.cfg.Store.Load(ctx, c, ConversationID(e.cfg.NewID()), began)
	if err != nil {
		return fmt.Errorf("load %s conversation: %w", c.Address.Channel, err)
	}
	d := e.parse(conv, arrivals)
	if err := e.dropIdleEdits(ctx, &d); err != nil {
		return err
	}
	rel := e.cfg.Release()
	d.Turn = e.decide(conv, heard(d), rel)
	for i := range d.Events {
		if d.Events[i].Kind == EventButton {
			d.Events[i].Text = rel.ButtonText(d.Events[i].Action, d.Turn.Lang)
		}
		if u := d.Events[i].User; u.ID != "" {
			d.Conversation.User = u
		}
	}
	d.HandoffID, d.Now = e.cfg.NewID(), e.cfg.Now()
	d.Parcels = parcels(d)
	if err := e.cfg.Store.Commit(ctx, c, d); err != nil {
		if errors.Is(err, ErrConflict) {
			return nil
		}
		return fmt.Errorf("commit turn of conversation %s: %w", conv.ID, err)
	}
	e.cfg.Observe.Decided(c.Address.Channel, d.Turn, e.cfg.Now().Sub(began))
	e.cfg.OnTurn(d.Conversation, d.Turn)
	e.publish(d)
	return nil
}

func (e *Engine) publish(d Decided) {
	id, a := d.Conversation.ID, d.Conversation.Address
	e.cfg.Bus.Publish(Change{Kind: ChangeTurn, Conversation: id, Address: a})
	if len(d.Parcels) > 0 {
		e.cfg.Bus.Publish(Change{Kind: ChangeOutbox, Conversation: id, Address: a})
	}
	if d.Turn.Handoff != nil || d.Conversation.Waiting || d.Conversation.Owner == OwnerHuman {
		e.cfg.Bus.Publish(Change{Kind: ChangeHandoff, Conversation: id, Address: a})
	}
}

// parse reads the burst's documents. One that cannot be understood is kept with the reason and never stops its neighbours.
func (e *Engine) parse(conv Conversation, arrivals []Arrival) Decided {
	d := Decided{Conversation: conv, Burst: arrivals, Events: make([]Event, len(arrivals)), Broken: make([]string, len(arrivals))}
	ch, ok := e.channels[conv.Address.Channel]
	for i, a := range arrivals {
		if !ok {
			d.Broken[i] = "channel " + conv.Address.Channel + " is not configured"
			continue
		}
		ev, err := parseOne(ch, a.Doc)
		if err != nil && guardFailed(a) {
			// The guard failed closed and the document is gone: the user is still told (design rules 1 and 8).
			ev, err = Event{Kind: EventMessage, Text: guard.Mark(guard.Failure)}, nil
		}
		if err != nil {
			d.Broken[i] = err.Error()
			e.cfg.Log.Warn("event not understood", "channel", conv.Address.Channel, "arrival", a.ID, "err", err)
			continue
		}
		d.Events[i] = ev
	}
	return d
}

// dropIdleEdits makes nothing of edits that leave the text as it was: platforms report an edit also when they have unfurled a
// link or counted a reaction, and a question must not be answered, or counted as missed, a second time. An edit that holds a
// secret is always a new one: marks do not tell values apart.
func (e *Engine) dropIdleEdits(ctx context.Context, d *Decided) error {
	var said map[string]string // by platform id
	for i := range d.Events {
		ev := &d.Events[i]
		if ev.Kind != EventEdit || ev.MessageID == "" || len(d.Burst[i].Findings) > 0 {
			continue
		}
		if said == nil {
			msgs, err := e.cfg.Store.Messages(ctx, d.Conversation.ID)
			if err != nil {
				return fmt.Errorf("messages of conversation %s: %w", d.Conversation.ID, err)
			}
			said = map[string]string{}
			for _, m := range msgs {
				if m.Author == ByUser && m.PlatformID != "" {
					said[m.PlatformID] = m.Text
				}
			}
		}
		if before, ok := said[ev.MessageID]; ok && before == ev.Said() {
			ev.Kind = EventOther
		}
		said[ev.MessageID] = ev.Said()
	}
	return nil
}

func guardFailed(a Arrival) bool {
	return slices.ContainsFunc(a.Findings, func(f guard.PathFinding) bool { return f.Kind == guard.Failure })
}

func parseOne(ch Channel, doc []byte) (ev Event, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s: parse panicked", ch.Name()) // r may quote the document
		}
	}()
	return ch.Parse(doc)
}

func heard(d Decided) []Heard {
	var out []Heard
	for i, ev := range d.Events {
		if ev.Kind == "" {
			continue
		}
		out = append(out, Heard{Event: ev, Findings: kindsOf(d.Burst[i].Findings)})
	}
	return out
}

// decide calls Decide. A panic is tried once more, then costs this one turn: a person gets the conversation.
func (e *Engine) decide(conv Conversation, burst []Heard, rel *Release) (t Turn) {
	for range 2 {
		t, ok := e.tryDecide(conv, burst, rel)
		if ok {
			return t
		}
	}
	return failedTurn(conv, burst, rel, e.cfg.Now())
}

func (e *Engine) tryDecide(conv Conversation, burst []Heard, rel *Release) (t Turn, ok bool) {
	defer func() {
		if r := recover(); r != nil {
			// The panic's value may hold message text; the stack holds none.
			e.cfg.Log.Error("deciding panicked", "conversation", conv.ID, "stack", string(debug.Stack()))
			e.cfg.Observe.Panicked("decide")
		}
	}()
	return Decide(conv, burst, rel, e.cfg.Now()), true
}

// failedTurn hands the conversation over after the bot itself failed. What the guard found is still
// refused, deleted and told.
func failedTurn(conv Conversation, burst []Heard, rel *Release, now time.Time) Turn {
	d := &decider{conv: conv, rel: rel, now: now, turn: Turn{State: copyState(conv.State), Lang: conv.Lang}}
	for _, h := range burst {
		if len(h.Findings) > 0 {
			d.refuse(h)
		}
	}
	if len(d.refused) > 0 {
		d.sayRefusal(d.speak())
	}
	if conv.Owner == OwnerHuman {
		d.raise(Passed)
		return d.turn
	}
	d.handover(Escalation{Reason: ReasonFailure, Priority: 2}, d.speak())
	return d.turn
}

// parcels are the turn's outbox rows, in order. Their ids come from the burst's last arrival, so that the same burst decided
// twice cannot be sent twice. Deletions come first: what the user is told about them must be true by then.
func parcels(d Decided) []Parcel {
	last := d.Burst[len(d.Burst)-1]
	base := Parcel{Conversation: d.Conversation.ID, Address: d.Conversation.Address, Epoch: d.Conversation.Epoch, Author: ByBot, Lang: d.Turn.Lang}
	for _, ev := range d.Events {
		if ev.Kind != "" {
			base.Thread, base.ReplyTo, base.MessageID = ev.Thread, ev.ReplyTo, ev.MessageID
		}
	}
	var out []Parcel
	add := func(p Parcel) {
		p.ID = fmt.Sprintf("%d-%d", last.ID, len(out))
		out = append(out, p)
	}
	for _, id := range d.Turn.Delete {
		p := base
		p.Kind, p.MessageID = ParcelDelete, id
		add(p)
	}
	for _, r := range d.Turn.Replies {
		p := base
		p.Kind, p.Text, p.Lang, p.Buttons, p.Intents = ParcelMessage, r.Text, r.Lang, r.Buttons, r.Intents
		add(p)
	}
	if d.Turn.Transcript {
		p := base
		p.Kind = ParcelTranscript
		add(p)
	}
	return out
}
