package handoff

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/guard"
	"github.com/deskbell/deskbell/faq"
	"github.com/deskbell/deskbell/intents/lang"
)

// Config is what a Service needs. All fields are required.
type Config struct {
	Store   Store
	Library func() *faq.Library // the library that is valid now
	Bus     *bot.Bus
	NewID   func() string // unique ids for outbox rows
	Now     func() time.Time
	Log     *slog.Logger
}

// Service is what desks do to handoffs: it decides whether they may, words what the user is told, and writes
// through Store. It is safe for concurrent use. Make it with NewService.
type Service struct{ c Config }

// NewService makes a Service; it errs when a part is missing.
func NewService(c Config) (*Service, error) {
	if c.Store == nil || c.Library == nil || c.Bus == nil || c.NewID == nil || c.Now == nil || c.Log == nil {
		return nil, errors.New("handoff service: Store, Library, Bus, NewID, Now and Log are all needed")
	}
	return &Service{c}, nil
}

// View is a handoff with its whole conversation.
type View struct {
	Handoff  Handoff
	Messages []bot.Message
}

// TakenError says that somebody else has the handoff. It wraps bot.ErrConflict.
type TakenError struct {
	AgentID   string
	AgentName string
	Status    Status // Claimed, or closed by that agent
}

func (e *TakenError) Error() string {
	return fmt.Sprintf("the handoff is %s by agent %s: %v", e.Status, e.AgentID, bot.ErrConflict)
}

// Unwrap makes it a conflict.
func (e *TakenError) Unwrap() error { return bot.ErrConflict }

// List returns the handoffs that f selects.
func (s *Service) List(ctx context.Context, f Filter) ([]Handoff, error) {
	hs, err := s.c.Store.Handoffs(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("list handoffs: %w", err)
	}
	return hs, nil
}

// Get returns a handoff and its conversation; bot.ErrNotFound when there is none.
func (s *Service) Get(ctx context.Context, id string) (View, error) {
	h, err := s.c.Store.Handoff(ctx, id)
	if err != nil {
		return View{}, fmt.Errorf("handoff %s: %w", id, err)
	}
	ms, err := s.c.Store.Messages(ctx, h.Conversation)
	if err != nil {
		return View{}, fmt.Errorf("messages of handoff %s: %w", id, err)
	}
	return View{h, ms}, nil
}

// Claim gives a waiting handoff to the agent and tells the user. A *TakenError says who was faster.
func (s *Service) Claim(ctx context.Context, id string, a Agent) error {
	h, err := s.begin(ctx, id, a)
	if err != nil {
		return fmt.Errorf("claim: %w", err)
	}
	err = s.c.Store.ClaimHandoff(ctx, s.change(h, a, noticeClaimed))
	return s.end(ctx, "claim", h, a, err, bot.ChangeHandoff, bot.ChangeOutbox)
}

// Reply sends the agent's text to the user. A *Held says why it may not leave; a *TakenError that the conversation is
// not the agent's; a plain bot.ErrConflict that it is not claimed.
func (s *Service) Reply(ctx context.Context, id string, a Agent, text string) error {
	h, err := s.begin(ctx, id, a)
	if err != nil {
		return fmt.Errorf("reply: %w", err)
	}
	text = tidy(text)
	now := s.c.Now()
	tag := userLang(h)
	intents := answeredIntents(h.Context)
	if ps := checkReply(text, tag, intents, s.c.Library(), now); len(ps) > 0 {
		s.c.Log.Info("reply held back", "handoff", h.ID, "agent", a.ID, "problems", len(ps))
		return fmt.Errorf("reply: %w", &Held{ps})
	}
	p := s.parcel(h, bot.ByAgent, a, text)
	p.Intents = intents
	err = s.c.Store.Say(ctx, Change{HandoffID: h.ID, Agent: a, Now: now}, p)
	return s.end(ctx, "reply", h, a, err, bot.ChangeOutbox, bot.ChangeHandoff)
}

// Note adds a note that only agents see. A *Held says why it may not be kept: a secret is not written down here either.
func (s *Service) Note(ctx context.Context, id string, a Agent, text string) error {
	h, err := s.begin(ctx, id, a)
	if err != nil {
		return fmt.Errorf("note: %w", err)
	}
	text = tidy(text)
	now := s.c.Now()
	ps := checkLength(text)
	if len(ps) == 0 {
		found, _ := guard.Scan(text, guard.State{}, now)
		ps = sensitive(found)
	}
	if len(ps) > 0 {
		return fmt.Errorf("note: %w", &Held{ps})
	}
	err = s.c.Store.AddNote(ctx, Change{HandoffID: h.ID, Agent: a, Now: now}, text)
	return s.end(ctx, "note", h, a, err, bot.ChangeHandoff)
}

// Return gives the conversation back to the bot and tells the user.
func (s *Service) Return(ctx context.Context, id string, a Agent) error {
	return s.close(ctx, "return", id, a, Returned, noticeReturned)
}

// Resolve ends the handoff and tells the user that it is resolved. A waiting one can be resolved without claiming it.
func (s *Service) Resolve(ctx context.Context, id string, a Agent) error {
	return s.close(ctx, "resolve", id, a, Resolved, noticeResolved)
}

func (s *Service) close(ctx context.Context, op, id string, a Agent, to Status, n notice) error {
	h, err := s.begin(ctx, id, a)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	err = s.c.Store.CloseHandoff(ctx, s.change(h, a, n), to)
	return s.end(ctx, op, h, a, err, bot.ChangeHandoff, bot.ChangeOutbox)
}

// begin loads the handoff for an agent who may act.
func (s *Service) begin(ctx context.Context, id string, a Agent) (Handoff, error) {
	if a.ID == "" || a.Disabled {
		return Handoff{}, fmt.Errorf("agent %q: %w", a.ID, bot.ErrForbidden)
	}
	h, err := s.c.Store.Handoff(ctx, id)
	if err != nil {
		return Handoff{}, fmt.Errorf("handoff %s: %w", id, err)
	}
	return h, nil
}

// end explains a conflict by who has the handoff now, and tells listeners of what was written.
func (s *Service) end(ctx context.Context, op string, h Handoff, a Agent, err error, kinds ...bot.ChangeKind) error {
	if errors.Is(err, bot.ErrConflict) {
		if now, err2 := s.c.Store.Handoff(ctx, h.ID); err2 == nil && now.AgentID != "" && (now.AgentID != a.ID || closed(now.Status)) {
			return fmt.Errorf("%s handoff %s: %w", op, h.ID, &TakenError{now.AgentID, now.AgentName, now.Status})
		}
	}
	if err != nil {
		return fmt.Errorf("%s handoff %s: %w", op, h.ID, err)
	}
	s.c.Log.Info("handoff", "op", op, "handoff", h.ID, "agent", a.ID)
	for _, k := range kinds {
		s.c.Bus.Publish(bot.Change{Kind: k, Conversation: h.Conversation, Address: h.Address})
	}
	return nil
}

func (s *Service) change(h Handoff, a Agent, n notice) Change {
	tag := userLang(h)
	text := n.text(tag, a.Name)
	if len(s.c.Library().CheckOutgoing(text, nil)) > 0 { // the output check would hold it back, and the user hear nothing
		text = n.text(tag, someone(tag))
	}
	p := s.parcel(h, bot.ByNotice, a, text)
	return Change{HandoffID: h.ID, Agent: a, Notice: &p, Now: s.c.Now()}
}

func (s *Service) parcel(h Handoff, by bot.Author, a Agent, text string) bot.Parcel {
	return bot.Parcel{
		ID: s.c.NewID(), Conversation: h.Conversation, Address: h.Address, Kind: bot.ParcelMessage,
		Author: by, AgentName: a.Name, Text: text, Lang: userLang(h),
	}
}

// checkReply is everything that can hold a reply back: length, secrets in it, a request for a secret, placeholders that
// cannot be rendered, and addresses that are not in the registry (design rules 1 and 7).
func checkReply(text string, tag lang.Tag, intents []string, lib *faq.Library, now time.Time) []Problem {
	if ps := checkLength(text); len(ps) > 0 {
		return ps
	}
	found, _ := guard.Scan(text, guard.State{}, now)
	ps := sensitive(found)
	if k, ok := AsksForSecret(text); ok {
		ps = append(ps, Problem{Kind: ProblemAsks, Secret: k})
	}
	if len(found) > 0 {
		return ps // a card number would be listed as a phone number, too, and its value must not be shown
	}
	shown, err := lib.Render(text, tag, now)
	if err != nil {
		return append(ps, Problem{Kind: ProblemPlaceholder, Value: err.Error()})
	}
	for _, v := range lib.CheckOutgoing(shown, intents) {
		ps = append(ps, Problem{Kind: ProblemAddress, Value: v.Value, Address: v.Kind})
	}
	return ps
}

// answeredIntents are the entries the bot quoted in this conversation: an agent may repeat their own links.
func answeredIntents(e bot.Escalation) []string {
	var out []string
	if e.Topic != "" {
		out = append(out, e.Topic)
	}
	for _, a := range e.Answered {
		out = append(out, a.Intent)
	}
	return out
}

// userLang is the language the user is spoken to in: of the conversation, else what the platform says of the user.
func userLang(h Handoff) lang.Tag {
	switch {
	case h.Context.Lang != lang.Unknown:
		return h.Context.Lang
	case h.User.Language != lang.Unknown:
		return h.User.Language
	}
	return lang.En
}

// tidy gives a text from a form one kind of line break and no space around it.
func tidy(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
}

func closed(s Status) bool { return s == Returned || s == Resolved }
