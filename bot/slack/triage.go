package slack

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/deskbell/deskbell/bot"
)

// source says in which wrapping a payload came.
type source string

// Sources, in the words of Socket Mode's envelopes.
const (
	fromEvents      source = "events_api"
	fromInteractive source = "interactive"
	fromCommands    source = "slash_commands"
)

// docKind says what the stored document tells.
type docKind string

// Kinds of documents.
const (
	docMessage docKind = "message"
	docEdit    docKind = "edit"
	docDelete  docKind = "delete"
	docButton  docKind = "button"
	docCommand docKind = "command"
	docHome    docKind = "home"    // the user opened the messages tab
	docUnknown docKind = "unknown" // not understood; kept for the operator, without content
)

// document is what is stored of an event: all that Parse reads and nothing else.
type document struct {
	Kind     docKind   `json:"kind"`
	Slack    string    `json:"slack"` // Slack's own words for it, "message.file_share"
	Team     string    `json:"team,omitempty"`
	Channel  string    `json:"channel,omitempty"`
	Private  bool      `json:"private,omitempty"`
	User     string    `json:"user,omitempty"`
	UserName string    `json:"user_name,omitempty"`
	Handle   string    `json:"user_handle,omitempty"`
	Locale   string    `json:"locale,omitempty"`
	TS       string    `json:"ts,omitempty"`        // of the message it is about
	ThreadTS string    `json:"thread_ts,omitempty"` // root of the thread; "" outside of threads
	At       string    `json:"at,omitempty"`        // when it happened, in the form of a ts
	Text     string    `json:"text,omitempty"`      // what the user saw themselves write
	Action   string    `json:"action,omitempty"`    // value of the pressed button
	Files    []fileRef `json:"files,omitempty"`
	Called   bool      `json:"called,omitempty"` // the message names the bot
	EventID  string    `json:"event_id,omitempty"`
}

// fileRef is what is kept of a file: never its links or its preview.
type fileRef struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
	MIME string `json:"mimetype,omitempty"`
}

// sighting is the outcome of triage.
type sighting struct {
	doc        document
	account    string // team
	key        string // bot.Address.Key; "" for docUnknown, and for docCommand until its direct message is known
	externalID string
	onlyKnown  bool
	skip       string // why it is acknowledged without being handed over; "" to hand it over
	why        string // docUnknown: what is wrong with it
}

var (
	tsShape = regexp.MustCompile(`^\d{10}\.\d{6}$`)
	idShape = regexp.MustCompile(`^[A-Z][A-Z0-9]{5,20}$`)
)

// errNoIdentity says that a payload does not tell who the bot is and auth.test has not answered yet.
var errNoIdentity = errors.New("the bot's own user is not known yet")

// triage reads a payload as it came and decides whether it concerns the bot. It is pure. self is the zero value as long as
// auth.test has not answered; then a payload that cannot do without gives errNoIdentity, and Slack should repeat it.
func triage(src source, raw []byte, self identity) (sighting, error) {
	p, err := decode(raw)
	if err != nil {
		return unknown(src, "", "not a JSON object", raw, nil, self), nil
	}
	switch src {
	case fromEvents:
		return triageEvent(p, raw, self)
	case fromInteractive:
		return triageInteractive(p, raw, self), nil
	case fromCommands:
		return triageCommand(p, raw, self), nil
	}
	return unknown(src, p.str("type"), "unknown kind of envelope", raw, p, self), nil
}

func decode(raw []byte) (object, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var p map[string]any
	if err := d.Decode(&p); err != nil {
		return nil, errors.New("slack: payload is not a JSON object")
	}
	if p == nil {
		return nil, errors.New("slack: payload is null")
	}
	return p, nil
}

// unknown makes the sighting of something not understood. Its words are not kept: nobody knows which of them were said.
func unknown(src source, typ, why string, raw []byte, p object, self identity) sighting {
	sum := sha256.Sum256(raw)
	id := p.str("event_id")
	if !eventIDShape.MatchString(id) {
		id = hex.EncodeToString(sum[:12])
	}
	return sighting{
		doc:        document{Kind: docUnknown, Slack: word(string(src) + "." + typ), EventID: id},
		account:    orElse(teamOf(p, self), self.Team),
		externalID: "other:" + id,
		why:        why,
	}
}

var notWord = regexp.MustCompile(`[^a-zA-Z0-9_.]+`)

// word makes a type name safe to store and to log.
func word(s string) string {
	s = strings.Trim(notWord.ReplaceAllString(s, "_"), "._")
	return s[:min(len(s), 80)]
}

// teamOf is the workspace the app is installed in, which in a shared channel is not the one where the event happened.
func teamOf(p object, self identity) string {
	if self.Team != "" {
		return self.Team
	}
	for _, a := range p.list("authorizations") {
		if t := a.str("team_id"); t != "" {
			return t
		}
	}
	for _, t := range []string{p.str("team_id"), p.obj("team").str("id"), p.obj("user").str("team_id")} {
		if idShape.MatchString(t) {
			return t
		}
	}
	return ""
}

// selfOf completes who the bot is by what the payload itself tells.
func selfOf(p object, self identity) identity {
	self.Team = teamOf(p, self)
	if self.User != "" {
		return self
	}
	for _, a := range p.list("authorizations") {
		if a.flag("is_bot") {
			self.User = a.str("user_id")
		}
	}
	return self
}

func triageEvent(p object, raw []byte, self identity) (sighting, error) {
	self = selfOf(p, self)
	e := p.obj("event")
	typ := e.str("type")
	switch typ {
	case "message", "app_mention":
		return triageMessage(p, e, raw, self)
	case "app_home_opened":
		return triageHome(p, e, raw, self), nil
	case "":
		return unknown(fromEvents, p.str("type"), "an event without a type", raw, p, self), nil
	}
	return unknown(fromEvents, typ, "an event the app did not ask for", raw, p, self), nil
}

// quietSubtypes are messages that users send; every other subtype is the platform's own talk.
var quietSubtypes = map[string]bool{"": true, "file_share": true, "thread_broadcast": true}

func triageMessage(p, e object, raw []byte, self identity) (sighting, error) {
	sub := e.str("subtype")
	typ := e.str("type")
	if sub != "" {
		typ += "." + sub
	}
	s := sighting{account: self.Team, doc: document{
		Slack: word(typ), Team: self.Team, Channel: e.str("channel"), EventID: p.str("event_id"),
		Private: e.str("channel_type") == "im" || strings.HasPrefix(e.str("channel"), "D"),
	}}
	if !s.doc.Private && self.User == "" && typ != "app_mention" { // cannot tell whether the bot is meant
		return sighting{}, errNoIdentity
	}
	switch {
	case sub == "message_changed":
		s.edit(e, self)
	case sub == "message_deleted":
		s.deleted(e.str("deleted_ts"), e.str("event_ts"), e.obj("previous_message"), self)
	case quietSubtypes[sub]:
		s.message(e, self)
	default:
		s.skip = "subtype " + word(sub)
	}
	if s.skip != "" {
		return s, nil
	}
	if !idShape.MatchString(s.doc.Channel) || !tsShape.MatchString(s.doc.TS) || !idShape.MatchString(s.account) {
		return unknown(fromEvents, typ, "channel, ts or team is missing", raw, p, self), nil
	}
	s.address()
	return s, nil
}

// message reads a message that was posted.
func (s *sighting) message(e object, self identity) {
	d := &s.doc
	d.Kind, d.User, d.TS, d.At = docMessage, e.str("user"), e.str("ts"), e.str("ts")
	d.ThreadTS = e.str("thread_ts")
	d.Text = saidIn(e, self.User)
	d.Files = filesOf(e)
	s.externalID = "msg:" + d.Channel + ":" + d.TS
	called := e.str("type") == "app_mention" || mentions(e, self.User)
	d.Called = called
	switch {
	case byBot(e, self):
		s.skip = "written by a bot"
	case d.User == "":
		s.skip = "written by nobody"
	case d.Private || called:
	case d.ThreadTS != "" && d.ThreadTS != d.TS:
		s.onlyKnown = true // counts if the thread is the bot's own
	default:
		s.skip = "the bot is not meant"
	}
}

// edit reads message_changed, which also fires when Slack unfurls a link or finds out a language: then the text is the same.
func (s *sighting) edit(e object, self identity) {
	m, before := e.obj("message"), e.obj("previous_message")
	if m.str("subtype") == "tombstone" { // a root that still has replies is not deleted but emptied
		s.deleted(m.str("ts"), e.str("event_ts"), before, self)
		return
	}
	d := &s.doc
	at := orElse(m.obj("edited").str("ts"), e.str("event_ts"))
	d.Kind, d.User, d.TS, d.At = docEdit, m.str("user"), m.str("ts"), at
	d.ThreadTS = m.str("thread_ts")
	d.Text = saidIn(m, self.User)
	s.externalID = "edit:" + d.Channel + ":" + d.TS + ":" + at
	s.onlyKnown = !d.Private
	switch {
	case byBot(m, self):
		s.skip = "written by a bot"
	case before != nil && m.str("text") == before.str("text"):
		s.skip = "the text is the same"
	}
}

// deleted reads message_deleted. What was deleted is not looked at: it may be gone because it was a secret.
func (s *sighting) deleted(ts, at string, before object, self identity) {
	d := &s.doc
	d.Kind, d.User, d.TS, d.At = docDelete, before.str("user"), ts, at
	d.ThreadTS = before.str("thread_ts")
	s.externalID = "del:" + d.Channel + ":" + ts
	s.onlyKnown = true
	if byBot(before, self) {
		s.skip = "written by a bot"
	}
}

// address sets the conversation: the direct message, or the thread in a channel.
func (s *sighting) address() {
	d := &s.doc
	if d.Private {
		s.key = "dm:" + d.Channel
		return
	}
	d.ThreadTS = orElse(d.ThreadTS, d.TS)
	s.key = "thread:" + d.Channel + ":" + d.ThreadTS
}

// byBot reports messages of this bot, and of any other: two bots would answer each other for ever.
func byBot(m object, self identity) bool {
	return m.str("bot_id") != "" || m.obj("bot_profile") != nil || m.str("subtype") == "bot_message" ||
		self.User != "" && m.str("user") == self.User
}

func filesOf(e object) []fileRef {
	var out []fileRef
	for _, f := range e.list("files") {
		out = append(out, fileRef{ID: f.str("id"), Name: f.str("name"), MIME: f.str("mimetype")})
		if len(out) == 10 {
			break
		}
	}
	return out
}

// triageHome reads app_home_opened. The first time a user opens the messages tab counts as a start; later times repeat its id.
func triageHome(p, e object, raw []byte, self identity) sighting {
	s := sighting{account: self.Team, doc: document{
		Kind: docHome, Slack: "app_home_opened", Team: self.Team, Channel: e.str("channel"), Private: true,
		User: e.str("user"), At: e.str("event_ts"), EventID: p.str("event_id"),
	}}
	if e.str("tab") != "messages" {
		s.skip = "another tab"
		return s
	}
	if !idShape.MatchString(s.doc.Channel) || !idShape.MatchString(s.account) {
		return unknown(fromEvents, "app_home_opened", "channel or team is missing", raw, p, self)
	}
	s.key = "dm:" + s.doc.Channel
	s.externalID = "home:" + s.doc.Channel
	return s
}

// urlAction begins the action_id of buttons that only open a link; Slack tells of them all the same.
const urlAction = "deskbell_url_"

func triageInteractive(p object, raw []byte, self identity) sighting {
	self.Team = teamOf(p, self)
	typ := p.str("type")
	actions := p.list("actions")
	if typ != "block_actions" || len(actions) == 0 {
		return unknown(fromInteractive, typ, "an interaction the app does not offer", raw, p, self)
	}
	a, c, m := actions[0], p.obj("container"), p.obj("message")
	if a.str("url") != "" || strings.HasPrefix(a.str("action_id"), urlAction) {
		return sighting{skip: "opened a link"}
	}
	channel := orElse(p.obj("channel").str("id"), c.str("channel_id"))
	s := sighting{account: self.Team, doc: document{
		Kind: docButton, Slack: "block_actions", Team: self.Team, Channel: channel,
		Private: strings.HasPrefix(channel, "D"), User: p.obj("user").str("id"),
		UserName: p.obj("user").str("name"), Handle: p.obj("user").str("username"),
		TS: orElse(c.str("message_ts"), m.str("ts")), At: a.str("action_ts"),
		ThreadTS: orElse(c.str("thread_ts"), m.str("thread_ts")), Action: a.str("value"),
	}}
	if !idShape.MatchString(channel) || !tsShape.MatchString(s.doc.TS) || !idShape.MatchString(s.account) || s.doc.Action == "" {
		return unknown(fromInteractive, typ, "channel, message, team or value is missing", raw, p, self)
	}
	s.externalID = fmt.Sprintf("action:%s:%s:%s:%s", channel, s.doc.TS, a.str("action_id"), a.str("action_ts"))
	s.address()
	return s
}

// slashless are the commands that may stand without their slash behind our own: Slack keeps "/transcript" to itself.
var slashless = regexp.MustCompile(`(?i)^(start|help|menu|transcript|forget|human|agent|lang(uage)?( [a-z-]+)?)$`)

func triageCommand(p object, raw []byte, self identity) sighting {
	self.Team = teamOf(p, self)
	s := sighting{account: self.Team, doc: document{
		Kind: docCommand, Slack: "command", Team: self.Team, Private: true,
		User: p.str("user_id"), Handle: p.str("user_name"),
	}}
	trigger := p.str("trigger_id")
	if p.str("command") == "" || trigger == "" || !idShape.MatchString(s.doc.User) || !idShape.MatchString(s.account) {
		return unknown(fromCommands, "command", "command, trigger, user or team is missing", raw, p, self)
	}
	s.doc.Text = tidy(unescape(p.str("text"), self.User))
	if slashless.MatchString(s.doc.Text) {
		s.doc.Text = "/" + s.doc.Text
	}
	s.externalID = "cmd:" + trigger
	return s
}

// incoming is the event as the Receiver takes it.
func (s sighting) incoming(now time.Time) (bot.Incoming, error) {
	raw, err := json.Marshal(s.doc)
	if err != nil {
		return bot.Incoming{}, fmt.Errorf("slack: document of %s: %w", s.externalID, err)
	}
	return bot.Incoming{
		Address:    bot.Address{Channel: ChannelName, Account: s.account, Key: s.key},
		ExternalID: s.externalID,
		Doc:        raw,
		OnlyKnown:  s.onlyKnown,
		ReceivedAt: now,
	}, nil
}
