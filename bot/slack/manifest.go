package slack

import (
	_ "embed"
	"strings"
)

// Manifests of the Slack app that an operator creates: pasted at api.slack.com/apps, they set everything the channel needs.
var (
	//go:embed manifest.yaml
	socketManifest string
	//go:embed manifest.events.yaml
	eventsManifest string
)

// exampleURL stands in the manifest for the operator's public address.
const exampleURL = "https://deskbell.example.com"

// Manifest returns the app manifest (YAML) for a mode. publicURL is Deskbell's public address, for ModeEvents; the example
// address stays when it is empty.
func Manifest(m Mode, publicURL string) string {
	if m != ModeEvents {
		return socketManifest
	}
	if publicURL == "" {
		return eventsManifest
	}
	return strings.ReplaceAll(eventsManifest, exampleURL, strings.TrimRight(publicURL, "/"))
}
