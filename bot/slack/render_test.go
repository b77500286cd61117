package slack

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	slackapi "github.com/slack-go/slack"

	"github.com/deskbell/deskbell/bot"
)

func TestMrkdwn(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"plain":         {"Hello", "Hello"},
		"escaped":       {"a < b & c > d <!channel>", "a &lt; b &amp; c &gt; d &lt;!channel&gt;"},
		"bold":          {"**Open** now", "*Open* now"},
		"bold, Chinese": {"请**不要**告诉", "请\u200b*不要*\u200b告诉"},
		"italic":        {"it *is*", "it _is_"},
		"link":          {"[Help & more](https://example.com/?a=1&b=2)", "<https://example.com/?a=1&amp;b=2|Help &amp; more>"},
		"list":          {"Do:\n\n- one\n- two\n\nThen", "Do:\n• one\n• two\n\nThen"},
		"numbers":       {"1. one\n2. two", "1. one\n2. two"},
		"code":          {"type `a<b`", "type `a&lt;b`"},
		"two blocks":    {"one\n\ntwo", "one\n\ntwo"},
	} {
		if got := mrkdwn(bot.Delivery{Text: c.in, Author: bot.ByBot}); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if got := mrkdwn(bot.Delivery{Text: "Hi", Author: bot.ByAgent, AgentName: "Li <Na>"}); got != "*Li &lt;Na&gt;*\nHi" {
		t.Errorf("agent: %q", got)
	}
}

func TestRenderButtons(t *testing.T) {
	d := bot.Delivery{Text: "Choose", Buttons: []bot.Button{
		{Label: "Fees", Action: "ask:fees"}, {Label: "Site", URL: "https://example.com"},
		{Label: strings.Repeat("长", 90), Action: "x"}, {Label: "", Action: "y"}, {Label: "too long", Action: strings.Repeat("a", 2001)},
	}}
	for range 26 {
		d.Buttons = append(d.Buttons, bot.Button{Label: "More", Action: "more"})
	}
	posts := render(d)
	if len(posts) != 1 || len(posts[0].Blocks) != 3 {
		t.Fatalf("%d posts, blocks %+v", len(posts), posts)
	}
	raw, _ := json.Marshal(posts[0].Blocks)
	var blocks []struct {
		Type     string
		Elements []struct {
			ActionID string `json:"action_id"`
			Value    string
			URL      string
			Text     struct{ Text string }
		}
	}
	if err := json.Unmarshal(raw, &blocks); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, b := range blocks[1:] {
		if len(b.Elements) > maxButtons {
			t.Errorf("%d buttons in a row", len(b.Elements))
		}
		for _, e := range b.Elements {
			if seen[e.ActionID] || utf8.RuneCountInString(e.Text.Text) > maxLabel {
				t.Errorf("button %+v", e)
			}
			seen[e.ActionID] = true
		}
	}
	if first := blocks[1].Elements; first[0].Value != "ask:fees" || first[1].URL != "https://example.com" || !strings.HasPrefix(first[1].ActionID, urlAction) {
		t.Errorf("buttons %+v", first[:2])
	}
	if len(seen) != 29 {
		t.Errorf("%d buttons, want 29", len(seen))
	}
}

func TestRenderSplitsAtSentences(t *testing.T) {
	sentence := "这是一个完整的句子，说明应当怎样联系客服。"
	d := bot.Delivery{Text: strings.Repeat(sentence, 800), Buttons: []bot.Button{{Label: "x", Action: "x"}}} // 16,800 characters
	posts := render(d)
	if len(posts) < 2 {
		t.Fatalf("%d posts", len(posts))
	}
	var all strings.Builder
	for i, p := range posts {
		if n := utf8.RuneCountInString(p.Text); n > maxText {
			t.Errorf("fallback of %d characters", n)
		}
		actions := 0
		for _, b := range p.Blocks {
			switch b := b.(type) {
			case *slackapi.SectionBlock:
				if !strings.HasSuffix(b.Text.Text, "。") {
					t.Errorf("cut inside a sentence: …%s", b.Text.Text[len(b.Text.Text)-30:])
				}
				all.WriteString(b.Text.Text)
			case *slackapi.ActionBlock:
				actions++
			}
		}
		if (actions > 0) != (i == len(posts)-1) {
			t.Errorf("post %d has %d rows of buttons", i, actions)
		}
	}
	if all.String() != strings.Repeat(sentence, 800) {
		t.Error("words are lost or doubled")
	}
}

func TestRenderNothing(t *testing.T) {
	if p := render(bot.Delivery{Text: " \n "}); len(p) != 0 {
		t.Errorf("%+v", p)
	}
}

func FuzzSplit(f *testing.F) {
	f.Add("a. b. c <https://example.com/aaaaaaaaaa|label> &amp; `code`", 20)
	f.Add(strings.Repeat("长", 100), 16)
	f.Fuzz(func(t *testing.T, s string, limit int) {
		if !utf8.ValidString(s) || limit < 16 || limit > 5000 {
			return
		}
		parts := split(s, limit)
		strip := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if strip(strings.Join(parts, "")) != strip(s) {
			t.Errorf("split(%q, %d) = %q", s, limit, parts)
		}
		for _, p := range parts {
			if p == "" || utf8.RuneCountInString(p) > limit {
				t.Errorf("part %q of limit %d", p, limit)
			}
		}
	})
}

func TestRenderCommands(t *testing.T) {
	for text, want := range map[string]string{
		"You can type:\n\n- /start – common questions\n- /forget – delete": "/deskbell start",
		"输入 /language 可以更改。":                                               "输入 /deskbell language 可以更改。",
		"https://example.com/help stays":                                   "https://example.com/help stays",
	} {
		if got := render(bot.Delivery{Author: bot.ByBot, Text: text})[0].Text; !strings.Contains(got, want) {
			t.Errorf("%q became %q, want %q in it", text, got, want)
		}
	}
	if got := render(bot.Delivery{Author: bot.ByAgent, Text: "type /forget"})[0].Text; strings.Contains(got, "deskbell") {
		t.Errorf("an agent's words were changed: %q", got)
	}
}
