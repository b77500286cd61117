package slacktest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// What Slack makes of the text somebody types: entities, mentions, links, and the same once more as rich text.

var typedToken = regexp.MustCompile(`@` + BotName + `\b|https?://[^\s<>|]+|[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+`)

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// typed turns typed text into the text and blocks of a message.
func typed(s string) (text string, blocks json.RawMessage) {
	var b strings.Builder
	var elements []map[string]any
	add := func(wire string, e map[string]any) {
		b.WriteString(wire)
		elements = append(elements, e)
	}
	words := func(t string) {
		if t != "" {
			add(escaper.Replace(t), map[string]any{"type": "text", "text": t})
		}
	}
	last := 0
	for _, at := range typedToken.FindAllStringIndex(s, -1) {
		words(s[last:at[0]])
		switch tok := s[at[0]:at[1]]; {
		case strings.HasPrefix(tok, "@"):
			add("<@"+BotUser+">", map[string]any{"type": "user", "user_id": BotUser})
		case strings.HasPrefix(tok, "http"):
			add("<"+escaper.Replace(tok)+">", map[string]any{"type": "link", "url": tok})
		default:
			add(fmt.Sprintf("<mailto:%s|%s>", tok, tok), map[string]any{"type": "link", "url": "mailto:" + tok, "text": tok})
		}
		last = at[1]
	}
	words(s[last:])
	if len(elements) == 0 {
		return "", nil
	}
	raw, err := json.Marshal([]any{map[string]any{
		"type": "rich_text", "block_id": "r" + secret()[:4],
		"elements": []any{map[string]any{"type": "rich_text_section", "elements": elements}},
	}})
	if err != nil {
		panic(fmt.Sprintf("slacktest: blocks of a typed text: %v", err)) // strings and maps always marshal
	}
	return b.String(), raw
}

var (
	linkShape = regexp.MustCompile(`<([^<>|]+)(?:\|([^<>]*))?>`)
	entities  = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
	boldShape = regexp.MustCompile("(^|[\\s\u200b])([*_])(\\S[^*_\\n]*?)([*_])($|[\\s\\p{P}\u200b])")
)

// plain undoes Slack's markup: links become their label, style marks vanish.
func plain(s string) string {
	s = linkShape.ReplaceAllStringFunc(s, func(l string) string {
		m := linkShape.FindStringSubmatch(l)
		if m[2] != "" {
			return m[2]
		}
		return m[1]
	})
	for range 2 {
		s = boldShape.ReplaceAllString(s, "$1$3$5")
	}
	return entities.Replace(strings.ReplaceAll(s, "\u200b", ""))
}
