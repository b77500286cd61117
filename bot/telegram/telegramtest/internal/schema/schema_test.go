package schema

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func load(t *testing.T) *Schema {
	t.Helper()
	s, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The condensed copy is what the generator makes of the full description, if that is at hand.
func TestCopyIsCurrent(t *testing.T) {
	shared := os.Getenv("DESKBELL_SHARED")
	if shared == "" {
		t.Skip("DESKBELL_SHARED is not set: no full description of the Bot API to compare the condensed copy with")
	}
	full, err := os.ReadFile(filepath.Join(shared, "platforms", "specs", "telegram-bot-api-PaulSonOfLars.json"))
	if err != nil {
		t.Fatal(err)
	}
	want, err := Condense(full, Methods(), Types())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, Embedded()) {
		t.Fatal("schema.json differs from what condense makes of the full description; NOTICE.md has the command")
	}
}

func TestFieldReadsAndWrites(t *testing.T) {
	for _, text := range []string{"Integer", "!Integer|String", "String 1-64b", "!String 0-200c", "Array of Array of KeyboardButton"} {
		var f Field
		if err := f.UnmarshalText([]byte(text)); err != nil {
			t.Fatal(err)
		}
		got, err := f.MarshalText()
		if err != nil || string(got) != text {
			t.Errorf("%q came back as %q, %v", text, got, err)
		}
	}
	var f Field
	if err := f.UnmarshalText([]byte("")); err == nil {
		t.Error("an empty field was read")
	}
}

func form(pairs ...string) Params {
	p := Params{}
	for i := 0; i < len(pairs); i += 2 {
		p[pairs[i]] = Value{Text: pairs[i+1]}
	}
	return p
}

func TestCheck(t *testing.T) {
	s := load(t)
	long := strings.Repeat("x", 65)
	tests := []struct {
		name, method string
		in           Params
		want         string // part of the problem, "" for none
	}{
		{"plain", "sendMessage", form("chat_id", "12", "text", "hi"), ""},
		{"a name for a chat", "sendMessage", form("chat_id", "@desk", "text", "hi"), ""},
		{"digits as text", "sendMessage", form("chat_id", "1", "text", "123"), ""},
		{"missing", "sendMessage", form("chat_id", "12"), "text: missing"},
		{"unknown", "sendMessage", form("chat_id", "12", "text", "a", "txt", "b"), "txt: unknown"},
		{"not a number", "deleteMessage", form("chat_id", "12", "message_id", "x"), "message_id: not an Integer"},
		{"not a boolean", "sendMessage", form("chat_id", "1", "text", "a", "protect_content", "maybe"), "not a Boolean"},
		{"nested unknown", "sendMessage", form("chat_id", "1", "text", "a", "link_preview_options", `{"off":true}`), "link_preview_options.off: unknown"},
		{"nested missing", "sendMessage", form("chat_id", "1", "text", "a", "reply_markup", `{"inline_keyboard":[[{"callback_data":"x"}]]}`), "text: missing"},
		{"data too long", "sendMessage", form("chat_id", "1", "text", "a", "reply_markup", `{"inline_keyboard":[[{"text":"a","callback_data":"`+long+`"}]]}`), "longer than 64 bytes"},
		{"keyboard", "sendMessage", form("chat_id", "1", "text", "a", "reply_markup", `{"inline_keyboard":[[{"text":"a","callback_data":"x"}]]}`), ""},
		{"not an array", "getUpdates", form("allowed_updates", `"message"`), "not an Array"},
		{"null for an array", "getUpdates", form("allowed_updates", `null`), "not an Array"},
		{"array of the wrong kind", "getUpdates", form("allowed_updates", `[1]`), "not a String"},
		{"callback answer too long", "answerCallbackQuery", form("callback_query_id", "1", "text", strings.Repeat("字", 201)), "longer than 200"},
		{"scope", "setMyCommands", form("commands", `[{"command":"a","description":"b"}]`, "scope", `{"type":"default"}`), ""},
		{"JSON body", "sendMessage", Params{"chat_id": {JSON: json.RawMessage("1")}, "text": {JSON: json.RawMessage(`"a"`)}}, ""},
		{"JSON text is a number", "sendMessage", Params{"chat_id": {JSON: json.RawMessage("1")}, "text": {JSON: json.RawMessage(`7`)}}, "text: not a String"},
		{"a file where none belongs", "sendMessage", Params{"chat_id": {File: true}}, "a file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := s.Check(tt.method, tt.in)
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("refused: %v", err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func FuzzCheck(f *testing.F) {
	f.Add("1", "hi", `{"inline_keyboard":[]}`)
	f.Add("x", "", `{"inline_keyboard":[[{}]]}`)
	s, err := Load()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, chat, text, markup string) {
		out, err := s.Check("sendMessage", form("chat_id", chat, "text", text, "reply_markup", markup))
		if err != nil {
			return
		}
		for name, raw := range out {
			if !json.Valid(raw) {
				t.Errorf("%s was let through as %q, no JSON", name, raw)
			}
		}
	})
}

func TestCondenseRefusesWhatItDoesNotKnow(t *testing.T) {
	full := []byte(`{"version":"v","methods":{"a":{}},"types":{"B":{}}}`)
	for _, tt := range []struct{ methods, types []string }{
		{[]string{"nope"}, nil}, {nil, []string{"Nope"}},
	} {
		if _, err := Condense(full, tt.methods, tt.types); err == nil {
			t.Errorf("Condense(%v, %v) found nothing wrong", tt.methods, tt.types)
		}
	}
	if _, err := Condense([]byte(`{}`), nil, nil); err == nil {
		t.Error("an empty description passed")
	}
}
