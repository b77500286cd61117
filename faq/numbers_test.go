package faq

import (
	"strings"
	"testing"
)

func TestNumbersMissing(t *testing.T) {
	for _, tc := range []struct{ a, b, want string }{
		{"within 3 days", "3天内", ""},
		{"within 3 days", "三天内", ""},
		{"within 3 days", "5天内", "3"},
		{"3天内", "within three days", ""},
		{"24 hours", "二十四小时", ""},
		{"24小时", "twenty-four hours", ""},
		{"costs 100,000", "10万元", ""},
		{"10万元", "100,000", ""},
		{"1 million", "100万", ""},
		{"open until 6 pm", "营业到 18:00", ""},
		{"营业到 18:00", "open until 6 pm", ""},
		{"营业到 18 点", "until 6 pm", ""},
		{"11月9日", "on 9 November", ""},
		{"1. Open\n2. Close", "先打开,再关闭", ""},
		{"2 cards or 2 accounts", "卡", "2"},
		{"0.5%", "0.5%", ""},
		{"5%", "0.5%", "5"},
		{"no numbers", "1", ""},
		{"1,5,7", "1 5 7", "1,5,7"},
	} {
		if got := strings.Join(numbersMissing(tc.a, tc.b), " "); got != tc.want {
			t.Errorf("%q against %q: got %q, want %q", tc.a, tc.b, got, tc.want)
		}
	}
}

func TestMarkdownOutside(t *testing.T) {
	for _, tc := range []struct {
		text string
		want string // "what at line"
	}{
		{"**bold** *italic* `code` [a](https://a.example)\n\n- one\n- two\n\n1. one\n2. two\n\n<https://a.example>", ""},
		{"a < b and 5 > 3, #1 choice, c > d", ""},
		{"ok\n\n## Title", "a heading 2"},
		{"Title\n====", "a heading 0"},
		{"a\n\n| a | b |\n|---|---|\n| 1 | 2 |", "a table 2"},
		{"a <br> b", "HTML 0"},
		{"a\n\n<div>\nx\n</div>", "HTML 2"},
		{"a\n![b](c)", "an image 1"},
		{"> a", "a quotation 0"},
		{"a\n\n---\n\nb", "a ruled line 2"},
		{"- a\n  - b", "a list within a list 1"},
		{"{{contact.website}} [x]({{contact.website}})", ""},
	} {
		var got []string
		for _, o := range markdownOutside(tc.text) {
			got = append(got, o.what+" "+string(rune('0'+o.line)))
		}
		if s := strings.Join(got, ", "); s != tc.want {
			t.Errorf("%q: got %q, want %q", tc.text, s, tc.want)
		}
	}
}

func TestNearest(t *testing.T) {
	known := []string{"support_hours", "refund", "close"}
	for word, want := range map[string]string{"suport_hours": "support_hours", "Refund": "refund", "clsoe": "close", "entirely": "", "": ""} {
		if got := nearest(word, known); got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
}

func TestPhonesAreKnownInTheFormsInUse(t *testing.T) {
	a := newAllowed()
	a.addPhone("+86 21 5555 0100")
	for _, tc := range []struct {
		digits string
		plus   bool
		want   bool
	}{
		{"862155550100", true, true}, {"862155550100", false, true}, {"00862155550100", false, true},
		{"2155550100", false, true}, {"02155550100", false, true}, {"2155550100", true, false}, {"55550100", false, false}, {"12155550100", true, false},
	} {
		if got := a.hasPhone(tc.digits, tc.plus); got != tc.want {
			t.Errorf("%+v: got %v", tc, got)
		}
	}
}
