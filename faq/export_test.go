package faq_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/faq"
	"github.com/deskbell/deskbell/faq/okpay"
)

func export(t *testing.T, l *faq.Library) string {
	t.Helper()
	var buf bytes.Buffer
	if err := faq.Export(l, &buf); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

func TestExportAndImportAreARoundTrip(t *testing.T) {
	for name, files := range map[string]fs.FS{"okpay": okpay.Files(), "rich": os.DirFS("testdata/rich")} {
		t.Run(name, func(t *testing.T) {
			l, err := faq.Load(files)
			if err != nil {
				t.Fatal(err)
			}
			x := export(t, l)
			dir := filepath.Join(t.TempDir(), "deep", "library")
			if err := faq.Import(strings.NewReader(x), dir); err != nil {
				t.Fatal(err)
			}
			again, err := faq.LoadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			if got := export(t, again); got != x {
				t.Errorf("exported\n%s\nafter import\n%s", x, got)
			}
		})
	}
}

// The imported files of the rich library are its own files, byte for byte: what people wrote in the documented style
// comes back as they wrote it.
func TestImportWritesTheStyleOfTheSamples(t *testing.T) {
	l, err := faq.LoadDir("testdata/rich")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := faq.Import(strings.NewReader(export(t, l)), dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"library.yaml", "contacts.yaml", "entries/account.yaml", "entries/smalltalk.yaml"} {
		want, err := os.ReadFile(filepath.Join("testdata/rich", name))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(want) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
	}
}

func TestImportRefusesADirectoryThatHoldsSomething(t *testing.T) {
	l, err := faq.LoadDir("testdata/rich")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "mine.txt"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	err = faq.Import(strings.NewReader(export(t, l)), dir)
	if !errors.Is(err, faq.ErrNotEmpty) || !strings.Contains(err.Error(), "mine.txt") {
		t.Errorf("got %v, want ErrNotEmpty that names mine.txt", err)
	}
	onlyHolds(t, dir, "mine.txt")
}

func TestImportOfABadDocumentLeavesNothing(t *testing.T) {
	good := `{"format":"deskbell-library/1","name":{"en":"A","zh-Hans":"A"},"contacts":[],"schedules":[],"topics":[`
	for name, tc := range map[string]struct{ doc, want string }{
		"no JSON":            {"hello", "not an exported library"},
		"unknown field":      {`{"format":"deskbell-library/1","owner":"me"}`, "owner"},
		"another format":     {`{"format":"deskbell-library/9"}`, "deskbell-library/9"},
		"something after it": {good + `]} {}`, "follows the end"},
		"no entries":         {good + `]}`, "no entries"},
		"path in a topic":    {good + `{"topic":"../../evil","title":{},"entries":[]}]}`, "no good name"},
		"empty values":       {good + `{"topic":"a","title":{"en":""},"entries":[{"intent":"","title":null,"phrases":{"en":[""]},"answer":{"en":""}}]}]}`, "CheckError"},
		"empty day":          {strings.Replace(good, `"schedules":[]`, `"schedules":[{"id":"s","title":{},"zone":"UTC","week":{"":["x"]}}]`, 1) + `]}`, "CheckError"},
	} {
		t.Run(name, func(t *testing.T) {
			parent := t.TempDir()
			err := faq.Import(strings.NewReader(tc.doc), filepath.Join(parent, "lib"))
			var ce *faq.CheckError
			if tc.want == "CheckError" && !errors.As(err, &ce) || tc.want != "CheckError" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
				t.Errorf("got %v, want %s", err, tc.want)
			}
			onlyHolds(t, parent)
		})
	}
}

func onlyHolds(t *testing.T, dir string, names ...string) {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range list {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != strings.Join(names, " ") {
		t.Errorf("%s holds %v, want %v", dir, got, names)
	}
}
