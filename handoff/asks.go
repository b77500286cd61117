package handoff

import (
	"regexp"
	"strings"

	"github.com/deskbell/deskbell/bot/guard"
	"github.com/deskbell/deskbell/intents/lang"
)

// AsksForSecret reports that a text asks its reader for a password, code, PIN, card security number or recovery phrase:
// "please send me your password", "把验证码发我". Nobody at a desk may: a user who is asked once by a real agent will
// believe the next, false one. Warnings against it ("never send anybody your code") and instructions for elsewhere
// ("enter your PIN in the app") are no such request.
func AsksForSecret(text string) (guard.Kind, bool) {
	for _, clause := range clauses(text) {
		clause = dropIdioms(lang.Fold(clause))
		if k, ok := asksEnglish(clause); ok {
			return k, true
		}
		if k, ok := asksChinese(clause); ok {
			return k, true
		}
	}
	return "", false
}

// dropIdioms takes out negations that negate nothing asked: "don't hesitate to send …".
func dropIdioms(s string) string {
	return strings.NewReplacer("do not hesitate to", "", "don't hesitate to", "", "do not forget to", "", "don't forget to", "",
		"do not worry", "", "don't worry", "", "no problem", "", "别忘了", "", "不要忘记", "", "别担心", "", "不用担心", "").Replace(s)
}

// clauses cuts where a new thought begins, so that a negation reaches no further than its own.
func clauses(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool {
		return strings.ContainsRune(".!?;,:\n\r。、\uff01\uff1f\uff1b\uff0c\uff1a…—", r)
	})
}

// secretNoun is one name of a secret and what it names.
const (
	nounEN = `(?:(?:pass ?word|passcode|pass ?phrase)s?` +
		`|pins?(?: (?:code|number))?` +
		`|(?:cvv2?|cvc2?|cvn)(?: (?:code|number))?` +
		`|(?:card )?security (?:code|number)|otp(?: code)?` +
		`|(?:one[- ]time|verification|sms|text|login|log-in|sign-in|confirmation|auth(?:entication|enticator)?|2fa|(?:six|four|[468])[- ]digit|dynamic) ` +
		`(?:(?:pass|security|sms|verification) ?)?(?:code|password|pin|number)s?` +
		`|(?:the|your|that|this) code` +
		`|(?:seed|recovery|secret|mnemonic)[- ](?:phrase|words)|private keys?|(?:api|secret) keys?)`
	nounZH = `(?:(?:支付|登录|登陆|银行卡|交易|取款|查询|账户|账号|手机|邮箱|开机|锁屏|一次性|动态)?(?:密码|口令)` +
		`|(?:短信|手机|邮箱|邮件|动态|登录)?(?:验证码|校验码|确认码|动态码|短信码)|安全码|(?:卡背面|背面)的?(?:三位数|3 ?位数|后三位|数字)` +
		`|cvv2?(?:码)?|cvc2?(?:码)?|pin ?码?|otp|助记词|私钥|恢复词|密保答案)`
)

// asksEnglish holds verb and noun within one clause, at most five words apart.
func asksEnglish(clause string) (guard.Kind, bool) {
	for _, re := range []*regexp.Regexp{enVerb, enWhat, enNeed, enHere, enPassive} {
		for _, m := range re.FindAllStringSubmatchIndex(clause, -1) {
			noun := clause[m[2]:m[3]]
			between, after := clause[m[0]:m[2]], clause[m[3]:]
			if enNegated.MatchString(lastWords(clause[:m[0]], 7)+" "+between) || enAside.MatchString(between) || enAbout.MatchString(after) {
				continue
			}
			return secretKind(noun), true
		}
	}
	return "", false
}

// asksChinese looks for the verb before the noun (告诉我…密码) and after it (把验证码…发我).
func asksChinese(clause string) (guard.Kind, bool) {
	for _, re := range []*regexp.Regexp{zhVerbFirst, zhNounFirst, zhWhat} {
		for _, m := range re.FindAllStringSubmatchIndex(clause, -1) {
			whole := clause[m[0]:m[1]]
			if zhNegated.MatchString(lastRunes(clause[:m[0]], 8)+whole) || zhAside.MatchString(clause[m[0]:m[2]]) || zhAbout.MatchString(clause[m[3]:]) {
				continue
			}
			return secretKind(clause[m[2]:m[3]]), true
		}
	}
	return "", false
}

// The patterns are compiled once and never change.
var (
	enVerb = regexp.MustCompile(`\b(?:send|give|tell|share|provide|forward|text|message|dm|show|read(?: out)?|dictate|reply with|respond with|paste|submit|hand over|repeat|supply|get me|let me (?:have|know|see)|pass(?: me| us| on))\b(?: [^ ]+){0,5}? (` + nounEN + `)\b`)
	enWhat = regexp.MustCompile(`\bwhat(?:'s|s| is| was| are|'re)(?: your| the)(?: [^ ]+){0,3}? ?(` + nounEN + `)\b`)
	enNeed = regexp.MustCompile(`\b(?:i|we)(?:'ll| will| would| just| also| only|'d)* (?:need|require|want|like|ask for|have to have)(?: [^ ]+){0,4}? (` + nounEN + `)\b`)
	enHere = regexp.MustCompile(`\b(?:type|enter|write|put|post|confirm|key in)(?: [^ ]+){0,4}? (` + nounEN + `)(?: [^ ]+){0,3}? (?:here|below|in (?:this|the|our) (?:chat|conversation|window|box)|with (?:me|us)|for (?:me|us)|to (?:me|us))\b`)
	// "your code please", "password?"
	enPassive = regexp.MustCompile(`^ *(?:and |so |now |ok |then )*(?:may i have |can i have |could i have |can i get |may i get )?(?:your |the )(?:[^ ]+ ){0,2}?(` + nounEN + `)(?: you (?:just )?(?:got|received))?(?: too| now)? *(?:please|pls)\b`)

	enNegated = regexp.MustCompile(`\b(?:never|not|no|nobody|don't|dont|won't|wouldn't|can't|cannot|shouldn't|mustn't|doesn't|didn't|without|refuse|avoid|stop|anyone|nor)\b`)
	// what stands between is about something else: "tell me whether you forgot your password"
	enAside = regexp.MustCompile(`\b(?:if|whether|when|why|how|which|after|before|about|that you|reset|resetting|change|changed|changing|forgot|forgotten|set|page|error|anyone|policy)\b`)
	enAbout = regexp.MustCompile(`^ ?(?:reset|page|screen|error|policy|field|format|length|rules?|settings?|request|prompt|problem|issue|recovery|change|manager|form|link|option|menu|section|notification)`)

	zhVerb      = `(?:发给我们?|发送给我们?|发我|传给我|传我|给我们?发|发来|发过来|告诉我们?|告知我们?|告知|提供给?我?们?|报给我|报一下|念给我|念一下|说一下|讲一下|回复给?我?|回我|发一下|给我们?|发到(?:这里|聊天|对话|本对话)|(?:输入|填|写|贴)[到在]?(?:这里|聊天|对话|本对话|下面)|私信给?我?们?|转发给?我?|截图给我|共享给我|发出来)`
	zhVerbFirst = regexp.MustCompile(zhVerb + `[^ ]{0,14}? ?(` + nounZH + `)`)
	zhNounFirst = regexp.MustCompile(`(` + nounZH + `)[^ ]{0,6}? ?` + zhVerb)
	zhWhat      = regexp.MustCompile(`(?:您|你)的?(?:[^ ]{0,6}?)(` + nounZH + `)(?:是|为)(?:多少|什么|几)[呢啊呀吗]? *$`)
	zhNegated   = regexp.MustCompile(`不要|不能|不可|不得|别|勿|不会|绝不|从不|无需|不需|不必|不用|严禁|禁止|切忌|任何人|他人|别人|拒绝|没有必要`)
	zhAside     = regexp.MustCompile(`是否|有没有|有无|忘|修改|重置|找回|设置|无法|收不到|没收到|怎么|如何`)
	zhAbout     = regexp.MustCompile(`^(?:错误|重置|找回|修改|页面|提示|问题|被锁|锁定|管理|保护|输入[错框页次]|格式|规则|长度|失败|框)`)
)

// secretKind sorts a noun into the guard's kinds.
func secretKind(noun string) guard.Kind {
	switch {
	case containsAny(noun, "cvv", "cvc", "cvn", "card security", "安全码", "背面"):
		return guard.CVV
	case containsAny(noun, "seed", "recovery", "mnemonic", "secret phrase", "secret words", "助记词", "恢复词"):
		return guard.SeedPhrase
	case containsAny(noun, "private key", "私钥"):
		return guard.PrivateKey
	case containsAny(noun, "api key", "secret key"):
		return guard.APIKey
	case strings.HasPrefix(noun, "pin"):
		return guard.PIN
	case containsAny(noun, "code", "otp", "one-time", "one time", "验证码", "校验码", "确认码", "动态", "短信码", "一次性"):
		return guard.OTP
	case containsAny(noun, "pin"):
		return guard.PIN
	}
	return guard.Password
}

func containsAny(s string, subs ...string) bool {
	for _, sub := range subs {
		if strings.Contains(s, sub) {
			return true
		}
	}
	return false
}

func lastWords(s string, n int) string {
	ws := strings.Fields(s)
	return strings.Join(ws[max(0, len(ws)-n):], " ")
}

func lastRunes(s string, n int) string {
	rs := []rune(s)
	return string(rs[max(0, len(rs)-n):])
}
