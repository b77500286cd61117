package console

import (
	"fmt"
	"strings"

	"github.com/deskbell/deskbell/handoff"
	"github.com/deskbell/deskbell/intents/lang"
)

// texts is every text of the pages in every language. Make it with loadTexts; it does not change afterwards.
type texts struct {
	byLang map[lang.Tag]map[string]string
}

// loadTexts takes English and simplified Chinese from catalogue and derives traditional Chinese.
func loadTexts() (*texts, error) {
	conv, err := lang.NewConverter()
	if err != nil {
		return nil, fmt.Errorf("texts: %w", err)
	}
	t := &texts{byLang: map[lang.Tag]map[string]string{lang.En: {}, lang.ZhHans: {}, lang.ZhHant: {}}}
	for key, s := range catalogue() {
		t.byLang[lang.En][key] = s[0]
		t.byLang[lang.ZhHans][key] = s[1]
		t.byLang[lang.ZhHant][key] = conv.ToHant(s[1])
		if strings.HasPrefix(key, "langshort.") {
			t.byLang[lang.ZhHant][key] = s[1] // a name in its own script
		}
	}
	return t, nil
}

// get returns a text, with args put in as fmt does. A key that does not exist comes back in brackets; a test looks for
// them on every page.
func (t *texts) get(tag lang.Tag, key string, args ...any) string {
	s, ok := t.byLang[tag][key]
	if !ok {
		return "[[" + key + "]]"
	}
	if len(args) > 0 {
		return fmt.Sprintf(s, args...)
	}
	return s
}

// name words a code such as a reason or a channel; an unknown one, from a newer database or a plugin, is shown as it is.
func (t *texts) name(tag lang.Tag, prefix, code string) string {
	if s, ok := t.byLang[tag][prefix+"."+code]; ok {
		return s
	}
	if code == "" {
		return t.get(tag, "none")
	}
	return code
}

// problem words why a text is held back.
func (t *texts) problem(tag lang.Tag, p handoff.Problem) string {
	switch p.Kind {
	case handoff.ProblemSensitive, handoff.ProblemAsks:
		return t.get(tag, "held."+string(p.Kind), t.name(tag, "kind", string(p.Secret)))
	case handoff.ProblemAddress:
		return t.get(tag, "held.address", p.Value)
	case handoff.ProblemPlaceholder:
		return t.get(tag, "held.placeholder", p.Value)
	case handoff.ProblemLong:
		return t.get(tag, "held.long", handoff.MaxReply)
	}
	return t.get(tag, "held."+string(p.Kind))
}

// taken words who was faster.
func (t *texts) taken(tag lang.Tag, e *handoff.TakenError, me string) string {
	who := e.AgentName
	if strings.TrimSpace(who) == "" {
		who = e.AgentID
	}
	switch {
	case e.AgentID == me:
		return t.get(tag, "banner.changed")
	case e.Status == handoff.Claimed:
		return t.get(tag, "banner.taken", who)
	}
	return t.get(tag, "banner.closed", who)
}
