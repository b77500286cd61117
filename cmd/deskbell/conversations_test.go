package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/intents/lang"
)

var update = flag.Bool("update", false, "write what the bot says now into the conversation files")

// TestConversations holds whole conversations with OKPay's library against golden replies. A file is a conversation:
//
//	# what it shows
//	time: 2026-11-23T10:00:00+08:00     (sets the clock)
//	user: 退款多久到账                    (what the user writes)
//	press: 有帮助                         (a button of the last replies, else of any earlier one)
//
// Everything else is what came of it: decision, reply lines, buttons. After a change run
// `go test ./cmd/deskbell -run TestConversations -update` and read the diff.
func TestConversations(t *testing.T) {
	files, err := filepath.Glob("testdata/conversations/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no conversations found: %v", err)
	}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			old, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got := replay(t, string(old))
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != string(old) {
				t.Errorf("%s\n%s", path, firstDifference(string(old), got))
			}
		})
	}
}

// trained is the built-in library, trained once for all tests.
func trained(t *testing.T) *bot.Release {
	t.Helper()
	rel, err := okpayRelease()
	if err != nil {
		t.Fatal(err)
	}
	return rel
}

var okpayRelease = sync.OnceValues(func() (*bot.Release, error) { return loadRelease("") })

// replay says every user line to the bot and writes the file anew.
func replay(t *testing.T, script string) string {
	t.Helper()
	now := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC) // a Monday, ten in the morning in Shanghai
	s, err := openChatSession(context.Background(), trained(t), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var sb strings.Builder
	var offered []bot.Button // newest first
	for _, line := range strings.Split(script, "\n") {
		kind, rest, _ := strings.Cut(line, ":")
		rest = strings.TrimSpace(rest)
		in := chatLine{Conversation: "c"}
		switch {
		case strings.HasPrefix(line, "#"):
			fmt.Fprintln(&sb, line)
			continue
		case kind == "time":
			if now, err = time.Parse(time.RFC3339, rest); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&sb, "\n%s\n", line)
			continue
		case kind == "user":
			in.Text = strings.ReplaceAll(rest, `\n`, "\n")
		case kind == "press":
			i := slices.IndexFunc(offered, func(b bot.Button) bool { return b.Label == rest })
			if i < 0 {
				t.Fatalf("no button %q was offered", rest)
			}
			in.Action = offered[i].Action
		default:
			continue
		}
		now = now.Add(20 * time.Second)
		r, err := s.Say(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		offered = append(slices.Clone(s.channel.buttons), offered...)
		fmt.Fprintf(&sb, "\n%s\n%s", line, golden(r))
	}
	return sb.String()
}

// golden writes a reply in the form of the files.
func golden(r chatReply) string {
	var sb strings.Builder
	fmt.Fprintf(&sb, "  = %s", r.Decision)
	for _, c := range r.Intents {
		fmt.Fprintf(&sb, " %s", c.Intent)
	}
	if r.Handoff != "" {
		fmt.Fprintf(&sb, " handoff=%s", r.Handoff)
	}
	for _, f := range r.Findings {
		fmt.Fprintf(&sb, " %s[%d:%d]", f.Kind, f.Start, f.End)
	}
	sb.WriteString("\n")
	for _, t := range r.Replies {
		for i, l := range strings.Split(t, "\n") {
			mark := "  | "
			if i == 0 {
				mark = "  < "
			}
			sb.WriteString(strings.TrimRight(mark+l, " ") + "\n")
		}
	}
	for _, b := range r.Buttons {
		fmt.Fprintf(&sb, "  [%s]\n", b)
	}
	return sb.String()
}

// TestChinesePunctuation: Chinese is written with full-width marks, in phrases, titles and answers.
func TestChinesePunctuation(t *testing.T) {
	rel, err := okpayRelease()
	if err != nil {
		t.Fatal(err)
	}
	narrow := regexp.MustCompile(`\p{Han}[,?!:;()]|[,?!:;()]\p{Han}`)
	for _, e := range rel.Library.Entries {
		for _, tag := range []lang.Tag{lang.ZhHans, lang.ZhHant} {
			texts := append([]string{rel.Library.Text(e.Title, tag), rel.Library.Text(e.Answer, tag)}, e.Phrases[tag]...)
			for _, b := range e.Buttons {
				texts = append(texts, rel.Library.Text(b.Label, tag))
			}
			for _, text := range texts {
				if m := narrow.FindString(text); m != "" {
					t.Errorf("%s: %q in %q", e.Intent, m, text)
				}
			}
		}
	}
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		a, b := "(end)", "(end)"
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			return fmt.Sprintf("line %d\nwant %s\n got %s", i+1, a, b)
		}
	}
	return "no difference"
}
