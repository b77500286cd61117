package slacktest

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write spec.json anew")

// TestSpecIsCurrent holds spec.json against the full reference, from which it is made with -update.
func TestSpecIsCurrent(t *testing.T) {
	shared := os.Getenv("DESKBELL_SHARED")
	if shared == "" {
		t.Skip("DESKBELL_SHARED is not set: the full method reference is not here to compare with")
	}
	specs := filepath.Join(shared, "platforms", "specs")
	want, err := condense(specs)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("spec.json", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(want, specJSON) {
		t.Error("spec.json differs from the reference: run with -update and read the difference")
	}
}

// TestSpecCoversMethods keeps the fake and its spec together.
func TestSpecCoversMethods(t *testing.T) {
	spec := loadSpec()
	for name := range methods {
		if _, ok := spec[name]; !ok {
			t.Errorf("method %s is spoken but not in spec.json", name)
		}
	}
	for name := range spec {
		if _, ok := methods[name]; !ok {
			t.Errorf("method %s is in spec.json but not spoken", name)
		}
	}
}

// TestAnswersLookLikeSlacks holds what the fake answers against the reference's examples: every field of theirs is in ours,
// with the same type.
func TestAnswersLookLikeSlacks(t *testing.T) {
	shared := os.Getenv("DESKBELL_SHARED")
	if shared == "" {
		t.Skip("DESKBELL_SHARED is not set: the reference's examples are not here to compare with")
	}
	for name, got := range oneAnswerEach(t) {
		var full struct {
			Response struct {
				Examples []string `json:"examples"`
			} `json:"response"`
		}
		if err := readJSON(filepath.Join(shared, "platforms", "specs", "slack-api-ref", name+".json"), &full); err != nil {
			t.Fatal(err)
		}
		compared := false
		for _, raw := range full.Response.Examples {
			var example map[string]any
			if json.Unmarshal([]byte(raw), &example) != nil || example["ok"] != true || compared {
				continue
			}
			compared = true
			for field, want := range example {
				if have, ok := got[field]; !ok || fmt.Sprintf("%T", have) != fmt.Sprintf("%T", want) {
					t.Errorf("%s: %s is %T, Slack's example has %T", name, field, have, want)
				}
			}
		}
		if got["ok"] != true || !compared {
			t.Errorf("%s: answered %v, compared %v", name, got, compared)
		}
	}
}

// oneAnswerEach calls every method once with success.
func oneAnswerEach(t *testing.T) map[string]map[string]any {
	c := newClient(t, Options{})
	ann := c.s.User("Ann")
	dm := ann.DM("hello")
	out := map[string]map[string]any{}
	call := func(name string, args ...string) map[string]any {
		out[name] = c.call(name, args...)
		return out[name]
	}
	call("auth.test")
	ts, _ := call("chat.postMessage", "channel", dm.Channel, "text", "x")["ts"].(string)
	call("chat.postEphemeral", "channel", dm.Channel, "user", ann.ID, "text", "x")
	call("chat.update", "channel", dm.Channel, "ts", ts, "text", "y")
	call("conversations.history", "channel", dm.Channel)
	call("conversations.replies", "channel", dm.Channel, "ts", ts)
	call("conversations.open", "users", ann.ID)
	call("users.info", "user", ann.ID)
	call("chat.delete", "channel", dm.Channel, "ts", ts)
	up := call("files.getUploadURLExternal", "filename", "a.txt", "length", "1")
	res, err := http.Post(up["upload_url"].(string), "text/plain", strings.NewReader("x")) //nolint:noctx // a test
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	call("files.completeUploadExternal", "files", fmt.Sprintf(`[{"id":%q}]`, up["file_id"]), "channel_id", dm.Channel)
	c.s.mu.Lock()
	trigger := c.s.trigger()
	c.s.mu.Unlock()
	call("views.open", "trigger_id", trigger, "view", `{"type":"modal","title":{"type":"plain_text","text":"x"},"blocks":[{"type":"divider"}]}`)
	if again := c.call("views.open", "trigger_id", trigger, "view", `{"type":"modal"}`); again["error"] != "exchanged_trigger_id" {
		t.Errorf("a trigger used twice: %v", again)
	}
	c.token = AppToken
	call("apps.connections.open")
	if len(out) != len(methods) {
		t.Errorf("%d of %d methods called", len(out), len(methods))
	}
	return out
}

// condense makes spec.json: the methods spoken here, their arguments and error codes, the rate limit tier.
func condense(specs string) ([]byte, error) {
	var tiers map[string]string
	if err := readJSON(filepath.Join(specs, "slack-java-sdk", "rate_limit_tiers.json"), &tiers); err != nil {
		return nil, err
	}
	out := map[string]methodSpec{}
	for name := range methods {
		var full struct {
			Args map[string]struct {
				Required bool   `json:"required"`
				Type     any    `json:"type"`
				Format   string `json:"format"`
			} `json:"args"`
			Errors map[string]string `json:"errors"`
		}
		if err := readJSON(filepath.Join(specs, "slack-api-ref", name+".json"), &full); err != nil {
			return nil, err
		}
		m := methodSpec{Args: map[string]argSpec{}, Tier: tiers[name]}
		for arg, a := range full.Args {
			typ, _ := a.Type.(string)
			m.Args[arg] = argSpec{Type: typ, JSON: a.Format == "json", Required: a.Required}
		}
		for code := range full.Errors {
			m.Errors = append(m.Errors, code)
		}
		slices.Sort(m.Errors)
		out[name] = m
	}
	raw, err := json.MarshalIndent(out, "", " ")
	return append(raw, '\n'), err
}

func readJSON(path string, v any) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, v)
}
