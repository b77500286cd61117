package guard_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/bot/guard"
)

// telegramish is a policy of the kind a channel gives.
var telegramish = guard.Policy{
	Said: func(path []string) bool { return strings.HasSuffix(strings.Join(path, "."), "message.text") },
	ID: func(path []string, v string) bool {
		return len(path) > 0 && path[len(path)-1] == "file_id" && !strings.ContainsAny(v, " ") && len(v) > 10
	},
}

func TestDocument(t *testing.T) {
	tests := []struct {
		name, in, want string
		found          int
	}{
		{"clean", `{"update_id":1,"message":{"text":"hello <b>&"}}`, `{"message":{"text":"hello <b>&"},"update_id":1}`, 0},
		{"said", `{"message":{"text":"我的密码是hunter2x"}}`, `{"message":{"text":"我的密码是⟦password⟧"}}`, 1},
		{"unknown field", `{"a":{"b":["x",{"c":"pin is 4821"}]}}`, `{"a":{"b":["x",{"c":"pin is ⟦pin⟧"}]}}`, 1},
		{"big numbers survive", `{"id":12345678901234567890,"f":1e400,"t":1.10}`, `{"f":1e400,"id":12345678901234567890,"t":1.10}`, 0},
		{"id left alone", `{"file_id":"4242424242424242"}`, `{"file_id":"4242424242424242"}`, 0},
		{"elsewhere too", `{"message":{"text":"my password is hunter2x"},"quote":{"t":"hunter2x?"},"n":"ahunter2xb"}`,
			`{"message":{"text":"my password is ⟦password⟧"},"n":"ahunter2xb","quote":{"t":"⟦password⟧?"}}`, 2},
		{"plain word keeps the structure", `{"message":{"text":"my password is dragon"},"type":"dragon","quote":{"text":"dragon"}}`,
			`{"message":{"text":"my password is ⟦password⟧"},"quote":{"text":"⟦password⟧"},"type":"dragon"}`, 2},
		{"number repeated", `{"text":"4242 4242 4242 4242 or 4242424242424242","n":4242424242424242}`,
			`{"n":"⟦pan⟧","text":"⟦pan⟧ or ⟦pan⟧"}`, 3},
		{"key", `{"my pin is 4821":1,"ok":2}`, `{"my pin is ⟦pin⟧":1,"ok":2}`, 1},
		{"top level string", `"cvv 123"`, `"cvv ⟦cvv⟧"`, 1},
		{"null", `null`, `null`, 0},
		{"not json", `text=my pin is 4821&x`, `{"not_json":"text=my pin is ⟦pin⟧&x"}`, 1},
		{"trailing data", `{} {"a":"pin 4821"}`, `{"not_json":"{} {\"a\":\"pin ⟦pin⟧\"}"}`, 1},
		{"empty", ``, `{"not_json":""}`, 0},
		{"broken bytes", "my pin is 4821 \xff", `{"not_json":"my pin is ⟦pin⟧ ` + "\uFFFD" + `"}`, 1},
		{"escaped", `{"t":"\u6211\u7684\u5bc6\u7801\u662fhunter2x"}`, `{"t":"我的密码是⟦password⟧"}`, 1},
		{"repeated keys", `{"t":"my pin is 4821","t":"hi"}`, `{"t":"hi"}`, 0},
		{"split over elements", `{"b":[{"e":[{"text":"my password "},{"text":"is "},{"text":"hunt","s":1},{"text":"er2x ok"}]}]}`,
			`{"b":[{"e":[{"text":"my password "},{"text":"is "},{"s":1,"text":"⟦password⟧"},{"text":"⟦password⟧ ok"}]}]}`, 2},
		{"split over lists", `{"b":[{"e":[{"text":"card number"}]},{"e":[{"text":"4242 4242"},{"text":" 4242 4241"}]}]}`,
			`{"b":[{"e":[{"text":"card number"}]},{"e":[{"text":"⟦pan⟧"},{"text":"⟦pan⟧"}]}]}`, 2},
		{"slack escapes", `{"text":"password is P&amp;ss12x","b":[{"text":"password is P&ss12x"}]}`,
			`{"b":[{"text":"password is ⟦password⟧"}],"text":"password is ⟦password⟧"}`, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, found, _ := guard.Document([]byte(tt.in), telegramish, guard.State{}, noon)
			if string(got) != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if len(found) != tt.found {
				t.Errorf("found %v, want %d", found, tt.found)
			}
		})
	}
}

func TestDocumentPaths(t *testing.T) {
	_, found, _ := guard.Document([]byte(`{"message":{"text":"嗨，我的密码是hunter2x"}}`), telegramish, guard.State{}, noon)
	want := guard.PathFinding{Path: "message.text", Finding: guard.Finding{Kind: guard.Password, Start: 7, End: 15}}
	if len(found) != 1 || found[0] != want {
		t.Errorf("found %+v, want %+v", found, want)
	}
}

// TestDocumentState: what the user said moves the expectation on, all of it as one turn; other strings do not.
func TestDocumentState(t *testing.T) {
	p := guard.Policy{Said: func(path []string) bool { return path[0] == "text" || path[0] == "blocks" }}
	step := func(doc string, st guard.State) (string, int, guard.State) {
		clean, found, next := guard.Document([]byte(doc), p, st, noon)
		return string(clean), len(found), next
	}
	_, _, st := step(`{"text":"my password is","blocks":[{"e":[{"text":"my password is"}]}],"other":"hi"}`, guard.State{})
	if st.Expect != guard.Password || st.Turns != 2 {
		t.Fatalf("state %+v", st)
	}
	if _, n, next := step(`{"other":"hunter22"}`, st); n != 0 || next != st {
		t.Errorf("an unsaid string moved the state: %d %+v", n, next)
	}
	if _, _, next := step(`{"text":"wait","blocks":[{"text":"wait"}]}`, st); next.Turns != 1 {
		t.Errorf("two strings of one message must be one turn: %+v", next)
	}
	clean, n, next := step(`{"text":"hunter22","blocks":[{"text":"hunter22"}],"raw":"x hunter22"}`, st)
	if strings.Contains(clean, "hunter22") || n != 3 || next != (guard.State{}) {
		t.Errorf("%s %d %+v", clean, n, next)
	}
	_, _, st = step(`{"blocks":[{"e":[{"text":"my password "},{"text":"is hunter2x"}]}]}`, guard.State{})
	if st != (guard.State{}) {
		t.Errorf("a value in pieces opened an expectation: %+v", st)
	}
}

// TestDocumentPolicyPanics: a policy that panics is a failure of the guard.
func TestDocumentPolicyPanics(t *testing.T) {
	p := guard.Policy{Said: func([]string) bool { panic("secret text") }}
	clean, found, _ := guard.Document([]byte(`{"text":"my pin is 4821"}`), p, guard.State{}, noon)
	if string(clean) != `{"guard_failure":true}` || len(found) != 1 || found[0].Kind != guard.Failure {
		t.Errorf("%s %v", clean, found)
	}
}

// FuzzDocument: JSON comes out, and no value that was found stands in it.
func FuzzDocument(f *testing.F) {
	for _, s := range []string{
		`{"message":{"text":"我的密码是hunter2x","from":{"first_name":"hunter2x"}}}`,
		`{"blocks":[{"elements":[{"text":"my pin "},{"text":"is 48"},{"text":"21"}]}]}`,
		`["4242 4242 4242 4242", {"a":"4242 4242 4242 4242"}]`, `not json: pin 4821`, `{"a":1e5,"b":null,"c":[[[]]]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		clean, found, _ := guard.Document(raw, telegramish, guard.State{Expect: guard.Password, Turns: 1, Until: noon}, noon)
		if !json.Valid(clean) {
			t.Fatalf("no JSON: %q", clean)
		}
		for _, pf := range found {
			if pf.Kind == guard.Failure {
				t.Fatal("the guard failed")
			}
		}
		again, left, _ := guard.Document(clean, telegramish, guard.State{}, noon)
		for _, v := range valuesOf(raw, found) {
			if strings.ContainsAny(v, "0123456789") && len(v) >= 6 && standsAlone(again, v) {
				t.Fatalf("%q is still in %q", v, again)
			}
		}
		_ = left
	})
}

// valuesOf reads the values found from the document, for the fields that a finding's path names unambiguously.
func valuesOf(raw []byte, found []guard.PathFinding) []string {
	var doc map[string]any
	if json.Unmarshal(raw, &doc) != nil {
		return nil
	}
	var out []string
	for _, pf := range found {
		text, ok := doc[pf.Path].(string)
		if r := []rune(text); ok && pf.End <= len(r) {
			out = append(out, string(r[pf.Start:pf.End]))
		}
	}
	return out
}

// standsAlone reports that v is a whole string or a whole word of one in the document.
func standsAlone(doc []byte, v string) bool {
	var root any
	if json.Unmarshal(doc, &root) != nil {
		return true
	}
	var walk func(any) bool
	walk = func(x any) bool {
		switch x := x.(type) {
		case string:
			return x == v
		case []any:
			for _, y := range x {
				if walk(y) {
					return true
				}
			}
		case map[string]any:
			for k, y := range x {
				if k != "file_id" && walk(y) {
					return true
				}
			}
		}
		return false
	}
	return walk(root)
}
