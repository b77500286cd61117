package handoff

import (
	"strings"
	"testing"

	"github.com/deskbell/deskbell/bot/guard"
)

func TestAsksForSecret(t *testing.T) {
	tests := []struct {
		text string
		want guard.Kind // "" for no request
	}{
		{"Please send me your password", guard.Password},
		{"please send me the pass word of your account", guard.Password},
		{"Hi Ana,\ncould you tell me your PIN code?", guard.PIN},
		{"Give us the 6-digit code you received", guard.OTP},
		{"I just need the verification code we sent you.", guard.OTP},
		{"What is your password?", guard.Password},
		{"what's the CVV on the back", guard.CVV},
		{"Can you share the card security code with us", guard.CVV},
		{"Don't worry, just send me your password", guard.Password},
		{"Do not hesitate to send me your PIN", guard.PIN},
		{"Never share it with strangers. Now read me the code.", guard.OTP},
		{"type your password here", guard.Password},
		{"Your password, please", ""}, // the comma cuts it; the next one is what people write
		{"your password please", guard.Password},
		{"please forward your recovery phrase to me", guard.SeedPhrase},
		{"SEND ME YOUR PASSWORD", guard.Password},
		{"请把验证码发我", guard.OTP},
		{"把验证码发我", guard.OTP},
		{"麻烦告诉我您的支付密码", guard.Password},
		{"請把驗證碼傳給我", guard.OTP},
		{"请提供一下您收到的短信验证码", guard.OTP},
		{"您的密码是多少？", guard.Password},
		{"卡背面的三位数发我一下", guard.CVV},
		{"请提供CVV码", guard.CVV},
		{"把PIN码输入到这里", guard.PIN},
		{"别担心，把密码发给我就行", guard.Password},
		{"助记词发我看看", guard.SeedPhrase},

		{"Please never send me your password", ""},
		{"We will never ask you to share your password or PIN.", ""},
		{"Do not give anyone the verification code", ""},
		{"Enter your PIN in the app, then confirm.", ""},
		{"You can reset your password in Settings. Tell me if it works.", ""},
		{"Tell me whether you changed your password recently", ""},
		{"Please send me the error code", ""},
		{"Please send me your order number", ""},
		{"Please send a screenshot of the error", ""},
		{"I need your e-mail address to find the ticket", ""},
		{"Could you tell me which page shows the password reset?", ""},
		{"请不要把验证码告诉任何人", ""},
		{"我们不会向您索要密码，请勿把密码发给我们", ""},
		{"请在App里输入支付密码", ""},
		{"请告诉我您是否忘记了密码", ""},
		{"请提供密码错误的截图", ""},
		{"告诉我有没有收到验证码", ""},
		{"请提供订单号", ""},
		{"密码可以在设置里修改", ""},
		{"", ""},
	}
	for _, tt := range tests {
		got, ok := AsksForSecret(tt.text)
		if got != tt.want || ok != (tt.want != "") {
			t.Errorf("AsksForSecret(%q) = %q, %v; want %q", tt.text, got, ok, tt.want)
		}
	}
}

func FuzzAsksForSecret(f *testing.F) {
	f.Add("send me your password")
	f.Add("把验证码发我，")
	f.Add("\xff。,\x00 发我 密码")
	f.Fuzz(func(t *testing.T, s string) {
		_, asked := AsksForSecret(s)
		// What is asked in a sentence of its own is found whatever stands before it.
		if _, ok := AsksForSecret(s + "\nplease send me your password"); !ok {
			t.Errorf("a request after %q is overlooked", s)
		}
		if asked && strings.TrimSpace(s) == "" {
			t.Errorf("white space asks for a secret: %q", s)
		}
	})
}
