package bot

import (
	"slices"
	"strconv"
	"strings"

	"github.com/deskbell/deskbell/intents/lang"
)

// langAuto in Turn.LangFixed clears the user's choice of a language.
const langAuto lang.Tag = "auto"

// hearCommand takes "/language" and its like, and words that ask for a person.
func (d *decider) hearCommand(text string, tag lang.Tag) bool {
	folded := bare(text)
	if slices.ContainsFunc(humanWords, func(w string) bool { return lang.Fold(w) == folded }) {
		d.askHuman(ReasonAsked)
		return true
	}
	if !strings.HasPrefix(text, "/") {
		return false
	}
	name, arg, _ := strings.Cut(strings.TrimPrefix(text, "/"), " ")
	switch strings.ToLower(name) {
	case "start", "help", "menu":
		d.greet = true
	case "language", "lang":
		d.always = append(d.always, func() { d.language(strings.TrimSpace(arg)) })
	case "transcript":
		d.always = append(d.always, d.transcript)
	case "forget":
		d.always = append(d.always, d.forgetAsk)
	case "human", "agent":
		d.askHuman(ReasonAsked)
	default:
		return false
	}
	// A command in Latin letters says nothing about the language of somebody who wrote Chinese before.
	if tag == lang.En && d.conv.Lang != "" {
		d.lastTag, d.turn.Lang = d.conv.Lang, d.conv.Lang
	}
	return true
}

func (d *decider) hearAction(act string) {
	switch v, arg := parseAction(act); v {
	case verbAsk:
		if arg == HumanIntent {
			d.askHuman(ReasonAsked)
			return
		}
		tag := d.speak()
		d.asks = append(d.asks, ask{text: d.rel.Title(arg, tag), tag: tag, intent: arg, score: 1})
	case verbYes:
		d.verdict(arg, VerdictYes)
	case verbNo:
		d.verdict(arg, VerdictNo)
	case verbHuman:
		reason := ReasonAsked
		if arg == string(ReasonRejected) {
			reason = ReasonRejected
		}
		d.askHuman(reason)
	case verbNone:
		d.commands = append(d.commands, d.noneOfThese)
	case verbMenu:
		d.greet = true
	case verbLang:
		d.always = append(d.always, func() { d.language(arg) })
	case verbForget:
		d.always = append(d.always, func() { d.forget(arg == "yes") })
	}
}

// Words that say whether an answer helped, when one was just given.
var (
	yesWords = []string{"yes", "yep", "yeah", "it helped", "that helped", "solved", "有", "有用", "有帮助", "解决了", "是的", "好了", "可以了"}
	noWords  = []string{"no", "nope", "not really", "no it didn't", "it didn't help", "that didn't help", "this didn't help", "didn't help", "not helpful", "doesn't help",
		"没有", "没用", "没帮助", "没有帮助", "没有用", "不行", "没解决", "还是不行", "不是这个", "答非所问"}
	ordinalWords = map[string]int{"第一个": 0, "第二个": 1, "第三个": 2, "第1个": 0, "第2个": 1, "第3个": 2, "一": 0, "二": 1, "三": 2,
		"first": 0, "second": 1, "third": 2, "the first": 0, "the second": 1, "the third": 2, "the first one": 0, "the second one": 1, "the third one": 2,
		"first one": 0, "second one": 1, "third one": 2, "选一": 0, "选二": 1, "选三": 2}
)

// bare is a text folded, without the punctuation around it.
func bare(text string) string {
	return strings.Trim(lang.Fold(text), " .!?,~\u3002\uff01\uff1f\uff0c\uff5e\u2026")
}

// hearReplyToBot takes short messages that only make sense as a reply to what the bot said last: a choice, yes, no.
func (d *decider) hearReplyToBot(text string) bool {
	folded := bare(text)
	if len(d.conv.State.Offered) > 0 {
		if i, ok := choice(folded, len(d.conv.State.Offered)); ok {
			d.hearAction(action(verbAsk, d.conv.State.Offered[i]))
			return true
		}
		if slices.Contains([]string{lang.Fold("都不是"), lang.Fold("none of these"), "none", "neither"}, folded) {
			d.commands = append(d.commands, d.noneOfThese)
			return true
		}
	}
	if d.conv.State.Forget {
		if isYes := containsFolded(yesWords, folded) || folded == "ok" || folded == lang.Fold("确定"); isYes || containsFolded(noWords, folded) {
			d.always = append(d.always, func() { d.forget(isYes) })
			return true
		}
	}
	last, ok := d.lastAnswer()
	if !ok || last.Verdict != VerdictNone || len(d.conv.State.Offered) > 0 {
		return false
	}
	switch {
	case containsFolded(yesWords, folded):
		d.verdict(last.Intent, VerdictYes)
	case containsFolded(noWords, folded):
		d.verdict(last.Intent, VerdictNo)
	default:
		return false
	}
	return true
}

func containsFolded(words []string, folded string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return lang.Fold(w) == folded })
}

// choice reads "2", "第二个" or "the second one" as an index below n.
func choice(folded string, n int) (int, bool) {
	for w, i := range ordinalWords {
		if lang.Fold(w) == folded {
			return i, i < n
		}
	}
	i, err := strconv.Atoi(folded)
	return i - 1, err == nil && i >= 1 && i <= n
}

func (d *decider) lastAnswer() (Answered, bool) {
	if n := len(d.turn.State.Answered); n > 0 {
		return d.turn.State.Answered[n-1], true
	}
	return Answered{}, false
}

func (d *decider) askHuman(r Reason) {
	if d.escalate == nil {
		d.escalate = &Escalation{Reason: r, Priority: 3}
	}
}

// verdict records what the user said to an answer. The second rejection calls a person.
func (d *decider) verdict(intent string, v Verdict) {
	rejected := 0
	for i := range d.turn.State.Answered {
		a := &d.turn.State.Answered[i]
		if a.Intent == intent {
			a.Verdict = v
		}
		if a.Verdict == VerdictNo {
			rejected++
		}
	}
	switch {
	case v == VerdictYes:
		d.commands = append(d.commands, func() { d.say(txtGlad) })
	case rejected >= 2:
		d.askHuman(ReasonRejected)
	default:
		d.commands = append(d.commands, func() { d.sayOthers(intent) })
	}
}

func (d *decider) say(key textKey, buttons ...Button) {
	d.raise(Smalltalk)
	d.reply(Reply{Text: d.rel.say(key, d.speak()), Buttons: buttons})
}

// sayOthers offers what is related to an answer that did not help, and a person.
func (d *decider) sayOthers(intent string) {
	tag := d.speak()
	var buttons []Button
	if e, ok := d.rel.Library.Entry(intent); ok {
		for _, r := range e.Related {
			buttons = append(buttons, d.rel.askButton(r, tag))
		}
	}
	buttons = append(buttons, button(d.rel.say(txtHuman, tag), action(verbHuman, string(ReasonRejected))))
	d.say(txtSorry, buttons...)
}

func (d *decider) noneOfThese() {
	d.turn.State.Offered = nil
	d.turn.State.Misses++
	if d.turn.State.Misses >= maxMisses {
		d.askHuman(ReasonNotUnderstood)
		return
	}
	d.raise(Unknown)
	tag := d.speak()
	d.reply(Reply{Text: d.rel.say(txtSayAgain, tag), Buttons: []Button{d.rel.humanButton(tag)}})
}

func (d *decider) language(arg string) {
	switch t := lang.Tag(arg); {
	case t == langAuto:
		d.turn.LangFixed = langAuto
		d.say(txtLanguageAuto)
	case t == lang.En || t == lang.ZhHans || t == lang.ZhHant:
		d.turn.LangFixed, d.turn.Lang = t, t
		d.say(txtLanguageSet)
	default:
		var buttons []Button
		for _, t := range []lang.Tag{lang.ZhHans, lang.ZhHant, lang.En, langAuto} {
			buttons = append(buttons, button(languageName(t), action(verbLang, string(t))))
		}
		d.say(txtPickLanguage, buttons...)
	}
}

func (d *decider) transcript() {
	d.turn.Transcript = true
	d.say(txtTranscript)
}

func (d *decider) forgetAsk() {
	d.turn.State.Forget = true
	tag := d.speak()
	d.say(txtForgetAsk,
		button(d.rel.say(txtForgetYes, tag), action(verbForget, "yes")),
		button(d.rel.say(txtForgetNo, tag), action(verbForget, "no")))
}

func (d *decider) forget(yes bool) {
	if !yes {
		d.turn.State.Forget = false
		d.say(txtKept)
		return
	}
	d.say(txtForgotten)
	d.turn.Erase = true
	d.turn.State = State{}
	d.asks = nil
}
