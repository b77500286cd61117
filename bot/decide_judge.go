package bot

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/deskbell/deskbell/faq"
	"github.com/deskbell/deskbell/intents"
)

// judged is a question with what it was taken for.
type judged struct {
	ask
	outcome Decision
	ranked  []intents.Candidate
	entry   *faq.Entry // Answer and Smalltalk
	rest    bool       // a further question of the message is not known
}

// judgeAll splits and understands every ask. The same intent asked twice in a burst is answered once, what only leads to an
// answered question or is small talk beside one is left unsaid, and of small talk alone ("thanks, bye") the last is returned.
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
	real := slices.DeleteFunc(slices.Clone(out), func(j judged) bool { return j.outcome == Smalltalk || isBackground(j, out) })
	if len(real) > 0 {
		return real
	}
	return out[max(0, len(out)-1):]
}

// isBackground reports that what is unsure points at what another question of the burst got answered: the story before it.
func isBackground(j judged, all []judged) bool {
	if j.outcome != Unknown && j.outcome != Clarify {
		return false
	}
	return slices.ContainsFunc(j.ranked[:min(maxOffered, len(j.ranked))], func(c intents.Candidate) bool {
		return slices.ContainsFunc(all, func(o judged) bool { return o.entry != nil && o.entry.Intent == c.Intent })
	})
}

func (d *decider) judge(a ask) []judged {
	if a.intent != "" {
		return []judged{d.judgeKnown(a)}
	}
	var out []judged
	for _, part := range d.rel.Classifier.Split(a.text) {
		p := a
		p.text = part
		out = append(out, d.judgePart(p)...)
	}
	return out
}

// judgePart understands a part of a message. Where the whole is not clear and its sentences are, the sentences count; a
// question in it that is another and not known is noted.
func (d *decider) judgePart(a ask) []judged {
	j := d.judgeText(a)
	sentences := cutSentences(a.text)
	if len(sentences) < 2 || len(sentences) > maxSentences || j.outcome == Unknown {
		return []judged{j}
	}
	var clear []judged
	for _, text := range sentences {
		p := a
		p.text = text
		switch s := d.judgeText(p); {
		case s.outcome == Answer && !slices.ContainsFunc(clear, func(o judged) bool { return o.entry == s.entry }):
			clear = append(clear, s)
		case s.outcome == Unknown && isQuestion(text) && !s.near(j):
			j.rest = true
			d.open(s)
		}
	}
	if j.outcome == Clarify && len(clear) > 1 {
		return clear
	}
	return []judged{j}
}

// maxSentences bounds what is looked at by itself.
const maxSentences = 8

// near reports that two questions have the same best intent, sure or not.
func (j judged) near(other judged) bool {
	return len(j.ranked) > 0 && len(other.ranked) > 0 && j.ranked[0].Intent == other.ranked[0].Intent
}

// cutSentences cuts a text at the marks that end sentences.
func cutSentences(text string) []string {
	var out []string
	for len(text) > 0 {
		i := strings.IndexAny(text, sentenceEnds)
		if i < 0 {
			i = len(text)
		} else {
			_, n := utf8.DecodeRuneInString(text[i:])
			i += n
		}
		if s := strings.TrimSpace(text[:i]); !wordless(s) {
			out = append(out, s)
		}
		text = text[i:]
	}
	return out
}

const sentenceEnds = ".!?\n\u3002\uff01\uff1f"

func isQuestion(sentence string) bool {
	return strings.HasSuffix(sentence, "?") || strings.HasSuffix(sentence, "\uff1f")
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
		if e, ok := d.rel.Library.Entry(res.Ranked[0].Intent); ok && e.Kind == faq.KindSmalltalk {
			j.outcome, j.entry = Smalltalk, e // nobody is asked whether they meant "thank you"
		}
	}
	return j
}

func outcomeOf(e *faq.Entry) Decision {
	if e.Kind == faq.KindSmalltalk {
		return Smalltalk
	}
	return Answer
}
