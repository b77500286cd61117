package telegramtest

import (
	"fmt"
	"html"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

func TestParseHTML(t *testing.T) {
	tests := []struct {
		in, text string
		entities string
		fail     string
	}{
		{"plain", "plain", "[]", ""},
		{"a &lt;b&gt; &amp; &quot;c&quot; &#39;d&#x27; &nbsp; &", `a <b> & "c" 'd' &nbsp; &`, "[]", ""},
		{"<b>bold</b> and <i>it</i>", "bold and it", "[bold 0+4 italic 9+2]", ""},
		{"<b><i>x</i></b>", "x", "[bold 0+1 italic 0+1]", ""},
		{"😀 <b>x</b>", "😀 x", "[bold 3+1]", ""},
		{`<a href="https://example.com/?a=1&amp;b=2">x</a>`, "x", "[text_link 0+1 https://example.com/?a=1&b=2]", ""},
		{"  <b> x </b>  ", "x", "[bold 0+1]", ""},
		{"x<b> </b>", "x", "[]", ""},
		{`<span class="tg-spoiler">x</span>`, "x", "[spoiler 0+1]", ""},
		{"<B>x</B>", "x", "[bold 0+1]", ""},
		{"<p>x", "", "", `Unsupported start tag "p" at byte offset 0`},
		{"x<b", "", "", "Unclosed start tag at byte offset 1"},
		{"<b>x", "", "", `Can't find end tag corresponding to start tag "b"`},
		{"x</b>", "", "", "Unexpected end tag at byte offset 1"},
		{"<b><i>x</b></i>", "", "", `Unmatched end tag at byte offset 7, expected "</i>", found "</b>"`},
		{"<b>x</b", "", "", "Unclosed end tag at byte offset 4"},
		{"<span>x</span>", "", "", `Tag "span" must have class "tg-spoiler" at byte offset 0`},
		{"1 < 2", "", "", "Unclosed start tag"},
	}
	for _, tt := range tests {
		text, found, err := parseHTML(tt.in)
		if tt.fail != "" {
			if err == nil || !strings.Contains(err.Error(), tt.fail) {
				t.Errorf("%q: got %v", tt.in, err)
			}
			continue
		}
		var list []string
		for _, e := range found {
			list = append(list, strings.TrimSpace(fmt.Sprintf("%s %d+%d %s", e.Type, e.Offset, e.Length, e.URL)))
		}
		if got := fmt.Sprint(list); err != nil || text != tt.text || got != tt.entities {
			t.Errorf("%q: %q %s %v", tt.in, text, got, err)
		}
	}
}

func TestDetect(t *testing.T) {
	text := "/start@deskbell_bot 请看 https://example.com/x, write a@example.com or @deskbell_bot"
	var got []string
	for _, e := range detect(text, nil) {
		got = append(got, e.Type+" "+sub(text, e.Offset, e.Length))
	}
	want := []string{"bot_command /start@deskbell_bot", "url https://example.com/x", "email a@example.com", "mention @deskbell_bot"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
}

func FuzzParseHTML(f *testing.F) {
	f.Add("<b>😀</b> &lt; <a href='x'>y</a>")
	f.Add("<b><i></b>")
	f.Fuzz(func(t *testing.T, in string) {
		text, found, err := parseHTML(in)
		if err != nil {
			return
		}
		for _, e := range found {
			if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > units(text) {
				t.Errorf("%q: entity %+v is outside %q", in, e, text)
			}
		}
		if again, _, err := parseHTML(html.EscapeString(text)); err != nil || again != strings.TrimSpace(text) {
			t.Errorf("%q escaped came back as %q, %v", text, again, err)
		}
	})
}

var anyTag = regexp.MustCompile(`<[^>]*>`)

// What people write never becomes HTML of the page.
func FuzzEntityHTML(f *testing.F) {
	f.Add("a <script>x</script>", 0, 3, 2, 9, "javascript:alert(1)")
	f.Add("😀😀 bold", 1, 3, 0, 7, `https://example.com/"><script>`)
	f.Fuzz(func(t *testing.T, text string, o1, l1, o2, l2 int, link string) {
		text = strings.ToValidUTF8(text, "?")
		out := string(entityHTML(text, []Entity{
			{Type: "bold", Offset: o1, Length: l1}, {Type: "text_link", Offset: o2, Length: l2, URL: link}, {Type: "nonsense", Offset: 0, Length: 1},
		}))
		for _, tag := range anyTag.FindAllString(out, -1) {
			if tag != "<strong>" && tag != "</strong>" && tag != "</a>" && !strings.HasPrefix(tag, `<a href="`) {
				t.Errorf("%q became the tag %s", text, tag)
			}
			if strings.Contains(strings.ToLower(tag), `href="javascript`) {
				t.Errorf("a script link: %s", tag)
			}
		}
		if strings.Count(out, "<strong>") != strings.Count(out, "</strong>") || strings.Count(out, "<a ") != strings.Count(out, "</a>") {
			t.Errorf("unbalanced: %s", out)
		}
		if shown := html.UnescapeString(anyTag.ReplaceAllString(out, "")); shown != html.UnescapeString(html.EscapeString(text)) && !strings.ContainsRune(text, '\u0000') {
			t.Errorf("%q is shown as %q", text, shown)
		}
	})
}

func TestEntityHTML(t *testing.T) {
	got := string(entityHTML("see fees & more", []Entity{
		{Type: "bold", Offset: 0, Length: 8}, {Type: "text_link", Offset: 4, Length: 4, URL: "https://example.com/?a&b"}, {Type: "italic", Offset: 6, Length: 9},
	}))
	want := `<strong>see <a href="https://example.com/?a&amp;b" target="_blank" rel="noopener noreferrer">fees</a></strong> &amp; more`
	if got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}
