package bot

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/deskbell/deskbell/bot/guard"
	"github.com/deskbell/deskbell/faq"
	"github.com/deskbell/deskbell/intents/lang"
)

var monday = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)

// smallLibrary has a few entries, enough to answer, to ask back, to be serious and to be polite.
func smallLibrary(t *testing.T) *Release {
	t.Helper()
	files := fstest.MapFS{
		"library.yaml": {Data: []byte("name: {en: OKPay, zh-Hans: OKPay}\n")},
		"contacts.yaml": {Data: []byte(`contacts:
  - {id: website, kind: url, value: "https://okpay.example.com", title: {en: Website, zh-Hans: 官网}, owner: web, verified: 2026-11-01}
schedules:
  - id: support
    title: {en: support, zh-Hans: 人工客服}
    zone: Asia/Shanghai
    week: {mon-fri: ["09:00-18:00"]}
`)},
		"entries/main.yaml": {Data: []byte(`topic: main
title: {en: Main, zh-Hans: 主要}
entries:
  - intent: refund_time
    title: {en: How long a refund takes, zh-Hans: 退款多久到账}
    featured: 1
    phrases:
      en: [how long does a refund take, when will I get my money back, refund not received yet]
      zh-Hans: [退款多久到账, 退的钱什么时候到, 退款几天能收到]
    answer: {en: "A refund takes 3 to 5 working days.", zh-Hans: "退款需要 3 到 5 个工作日。"}
    related: [fees]
  - intent: fees
    title: {en: Fees, zh-Hans: 手续费}
    featured: 2
    phrases:
      en: [what are your fees, how much do you charge for a transfer, is there a commission]
      zh-Hans: [手续费是多少, 转账收费吗, 收多少手续费]
    answer: {en: "A transfer costs nothing.", zh-Hans: "转账免费。"}
  - intent: account_hacked
    title: {en: Somebody used my account, zh-Hans: 账户被盗}
    priority: 1
    handoff: sensitive
    phrases:
      en: [my account was hacked, somebody stole money from my account, there is a payment I did not make]
      zh-Hans: [我的账户被盗了, 有人盗刷我的钱, 有一笔不是我付的款]
    answer: {en: "Lock the account in the app now.", zh-Hans: "请立即在 App 中锁定账户。"}
  - intent: thanks
    kind: smalltalk
    title: {en: Thanks, zh-Hans: 谢谢}
    phrases:
      en: [thanks, thank you very much]
      zh-Hans: [谢谢, 多谢你了]
    answer: {en: "You're welcome.", zh-Hans: "不客气。"}
`)},
	}
	lib, err := faq.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	rel, err := NewRelease(1, lib)
	if err != nil {
		t.Fatal(err)
	}
	return rel
}

func said(text string, kinds ...guard.Kind) Heard {
	return Heard{Event: Event{Kind: EventMessage, MessageID: "m1", Text: text, Private: true, Deletable: true}, Findings: kinds}
}

func pressed(act string) Heard {
	return Heard{Event: Event{Kind: EventButton, MessageID: "m0", Action: act, Private: true}}
}

func allText(t Turn) string {
	var sb strings.Builder
	for _, r := range t.Replies {
		sb.WriteString(r.Text + "\n")
	}
	return sb.String()
}

func TestDecideOneMessage(t *testing.T) {
	rel := smallLibrary(t)
	tests := []struct {
		name     string
		text     string
		want     Decision
		lang     lang.Tag
		says     string
		handoff  Reason
		priority int
	}{
		{"answer in English", "how long does a refund take?", Answer, lang.En, "3 to 5 working days", "", 0},
		{"answer in Chinese", "退款多久到账?", Answer, lang.ZhHans, "3 到 5 个工作日", "", 0},
		{"answer in traditional Chinese", "退款多久到賬?", Answer, lang.ZhHant, "3 到 5 個工作日", "", 0},
		{"person, Chinese", "转人工", Handoff, lang.ZhHans, "{{open.support}}", ReasonAsked, 3},
		{"person, English", "I want to talk to a human!", Handoff, lang.En, "colleague", ReasonAsked, 3},
		{"person, one word", "agent", Handoff, lang.En, "colleague", ReasonAsked, 3},
		{"serious", "my account was hacked", Handoff, lang.En, "Lock the account", ReasonSensitive, 1},
		{"polite", "thank you very much", Smalltalk, lang.En, "welcome", "", 0},
		{"unknown", "what is the tallest volcano on Mars", Unknown, lang.En, "don't have a sure answer", "", 0},
		{"start", "/start", Smalltalk, lang.En, "support assistant", "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Decide(Conversation{Owner: OwnerBot}, []Heard{said(tt.text)}, rel, monday)
			if got.Decision != tt.want {
				t.Errorf("decision %q, want %q; questions %+v", got.Decision, tt.want, got.Questions)
			}
			if len(got.Replies) == 0 || got.Replies[0].Lang != tt.lang {
				t.Errorf("replies %+v, want language %s", got.Replies, tt.lang)
			}
			if !strings.Contains(allText(got), tt.says) {
				t.Errorf("says %q, want %q in it", allText(got), tt.says)
			}
			switch {
			case tt.handoff == "" && got.Handoff != nil:
				t.Errorf("handed over: %+v", got.Handoff)
			case tt.handoff != "" && (got.Handoff == nil || got.Handoff.Reason != tt.handoff || got.Handoff.Priority != tt.priority):
				t.Errorf("handoff %+v, want %s with priority %d", got.Handoff, tt.handoff, tt.priority)
			}
		})
	}
}

func TestDecideRefusesAndStillAnswers(t *testing.T) {
	rel := smallLibrary(t)
	h := said("我的密码是 "+guard.Mark(guard.Password)+",退款多久到账?", guard.Password)
	got := Decide(Conversation{Owner: OwnerBot}, []Heard{h}, rel, monday)
	if got.Decision != Refuse || !slices.Equal(got.Delete, []string{"m1"}) {
		t.Errorf("decision %q, delete %v", got.Decision, got.Delete)
	}
	for _, want := range []string{"已被移除", "立即在 App 或官网修改", "3 到 5 个工作日"} {
		if !strings.Contains(allText(got), want) {
			t.Errorf("says %q, want %q in it", allText(got), want)
		}
	}
}

func TestDecideOnSlackSaysHowToDelete(t *testing.T) {
	rel := smallLibrary(t)
	h := said("my card is "+guard.Mark(guard.PAN), guard.PAN)
	h.Deletable = false
	got := Decide(Conversation{Owner: OwnerBot, Address: Address{Channel: "slack"}}, []Heard{h}, rel, monday)
	if len(got.Delete) != 0 || !strings.Contains(allText(got), "Slack does not let me") {
		t.Errorf("delete %v, says %q", got.Delete, allText(got))
	}
}

func TestDecideSeveralQuestionsAreNumbered(t *testing.T) {
	rel := smallLibrary(t)
	got := Decide(Conversation{Owner: OwnerBot}, []Heard{said("How long does a refund take? And what are your fees?")}, rel, monday)
	text := allText(got)
	if got.Decision != Answer || len(got.Replies) != 1 || !strings.Contains(text, `**1\.`) || !strings.Contains(text, `**2\.`) {
		t.Errorf("decision %q, says %q", got.Decision, text)
	}
}

func TestDecideTwoMissesCallAPerson(t *testing.T) {
	rel := smallLibrary(t)
	c := Conversation{Owner: OwnerBot}
	first := Decide(c, []Heard{said("what is the tallest volcano on Mars")}, rel, monday)
	c.State = first.State
	second := Decide(c, []Heard{said("please paint my bicycle purple")}, rel, monday)
	if second.Handoff == nil || second.Handoff.Reason != ReasonNotUnderstood || len(second.Handoff.Open) != 2 {
		t.Errorf("handoff %+v, want both questions open", second.Handoff)
	}
}

func TestDecideTwoRejectionsCallAPerson(t *testing.T) {
	rel := smallLibrary(t)
	c := Conversation{Owner: OwnerBot}
	c.State = Decide(c, []Heard{said("how long does a refund take")}, rel, monday).State
	first := Decide(c, []Heard{said("that didn't help")}, rel, monday)
	if first.Handoff != nil || first.State.Answered[0].Verdict != VerdictNo {
		t.Fatalf("first no: %+v", first)
	}
	c.State = first.State
	c.State = Decide(c, []Heard{said("what are your fees")}, rel, monday).State
	second := Decide(c, []Heard{pressed("no:fees")}, rel, monday)
	if second.Handoff == nil || second.Handoff.Reason != ReasonRejected {
		t.Errorf("second no: handoff %+v", second.Handoff)
	}
}

func TestDecideBurstIsAnsweredOnce(t *testing.T) {
	rel := smallLibrary(t)
	a, b := said("how long does a refund take"), said("refund not received yet")
	a.MessageID, b.MessageID = "m1", "m2"
	got := Decide(Conversation{Owner: OwnerBot}, []Heard{a, b}, rel, monday)
	if len(got.Replies) != 1 || strings.Count(allText(got), "working days") != 1 {
		t.Errorf("says %q", allText(got))
	}
}

func TestDecideEditInTheBurstReplacesTheMessage(t *testing.T) {
	rel := smallLibrary(t)
	edit := said("what are your fees")
	edit.Kind = EventEdit
	got := Decide(Conversation{Owner: OwnerBot}, []Heard{said("how long does a refund take"), edit}, rel, monday)
	if text := allText(got); strings.Contains(text, "working days") || !strings.Contains(text, "costs nothing") {
		t.Errorf("says %q", text)
	}
}

func TestDecideIsSilentWhileHumansOwn(t *testing.T) {
	rel := smallLibrary(t)
	c := Conversation{Owner: OwnerHuman, State: State{Answered: []Answered{{Intent: "fees"}}}}
	for _, h := range []Heard{said("how long does a refund take"), said("转人工"), said("yes"), pressed("no:fees"), pressed("none"), said("/start")} {
		if got := Decide(c, []Heard{h}, rel, monday); len(got.Replies) != 0 || got.Handoff != nil {
			t.Errorf("%q: the bot spoke: %+v", h.Text+h.Action, got)
		}
	}
	got := Decide(c, []Heard{said("pw "+guard.Mark(guard.Password), guard.Password)}, rel, monday)
	if got.Decision != Refuse || len(got.Delete) != 1 || len(got.Replies) != 1 {
		t.Errorf("a disclosure to an agent must still be refused: %+v", got)
	}
}

func TestDecideWhileWaiting(t *testing.T) {
	rel := smallLibrary(t)
	c := Conversation{Owner: OwnerBot, Waiting: true}
	if got := Decide(c, []Heard{said("what are your fees")}, rel, monday); got.Decision != Answer {
		t.Errorf("an answer that is known is given while waiting: %q", got.Decision)
	}
	got := Decide(c, []Heard{said("my bicycle is purple now")}, rel, monday)
	if got.Handoff == nil || len(got.Handoff.Open) != 1 || !strings.Contains(allText(got), "added this") {
		t.Errorf("what is not understood is added to the request: %+v", got)
	}
}

func TestDecideLanguageChoice(t *testing.T) {
	rel := smallLibrary(t)
	c := Conversation{Owner: OwnerBot}
	set := Decide(c, []Heard{said("/language en")}, rel, monday)
	if set.LangFixed != lang.En {
		t.Fatalf("LangFixed %q", set.LangFixed)
	}
	c.LangFixed = set.LangFixed
	if got := Decide(c, []Heard{said("退款多久到账")}, rel, monday); !strings.Contains(allText(got), "working days") {
		t.Errorf("the chosen language is kept: %q", allText(got))
	}
	if got := Decide(c, []Heard{pressed("lang:auto")}, rel, monday); got.LangFixed != langAuto {
		t.Errorf("LangFixed %q, want auto", got.LangFixed)
	}
	c.LangFixed = langAuto
	if got := Decide(c, []Heard{said("退款多久到账")}, rel, monday); !strings.Contains(allText(got), "个工作日") {
		t.Errorf("auto answers in the message's language: %q", allText(got))
	}
}

func TestDecideForgetAsksFirst(t *testing.T) {
	rel := smallLibrary(t)
	c := Conversation{Owner: OwnerBot}
	asked := Decide(c, []Heard{said("/forget")}, rel, monday)
	if asked.Erase || !asked.State.Forget {
		t.Fatalf("asked: %+v", asked)
	}
	c.State = asked.State
	if got := Decide(c, []Heard{pressed("forget:no")}, rel, monday); got.Erase || got.State.Forget {
		t.Errorf("no: %+v", got)
	}
	if got := Decide(c, []Heard{pressed("forget:yes")}, rel, monday); !got.Erase || !reflect.DeepEqual(got.State, State{}) {
		t.Errorf("yes: %+v", got)
	}
}

func TestDecideDoesNotTouchItsArguments(t *testing.T) {
	rel := smallLibrary(t)
	c := Conversation{Owner: OwnerBot, State: State{Answered: []Answered{{Intent: "fees", Question: "q"}}, Offered: []string{"fees"}, Open: []Question{{Text: "o"}}}}
	before := copyState(c.State)
	Decide(c, []Heard{pressed("no:fees"), said("1"), said("who are you talking about")}, rel, monday)
	if !reflect.DeepEqual(c.State, before) {
		t.Errorf("state changed: %+v", c.State)
	}
}

// FuzzDecide: whatever is said, there is a reply, and actions fit their platforms.
func FuzzDecide(f *testing.F) {
	for _, s := range []string{"hi", "退款", "/language xx", "/forget", "1", "第二个", "", "😀", "how long? fees?", "a\nb\nc"} {
		f.Add(s, false)
	}
	f.Add("ask:nothing", true)
	rel := smallLibrary(&testing.T{})
	f.Fuzz(func(t *testing.T, s string, button bool) {
		h := said(s)
		if button {
			h = pressed(s)
		}
		got := Decide(Conversation{Owner: OwnerBot}, []Heard{h}, rel, monday)
		if strings.TrimSpace(s) != "" && !button && len(got.Replies) == 0 {
			t.Errorf("silence on %q", s)
		}
		for _, r := range got.Replies {
			for _, b := range r.Buttons {
				if len(b.Action) > 64 || len([]rune(b.Label)) > maxLabel || (b.Action == "") == (b.URL == "") {
					t.Errorf("button %+v", b)
				}
			}
		}
	})
}

// TestEveryKindHasWords: a kind the guard knows is named and advised on, never shown by its code.
func TestEveryKindHasWords(t *testing.T) {
	rel := smallLibrary(t)
	for _, k := range guard.Kinds() {
		for _, tag := range []lang.Tag{lang.En, lang.ZhHans, lang.ZhHant} {
			if rel.KindName(k, tag) == string(k) && !(tag == lang.En && k == guard.Password) {
				t.Errorf("%s has no name in %s", k, tag)
			}
			if rel.say(advice(k), tag) == "" {
				t.Errorf("%s has no advice in %s", k, tag)
			}
		}
	}
}

func TestDecideOldButtonsAndMarks(t *testing.T) {
	rel := smallLibrary(t)
	c := Conversation{Owner: OwnerBot}
	for _, h := range []Heard{pressed("gone:x"), pressed(""), said(guard.Mark(guard.Password))} {
		if got := Decide(c, []Heard{h}, rel, monday); len(got.Replies) == 0 {
			t.Errorf("silence on %q%q", h.Text, h.Action)
		}
	}
	if got := Decide(c, []Heard{pressed("forget:yes")}, rel, monday); got.Erase || !got.State.Forget {
		t.Errorf("an old button forgot without asking: %+v", got)
	}
}

// TestFailedTurnKnowsTheTime: who is handed over because the bot failed is told by the clock what happens next.
func TestFailedTurnKnowsTheTime(t *testing.T) {
	rel := smallLibrary(t)
	c := Conversation{Owner: OwnerBot, Lang: lang.En}
	open := failedTurn(c, []Heard{said("hello")}, rel, monday)
	closed := failedTurn(c, []Heard{said("hello")}, rel, monday.Add(12*time.Hour))
	if open.Handoff == nil || open.Handoff.Reason != ReasonFailure || allText(open) == allText(closed) {
		t.Errorf("open: %q, closed: %q", allText(open), allText(closed))
	}
	told := failedTurn(c, []Heard{said("pw "+guard.Mark(guard.Password), guard.Password)}, rel, monday)
	if told.Decision != Refuse || len(told.Delete) != 1 || !strings.Contains(allText(told), "removed your password") {
		t.Errorf("a disclosure in a failed turn: %+v", told)
	}
}
