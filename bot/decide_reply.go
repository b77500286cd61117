package bot

import (
	"slices"
	"strconv"
	"strings"

	"github.com/deskbell/deskbell/intents/lang"
)

// Short messages that mean something only after what the bot said. They are compared folded and bare of punctuation.
var (
	yesWords = []string{"yes", "yep", "yeah", "yup", "yes thanks", "yes thank you", "yes it did", "it helped", "that helped", "it worked", "that works", "works now",
		"solved", "fixed", "perfect", "👍", "👌", "✅",
		"是", "是的", "对", "对的", "有", "有用", "有帮助", "有的", "解决了", "已解决", "搞定了", "好了", "可以了", "没问题了", "懂了"}
	noWords = []string{"no", "nope", "not really", "no it didn't", "no it did not", "it didn't help", "that didn't help", "this didn't help", "didn't help", "did not help",
		"not helpful", "doesn't help", "it doesn't work", "still not working", "that's not it", "that's not what I asked", "not what I asked", "not what I meant", "wrong answer",
		"not this", "👎", "❌",
		"没有", "没", "没用", "没帮助", "没有帮助", "没有用", "没什么用", "不行", "不对", "不是", "没解决", "没有解决", "还是没解决", "还是不行", "还是没用", "没帮到我",
		"不是这个", "不是这个问题", "不是我要的", "不是我想问的", "不是我问的", "答非所问", "你没回答我的问题", "看了没用", "试过了没用", "试过了不行"}
	noneWords = []string{"none of these", "none of them", "none", "neither", "something else", "none of the above",
		"都不是", "都不对", "没有一个是", "没有我要的", "都没有", "其他", "其它", "其他问题"}
	doneWords   = []string{"nothing", "nothing else", "no thanks", "no thank you", "that's all", "没了", "没有了", "不用了", "没有其他问题", "没有其他的", "没别的了", "没事了"}
	sureWords   = []string{"ok", "okay", "sure", "delete", "confirm", "确定", "确认", "删除", "好", "好的", "删吧", "可以"}
	cancelWords = []string{"cancel", "keep", "keep it", "don't", "stop", "取消", "算了", "保留", "不要", "不删", "不删了", "别删"}
	gladSigns   = "👍👌🙏❤😊😀😄😁🙂🎉💯🌹✅👏🤝\ufe0f"
	crossSigns  = "👎😡🤬😠💢😤🖕😞😢😭"
	ordinals    = [maxOffered][]string{
		{"第一个", "第1个", "第一", "一", "选一", "选1", "1号", "first", "the first", "the first one", "first one", "number one", "number 1", "option 1", "one", "①", "1️⃣"},
		{"第二个", "第2个", "第二", "二", "选二", "选2", "2号", "second", "the second", "the second one", "second one", "number two", "number 2", "option 2", "two", "②", "2️⃣"},
		{"第三个", "第3个", "第三", "三", "选三", "选3", "3号", "third", "the third", "the third one", "third one", "number three", "number 3", "option 3", "three", "③", "3️⃣"},
	}
	lastWords = []string{"最后一个", "the last one", "last one", "last"}
)

// latinWords are used by people of all languages: they say nothing about the language of somebody who wrote Chinese before.
var latinWords = []string{"ok", "okay", "k", "yes", "no", "app", "api", "pin", "kyc", "sms", "otp", "pdf", "vip", "faq", "qr", "id", "bye", "okpay"}

// ends is punctuation that says nothing around a word.
const ends = " .!?,;~\u3002\uff01\uff1f\uff0c\uff1b\uff5e\u2026"

// bare is a text folded, without the punctuation around it.
func bare(text string) string {
	return strings.Trim(strings.ReplaceAll(lang.Fold(text), "\u2019", "'"), ends)
}

// short is a reply of a few words in its parts, without thanks and particles: "Yes, thanks!" is "yes".
func short(text string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(bare(text), func(r rune) bool { return r != ' ' && strings.ContainsRune(ends, r) }) {
		part = strings.Trim(thanksWords.Replace(strings.TrimSpace(part)), ends)
		if p := strings.TrimRight(part, "啊呀哦呢吧啦"); p != "" {
			part = p
		}
		if part != "" {
			out = append(out, part)
		}
	}
	return out
}

var thanksWords = strings.NewReplacer("thank you so much", "", "thank you very much", "", "thank you", "", "thanks a lot", "", "thanks", "", "thx", "",
	"谢谢你了", "", "谢谢你", "", "谢谢您", "", "谢谢", "", "多谢", "")

// all reports that a reply consists of nothing but the words.
func all(parts, words []string) bool {
	return len(parts) > 0 && !slices.ContainsFunc(parts, func(p string) bool { return !containsFolded(words, p) })
}

// first reports that a reply begins with one of the words and adds only others: "no, that's all".
func first(parts, words, others []string) bool {
	return len(parts) > 0 && containsFolded(words, parts[0]) && (len(parts) == 1 || all(parts[1:], words) || all(parts[1:], others))
}

func containsFolded(words []string, folded string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return lang.Fold(w) == folded })
}

// hearReplyToBot takes short messages that only make sense as a reply to what the bot said last: a choice, yes, no.
func (d *decider) hearReplyToBot(text string) bool {
	parts := short(text)
	switch {
	case len(parts) == 0 || len(parts) > 3:
		return false
	case d.conv.State.Forget && d.hearForget(parts):
		return true
	case len(d.conv.State.Offered) > 0:
		return d.hearChoice(parts)
	case d.hearVerdict(parts):
		return true
	}
	d.wordless = d.wordless || isNumbered(parts) // a choice of nothing
	return isNumbered(parts)
}

// hearForget takes the answer to "shall I delete everything?".
func (d *decider) hearForget(parts []string) bool {
	isYes := first(parts, yesWords, sureWords) || all(parts, sureWords)
	if !isYes && !first(parts, noWords, cancelWords) && !all(parts, cancelWords) {
		return false
	}
	d.always = append(d.always, func() { d.forget(isYes) })
	return true
}

// hearChoice takes the answer to "which one do you mean?".
func (d *decider) hearChoice(parts []string) bool {
	offered := d.conv.State.Offered
	i, ok := choice(parts[0], len(offered))
	if len(offered) == 1 && all(parts, yesWords) {
		i, ok = 0, true
	}
	switch {
	case ok && len(parts) == 1:
		d.hearAction(action(verbAsk, offered[i]))
	case isNumbered(parts), first(parts, noneWords, doneWords), first(parts, noWords, noneWords):
		d.commands = append(d.commands, d.noneOfThese)
	default:
		return false
	}
	return true
}

// isNumbered reports a choice by number.
func isNumbered(parts []string) bool {
	_, ok := choice(parts[0], 9)
	return ok && len(parts) == 1
}

// choice reads "2", "第二个" or "the second one" as an index below n.
func choice(folded string, n int) (int, bool) {
	for i, words := range ordinals {
		if containsFolded(words, folded) {
			return i, i < n
		}
	}
	if containsFolded(lastWords, folded) {
		return n - 1, true
	}
	if i, err := strconv.Atoi(folded); err == nil && i >= 1 && i <= n {
		return i - 1, true
	}
	return 0, false
}

// hearVerdict takes the answer to "did this help?" and to what follows it.
func (d *decider) hearVerdict(parts []string) bool {
	last, ok := d.lastAnswer()
	if !ok {
		return false
	}
	yes, no := first(parts, yesWords, doneWords), first(parts, noWords, noneWords) || all(parts, noneWords)
	switch {
	case last.Verdict == VerdictYes && (first(parts, noWords, doneWords) || all(parts, doneWords)): // anything else?
		d.commands = append(d.commands, func() { d.say(txtBye) })
	case last.Verdict == VerdictYes && yes:
		d.commands = append(d.commands, func() { d.say(txtGoOn) })
	case yes && last.Verdict == VerdictNone:
		d.verdict(last.Intent, VerdictYes)
	case no && last.Verdict == VerdictNone:
		d.verdict(last.Intent, VerdictNo)
	case no && last.Verdict == VerdictNo: // said twice
		d.askHuman(ReasonRejected)
	default:
		return false
	}
	return true
}

// onlySigns reports that a text is nothing but the signs.
func onlySigns(text, signs string) bool {
	return strings.Trim(text, signs+" ") == ""
}
