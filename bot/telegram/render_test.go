package telegram

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf16"

	tgbot "github.com/go-telegram/bot"

	"github.com/deskbell/deskbell/bot"
)

func TestRender(t *testing.T) {
	tests := []struct {
		name string
		d    bot.Delivery
		want string
	}{
		{"plain", bot.Delivery{Text: "Hello"}, "Hello"},
		{"escaped", bot.Delivery{Text: "1 < 2 & <b>x</b> \"q\""}, "1 &lt; 2 &amp; &lt;b&gt;x&lt;/b&gt; &#34;q&#34;"},
		{"bold and link", bot.Delivery{Text: "**Fees**: see [the page](https://pay.example.com/a?b=1&c=2)"},
			`<b>Fees</b>: see <a href="https://pay.example.com/a?b=1&amp;c=2">the page</a>`},
		{"list", bot.Delivery{Text: "Do this:\n\n1. one\n2. two\n\n- a\n- b\n\nDone."}, "Do this:\n\n1. one\n2. two\n• a\n• b\n\nDone."},
		{"code", bot.Delivery{Text: "Type `a < b`"}, "Type <code>a &lt; b</code>"},
		{"agent", bot.Delivery{Text: "Hi", Author: bot.ByAgent, AgentName: "Li <Wei>"}, "<b>Li &lt;Wei&gt;</b>\nHi"},
		{"bot has no name", bot.Delivery{Text: "Hi", Author: bot.ByBot, AgentName: "Li"}, "Hi"},
		{"nothing", bot.Delivery{Text: "  \n "}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, p := range render(tt.d, maxText) {
				got = append(got, p.HTML)
			}
			if strings.Join(got, "|") != tt.want {
				t.Errorf("\n got %q\nwant %q", got, tt.want)
			}
		})
	}
}

func utf16Len(s string) int { return len(utf16.Encode([]rune(s))) }

func TestSplit(t *testing.T) {
	tests := []struct {
		name, text string
		limit      int
		want       []string
	}{
		{"fits", "one two", 20, []string{"one two"}},
		{"sentence", "First one. Second one is longer.", 20, []string{"First one.", "Second one is", "longer."}},
		{"Chinese sentence", "第一句话。第二句话也不长。第三句。", 8, []string{"第一句话。", "第二句话也不长。", "第三句。"}},
		{"wide marks", "真的吗？当然！好，再见了吧", 7, []string{"真的吗？当然！", "好，再见了吧"}},
		{"closing quote stays", "他说“好。”然后走了很远", 8, []string{"他说“好。”", "然后走了很远"}},
		{"word", "alpha beta gamma delta", 11, []string{"alpha beta", "gamma delta"}},
		{"no place", strings.Repeat("x", 25), 10, []string{strings.Repeat("x", 10), strings.Repeat("x", 10), "xxxxx"}},
		{"paragraph", "aaaa aaaa\n\nbbbb bbbb. cc", 16, []string{"aaaa aaaa", "bbbb bbbb. cc"}},
		{"pairs are not torn", "😀😀😀", 3, []string{"😀", "😀", "😀"}},
		{"families are not torn", "ab👩‍👩‍👧cd", 9, []string{"ab", "👩‍👩‍👧c", "d"}},
		{"a number is no sentence", "costs 1.5 and 2.5 percent", 14, []string{"costs 1.5 and", "2.5 percent"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, p := range render(bot.Delivery{Text: tt.text}, tt.limit) {
				got = append(got, p.Plain)
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// Style carries over a cut, and nothing but white space is lost.
func TestSplitKeepsStyle(t *testing.T) {
	got := render(bot.Delivery{Text: "**aaaa bbbb** cccc"}, 5)
	want := []part{{"<b>aaaa</b>", "aaaa"}, {"<b>bbbb</b>", "bbbb"}, {"cccc", "cccc"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
}

func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

func FuzzRender(f *testing.F) {
	f.Add("**bold** and [link](https://example.com)\n\n- a\n- b", 7)
	f.Add("第一句话。第二句话，还有😀😀👩‍👩‍👧。", 5)
	f.Add("<b>&amp; `code` _i_", 3)
	f.Fuzz(func(t *testing.T, text string, limit int) {
		limit = 2 + (limit&0xfff+0xfff)&0xfff
		whole := render(bot.Delivery{Text: text}, 1<<30)
		parts := render(bot.Delivery{Text: text}, limit)
		var all strings.Builder
		for _, p := range parts {
			if n := utf16Len(p.Plain); n > limit && !oneGrapheme(p.Plain) {
				t.Errorf("a part of %d units, limit %d: %q", n, limit, p.Plain)
			}
			if strings.TrimSpace(p.Plain) == "" {
				t.Errorf("an empty part of %q", text)
			}
			all.WriteString(p.Plain)
		}
		var want strings.Builder
		for _, p := range whole {
			want.WriteString(p.Plain)
		}
		if squeeze(all.String()) != squeeze(want.String()) {
			t.Errorf("split changed %q into %q", want.String(), all.String())
		}
	})
}

// oneGrapheme: a single rune is allowed to be longer than the limit; limits are far above 2 in earnest.
func oneGrapheme(s string) bool { return len([]rune(s)) == 1 }

func TestRows(t *testing.T) {
	label := func(ls ...string) []bot.Button {
		var out []bot.Button
		for _, l := range ls {
			out = append(out, bot.Button{Label: l, Action: "x"})
		}
		return out
	}
	tests := []struct {
		in   []bot.Button
		want string
	}{
		{label("Yes", "No"), "Yes,No"},
		{label("Yes", "No", "Talk to a person"), "Yes,No|Talk to a person"},
		{label("有帮助", "没有", "转人工客服"), "有帮助,没有|转人工客服"},
		{label("How do I reset my password?", "Fees"), "How do I reset my password?|Fees"},
		{label("a", "b", "c", "d"), "a,b,c|d"},
		{nil, ""},
	}
	for _, tt := range tests {
		var got []string
		for _, row := range rows(tt.in) {
			var line []string
			for _, b := range row {
				line = append(line, b.Label)
			}
			got = append(got, strings.Join(line, ","))
		}
		if s := strings.Join(got, "|"); s != tt.want {
			t.Errorf("got %s, want %s", s, tt.want)
		}
	}
}

func TestKeyboardRefusesWhatTelegramWould(t *testing.T) {
	for name, b := range map[string]bot.Button{
		"no label": {Action: "x"}, "does nothing": {Label: "x"}, "does two things": {Label: "x", Action: "a", URL: "https://example.com"},
		"too long": {Label: "x", Action: strings.Repeat("字", 22)},
	} {
		if _, err := keyboard([]bot.Button{b}); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if k, err := keyboard(nil); k != nil || err != nil {
		t.Errorf("no buttons gave %v, %v", k, err)
	}
}

func TestClassify(t *testing.T) {
	begun := exchange{Begun: true}
	tests := []struct {
		name string
		err  error
		ex   exchange
		want bot.SendOutcome
		wait time.Duration
	}{
		{"429", &tgbot.TooManyRequestsError{RetryAfter: 7}, begun, bot.NotSent, 7 * time.Second},
		{"429 wrapped", fmt.Errorf("x: %w", &tgbot.TooManyRequestsError{RetryAfter: 7}), begun, bot.NotSent, 7 * time.Second},
		{"429 of a proxy", io.EOF, exchange{Begun: true, Status: 429}, bot.NotSent, 0},
		{"blocked", fmt.Errorf("%w, Forbidden: bot was blocked by the user", tgbot.ErrorForbidden), begun, bot.Gone, 0},
		{"no chat", fmt.Errorf("%w, Bad Request: chat not found", tgbot.ErrorBadRequest), begun, bot.Gone, 0},
		{"bad request", fmt.Errorf("%w, Bad Request: message is too long", tgbot.ErrorBadRequest), begun, bot.Rejected, 0},
		{"token", fmt.Errorf("%w, x", tgbot.ErrorUnauthorized), begun, bot.NotSent, time.Minute},
		{"conflict", fmt.Errorf("%w, x", tgbot.ErrorConflict), begun, bot.NotSent, 0},
		{"too large", io.EOF, exchange{Begun: true, Status: 413}, bot.Rejected, 0},
		{"dial", io.EOF, exchange{}, bot.NotSent, 0},
		{"cut off", io.EOF, begun, bot.Ambiguous, 0},
		{"502", errors.New("502"), exchange{Begun: true, Status: 502}, bot.Ambiguous, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := classify(tt.err, tt.ex)
			if got.Outcome != tt.want || got.RetryAfter != tt.wait {
				t.Errorf("%s after %s, want %s after %s", got.Outcome, got.RetryAfter, tt.want, tt.wait)
			}
		})
	}
}

func TestErrorsQuoteNoText(t *testing.T) {
	err := fmt.Errorf("%w, Bad Request: can't parse entities: Unsupported start tag \"hunter2\" at byte offset 3", tgbot.ErrorBadRequest)
	se := classify(err, exchange{Begun: true})
	if strings.Contains(se.Error(), "hunter2") {
		t.Errorf("quotes: %v", se)
	}
	if !errors.Is(se, tgbot.ErrorBadRequest) {
		t.Error("the cause is lost")
	}
}
