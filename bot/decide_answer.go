package bot

import (
	"slices"
	"strconv"
	"strings"

	"github.com/deskbell/deskbell/faq"
	"github.com/deskbell/deskbell/intents"
	"github.com/deskbell/deskbell/intents/lang"
)

// sureBesideSecret is how sure an answer must be that is given beside a refusal.
const sureBesideSecret = 0.6

// judged is a question with what it was taken for.
type judged struct {
	ask
	outcome Decision
	ranked  []intents.Candidate
	entry   *faq.Entry // Answer and Smalltalk
}

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
		if len(js) > 0 {
			d.reply(Reply{Text: d.rel.say(txtDespite, js[0].tag), Lang: js[0].tag})
		}
	}
	if len(js) > 1 {
		d.answerMany(js)
	} else if len(js) == 1 {
		d.answerOne(js[0])
	}
	if d.escalate != nil {
		d.handover(*d.escalate, d.speak())
	}
}

// judgeAll splits and understands every ask. The same intent asked twice in a burst is answered once, and small talk beside
// a real question is left unsaid.
func (d *decider) judgeAll() []judged {
	var out []judged
	for _, a := range d.asks {
		for _, j := range d.judge(a) {
			same := func(o judged) bool { return j.entry != nil && o.entry == j.entry }
			if !slices.ContainsFunc(out, same) {
				out = append(out, j)
			}
		}
	}
	real := slices.DeleteFunc(slices.Clone(out), func(j judged) bool { return j.outcome == Smalltalk })
	if len(real) > 0 {
		return real
	}
	return out
}

func (d *decider) judge(a ask) []judged {
	if a.intent != "" {
		return []judged{d.judgeKnown(a)}
	}
	var out []judged
	for _, part := range d.rel.Classifier.Split(a.text) {
		p := a
		p.text = part
		out = append(out, d.judgeText(p))
	}
	return out
}

func (d *decider) judgeKnown(a ask) judged {
	j := judged{ask: a, outcome: Unknown, ranked: []intents.Candidate{{Intent: a.intent, Score: 1}}}
	if e, ok := d.rel.Library.Entry(a.intent); ok {
		j.outcome, j.entry = outcomeOf(e), e
	}
	return j
}

func (d *decider) judgeText(a ask) judged {
	res := d.rel.Classifier.Classify(a.text)
	j := judged{ask: a, ranked: res.Ranked, outcome: Unknown}
	if len(res.Ranked) == 0 {
		return j
	}
	j.score = res.Ranked[0].Score
	switch res.Decision {
	case intents.DecideAnswer:
		if res.Ranked[0].Intent == HumanIntent {
			j.outcome = Handoff
		} else if e, ok := d.rel.Library.Entry(res.Ranked[0].Intent); ok {
			j.outcome, j.entry = outcomeOf(e), e
		}
	case intents.DecideClarify:
		j.outcome = Clarify
	}
	return j
}

func outcomeOf(e *faq.Entry) Decision {
	if e.Kind == faq.KindSmalltalk {
		return Smalltalk
	}
	return Answer
}

func (d *decider) answerOne(j judged) {
	switch j.outcome {
	case Answer:
		d.sayAnswer(j)
	case Smalltalk:
		d.raise(Smalltalk)
		d.reply(Reply{Text: d.rel.Library.Text(j.entry.Answer, j.tag), Lang: j.tag, Intents: []string{j.entry.Intent}, Buttons: d.entryButtons(j.entry, j.tag)})
	case Clarify:
		d.sayClarify(j)
	default:
		d.sayUnknown(j)
	}
}

func (d *decider) sayAnswer(j judged) {
	again := d.answered(j.entry.Intent)
	d.remember(j)
	d.raise(Answer)
	text := d.rel.Library.Text(j.entry.Answer, j.tag)
	buttons := d.entryButtons(j.entry, j.tag)
	if j.entry.Handoff != "" {
		d.reply(Reply{Text: text, Lang: j.tag, Buttons: buttons, Intents: []string{j.entry.Intent}})
		d.escalateTopic(j)
		return
	}
	if again {
		text += "\n\n" + d.rel.say(txtMore, j.tag)
	}
	text += "\n\n" + d.rel.say(txtHelped, j.tag)
	buttons = append(buttons, d.feedback(j.entry.Intent, j.tag)...)
	d.reply(Reply{Text: text, Lang: j.tag, Buttons: withoutRepeats(buttons), Intents: []string{j.entry.Intent}})
}

// answered reports whether the intent was answered among the last three answers.
func (d *decider) answered(intent string) bool {
	as := d.turn.State.Answered
	return slices.ContainsFunc(as[max(0, len(as)-3):], func(a Answered) bool { return a.Intent == intent })
}

func (d *decider) escalateTopic(j judged) {
	if d.escalate == nil {
		d.escalate = &Escalation{Reason: ReasonSensitive, Topic: j.entry.Intent, Priority: max(1, min(j.entry.Priority, 3))}
	}
}

func (d *decider) feedback(intent string, tag lang.Tag) []Button {
	return []Button{
		button(d.rel.say(txtYes, tag), action(verbYes, intent)),
		button(d.rel.say(txtNo, tag), action(verbNo, intent)),
		d.rel.humanButton(tag),
	}
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
			out = append(out, d.rel.humanButton(tag))
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
	for i, j := range js {
		n := strconv.Itoa(i + 1)
		switch j.outcome {
		case Answer, Smalltalk:
			d.remember(j)
			d.raise(Answer)
			sb.WriteString("**" + n + "\\. " + d.rel.Title(j.entry.Intent, j.tag) + "**\n\n" + d.rel.Library.Text(j.entry.Answer, j.tag))
			r.Intents = append(r.Intents, j.entry.Intent)
			r.Buttons = append(r.Buttons, linksOnly(d.entryButtons(j.entry, j.tag))...)
			if j.entry.Handoff != "" {
				d.escalateTopic(j)
			}
		case Clarify:
			d.raise(Clarify)
			sb.WriteString("**" + n + "\\. " + d.rel.say(txtWhichOne, j.tag) + "**")
			d.offer(j)
			for _, in := range d.turn.State.Offered {
				r.Buttons = append(r.Buttons, d.rel.askButton(in, j.tag))
			}
		default:
			d.raise(Unknown)
			sb.WriteString("**" + n + "\\.** " + d.rel.say(txtUnknownPart, j.tag))
			d.open(j)
		}
		sb.WriteString("\n\n")
	}
	r.Text = strings.TrimSpace(sb.String())
	r.Buttons = withoutRepeats(append(r.Buttons, d.rel.humanButton(tag)))
	d.reply(r)
}

func linksOnly(bs []Button) []Button {
	return slices.DeleteFunc(bs, func(b Button) bool { return b.URL == "" })
}

// offer remembers which intents the user may choose from.
func (d *decider) offer(j judged) {
	d.turn.State.Offered = nil
	for _, c := range j.ranked {
		if len(d.turn.State.Offered) == 3 {
			break
		}
		if _, ok := d.rel.Library.Entry(c.Intent); ok {
			d.turn.State.Offered = append(d.turn.State.Offered, c.Intent)
		}
	}
	d.turn.State.Asked = j.text
	d.open(j)
}

func (d *decider) sayClarify(j judged) {
	d.raise(Clarify)
	d.offer(j)
	var buttons []Button
	for _, in := range d.turn.State.Offered {
		buttons = append(buttons, d.rel.askButton(in, j.tag))
	}
	buttons = append(buttons, button(d.rel.say(txtNoneOfThese, j.tag), action(verbNone, "")), d.rel.humanButton(j.tag))
	d.reply(Reply{Text: d.rel.say(txtWhichOne, j.tag), Lang: j.tag, Buttons: buttons})
}

// sayUnknown admits it. While a handoff waits the question goes along; the second miss in a row calls a person.
func (d *decider) sayUnknown(j judged) {
	d.turn.State.Offered = nil
	d.open(j)
	if d.conv.Waiting {
		d.raise(Handoff)
		d.turn.Handoff = &Escalation{Reason: ReasonAsked, Priority: 3, Open: d.turn.State.Open, Lang: j.tag}
		d.reply(Reply{Text: d.rel.say(txtAdded, j.tag), Lang: j.tag})
		return
	}
	d.turn.State.Misses++
	if d.turn.State.Misses >= maxMisses {
		d.askHuman(ReasonNotUnderstood)
		return
	}
	d.raise(Unknown)
	buttons := append(d.rel.featured(j.tag, 4), d.rel.humanButton(j.tag))
	d.reply(Reply{Text: d.rel.say(txtUnknown, j.tag), Lang: j.tag, Buttons: buttons})
}

// remember notes an answer and that its question is no longer open.
func (d *decider) remember(j judged) {
	s := &d.turn.State
	q := j.text
	if j.intent != "" && slices.Contains(s.Offered, j.intent) && s.Asked != "" {
		q = s.Asked
	}
	s.Open = slices.DeleteFunc(s.Open, func(o Question) bool { return o.Text == q })
	s.Offered, s.Asked, s.Misses = nil, "", 0
	s.Answered = append(s.Answered, Answered{Intent: j.entry.Intent, Question: q, Score: j.score, At: d.now})
	if n := len(s.Answered); n > MaxAnswered {
		s.Answered = s.Answered[n-MaxAnswered:]
	}
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

// handover passes the conversation to humans, with everything known, and says what happens next.
func (d *decider) handover(e Escalation, tag lang.Tag) {
	d.raise(Handoff)
	e.Open = slices.Clone(d.turn.State.Open)
	e.Answered = slices.Clone(d.turn.State.Answered)
	e.Findings = slices.Clone(d.turn.Findings)
	e.Lang = tag
	d.turn.Handoff = &e
	d.turn.State.Misses, d.turn.State.Offered = 0, nil
	text := d.rel.say(handoffText(e.Reason), tag)
	if d.conv.Waiting {
		text = d.rel.say(txtStillWaiting, tag)
	}
	if _, ok := d.rel.Library.Schedule(deskSchedule); ok {
		text += "\n\n{{open." + deskSchedule + "}}"
	}
	d.reply(Reply{Text: text, Lang: tag})
}

func handoffText(r Reason) textKey {
	switch r {
	case ReasonNotUnderstood:
		return txtHandoffMissed
	case ReasonRejected:
		return txtHandoffReject
	case ReasonSensitive:
		return txtHandoffSerious
	case ReasonFailure:
		return txtHandoffFailure
	}
	return txtHandoff
}
