package bot

import (
	"fmt"

	"github.com/deskbell/deskbell/faq"
	"github.com/deskbell/deskbell/intents"
	"github.com/deskbell/deskbell/intents/lang"
)

// HumanIntent is the built-in intent of wanting to talk to a person. No library entry may have this id.
const HumanIntent = "human"

// deskSchedule is the schedule that says when people answer handoffs, if the library has one of that id.
const deskSchedule = "support"

// Release is a published library with the classifier trained from it: immutable, safe for concurrent use.
type Release struct {
	Number     int
	Library    *faq.Library
	Classifier *intents.Classifier
}

// NewRelease trains the classifier on the library's phrases and the built-in intents.
func NewRelease(number int, lib *faq.Library) (*Release, error) {
	if _, ok := lib.Entry(HumanIntent); ok {
		return nil, fmt.Errorf("library %s: intent %q is built in; give the entry another id", lib.Name, HumanIntent)
	}
	in := []intents.Intent{{ID: HumanIntent, Phrases: humanPhrases()}}
	for i := range lib.Entries {
		in = append(in, intentOf(&lib.Entries[i]))
	}
	cl, err := intents.Train(in, intents.Options{Floor: -1})
	if err != nil {
		return nil, fmt.Errorf("train on library %s: %w", lib.Name, err)
	}
	return &Release{Number: number, Library: lib, Classifier: cl}, nil
}

func intentOf(e *faq.Entry) intents.Intent {
	in := intents.Intent{ID: e.Intent}
	for _, tag := range []lang.Tag{lang.En, lang.ZhHans, lang.ZhHant} {
		if t := e.Title[tag]; t != "" {
			in.Titles = append(in.Titles, t)
		}
		for _, p := range e.Phrases[tag] {
			in.Phrases = append(in.Phrases, intents.Phrase{Text: p, Lang: tag})
		}
	}
	return in
}

// Title is what an intent is called on a button.
func (r *Release) Title(intent string, tag lang.Tag) string {
	if intent == HumanIntent {
		return r.say(txtHuman, tag)
	}
	if e, ok := r.Library.Entry(intent); ok {
		return r.Library.Text(e.Title, tag)
	}
	return intent
}

// publicName is an agent's name as users may see it: "" for one that holds an address, since a name, too, carries only
// vetted facts (design rule 7). Somebody's login may be an e-mail address.
func (r *Release) publicName(name string) string {
	if len(r.Library.CheckOutgoing(name, nil)) > 0 {
		return ""
	}
	return name
}

// humanWords are whole messages that ask for a person whatever the classifier thinks.
var humanWords = []string{
	"人工", "转人工", "人工客服", "转人工客服", "真人", "真人客服", "找人工", "我要人工", "人工服务", "客服", "接人工", "转接人工", "人呢", "找客服",
	"活人", "我要真人", "我要找真人", "我要人工客服", "我要客服", "叫人来", "转客服", "呼叫人工", "转接客服", "客服人员", "在线人工", "人工人工", "专员", "转专员",
	"真人客服人員", "真人服務", "找真人", "專人", "專人服務",
	"human", "agent", "person", "operator", "representative", "a person", "a human", "real person", "live agent", "human agent", "support agent",
	"talk to a human", "talk to a person", "talk to an agent", "speak to a human", "speak to a person", "speak to an agent",
	"talk to someone", "speak to someone", "human please", "agent please", "customer service", "a real person", "real human", "live person", "live support",
	"stop the bot", "stop bot", "no bot", "no bots", "real agent", "rep", "customer support", "human being", "talk to support", "get me a human", "get me a person",
}

func humanPhrases() []intents.Phrase {
	var out []intents.Phrase
	for _, list := range [][]string{humanWords, humanSentences} {
		for _, w := range list {
			out = append(out, intents.Phrase{Text: w})
		}
	}
	return out
}

// humanSentences are ways to ask for a person, for the classifier.
var humanSentences = []string{
	"我要跟真人说话", "请帮我转人工", "能不能找个人跟我聊", "我想和客服人员说话", "别用机器人了给我转人工", "不想跟机器人聊", "有没有活人", "叫你们客服来",
	"可以帮我接人工客服吗", "我要找人工客服处理", "帮我联系一个真人客服", "机器人听不懂换人", "转接客服人员", "人工服务在吗", "怎么转人工", "如何接通人工客服",
	"我不想和机器人说话", "换真人来", "让人工来处理", "我需要人工帮助", "麻烦转一下人工", "请转接人工", "能不能让真人回复我", "找个客服跟我说", "有人工客服吗",
	"给我接客服", "我要和人说话", "机器人没用找人工", "你解决不了叫人来", "人工在哪里", "怎么找人工", "请专员联系我", "我要跟客服通话",
	"找个懂的人来", "叫个能解决问题的人", "跟你说不清楚", "换个人来", "我要跟活人讲", "有没有能管事的人",
	"我想找真人客服", "可以轉接真人嗎", "請幫我轉接客服人員", "不要機器人", "我要跟真人講話",
	"I want to talk to a real person", "can I speak with a human being", "connect me to an agent", "let me talk to someone from support",
	"I don't want to talk to a bot", "get me a human", "transfer me to a representative", "put me through to a person", "is there a real person here",
	"please connect me with customer service", "stop the bot I need a human", "can a person help me", "I need a human", "I want a real agent", "give me a person",
	"I'd rather talk to a person", "let me speak to a person", "can someone real answer me", "I need to speak with someone", "could I talk to somebody please",
	"switch me to an operator", "I want customer service to call me", "is anyone real there", "bots can't help me, I want a person", "may I speak to an agent",
	"get me somebody who knows", "let someone competent answer", "I need somebody who can decide", "you can't help me, get a colleague", "this is pointless, a person please",
	"how do I reach a human here", "forward me to a colleague", "pass me to a person", "escalate me to a human", "no more bot, a person please",
}
