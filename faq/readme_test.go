package faq_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/deskbell/deskbell/faq"
)

// The examples of README.md are a library that loads: the documentation of the format cannot fall behind the format.
func TestTheReadmesExamplesLoad(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	block := func(start string) string {
		m := regexp.MustCompile(`(?m)(^    ` + start + `.*\n(?:(?:    .*)?\n)*)`).FindString(string(readme))
		if m == "" {
			t.Fatalf("README.md has no example of %q", start)
		}
		return regexp.MustCompile(`(?m)^    `).ReplaceAllString(m, "")
	}
	website := "  - {id: website, kind: url, value: \"https://okpay.example.com\", title: {en: w, zh-Hans: w}, verified: 2026-11-01}\n"
	refund := "\n  - intent: refund_status\n    title: {en: r, zh-Hans: r}\n    phrases: {en: [refund], zh-Hans: [退款]}\n    answer: {en: Soon., zh-Hans: 很快。}\n"
	_, err = faq.Load(fstest.MapFS{
		"library.yaml":         {Data: []byte(block("name:"))},
		"contacts.yaml":        {Data: []byte(strings.TrimSpace(block("contacts:")) + "\n" + website + block("schedules:"))},
		"entries/support.yaml": {Data: []byte(strings.TrimSpace(block("topic:")) + refund)},
	})
	if err != nil {
		t.Error(err)
	}
}
