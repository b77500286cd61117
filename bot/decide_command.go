package bot

import (
	"strings"

	"github.com/deskbell/deskbell/intents"
	"github.com/deskbell/deskbell/intents/lang"
)

// langAuto in Turn.LangFixed clears the user's choice of a language.
const langAuto lang.Tag = "auto"

// menuWords ask for the common questions.
var menuWords = []string{"menu", "main menu", "start", "start over", "restart", "菜单", "主菜单", "目录", "开始", "重新开始", "返回首页"}

// hearCommand takes "/language" and its like, and words that ask for a person.
func (d *decider) hearCommand(text string, hint lang.Tag) bool {
	if containsFolded(humanWords, bare(text)) {
		d.askHuman(ReasonAsked)
		return true
	}
	if containsFolded(menuWords, bare(text)) {
		d.greet = true
		return true
	}
	if !strings.HasPrefix(text, "/") {
		return false
	}
	name, arg, _ := strings.Cut(strings.TrimPrefix(text, "/"), " ")
	name, _, _ = strings.Cut(name, "@") // Telegram's "/start@deskbell_bot"
	switch strings.ToLower(name) {
	case "start", "menu":
		d.greet = true
	case "help":
		d.always = append(d.always, func() { d.sayCommands(txtCommands) })
	case "language", "lang":
		d.always = append(d.always, func() { d.language(strings.TrimSpace(arg)) })
	case "transcript":
		d.always = append(d.always, d.transcript)
	case "forget":
		d.always = append(d.always, d.forgetAsk)
	case "human", "agent", "person", "support":
		d.askHuman(ReasonAsked)
	default:
		return d.hearUnknownCommand(text, hint)
	}
	// A command in Latin letters says nothing about the user's language.
	d.turn.Lang = d.conv.Lang
	d.lastTag = d.tag(hint)
	return true
}

// hearUnknownCommand takes "/refund" for a question when it is one, and else says which commands there are.
func (d *decider) hearUnknownCommand(text string, hint lang.Tag) bool {
	res := d.rel.Classifier.Classify(strings.TrimPrefix(text, "/"))
	if res.Decision == intents.DecideAnswer && res.Ranked[0].Score >= sureBesideSecret {
		return false
	}
	if lang.Detect(text) == lang.En {
		d.turn.Lang, d.lastTag = d.conv.Lang, d.tag(hint)
	}
	d.commands = append(d.commands, func() { d.sayCommands(txtNoCommand) })
	return true
}

// sayCommands lists the commands, after a sentence that says why.
func (d *decider) sayCommands(why textKey) {
	tag := d.speak()
	text := d.rel.say(txtCommands, tag)
	if why != txtCommands {
		text = d.rel.say(why, tag) + "\n\n" + text
	}
	d.raise(Smalltalk)
	d.reply(Reply{Text: text, Buttons: append(d.rel.featured(tag, 4), d.person(tag)...)})
}

func (d *decider) hearAction(act string) {
	d.turn.State.Forget = false
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
		if arg == "yes" && !d.conv.State.Forget { // an old button: what cannot be undone is asked anew
			d.always = append(d.always, d.forgetAsk)
			return
		}
		d.always = append(d.always, func() { d.forget(arg == "yes") })
	default: // a button of an earlier version
		d.greet = true
	}
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
		d.turn.State.Offered = nil
		d.commands = append(d.commands, func() { d.say(txtGlad) })
	case rejected >= 2:
		d.askHuman(ReasonRejected)
	default:
		// What is not understood next is the second time in a row that the bot did not help.
		d.turn.State.Misses = max(d.turn.State.Misses, 1)
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
	if !d.conv.Waiting {
		buttons = append(buttons, button(d.rel.say(txtHuman, tag), action(verbHuman, string(ReasonRejected))))
	}
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
	d.reply(Reply{Text: d.rel.say(txtSayAgain, tag), Buttons: d.person(tag)})
}

func (d *decider) language(arg string) {
	switch t := languageNamed(arg); {
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

// languageNamed reads a tag, or the name of a language as people type it.
func languageNamed(s string) lang.Tag {
	for tag, names := range languageNames {
		if lang.Tag(s) == tag || containsFolded(names, bare(s)) {
			return tag
		}
	}
	return lang.Unknown
}

var languageNames = map[lang.Tag][]string{
	lang.En:     {"en", "english", "英文", "英语"},
	lang.ZhHans: {"zh", "zh-cn", "zh-hans", "chinese", "simplified chinese", "中文", "简体", "简体中文"},
	lang.ZhHant: {"zh-tw", "zh-hk", "zh-hant", "traditional chinese", "繁体", "繁体中文", "正体中文"},
	langAuto:    {"auto", "automatic", "自动"},
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
