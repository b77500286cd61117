package bot

import (
	"slices"
	"strings"
	"unicode"

	"github.com/deskbell/deskbell/faq"
	"github.com/deskbell/deskbell/intents"
	"github.com/deskbell/deskbell/intents/lang"
)

const (
	maxOffered = 3
	// nearScore is the least score of what is offered after a question that was not understood.
	nearScore = 0.3
	// nearShare is the least share of the best score that makes a further intent worth offering: after a question back, and
	// after one that was not understood.
	nearShare        = 0.1
	nearShareUnknown = 0.2
)

// offer remembers which intents the user may choose from: the best, and those that are not far behind it.
func (d *decider) offer(j judged) []Button {
	s := &d.turn.State
	s.Offered, s.Asked = d.near(j.ranked, 0, nearShare), j.text
	d.open(j)
	return d.askButtons(s.Offered, j.tag)
}

// near are at most three intents of a ranking that are worth offering; none when the best is below least, and
// none below a share of the best.
func (d *decider) near(ranked []intents.Candidate, least, share float64) []string {
	var out []string
	for _, c := range ranked {
		if len(out) == maxOffered || ranked[0].Score < least || c.Score < share*ranked[0].Score {
			break
		}
		if e, ok := d.rel.Library.Entry(c.Intent); ok && e.Kind != faq.KindSmalltalk && !d.rejected(c.Intent) {
			out = append(out, c.Intent)
		}
	}
	return out
}

// rejected reports that the user said of an answer that it did not help: it is not offered again.
func (d *decider) rejected(intent string) bool {
	return slices.ContainsFunc(d.turn.State.Answered, func(a Answered) bool { return a.Intent == intent && a.Verdict == VerdictNo })
}

func (d *decider) askButtons(ids []string, tag lang.Tag) []Button {
	var out []Button
	for _, in := range ids {
		out = append(out, d.rel.askButton(in, tag))
	}
	return out
}

func (d *decider) sayClarify(j judged) {
	if d.conv.Waiting { // what was said is for the colleague
		d.addToWaiting(j)
		return
	}
	buttons := d.offer(j)
	if len(buttons) == 0 { // a person is all it may mean
		d.sayUnknown(j)
		return
	}
	d.raise(Clarify)
	key := txtWhichOne
	if len(buttons) == 1 {
		key = txtThisOne
	}
	none := d.rel.say(txtNoneOfThese, j.tag)
	if len(buttons) == 1 {
		none = d.rel.say(txtSomethingElse, j.tag)
	}
	buttons = append(buttons, button(none, action(verbNone, "")))
	d.reply(Reply{Text: d.rel.say(key, j.tag), Lang: j.tag, Buttons: append(buttons, d.person(j.tag)...)})
}

// sayUnknown admits it. While a handoff waits the question goes along; the second miss in a row calls a person.
func (d *decider) sayUnknown(j judged) {
	if d.conv.Waiting {
		d.addToWaiting(j)
		return
	}
	s := &d.turn.State
	s.Offered = nil
	d.open(j)
	if isNumber(j.text) {
		d.raise(Unknown)
		d.reply(Reply{Text: d.rel.say(txtNumber, j.tag), Lang: j.tag, Buttons: d.person(j.tag)})
		return
	}
	s.Misses++
	if s.Misses >= maxMisses {
		d.askHuman(ReasonNotUnderstood)
		return
	}
	d.raise(Unknown)
	key, buttons := txtUnknown, d.rel.featured(j.tag, 4)
	if near := d.near(j.ranked, nearScore, nearShareUnknown); len(near) > 0 {
		key, buttons = txtUnknownNear, d.askButtons(near, j.tag)
		s.Offered, s.Asked = near, j.text
	}
	d.reply(Reply{Text: d.rel.say(key, j.tag), Lang: j.tag, Buttons: append(buttons, d.rel.humanButton(j.tag))})
}

// addToWaiting puts what was said to the request that waits for a person.
func (d *decider) addToWaiting(j judged) {
	d.turn.State.Offered = nil
	d.open(j)
	d.raise(Handoff)
	d.turn.Handoff = &Escalation{Reason: ReasonAsked, Priority: normalPriority, Open: d.turn.State.Open, Lang: j.tag}
	key := txtAdded
	if len(d.turn.State.Open) > 1 {
		key = txtAddedToo
	}
	d.reply(Reply{Text: d.rel.say(key, j.tag), Lang: j.tag})
}

// isNumber reports that a text is a number such as orders have.
func isNumber(text string) bool {
	digits := 0
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			digits++
		case !strings.ContainsRune(" -#.:", r):
			return false
		}
	}
	return digits >= 5
}

// wordless reports that a text has nothing to be understood: emoji, punctuation.
func wordless(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// sayWordless answers a text without words: the bot is there, and reads words.
func (d *decider) sayWordless() {
	tag := d.speak()
	d.raise(Unknown)
	buttons := append(d.rel.featured(tag, 4), d.person(tag)...)
	d.reply(Reply{Text: d.rel.say(txtWordless, tag), Buttons: buttons})
}
