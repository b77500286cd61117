package handoff

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/guard"
	"github.com/deskbell/deskbell/faq"
	"github.com/deskbell/deskbell/intents/lang"
)

func newService(t *testing.T, f *fakeStore) (*Service, *bot.Bus) {
	t.Helper()
	bus := bot.NewBus()
	lib := library(t)
	s, err := NewService(Config{Store: f, Library: func() *faq.Library { return lib }, Bus: bus, NewID: ids(),
		Now: func() time.Time { return noon }, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return s, bus
}

func TestNewServiceNeedsEverything(t *testing.T) {
	if _, err := NewService(Config{}); err == nil {
		t.Fatal("a service without a store was made")
	}
}

func TestClaimReplyResolve(t *testing.T) {
	for tag, want := range map[lang.Tag][2]string{
		lang.En:      {"Li has joined and has read the conversation.", "Li has marked this as resolved."},
		lang.ZhHans:  {"Li 已加入对话", "标记为已解决"},
		lang.ZhHant:  {"Li 已加入對話", "標記為已解決"},
		lang.Unknown: {"Li has joined", "Li has marked"},
	} {
		f := newFakeStore(waiting("h1", tag))
		s, bus := newService(t, f)
		changes, cancel := bus.Subscribe()
		ctx := context.Background()
		if err := errors.Join(s.Claim(ctx, "h1", li), s.Reply(ctx, "h1", li, " Hello\r\nthere "), s.Resolve(ctx, "h1", li)); err != nil {
			t.Fatalf("%q: %v", tag, err)
		}
		cancel()
		if len(f.parcels) != 3 {
			t.Fatalf("%q: %d parcels, want 3", tag, len(f.parcels))
		}
		claim, reply, done := f.parcels[0], f.parcels[1], f.parcels[2]
		if claim.Author != bot.ByNotice || !strings.HasPrefix(claim.Text, want[0]) {
			t.Errorf("%q: claim notice %s %q", tag, claim.Author, claim.Text)
		}
		if reply.Author != bot.ByAgent || reply.AgentName != "Li" || reply.Text != "Hello\nthere" || reply.Kind != bot.ParcelMessage {
			t.Errorf("%q: reply %+v", tag, reply)
		}
		if !strings.Contains(done.Text, want[1]) {
			t.Errorf("%q: resolve notice %q", tag, done.Text)
		}
		if claim.ID == reply.ID || claim.ID == "" || claim.Lang == lang.Unknown || claim.Address != f.handoffs["h1"].Address {
			t.Errorf("%q: parcels not addressed: %+v", tag, claim)
		}
		if kinds := published(changes); kinds[bot.ChangeHandoff] != 3 || kinds[bot.ChangeOutbox] != 3 {
			t.Errorf("%q: published %v", tag, kinds)
		}
	}
}

// A login that is an e-mail address may be all the name there is: the user is still told, without it.
func TestNoticeWithoutAnAddress(t *testing.T) {
	for tag, want := range map[lang.Tag]string{lang.En: "A colleague has joined", lang.ZhHans: "人工客服 已加入", lang.ZhHant: "真人客服 已加入"} {
		f := newFakeStore(waiting("h1", tag))
		s, _ := newService(t, f)
		mei := li
		mei.Name = "mei@corp.example.net"
		if err := s.Claim(t.Context(), "h1", mei); err != nil {
			t.Fatal(err)
		}
		if got := f.parcels[0].Text; !strings.HasPrefix(got, want) {
			t.Errorf("%q: %q", tag, got)
		}
	}
}

func published(ch <-chan bot.Change) map[bot.ChangeKind]int {
	out := map[bot.ChangeKind]int{}
	for {
		select {
		case c := <-ch:
			out[c.Kind]++
		default:
			return out
		}
	}
}

func TestReturnTellsUserHowToReachAPersonAgain(t *testing.T) {
	f := newFakeStore(waiting("h1", lang.ZhHans))
	s, _ := newService(t, f)
	ctx := context.Background()
	if err := s.Return(ctx, "h1", li); !errors.Is(err, bot.ErrConflict) {
		t.Fatalf("returned a waiting handoff: %v", err)
	}
	if err := errors.Join(s.Claim(ctx, "h1", li), s.Return(ctx, "h1", li)); err != nil {
		t.Fatal(err)
	}
	if got := f.parcels[1].Text; !strings.Contains(got, "人工") {
		t.Errorf("return notice %q", got)
	}
	if f.handoffs["h1"].Status != Returned {
		t.Errorf("status %s", f.handoffs["h1"].Status)
	}
}

func TestSecondClaimerIsToldWho(t *testing.T) {
	f := newFakeStore(waiting("h1", lang.En))
	s, bus := newService(t, f)
	ctx := context.Background()
	if err := s.Claim(ctx, "h1", li); err != nil {
		t.Fatal(err)
	}
	changes, cancel := bus.Subscribe()
	defer cancel()
	for op, do := range map[string]func() error{
		"claim":   func() error { return s.Claim(ctx, "h1", ana) },
		"reply":   func() error { return s.Reply(ctx, "h1", ana, "hi") },
		"return":  func() error { return s.Return(ctx, "h1", ana) },
		"resolve": func() error { return s.Resolve(ctx, "h1", ana) },
	} {
		err := do()
		var taken *TakenError
		if !errors.As(err, &taken) || taken.AgentName != "Li" || !errors.Is(err, bot.ErrConflict) {
			t.Errorf("%s: %v, want taken by Li", op, err)
		}
	}
	if got := published(changes); len(got) != 0 {
		t.Errorf("published %v though nothing was written", got)
	}
	if len(f.parcels) != 1 {
		t.Errorf("%d parcels, want the first claim's only", len(f.parcels))
	}
}

func TestOnlyAgentsInServiceMayAct(t *testing.T) {
	f := newFakeStore(waiting("h1", lang.En))
	s, _ := newService(t, f)
	for _, a := range []Agent{{}, {ID: "x", Disabled: true}} {
		if err := s.Claim(context.Background(), "h1", a); !errors.Is(err, bot.ErrForbidden) {
			t.Errorf("claim by %+v: %v", a, err)
		}
	}
	if err := s.Claim(context.Background(), "nope", li); !errors.Is(err, bot.ErrNotFound) {
		t.Errorf("claim of nothing: %v", err)
	}
}

// Design rules 1 and 7 for what agents write.
func TestReplyHeldBack(t *testing.T) {
	tests := []struct {
		name, text string
		want       []Problem // Value is compared only when set
	}{
		{"empty", " \n ", []Problem{{Kind: ProblemEmpty}}},
		{"long", strings.Repeat("字", MaxReply+1), []Problem{{Kind: ProblemLong}}},
		{"card number", "Your card 4111 1111 1111 1111 is fine", []Problem{{Kind: ProblemSensitive, Secret: guard.PAN}}},
		{"password", "I set it: your password is hunter2", []Problem{{Kind: ProblemSensitive, Secret: guard.Password}}},
		{"asks en", "Please send me your password", []Problem{{Kind: ProblemAsks, Secret: guard.Password}}},
		{"asks zh", "请把验证码发我", []Problem{{Kind: ProblemAsks, Secret: guard.OTP}}},
		{"foreign link", "Look at https://evil.example.net/login", []Problem{{Kind: ProblemAddress, Value: "https://evil.example.net/login"}}},
		{"foreign phone", "Call +1 555-0199", []Problem{{Kind: ProblemAddress}}},
		{"unknown placeholder", "See {{contact.nowhere}}", []Problem{{Kind: ProblemPlaceholder}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := waiting("h1", lang.En)
			h.Status, h.AgentID = Claimed, li.ID
			f := newFakeStore(h)
			s, _ := newService(t, f)
			var held *Held
			if err := s.Reply(context.Background(), "h1", li, tt.text); !errors.As(err, &held) {
				t.Fatalf("not held: %v", err)
			}
			if len(held.Problems) != len(tt.want) {
				t.Fatalf("problems %+v, want %+v", held.Problems, tt.want)
			}
			for i, w := range tt.want {
				got := held.Problems[i]
				if got.Kind != w.Kind || got.Secret != w.Secret || w.Value != "" && got.Value != w.Value {
					t.Errorf("problem %+v, want %+v", got, w)
				}
			}
			if len(f.parcels) != 0 {
				t.Errorf("it was sent: %+v", f.parcels)
			}
			if strings.Contains(held.Error(), "4111") || strings.Contains(held.Error(), "hunter2") {
				t.Errorf("the error holds the value: %v", held)
			}
		})
	}
}

func TestReplyMayNameWhatIsVetted(t *testing.T) {
	h := waiting("h1", lang.En)
	h.Status, h.AgentID = Claimed, li.ID
	h.Context.Answered = []bot.Answered{{Intent: "refund"}}
	f := newFakeStore(h)
	s, _ := newService(t, f)
	for _, text := range []string{
		"See https://bank.example.com or call +1 555-0100.", "Call {{contact.hotline}}.", "https://bank.example.com/refund",
	} {
		if err := s.Reply(context.Background(), "h1", li, text); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestNoteHoldsNoSecret(t *testing.T) {
	f := newFakeStore(waiting("h1", lang.En))
	s, _ := newService(t, f)
	ctx := context.Background()
	var held *Held
	if err := s.Note(ctx, "h1", ana, "card 4111111111111111"); !errors.As(err, &held) {
		t.Errorf("a card number was noted: %v", err)
	}
	if err := s.Note(ctx, "h1", ana, "called from +1 555-0142, see https://internal.example.net"); err != nil {
		t.Errorf("a note may name addresses, it never leaves: %v", err)
	}
	v, err := s.Get(ctx, "h1")
	if err != nil || len(v.Messages) != 1 || v.Messages[0].Author != bot.ByNote {
		t.Errorf("notes: %+v, %v", v.Messages, err)
	}
}

func TestNoticesAreSafe(t *testing.T) {
	for n, texts := range notices() {
		for _, tag := range []lang.Tag{lang.En, lang.ZhHans, lang.ZhHant} {
			if texts[tag] == "" {
				t.Errorf("notice %s has no %s", n, tag)
			}
		}
	}
	if got := noticeClaimed.text(lang.En, "**Li** [x](y) {{contact.a}}"); strings.ContainsAny(got, "*[]{}") {
		t.Errorf("a name can carry markup: %q", got)
	}
	if got := library(t).CheckOutgoing(noticeReturned.text(lang.ZhHans, "Li"), nil); len(got) > 0 {
		t.Errorf("the output check holds our own notice back: %+v", got)
	}
}
