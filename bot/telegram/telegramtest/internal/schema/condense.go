package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The full description, as far as it is read.
type (
	fullSpec struct {
		Version string               `json:"version"`
		Methods map[string]fullEntry `json:"methods"`
		Types   map[string]fullEntry `json:"types"`
	}
	fullEntry struct {
		Fields   []fullField `json:"fields"`
		Subtypes []string    `json:"subtypes"`
	}
	fullField struct {
		Name        string   `json:"name"`
		Types       []string `json:"types"`
		Required    bool     `json:"required"`
		Description string   `json:"description"`
	}
)

// Condense makes the condensed copy of a full description: all methods, and the types that the given methods take or
// that are reachable from the given types. One line a method or type, so that an update reads well as a diff.
func Condense(full []byte, methods, types []string) ([]byte, error) {
	var spec fullSpec
	if err := json.Unmarshal(full, &spec); err != nil {
		return nil, fmt.Errorf("read the full description: %w", err)
	}
	if spec.Version == "" || len(spec.Methods) == 0 || len(spec.Types) == 0 {
		return nil, fmt.Errorf("the full description holds no version, methods or types")
	}
	keep := map[string]bool{}
	for _, m := range methods {
		e, ok := spec.Methods[m]
		if !ok {
			return nil, fmt.Errorf("the full description knows no method %s", m)
		}
		spec.reach(e, keep)
	}
	for _, t := range types {
		if _, ok := spec.Types[t]; !ok {
			return nil, fmt.Errorf("the full description knows no type %s", t)
		}
		keep[t] = true
	}
	out := Schema{Version: spec.Version, Methods: map[string]map[string]Field{}, Types: map[string]map[string]Field{}}
	for name, e := range spec.Methods {
		out.Methods[name] = e.condense()
	}
	for name := range keep {
		out.Types[name] = spec.Types[name].condense()
	}
	return out.lines()
}

// reach marks every type that an entry's fields are made of.
func (s *fullSpec) reach(e fullEntry, seen map[string]bool) {
	names := slices.Clone(e.Subtypes)
	for _, f := range e.Fields {
		names = append(names, f.Types...)
	}
	for _, n := range names {
		for strings.HasPrefix(n, "Array of ") {
			n = strings.TrimPrefix(n, "Array of ")
		}
		if next, ok := s.Types[n]; ok && !seen[n] {
			seen[n] = true
			s.reach(next, seen)
		}
	}
}

// A union has no fields but subtypes; it is kept as a field named "" that lists them.
func (e fullEntry) condense() map[string]Field {
	out := map[string]Field{}
	if len(e.Subtypes) > 0 {
		out[""] = Field{Types: e.Subtypes}
	}
	for _, f := range e.Fields {
		c := Field{Required: f.Required, Types: f.Types}
		if slices.Contains(f.Types, "String") {
			c.Min, c.Max, c.Bytes = length(f.Description)
		}
		out[f.Name] = c
	}
	return out
}

var lengthShape = regexp.MustCompile(`\b([0-9]+)-([0-9]+) (characters|bytes)`)

// length reads "1-64 bytes" out of a description.
func length(description string) (lo, hi int, bytes bool) {
	m := lengthShape.FindStringSubmatch(description)
	if m == nil {
		return 0, 0, false
	}
	lo, _ = strconv.Atoi(m[1])
	hi, _ = strconv.Atoi(m[2])
	return lo, hi, m[3] == "bytes"
}

func (s Schema) lines() ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\"version\":%q,\n\"methods\":{\n", s.Version)
	if err := writeEntries(&b, s.Methods); err != nil {
		return nil, err
	}
	b.WriteString("},\n\"types\":{\n")
	if err := writeEntries(&b, s.Types); err != nil {
		return nil, err
	}
	b.WriteString("}}\n")
	return b.Bytes(), nil
}

func writeEntries(b *bytes.Buffer, entries map[string]map[string]Field) error {
	names := slices.Sorted(maps.Keys(entries))
	for i, n := range names {
		fields, err := json.Marshal(entries[n])
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "%q:%s", n, fields)
		if i < len(names)-1 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	return nil
}

// Methods are those the fake server answers, Types those it sends: what is condensed in full.
func Methods() []string {
	return []string{
		"answerCallbackQuery", "deleteMessage", "deleteMessages", "deleteMyCommands", "deleteWebhook",
		"editMessageReplyMarkup", "editMessageText", "getFile", "getMe", "getMyCommands", "getUpdates", "getWebhookInfo",
		"sendChatAction", "sendDocument", "sendMessage", "setMyCommands", "setWebhook",
	}
}

// Types are the types of what the fake server sends.
func Types() []string {
	return []string{
		"Update", "Message", "User", "Chat", "CallbackQuery", "ChatMemberUpdated", "ChatMemberMember", "ChatMemberBanned",
		"MessageEntity", "PhotoSize", "Document", "Voice", "Audio", "Video", "Sticker", "Contact", "Location",
		"InaccessibleMessage", "MaybeInaccessibleMessage", "WebhookInfo", "File", "BotCommand",
	}
}
