package slack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/deskbell/deskbell/bot"
)

// delivery is an event on its way from Slack to the Receiver.
type delivery struct {
	src source
	raw []byte
	at  time.Time // when it came
	ack func(reply any) error
}

// What a user sees, and only they, after a slash command. Their language is not known yet.
const (
	commandTaken = "收到，我在私信里回复您。\nGot it. I am answering in our direct message."
	commandLost  = "抱歉，刚才没能收下您的消息，请再试一次，或直接给我发私信。\nSorry, that did not reach me. Please try again, or send me a direct message."
)

// ephemeral is the answer to a slash command.
func ephemeral(text string) any {
	return map[string]string{"response_type": "ephemeral", "text": text}
}

// prepared is a delivery that is ready to be stored, or that needs no storing (item nil).
type prepared struct {
	item  *bot.Incoming
	when  string // for the order within a batch
	reply any
}

// errDirectMessage says that the place to answer a slash command could not be found.
var errDirectMessage = errors.New("the direct message with the user cannot be opened")

// prepare triages a delivery and adds what only Slack knows: where a slash command is answered, and, within the budget of look,
// the user's name.
func (c *Channel) prepare(ctx, look context.Context, d delivery) (prepared, error) {
	s, err := triage(d.src, d.raw, c.whoami())
	if err != nil {
		return prepared{}, err
	}
	if s.skip != "" {
		c.counts.ignored.Add(1)
		c.log.DebugContext(ctx, "slack event ignored", "reason", s.skip)
		return prepared{}, nil
	}
	var reply any
	switch s.doc.Kind {
	case docUnknown:
		c.counts.undecodable.Add(1)
		c.log.WarnContext(ctx, "slack event not understood, kept for the operator", "what", s.doc.Slack, "reason", s.why)
	case docCommand:
		ctx, cancel := context.WithTimeout(ctx, openBudget)
		defer cancel()
		ch, err := c.people.dm(ctx, s.doc.User)
		if err != nil {
			return prepared{}, fmt.Errorf("%w: %w", errDirectMessage, err)
		}
		s.doc.Channel, s.key = ch, "dm:"+ch
		reply = ephemeral(commandTaken)
	}
	if s.doc.User != "" {
		p := c.people.about(look, s.doc.User)
		s.doc.UserName = orElse(p.Name, s.doc.UserName)
		s.doc.Handle = orElse(p.Handle, s.doc.Handle)
		s.doc.Locale = p.Locale
	}
	in, err := s.incoming(d.at)
	if err != nil {
		return prepared{}, err
	}
	return prepared{item: &in, when: orElse(s.doc.At, stamp(d.at)), reply: reply}, nil
}

// stamp is a time in the form of a Slack ts.
func stamp(t time.Time) string {
	return fmt.Sprintf("%010d.%06d", t.Unix(), t.Nanosecond()/1000)
}

// whoami is the zero identity until auth.test has answered.
func (c *Channel) whoami() identity {
	if id := c.self.Load(); id != nil {
		return *id
	}
	return identity{}
}

// accept stores deliveries in one commit and acknowledges each after it (design rule 2). What cannot be stored is not
// acknowledged; Slack repeats it. Slack promises no order, least of all over two sockets, so what came together is put in
// order of time.
func (c *Channel) accept(ctx context.Context, r bot.Receiver, ds []delivery) {
	left := ackBudget - c.cfg.Now().Sub(ds[0].at) // less when it had to wait; storing late is still better than not
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), max(left, time.Second))
	defer cancel()
	ready := c.prepareAll(ctx, ds)
	slices.SortStableFunc(ready, func(a, b job) int { return cmp.Compare(a.when, b.when) })
	if c.receive(ctx, r, ready) == nil || len(ready) < 2 {
		return
	}
	for i := range ready { // one of them may be what the store refuses; the others should not suffer
		_ = c.receive(ctx, r, ready[i:i+1]) // logged and counted there
	}
}

type job struct {
	delivery
	prepared
}

// prepareAll readies a batch. What needs no storing is acknowledged at once.
func (c *Channel) prepareAll(ctx context.Context, ds []delivery) []job {
	look, cancel := context.WithTimeout(ctx, lookupBudget)
	defer cancel()
	ready := make([]job, 0, len(ds))
	for _, d := range ds {
		p, err := c.prepare(ctx, look, d)
		switch {
		case errors.Is(err, errDirectMessage): // Slack does not repeat commands: tell the user
			c.log.WarnContext(ctx, "slack command not taken", "error", err)
			c.acknowledge(ctx, job{delivery: d, prepared: prepared{reply: ephemeral(commandLost)}})
		case err != nil:
			c.counts.unacked.Add(1)
			c.log.WarnContext(ctx, "slack event not taken yet", "error", err)
		case p.item == nil:
			c.acknowledge(ctx, job{delivery: d, prepared: p})
		default:
			ready = append(ready, job{delivery: d, prepared: p})
		}
	}
	return ready
}

func (c *Channel) receive(ctx context.Context, r bot.Receiver, jobs []job) error {
	if len(jobs) == 0 {
		return nil
	}
	var b bot.Batch
	for _, j := range jobs {
		b.Items = append(b.Items, *j.item)
	}
	if _, err := r.Receive(ctx, b); err != nil {
		if len(jobs) == 1 {
			c.counts.unacked.Add(1)
		}
		c.log.ErrorContext(ctx, "slack events not stored, so not acknowledged", "count", len(jobs), "error", err)
		return err
	}
	for _, j := range jobs {
		c.acknowledge(ctx, j)
	}
	return nil
}

func (c *Channel) acknowledge(ctx context.Context, j job) {
	if err := j.ack(j.reply); err != nil { // it is stored; the repetition will be known as one
		c.log.WarnContext(ctx, "slack event acknowledged in vain, Slack will repeat it", "error", safe(err))
	}
}
