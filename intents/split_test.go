package intents

import (
	"reflect"
	"strings"
	"testing"
	"unicode"
)

func TestSplit(t *testing.T) {
	c := trained(t, library(), defaults())
	tests := []struct {
		name, text string
		want       []string // nil: the text, whole
	}{
		{"two marks", "How do I get a refund? How do I change my PIN?", []string{"How do I get a refund?", "How do I change my PIN?"}},
		{"two marks zh", "怎么退款？手续费多少？", []string{"怎么退款？", "手续费多少？"}},
		{"no blank", "怎么退款?怎么改支付密码?客服几点上班?", []string{"怎么退款?", "怎么改支付密码?", "客服几点上班?"}},
		{"and also", "How do I get a refund and also how do I change my PIN", []string{"How do I get a refund", "how do I change my PIN"}},
		{"and", "how do I get a refund and how do I change my address?", []string{"how do I get a refund", "how do I change my address?"}},
		{"also", "How do I get a refund. Also, I lost my card", []string{"How do I get a refund.", "I lost my card"}},
		{"by the way", "What are the fees? By the way, when is customer service open", []string{"What are the fees?", "when is customer service open"}},
		{"trouble and a question", "I lost my card, and what are the fees?", []string{"I lost my card", "what are the fees?"}},
		{"haiyou", "怎么退款，还有手续费多少", []string{"怎么退款", "手续费多少"}},
		{"haiyou no mark", "怎么退款还有怎么改支付密码", []string{"怎么退款", "怎么改支付密码"}},
		{"lingwai", "我要退款。另外，客服几点上班？", []string{"我要退款。", "客服几点上班？"}},
		{"shunbian", "怎么修改地址？顺便问一下手续费多少", []string{"怎么修改地址？", "手续费多少"}},
		{"traditional", "怎麼退款？順便問手續費多少", []string{"怎麼退款？", "手續費多少"}},
		{"comma zh", "怎么退款，手续费多少", []string{"怎么退款", "手续费多少"}},
		{"list", "1. how do I get a refund\n2. what are the fees\n3. I lost my card",
			[]string{"how do I get a refund", "what are the fees", "I lost my card"}},
		{"list zh", "两个问题：1、怎么退款 2、怎么改支付密码", []string{"两个问题：1、怎么退款", "怎么改支付密码"}},
		{"circled", "①怎么退款②怎么改支付密码", []string{"怎么退款", "怎么改支付密码"}},
		{"dashes", "- refund my order please\n- reset my payment PIN", []string{"refund my order please", "reset my payment PIN"}},
		{"lines", "怎么退款\n客服几点上班", []string{"怎么退款", "客服几点上班"}},
		{"greeting", "Hi! How do I get a refund? What are the fees? Thanks!", []string{"Hi! How do I get a refund?", "What are the fees? Thanks!"}},
		{"mixed languages", "怎么退款？And what are the fees?", []string{"怎么退款？", "what are the fees?"}},

		{"background en", "Hi, I bought something yesterday. How do I get a refund?", nil},
		{"background zh", "你好，我昨天买了个东西。怎么退款？", nil},
		{"background is an intent", "My card was stolen. How do I get a refund", nil},
		{"one question", "how do I get a refund", nil},
		{"same intent twice", "How do I get a refund? I want my money back!", nil},
		{"anaphora", "why was I charged and when do I get it back", nil},
		{"nouns", "what are the fees and limits", nil},
		{"haiyou is a verb", "我账户还有多少钱", nil},
		{"follow-on", "怎么退款？大概要几天？", nil},
		{"decimal", "the fee was 1.5% why", nil},
		{"thousands", "how do I get a refund of 1,000 dollars", nil},
		{"domain", "how do I change my PIN on okpay.example.com today", nil},
		{"unknown neighbours", "What is the weather? Who won the game?", nil},
		{"phrase with a comma", "agent, please!", nil},
		{"thanks", "怎么退款？谢谢！", nil},
		{"exclamations", "!!! refund !!!", nil},
	}
	for _, tt := range tests {
		want := tt.want
		if want == nil {
			want = []string{tt.text}
		}
		if got := c.Split(tt.text); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: Split(%q) = %q, want %q", tt.name, tt.text, got, want)
		}
	}
}

func TestSplitBounds(t *testing.T) {
	c := trained(t, library(), defaults())
	if got := c.Split(" \n\t "); len(got) != 0 {
		t.Errorf("a blank message gives %q", got)
	}
	if got := c.Split("  refund "); !reflect.DeepEqual(got, []string{"refund"}) {
		t.Errorf("got %q, want it trimmed", got)
	}
	seven := "怎么退款？怎么改支付密码？手续费多少？客服几点上班？卡丢了怎么办？怎么修改地址？转人工？"
	got := c.Split(seven)
	if len(got) != partLimit || got[4] != "卡丢了怎么办？怎么修改地址？转人工？" {
		t.Errorf("got %q, want five parts, the last with the rest", got)
	}
	if got := c.Split(strings.Repeat("how do I get a refund? what are the fees? ", 200)); len(got) != partLimit {
		t.Errorf("a long message gives %d parts", len(got))
	}
	empty := trained(t, nil, defaults())
	if got := empty.Split("a? b?"); len(got) != 1 {
		t.Errorf("without a library got %q", got)
	}
}

func FuzzSplit(f *testing.F) {
	c := trained(f, library(), defaults())
	for _, s := range []string{"", "怎么退款？手续费多少？", "1. a 2. b", "①退款②", "and also", ",,,", "Hi. How? \xff", "还有还有", "(1) refund (2) fees"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		parts := c.Split(s)
		if len(parts) > partLimit {
			t.Errorf("Split(%q) gives %d parts", s, len(parts))
		}
		if len(parts) == 0 && strings.TrimSpace(s) != "" {
			t.Errorf("Split(%q) loses the message", s)
		}
		rest := s
		for _, p := range parts {
			_, after, ok := strings.Cut(rest, p)
			if !ok || len(parts) > 1 && strings.IndexFunc(p, func(r rune) bool { return !unicode.IsSpace(r) }) < 0 {
				t.Errorf("Split(%q) = %q: want stretches of the message in order", s, parts)
			}
			rest = after
		}
	})
}
