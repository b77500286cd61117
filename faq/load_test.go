package faq_test

import (
	"bytes"
	"errors"
	"flag"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/deskbell/deskbell/faq"
	"github.com/deskbell/deskbell/faq/okpay"
	"github.com/deskbell/deskbell/intents/lang"
)

var update = flag.Bool("update", false, "write the golden files")

var november = time.Date(2026, 11, 9, 12, 0, 0, 0, time.UTC)

func TestCheckFindsEveryProblemOfABrokenLibrary(t *testing.T) {
	var sb strings.Builder
	seen := map[faq.Problem]bool{}
	for _, p := range faq.Check(os.DirFS("testdata/broken"), november) {
		sb.WriteString(p.String() + "\n")
		if seen[p] {
			t.Errorf("reported twice: %s", p)
		}
		seen[p] = true
		if p.Reason == "" || p.Mend == "" || p.File == "" {
			t.Errorf("incomplete: %+v", p)
		}
	}
	const golden = "testdata/broken.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(sb.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got := sb.String(); got != string(want) {
		t.Errorf("got\n%s\nwant\n%s(run with -update to accept)", got, want)
	}
}

func TestLoadReturnsACheckErrorWithAllProblems(t *testing.T) {
	l, err := faq.LoadDir("testdata/broken")
	var ce *faq.CheckError
	if l != nil || !errors.As(err, &ce) {
		t.Fatalf("got %v, %v; want a CheckError", l, err)
	}
	if len(ce.Problems) < 60 {
		t.Errorf("only %d problems", len(ce.Problems))
	}
	if !strings.Contains(err.Error(), "contacts.yaml:45: error: unknown time zone \"Asia/Peking\".") {
		t.Errorf("the error does not tell file, line and reason: %v", err)
	}
	if _, err := faq.LoadDir("testdata/no such directory"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want fs.ErrNotExist", err)
	}
	if _, err := faq.LoadDir("testdata/broken.golden"); err == nil {
		t.Error("a file was loaded as a directory")
	}
}

func TestOKPayHasNoErrors(t *testing.T) {
	l, err := faq.Load(okpay.Files())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range l.Entries {
		for _, tag := range []lang.Tag{lang.En, lang.ZhHans, lang.ZhHant} {
			text, err := l.Render(l.Text(e.Answer, tag), tag, november)
			if err != nil {
				t.Errorf("%s: %v", e.Intent, err)
			}
			if v := l.CheckOutgoing(text, []string{e.Intent}); len(v) > 0 {
				t.Errorf("%s in %s would be held back for %v", e.Intent, tag, v)
			}
			if strings.Contains(text, "{{") {
				t.Errorf("%s in %s has a placeholder left: %s", e.Intent, tag, text)
			}
		}
	}
	for _, p := range faq.Check(okpay.Files(), november) {
		if p.Severity == faq.SeverityError {
			t.Error(p)
		}
	}
}

func TestLookups(t *testing.T) {
	l, err := faq.LoadDir("testdata/rich")
	if err != nil {
		t.Fatal(err)
	}
	e, ok := l.Entry("account_stolen")
	if !ok || e.Priority != 1 || e.Handoff != "sensitive" || e.Topic != "account" || e.File != "entries/account.yaml" || e.Line != 6 {
		t.Errorf("got %+v", e)
	}
	if e, ok := l.Entry("smalltalk_thanks"); !ok || e.Kind != faq.KindSmalltalk || e.Priority != 3 {
		t.Errorf("got %+v", e)
	}
	if _, ok := l.Entry("nothing"); ok {
		t.Error("an unknown intent has an entry")
	}
	if f := l.Featured(); len(f) != 1 || f[0].Intent != "account_stolen" {
		t.Errorf("featured: %v", f)
	}
	if c, ok := l.Contact("hotline"); !ok || c.Value != "+1 555-0100" {
		t.Errorf("contact: %+v", c)
	}
	if _, ok := l.Schedule("days"); ok {
		t.Error("an unknown schedule was found")
	}
	if len(l.Warnings()) == 0 {
		t.Error("few phrases, and no warning")
	}
}

func TestText(t *testing.T) {
	l, err := faq.LoadDir("testdata/rich")
	if err != nil {
		t.Fatal(err)
	}
	both := faq.Texts{lang.En: "help", lang.ZhHans: "联系客服 {{contact.mail}} https://pay.example.com"}
	for _, tc := range []struct {
		texts faq.Texts
		tag   lang.Tag
		want  string
	}{
		{both, lang.En, "help"},
		{both, lang.Unknown, "help"},
		{both, "fr", "help"},
		{both, lang.ZhHant, "聯繫客服 {{contact.mail}} https://pay.example.com"},
		{faq.Texts{lang.ZhHans: "客服", lang.ZhHant: "專員"}, lang.ZhHant, "專員"},
		{faq.Texts{lang.ZhHans: "客服"}, lang.En, "客服"},
		{faq.Texts{lang.En: "help"}, lang.ZhHant, "help"},
		{nil, lang.En, ""},
	} {
		if got := l.Text(tc.texts, tc.tag); got != tc.want {
			t.Errorf("%v in %s: got %q, want %q", tc.texts, tc.tag, got, tc.want)
		}
	}
}

func TestRender(t *testing.T) {
	l, err := faq.LoadDir("testdata/rich")
	if err != nil {
		t.Fatal(err)
	}
	text := "{{name}}: {{contact.hotline}}, {{ hours.nights }}. {{open.nights}}"
	got, err := l.Render(text, lang.En, november)
	want := "Example: Pay: +1 555-0100, Monday to Thursday 09:00–12:00 and 22:00–06:00, Saturday 00:00–24:00 (America/New_York, UTC-5). " +
		"We are closed now and open again today at 09:00 (America/New_York, UTC-5)."
	if err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	for _, text := range []string{"{{contact.nobody}}", "{{hours.x}}", "{{open.}}", "{{name.x}}", "{{nmae}}", "a {{contact}} b"} {
		if got, err := l.Render(text, lang.En, november); !errors.Is(err, faq.ErrUnknownPlaceholder) || got != "" {
			t.Errorf("%s: got %q, %v", text, got, err)
		}
	}
	for day, expired := range map[string]bool{"2027-11-01": false, "2027-11-02": true} {
		now, _ := time.Parse(time.DateOnly, day)
		if _, err := l.Render("{{contact.website}}", lang.En, now); errors.Is(err, faq.ErrExpired) != expired {
			t.Errorf("on %s: got %v", day, err)
		}
	}
}

func manyEntries(n int) fs.FS {
	files := registryFiles()
	var sb strings.Builder
	sb.WriteString("topic: many\ntitle: {en: Many, zh-Hans: 很多}\nentries:\n")
	for i := range n {
		id := strings.Repeat("x", i/26) + string(rune('a'+i%26))
		sb.WriteString("  - intent: many_" + id + "\n    title: {en: Title " + id + ", zh-Hans: 标题 " + id + "}\n    phrases:\n")
		for _, tag := range []string{"en", "zh-Hans"} {
			sb.WriteString("      " + tag + ":\n")
			for j := range 10 {
				sb.WriteString("        - " + map[string]string{"en": "how do I do this thing", "zh-Hans": "怎么做这件事"}[tag] + " " + id + string(rune('0'+j)) + "\n")
			}
		}
		sb.WriteString("    answer:\n")
		for _, tag := range []string{"en", "zh-Hans"} {
			sb.WriteString("      " + tag + ": |\n")
			for range 6 {
				sb.WriteString("        - Open {{contact.site}} and follow **the steps**. It takes 3 days, 至多 3 天。\n")
			}
			sb.WriteString("        - Call +1 555-0100 or see https://okpay.example.com.\n")
		}
	}
	files["entries/many.yaml"] = &fstest.MapFile{Data: []byte(sb.String())}
	return files
}

func FuzzLoad(f *testing.F) {
	for _, dir := range []string{"testdata/rich", "testdata/broken"} {
		for _, name := range []string{"contacts.yaml", "entries/account.yaml"} {
			data, err := os.ReadFile(dir + "/" + name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Add([]byte("a: &a [*a]"))
	f.Add([]byte("entries: [{intent: a, answer: {en: \"{{contact.\"}}]"))
	base := registryFiles()
	breaks := regexp.MustCompile("[\\n\\r\u0085\u2028\u2029]") // as YAML counts them
	f.Fuzz(func(t *testing.T, data []byte) {
		files := fstest.MapFS{"library.yaml": base["library.yaml"], "contacts.yaml": {Data: data}, "entries/a.yaml": base["entries/a.yaml"], "entries/account.yaml": {Data: data}}
		l, err := faq.Load(files)
		var ce *faq.CheckError
		if err != nil && !errors.As(err, &ce) {
			t.Fatalf("got %v, want a CheckError", err)
		}
		if err != nil {
			for _, p := range ce.Problems {
				if p.Line < 0 || p.Line > 2+len(breaks.FindAll(data, -1)) && p.File == "contacts.yaml" || p.Mend == "" {
					t.Errorf("bad problem %+v", p)
				}
			}
			return
		}
		if err := faq.Export(l, &bytes.Buffer{}); err != nil {
			t.Fatal(err)
		}
	})
}
