package guard

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// Document guards a platform's JSON document: every string value is scanned, known field or not, and every value found
// is replaced by its mark wherever in the document it stands. What the user said (Policy.Said) is scanned with the
// conversation's expectation and moves it on, all of it as one turn. Strings that neighbours in an array hold under
// the key "text" are also read as one text, as Slack cuts a sentence into pieces.
//
// Document never fails. What is no JSON becomes {"not_json":"…"} with its text guarded; after a panic the document
// is {"guard_failure":true} and found holds one Failure. Key order and white space do not survive, nor do repeated keys.
// Finding offsets count code points of the string before it was redacted.
func Document(raw []byte, p Policy, st State, now time.Time) (clean []byte, found []PathFinding, next State) {
	return document(raw, p, st, now, scan)
}

func document(raw []byte, p Policy, st State, now time.Time, look scanFunc) (clean []byte, found []PathFinding, next State) {
	defer func() {
		if recover() != nil { // what the panic says may hold text: it is dropped
			clean, next = []byte(`{"guard_failure":true}`), st
			found = []PathFinding{{Finding: Finding{Kind: Failure}}}
		}
	}()
	root, err := decode(raw)
	if err != nil {
		root, p = map[string]any{"not_json": strings.ToValidUTF8(string(raw), "\uFFFD")}, Policy{}
	}
	d := doc{policy: p, look: look, expect: st.live(now)}
	d.collect(root, nil, func(v any) { root = v }, 0, 0)
	d.scanSlots()
	d.scanGroups()
	d.spread()
	found = d.redact()
	clean, err = encode(root)
	if err != nil {
		panic(err)
	}
	if !d.said {
		return clean, found, st
	}
	return clean, found, st.next(d.outcome, now)
}

func decode(raw []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("guard: data after the document")
	}
	return v, nil
}

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// doc is a document on its way through the guard.
type doc struct {
	policy  Policy
	look    scanFunc
	expect  Kind
	slots   []slot
	groups  int // outermost arrays so far
	arrays  int
	values  []value
	said    bool
	outcome outcome
}

// slot is one string of the document.
type slot struct {
	path   []string
	text   string
	set    func(v any)
	found  []Finding
	said   bool
	prose  bool // may hold a sentence: said, under the key "text", or with a space in it
	number bool // a JSON number: compared, not scanned
	group  int  // outermost array it stands in, 0 for none; only for pieces of text
	array  int  // array it stands in
}

// value is a value found, to be looked for in the rest of the document. It lives as long as the call.
type value struct {
	text string
	kind Kind
}

// collect lists the strings of v in a fixed order. group is the outermost array around v, array the innermost.
func (d *doc) collect(v any, path []string, set func(any), group, array int) {
	switch v := v.(type) {
	case string:
		d.add(v, path, set, group, array)
	case json.Number:
		if len(v) >= 12 {
			d.slots = append(d.slots, slot{path: path, text: string(v), set: set, number: true})
		}
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			sub := append(slices.Clip(path), k)
			d.collect(v[k], sub, func(x any) { v[k] = x }, group, array)
			if !plainKey(k) {
				d.add(k, sub, func(x any) { rename(v, k, x) }, 0, 0)
			}
		}
	case []any:
		if group == 0 {
			d.groups++
			group = d.groups
		}
		d.arrays++
		array = d.arrays
		for i := range v {
			d.collect(v[i], path, func(x any) { v[i] = x }, group, array)
		}
	}
}

func (d *doc) add(text string, path []string, set func(any), group, array int) {
	if text == "" || d.policy.ID != nil && d.policy.ID(path, text) {
		return
	}
	s := slot{path: path, text: text, set: set, array: array}
	isText := len(path) > 0 && path[len(path)-1] == "text"
	if isText {
		s.group = group
	}
	s.said = d.policy.Said != nil && d.policy.Said(path)
	s.prose = s.said || isText || strings.ContainsAny(text, " \n\t") || len(path) == 1 && path[0] == "not_json"
	d.said = d.said || s.said
	d.slots = append(d.slots, s)
}

// plainKey reports a key that a program made: it is not scanned.
func plainKey(k string) bool {
	digits := 0
	for _, r := range k {
		switch {
		case r >= '0' && r <= '9':
			if digits++; digits > 5 {
				return false
			}
		case r != '_' && r != '.' && r != '-' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z'):
			return false
		}
	}
	return len(k) <= 40
}

// rename moves the value of a key that was redacted.
func rename(m map[string]any, k string, to any) {
	name, _ := to.(string)
	if _, ok := m[name]; !ok {
		m[name] = m[k]
	}
	delete(m, k)
}

func (d *doc) scanSlots() {
	pieces := d.pieces()
	for i := range d.slots {
		s := &d.slots[i]
		if s.number {
			continue
		}
		expect := Kind("")
		if s.said {
			expect = d.expect
		}
		fs, o := d.look(s.text, expect)
		s.found = fs
		if s.said && (s.group == 0 || pieces[s.group] < 2) {
			d.note(o)
		}
	}
}

// pieces counts the pieces of text of each group.
func (d *doc) pieces() []int {
	n := make([]int, d.groups+1)
	for i := range d.slots {
		n[d.slots[i].group]++
	}
	return n
}

func (d *doc) note(o outcome) {
	if o.opens != "" {
		d.outcome.opens = o.opens
	}
	d.outcome.met = d.outcome.met || o.met
}

// scanGroups reads the pieces of text of each outermost array as one text. Pieces of one array follow each other
// without a gap, others stand on lines of their own.
func (d *doc) scanGroups() {
	pieces := d.pieces()
	for g := 1; g <= d.groups; g++ {
		if pieces[g] < 2 {
			continue
		}
		var b strings.Builder
		var at []int // where each piece begins, in code points
		var idx []int
		n, last, said := 0, 0, false
		for i := range d.slots {
			s := &d.slots[i]
			if s.group != g {
				continue
			}
			if len(idx) > 0 && s.array != last {
				b.WriteByte('\n')
				n++
			}
			at, idx = append(at, n), append(idx, i)
			b.WriteString(s.text)
			n += codePoints(s.text)
			last, said = s.array, said || s.said
		}
		expect := Kind("")
		if said {
			expect = d.expect
		}
		fs, o := d.look(b.String(), expect)
		if said {
			d.note(o)
		}
		d.deal(fs, at, idx)
	}
}

// deal gives each piece its share of the findings of the whole.
func (d *doc) deal(fs []Finding, at, idx []int) {
	for j, i := range idx {
		s := &d.slots[i]
		n := codePoints(s.text)
		for _, f := range fs {
			lo, hi := max(f.Start-at[j], 0), min(f.End-at[j], n)
			if lo < hi {
				s.found = append(s.found, Finding{Kind: f.Kind, Start: lo, End: hi})
			}
		}
		s.found = merge(s.found)
	}
}

// merge orders findings and joins those that overlap; the graver kind stays.
func merge(fs []Finding) []Finding {
	if len(fs) < 2 {
		return fs
	}
	slices.SortFunc(fs, func(a, b Finding) int { return cmp.Or(a.Start-b.Start, b.End-a.End) })
	out := fs[:1]
	for _, f := range fs[1:] {
		l := &out[len(out)-1]
		if f.Start >= l.End {
			out = append(out, f)
			continue
		}
		l.End = max(l.End, f.End)
		l.Kind = Gravest(l.Kind, f.Kind)
	}
	return out
}

// spread looks for every value found in every other string of the document.
func (d *doc) spread() {
	for i := range d.slots {
		for _, f := range d.slots[i].found {
			d.addValue(cut(d.slots[i].text, f), f.Kind)
		}
	}
	for i := range d.slots {
		s := &d.slots[i]
		for _, v := range d.values {
			s.occurrences(v)
		}
		s.found = merge(s.found)
	}
}

// cut returns the text of a finding.
func cut(text string, f Finding) string {
	from, to, n := len(text), len(text), 0
	for i := range text {
		if n == f.Start {
			from = i
		}
		if n == f.End {
			to = i
			break
		}
		n++
	}
	return text[from:to]
}

var htmlEscape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// addValue notes a value, and as Slack writes it with &, < and > escaped.
func (d *doc) addValue(text string, k Kind) {
	for _, v := range [...]string{text, htmlEscape.Replace(text)} {
		same := func(x value) bool { return x.text == v }
		if len(v) >= 3 && !slices.ContainsFunc(d.values, same) {
			d.values = append(d.values, value{v, k})
		}
	}
}

// occurrences adds findings for v wherever it stands by itself. A value that is a plain word or very short could be
// part of the document's own vocabulary, so it is looked for only where sentences stand.
func (s *slot) occurrences(v value) {
	if s.number {
		if s.text == v.text {
			s.found = []Finding{{Kind: v.kind, End: len(s.text)}}
		}
		return
	}
	if !s.prose && (plainWord(v.text) || len(v.text) < 4) {
		return
	}
	for from := 0; ; {
		i := strings.Index(s.text[from:], v.text)
		if i < 0 {
			return
		}
		i += from
		from = i + len(v.text)
		if bounded(s.text, i, from) {
			at := codePoints(s.text[:i])
			s.found = append(s.found, Finding{Kind: v.kind, Start: at, End: at + codePoints(v.text)})
		}
	}
}

func plainWord(v string) bool {
	for _, r := range v {
		if r != '_' && (r < 'a' || r > 'z') {
			return false
		}
	}
	return true
}

// bounded reports that s[i:j] is no part of a longer word.
func bounded(s string, i, j int) bool {
	alnum := func(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' }
	if i > 0 && alnum(s[i-1]) && alnum(s[i]) {
		return false
	}
	return j >= len(s) || !alnum(s[j]) || !alnum(s[j-1])
}

// redact writes the marks into the document and lists the findings.
func (d *doc) redact() []PathFinding {
	var out []PathFinding
	for i := range d.slots {
		s := &d.slots[i]
		if len(s.found) == 0 {
			continue
		}
		s.set(Redact(s.text, s.found))
		path := strings.Join(s.path, ".")
		for _, f := range s.found {
			out = append(out, PathFinding{Path: path, Finding: f})
		}
	}
	return out
}
