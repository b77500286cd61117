package bot

import (
	"slices"
	"strings"

	"github.com/deskbell/deskbell/bot/guard"
	"github.com/deskbell/deskbell/intents/lang"
)

// refuse notes a disclosure: what it was, and that its message is to be deleted where the platform allows.
func (d *decider) refuse(h Heard) {
	if len(d.refused) == 0 {
		d.canDelete = true
	}
	d.refused = append(d.refused, h.Findings...)
	d.turn.Findings = append(d.turn.Findings, h.Findings...)
	if h.Deletable && h.MessageID != "" {
		d.turn.Delete = append(d.turn.Delete, h.MessageID)
	} else {
		d.canDelete = false
	}
	if tag := lang.Detect(unmark(h.Text)); tag != lang.Unknown {
		d.lastTag, d.turn.Lang = tag, tag
	}
}

// sayRefusal tells the user what was refused, why, and the safe way. It says nothing of the value.
func (d *decider) sayRefusal(tag lang.Tag) {
	d.raise(Refuse)
	d.turn.State.Refusals++
	parts := []string{
		"**" + strings.ReplaceAll(d.rel.say(txtRefused, tag), "{kinds}", d.rel.kindList(d.refused, tag)) + "**",
	}
	if key := d.deletion(); key != "" {
		parts = append(parts, d.rel.say(key, tag))
	}
	seen := map[textKey]bool{}
	for _, k := range d.refused {
		if key := advice(k); !seen[key] {
			seen[key] = true
			parts = append(parts, d.rel.say(key, tag))
		}
	}
	buttons := d.remedies(tag)
	if d.turn.State.Refusals >= maxRefusals {
		parts = append(parts, d.rel.say(txtRefusedAgain, tag))
	}
	if d.conv.Owner == OwnerBot && (d.turn.State.Refusals >= maxRefusals || slices.Contains(d.refused, guard.OTP)) {
		buttons = append(buttons, d.person(tag)...)
	}
	d.reply(Reply{Text: strings.Join(parts, "\n\n"), Lang: tag, Buttons: buttons})
}

// remedy is the intent that tells what to do after a disclosure, in libraries that have it.
var remedy = map[guard.Kind]string{guard.Password: "change_password", guard.PIN: "pin_change"}

// remedies are buttons that lead to what to do now.
func (d *decider) remedies(tag lang.Tag) []Button {
	var out []Button
	if d.conv.Owner != OwnerBot {
		return nil
	}
	for _, k := range d.refused {
		if _, ok := d.rel.Library.Entry(remedy[k]); ok {
			out = append(out, d.rel.askButton(remedy[k], tag))
		}
	}
	return withoutRepeats(out)
}

// deletion says what happens to the message on the platform.
func (d *decider) deletion() textKey {
	switch {
	case d.canDelete:
		return txtDeleted
	case d.conv.Address.Channel == "slack":
		return txtCannotSlack
	case d.conv.Address.Channel == "terminal" || d.conv.Address.Channel == "console":
		return "" // nothing stays there that could be deleted
	}
	return txtCannotDelete
}
