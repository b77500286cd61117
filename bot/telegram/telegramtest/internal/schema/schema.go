// Package schema is a condensed copy of the machine-readable description of the Telegram Bot API: every method's
// fields, which of them are required, their types and lengths, and the types they are made of. The fake server holds
// requests against it. It is pure. Start at Load and Schema.Check; NOTICE.md says where schema.json comes from.
package schema

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Schema describes the Bot API.
type Schema struct {
	Version string                      `json:"version"`
	Methods map[string]map[string]Field `json:"methods"`
	Types   map[string]map[string]Field `json:"types"`
}

// Field is a method's parameter or a type's field. In JSON it is one string: "!" when required, the types joined by
// "|", and the length as "MIN-MAX" with "c" for characters or "b" for bytes, e.g. "!Integer|String", "String 0-200c".
type Field struct {
	Required bool
	Types    []string // "Integer", "String", "Boolean", "Float", "Array of X", or the name of a type
	Min, Max int      // length; Max 0: no limit is known
	Bytes    bool     // Min and Max count bytes, else UTF-16 code units
}

// MarshalText writes the field's one string.
func (f Field) MarshalText() ([]byte, error) {
	var sb strings.Builder
	if f.Required {
		sb.WriteByte('!')
	}
	sb.WriteString(strings.Join(f.Types, "|"))
	if f.Max > 0 {
		unit := "c"
		if f.Bytes {
			unit = "b"
		}
		fmt.Fprintf(&sb, " %d-%d%s", f.Min, f.Max, unit)
	}
	return []byte(sb.String()), nil
}

var fieldShape = regexp.MustCompile(`^(!?)([^!]+?)(?: ([0-9]+)-([0-9]+)([cb]))?$`)

// UnmarshalText reads the field's one string.
func (f *Field) UnmarshalText(b []byte) error {
	m := fieldShape.FindStringSubmatch(string(b))
	if m == nil {
		return fmt.Errorf("schema: %q is no field", b)
	}
	*f = Field{Required: m[1] != "", Types: strings.Split(m[2], "|"), Bytes: m[5] == "b"}
	if m[4] != "" {
		f.Min, _ = strconv.Atoi(m[3]) // digits by fieldShape
		f.Max, _ = strconv.Atoi(m[4])
	}
	return nil
}

//go:embed schema.json
var embedded []byte

// Embedded returns the condensed copy as it stands in the program.
func Embedded() []byte { return embedded }

// Load reads the condensed copy in the program.
func Load() (*Schema, error) {
	var s Schema
	if err := json.Unmarshal(embedded, &s); err != nil {
		return nil, fmt.Errorf("schema.json: %w", err)
	}
	return &s, nil
}
