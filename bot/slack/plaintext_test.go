package slack

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestUnescape(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"plain", "plain"},
		{"a &lt;b&gt; &amp; c", "a <b> & c"},
		{"&amp;lt;", "&lt;"}, // undone once
		{"<@U0BOT00001> hello", " hello"},
		{"<@U0BOT00001|deskbell> hello", " hello"},
		{"ask <@U0OTHER001> and <@U0OTHER002|li>", "ask @U0OTHER001 and @li"},
		{"in <#C012345|help> and <#C0987654>", "in #help and #C0987654"},
		{"<!here> <!subteam^S0123|@support> <!date^1^{date}|today>", "@here @support today"},
		{"see <https://example.com/a>", "see https://example.com/a"},
		{"see <http://example.com|example.com>", "see example.com"},
		{"see <https://example.com/a|the page>", "see the page (https://example.com/a)"},
		{"<mailto:a@example.com|a@example.com>", "a@example.com"},
		{"<tel:+15550100|+1 555 0100>", "+1 555 0100"},
		{"<tel:+15550100>", "+15550100"},
		{"1 < 2", "1 < 2"},
		{"<https://example.com/?a=1&amp;b=2>", "https://example.com/?a=1&b=2"},
	} {
		if got := unescape(c.in, "U0BOT00001"); got != c.want {
			t.Errorf("unescape(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestSaidInPrefersRichText(t *testing.T) {
	const doc = `{"text":"<@U0BOT00001> card 4111 *1111* 1111 _1111_","blocks":[{"type":"rich_text","elements":[
		{"type":"rich_text_section","elements":[{"type":"user","user_id":"U0BOT00001"},{"type":"text","text":" card 4111 "},
			{"type":"text","text":"1111","style":{"bold":true}},{"type":"text","text":" 1111 "},{"type":"text","text":"1111","style":{"italic":true}},
			{"type":"emoji","name":"thumbsup","unicode":"1f44d"},{"type":"emoji","name":"party"},
			{"type":"link","url":"mailto:a@example.com","text":"a@example.com"}]},
		{"type":"rich_text_list","style":"ordered","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"one"}]},
			{"type":"rich_text_section","elements":[{"type":"text","text":"two"}]}]},
		{"type":"rich_text_preformatted","elements":[{"type":"text","text":"code\n"}]}]}]}`
	var m map[string]any
	if err := json.Unmarshal([]byte(doc), &m); err != nil {
		t.Fatal(err)
	}
	want := "card 4111 1111 1111 1111👍:party:a@example.com\n1. one\n2. two\ncode"
	if got := saidIn(m, "U0BOT00001"); got != want {
		t.Errorf("saidIn = %q, want %q", got, want)
	}
}

func TestSaidInFallsBack(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"unknown block":   {`{"text":"a &amp; b","blocks":[{"type":"mystery"}]}`, "a & b"},
		"unknown element": {`{"text":"a","blocks":[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"hologram"}]}]}]}`, "a"},
		"forwarded":       {`{"text":"","attachments":[{"is_share":true,"text":"from &lt;there&gt;"}]}`, "from <there>"},
		"unfurled":        {`{"text":"","attachments":[{"text":"a preview"}]}`, ""},
		"wrong types":     {`{"text":5,"blocks":"x","attachments":{}}`, ""},
	} {
		var m map[string]any
		if err := json.Unmarshal([]byte(c.in), &m); err != nil {
			t.Fatal(err)
		}
		if got := saidIn(m, "U0BOT00001"); got != c.want {
			t.Errorf("%s: saidIn = %q, want %q", name, got, c.want)
		}
	}
}

func FuzzUnescape(f *testing.F) {
	for _, s := range []string{"<@U1|a> &amp;", "<", "<>", "<|>", "<!date^|>", "<mailto:|>", "a<b|c>d&lt"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := unescape(s, "U0BOT00001")
		if utf8.ValidString(s) && !utf8.ValidString(got) {
			t.Errorf("unescape(%q) is not valid: %q", s, got)
		}
		if !strings.ContainsAny(s, "<&") && got != s {
			t.Errorf("unescape(%q) = %q although there was nothing to undo", s, got)
		}
	})
}
