package intents

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// Example is a text and the intent it means.
type Example struct{ Text, Label string }

// ReadTSV reads lines "text<TAB>label"; a first line "text<TAB>label" is a header. name stands in errors.
func ReadTSV(r io.Reader, name string) ([]Example, error) {
	var out []Example
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 1<<20)
	for n := 1; sc.Scan(); n++ {
		line := strings.TrimRight(sc.Text(), "\r")
		if n == 1 {
			line = strings.TrimPrefix(line, "\uFEFF")
		}
		if strings.TrimSpace(line) == "" || n == 1 && strings.EqualFold(line, "text\tlabel") {
			continue
		}
		text, label, ok := strings.Cut(line, "\t")
		if !ok || strings.TrimSpace(label) == "" {
			return nil, fmt.Errorf("%s:%d: want text<TAB>label", name, n)
		}
		out = append(out, Example{Text: text, Label: strings.TrimSpace(label)})
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return out, nil
}

// OutOfScope is the label of test texts that no intent fits.
const OutOfScope = "oos"

// FromExamples gathers examples into intents, in the order in which the labels first stand. The label is the
// intent's ID and, read as words, its title. Texts labelled OutOfScope are left out: they are no intent.
func FromExamples(examples []Example) []Intent {
	var out []Intent
	place := map[string]int{}
	for _, e := range examples {
		if e.Label == OutOfScope {
			continue
		}
		at, ok := place[e.Label]
		if !ok {
			at = len(out)
			place[e.Label] = at
			out = append(out, Intent{ID: e.Label, Titles: []string{labelWords(e.Label)}})
		}
		out[at].Phrases = append(out[at].Phrases, Phrase{Text: e.Text})
	}
	return out
}

// labelWords reads a label as words: lost_or_stolen_card, lostCard and card/lost become plain English.
func labelWords(label string) string {
	var out strings.Builder
	lower := false
	for _, r := range label {
		if strings.ContainsRune("_-./:", r) {
			r = ' '
		}
		if lower && unicode.IsUpper(r) {
			out.WriteByte(' ')
		}
		lower = unicode.IsLower(r)
		out.WriteRune(r)
	}
	return strings.TrimSpace(out.String())
}
