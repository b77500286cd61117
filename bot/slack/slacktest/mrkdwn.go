package slacktest

import (
	"html"
	"html/template"
	"regexp"
	"strconv"
	"strings"
)

var (
	codeBlock  = regexp.MustCompile("(?s)```\n?(.*?)\n?```")
	inlineCode = regexp.MustCompile("`([^`\n]+)`")
	bold       = regexp.MustCompile(`(^|[\s\x{200b}(（【「])\*(\S(?:[^*\n]*\S)?)\*`)
	italic     = regexp.MustCompile(`(^|[\s\x{200b}(（【「])_(\S(?:[^_\n]*\S)?)_`)
	shownLink  = regexp.MustCompile(`<([^<>|\x00]+)(?:\|([^<>\x00]*))?>`)
	heldPiece  = regexp.MustCompile("\x00(\\d+)\x00")
)

// mrkdwnHTML shows Slack's markup. Everything that is not known markup is escaped; links lead only to web, mail and phone.
func mrkdwnHTML(s string, name func(user string) string) template.HTML {
	var held []string
	hold := func(h string) string {
		held = append(held, h)
		return "\x00" + strconv.Itoa(len(held)-1) + "\x00"
	}
	text := func(s string) string { return html.EscapeString(entities.Replace(s)) }
	s = strings.ReplaceAll(s, "\x00", "")
	s = codeBlock.ReplaceAllStringFunc(s, func(m string) string {
		return hold("<pre>" + text(codeBlock.FindStringSubmatch(m)[1]) + "</pre>")
	})
	s = inlineCode.ReplaceAllStringFunc(s, func(m string) string { return hold("<code>" + text(m[1:len(m)-1]) + "</code>") })
	s = shownLink.ReplaceAllStringFunc(s, func(m string) string {
		l := shownLink.FindStringSubmatch(m)
		return hold(linkHTML(l[1], l[2], text, name))
	})
	s = text(s)
	s = bold.ReplaceAllString(s, "$1<strong>$2</strong>")
	s = italic.ReplaceAllString(s, "$1<em>$2</em>")
	s = strings.ReplaceAll(s, "\n", "<br>")
	for heldPiece.MatchString(s) { // code holds no pieces, so this ends
		s = heldPiece.ReplaceAllStringFunc(s, func(m string) string {
			i, err := strconv.Atoi(strings.Trim(m, "\x00"))
			if err != nil || i >= len(held) {
				return ""
			}
			return held[i]
		})
	}
	return template.HTML(s) //nolint:gosec // every piece of text is escaped above
}

func linkHTML(target, label string, text func(string) string, name func(string) string) string {
	switch {
	case strings.HasPrefix(target, "@"):
		return `<span class="mention">@` + text(name(target[1:])) + `</span>`
	case strings.HasPrefix(target, "#"), strings.HasPrefix(target, "!"):
		return text(orElse(label, target))
	}
	for _, scheme := range []string{"https://", "http://", "mailto:", "tel:"} {
		if strings.HasPrefix(target, scheme) {
			return `<a href="` + text(target) + `" target="_blank" rel="noopener noreferrer">` + text(orElse(label, target)) + `</a>`
		}
	}
	return text(orElse(label, target))
}
