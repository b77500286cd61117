package bot

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot/guard"
)

// oneBurst is a store with one conversation and one burst.
type oneBurst struct {
	Store
	said    []Message
	burst   []Arrival
	decided []Decided
}

func (s *oneBurst) Claim(context.Context, time.Time, time.Duration, int) ([]Claim, error) {
	return []Claim{{Address: Address{Channel: "script"}}}, nil
}

func (s *oneBurst) Load(_ context.Context, c Claim, _ ConversationID, _ time.Time) (Conversation, []Arrival, error) {
	return Conversation{ID: "c", Address: c.Address, Owner: OwnerBot}, s.burst, nil
}

func (s *oneBurst) Messages(context.Context, ConversationID) ([]Message, error) { return s.said, nil }

func (s *oneBurst) Commit(_ context.Context, _ Claim, d Decided) error {
	s.decided = append(s.decided, d)
	return nil
}

// script is a channel whose documents are texts of an edited message m1.
type script struct{ mouth }

func (*script) Name() string { return "script" }
func (*script) Parse(doc []byte) (Event, error) {
	return Event{Kind: EventEdit, MessageID: "m1", Text: string(doc)}, nil
}

func TestAnEditThatChangesNothingIsNotAnswered(t *testing.T) {
	rel := smallLibrary(t)
	password := []guard.PathFinding{{Finding: guard.Finding{Kind: guard.Password}}}
	for name, tt := range map[string]struct {
		edits    []string
		findings []guard.PathFinding
		want     Decision
	}{
		"as it was":             {[]string{"what is the tallest volcano on Mars"}, nil, Nothing},
		"another text":          {[]string{"what are your fees"}, nil, Answer},
		"the same new text":     {[]string{"what are your fees", "what are your fees"}, nil, Answer},
		"another secret":        {[]string{"my password is " + guard.Mark(guard.Password)}, password, Refuse},
		"there and back in one": {[]string{"hm", "what is the tallest volcano on Mars"}, nil, Unknown},
	} {
		s := &oneBurst{said: []Message{{Author: ByUser, PlatformID: "m1", Text: "what is the tallest volcano on Mars"}}}
		if tt.findings != nil {
			s.said[0].Text = tt.edits[0]
		}
		for i, text := range tt.edits {
			s.burst = append(s.burst, Arrival{ID: int64(i + 1), Doc: []byte(text), Findings: tt.findings})
		}
		e := NewEngine(EngineConfig{Store: s, Channels: []Channel{&script{}}, Release: func() *Release { return rel }, Bus: NewBus(),
			NewID: func() string { return "id" }, Now: func() time.Time { return monday }, Log: slog.New(slog.DiscardHandler), Observe: Unobserved{}})
		if _, err := e.Step(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := s.decided[0].Turn; got.Decision != tt.want || len(got.Replies) > 1 {
			t.Errorf("%s: %q with %d replies, want %q", name, got.Decision, len(got.Replies), tt.want)
		}
	}
}
