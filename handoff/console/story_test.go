package console

import (
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/guard"
	"github.com/deskbell/deskbell/handoff"
	"github.com/deskbell/deskbell/intents"
	"github.com/deskbell/deskbell/intents/lang"
)

// fullWorld is a busy morning: every kind of row, bubble, state and report that the pages can show.
func fullWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.openHandoff("h1", "陈梅", 1041, noon.Add(-42*time.Minute), urgentChinese)
	w.openHandoff("h2", "Tom Baker", 1044, noon.Add(-6*time.Minute), func(h *handoff.Handoff) {
		h.Address.Channel = "slack"
		h.Context.Reason, h.Context.Priority = bot.ReasonRejected, 2
		h.LastText = "That **did not** help, I still wait for my money. It has been more than a week now and nobody answers"
	})
	w.openHandoff("h3", "林志豪", 1045, noon.Add(-20*time.Second), func(h *handoff.Handoff) {
		h.Address.Channel, h.Context.Lang, h.Context.Reason = "webchat", lang.ZhHant, bot.ReasonNotUnderstood
		h.LastText = "我想查詢上個月的退款進度"
	})
	w.openHandoff("h4", "Visitor 4f21", 1038, noon.Add(-3*time.Hour), w.longConversation)
	w.openHandoff("h5", "Ivy", 1030, noon.Add(-26*time.Hour), func(h *handoff.Handoff) {
		h.Status, h.AgentID, h.AgentName, h.ClaimedAt = handoff.Claimed, "a-ana", "Ana", noon.Add(-25*time.Hour)
		h.Context.Reason = bot.ReasonFailure
	})
	w.openHandoff("h6", "", 1022, noon.Add(-50*time.Hour), func(h *handoff.Handoff) {
		h.User.Username, h.Status, h.AgentID, h.AgentName, h.ClosedAt = "kit", handoff.Resolved, "a-li", "Li", noon.Add(-49*time.Hour)
	})
	w.openHandoff("h7", "Noor", 1020, noon.Add(-52*time.Hour), func(h *handoff.Handoff) {
		h.Status, h.AgentID, h.AgentName, h.ClosedAt = handoff.Returned, "a-ana", "Ana", noon.Add(-51*time.Hour)
	})
	w.reports()
	w.tried = triedExample()
	return w
}

func urgentChinese(h *handoff.Handoff) {
	h.User.Username = "meichen"
	h.LastText = "我的卡被盗刷了，卡号⟦pan⟧,快帮我冻结"
	h.Context = bot.Escalation{
		Reason: bot.ReasonSensitive, Topic: "fraud", Lang: lang.ZhHans, Priority: 1,
		Open: []bot.Question{{Text: "卡号⟦pan⟧,能不能马上冻结", Lang: lang.ZhHans, Outcome: bot.Handoff,
			Ranked: []intents.Candidate{{Intent: "fraud", Score: .41}, {Intent: "refund", Score: .22}, {Intent: "gone_entry", Score: .08}}}},
		Findings: []guard.Kind{guard.PAN, guard.Password, guard.PAN},
	}
}

// longConversation fills a claimed conversation with every author and state of sending.
func (w *world) longConversation(h *handoff.Handoff) {
	at := noon.Add(-3 * time.Hour)
	h.Status, h.AgentID, h.AgentName, h.ClaimedAt = handoff.Claimed, "a-li", "Li", noon.Add(-150*time.Minute)
	h.Address.Channel = "webchat"
	h.Context = bot.Escalation{Reason: bot.ReasonNotUnderstood, Lang: lang.En, Priority: 3,
		Open:     []bot.Question{{Text: "why is it so odd with the blue thing", Lang: lang.En, Outcome: bot.Unknown}},
		Answered: []bot.Answered{{Intent: "refund", Question: "how do i get my money back", Score: .93, Verdict: bot.VerdictNo, At: at.Add(2 * time.Second)}, {Intent: "fraud", Question: "somebody took it", Score: .996, Verdict: bot.VerdictYes, At: at.Add(time.Minute)}, {Intent: "refund", Score: .5, At: at.Add(time.Hour)}}}
	w.messages[h.Conversation] = nil
	add := func(by bot.Author, name, text string, d time.Duration, change func(*bot.Message)) {
		w.add(h, by, name, text, at.Add(d))
		m := &w.messages[h.Conversation][len(w.messages[h.Conversation])-1]
		if m.Status != "" {
			m.Status = bot.StatusSent
		}
		if change != nil {
			change(m)
		}
	}
	add(bot.ByUser, "", "Yesterday I asked already", -20*time.Hour, nil)
	add(bot.ByUser, "", "How do I get my money back? <script>alert(1)</script>\nMy password is ⟦password⟧", 0, func(m *bot.Message) { m.Deleted = true })
	add(bot.ByBot, "", "Open **Orders** and choose *Refund*.\n\n1. It takes 3 days\n2. See [our website](https://bank.example.com)\n\n`code` [bad](javascript:alert(1))", 2*time.Second,
		func(m *bot.Message) {
			m.Intent, m.Buttons = "refund", []bot.Button{{Label: "Yes, that helped", Action: "y"}, {Label: "No", Action: "n"}, {Label: "Talk to a person", Action: "h"}}
		})
	add(bot.ByUser, "", "no", 20*time.Second, nil)
	add(bot.ByNotice, "Li", "Li has joined and has read the conversation.", 30*time.Minute, nil)
	add(bot.ByNote, "Ana", "Order 4711: refund was **approved** on Monday.\nBank needs two more days.", 31*time.Minute, nil)
	add(bot.ByAgent, "Li", "Hello! I looked at your order: the refund is approved and on its way.", 32*time.Minute, nil)
	add(bot.ByAgent, "Li", "Call us at {{contact.hotline}} if it is not there on Friday.", 33*time.Minute, func(m *bot.Message) { m.Status = bot.StatusPending; m.Lang = lang.En })
	add(bot.ByAgent, "Li", "One more thing.", 34*time.Minute, func(m *bot.Message) { m.Status, m.Reason = bot.StatusFailed, "the user has blocked the bot" })
	add(bot.ByUser, "", "Thank you, that is good to know. And why is it so odd with the blue thing?", 35*time.Minute, nil)
}

func (w *world) reports() {
	for i := range 14 {
		day := noon.AddDate(0, 0, -i).Format(time.DateOnly)
		for j, o := range outcomes() {
			for k, ch := range []string{"telegram", "slack", "webchat"} {
				n := (37 + i*7 + k*11) / (1 + j*j)
				if i%7 >= 5 {
					n /= 3
				}
				w.tallies = append(w.tallies, handoff.Tally{Day: day, Channel: ch, Lang: []string{"zh-Hans", "en", "zh-Hant"}[k], Outcome: o, Count: n})
			}
		}
	}
	w.misses = []handoff.Miss{
		{Conversation: "c1", At: noon.Add(-time.Hour), Question: bot.Question{Text: "能不能用⟦pan⟧付学费", Lang: lang.ZhHans, Outcome: bot.Unknown,
			Ranked: []intents.Candidate{{Intent: "refund", Score: .31}, {Intent: "fraud", Score: .12}}}},
		{Conversation: "c2", At: noon.Add(-30 * time.Hour), Question: bot.Question{Text: "do you sponsor the football club <b>FC</b>", Lang: lang.En, Outcome: bot.Handoff}},
	}
	w.broken = []handoff.Broken{{Arrival: 77, Channel: "slack", ExternalID: "Ev0123ABC", Reason: "unknown event type \"emoji_changed\"", ReceivedAt: noon.Add(-2 * time.Hour)}}
}

func triedExample() Tried {
	return Tried{Lang: lang.En, Clean: "my password is ⟦password⟧. how do i get a refund?", Findings: []guard.Finding{{Kind: guard.Password, Start: 15, End: 22}},
		Decision: bot.Refuse, Handoff: bot.ReasonSensitive, Held: []string{"https://evil.example.net"},
		Questions: []bot.Question{{Text: "how do i get a refund?", Lang: lang.En, Outcome: bot.Answer,
			Ranked: []intents.Candidate{{Intent: "refund", Score: .97}, {Intent: "fraud", Score: .08}}}, {Text: "blah", Outcome: bot.Unknown}},
		Replies: []bot.Reply{{Text: "Please **never** send your password here.", Lang: lang.En}, {Text: "Open **Orders**.\n\n- one\n- two", Lang: lang.En, Buttons: []bot.Button{{Label: "Yes"}, {Label: "No"}}}}}
}
