package lang

import "testing"

func TestEitherScript(t *testing.T) {
	for text, want := range map[string]bool{
		"卡不能用": true, "我要找真人": true, "退款": true,
		"转账": false, "轉帳": false, "what about 手续费": false, "agent": false, "": false, "唔好": false,
	} {
		if got := EitherScript(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func TestToHantOfSupport(t *testing.T) {
	c, err := NewConverter()
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{"发卡行": "發卡行", "发卡银行拒绝": "發卡銀行拒絕", "回复您": "回覆您", "恢复码": "恢復碼", "头发": "頭髮"} {
		if got := c.ToHant(in); got != want {
			t.Errorf("ToHant(%q) = %q, want %q", in, got, want)
		}
	}
}
