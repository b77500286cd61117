package main

import (
	"embed"
	"html/template"
	"net/http"
	"strings"
)

//go:embed demo
var demoFiles embed.FS

// landingText is the demo's first page in one language.
type landingText struct {
	Title, Language, Heading, Lead                 string
	Users, Web, WebText, TelegramText, SlackText   string
	People, Inbox, InboxText, Console, ConsoleText string
	Ask, Small                                     string
	Tries                                          []try
}

// try is something worth typing and what comes of it.
type try struct{ Text, Note string }

var landingTexts = map[string]landingText{
	"en": {
		Title: "Deskbell demo", Language: "Language", Heading: "A support desk that answers first, and hands over well",
		Lead:  "Everything here is the real program on this machine: ask as a user, then pick the conversation up as an agent.",
		Users: "As a user", Web: "Web chat", WebText: "The widget a website embeds. It is also at the corner of this page.",
		TelegramText: "A stand-in of Telegram with a private chat and a group. The bot talks to it through the real Telegram adapter.",
		SlackText:    "A stand-in of Slack, with a direct message and a channel with threads.",
		People:       "As a person who helps", Inbox: "Inbox", InboxText: "Agents claim, answer, return and resolve conversations.",
		Console: "Console", ConsoleText: "Admins see what is asked, what went unanswered, and what the library says.",
		Ask: "Try these", Small: "Nothing leaves this machine. All people are invented.",
		Tries: []try{
			{"How long does a refund take?", "one question, one answer"},
			{"How do I reset my password and how long does a refund take?", "two questions, each answered under its number"},
			{"My password is hunter2", "refused before it is stored, and on Telegram your message is deleted"},
			{"Talk to a person", "then open the inbox"},
		},
	},
	"zh-Hans": {
		Title: "Deskbell 演示", Language: "语言", Heading: "先由机器人回答，答不了就好好交给人",
		Lead:  "这里跑的就是真实的程序，全在您这台电脑上：先当一回用户来提问，再当一回客服来接入。",
		Users: "当用户", Web: "网页聊天", WebText: "嵌在网站里的聊天窗口，本页右下角也有一个。",
		TelegramText: "本机模拟的 Telegram：机器人用真正的 Telegram 适配器与它通信，有私聊，也有群组。",
		SlackText:    "本机模拟的 Slack：有私信，也有按消息列回复的频道。",
		People:       "当客服", Inbox: "收件箱", InboxText: "客服在这里接入会话、回复用户、交还给机器人或标记为已解决。",
		Console: "控制台", ConsoleText: "管理员在这里看用户问了什么、哪些没答上来、知识库里怎么写。",
		Ask: "试试这些", Small: "内容不会离开这台电脑，所有人物均为虚构。",
		Tries: []try{
			{"退款多久到账？", "一问一答"},
			{"忘记密码怎么办，还有手续费是多少？", "一句话里问两件事，分别编号作答"},
			{"我的密码是 hunter2", "保存之前就被拒收，在 Telegram 上还会删除原消息"},
			{"转人工", "然后打开收件箱"},
		},
	},
}

// landingPage is what the demo shows first.
type landingPage struct {
	Lang, Telegram, Slack string
	T                     landingText
}

// landingRoutes adds the demo's first page. The addresses are of the stand-ins' pages.
func landingRoutes(telegram, slack string) func(*http.ServeMux) {
	tmpl := template.Must(template.ParseFS(demoFiles, "demo/landing.html"))
	return func(mux *http.ServeMux) {
		mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
			lang := landingLang(r)
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; frame-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'")
			// The page is small and made of constants: an error can only be the reader's going away.
			_ = tmpl.Execute(w, landingPage{Lang: lang, Telegram: telegram, Slack: slack, T: landingTexts[lang]})
		})
		mux.HandleFunc("GET /demo/landing.css", func(w http.ResponseWriter, r *http.Request) {
			http.ServeFileFS(w, r, demoFiles, "demo/landing.css")
		})
	}
}

// landingLang is ?lang=, else what the browser prefers.
func landingLang(r *http.Request) string {
	if _, ok := landingTexts[r.URL.Query().Get("lang")]; ok {
		return r.URL.Query().Get("lang")
	}
	if strings.HasPrefix(strings.ToLower(r.Header.Get("Accept-Language")), "zh") {
		return "zh-Hans"
	}
	return "en"
}
