package bot

import (
	"slices"

	"github.com/deskbell/deskbell/intents/lang"
)

// handover passes the conversation to humans, with everything known, and says what happens next.
func (d *decider) handover(e Escalation, tag lang.Tag) {
	d.raise(Handoff)
	e.Open = slices.Clone(d.turn.State.Open)
	e.Answered = slices.Clone(d.turn.State.Answered)
	e.Findings = slices.Clone(d.turn.Findings)
	e.Lang = tag
	d.turn.Handoff = &e
	d.turn.State.Misses, d.turn.State.Offered = 0, nil
	d.reply(Reply{Text: d.handoffText(e.Reason, tag), Lang: tag})
}

// handoffText says why a person is called, what happens next, and when people are there.
func (d *decider) handoffText(r Reason, tag lang.Tag) string {
	hours, ok := d.rel.Library.Schedule(deskSchedule)
	next := txtPassing
	switch {
	case d.conv.Waiting:
		next = txtStillWaiting
	case ok && !hours.At(d.now).Open:
		next = txtQueued
	}
	text := d.rel.say(next, tag)
	if why, told := handoffWhy[r]; told && !d.conv.Waiting {
		text = join(tag, d.rel.say(why, tag), text)
	}
	if ok {
		text += "\n\n{{open." + deskSchedule + "}}"
	}
	return text
}

// handoffWhy is said before a handoff that the user did not ask for.
var handoffWhy = map[Reason]textKey{
	ReasonNotUnderstood: txtWhyMissed,
	ReasonRejected:      txtWhyRejected,
	ReasonSensitive:     txtWhySerious,
	ReasonFailure:       txtWhyFailure,
}

// join puts sentences one after the other as the language does: Chinese without a space.
func join(tag lang.Tag, a, b string) string {
	if tag == lang.En {
		return a + " " + b
	}
	return a + b
}
