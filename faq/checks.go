package faq

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/deskbell/deskbell/intents/lang"
)

func (ld *loader) checkRefs() {
	for _, r := range ld.refs {
		switch r.kind {
		case "intent":
			if _, ok := ld.lib.byIntent[r.id]; !ok {
				r.at.errorf(suggest(r.id, keys(ld.lib.byIntent)), "unknown intent %q", r.id)
			}
		case "schedule":
			if _, ok := ld.scheduleAt[r.id]; !ok {
				r.at.errorf(suggest(r.id, keys(ld.scheduleAt)), "unknown schedule %q", r.id)
			}
		}
	}
}

// checkPhrases finds phrases that say the same once folded: no matching can tell their intents apart.
func (ld *loader) checkPhrases() {
	seen := map[string]phrase{}
	var tokens []lang.Token
	for _, p := range ld.phrases {
		tokens = lang.Tokens(tokens[:0], lang.Fold(p.text))
		key := joinTokens(tokens)
		first, ok := seen[key]
		switch {
		case key == "":
			p.at.errorf("Write words.", "the phrase %q has no words", p.text)
		case !ok:
			seen[key] = p
		case first.intent == p.intent:
			p.at.warnf("Replace it with another wording.", "the phrase %q stands twice in the intent, first in line %d", p.text, first.at.line)
		default:
			p.at.errorf("Keep it in the one intent it fits best.", "the phrase %q is also one of %q, %s:%d", p.text, first.intent, first.at.file, first.at.line)
		}
	}
}

func joinTokens(tokens []lang.Token) string {
	var sb strings.Builder
	for _, t := range tokens {
		sb.WriteString(t.Text)
		sb.WriteByte(' ')
	}
	return sb.String()
}

// checkTitles finds entries whose buttons would look the same.
func (ld *loader) checkTitles() {
	seen := map[string]said{}
	for _, s := range ld.said {
		if s.what != "title" {
			continue
		}
		key := string(s.tag) + " " + lang.Fold(s.text)
		if first, ok := seen[key]; ok {
			s.at.warnf("Word one of the two differently: titles stand on buttons.", "the title %q is also that of another entry, %s:%d", s.text, first.at.file, first.at.line)
			continue
		}
		seen[key] = s
	}
}

func (ld *loader) checkFeatured() {
	seen := map[int]Entry{}
	for i, e := range ld.lib.Entries {
		if e.Featured == 0 {
			continue
		}
		if first, ok := seen[e.Featured]; ok {
			ld.entryAt[i].warnf("Give each featured entry a place of its own.", "%q has the same place among the featured entries (%d) as %q", e.Intent, e.Featured, first.Intent)
		}
		seen[e.Featured] = e
	}
}

// checkSaid checks every text by itself: length, placeholders, Markdown, and that it names only vetted contacts.
func (ld *loader) checkSaid() {
	for i := range ld.said {
		s := &ld.said[i]
		if limit := s.limit(); utf8.RuneCountInString(s.text) > limit {
			s.at.errorf("Shorten it.", "the %s in %s has %d characters, more than %d", s.what, s.tag, utf8.RuneCountInString(s.text), limit)
		}
		if !s.md && strings.Contains(s.text, "\n") {
			s.at.errorf("Write it on one line.", "the %s in %s has a line break", s.what, s.tag)
		}
		ld.checkPlaceholders(*s)
		if s.md {
			for _, m := range markdownOutside(s.text) {
				ld.errorf(s.at.file, s.at.lineOf(m.line), m.mend, "%s in the answer, which Telegram and Slack cannot show", m.what)
			}
		}
		ld.checkFacts(s)
	}
}

func (s said) limit() int {
	switch {
	case s.md:
		return maxAnswer
	case s.what == "note":
		return 200
	}
	return maxTitle
}

// checkFacts holds a text against the registry, like CheckOutgoing does when it is sent.
func (ld *loader) checkFacts(s *said) {
	allow := []*allowed{ld.lib.registry}
	if s.entry >= 0 {
		allow = append(allow, ld.ownOf(s.entry))
	}
	found, rest := scanFacts(withoutPlaceholders(s.text), allow)
	s.rest = rest
	for _, f := range found {
		ld.errorf(s.at.file, s.at.lineOf(f.line),
			"Add it to "+contactsFile+" and write {{contact.ID}}, or add it to links: of the entry.",
			"the %s %s in the %s is not a known contact", f.Kind, f.Value, s.what)
	}
}

func (ld *loader) ownOf(entry int) *allowed {
	return allowedOf(&ld.lib.Entries[entry])
}

// checkLanguagesAgree compares the answers of an entry: what one language tells the other must tell too.
func (ld *loader) checkLanguagesAgree() {
	answers := map[int]map[lang.Tag]said{}
	for _, s := range ld.said {
		if s.what != "answer" {
			continue
		}
		if answers[s.entry] == nil {
			answers[s.entry] = map[lang.Tag]said{}
		}
		answers[s.entry][s.tag] = s
	}
	for _, i := range slices.Sorted(maps.Keys(answers)) {
		en, ok := answers[i][lang.En]
		for _, tag := range []lang.Tag{lang.ZhHans, lang.ZhHant} {
			if zh, has := answers[i][tag]; ok && has {
				ld.comparePlaceholders(en, zh)
				ld.comparePlaceholders(zh, en)
				compareNumbers(en, zh)
			}
		}
	}
}

// comparePlaceholders reports what a names and b does not.
func (ld *loader) comparePlaceholders(a, b said) {
	inB := placeholdersOf(b.text)
	for _, p := range placeholdersOf(a.text) {
		if !slices.Contains(inB, p) && ld.mendPlaceholder(p) == "" {
			b.at.errorf("Name it in both languages, or in none.", "%s stands in the answer in %s but not in %s", p, a.tag, b.tag)
		}
	}
}

func compareNumbers(a, b said) {
	for _, n := range numbersMissing(a.rest, b.rest) {
		b.at.warnf("Check which language is right.", "the number %s stands in the answer in %s but not in %s", n, a.tag, b.tag)
	}
	for _, n := range numbersMissing(b.rest, a.rest) {
		a.at.warnf("Check which language is right.", "the number %s stands in the answer in %s but not in %s", n, b.tag, a.tag)
	}
}
