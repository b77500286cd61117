package bot

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/faq"
	"github.com/deskbell/deskbell/intents"
	"github.com/deskbell/deskbell/intents/lang"
)

const (
	sureBesideSecret = 0.6  // how sure an answer must be that is given beside a refusal
	sureWhileWaiting = 0.75 // … to somebody who waits for a person, and may just tell them more
	normalPriority   = 3    // of entries
)

// answerAll answers the questions of the burst together.
func (d *decider) answerAll() {
	js := d.judgeAll()
	if len(js) == 0 {
		return
	}
	for _, j := range js {
		d.turn.Questions = append(d.turn.Questions, Question{Text: j.text, Lang: j.tag, Outcome: j.outcome, Ranked: j.ranked})
		if j.outcome == Handoff {
			d.askHuman(ReasonAsked)
		}
	}
	if d.escalate != nil {
		js = slices.DeleteFunc(js, func(j judged) bool { return j.outcome == Handoff })
	}
	// Beside a refusal only what is sure is answered: the rest of such a message is mostly about the secret itself.
	if len(d.refused) > 0 {
		js = slices.DeleteFunc(js, func(j judged) bool { return j.outcome != Answer || j.score < sureBesideSecret })
	}
	first := len(d.turn.Replies)
	if len(js) > 1 {
		d.answerMany(js)
	} else if len(js) == 1 {
		d.answerOne(js[0])
	}
	if len(d.refused) > 0 && len(d.turn.Replies) > first {
		r := &d.turn.Replies[first]
		r.Text = d.rel.say(txtDespite, r.Lang) + "\n\n" + r.Text
		d.dropAnswered(first)
	}
	if d.escalate != nil {
		d.handover(*d.escalate, d.speak())
	}
}

func (d *decider) answerOne(j judged) {
	switch j.outcome {
	case Answer:
		d.sayAnswer(j)
	case Smalltalk:
		d.saySmalltalk(j)
	case Clarify:
		d.sayClarify(j)
	default:
		d.sayUnknown(j)
	}
}

// dropAnswered takes buttons off the replies before first that the replies from there on have, or answer.
func (d *decider) dropAnswered(first int) {
	said := map[string]bool{}
	for _, r := range d.turn.Replies[first:] {
		for _, b := range r.Buttons {
			said[b.Action] = true
		}
		for _, in := range r.Intents {
			said[action(verbAsk, in)] = true
		}
	}
	for i := range d.turn.Replies[:first] {
		r := &d.turn.Replies[i]
		r.Buttons = slices.DeleteFunc(r.Buttons, func(b Button) bool { return b.Action != "" && said[b.Action] })
	}
}

// saySmalltalk is polite. Small talk with a priority is dissatisfaction: the second in a row calls a person. To somebody who
// waits, a greeting means "is anybody there?".
func (d *decider) saySmalltalk(j judged) {
	buttons := d.entryButtons(j.entry, j.tag)
	leadsOn := len(j.entry.Buttons)+len(j.entry.Related) > 0
	angry := j.entry.Priority < normalPriority
	s := &d.turn.State
	if angry {
		s.Misses++
	}
	switch {
	case d.conv.Waiting && leadsOn:
		d.askHuman(ReasonAsked)
	case angry && s.Misses >= maxMisses:
		d.askHuman(ReasonRejected)
	default:
		d.raise(Smalltalk)
		d.reply(Reply{Text: d.rel.Library.Text(j.entry.Answer, j.tag), Lang: j.tag, Intents: []string{j.entry.Intent}, Buttons: buttons})
	}
}

func (d *decider) sayAnswer(j judged) {
	if d.conv.Waiting && j.ask.intent == "" && j.score < sureWhileWaiting && j.entry.Handoff == "" {
		d.addToWaiting(j)
		return
	}
	if d.justSaid(j) {
		d.sayAgain(j)
		return
	}
	d.remember(j)
	d.raise(Answer)
	text := d.rel.Library.Text(j.entry.Answer, j.tag)
	buttons := d.entryButtons(j.entry, j.tag)
	if j.entry.Handoff != "" {
		d.reply(Reply{Text: text, Lang: j.tag, Buttons: buttons, Intents: []string{j.entry.Intent}})
		d.escalateTopic(j)
		return
	}
	if j.rest {
		text += "\n\n" + d.rel.say(txtAlsoUnknown, j.tag)
	}
	if d.escalate == nil { // with a person called, whether this helped is theirs to ask
		text += "\n\n" + d.rel.say(txtHelped, j.tag)
		buttons = append(buttons, d.feedback(j.entry.Intent, j.tag)...)
	}
	d.reply(Reply{Text: text, Lang: j.tag, Buttons: withoutRepeats(buttons), Intents: []string{j.entry.Intent}})
}

// sameFor is how long an answer need not be said again to somebody who asks the same once more.
const sameFor = 10 * time.Minute

// justSaid reports that the answer to a written question is the one that stands right above it, word for word.
func (d *decider) justSaid(j judged) bool {
	last, ok := d.lastAnswer()
	return ok && j.ask.intent == "" && last.Intent == j.entry.Intent && d.now.Sub(last.At) < sameFor &&
		lang.Detect(last.Question) == j.tag && !strings.Contains(j.entry.Answer[lang.En], "{{open.")
}

// sayAgain points at the answer above. To somebody who waits for a person it adds what they said; to somebody whom the answer
// did not help, or who asks for the third time, it calls one.
func (d *decider) sayAgain(j judged) {
	last, _ := d.lastAnswer()
	as := d.turn.State.Answered
	third := len(as) > 1 && as[len(as)-2].Intent == last.Intent && d.now.Sub(as[len(as)-2].At) < sameFor
	switch {
	case d.conv.Waiting:
		d.addToWaiting(j)
	case last.Verdict == VerdictNo || third:
		d.open(j)
		d.askHuman(ReasonRejected)
	default:
		d.remember(j)
		d.raise(Answer)
		text := strings.ReplaceAll(d.rel.say(txtSame, j.tag), "{title}", d.rel.Title(j.entry.Intent, j.tag))
		buttons := append(d.entryButtons(j.entry, j.tag), d.person(j.tag)...)
		d.reply(Reply{Text: text, Lang: j.tag, Buttons: withoutRepeats(buttons), Intents: []string{j.entry.Intent}})
	}
}

// person is the button that calls a person; none while one is called already.
func (d *decider) person(tag lang.Tag) []Button {
	if d.conv.Waiting || d.escalate != nil {
		return nil
	}
	return []Button{d.rel.humanButton(tag)}
}

func (d *decider) escalateTopic(j judged) {
	if d.escalate == nil {
		d.escalate = &Escalation{Reason: ReasonSensitive, Topic: j.entry.Intent, Priority: max(1, min(j.entry.Priority, 3))}
	}
}

func (d *decider) feedback(intent string, tag lang.Tag) []Button {
	return append([]Button{
		button(d.rel.say(txtYes, tag), action(verbYes, intent)),
		button(d.rel.say(txtNo, tag), action(verbNo, intent)),
	}, d.person(tag)...)
}

// entryButtons are the entry's own buttons, then its related questions.
func (d *decider) entryButtons(e *faq.Entry, tag lang.Tag) []Button {
	var out []Button
	for _, b := range e.Buttons {
		label := d.rel.Library.Text(b.Label, tag)
		switch {
		case b.Ask != "":
			if label == "" {
				label = d.rel.Title(b.Ask, tag)
			}
			out = append(out, button(label, action(verbAsk, b.Ask)))
		case b.Human:
			out = append(out, d.person(tag)...)
		case b.URL != "":
			bt := button(label, "")
			bt.URL = b.URL
			out = append(out, bt)
		}
	}
	for _, r := range e.Related {
		out = append(out, d.rel.askButton(r, tag))
	}
	return withoutRepeats(out)
}

// withoutRepeats keeps the last of buttons that do the same, so that the fixed ones stay at the end.
func withoutRepeats(bs []Button) []Button {
	var out []Button
	for i, b := range bs {
		again := func(o Button) bool { return o.Action == b.Action && o.URL == b.URL }
		if !slices.ContainsFunc(bs[i+1:], again) {
			out = append(out, b)
		}
	}
	return out
}

// answerMany answers several questions in one message, each under its number.
func (d *decider) answerMany(js []judged) {
	tag := js[0].tag
	var sb strings.Builder
	r := Reply{Lang: tag}
	rest := false
	for i, j := range js {
		n := strconv.Itoa(i + 1)
		switch j.outcome {
		case Answer, Smalltalk:
			d.remember(j)
			d.raise(Answer)
			rest = rest || j.rest
			sb.WriteString("**" + n + "\\. " + d.rel.Title(j.entry.Intent, j.tag) + "**\n\n" + d.rel.Library.Text(j.entry.Answer, j.tag))
			r.Intents = append(r.Intents, j.entry.Intent)
			r.Buttons = append(r.Buttons, linksOnly(d.entryButtons(j.entry, j.tag))...)
			if j.entry.Handoff != "" {
				d.escalateTopic(j)
			}
		case Clarify:
			d.raise(Clarify)
			sb.WriteString("**" + n + "\\. " + d.rel.say(txtWhichOne, j.tag) + "**")
			r.Buttons = append(r.Buttons, d.offer(j)...)
		default:
			d.raise(Unknown)
			sb.WriteString("**" + n + "\\.** " + d.rel.say(txtUnknownPart, j.tag))
			d.open(j)
		}
		sb.WriteString("\n\n")
	}
	d.turn.State.Offered = nil // "2" is no choice here: the questions themselves have numbers
	if rest {
		sb.WriteString(d.rel.say(txtAlsoUnknown, tag))
	}
	r.Text = strings.TrimSpace(sb.String())
	r.Buttons = withoutRepeats(append(r.Buttons, d.person(tag)...))
	d.reply(r)
}

func linksOnly(bs []Button) []Button {
	return slices.DeleteFunc(bs, func(b Button) bool { return b.URL == "" })
}

// remember notes an answer and that its question is no longer open.
func (d *decider) remember(j judged) {
	s := &d.turn.State
	q := j.text
	if asked, ok := d.chosenFor(j.intent); ok {
		q = asked
	}
	s.Open = slices.DeleteFunc(s.Open, func(o Question) bool { return o.Text == q })
	s.Offered, s.Asked, s.Misses = nil, "", 0
	s.Answered = append(s.Answered, Answered{Intent: j.entry.Intent, Question: q, Score: j.score, At: d.now})
	if n := len(s.Answered); n > MaxAnswered {
		s.Answered = s.Answered[n-MaxAnswered:]
	}
}

// chosenFor is the open question that a pressed intent was offered for, the newest first.
func (d *decider) chosenFor(intent string) (string, bool) {
	open := d.turn.State.Open
	for i := len(open) - 1; i >= 0 && intent != ""; i-- {
		offered := open[i].Ranked[:min(maxOffered, len(open[i].Ranked))]
		if slices.ContainsFunc(offered, func(c intents.Candidate) bool { return c.Intent == intent }) {
			return open[i].Text, true
		}
	}
	return "", false
}

func (d *decider) open(j judged) {
	s := &d.turn.State
	s.Open = slices.DeleteFunc(s.Open, func(o Question) bool { return o.Text == j.text })
	s.Open = append(s.Open, Question{Text: j.text, Lang: j.tag, Outcome: j.outcome, Ranked: j.ranked})
	if n := len(s.Open); n > maxOpen {
		s.Open = s.Open[n-maxOpen:]
	}
}

// keepOpen carries questions that were asked together with a wish for a person, as open ones.
func (d *decider) keepOpen(as []ask) {
	for _, a := range as {
		if a.intent == "" {
			j := d.judgeText(a)
			d.open(j)
			d.turn.Questions = append(d.turn.Questions, Question{Text: j.text, Lang: j.tag, Outcome: Handoff, Ranked: j.ranked})
		}
	}
}
