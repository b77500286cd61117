package bot

import (
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/bot/guard"
	"github.com/deskbell/deskbell/intents/lang"
)

// Heard is an event of a burst and what the guard found in it.
type Heard struct {
	Event
	Findings []guard.Kind
}

// Limits of a conversation's memory.
const (
	MaxAnswered = 12 // answers remembered
	maxOpen     = 8  // open questions carried to a person
	maxMisses   = 2  // turns in a row not understood before a person is called
	maxRefusals = 3  // disclosures before a person is offered with them
)

// Decide is the bot: it decides what to do about a burst of events in a conversation. It is pure; now is the time of the
// decision. The burst is in order of arrival. A conversation owned by humans gets no reply but what safety and the user's own
// commands demand.
func Decide(c Conversation, burst []Heard, rel *Release, now time.Time) Turn {
	d := &decider{conv: c, rel: rel, now: now, turn: Turn{State: copyState(c.State), Lang: c.Lang}}
	for _, h := range settleEdits(burst) {
		d.hear(h)
	}
	return d.finish()
}

// decider collects what a burst asks for, then finish says it in one go, so that a burst gets one answer.
type decider struct {
	conv Conversation
	rel  *Release
	now  time.Time
	turn Turn

	asks      []ask        // questions, in order
	refused   []guard.Kind // kinds disclosed
	canDelete bool         // every refused message can be deleted
	commands  []func()     // what is said by button or short reply, in order; not while humans own it
	always    []func()     // the user's own commands, in order
	escalate  *Escalation  // asked for while hearing
	lastTag   lang.Tag
	greet     bool
	media     bool
	wordless  bool // emoji or punctuation alone
	glad      bool // friendly ones
	cross     bool // angry ones
}

// ask is a question that came as text, or as a button with the intent known.
type ask struct {
	text   string
	tag    lang.Tag
	intent string // known already: a button, or a choice among offered ones
	score  float64
}

// copyState makes the state safe to change: Decide must not touch its argument.
func copyState(s State) State {
	s.Offered = slices.Clone(s.Offered)
	s.Answered = slices.Clone(s.Answered)
	s.Open = slices.Clone(s.Open)
	return s
}

// settleEdits lets an edited message stand for the original when both are in the burst, and drops what was deleted.
func settleEdits(burst []Heard) []Heard {
	out := make([]Heard, 0, len(burst))
	for _, h := range burst {
		at := slices.IndexFunc(out, func(o Heard) bool {
			return o.Kind == EventMessage && o.MessageID != "" && o.MessageID == h.MessageID
		})
		switch {
		case h.Kind == EventDelete && at >= 0:
			out[at].Text, out[at].Media = "", ""
		case h.Kind == EventEdit && at >= 0:
			found := append(slices.Clone(out[at].Findings), h.Findings...)
			out[at] = h
			out[at].Kind, out[at].Findings = EventMessage, found
		default:
			out = append(out, h)
		}
	}
	return out
}

func (d *decider) hear(h Heard) {
	switch h.Kind {
	case EventStart:
		d.greet = true
		if h.User.Language != "" && d.turn.Lang == "" {
			d.turn.Lang = h.User.Language
		}
	case EventButton:
		d.hearAction(h.Action)
	case EventMessage, EventEdit:
		d.hearText(h)
	}
}

func (d *decider) hearText(h Heard) {
	if len(h.Findings) > 0 {
		d.refuse(h)
	}
	if h.Kind == EventEdit && d.known(h.Text) {
		return // platforms report edits that change nothing a person would see
	}
	text := strings.TrimSpace(withoutSecret(h.Text))
	if h.Media != "" && text == "" && len(h.Findings) == 0 {
		d.media = true
		return
	}
	if text == "" {
		d.wordless = len(h.Findings) == 0 // only a mark, typed by the user
		return
	}
	tag := d.hearLanguage(text, h.User.Language)
	d.turn.State.Forget = false // the question whether to forget is answered now or not at all
	switch {
	case d.hearCommand(text, h.User.Language), len(h.Findings) == 0 && d.hearReplyToBot(text):
	case wordless(text):
		d.wordless, d.glad, d.cross = true, onlySigns(text, gladSigns), onlySigns(text, crossSigns)
	case len(h.Findings) > 0 && leans(text):
		// "my PIN is …, why is it not accepted?" is about the PIN.
		d.asks = append(d.asks, ask{text: d.rel.KindName(h.Findings[0], tag) + ": " + text, tag: d.answerTag(tag)})
	default:
		d.asks = append(d.asks, ask{text: strings.TrimPrefix(text, "/"), tag: d.answerTag(tag)})
	}
}

// hearLanguage notes the language of a text and returns it, or what stands in when the text does not tell.
func (d *decider) hearLanguage(text string, hint lang.Tag) lang.Tag {
	tag := lang.Detect(text)
	switch {
	case tag == lang.En && d.turn.Lang != lang.Unknown && containsFolded(latinWords, bare(text)):
		tag = lang.Unknown
	case tag == lang.ZhHans && d.turn.Lang == lang.ZhHant && lang.EitherScript(text):
		tag = lang.ZhHant
	}
	if tag == lang.Unknown {
		tag = d.tag(hint)
	} else {
		d.turn.Lang = tag
	}
	d.lastTag = tag
	return tag
}

// known reports that the text was dealt with already.
func (d *decider) known(text string) bool {
	text = strings.TrimSpace(text)
	if text == d.conv.State.Asked && text != "" {
		return true
	}
	return slices.ContainsFunc(d.conv.State.Answered, func(a Answered) bool { return a.Question == text })
}

// unmark takes the guard's marks away.
func unmark(text string) string {
	for _, k := range guard.Marks(text) {
		text = strings.ReplaceAll(text, guard.Mark(k), " ")
	}
	return text
}

// minRest is the least length, in code points, of what stands beside a secret and may still be a question.
const minRest = 3

// withoutSecret is what a message says besides a secret: clauses with a mark lose everything up to it ("my password is …"),
// because those words are about the secret and not a question.
func withoutSecret(text string) string {
	kinds := guard.Marks(text)
	if len(kinds) == 0 {
		return text
	}
	var kept []string
	text = strings.ReplaceAll(text, ". ", ".\n") // a full stop ends a clause, a dot in an address does not
	for _, clause := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",，。;；!！?？\n", r) }) {
		for _, k := range kinds {
			if i := strings.LastIndex(clause, guard.Mark(k)); i >= 0 {
				clause = clause[i+len(guard.Mark(k)):]
			}
		}
		if clause = strings.TrimSpace(clause); len([]rune(clause)) >= minRest {
			kept = append(kept, clause)
		}
	}
	return strings.Join(kept, ", ")
}

// leans reports that a text speaks of something said before.
func leans(text string) bool {
	for _, w := range strings.FieldsFunc(lang.Fold(text), func(r rune) bool { return strings.ContainsRune(" ,.!?;", r) }) {
		switch w {
		case "it", "its", "this", "that":
			return true
		}
	}
	return strings.Contains(text, "它") || strings.Contains(text, "这个") || strings.Contains(text, "這個")
}

// tag is the language to speak when a message does not tell: chosen, then last used, then the client's, then English.
func (d *decider) tag(hint lang.Tag) lang.Tag {
	for _, t := range []lang.Tag{d.fixed(), d.turn.Lang, d.conv.Lang, hint} {
		if t != lang.Unknown {
			return t
		}
	}
	return lang.En
}

// answerTag is the language of the answer to a message in tag: the user's choice, else the message's own (design rule 9).
func (d *decider) answerTag(tag lang.Tag) lang.Tag {
	if f := d.fixed(); f != lang.Unknown {
		return f
	}
	return tag
}

// fixed is the language the user chose, in this turn or before.
func (d *decider) fixed() lang.Tag {
	f := d.conv.LangFixed
	if d.turn.LangFixed != "" {
		f = d.turn.LangFixed
	}
	if f == langAuto {
		return lang.Unknown
	}
	return f
}

// speak is the language of the turn's own sentences.
func (d *decider) speak() lang.Tag {
	if d.lastTag != "" {
		return d.answerTag(d.lastTag)
	}
	return d.answerTag(d.tag(d.conv.User.Language))
}

func (d *decider) reply(r Reply) {
	if r.Lang == "" {
		r.Lang = d.speak()
	}
	d.turn.Replies = append(d.turn.Replies, r)
}

// finish says everything that was collected, gravest first.
func (d *decider) finish() Turn {
	tag := d.speak()
	if d.turn.Lang == "" && d.lastTag != "" {
		d.turn.Lang = d.lastTag
	}
	human := d.conv.Owner == OwnerHuman
	if len(d.refused) > 0 {
		d.sayRefusal(tag)
	}
	todo := d.always
	if !human {
		todo = append(todo, d.commands...)
	}
	for _, do := range todo {
		do()
	}
	switch {
	case human:
		d.pass()
	case d.escalate != nil:
		d.keepOpen(d.asks)
		d.handover(*d.escalate, tag)
	case len(d.asks) > 0:
		d.answerAll()
	case d.media:
		d.raise(Unknown)
		d.reply(Reply{Text: d.rel.say(txtMedia, tag), Buttons: d.person(tag)})
	case d.greet && len(d.turn.Replies) == 0:
		d.sayGreeting(tag)
	case d.glad && len(d.turn.Replies) == 0:
		d.say(txtBye)
	case d.cross && len(d.turn.Replies) == 0:
		d.say(txtSorry, d.person(tag)...)
	case d.wordless && len(d.turn.Replies) == 0:
		d.sayWordless()
	}
	d.tally(tag)
	return d.turn
}

// tally makes refusals and wordless wishes for a person count in the reports like questions. They have no text.
func (d *decider) tally(tag lang.Tag) {
	if len(d.refused) > 0 {
		d.turn.Questions = append(d.turn.Questions, Question{Lang: tag, Outcome: Refuse})
	}
	if len(d.turn.Questions) == 0 && d.turn.Decision == Handoff {
		d.turn.Questions = append(d.turn.Questions, Question{Lang: tag, Outcome: Handoff})
	}
}

// pass leaves the burst to the humans who own the conversation.
func (d *decider) pass() {
	for _, a := range d.asks {
		d.turn.Questions = append(d.turn.Questions, Question{Text: a.text, Lang: a.tag, Outcome: Passed})
	}
	d.raise(Passed)
}

// weight orders decisions: the turn is summed up by its gravest.
var weight = map[Decision]int{Nothing: 0, Passed: 1, Smalltalk: 2, Unknown: 3, Clarify: 4, Answer: 5, Handoff: 6, Refuse: 7}

func (d *decider) raise(to Decision) {
	if weight[to] > weight[d.turn.Decision] {
		d.turn.Decision = to
	}
}

func (d *decider) sayGreeting(tag lang.Tag) {
	d.turn.State.Greeted = true
	d.raise(Smalltalk)
	buttons := append(d.rel.featured(tag, 6), d.person(tag)...)
	d.reply(Reply{Text: d.rel.say(txtGreeting, tag), Lang: tag, Buttons: buttons})
}
