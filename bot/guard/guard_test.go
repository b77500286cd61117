package guard_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot/guard"
)

var noon = time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)

func TestRedactAndMarks(t *testing.T) {
	tests := []struct {
		text string
		fs   []guard.Finding
		want string
	}{
		{"nothing", nil, "nothing"},
		{"密码是hunter2啊", []guard.Finding{{Kind: guard.Password, Start: 3, End: 10}}, "密码是⟦password⟧啊"},
		{"a b c", []guard.Finding{{Kind: guard.PIN, Start: 4, End: 5}, {Kind: guard.OTP, Start: 0, End: 1}}, "⟦otp⟧ b ⟦pin⟧"},
		{"overlap", []guard.Finding{{Kind: guard.PAN, Start: 0, End: 4}, {Kind: guard.CVV, Start: 2, End: 5}}, "⟦pan⟧⟦cvv⟧ap"},
		{"beyond", []guard.Finding{{Kind: guard.PAN, Start: 3, End: 99}}, "bey⟦pan⟧"},
		{"\xff\xfesecret", []guard.Finding{{Kind: guard.Password, Start: 2, End: 8}}, "\xff\xfe⟦password⟧"},
		{"👍🏽 1234", []guard.Finding{{Kind: guard.PIN, Start: 3, End: 7}}, "👍🏽 ⟦pin⟧"},
	}
	for _, tt := range tests {
		if got := guard.Redact(tt.text, tt.fs); got != tt.want {
			t.Errorf("Redact(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
	got := guard.Marks("⟦pin⟧ and ⟦nonsense⟧ and ⟦⟦otp⟧, ⟦pin⟧ ⟦")
	if want := []guard.Kind{guard.PIN, guard.OTP}; !slices.Equal(got, want) {
		t.Errorf("Marks = %v, want %v", got, want)
	}
	for _, k := range guard.Kinds() {
		if got := guard.Marks("x" + guard.Mark(k)); !slices.Equal(got, []guard.Kind{k}) {
			t.Errorf("Marks(Mark(%s)) = %v", k, got)
		}
	}
}

func TestSeverity(t *testing.T) {
	if !guard.Severe(guard.Password) || !guard.Severe(guard.CNID) || guard.Severe(guard.CardExpiry) {
		t.Error("password and identity are severe, a card's expiry is not")
	}
	if guard.SeverityOf("from_the_future") != guard.Secret {
		t.Error("a kind of a later version must count as a secret")
	}
	if got := guard.Gravest(guard.CardExpiry, guard.PAN, guard.CVV); got != guard.CVV {
		t.Errorf("Gravest = %s", got)
	}
	if got := guard.Gravest(guard.SeedPhrase, guard.Failure); got != guard.Failure {
		t.Errorf("Gravest = %s, a failure is the gravest", got)
	}
	if guard.Gravest() != "" {
		t.Error("Gravest of none")
	}
	if !slices.IsSortedFunc(guard.Kinds(), guard.Compare) {
		t.Error("Kinds must come the gravest first")
	}
}

// TestState checks how long an expectation lives: three minutes, two messages, and not past its fulfilment.
func TestState(t *testing.T) {
	_, open := guard.Scan("我的密码是", guard.State{}, noon)
	if open.Expect != guard.Password || open.Turns != 2 || !open.Until.Equal(noon.Add(3*time.Minute)) {
		t.Fatalf("state = %+v", open)
	}
	find := func(text string, st guard.State, now time.Time) (int, guard.State) {
		fs, next := guard.Scan(text, st, now)
		return len(fs), next
	}
	if n, next := find("hunter22", open, noon.Add(time.Minute)); n != 1 || next != (guard.State{}) {
		t.Errorf("value: %d findings, next %+v", n, next)
	}
	if n, next := find("hunter22", open, noon.Add(4*time.Minute)); n != 0 || next != (guard.State{}) {
		t.Errorf("too late: %d findings, next %+v", n, next)
	}
	n, second := find("稍等", open, noon)
	if n != 0 || second.Turns != 1 {
		t.Errorf("first other message: %d findings, next %+v", n, second)
	}
	if n, _ := find("hunter22", second, noon); n != 1 {
		t.Error("second message not found")
	}
	if _, third := find("稍等", second, noon); third != (guard.State{}) {
		t.Errorf("third message still expected: %+v", third)
	}
	if n, _ := find("hunter22", guard.State{}, noon); n != 0 {
		t.Error("found without expectation")
	}
}

// TestStateHoldsNoValue: whatever is said, the state that goes to the database names a kind and nothing else.
func TestStateHoldsNoValue(t *testing.T) {
	st := guard.State{}
	for _, text := range []string{"卡号4111111111111111", "my password is", "hunter22", "pin 4821"} {
		_, st = guard.Scan(text, st, noon)
		if st.Expect != "" && !slices.Contains(guard.Kinds(), st.Expect) {
			t.Errorf("%q left %+v", text, st)
		}
	}
}

// TestSameValueTwice: a value that is typed twice is taken out twice, even where no frame stands around it.
func TestSameValueTwice(t *testing.T) {
	text := "密码是hunter2x，我确定是，就是hunter2x没错 hunter2x"
	fs, _ := guard.Scan(text, guard.State{}, noon)
	if got := guard.Redact(text, fs); strings.Contains(got, "hunter2x") {
		t.Errorf("left in %q", got)
	}
}

// BenchmarkHostile: hostile input of 64 KiB costs no more than in proportion to its length.
func BenchmarkHostile(b *testing.B) {
	for _, piece := range []string{"1 ", "4111 ", "密码", "密码是", "a@b.c ", "(", "pin ", "abandon ", "p.", "一", "⟦pin⟧", "x1-", "：", "-----BEGIN "} {
		text := strings.Repeat(piece, 64<<10/len(piece))
		b.Run(piece, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				guard.Scan(text, guard.State{}, noon)
			}
		})
	}
}

func BenchmarkScan(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"harmless_zh", "你好，我昨天转账5000元到对方账户一直没有到账，订单显示处理中，请问什么时候可以到账？谢谢"},
		{"harmless_en", "Hi, I sent a transfer yesterday and it still says pending, when will it arrive?"},
		{"mention_zh", "支付密码忘记了怎么找回，登录密码和验证码都试过了还是不行"},
		{"mention_en", "I forgot my password and the verification code never arrives on my phone"},
		{"password_zh", "我的登录密码是Hunter22!，一直提示错误怎么办"},
		{"card_en", "my card 4242 4242 4242 4242 was charged twice"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				guard.Scan(c.text, guard.State{}, noon)
			}
		})
	}
}
