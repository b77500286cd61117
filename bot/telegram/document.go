package telegram

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// storable is the document that is handed to the Receiver: the update without what it repeats of other messages, and
// without our own mention in what the user said.
//
// Both are for the guard. A bare value ("482913") is known as a secret only in the message that answers "my code is", so
// a copy of that message must never come again where nothing tells what it is: in the message replied to (also below a
// pressed button of ours), in a quote, or in a pinned message. And in a group every message carries "@bot", which would
// keep a bare value from standing by itself. What cannot be read is left to the guard as it is.
func storable(raw []byte, username string) []byte {
	update, ok := decodeObject(raw)
	if !ok {
		return raw
	}
	for _, v := range update {
		m, ok := v.(map[string]any)
		if !ok {
			continue
		}
		if of, ok := m["message"].(map[string]any); ok { // callback_query
			withoutOthers(of)
		} else {
			withoutOthers(m)
		}
	}
	for _, kind := range []string{"message", "edited_message"} {
		m, _ := update[kind].(map[string]any)
		for _, field := range []string{"text", "caption"} {
			if s, ok := m[field].(string); ok && username != "" {
				m[field] = cleanText(s, username)
			}
		}
	}
	if username != "" {
		update[usernameField] = username
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(update) != nil {
		return raw
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

func decodeObject(raw []byte) (map[string]any, bool) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v map[string]any
	if dec.Decode(&v) != nil || v == nil {
		return nil, false
	}
	_, err := dec.Token()
	return v, errors.Is(err, io.EOF)
}

// quoting are the fields of a message that hold words of another one and do not look like a message.
var quoting = map[string]bool{"quote": true, "external_reply": true}

// withoutOthers leaves of every message within m, at any depth, its id alone.
func withoutOthers(m map[string]any) {
	for k, v := range m {
		switch {
		case quoting[k]:
			delete(m, k)
		case k == "reply_to_message" || k == "pinned_message" || isMessage(v):
			inner, _ := v.(map[string]any)
			m[k] = map[string]any{"message_id": inner["message_id"]}
		default:
			deeper(v)
		}
	}
}

func deeper(v any) {
	switch v := v.(type) {
	case map[string]any:
		withoutOthers(v)
	case []any:
		for i := range v {
			if isMessage(v[i]) {
				v[i] = nil
				continue
			}
			deeper(v[i])
		}
	}
}

// isMessage reports an object with the two fields that every message has.
func isMessage(v any) bool {
	m, _ := v.(map[string]any)
	return m["message_id"] != nil && m["chat"] != nil
}
