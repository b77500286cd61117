package lang

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestDetect(t *testing.T) {
	tests := []struct {
		text string
		want Tag
	}{
		{"", Unknown}, {"12345", Unknown}, {"👍👍", Unknown}, {"???", Unknown}, {"¥500", Unknown},
		{"https://example.com/how-to-pay", Unknown}, {"/start", Unknown}, {"@deskbell_bot", Unknown},
		{"jo@example.com", Unknown}, {"⟦password⟧", Unknown}, {"ok", Unknown}, {"OK!", Unknown}, {":smile:", Unknown},
		{"Привет", Unknown}, {"환불", Unknown}, {"ありがとう", Unknown},
		{"hi", En}, {"fee?", En}, {"refund", En}, {"How do I reset my PIN?", En}, {"whats the limit", En},
		{"退款", ZhHans}, {"人工", ZhHans}, {"密码", ZhHans}, {"钱呢", ZhHans}, {"怎么办", ZhHans}, {"好", ZhHans},
		{"密碼", ZhHant}, {"錢呢", ZhHant}, {"怎麼辦", ZhHant}, {"我要退費", ZhHant}, {"客服電話", ZhHant},
		{"唔該", ZhHant}, {"點解扣咗錢", ZhHant}, {"有冇人", ZhHant}, {"ㄅㄆㄇ", ZhHant}, {"為什麼", ZhHant},
		{"床前", ZhHans}, {"群", ZhHans}, {"用户", ZhHans}, {"用戶", ZhHant}, {"后台", ZhHans}, {"後台", ZhHant},
		{"我的OKPay app打不开", ZhHans}, {"Apple Pay 怎么绑定 Visa card", ZhHans}, {"my 账户被锁了", ZhHans},
		{"PayPal refund 退款", ZhHans}, {"OKPay app Apple Pay 怎麼用", ZhHant}, {"please help 退款", ZhHans},
		{"How do I use 支付宝 to top up?", En}, {"What does 花呗 mean in your app", En},
		{"我的密码是⟦password⟧", ZhHans}, {"支付失败 see https://example.com/what-is-this-page-for-me", ZhHans},
		{"１２３ＡＢＣ", En}, {"什么是KYC", ZhHans}, {"提现到bank account要多久", ZhHans},
		{"我的帐户里面没有钱", ZhHans}, {"我的帳戶裡面沒有錢", ZhHant},
	}
	for _, tt := range tests {
		if got := Detect(tt.text); got != tt.want {
			t.Errorf("Detect(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestFold(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", ""}, {"  Hello\t WORLD \n", "hello world"}, {"ＯＫＰａｙ　１２３", "okpay 123"},
		{"怎麼退費？", "怎么退费?"}, {"怎么退费?", "怎么退费?"}, {"帳戶", "帐户"}, {"Don’t “panic”", "don't \"panic\""},
		{"ｶﾞ", "ガ"}, {"é", "é"}, {"ﬁne", "fine"}, {"①", "1"}, {"a\u200bb", "ab"}, {"❤️", "❤"}, {"\xff", "\uFFFD"},
		{"薴", "苎"}, {"退款\u0000", "退款"}, {"İ", "i"},
	}
	for _, tt := range tests {
		if got := Fold(tt.text); got != tt.want {
			t.Errorf("Fold(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestTokens(t *testing.T) {
	tests := []struct {
		text string
		want []Token
	}{
		{"", nil},
		{"i don't know!", []Token{{Text: "i"}, {Text: "dont"}, {Text: "know"}}},
		{"我的okpay账户,2天了", []Token{{"我的", true}, {"okpay", false}, {"账户", true}, {"2", false}, {"天了", true}}},
		{"卡号⟦pan⟧不对", []Token{{"卡号", true}, {"不对", true}}},
		{"⟦ open", []Token{{Text: "open"}}},
		{"👍 ok", []Token{{Text: "👍"}, {Text: "ok"}}},
		{"' '", nil},
	}
	for _, tt := range tests {
		if got := Tokens(nil, tt.text); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("Tokens(%q) = %v, want %v", tt.text, got, tt.want)
		}
	}
}

func TestStem(t *testing.T) {
	same := [][]string{
		{"card", "cards"}, {"charge", "charges", "charged", "charging"}, {"transfer", "transferring", "transferred"},
		{"company", "companies"}, {"pass", "passes", "passed", "passing"}, {"call", "calls", "called"}, {"pay", "pays", "paying"},
	}
	for _, words := range same {
		for _, w := range words {
			if Stem(w) != Stem(words[0]) {
				t.Errorf("Stem(%q) = %q, Stem(%q) = %q, want one stem", w, Stem(w), words[0], Stem(words[0]))
			}
		}
	}
	for _, w := range []string{"is", "bus", "thing", "bring", "need", "red", "3ds", "status", "this"} {
		if got := Stem(w); got != w {
			t.Errorf("Stem(%q) = %q, want it unchanged", w, got)
		}
	}
}

func TestConverter(t *testing.T) {
	c, err := NewConverter()
	if err != nil {
		t.Fatal(err)
	}
	pairs := []struct{ hans, hant string }{
		{"怎么退款", "怎麼退款"}, {"我的账户余额", "我的賬戶餘額"}, {"头发", "頭髮"}, {"发送", "發送"}, {"皇后", "皇后"},
		{"后台", "後臺"}, {"为什么", "為什麼"}, {"里面", "裡面"}, {"公里", "公里"}, {"干净", "乾淨"}, {"OKPay 帮助", "OKPay 幫助"},
		{"", ""}, {"plain text", "plain text"}, {"只有一只", "只有一隻"}, {"客服工作时间", "客服工作時間"},
	}
	for _, p := range pairs {
		if got := c.ToHant(p.hans); got != p.hant {
			t.Errorf("ToHant(%q) = %q, want %q", p.hans, got, p.hant)
		}
		if got := c.ToHans(p.hant); got != p.hans {
			t.Errorf("ToHans(%q) = %q, want %q", p.hant, got, p.hans)
		}
	}
	if got := c.ToHans("乾坤一擲的\xff乾淨"); got != "乾坤一掷的\xff干净" {
		t.Errorf("ToHans keeps phrases and broken bytes: got %q", got)
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "Hello", "ＯＫ　怎麼", "薴\u0301", "ͺ", "K\u0327\u0301", "\u1E9E", "ϓ\u0301", "豈", "a\u200db"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := Fold(s)
		if twice := Fold(once); twice != once {
			t.Errorf("Fold(%q) = %q, but folded again %q", s, once, twice)
		}
		if !utf8.ValidString(once) {
			t.Errorf("Fold(%q) = %q is not valid UTF-8", s, once)
		}
		for _, tok := range Tokens(nil, once) {
			if tok.Text == "" {
				t.Errorf("Tokens(%q) has an empty token", once)
			}
			Stem(tok.Text)
		}
	})
}

func FuzzDetect(f *testing.F) {
	for _, s := range []string{"", "hi", "退款", "怎麼辦", "⟦x", "⟦x⟧y", "my 账户", "it’s"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		switch got := Detect(s); got {
		case ZhHans, ZhHant, En, Unknown:
		default:
			t.Errorf("Detect(%q) = %q", s, got)
		}
	})
}

func BenchmarkNewConverter(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := NewConverter(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCharTables(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := loadCharTables(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkToHant(b *testing.B) {
	c, err := NewConverter()
	if err != nil {
		b.Fatal(err)
	}
	text := strings.Repeat("请在工作时间联系人工客服，我们会尽快为您处理退款。", 10)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		c.ToHant(text)
	}
}

func BenchmarkFold(b *testing.B) {
	for b.Loop() {
		Fold("為什麼我的錢還沒有到帳？OKPay 客服電話是多少")
	}
}
