package handoff

import (
	"strings"

	"github.com/deskbell/deskbell/intents/lang"
)

// notice is something the user is told when a desk changes the conversation.
type notice string

const (
	noticeClaimed  notice = "claimed"
	noticeReturned notice = "returned"
	noticeResolved notice = "resolved"
)

// text is the notice in the user's language; English when that is not known. {name} is the agent's name.
func (n notice) text(tag lang.Tag, name string) string {
	t := notices()[n]
	s, ok := t[tag]
	if !ok {
		s = t[lang.En]
	}
	return strings.ReplaceAll(s, "{name}", plainName(name))
}

// someone stands for an agent whose name holds an address, such as a login that is an e-mail address.
func someone(tag lang.Tag) string {
	switch tag {
	case lang.ZhHans:
		return "人工客服"
	case lang.ZhHant:
		return "真人客服"
	}
	return "A colleague"
}

func notices() map[notice]map[lang.Tag]string {
	return map[notice]map[lang.Tag]string{
		noticeClaimed: {
			lang.En:     "{name} has joined and has read the conversation.",
			lang.ZhHans: "{name} 已加入对话，并看过了前面的内容，您不用重复说明。",
			lang.ZhHant: "{name} 已加入對話，並看過了前面的內容，您不用重複說明。",
		},
		noticeReturned: {
			lang.En:     "You are talking with the assistant again. Write “agent” at any time to reach a person.",
			lang.ZhHans: "现在由智能助手继续为您服务。随时输入“人工”，即可再转人工客服。",
			lang.ZhHant: "現在由智慧助理繼續為您服務。隨時輸入「人工」，即可再轉真人客服。",
		},
		noticeResolved: {
			lang.En:     "{name} has marked this as resolved. If there is anything else, write any time.",
			lang.ZhHans: "{name} 已将这次的问题标记为已解决。如果还有别的问题，随时给我们留言。",
			lang.ZhHant: "{name} 已將這次的問題標記為已解決。如果還有別的問題，隨時留言給我們。",
		},
	}
}

// plainName takes out of a name what small Markdown and the placeholders would read.
func plainName(name string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("*", "", "_", " ", "`", "", "[", "", "]", "", "{{", "", "}}", "").Replace(name)), " ")
}
