package bot

import (
	"github.com/deskbell/deskbell/faq"
	"github.com/deskbell/deskbell/intents/lang"
)

// textKey names a sentence of the bot's own, as opposed to the library's.
type textKey string

const (
	txtGreeting      textKey = "greeting"
	txtHelped        textKey = "helped"
	txtYes           textKey = "yes"
	txtNo            textKey = "no"
	txtHuman         textKey = "human"
	txtNoneOfThese   textKey = "none_of_these"
	txtMenu          textKey = "menu"
	txtGlad          textKey = "glad"
	txtSorry         textKey = "sorry"
	txtWhichOne      textKey = "which_one"
	txtUnknown       textKey = "unknown"
	txtUnknownNear   textKey = "unknown_near"
	txtUnknownPart   textKey = "unknown_part"
	txtThisOne       textKey = "this_one"
	txtSomethingElse textKey = "something_else"
	txtWordless      textKey = "wordless"
	txtNumber        textKey = "number"
	txtAlsoUnknown   textKey = "also_unknown"
	txtSame          textKey = "same"
	txtCommands      textKey = "commands"
	txtNoCommand     textKey = "no_command"
	txtGoOn          textKey = "go_on"
	txtBye           textKey = "bye"
	txtSayAgain      textKey = "say_again"
	txtPassing       textKey = "passing"
	txtQueued        textKey = "queued"
	txtWhyMissed     textKey = "why_missed"
	txtWhyRejected   textKey = "why_rejected"
	txtWhySerious    textKey = "why_sensitive"
	txtWhyFailure    textKey = "why_failure"
	txtStillWaiting  textKey = "still_waiting"
	txtAdded         textKey = "added"
	txtAddedToo      textKey = "added_too"
	txtPickLanguage  textKey = "pick_language"
	txtLanguageSet   textKey = "language_set"
	txtLanguageAuto  textKey = "language_auto"
	txtTranscript    textKey = "transcript"
	txtForgetAsk     textKey = "forget_ask"
	txtForgetYes     textKey = "forget_yes"
	txtForgetNo      textKey = "forget_no"
	txtForgotten     textKey = "forgotten"
	txtKept          textKey = "kept"
	txtMedia         textKey = "media"
	txtHeld          textKey = "held"

	txtRefused        textKey = "refused"
	txtRefusedAgain   textKey = "refused_again"
	txtDeleted        textKey = "deleted"
	txtNotDeleted     textKey = "not_deleted"
	txtNoTranscript   textKey = "no_transcript"
	txtCannotDelete   textKey = "cannot_delete"
	txtCannotSlack    textKey = "cannot_delete_slack"
	txtDespite        textKey = "despite"
	txtAdvicePassword textKey = "advice_password"
	txtAdviceOTP      textKey = "advice_otp"
	txtAdviceCard     textKey = "advice_card"
	txtAdviceID       textKey = "advice_id"
	txtAdviceKey      textKey = "advice_key"
	txtAdviceAccount  textKey = "advice_account"
	txtAdviceOther    textKey = "advice_other"
)

// sentences holds the bot's own words. zh-Hant is derived from zh-Hans like the library's.
var sentences = map[textKey]faq.Texts{
	txtGreeting: {
		lang.En:     "Hello! I'm the support assistant of {{name}}. Ask me anything in your own words, or pick a question below.\n\nPlease never send passwords, codes or card numbers here: nobody at {{name}} needs them.",
		lang.ZhHans: "您好！我是 {{name}} 的客服助手。直接用您自己的话提问，或点下面的常见问题。\n\n请不要在这里发送密码、验证码或卡号：{{name}} 的任何人都不需要它们。",
	},
	txtHelped:      {lang.En: "Did this help?", lang.ZhHans: "这个回答有帮助吗？"},
	txtYes:         {lang.En: "Yes", lang.ZhHans: "有帮助"},
	txtNo:          {lang.En: "No", lang.ZhHans: "没帮助"},
	txtHuman:       {lang.En: "Talk to a person", lang.ZhHans: "转人工客服"},
	txtNoneOfThese: {lang.En: "None of these", lang.ZhHans: "都不是"},
	txtMenu:        {lang.En: "Common questions", lang.ZhHans: "常见问题"},
	txtGlad:        {lang.En: "Glad to hear it. Is there anything else?", lang.ZhHans: "很高兴能帮到您。还有其他问题吗？"},
	txtSorry: {
		lang.En:     "Sorry that this did not help. Tell me in other words what you need, or let a person look at it.",
		lang.ZhHans: "抱歉没能帮到您。请换个说法告诉我您的需求，或者让人工客服来看看。",
	},
	txtWhichOne:      {lang.En: "I want to get this right. Which one do you mean?", lang.ZhHans: "我想确认一下，您指的是哪一个？"},
	txtThisOne:       {lang.En: "Do you mean this?", lang.ZhHans: "您是想问这个吗？"},
	txtSomethingElse: {lang.En: "Something else", lang.ZhHans: "不是"},
	txtUnknown: {
		lang.En:     "I don't have a sure answer to that. Could you say it in other words? Below is what people ask most, and a person can help too.",
		lang.ZhHans: "这个问题我没有把握回答，您能换个说法吗？下面是大家常问的问题，也可以转人工客服。",
	},
	txtUnknownNear: {
		lang.En:     "I don't have a sure answer to that. Is it one of these? If not, say it in other words or talk to a person.",
		lang.ZhHans: "这个问题我没有把握回答。您想问的是下面这些吗？如果不是，请换个说法，或转人工客服。",
	},
	txtUnknownPart: {
		lang.En:     "I don't have a sure answer to this one. Say it in other words, or talk to a person.",
		lang.ZhHans: "这个问题我没有把握回答。请换个说法，或转人工客服。",
	},
	txtWordless: {
		lang.En:     "I'm here. Tell me in words what you need, or pick a question below.",
		lang.ZhHans: "我在。请用文字告诉我您需要什么，或点下面的常见问题。",
	},
	txtNumber: {
		lang.En:     "If this is an order number: I can't look into payments, but a colleague can. Tell me in words what happened, or talk to a person.",
		lang.ZhHans: "如果这是订单号：我查不到具体的交易，但人工客服可以。请用文字告诉我遇到了什么问题，或转人工客服。",
	},
	txtAlsoUnknown: {
		lang.En:     "I have no sure answer to the other question in your message. Ask it again in other words, or talk to a person.",
		lang.ZhHans: "您消息里的另一个问题我没有把握回答。请换个说法再问一次，或转人工客服。",
	},
	txtSame: {
		lang.En:     "My answer above on “{title}” is all I know about that. If it does not solve it, a person can look at your case.",
		lang.ZhHans: "关于“{title}”，我知道的都在上面的回答里。如果还没有解决，可以请人工客服查看您的具体情况。",
	},
	txtCommands: {
		lang.En:     "You can type:\n\n- /start – common questions\n- /human – talk to a person\n- /language – choose the language\n- /transcript – get our conversation as a file\n- /forget – delete what you wrote here",
		lang.ZhHans: "您可以输入：\n\n- /start – 常见问题\n- /human – 转人工客服\n- /language – 选择语言\n- /transcript – 获取对话记录文件\n- /forget – 删除您在这里写的内容",
	},
	txtNoCommand: {lang.En: "I don't know that command. Just ask in your own words.", lang.ZhHans: "我不认识这个命令。直接用您自己的话提问就可以。"},
	txtGoOn:      {lang.En: "Go ahead, what is it?", lang.ZhHans: "请说，是什么问题？"},
	txtBye:       {lang.En: "All right. Write again any time.", lang.ZhHans: "好的，有需要随时找我。"},
	txtSayAgain: {
		lang.En:     "Understood, none of these. Please tell me in other words what you need.",
		lang.ZhHans: "明白，都不是。请换个说法告诉我您的需求。",
	},
	txtPassing: {
		lang.En:     "I'm passing you to a colleague, who will see what you wrote here, so you need not repeat it.",
		lang.ZhHans: "正在为您转接人工客服。客服会看到您在这里写的内容，您不必重复。",
	},
	txtQueued: {
		lang.En:     "You are in the queue for a colleague, who will see what you wrote here and answer in this chat.",
		lang.ZhHans: "已为您登记转接人工客服。客服会看到您在这里写的内容，并在这里回复您。",
	},
	txtWhyMissed: {
		lang.En:     "I still don't have a sure answer for you.",
		lang.ZhHans: "我还是没有把握回答您的问题。",
	},
	txtWhyRejected: {lang.En: "Sorry that my answers did not help.", lang.ZhHans: "抱歉我的回答没能帮到您。"},
	txtWhySerious:  {lang.En: "Because this is serious, it goes to a person with priority.", lang.ZhHans: "由于情况重要，您的问题会优先处理。"},
	txtWhyFailure:  {lang.En: "Something went wrong on my side.", lang.ZhHans: "我这边出了点问题。"},
	txtStillWaiting: {
		lang.En:     "You are in the queue, and a colleague will answer you here.",
		lang.ZhHans: "您已在排队中，人工客服会在这里回复您。",
	},
	txtAdded: {
		lang.En:     "Thank you, I have added this for the colleague who will answer you.",
		lang.ZhHans: "谢谢，我已把这条内容补充给将要回复您的客服。",
	},
	txtAddedToo:     {lang.En: "I have added this too.", lang.ZhHans: "这条也已补充给客服。"},
	txtPickLanguage: {lang.En: "Which language shall I use?", lang.ZhHans: "请选择语言："},
	txtLanguageSet:  {lang.En: "I'll answer in English from now on. /language changes it.", lang.ZhHans: "接下来我会用简体中文回答。输入 /language 可以更改。", lang.ZhHant: "接下來我會用繁體中文回答。輸入 /language 可以更改。"},
	txtLanguageAuto: {lang.En: "I'll answer in the language you write.", lang.ZhHans: "我会用您使用的语言回答。"},
	txtTranscript:   {lang.En: "Here is our conversation as a file.", lang.ZhHans: "这是我们的对话记录文件。"},
	txtForgetAsk: {
		lang.En:     "Shall I delete everything you wrote here, and what I answered? This cannot be undone, and a waiting request loses its text too.",
		lang.ZhHans: "确定要删除您在这里写的全部内容和我的回答吗？此操作无法撤销，正在等待的请求也会失去其内容。",
	},
	txtForgetYes: {lang.En: "Delete everything", lang.ZhHans: "全部删除"},
	txtForgetNo:  {lang.En: "Keep it", lang.ZhHans: "保留"},
	txtForgotten: {
		lang.En:     "Done: what was written here is deleted from our system. If your chat app still shows it, delete it there too.",
		lang.ZhHans: "已完成：这里的内容已从我们的系统中删除。如果您的聊天软件中仍有显示，请在那里一并删除。",
	},
	txtKept: {lang.En: "Nothing was deleted.", lang.ZhHans: "没有删除任何内容。"},
	txtMedia: {
		lang.En:     "I can only read text so far. Please tell me in words what it shows, without passwords, codes or card numbers, or talk to a person.",
		lang.ZhHans: "我目前只能看懂文字。请用文字描述内容（不要包含密码、验证码或卡号），或转人工客服。",
	},
	txtHeld: {
		lang.En:     "I can't give you that answer right now, because a contact in it needs to be checked first. A person can help you.",
		lang.ZhHans: "这个回答中的联系方式需要先核实，暂时无法提供。可以转人工客服。",
	},
	txtRefused:      {lang.En: "I removed your {kinds} before anything was stored. Nobody has seen it.", lang.ZhHans: "您发送的{kinds}在保存之前已被移除，没有任何人看到。"},
	txtRefusedAgain: {lang.En: "If you are unsure what is safe to send, a person can help you.", lang.ZhHans: "如果不确定哪些内容可以发送，可以转人工客服。"},
	txtDeleted:      {lang.En: "I'm also deleting your message from this chat.", lang.ZhHans: "我也会把您的这条消息从聊天中删除。"},
	txtNoTranscript: {
		lang.En:     "I could not send the file. A person can send you the conversation.",
		lang.ZhHans: "文件没能发送成功，可以转人工客服为您提供对话记录。",
	},
	txtNotDeleted: {
		lang.En:     "I could not delete your message from this chat. Please delete it yourself now.",
		lang.ZhHans: "我没能从聊天中删除您的那条消息，请您现在自行删除。",
	},
	txtCannotDelete: {
		lang.En:     "I can't delete your message here. Please delete it yourself now.",
		lang.ZhHans: "我无法在这里删除您的消息，请您现在自行删除。",
	},
	txtCannotSlack: {
		lang.En:     "Slack does not let me delete your message. Please do it now: point at the message, choose the three dots, then “Delete message”.",
		lang.ZhHans: "Slack 不允许我删除您的消息。请您现在自行删除：把鼠标移到消息上，点三个点，再选“删除消息”。",
	},
	txtDespite: {lang.En: "To your question:", lang.ZhHans: "关于您的问题："},
	txtAdvicePassword: {
		lang.En:     "Nobody at {{name}} ever asks for it. If you typed the real one, change it now in the app or on the website, and wherever else you use it.",
		lang.ZhHans: "{{name}} 的任何人都不会向您索要它。如果这是真实的密码，请立即在 App 或官网修改；其他地方用了相同密码的也请一并修改。",
	},
	txtAdviceOTP: {
		lang.En:     "A code belongs only into the app or the website. Nobody at {{name}} ever asks for it. If somebody did ask you for it, that is fraud: tell a person here at once.",
		lang.ZhHans: "验证码只能填在 App 或官网里，{{name}} 的任何人都不会索要。如果有人向您要验证码，那是诈骗，请立即转人工客服。",
	},
	txtAdviceCard: {
		lang.En:     "Enter card details only on the payment page of the app or the website. The last four digits are enough here. If you typed the security code too, ask your bank to replace the card.",
		lang.ZhHans: "卡片信息只应填写在 App 或官网的支付页面。在这里只需说卡号后四位。如果还发了安全码，请联系发卡行换卡。",
	},
	txtAdviceID: {
		lang.En:     "Identity numbers belong only into the verification page of the app or the website.",
		lang.ZhHans: "证件号码只应在 App 或官网的实名认证页面填写。",
	},
	txtAdviceKey: {
		lang.En:     "Whoever has it controls your money or access. Treat it as stolen: move the funds or replace the key now.",
		lang.ZhHans: "任何人拿到它都能控制您的资金或权限。请视为已泄露：立即转移资金或更换密钥。",
	},
	txtAdviceAccount: {
		lang.En:     "Bank details belong only into the cards and banks page of the app or the website. The last four digits are enough here.",
		lang.ZhHans: "银行账号只应在 App 或官网的银行卡页面填写。在这里只需说后四位。",
	},
	txtAdviceOther: {
		lang.En:     "Please send it again without anything secret.",
		lang.ZhHans: "请去掉敏感信息后重新发送。",
	},
}

func (r *Release) say(key textKey, tag lang.Tag) string { return r.Library.Text(sentences[key], tag) }
