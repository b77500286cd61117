package faq

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/intents/lang"
)

// Names of the files of a library.
const (
	libraryFile  = "library.yaml"
	contactsFile = "contacts.yaml"
	entriesDir   = "entries"
)

// Load reads a library and checks it. A library with errors is not loaded: the error is a *CheckError that holds all
// its problems. What is only a warning stands in Library.Warnings. Load does not know the date, so an expired contact
// does not stop it; Check reports it, and Render refuses to name it.
func Load(fsys fs.FS) (*Library, error) {
	lib, problems := load(fsys)
	if countErrors(problems) > 0 {
		return nil, &CheckError{Problems: problems}
	}
	return lib, nil
}

// LoadDir is Load of a directory. The error wraps fs.ErrNotExist when there is no such directory.
func LoadDir(dir string) (*Library, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("load library: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("load library: %s is a file; name the directory that holds %s", dir, libraryFile)
	}
	lib, err := Load(os.DirFS(dir))
	if err != nil {
		return nil, fmt.Errorf("load library %s: %w", dir, err)
	}
	return lib, nil
}

// Check returns every problem of a library: those of Load, and contacts that have expired or will within 30 days,
// or say that they were verified in the future. now is the date to check against.
func Check(fsys fs.FS, now time.Time) []Problem {
	ld := newLoader(fsys)
	ld.load()
	ld.checkDates(now)
	return ld.sorted()
}

// Warnings returns what is wrong but does not keep the library from being used.
func (l *Library) Warnings() []Problem { return l.warnings }

func load(fsys fs.FS) (*Library, []Problem) {
	ld := newLoader(fsys)
	ld.load()
	problems := ld.sorted()
	ld.lib.warnings = problems
	return ld.lib, problems
}

// loader reads the files into lib and notes what is to be checked once everything is read.
type loader struct {
	report
	fsys fs.FS
	lib  *Library

	said    []said
	refs    []ref
	phrases []phrase
	// where contacts and schedules are defined, by id
	contactAt, scheduleAt map[string]value
	dates                 map[string]contactDates
	entryAt               []value // of lib.Entries
}

// said is a text that users may get to see.
type said struct {
	at    value
	what  string // "answer", "title", "label", "note"
	text  string
	tag   lang.Tag
	entry int    // index into Entries, -1: none
	md    bool   // small Markdown with placeholders; else plain words
	rest  string // the text without placeholders and addresses, once checked
}

// ref names something that must be defined somewhere.
type ref struct {
	at   value
	kind string // "intent", "schedule"
	id   string
}

type phrase struct {
	at     value
	text   string
	intent string
}

func newLoader(fsys fs.FS) *loader {
	return &loader{
		fsys:      fsys,
		lib:       newLibrary(),
		contactAt: map[string]value{}, scheduleAt: map[string]value{}, dates: map[string]contactDates{},
	}
}

func (ld *loader) load() {
	ld.readLibrary()
	ld.readContacts()
	ld.readTopics()
	ld.checkStrayFiles()
	ld.lib.index()
	ld.checkRefs()
	ld.checkPhrases()
	ld.checkTitles()
	ld.checkFeatured()
	ld.checkSaid()
	ld.checkLanguagesAgree()
}

// open reads a file; ok is false, and the problem reported, when it cannot be read or is not a mapping.
func (ld *loader) open(name string) (v value, raw []string, ok bool) {
	data, err := fs.ReadFile(ld.fsys, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		ld.errorf(name, 0, "Add it; faq/okpay has an example.", "the file is missing")
		return v, nil, false
	case err != nil:
		ld.errorf(name, 0, "Make it a readable file.", "the file cannot be read (%v)", err)
		return v, nil, false
	}
	v = parseYAML(&ld.report, name, data)
	if v.n == nil {
		return v, nil, false
	}
	raw = strings.Split(string(data), "\n")
	ld.keepComment(name, fileComment(raw))
	return v, raw, true
}

func (ld *loader) readLibrary() {
	v, _, ok := ld.open(libraryFile)
	if !ok {
		return
	}
	f := v.fields("the library", "name")
	ld.lib.Names = ld.texts(f.need("name", "Add the name of the service: name: {en: …, zh-Hans: …}."), "name", -1, false)
	ld.lib.Name = ld.lib.Names[lang.En]
}

// texts reads a text per language and notes it for checking.
func (ld *loader) texts(v value, what string, entry int, md bool) Texts {
	var out Texts
	written := v.languages(what)
	for _, tag := range tagOrder {
		w, ok := written[tag]
		if !ok {
			continue
		}
		text := w.str(what)
		if text == "" {
			continue
		}
		if out == nil {
			out = Texts{}
		}
		out[tag] = text
		ld.said = append(ld.said, said{at: w, what: what, text: text, tag: tag, entry: entry, md: md})
	}
	return out
}

var goodID = regexp.MustCompile(`^[a-z0-9_]{1,40}$`)

const idMend = "Use 1 to 40 of a-z, 0-9 and _, for example support_hours."

// id reads an identifier; "" when it is missing or bad, which is then reported.
func (f fields) id(key, what string) string {
	v := f.need(key, "Add it: a short name of the "+what+". "+idMend)
	id := v.str(key)
	if id != "" && !goodID.MatchString(id) {
		v.errorf(idMend, "%q is no good name of the %s", id, what)
		return ""
	}
	return id
}

// date reads YYYY-MM-DD; "" when it is absent or bad, which is then reported.
func (v value) date(what string) string {
	s := v.str(what)
	if s == "" {
		return ""
	}
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		v.errorf("Write an existing day as YYYY-MM-DD, for example 2027-01-31.", "%s %q is not a date", what, s)
		return ""
	}
	return s
}

// checkStrayFiles warns of files that look like part of the library and are not read.
func (ld *loader) checkStrayFiles() {
	list, err := fs.ReadDir(ld.fsys, ".")
	if err != nil {
		return // the missing files are reported already
	}
	known := []string{libraryFile, contactsFile, entriesDir}
	for _, e := range list {
		name := e.Name()
		if slices.Contains(known, name) || !isYAML(name) {
			continue
		}
		ld.warnf(name, 0, "Move entries to "+entriesDir+"/, or remove the file. "+suggest(name, known[:2]), "the file is not part of a library and is not read")
	}
}

func isYAML(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return ext == ".yaml" || ext == ".yml"
}
