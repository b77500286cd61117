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
	"human", "agent", "person", "operator", "representative", "a person", "a human", "real person", "live agent", "human agent", "support agent",
	"talk to a human", "talk to a person", "talk to an agent", "speak to a human", "speak to a person", "speak to an agent",
	"talk to someone", "speak to someone", "human please", "agent please", "customer service",
}

func humanPhrases() []intents.Phrase {
	var out []intents.Phrase
	for _, w := range humanWords {
		out = append(out, intents.Phrase{Text: w})
	}
	for _, w := range []string{
		"我要跟真人说话", "请帮我转人工", "能不能找个人跟我聊", "我想和客服人员说话", "别用机器人了,给我转人工", "不想跟机器人聊", "有没有活人", "叫你们客服来",
		"可以帮我接人工客服吗", "我要找人工客服处理", "帮我联系一个真人客服", "机器人听不懂,换人", "转接客服人员",
		"I want to talk to a real person", "can I speak with a human being", "connect me to an agent", "let me talk to someone from support",
		"I don't want to talk to a bot", "get me a human", "transfer me to a representative", "put me through to a person", "is there a real person here",
		"please connect me with customer service", "stop the bot, I need a human", "can a person help me",
	} {
		out = append(out, intents.Phrase{Text: w})
	}
	return out
}
