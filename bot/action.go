package bot

import (
	"strings"

	"github.com/deskbell/deskbell/intents/lang"
)

// verb is what a button does. An action on the wire is "verb" or "verb:argument", at most 64 bytes.
type verb string

const (
	verbAsk    verb = "ask"    // ask:<intent>
	verbYes    verb = "yes"    // yes:<intent> the answer helped
	verbNo     verb = "no"     // no:<intent> it did not
	verbHuman  verb = "human"  // human or human:<reason>
	verbNone   verb = "none"   // none of the offered ones
	verbMenu   verb = "menu"   // the greeting again
	verbLang   verb = "lang"   // lang:<tag> or lang:auto
	verbForget verb = "forget" // forget:yes or forget:no
)

const maxLabel = 60 // code points on a button

func action(v verb, arg string) string {
	if arg == "" {
		return string(v)
	}
	return string(v) + ":" + arg
}

func parseAction(s string) (verb, string) {
	v, arg, _ := strings.Cut(s, ":")
	return verb(v), arg
}

func button(label, act string) Button {
	if r := []rune(label); len(r) > maxLabel {
		label = string(r[:maxLabel-1]) + "…"
	}
	return Button{Label: label, Action: act}
}

func (r *Release) humanButton(tag lang.Tag) Button {
	return button(r.say(txtHuman, tag), action(verbHuman, ""))
}

func (r *Release) askButton(intent string, tag lang.Tag) Button {
	return button(r.Title(intent, tag), action(verbAsk, intent))
}

// featured are the buttons of the greeting: the most asked questions.
func (r *Release) featured(tag lang.Tag, limit int) []Button {
	var out []Button
	for _, e := range r.Library.Featured() {
		if len(out) == limit {
			break
		}
		out = append(out, r.askButton(e.Intent, tag))
	}
	return out
}

// ButtonText is what a pressed button says in the transcript, in the user's language.
func (r *Release) ButtonText(act string, tag lang.Tag) string {
	switch v, arg := parseAction(act); v {
	case verbAsk:
		return r.Title(arg, tag)
	case verbYes:
		return r.say(txtYes, tag)
	case verbNo:
		return r.say(txtNo, tag)
	case verbHuman:
		return r.say(txtHuman, tag)
	case verbNone:
		return r.say(txtNoneOfThese, tag)
	case verbMenu:
		return r.say(txtMenu, tag)
	case verbForget:
		if arg == "yes" {
			return r.say(txtForgetYes, tag)
		}
		return r.say(txtForgetNo, tag)
	case verbLang:
		return languageName(lang.Tag(arg))
	}
	return act
}

func languageName(t lang.Tag) string {
	switch t {
	case lang.ZhHans:
		return "简体中文"
	case lang.ZhHant:
		return "繁體中文"
	case lang.En:
		return "English"
	}
	return "Auto / 自动"
}
