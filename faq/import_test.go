package faq

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/intents/lang"
	"pgregory.net/rapid"
)

// Whatever text an entry has, it comes back from the files as it was: the YAML of the files is never cleverer than the
// text.
func TestAnyTextSurvivesImport(t *testing.T) {
	tricky := rapid.SampledFrom([]string{": ", " #", "- ", "|", ">", "'", "\"", "{", "}", "[", "]", ",", "?", "!", "%", "&a", "*b", "\\", "null", "yes", "~", "1e3", "0x1F", "2026-11-01", "你好", "，", "😀", "a", "Z", " ", "\u00a0", "\u2028", "\u0085", "\ufeff"})
	word := rapid.Custom(func(t *rapid.T) string {
		return strings.TrimSpace("w" + strings.Join(rapid.SliceOfN(tricky, 1, 6).Draw(t, "parts"), ""))
	})
	plain := rapid.Custom(func(t *rapid.T) string {
		return strings.TrimSpace(strings.Join(rapid.SliceOfN(tricky, 1, 6).Draw(t, "parts"), "") + "w")
	})
	line := rapid.OneOf(word, plain, rapid.Just(""), rapid.Just("    indented"), rapid.Just("trailing  "), rapid.Just("\ttab"))
	root := t.TempDir()
	n, imported := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		answer := strings.TrimSpace(strings.Join(rapid.SliceOfN(line, 1, 6).Draw(t, "lines"), "\n"))
		if answer == "" {
			answer = "x"
		}
		both := func(s string) Texts { return Texts{lang.En: s, lang.ZhHans: s} }
		l := newLibrary()
		l.Names = both(word.Draw(t, "name"))
		l.Topics = []Topic{{ID: "a", Title: both(plain.Draw(t, "topic"))}}
		l.Entries = []Entry{{
			Intent: "i", Topic: "a", Priority: 3, Title: both(word.Draw(t, "title")), Answer: both(answer),
			Phrases: map[lang.Tag][]string{lang.En: {plain.Draw(t, "en")}, lang.ZhHans: {word.Draw(t, "zh") + "中"}},
			Buttons: []Button{{Label: both(plain.Draw(t, "label")), Human: true}},
		}}
		var x, again bytes.Buffer
		if err := Export(l, &x); err != nil {
			t.Fatal(err)
		}
		n++
		dir := filepath.Join(root, strings.Repeat("d", n%200+1), string(rune('a'+n/200%26)), string(rune('a'+n/5200)))
		err := Import(bytes.NewReader(x.Bytes()), dir)
		var ce *CheckError
		if errors.As(err, &ce) {
			for _, p := range ce.Problems {
				if strings.Contains(p.Reason, "not YAML") || strings.Contains(p.Reason, "must be") {
					t.Fatalf("%v\n%s", p, x.String())
				}
			}
			return // a phrase without words, Markdown beyond the subset: refused for good reason
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, x.String())
		}
		imported++
		back, err := LoadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := Export(back, &again); err != nil || again.String() != x.String() {
			t.Fatalf("got\n%s, %v\nwant\n%s", again.String(), err, x.String())
		}
	})
	if imported == 0 {
		t.Error("nothing was imported: the test tests nothing")
	}
}
