package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/guard"
	"github.com/deskbell/deskbell/bot/markup"
	"github.com/deskbell/deskbell/bot/sqlstore"
	"github.com/deskbell/deskbell/intents"
)

type chatOptions struct{ jsonl *bool }

func chatFlags(fs *flag.FlagSet) any {
	return chatOptions{jsonl: fs.Bool("jsonl", false, `read lines {"conversation","text"} and write one JSON line for each`)}
}

// chatLine is a line of input; Action presses a button instead of writing.
type chatLine struct {
	Conversation string `json:"conversation"`
	Text         string `json:"text"`
	Action       string `json:"action,omitempty"`
}

// chatReply is a line of output.
type chatReply struct {
	Conversation string              `json:"conversation"`
	Decision     bot.Decision        `json:"decision"`
	Intents      []intents.Candidate `json:"intents"`
	Replies      []string            `json:"replies"`
	Buttons      []string            `json:"buttons"`
	Findings     []guard.Finding     `json:"findings"`
	Handoff      bot.Reason          `json:"handoff"`
}

// runChat talks in the terminal. The conversation lives in a temporary database that is deleted at the end.
func runChat(ctx context.Context, c call) error {
	s, err := newChatSession(ctx, c.config.get("library"), time.Now)
	if err != nil {
		return err
	}
	defer s.Close()
	if *c.own.(chatOptions).jsonl {
		return chatJSONL(ctx, c, s)
	}
	return chatTerminal(ctx, c, s)
}

// chatJSONL answers each line through the same engine as the channels.
func chatJSONL(ctx context.Context, c call, s *chatSession) error {
	out := bufio.NewWriter(c.stdout)
	defer out.Flush()
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	return eachLine(ctx, c.stdin, func(line []byte) error {
		var in chatLine
		if err := json.Unmarshal(line, &in); err != nil {
			return fmt.Errorf(`not a JSON object like {"conversation":"c1","text":"…"}: %w`, jsonReason(err))
		}
		r, err := s.Say(ctx, in)
		if err != nil {
			return err
		}
		if err := enc.Encode(r); err != nil {
			return err
		}
		return out.Flush() // somebody may be waiting for the line at the other end of a pipe
	})
}

// chatTerminal is a conversation with a person at the keyboard.
func chatTerminal(ctx context.Context, c call, s *chatSession) error {
	fmt.Fprintln(c.stdout, "Write to the bot; the number of a button presses it; an empty line or Ctrl-D ends. 输入问题开始对话。")
	in := bufio.NewScanner(c.stdin)
	var last []bot.Button
	line := chatLine{Conversation: "terminal", Text: "/start"}
	for {
		r, err := s.Say(ctx, line)
		if err != nil {
			return err
		}
		last = printReply(c.stdout, r, s.channel.buttons)
		fmt.Fprint(c.stdout, "> ")
		if !in.Scan() || in.Text() == "" {
			fmt.Fprintln(c.stdout)
			return in.Err()
		}
		line = chatLine{Conversation: "terminal", Text: in.Text()}
		if n, err := strconv.Atoi(in.Text()); err == nil && n >= 1 && n <= len(last) && last[n-1].Action != "" {
			line = chatLine{Conversation: "terminal", Action: last[n-1].Action}
		}
	}
}

func printReply(w io.Writer, r chatReply, buttons []bot.Button) []bot.Button {
	for _, t := range r.Replies {
		fmt.Fprintf(w, "\n%s\n", t)
	}
	for i, b := range buttons {
		if b.URL != "" {
			fmt.Fprintf(w, "  %d. %s (%s)\n", i+1, b.Label, b.URL)
			continue
		}
		fmt.Fprintf(w, "  %d. %s\n", i+1, b.Label)
	}
	return buttons
}

// chatSession is the real engine on a temporary database, with a channel that collects what is sent.
type chatSession struct {
	dir     string
	core    *core
	channel *terminal
	mu      sync.Mutex
	turn    bot.Turn
	n       int
}

func newChatSession(ctx context.Context, library string, now func() time.Time) (*chatSession, error) {
	rel, err := loadRelease(library)
	if err != nil {
		return nil, err
	}
	return openChatSession(ctx, rel, now)
}

// openChatSession is newChatSession with a release that is there already.
func openChatSession(ctx context.Context, rel *bot.Release, now func() time.Time) (*chatSession, error) {
	dir, err := os.MkdirTemp("", "deskbell-chat-")
	if err != nil {
		return nil, fmt.Errorf("make a temporary folder: %w", err)
	}
	log := newLog(io.Discard, "error", "text")
	db, err := sqlstore.Open(ctx, sqlstore.Options{Database: filepath.Join(dir, "chat.db"), Log: log, Now: now})
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	s := &chatSession{dir: dir, channel: &terminal{}}
	s.core = newCore(coreParts{
		store: db, bus: bot.NewBus(), release: rel, channels: []bot.Channel{s.channel}, observe: bot.Unobserved{}, log: log, now: now,
		onTurn: s.heard,
	})
	return s, nil
}

// heard keeps the newest turn. Turns of different conversations are decided side by side.
func (s *chatSession) heard(_ bot.Conversation, t bot.Turn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.turn = t
}

// Close deletes the session's database.
func (s *chatSession) Close() error {
	return errors.Join(s.core.store.Close(), os.RemoveAll(s.dir))
}

// Say puts one line through receive, decide and send, and collects what came of it.
func (s *chatSession) Say(ctx context.Context, in chatLine) (chatReply, error) {
	s.n++
	doc, err := json.Marshal(in)
	if err != nil {
		return chatReply{}, err
	}
	s.heard(bot.Conversation{}, bot.Turn{})
	s.channel.sent, s.channel.buttons = nil, nil
	receipts, err := s.core.intake.Receive(ctx, bot.Batch{Items: []bot.Incoming{{
		Address: bot.Address{Channel: "terminal", Account: "local", Key: in.Conversation}, ExternalID: strconv.Itoa(s.n), Doc: doc,
	}}})
	if err != nil {
		return chatReply{}, err
	}
	if err := s.core.settle(ctx); err != nil {
		return chatReply{}, err
	}
	return s.reply(in.Conversation, receipts[0]), nil
}

func (s *chatSession) reply(conversation string, r bot.Receipt) chatReply {
	out := chatReply{Conversation: conversation, Decision: s.turn.Decision, Intents: []intents.Candidate{}, Replies: []string{}, Buttons: []string{}, Findings: []guard.Finding{}}
	for _, f := range r.Findings {
		out.Findings = append(out.Findings, f.Finding)
	}
	for _, q := range s.turn.Questions {
		out.Intents = append(out.Intents, shown(q)...)
	}
	out.Replies = append(out.Replies, s.channel.sent...)
	for _, b := range s.channel.buttons {
		out.Buttons = append(out.Buttons, b.Label)
	}
	if s.turn.Handoff != nil {
		out.Handoff = s.turn.Handoff.Reason
	}
	return out
}

// shown are the intents that say what became of a question: the one answered, or all that were near.
func shown(q bot.Question) []intents.Candidate {
	if len(q.Ranked) > 0 && (q.Outcome == bot.Answer || q.Outcome == bot.Smalltalk || q.Outcome == bot.Handoff) {
		return q.Ranked[:1]
	}
	return q.Ranked[:min(3, len(q.Ranked))]
}

// terminal is the channel of a chat session. It is said to by the sender's goroutines.
type terminal struct {
	mu      sync.Mutex
	sent    []string
	buttons []bot.Button
}

// Name is "terminal".
func (*terminal) Name() string { return "terminal" }

// Policy says that the text is the user's.
func (*terminal) Policy() guard.Policy {
	return guard.Policy{
		Said: func(path []string) bool { return len(path) == 1 && path[0] == "text" },
		ID:   func(path []string, _ string) bool { return len(path) == 1 && path[0] == "conversation" },
	}
}

// Parse reads a chatLine.
func (*terminal) Parse(doc []byte) (bot.Event, error) {
	var in chatLine
	if err := json.Unmarshal(doc, &in); err != nil {
		return bot.Event{}, fmt.Errorf("terminal: %w", jsonReason(err))
	}
	ev := bot.Event{Kind: bot.EventMessage, Text: in.Text, User: bot.User{ID: in.Conversation}, Private: true}
	if in.Action != "" {
		ev.Kind, ev.Action = bot.EventButton, in.Action
	}
	return ev, nil
}

// Send collects the message.
func (t *terminal) Send(_ context.Context, d bot.Delivery) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sent = append(t.sent, markup.Plain(d.Text))
	t.buttons = append(t.buttons, d.Buttons...)
	return strconv.Itoa(len(t.sent)), nil
}

// Upload shows the file as text.
func (t *terminal) Upload(_ context.Context, _ bot.Delivery, f bot.File) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sent = append(t.sent, f.Name+"\n"+strings.TrimSpace(string(f.Data)))
	return strconv.Itoa(len(t.sent)), nil
}
