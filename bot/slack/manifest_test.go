package slack

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

func manifests(t *testing.T) map[string]map[string]any {
	t.Helper()
	out := map[string]map[string]any{}
	for name, text := range map[string]string{
		"socket": Manifest(ModeSocket, ""), "events": Manifest(ModeEvents, ""), "own address": Manifest(ModeEvents, "https://support.example.org/"),
	} {
		var m map[string]any
		if err := yaml.Unmarshal([]byte(text), &m); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out[name] = m
	}
	return out
}

func TestManifest(t *testing.T) {
	for name, m := range manifests(t) {
		raw, _ := json.Marshal(m)
		s := string(raw)
		for _, want := range []string{"app_mention", "message.im", "message.channels", "chat:write", "im:write", "im:history", "files:write", "users:read", `"messages_tab_enabled":true`} {
			if !strings.Contains(s, want) {
				t.Errorf("%s: %s is missing", name, want)
			}
		}
		wantURL := map[string]string{"events": "https://deskbell.example.com/slack/", "own address": "https://support.example.org/slack/", "socket": "/slack/"}[name]
		for _, path := range []string{"events", "interactivity", "commands"} {
			if has := strings.Contains(s, wantURL+path+`"`); has != (name != "socket") {
				t.Errorf("%s: address of %s: %v", name, path, has)
			}
		}
		if socket := strings.Contains(s, `"socket_mode_enabled":true`); socket != (name == "socket") {
			t.Errorf("%s: socket mode is %v", name, socket)
		}
	}
}

// TestManifestSchema holds the manifests against Slack's own schema.
func TestManifestSchema(t *testing.T) {
	shared := os.Getenv("DESKBELL_SHARED")
	if shared == "" {
		t.Skip("DESKBELL_SHARED is not set: Slack's manifest schema is not here")
	}
	raw, err := os.ReadFile(filepath.Join(shared, "platforms", "specs", "slack-manifest-schema", "manifest.schema.1.0.0.json"))
	if err != nil {
		t.Fatal(err)
	}
	var schema map[string]any
	if err := json.Unmarshal(raw, &schema); err != nil {
		t.Fatal(err)
	}
	v := validator{schema["definitions"].(map[string]any)}
	for name, m := range manifests(t) {
		for _, problem := range v.check("", schema, m) {
			t.Errorf("%s: %s", name, problem)
		}
		m["socket_mode"] = true
		if len(v.check("", schema, m)) == 0 {
			t.Error("the check finds nothing")
		}
	}
}

// validator knows the part of JSON Schema that Slack's manifest schema uses.
type validator struct{ definitions map[string]any }

func (v validator) check(path string, schema map[string]any, value any) []string {
	if ref, ok := schema["$ref"].(string); ok {
		return v.check(path, v.definitions[strings.TrimPrefix(ref, "#/definitions/")].(map[string]any), value)
	}
	switch value := value.(type) {
	case map[string]any:
		return v.object(path, schema, value)
	case []any:
		var out []string
		items, _ := schema["items"].(map[string]any)
		for i, e := range value {
			out = append(out, v.check(fmt.Sprintf("%s[%d]", path, i), items, e)...)
		}
		return append(out, wrongType(path, schema, "array")...)
	case string:
		n := float64(utf8.RuneCountInString(value))
		least, most := schema["minLength"], schema["maxLength"]
		if l, ok := least.(float64); ok && n < l {
			return []string{path + " is too short"}
		}
		if m, ok := most.(float64); ok && n > m {
			return []string{path + " is too long"}
		}
		if p, ok := schema["pattern"].(string); ok && !regexp.MustCompile(p).MatchString(value) {
			return []string{path + " has the wrong form"}
		}
		return wrongType(path, schema, "string")
	case bool:
		return wrongType(path, schema, "boolean")
	}
	return nil
}

func (v validator) object(path string, schema, value map[string]any) []string {
	var out []string
	props, _ := schema["properties"].(map[string]any)
	for k, e := range value {
		p, ok := props[k].(map[string]any)
		if !ok {
			out = append(out, path+"."+k+" is unknown")
			continue
		}
		out = append(out, v.check(path+"."+k, p, e)...)
	}
	required, _ := schema["required"].([]any)
	for _, k := range required {
		if _, ok := value[k.(string)]; !ok {
			out = append(out, path+"."+k.(string)+" is missing")
		}
	}
	return append(out, wrongType(path, schema, "object")...)
}

func wrongType(path string, schema map[string]any, is string) []string {
	if want, ok := schema["type"].(string); ok && want != is {
		return []string{path + " is " + is + ", not " + want}
	}
	return nil
}
