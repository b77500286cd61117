package slacktest

import (
	_ "embed"
	"encoding/json"
	"fmt"
)

// specJSON is a condensed copy of Slack's method reference: see NOTICE.md and TestSpecIsCurrent, which makes it.
//
//go:embed spec.json
var specJSON []byte

// methodSpec says what a Web API method takes and how it can fail.
type methodSpec struct {
	Args   map[string]argSpec `json:"args"`
	Errors []string           `json:"errors"`
	Tier   string             `json:"tier,omitempty"`
}

// argSpec describes an argument. Type is "string", "boolean", "channel" and so on, "" when the reference does not say.
type argSpec struct {
	Type     string `json:"type,omitempty"`
	JSON     bool   `json:"json,omitempty"`
	Required bool   `json:"required,omitempty"`
}

func loadSpec() map[string]methodSpec {
	var spec map[string]methodSpec
	if err := json.Unmarshal(specJSON, &spec); err != nil {
		panic(fmt.Sprintf("slacktest: spec.json: %v", err)) // embedded and tested
	}
	return spec
}
