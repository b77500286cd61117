package faq

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/deskbell/deskbell/intents/lang"
	"go.yaml.in/yaml/v3"
)

// maxFileBytes is the largest file that is read; the whole of OKPay's library is a tenth of it.
const maxFileBytes = 4 << 20

// value is a place in a YAML file. Its methods read it as what the format wants and report what is not so; they never
// fail, so that one run finds every problem.
type value struct {
	r    *report
	file string
	line int
	n    *yaml.Node // nil: the key is not there
}

func (v value) errorf(mend, reason string, args ...any) {
	v.r.errorf(v.file, v.line, mend, reason, args...)
}

func (v value) warnf(mend, reason string, args ...any) {
	v.r.warnf(v.file, v.line, mend, reason, args...)
}

func (v value) at(n *yaml.Node) value { return value{v.r, v.file, n.Line, n} }

// exists reports whether something is written there.
func (v value) exists() bool { return v.n != nil && v.n.Tag != "!!null" }

// parseYAML reads the one document of a file.
func parseYAML(r *report, file string, data []byte) value {
	v := value{r: r, file: file}
	if len(data) > maxFileBytes {
		v.errorf("Split it into several topics.", "the file is larger than %d MiB", maxFileBytes>>20)
		return v
	}
	if !utf8.Valid(data) {
		v.line = 1 + bytes.Count(validPrefix(data), []byte("\n"))
		v.errorf("Save the file as UTF-8.", "the file is not UTF-8 text")
		return v
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	doc, err := decodeNode(dec)
	switch {
	case errors.Is(err, io.EOF):
		v.errorf("Start from a file in faq/okpay.", "the file is empty")
		return v
	case err != nil:
		v.line = yamlLine(err)
		v.errorf(yamlMend(err),
			"this is not YAML (%s)", strings.TrimPrefix(err.Error(), "yaml: "))
		return v
	}
	if _, err := decodeNode(dec); !errors.Is(err, io.EOF) {
		v.errorf("Remove the line \"---\" and what follows, or make it a file of its own.", "the file holds more than one document")
	}
	return v.at(doc.Content[0])
}

// yamlMend says what most often is behind an error of the YAML parser.
func yamlMend(err error) string {
	if strings.Contains(err.Error(), "',' or '}'") || strings.Contains(err.Error(), "',' or ']'") {
		return "Within {…} and […], put a text with a comma, colon, question mark, quote or bracket in double quotes."
	}
	return "Look at this line and the one above: indent with blanks, never tabs, and put a text in double quotes that has \": \" or \" #\" in it or begins with {, [, -, *, &, !, |, >, %, @ or a quote."
}

// decodeNode reads a document. A panic of the parser becomes an error: the file comes from people.
func decodeNode(dec *yaml.Decoder) (n *yaml.Node, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the parser gave up: %v", p)
		}
	}()
	n = new(yaml.Node)
	if err := dec.Decode(n); err != nil {
		return nil, err
	}
	if len(n.Content) == 0 {
		return nil, io.EOF
	}
	return n, nil
}

func validPrefix(data []byte) []byte {
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			return data[:i]
		}
		i += n
	}
	return data
}

var yamlLineNumber = regexp.MustCompile(`line (\d+)`)

func yamlLine(err error) int {
	m := yamlLineNumber.FindStringSubmatch(err.Error())
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1])
	return n
}

// fields is a mapping whose keys have been checked.
type fields struct {
	value
	m map[string]value
}

// get returns the value of a key; one that is not there has n nil and the mapping's line.
func (f fields) get(key string) value {
	if v, ok := f.m[key]; ok {
		return v
	}
	return value{r: f.r, file: f.file, line: f.line}
}

// need is get, and an error when the key is not there.
func (f fields) need(key, mend string) value {
	v := f.get(key)
	if !v.exists() {
		v.errorf(mend, "%q is missing", key)
	}
	return v
}

// fields reads v as key: value pairs with the known keys.
func (v value) fields(what string, known ...string) fields {
	f := fields{value: v, m: map[string]value{}}
	for _, p := range v.pairs(what) {
		key := p.key.n.Value
		if !slices.Contains(known, key) {
			p.key.errorf(suggestKey(key, known), "unknown key %q in %s", key, what)
			continue
		}
		f.m[key] = p.value
	}
	return f
}

func suggestKey(key string, known []string) string {
	if key == "<<" {
		return "Write the values out: anchors and aliases are not part of the format."
	}
	return suggest(key, known)
}

type pair struct{ key, value value }

// pairs reads v as key: value pairs with any keys, each of them once.
func (v value) pairs(what string) []pair {
	if !v.exists() || !v.is(yaml.MappingNode, what, "lines of the form \"key: value\"") {
		return nil
	}
	var out []pair
	seen := map[string]int{}
	for i := 0; i+1 < len(v.n.Content); i += 2 {
		key, val := v.at(v.n.Content[i]), v.at(v.n.Content[i+1])
		val.line = max(val.line, key.line)
		if key.n.Kind != yaml.ScalarNode {
			key.errorf("Put a text that begins with \"{\" or \"[\" in double quotes.", "a key of %s is not a plain word", what)
			continue
		}
		if first, ok := seen[key.n.Value]; ok {
			key.errorf("Remove one of the two.", "%q stands twice in %s, first in line %d", key.n.Value, what, first)
			continue
		}
		seen[key.n.Value] = key.line
		out = append(out, pair{key, val})
	}
	return out
}

// items reads v as a list.
func (v value) items(what string) []value {
	if !v.exists() || !v.is(yaml.SequenceNode, what, "a list, one \"- \" a line") {
		return nil
	}
	var out []value
	for _, n := range v.n.Content {
		out = append(out, v.at(n))
	}
	return out
}

// str reads v as a text, without white space around it.
func (v value) str(what string) string {
	if !v.exists() || !v.is(yaml.ScalarNode, what, "a text") {
		return ""
	}
	return strings.TrimSpace(v.n.Value)
}

// is reports whether v is of the kind, and says so otherwise.
func (v value) is(kind yaml.Kind, what, want string) bool {
	if v.n.Kind == kind {
		return true
	}
	switch {
	case v.n.Kind == yaml.AliasNode:
		v.errorf("Write the value out.", "%s is an alias (*%s), which is not part of the format", what, v.n.Value)
	case kind == yaml.ScalarNode && v.n.Kind == yaml.MappingNode && v.n.Style&yaml.FlowStyle != 0:
		v.errorf("Put a text that begins with \"{\" in double quotes: \"{{contact.website}}\".", "%s must be %s, not a group in braces", what, want)
	default:
		v.errorf("Write "+want+"; see the format in faq/README.md.", "%s must be %s", what, want)
	}
	return false
}

// number reads v as a whole number from lo to hi; absent or wrong: def.
func (v value) number(what string, lo, hi, def int) int {
	s := v.str(what)
	if s == "" {
		return def
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < lo || n > hi {
		v.errorf(fmt.Sprintf("Write a whole number from %d to %d.", lo, hi), "%s is %q", what, s)
		return def
	}
	return n
}

// flag reads v as true or false; absent: false.
func (v value) flag(what string) bool {
	switch s := v.str(what); s {
	case "true":
		return true
	case "false", "":
		return false
	default:
		v.errorf("Write true or false.", "%s is %q", what, s)
		return false
	}
}

// lineOf is the line in the file of the n-th line (from 0) of v's text, as far as the way it is written tells.
func (v value) lineOf(n int) int {
	if v.n == nil || v.n.Style&yaml.LiteralStyle == 0 {
		return v.line
	}
	lead := v.n.Value[:len(v.n.Value)-len(strings.TrimLeft(v.n.Value, " \t\r\n"))]
	return v.line + 1 + strings.Count(lead, "\n") + n
}

// languages reads v as one value per language; en and zh-Hans must be there.
func (v value) languages(what string) map[lang.Tag]value {
	out := map[lang.Tag]value{}
	if !v.exists() {
		return out
	}
	if v.n.Kind == yaml.ScalarNode {
		v.errorf("Write {en: …, zh-Hans: …}.", "%s is one text, not one per language", what)
		return out
	}
	for _, p := range v.pairs(what) {
		switch tag := lang.Tag(p.key.n.Value); tag {
		case lang.En, lang.ZhHans, lang.ZhHant:
			out[tag] = p.value
		default:
			p.key.errorf(suggestLanguage(string(tag)), "unknown language %q in %s", tag, what)
		}
	}
	for _, tag := range []lang.Tag{lang.En, lang.ZhHans} {
		if w, ok := out[tag]; (!ok || !w.exists()) && v.n.Kind == yaml.MappingNode {
			v.errorf("Add it: every text is needed in en and zh-Hans.", "%s has no %s", what, tag)
		}
	}
	return out
}

func suggestLanguage(tag string) string {
	switch strings.ToLower(strings.ReplaceAll(tag, "_", "-")) {
	case "zh", "zh-cn", "cn", "zh-sg", "chinese", "zh-hans-cn":
		return `Did you mean "zh-Hans"?`
	case "zh-tw", "zh-hk", "zh-mo", "tw", "hk", "zh-hant-tw":
		return `Did you mean "zh-Hant"?`
	case "en-us", "en-gb", "english":
		return `Did you mean "en"?`
	}
	return suggest(tag, []string{string(lang.En), string(lang.ZhHans), string(lang.ZhHant)})
}
