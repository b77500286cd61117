package bot

import (
	"strings"

	"github.com/deskbell/deskbell/bot/guard"
	"github.com/deskbell/deskbell/faq"
	"github.com/deskbell/deskbell/intents/lang"
)

// kindNames is how a finding is called when talking to people.
var kindNames = map[guard.Kind]faq.Texts{
	guard.Password:       {lang.En: "password", lang.ZhHans: "密码"},
	guard.PIN:            {lang.En: "PIN", lang.ZhHans: "支付密码"},
	guard.OTP:            {lang.En: "one-time code", lang.ZhHans: "验证码"},
	guard.PAN:            {lang.En: "card number", lang.ZhHans: "银行卡号"},
	guard.CVV:            {lang.En: "card security code", lang.ZhHans: "卡片安全码"},
	guard.CardExpiry:     {lang.En: "card expiry date", lang.ZhHans: "卡片有效期"},
	guard.PayCode:        {lang.En: "payment code", lang.ZhHans: "付款码"},
	guard.RecoveryCode:   {lang.En: "recovery code", lang.ZhHans: "恢复码"},
	guard.SecurityAnswer: {lang.En: "security answer", lang.ZhHans: "密保答案"},
	guard.PrivateKey:     {lang.En: "private key", lang.ZhHans: "私钥"},
	guard.SeedPhrase:     {lang.En: "recovery phrase", lang.ZhHans: "助记词"},
	guard.APIKey:         {lang.En: "access key", lang.ZhHans: "访问密钥"},
	guard.JWT:            {lang.En: "access token", lang.ZhHans: "访问令牌"},
	guard.CNID:           {lang.En: "identity number", lang.ZhHans: "身份证号"},
	guard.Passport:       {lang.En: "passport number", lang.ZhHans: "护照号"},
	guard.TravelPermit:   {lang.En: "travel permit number", lang.ZhHans: "通行证号"},
	guard.IBAN:           {lang.En: "bank account number", lang.ZhHans: "银行账号"},
	guard.BankAccount:    {lang.En: "bank account number", lang.ZhHans: "银行账号"},
	guard.HKID:           otherID,
	guard.TWID:           otherID,
	guard.SGNRIC:         otherID,
	guard.USSSN:          otherID,
	guard.UKNINO:         otherID,
	guard.BRCPF:          otherID,
	guard.INAadhaar:      otherID,
	guard.INPAN:          otherID,
	guard.Failure:        {lang.En: "message", lang.ZhHans: "消息"},
}

var otherID = faq.Texts{lang.En: "identity number", lang.ZhHans: "证件号码"}

// advice says which safe way belongs to a kind.
func advice(k guard.Kind) textKey {
	switch k {
	case guard.Password, guard.PIN, guard.SecurityAnswer:
		return txtAdvicePassword
	case guard.OTP, guard.PayCode:
		return txtAdviceOTP
	case guard.PAN, guard.CVV, guard.CardExpiry:
		return txtAdviceCard
	case guard.PrivateKey, guard.SeedPhrase, guard.RecoveryCode, guard.APIKey, guard.JWT:
		return txtAdviceKey
	case guard.IBAN, guard.BankAccount:
		return txtAdviceAccount
	case guard.Failure:
		return txtAdviceOther
	}
	return txtAdviceID
}

// KindName is how a kind of finding is called in a language, for screens and replies.
func (r *Release) KindName(k guard.Kind, tag lang.Tag) string {
	if t, ok := kindNames[k]; ok {
		return r.Library.Text(t, tag)
	}
	return string(k)
}

// kindList names kinds one after the other, each once.
func (r *Release) kindList(kinds []guard.Kind, tag lang.Tag) string {
	var names []string
	seen := map[string]bool{}
	for _, k := range kinds {
		if n := r.KindName(k, tag); !seen[n] {
			seen[n] = true
			names = append(names, n)
		}
	}
	if tag == lang.En {
		last := len(names) - 1
		if last > 0 {
			return strings.Join(names[:last], ", ") + " and " + names[last]
		}
		return strings.Join(names, "")
	}
	return strings.Join(names, "、")
}
