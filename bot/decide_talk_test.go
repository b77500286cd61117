package bot

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot/guard"
	"github.com/deskbell/deskbell/intents/lang"
)

// step is one turn of a talk and what must come of it.
type step struct {
	say     string // what the user writes, or
	press   string // the action of the button pressed
	want    Decision
	says    string // stands in the replies
	not     string // does not
	handoff Reason
}

// talk plays steps against a conversation that remembers, a minute apart.
func talk(t *testing.T, rel *Release, c Conversation, steps []step) Conversation {
	t.Helper()
	now := monday
	for _, s := range steps {
		now = now.Add(time.Minute)
		h := said(s.say)
		if s.press != "" {
			h = pressed(s.press)
		}
		got := Decide(c, []Heard{h}, rel, now)
		what := s.say + s.press
		if got.Decision != s.want {
			t.Errorf("%q: decision %q, want %q; says %q", what, got.Decision, s.want, allText(got))
		}
		if !strings.Contains(allText(got), s.says) {
			t.Errorf("%q: says %q, want %q in it", what, allText(got), s.says)
		}
		if s.not != "" && strings.Contains(allText(got), s.not) {
			t.Errorf("%q: says %q, want no %q in it", what, allText(got), s.not)
		}
		switch {
		case s.handoff == "" && got.Handoff != nil && !c.Waiting:
			t.Errorf("%q: handed over: %+v", what, got.Handoff)
		case s.handoff != "" && (got.Handoff == nil || got.Handoff.Reason != s.handoff):
			t.Errorf("%q: handoff %+v, want %s", what, got.Handoff, s.handoff)
		}
		c.State, c.Waiting = got.State, c.Waiting || got.Handoff != nil
		if got.Lang != "" {
			c.Lang = got.Lang
		}
	}
	return c
}

func TestTalk(t *testing.T) {
	rel := smallLibrary(t)
	for name, steps := range map[string][]step{
		"yes with thanks, then nothing else": {
			{say: "how long does a refund take", want: Answer, says: "working days"},
			{say: "Yes, thanks!", want: Smalltalk, says: "Is there anything else?"},
			{say: "no, that's all", want: Smalltalk, says: "Write again any time"},
		},
		"anything else? yes": {
			{say: "退款多久到账", want: Answer},
			{say: "有用，谢谢", want: Smalltalk, says: "还有其他问题吗"},
			{say: "有的", want: Smalltalk, says: "请说"},
		},
		"no said twice calls a person": {
			{say: "退款多久到账", want: Answer},
			{say: "没用", want: Smalltalk, says: "换个说法"},
			{say: "还是没用啊", want: Handoff, handoff: ReasonRejected, says: "抱歉"},
		},
		"an answer is not said again": {
			{say: "what are your fees", want: Answer, says: "costs nothing"},
			{say: "how much do you charge for a transfer", want: Answer, says: "My answer above", not: "costs nothing"},
			{say: "is there a commission", want: Handoff, handoff: ReasonRejected},
		},
		"in another language it is": {
			{say: "what are your fees", want: Answer, says: "costs nothing"},
			{say: "手续费是多少", want: Answer, says: "转账免费"},
		},
		"a button says it again": {
			{say: "what are your fees", want: Answer, says: "costs nothing"},
			{press: "ask:fees", want: Answer, says: "costs nothing"},
		},
		"what did not help goes to a person": {
			{say: "what are your fees", want: Answer},
			{press: "no:fees", want: Smalltalk},
			{say: "how much do you charge for a transfer", want: Handoff, handoff: ReasonRejected},
		},
		"a serious matter is not told twice": {
			{say: "my account was hacked", want: Handoff, handoff: ReasonSensitive, says: "Lock the account"},
			{say: "there is a payment I did not make", want: Handoff, says: "added this", not: "Lock the account"},
		},
		"not understood after an answer that did not help calls a person": {
			{say: "what are your fees", want: Answer},
			{say: "👎", want: Smalltalk, says: "Sorry"},
			{say: "what is the tallest volcano on Mars", want: Handoff, handoff: ReasonNotUnderstood},
			{say: "please paint my bicycle purple", want: Handoff, says: "added this too"},
		},
		"greetings of one who waits": {
			{say: "agent", want: Handoff, handoff: ReasonAsked},
			{say: "agent", want: Handoff, handoff: ReasonAsked, says: "You are in the queue"},
		},
		"an ignored question whether to forget is not answered by a later yes": {
			{say: "/forget", want: Smalltalk, says: "Shall I delete"},
			{say: "what are your fees", want: Answer},
			{say: "yes", want: Smalltalk, says: "Glad"},
		},
		"forget, called off in words": {
			{say: "退款多久到账", want: Answer},
			{say: "/forget", want: Smalltalk, says: "确定要删除"},
			{say: "算了", want: Smalltalk, says: "没有删除"},
		},
		"commands": {
			{say: "/nonsense", want: Smalltalk, says: "/transcript"},
			{say: "/fees", want: Answer, says: "costs nothing"},
			{say: "/help@deskbell_bot", want: Smalltalk, says: "/forget"},
			{say: "菜单", want: Smalltalk, says: "客服助手"},
		},
		"signs without words": {
			{say: "???", want: Unknown, says: "Tell me in words"},
			{say: "what are your fees", want: Answer},
			{say: "👍", want: Smalltalk, says: "Glad"},
			{say: "🙏", want: Smalltalk, says: "Write again"},
			{say: "2", want: Unknown, says: "Tell me in words"},
		},
		"an order number": {
			{say: "202611230001234", want: Unknown, says: "order number"},
			{say: "what is the tallest volcano on Mars", want: Unknown, says: "sure answer"},
		},
		"ok does not change the language": {
			{say: "手续费是多少", want: Answer, says: "转账免费"},
			{say: "yes", want: Smalltalk, says: "很高兴"},
		},
		"characters of both scripts do not change the script": {
			{say: "退款多久到賬", want: Answer, says: "個工作日"},
			{say: "有用", want: Smalltalk, says: "還有其他問題嗎"},
		},
	} {
		t.Run(name, func(t *testing.T) { talk(t, rel, Conversation{Owner: OwnerBot}, steps) })
	}
}

func TestOneOfferedIsTakenByYes(t *testing.T) {
	rel := smallLibrary(t)
	for say, want := range map[string]Decision{"yes": Answer, "1": Answer, "the first one": Answer, "no": Unknown, "2": Unknown, "none of these": Unknown} {
		c := Conversation{Owner: OwnerBot, State: State{Offered: []string{"fees"}, Asked: "q"}}
		talk(t, rel, c, []step{{say: say, want: want}})
	}
}

// TestChosenQuestionIsNotOpen: what is answered by a button was the question the button was offered for.
func TestChosenQuestionIsNotOpen(t *testing.T) {
	rel := smallLibrary(t)
	d := &decider{conv: Conversation{Owner: OwnerBot}, rel: rel, now: monday}
	j := d.judgeText(ask{text: "how much is the refund fee", tag: lang.En})
	d.offer(j)
	if len(d.turn.State.Offered) == 0 {
		t.Fatal("nothing was offered")
	}
	c := Conversation{Owner: OwnerBot, State: d.turn.State}
	after := talk(t, rel, c, []step{{press: "ask:" + d.turn.State.Offered[0], want: Answer}})
	if len(after.State.Open) != 0 || after.State.Answered[0].Question != "how much is the refund fee" {
		t.Errorf("open %+v, answered %+v", after.State.Open, after.State.Answered)
	}
}

func TestClosedIsSaid(t *testing.T) {
	rel := smallLibrary(t)
	night := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	if got := allText(Decide(Conversation{Owner: OwnerBot}, []Heard{said("agent")}, rel, night)); !strings.Contains(got, "in the queue") {
		t.Errorf("at night: %q", got)
	}
	if got := allText(Decide(Conversation{Owner: OwnerBot}, []Heard{said("agent")}, rel, monday)); !strings.Contains(got, "passing you") {
		t.Errorf("in the morning: %q", got)
	}
}

// TestNoPersonTwice: who waits for a person is offered none.
func TestNoPersonTwice(t *testing.T) {
	rel := smallLibrary(t)
	c := Conversation{Owner: OwnerBot, Waiting: true}
	for _, s := range []string{"what are your fees", "/start", "???", "what are your fees? how long does a refund take?"} {
		for _, r := range Decide(c, []Heard{said(s)}, rel, monday).Replies {
			if slices.ContainsFunc(r.Buttons, func(b Button) bool { return b.Action == string(verbHuman) }) {
				t.Errorf("%q: %+v", s, r.Buttons)
			}
		}
	}
}

func TestQuestionBesideSecretIsOneReply(t *testing.T) {
	rel := smallLibrary(t)
	h := said("my password is "+guard.Mark(guard.Password)+". What are your fees?", guard.Password)
	got := Decide(Conversation{Owner: OwnerBot}, []Heard{h}, rel, monday)
	if len(got.Replies) != 2 || !strings.HasPrefix(got.Replies[1].Text, "To your question:") || !strings.Contains(got.Replies[1].Text, "costs nothing") {
		t.Errorf("replies %+v", got.Replies)
	}
}

func TestRestOfAMessageIsNotPassedOver(t *testing.T) {
	rel := smallLibrary(t)
	got := Decide(Conversation{Owner: OwnerBot}, []Heard{said("What are your fees? What is the tallest volcano on Mars?")}, rel, monday)
	if text := allText(got); !strings.Contains(text, "costs nothing") || !strings.Contains(text, "sure answer") || len(got.State.Open) != 1 {
		t.Errorf("says %q; open %+v", text, got.State.Open)
	}
}

func TestCommandSaysNothingOfTheLanguage(t *testing.T) {
	rel := smallLibrary(t)
	h := said("/start")
	h.User.Language = lang.ZhHans
	if got := Decide(Conversation{Owner: OwnerBot}, []Heard{h}, rel, monday); got.Replies[0].Lang != lang.ZhHans {
		t.Errorf("%s, want the language of the client", got.Replies[0].Lang)
	}
}

// TestSentences: every sentence is written in both languages, Chinese with full-width marks and in full in traditional
// characters.
func TestSentences(t *testing.T) {
	rel := smallLibrary(t)
	narrow := regexp.MustCompile(`\p{Han}[,?!:;()]|[,?!:;()]\p{Han}`)
	for key, texts := range sentences {
		for _, tag := range []lang.Tag{lang.En, lang.ZhHans, lang.ZhHant} {
			text := rel.Library.Text(texts, tag)
			if text == "" || tag != lang.En && text == texts[lang.En] {
				t.Errorf("%s is missing in %s", key, tag)
			}
			if m := narrow.FindString(text); m != "" {
				t.Errorf("%s: %q in %q", key, m, text)
			}
		}
	}
}
