package slacktest

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
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
