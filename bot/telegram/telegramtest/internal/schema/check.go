package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// Params are a request's parameters as they came: JSON values of a JSON body, or the text of form fields.
type Params map[string]Value

// Value is one parameter.
type Value struct {
	Text string          // of a form field
	JSON json.RawMessage // of a JSON body; nil for a form field
	File bool            // an uploaded file
}

// Problem is a parameter that does not fit.
type Problem struct {
	Field  string // "reply_markup.inline_keyboard"
	Reason string // "missing", "unknown", "not an Integer", "longer than 64 bytes"
}

func (p *Problem) Error() string { return fmt.Sprintf("parameter %s: %s", p.Field, p.Reason) }

// Raw is the value as JSON: a form field of a string type becomes a JSON string, any other is JSON already.
func (v Value) Raw(f Field) json.RawMessage {
	if v.JSON != nil {
		return v.JSON
	}
	if has(f.Types, "String") {
		if !has(f.Types, "Integer") || !isInteger(v.Text) {
			b, _ := json.Marshal(v.Text) // a string always encodes
			return b
		}
	}
	if has(f.Types, "Boolean") {
		return json.RawMessage(formBool(v.Text))
	}
	return json.RawMessage(v.Text)
}

// formBool reads booleans as the Bot API server does in forms.
func formBool(s string) string {
	switch strings.ToLower(s) {
	case "true", "yes", "1":
		return "true"
	case "false", "no", "0":
		return "false"
	default:
		return s
	}
}

func isInteger(s string) bool {
	_, err := strconv.ParseInt(s, 10, 64)
	return err == nil
}

// Check holds a request against the schema and returns its parameters as JSON; nil with a *Problem for the first that
// does not fit. Lengths of texts that may hold markup are the server's business: it checks them after parsing.
// An unknown method is the caller's to refuse.
func (s *Schema) Check(method string, in Params) (map[string]json.RawMessage, error) {
	fields := s.Methods[method]
	_, markup := fields["parse_mode"]
	out := make(map[string]json.RawMessage, len(in))
	for name, v := range in {
		f, ok := fields[name]
		if !ok {
			return nil, &Problem{Field: name, Reason: "unknown"}
		}
		if v.File {
			if !has(f.Types, "InputFile") {
				return nil, &Problem{Field: name, Reason: "a file"}
			}
			continue
		}
		raw := v.Raw(f)
		if err := s.fits(name, raw, f, !markup || !parsed(name)); err != nil {
			return nil, err
		}
		out[name] = raw
	}
	for name, f := range fields {
		if _, ok := in[name]; f.Required && !ok {
			return nil, &Problem{Field: name, Reason: "missing"}
		}
	}
	return out, nil
}

// parsed names the parameters whose length counts only after their markup is parsed.
func parsed(name string) bool { return name == "text" || name == "caption" }

// CheckType holds a JSON object against a type.
func (s *Schema) CheckType(name string, raw json.RawMessage) error {
	return s.fits(name, raw, Field{Types: []string{name}}, true)
}

func (s *Schema) fits(path string, raw json.RawMessage, f Field, lengths bool) error {
	var first error
	for _, t := range f.Types {
		err := s.fitsType(path, raw, t)
		if err == nil {
			if t == "String" && lengths && f.Max > 0 {
				return checkLength(path, raw, f)
			}
			return nil
		}
		if first == nil {
			first = err
		}
	}
	return first
}

func checkLength(path string, raw json.RawMessage, f Field) error {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return &Problem{Field: path, Reason: "not a String"}
	}
	n, unit := len(utf16.Encode([]rune(text))), "characters"
	if f.Bytes {
		n, unit = len(text), "bytes"
	}
	switch {
	case n > f.Max:
		return &Problem{Field: path, Reason: fmt.Sprintf("longer than %d %s", f.Max, unit)}
	case n < f.Min:
		return &Problem{Field: path, Reason: fmt.Sprintf("shorter than %d %s", f.Min, unit)}
	default:
		return nil
	}
}

func (s *Schema) fitsType(path string, raw json.RawMessage, t string) error {
	if elem, ok := strings.CutPrefix(t, "Array of "); ok {
		return s.fitsArray(path, raw, elem)
	}
	raw = bytes.TrimSpace(raw)
	if !json.Valid(raw) {
		return &Problem{Field: path, Reason: "not " + article(t) + t}
	}
	ok := true
	switch t {
	case "Integer":
		ok = isInteger(string(raw)) || isInteger(strings.Trim(string(raw), `"`)) && len(raw) > 2
	case "Float":
		_, err := strconv.ParseFloat(string(raw), 64)
		ok = err == nil
	case "Boolean":
		ok = string(raw) == "true" || string(raw) == "false"
	case "String":
		var v string
		ok = json.Unmarshal(raw, &v) == nil
	case "InputFile":
		ok = false
	default:
		return s.fitsObject(path, raw, t)
	}
	if !ok {
		return &Problem{Field: path, Reason: "not " + article(t) + t}
	}
	return nil
}

func article(t string) string {
	if strings.ContainsAny(t[:1], "AEIOU") {
		return "an "
	}
	return "a "
}

func (s *Schema) fitsArray(path string, raw json.RawMessage, elem string) error {
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil || items == nil {
		return &Problem{Field: path, Reason: "not an Array"}
	}
	for _, it := range items {
		if err := s.fitsType(path, it, elem); err != nil {
			return err
		}
	}
	return nil
}

// fitsObject checks an object's fields. A type that the condensed copy does not hold is not looked into.
func (s *Schema) fitsObject(path string, raw json.RawMessage, t string) error {
	var obj map[string]json.RawMessage
	if err := json.Unmarshal(raw, &obj); err != nil || obj == nil {
		return &Problem{Field: path, Reason: "not an object"}
	}
	fields, ok := s.Types[t]
	if !ok {
		return nil
	}
	if union, ok := fields[""]; ok {
		return s.fits(path, raw, union, true)
	}
	for name, v := range obj {
		f, ok := fields[name]
		if !ok {
			return &Problem{Field: path + "." + name, Reason: "unknown"}
		}
		if err := s.fits(path+"."+name, v, f, true); err != nil {
			return err
		}
	}
	for name, f := range fields {
		if _, ok := obj[name]; f.Required && !ok {
			return &Problem{Field: path + "." + name, Reason: "missing"}
		}
	}
	return nil
}

func has(list []string, t string) bool { return slices.Contains(list, t) }
