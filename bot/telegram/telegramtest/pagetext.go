package telegramtest

import (
	"html"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"unicode/utf16"
)

// entityTags are the HTML of an entity: what opens it and what closes it.
var entityTags = map[string][2]string{
	"bold":          {"<strong>", "</strong>"},
	"italic":        {"<em>", "</em>"},
	"underline":     {"<u>", "</u>"},
	"strikethrough": {"<s>", "</s>"},
	"spoiler":       {`<span class="spoiler">`, "</span>"},
	"code":          {"<code>", "</code>"},
	"pre":           {"<pre>", "</pre>"},
	"blockquote":    {"<blockquote>", "</blockquote>"},
	"mention":       {`<span class="mention">`, "</span>"},
	"bot_command":   {`<span class="mention">`, "</span>"},
}

// entityHTML shows a text with its entities. Whatever the text holds is escaped; links lead only to the web, mail and
// telephone. Entities that do not nest are left out.
func entityHTML(text string, entities []Entity) template.HTML {
	u := utf16.Encode([]rune(text))
	var sb strings.Builder
	var open []Entity
	at := 0
	write := func(to int) {
		to = min(max(to, at), len(u))
		sb.WriteString(html.EscapeString(string(utf16.Decode(u[at:to]))))
		at = to
	}
	closeBefore := func(offset int) {
		for len(open) > 0 {
			top := open[len(open)-1]
			if top.Offset+top.Length > offset {
				return
			}
			write(top.Offset + top.Length)
			_, end := tagsOf(top, u)
			sb.WriteString(end)
			open = open[:len(open)-1]
		}
	}
	sorted := slices.Clone(entities)
	slices.SortStableFunc(sorted, func(a, b Entity) int {
		if a.Offset != b.Offset {
			return a.Offset - b.Offset
		}
		return b.Length - a.Length
	})
	for _, e := range sorted {
		closeBefore(e.Offset)
		start, _ := tagsOf(e, u)
		if start == "" || e.Offset < at || !fits(e, u) || !nests(open, e) {
			continue
		}
		write(e.Offset)
		sb.WriteString(start)
		open = append(open, e)
	}
	closeBefore(len(u) + 1)
	write(len(u))
	return template.HTML(sb.String()) //nolint:gosec // every part is a constant or escaped above
}

// fits reports that an entity lies within the text and tears no surrogate pair.
func fits(e Entity, u []uint16) bool {
	end := e.Offset + e.Length
	return e.Length > 0 && end <= len(u) && !lowHalf(u, e.Offset) && !lowHalf(u, end)
}

func lowHalf(u []uint16, at int) bool { return at < len(u) && u[at] >= 0xDC00 && u[at] <= 0xDFFF }

func nests(open []Entity, e Entity) bool {
	if len(open) == 0 {
		return true
	}
	top := open[len(open)-1]
	return e.Offset+e.Length <= top.Offset+top.Length
}

// tagsOf returns "" for entities that are shown as plain text.
func tagsOf(e Entity, u []uint16) (start, end string) {
	if t, ok := entityTags[e.Type]; ok {
		return t[0], t[1]
	}
	target := e.URL
	switch e.Type {
	case "text_link":
	case "url":
		target = sub(string(utf16.Decode(u)), e.Offset, e.Length)
	case "email":
		target = "mailto:" + sub(string(utf16.Decode(u)), e.Offset, e.Length)
	default:
		return "", ""
	}
	if target = safeURL(target); target == "" {
		return "", ""
	}
	return `<a href="` + html.EscapeString(target) + `" target="_blank" rel="noopener noreferrer">`, "</a>"
}

// safeURL lets through what a link may lead to, "" for anything else.
func safeURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	switch u.Scheme {
	case "http", "https", "mailto", "tel", "tg":
		return u.String()
	default:
		return ""
	}
}

// pageWords are the page's own words.
var pageWords = map[string]map[string]string{
	"en": {
		"title": "Telegram (stand-in)", "hint": "A local stand-in for Telegram. What you write travels to the bot as a real update.",
		"chats": "Chats", "private": "private chat with the bot", "group": "group", "log": "Conversation", "empty": "Nothing here yet. Press Start, or just write.",
		"write": "Message", "send": "Send", "as": "Write as", "start": "Start", "commands": "Commands",
		"deleted": "deleted by the bot", "edited": "edited", "edit": "Edit", "cancel": "Cancel", "editing": "Editing a message",
		"typing": "is typing…", "block": "Block the bot", "unblock": "Unblock the bot", "blocked": "You have blocked the bot.",
		"attach": "Attach", "download": "Download", "switch": "中文", "mention": "Mention the bot", "grouphint": "In a group the bot hears only what mentions it, replies to it, or is a command.",
		"topic": "A topic was opened", "waiting": "waiting for the bot", "opens": "opens a web page", "failed": "Not sent. Is Deskbell running?",
		"media_photo": "Photo", "media_voice": "Voice message", "media_document": "File", "media_sticker": "Sticker", "media_location": "Location",
		"you": "You",
	},
	"zh": {
		"title": "Telegram（本机模拟）", "hint": "这是本机模拟的 Telegram，您写的内容会像在真的 Telegram 里一样送到机器人那里。",
		"chats": "聊天", "private": "与机器人的私聊", "group": "群组", "log": "对话", "empty": "这里还没有内容。点“开始”，或直接输入。",
		"write": "消息", "send": "发送", "as": "发言人", "start": "开始", "commands": "命令",
		"deleted": "已被机器人删除", "edited": "已编辑", "edit": "编辑", "cancel": "取消", "editing": "正在编辑消息",
		"typing": "正在输入…", "block": "屏蔽机器人", "unblock": "解除屏蔽", "blocked": "您已屏蔽机器人。",
		"attach": "附件", "download": "下载", "switch": "English", "mention": "提及机器人", "grouphint": "在群组里，机器人只理会提到它、回复它的消息和命令。",
		"topic": "新话题已创建", "waiting": "等待机器人回应", "opens": "打开网页", "failed": "未发送。Deskbell 在运行吗？",
		"media_photo": "照片", "media_voice": "语音消息", "media_document": "文件", "media_sticker": "贴纸", "media_location": "位置",
		"you": "您",
	},
}
