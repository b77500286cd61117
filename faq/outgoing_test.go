package faq_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/deskbell/deskbell/faq"
	"pgregory.net/rapid"
)

// registryLibrary has https://okpay.example.com, +1 555-0100, +86 400-820-8820 (its own digits are made up), 95188,
// support@okpay.example.com and @okpay; the entry "own" may name two links more.
func registryLibrary(t testing.TB) *faq.Library {
	t.Helper()
	l, err := faq.Load(registryFiles())
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func registryFiles() fstest.MapFS {
	contact := func(id, kind, value string) string {
		return fmt.Sprintf("  - {id: %s, kind: %s, value: %q, title: {en: a, zh-Hans: a}, verified: 2026-11-01}\n", id, kind, value)
	}
	contacts := "contacts:\n" + contact("site", "url", "https://okpay.example.com") + contact("help", "url", "https://okpay.example.com/help/4008208821") +
		contact("mail", "email", "Support@okpay.example.com") + contact("us", "phone", "+1 555-0100") +
		contact("cn", "phone", "+86 400 820 8820") + contact("short", "phone", "95188") + contact("tg", "handle", "@okpay")
	entry := `topic: a
title: {en: a, zh-Hans: a}
entries:
  - intent: own
    title: {en: own, zh-Hans: own}
    phrases: {en: [one], zh-Hans: [一]}
    answer: {en: See the link., zh-Hans: 看链接。}
    buttons: [{label: {en: b, zh-Hans: b}, url: "https://button.example.com/x"}]
    links: ["https://own.example.com/a", "+1 555-0199"]
`
	return fstest.MapFS{
		"library.yaml":   {Data: []byte("name: {en: A, zh-Hans: A}\n")},
		"contacts.yaml":  {Data: []byte(contacts)},
		"entries/a.yaml": {Data: []byte(entry)},
	}
}

func TestCheckOutgoingLetsVettedAndHarmlessTextPass(t *testing.T) {
	l := registryLibrary(t)
	for _, text := range []string{
		"",
		"Hello, how can I help? We answer in 1-3 days.",
		"See https://okpay.example.com.", "See HTTPS://OKPAY.example.com/ now", "看https://okpay.example.com查看", "请访问okpay.example.com查看详情",
		"**https://okpay.example.com**", "_https://okpay.example.com_", "(https://okpay.example.com)", "[site](https://okpay.example.com)",
		"“https://okpay.example.com”", "官网：https://okpay.example.com，欢迎", "https://okpay.example.com/help/4008208821", "okpay.example.com",
		"<https://okpay.example.com>", "https://okpay.example.com…", "https://okpay.example.com:443/",
		"Write to support@okpay.example.com!", "写信到support@OKPAY.example.com。", "mailto:support@okpay.example.com", "[mail](mailto:support@okpay.example.com)",
		"Call +1 555-0100.", "Call +1 (555) 0100 24/7", "call 555-0100 or 1 555 0100", "tel:+15550100", "[call](tel:+15550100)", "Tel: +1 555-0100", "TEL:+1 555 0100",
		"热线：+86 400-820-8820", "热线４００－８２０－８８２０转１", "客服热线四零零八二零八八二零", "0086 400 820 8820", "**400**-820-8820", "400\\-820\\-8820",
		"+1 555-0100, +86 400 820 8820", "+1 555-0100 / 400-820-8820", "95188", "Call 95188 (24 hours)",
		"Ask @okpay", "联系@okpay查询", "联系@OKPay。", "Telegram: @okpay",
		"Open 09:00-18:00, 09:00–12:00 and 13:00–18:00", "周一至周五 09:00–18:00（北京时间）", "Monday 9 November 2026 at 09:00", "2026-11-09 09:00:00",
		"2026-11-09 - 2026-11-12", "2026/11/9~2026/11/12", "2026年11月9日 09:00", "09.11.2026 10:30", "2024-2026", "from 2024–2026",
		"¥1,000,000.00", "1,234,567 users", "CNY 1 250 000", "1.250.000 €", "100万元", "5%–10%", "1000-5000", "500 - 10000", "10, 20, 30, 40", "$3000",
		"order ORD-20261109-00017", "TX12345678", "ref: INV20261109001", "order12345678", "订单号 62220200000000001", "1234567890123456", "6222 0200 0000 0000 000",
		"550e8400-e29b-41d4-a716-446655440000", "9f86d081884c7d659a2feaa0c55ad015", "No. 123456", "第 12345 号",
		"Your ⟦password⟧ was not stored, nor was ⟦cn_id⟧", "138****0000", "尾号 1234", "1. 2\n2. 3\n3. 4\n4. 5\n5. 6\n6. 7\n7. 8", "1. 400 people\n2. 82088 others", "1. 123456", "2. 2024-2026",
		"a.m. and p.m., e.g. this", "Is it 3.5 or 4.25?", "Node.js", "8:00 a.m.–6:00 p.m.", "C++ and std::vector", "1.手机充值 2.信息", "A.手机充值", "一、二、三、四、五、六、七、八",
		"press 1, 2 or 3", "version 1.2.3", "1/2", "+5%", "+1", "Email us @ any time", "你好:)", "注意:请看", "file: name",
		"WeChat ID is required", "Telegram account settings", "line: one", "微信号码", "7×24 小时",
	} {
		if v := l.CheckOutgoing(text, nil); len(v) > 0 {
			t.Errorf("%q: held back for %v", text, v)
		}
	}
}

func TestCheckOutgoingHoldsBackWhatIsNotVetted(t *testing.T) {
	l := registryLibrary(t)
	for _, tc := range []struct{ text, want string }{
		{"See https://evil.example.org", "url https://evil.example.org"},
		{"See http://okpay.example.com", "url http://okpay.example.com"},
		{"https://okpay.example.com/login", "url https://okpay.example.com/login"},
		{"https://okpay.example.com@evil.org", "url https://okpay.example.com@evil.org"},
		{"https://okpay.example.com.evil.org/", "url https://okpay.example.com.evil.org/"},
		{"https://okpay.example.com查看.evil.org", "url evil.org"},
		{"https://okpay.example.com/帮助中心。", "url https://okpay.example.com/帮助中心"},
		{"okpay-help.com", "url okpay-help.com"}, {"请访问okpay-help.com", "url okpay-help.com"}, {"OKPAY．ORG", "url OKPAY.ORG"},
		{"evil\u200b.com", "url evil.com"}, {"evil**.**com", "url evil.com"}, {"evil\\.com", "url evil.com"},
		{"[https://okpay.example.com](https://evil.com/a)", "url https://evil.com/a"}, {"https://оkpay.example.com", "url https://оkpay.example.com"},
		{"支付.com", "url 支付.com"}, {"请看https://支付.中国/a", "url https://支付.中国/a"}, {"weixin://dl/chat?a", "url weixin://dl/chat?a"}, {"t.me/okpay_help", "url t.me/okpay_help"},
		{"http://192.168.1.1/a", "url http://192.168.1.1/a"}, {"10.0.0.1", "url 10.0.0.1"}, {"[::1]:80", ""},
		{"help@okpay.example.org", "email help@okpay.example.org"}, {"写信到help@okpay.com。", "email help@okpay.com"}, {"mailto:a@b.com?cc=c@d.com", "email mailto:a@b.com?cc=c@d.com"},
		{"help＠okpay．com", "email help@okpay.com"}, {"a@b.nosuchtld", "handle @b.nosuchtld"},
		{"@okpay_help", "handle @okpay_help"}, {"加微信号：okpaykefu", "handle okpaykefu"}, {"WhatsApp ID: okpay_1", "handle okpay_1"}, {"QQ号：12345", "handle 12345"}, {"@客服小李", "handle @客服小李"},
		{"+1 555-0101", "phone +1 555-0101"}, {"+44 555 0100", "phone +44 555 0100"}, {"15550101", "phone 15550101"}, {"call 555.0101", "phone 555.0101"}, {"(555) 0101", "phone 555) 0101"},
		{"+1 555-0100-99", "phone +1 555-0100-99"}, {"+99 1 555-0100", "phone +99 1 555-0100"}, {"+5550100", "phone +5550100"}, {"555-01009", "phone 555-01009"},
		{"4008208821", "phone 4008208821"}, {"４００ ８２０ ８８２１", "phone 400 820 8821"}, {"四零零 八二零 八八二一", "phone 四零零 八二零 八八二一"}, {"400八二零8821", "phone 400八二零8821"},
		{"٤٠٠٨٢٠٨٨٢١", "phone 4008208821"}, {"4️⃣0️⃣0️⃣8️⃣2️⃣0️⃣8️⃣8️⃣2️⃣1️⃣", "phone 4008208821"}, {"400\u200b820\u00ad8821", "phone 4008208821"}, {"①②③④⑤⑥⑦", "phone 1234567"},
		{"**400**820**8821**", "phone 4008208821"}, {"`400-820`-8821", "phone 400-820-8821"}, {"4 0 0 8 2 0 8 8 2 1", "phone 4 0 0 8 2 0 8 8 2 1"}, {"400 - 820 - 8821", "phone 400 - 820 - 8821"},
		{"tel4008208821", "phone 4008208821"}, {"tel:4008208821", "phone 4008208821"}, {"OKPay4008208821", "phone 4008208821"}, {"4008208821ext8", "phone 4008208821"}, {"联系4008208821客服", "phone 4008208821"},
		{"1-800-221-2121 or 1-800-221-1212", "phone 1-800-221-2121,phone 1-800-221-1212"}, {"138 0013 8000 139 0013 9000", "phone 138 0013 8000 139 0013 9000"},
		{"13800138000 13900139000", "phone 13800138000,phone 13900139000"}, {"2345-6789", "phone 2345-6789"}, {"+1,2345678", "phone 2345678"}, {"12345678.00", "phone 12345678.00"},
		{"⟦4008208821⟧", "phone 4008208821"}, {"2026-11-09-1234", "phone 2026-11-09-1234"}, {"1234-2026-11-09", "phone 1234-2026-11-09"}, {"QQ 12345678", "phone 12345678"},
		{"https://own.example.com/a", "url https://own.example.com/a"}, {"+1 555-0199", "phone +1 555-0199"},
	} {
		var got []string
		for _, v := range l.CheckOutgoing(tc.text, []string{"no_such_intent"}) {
			got = append(got, v.Kind+" "+v.Value)
		}
		if s := strings.Join(got, ","); s != tc.want {
			t.Errorf("%q: got %q, want %q", tc.text, s, tc.want)
		}
	}
}

func TestAnEntryMayNameItsOwnLinks(t *testing.T) {
	l := registryLibrary(t)
	text := "https://own.example.com/a, https://button.example.com/x, +1 555-0199"
	if v := l.CheckOutgoing(text, []string{"own"}); len(v) > 0 {
		t.Errorf("with the entry: held back for %v", v)
	}
	if v := l.CheckOutgoing(text, nil); len(v) != 3 {
		t.Errorf("without the entry: got %v, want three violations", v)
	}
}

// The property that keeps a customer from calling a fraudster: a run of 7 to 15 digits that is not registered never
// passes, in whatever script the digits are and whatever stands around them, as long as no letter of an identifier
// touches it.
func TestNoUnregisteredRunOfDigitsPasses(t *testing.T) {
	l := registryLibrary(t)
	scripts := []string{"0123456789", "０１２３４５６７８９", "零一二三四五六七八九", "〇壹贰叁肆伍陆柒捌玖", "٠١٢٣٤٥٦٧٨٩", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"}
	around := rapid.OneOf(
		rapid.SampledFrom([]string{"", " ", "\n", "+", "电话", "热线：", " 2026-11-09 ", " 09:00-18:00 ", "+1 555-0100 ", "¥", "#", "⟦pin⟧", "https://okpay.example.com ", " 1,234 ", "- ", " 1. ", "**", "(", "/", "…", "@okpay ", "Call ", " or "}),
		rapid.StringOf(rapid.RuneFrom([]rune(" .,:;-/()+*_~#\n,。：年月日元客服"))),
	)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(7, 15).Draw(t, "n")
		script := []rune(rapid.SampledFrom(scripts).Draw(t, "script"))
		var plain, digits strings.Builder
		for range n {
			d := rapid.IntRange(0, 9).Draw(t, "digit")
			fmt.Fprint(&plain, d)
			digits.WriteRune(script[d])
			if rapid.IntRange(0, 9).Draw(t, "hidden") == 0 {
				digits.WriteString(rapid.SampledFrom([]string{"\u200b", "\u00ad", "\ufe0f", "**", "`"}).Draw(t, "filler"))
			}
		}
		if registered(plain.String()) {
			t.Skip("drew a registered number")
		}
		text := around.Draw(t, "before") + digits.String() + around.Draw(t, "after")
		if v := l.CheckOutgoing(text, nil); len(v) == 0 {
			t.Fatalf("%q passed", text)
		}
	})
}

func registered(digits string) bool {
	for _, n := range []string{"15550100", "864008208820", "4008208820", "5550100"} {
		if strings.TrimLeft(digits, "0") == n {
			return true
		}
	}
	return false
}

// The same for numbers in groups, in the ways people write phone numbers.
func TestNoUnregisteredPhoneInGroupsPasses(t *testing.T) {
	l := registryLibrary(t)
	shapes := [][]int{{3, 4, 4}, {3, 3, 4}, {1, 3, 3, 4}, {3, 8}, {4, 7}, {2, 2, 2, 2, 2}, {3, 4}, {4, 3, 4}, {2, 3, 4, 4}, {1, 1, 1, 1, 1, 1, 1}}
	gaps := []string{"-", " ", ".", " - ", "–", ") ", "/", "·", "\u00a0", "_", "－", "‑"}
	rapid.Check(t, func(t *rapid.T) {
		var text, digits strings.Builder
		gap := rapid.SampledFrom(gaps).Draw(t, "gap")
		for i, size := range rapid.SampledFrom(shapes).Draw(t, "shape") {
			if i > 0 {
				text.WriteString(gap)
			}
			for range size {
				d := rapid.IntRange(1, 9).Draw(t, "digit")
				fmt.Fprint(&digits, d)
				fmt.Fprint(&text, d)
			}
		}
		prefix := rapid.SampledFrom([]string{"", "+", "Call ", "电话", "(", "tel:", "Tel: "}).Draw(t, "prefix")
		if registered(digits.String()) {
			t.Skip("drew a registered number")
		}
		if v := l.CheckOutgoing(prefix+text.String()+" now", nil); len(v) == 0 {
			t.Fatalf("%q passed", prefix+text.String())
		}
	})
}

func FuzzCheckOutgoing(f *testing.F) {
	l, err := faq.Load(registryFiles())
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{"https://okpay.example.com查看.evil.org", "+1 555-0100 24/7", "⟦pin⟧ 4008208821", "a@b@c.com", "[::1]", "2026-11-09–2026-11-12", "\xff4008208820", "支付.com/路径"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, v := range l.CheckOutgoing(s, []string{"own"}) {
			if v.Value == "" || v.Kind == "" {
				t.Errorf("%q: empty violation %+v", s, v)
			}
		}
		// Whatever stands before it on its own line, an unknown number is seen.
		if len(l.CheckOutgoing(s+"\n4008208829", nil)) == 0 {
			t.Errorf("4008208829 passed after %q", s)
		}
	})
}

func BenchmarkCheckOutgoing(b *testing.B) {
	l := registryLibrary(b)
	text := "Customer support works Monday to Friday 09:00–18:00 (Asia/Shanghai, UTC+8). Call +1 555-0100 or visit https://okpay.example.com for help."
	for b.Loop() {
		l.CheckOutgoing(text, nil)
	}
}
