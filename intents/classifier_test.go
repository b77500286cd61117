package intents

import (
	"math"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/deskbell/deskbell/intents/lang"
)

func TestClassify(t *testing.T) {
	c := trained(t, library(), defaults())
	tests := []struct{ text, want string }{
		{"how can i get my refund", "refund"}, {"i would like a refund for the payment", "refund"},
		{"HOW DO I CHANGE THE PIN??", "change_pin"}, {"forgot pin", "change_pin"}, {"somebody stole my card", "card_lost"},
		{"whats the fee for a transfer", "fees"}, {"is support open on sundays", "hours"}, {"agent", "human"},
		{"refnd my paymnt", "refund"}, {"chnage my adress", "address"}, {"reset my paymant pin", "change_pin"}, // typing errors
		{"退款", "refund"}, {"人工", "human"}, {"挂失", "card_lost"}, {"手续费", "fees"}, {"改密码", "change_pin"}, {"真人", "human"},
		{"怎麼退款", "refund"}, {"支付密碼忘記了", "change_pin"}, {"轉人工客服", "human"}, // traditional
		{"请问一下怎么申请退款呢？", "refund"}, {"我的卡不见了被偷了", "card_lost"}, {"转账收不收手续费", "fees"},
		{"怎么修改 PIN 密码", "change_pin"}, {"ｒｅｆｕｎｄ ｐｌｅａｓｅ", "refund"},
	}
	for _, tt := range tests {
		got := c.Classify(tt.text)
		if len(got.Ranked) == 0 || got.Ranked[0].Intent != tt.want || got.Decision == DecideNone {
			t.Errorf("Classify(%q) = %v, want %s", tt.text, got, tt.want)
		}
	}
}

func TestClassifyRefusesWhatNoIntentFits(t *testing.T) {
	c := trained(t, library(), defaults())
	for _, text := range []string{
		"", "   ", "???", "12345", "👍", "what will the weather be like tomorrow", "tell me a joke about penguins",
		"who won the football game", "今天天气怎么样", "给我讲个笑话", "附近有什么好吃的餐厅", "播放周杰伦的歌", "xqzzt vbnm", "Привет",
	} {
		if got := c.Classify(text); got.Decision != DecideNone {
			t.Errorf("Classify(%q) = %v, want none", text, got)
		}
	}
}

func TestBackgroundDoesNotHideTheQuestion(t *testing.T) {
	c := trained(t, library(), defaults())
	for _, text := range []string{
		"My neighbour and his dog went shopping yesterday evening around eight. How do I get a refund?",
		"昨天晚上我和朋友在商场买了一双蓝色运动鞋，请问怎么退款？",
	} {
		if got := c.Classify(text); got.Decision == DecideNone || got.Ranked[0].Intent != "refund" {
			t.Errorf("Classify(%q) = %v, want refund", text, got)
		}
	}
}

func TestPhraseWordForWordAlwaysWins(t *testing.T) {
	c := trained(t, library(), Options{Floor: 1})
	for _, text := range []string{"how do I get a refund", "How do I get a REFUND?!", "怎麼退款？", "怎么退款", "Refunds", "人工"} {
		got := c.Classify(text)
		if got.Decision != DecideAnswer || got.Ranked[0].Score < 0.95 {
			t.Errorf("Classify(%q) = %v, want a sure answer", text, got)
		}
	}
}

func TestOnePhraseOfTwoIntentsIsClarified(t *testing.T) {
	in := append(library(), Intent{ID: "chargeback", Phrases: []Phrase{{Text: "I want my money back!"}, {Text: "open a chargeback"}}})
	got := trained(t, in, defaults()).Classify("i want my money back")
	if got.Decision != DecideClarify {
		t.Fatalf("got %v, want a question back", got)
	}
	first := map[string]bool{got.Ranked[0].Intent: true, got.Ranked[1].Intent: true}
	if !first["refund"] || !first["chargeback"] {
		t.Errorf("got %v, want refund and chargeback first", got.Ranked)
	}
}

func TestCloseIntentsAreClarified(t *testing.T) {
	in := []Intent{
		{ID: "red", Phrases: []Phrase{{Text: "红卡怎么办理"}}}, {ID: "blue", Phrases: []Phrase{{Text: "蓝卡怎么办理"}}},
		{ID: "fees", Phrases: []Phrase{{Text: "手续费多少"}}},
	}
	got := trained(t, in, defaults()).Classify("办理卡")
	if got.Decision != DecideClarify || got.Ranked[2].Intent != "fees" {
		t.Errorf("got %v, want a question back between red and blue", got)
	}
	sure := trained(t, in, Options{Floor: AutoFloor, Margin: 1}).Classify("办理卡")
	if sure.Decision != DecideAnswer {
		t.Errorf("with margin 1 got %v, want an answer", sure)
	}
}

func TestFloorIsHeld(t *testing.T) {
	all, none := trained(t, library(), Options{Floor: 0}), trained(t, library(), Options{Floor: 1})
	const text = "please some money"
	if got := all.Classify(text).Decision; got == DecideNone {
		t.Errorf("floor 0: %q is refused", text)
	}
	if got := none.Classify(text).Decision; got != DecideNone {
		t.Errorf("floor 1: %q gives %s", text, got)
	}
	if f := none.Floor(lang.En); f != 1 {
		t.Errorf("Floor(en) = %v, want 1", f)
	}
	auto := trained(t, library(), defaults())
	for _, tag := range []lang.Tag{lang.En, lang.ZhHans, lang.ZhHant} {
		if f := auto.Floor(tag); f <= 0.05 || f >= 0.95 {
			t.Errorf("automatic floor of %s is %v", tag, f)
		}
	}
}

func TestRankedScoresAreProbabilities(t *testing.T) {
	c := trained(t, library(), defaults())
	for _, text := range []string{"refund", "my card and my pin", "weather", "", "人工", "改地址", "how do I change my PIN"} {
		got := c.Classify(text)
		if len(got.Ranked) > topIntents {
			t.Errorf("Classify(%q) ranks %d intents", text, len(got.Ranked))
		}
		sum, last := 0.0, 1.0
		seen := map[string]bool{}
		for _, r := range got.Ranked {
			if math.IsNaN(r.Score) || r.Score < 0 || r.Score > last || seen[r.Intent] {
				t.Errorf("Classify(%q) = %v: want falling scores of different intents in 0..1", text, got.Ranked)
			}
			sum, last = sum+r.Score, r.Score
			seen[r.Intent] = true
		}
		if sum > 1.0001 {
			t.Errorf("Classify(%q): scores sum to %v", text, sum)
		}
	}
}

func TestTinyLibraries(t *testing.T) {
	phrase := func(s ...string) (out []Phrase) {
		for _, p := range s {
			out = append(out, Phrase{Text: p})
		}
		return out
	}
	tests := []struct {
		name        string
		in          []Intent
		text, other string // the first is answered with intent a, the second refused
	}{
		{"no intent", nil, "", "anything"},
		{"intent without text", []Intent{{ID: "a"}}, "", "anything"},
		{"one phrase", []Intent{{ID: "a", Phrases: phrase("how do I get a refund")}}, "how to get a refund", "what is the weather like"},
		{"one title", []Intent{{ID: "a", Titles: []string{"Refund"}}}, "refund?", "weather tomorrow"},
		{"one phrase each", []Intent{
			{ID: "a", Phrases: phrase("how do I get a refund")}, {ID: "b", Phrases: phrase("what are the fees")},
			{ID: "c", Phrases: phrase("怎么修改密码")}}, "i want to get a refund", "sing a song"},
		{"one Chinese phrase", []Intent{{ID: "a", Phrases: phrase("怎么退款")}}, "请问怎么退款", "今天天气好"},
		{"one full, one empty", []Intent{{ID: "a", Phrases: phrase("怎么退款", "我要退款", "退钱")}, {ID: "b"}}, "退款", "天气"},
	}
	for _, tt := range tests {
		c := trained(t, tt.in, defaults())
		if tt.text != "" {
			if got := c.Classify(tt.text); got.Decision != DecideAnswer || got.Ranked[0].Intent != "a" {
				t.Errorf("%s: Classify(%q) = %v, want a", tt.name, tt.text, got)
			}
		}
		if got := c.Classify(tt.other); got.Decision != DecideNone {
			t.Errorf("%s: Classify(%q) = %v, want none", tt.name, tt.other, got)
		}
	}
}

func TestTrainRefuses(t *testing.T) {
	tests := []struct {
		in   []Intent
		o    Options
		want string
	}{
		{[]Intent{{ID: ""}}, defaults(), "no ID"},
		{[]Intent{{ID: "a"}, {ID: "a"}}, defaults(), "twice"},
		{nil, Options{Floor: 1.5}, "floor"}, {nil, Options{Floor: math.NaN()}, "floor"},
		{nil, Options{Margin: 0.5}, "margin"}, {nil, Options{Margin: math.NaN()}, "margin"},
	}
	for _, tt := range tests {
		if _, err := Train(tt.in, tt.o); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Train(%v, %v): error %v, want one about %q", tt.in, tt.o, err, tt.want)
		}
	}
}

func TestTrainIsDeterministic(t *testing.T) {
	a, b := trained(t, library(), defaults()), trained(t, library(), defaults())
	for _, text := range []string{"refund", "pin please", "怎么转账"} {
		if x, y := a.Classify(text), b.Classify(text); !reflect.DeepEqual(x, y) {
			t.Errorf("Classify(%q) = %v, then %v", text, x, y)
		}
	}
}

func TestClassifyFromManyGoroutines(t *testing.T) {
	c := trained(t, library(), defaults())
	want := c.Classify("where can i change the pin")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				c.Classify("今天天气怎么样")
				if got := c.Classify("where can i change the pin"); !reflect.DeepEqual(got, want) {
					t.Errorf("got %v, want %v", got, want)
				}
			}
		})
	}
	wg.Wait()
}

func TestMarksSayNothing(t *testing.T) {
	c := trained(t, library(), defaults())
	plain, marked := c.Classify("how can i get my refund"), c.Classify("how can i get my refund ⟦password⟧")
	if !reflect.DeepEqual(plain, marked) {
		t.Errorf("a guard's mark changes %v to %v", plain, marked)
	}
}

func FuzzClassify(f *testing.F) {
	c := trained(f, library(), defaults())
	for _, s := range []string{"", "refund", "怎么退款 and fees", "\xff\xfe", "⟦pin⟧", "a b c d e f g h"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, r := range c.Classify(s).Ranked {
			if math.IsNaN(r.Score) || r.Score < 0 || r.Score > 1 {
				t.Errorf("Classify(%q): score %v", s, r.Score)
			}
		}
	})
}
