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
