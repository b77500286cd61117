package console

import (
	"cmp"
	"html/template"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/faq"
	"github.com/deskbell/deskbell/handoff"
	"github.com/deskbell/deskbell/intents"
	"github.com/deskbell/deskbell/intents/lang"
)

// Views of the list.
const (
	viewOpen   = "open"
	viewClosed = "closed"
)

// viewer turns what is stored into what one person's page shows. It is pure.
type viewer struct {
	clock
	texts *texts
	lib   *faq.Library
	agent handoff.Agent
}

func (k *Console) viewer(v *visit) viewer {
	return viewer{v.clock(), k.pages.texts, k.c.Library(), v.agent}
}

// listView is the left column.
type listView struct {
	View    string
	Groups  []group
	Waiting int // shown in the title of the window
	Unread  int // mine, where the user spoke last
}

type group struct {
	Key  string // waiting, mine, others, closed: a text "group.<key>"
	Rows []row
}

type row struct {
	ID, Href, Name  string
	Conversation    bot.ConversationID
	Number          int64
	Channel, Reason string
	Lang            lang.Tag
	Priority        int
	Since           moment // waiting since, else the last activity
	Last            string
	LastBy          bot.Author
	Status          handoff.Status
	Holder          string // who has it, when it is somebody else
	Current         bool
	Unread          bool
}

// list sorts handoffs into groups: waiting by priority and then the oldest first, the others by their last activity.
func (w viewer) list(hs []handoff.Handoff, view, current string) listView {
	byKey := map[string][]handoff.Handoff{}
	for _, h := range hs {
		key := w.groupOf(h)
		byKey[key] = append(byKey[key], h)
	}
	slices.SortStableFunc(byKey["waiting"], func(a, b handoff.Handoff) int {
		return cmp.Or(cmp.Compare(a.Context.Priority, b.Context.Priority), a.OpenedAt.Compare(b.OpenedAt))
	})
	out := listView{View: view, Waiting: len(byKey["waiting"])}
	for _, key := range []string{"waiting", "mine", "others", "closed"} {
		if key != "waiting" {
			slices.SortStableFunc(byKey[key], func(a, b handoff.Handoff) int { return b.LastAt.Compare(a.LastAt) })
		}
		g := group{Key: key}
		for _, h := range byKey[key] {
			r := w.row(h, view, current)
			if r.Unread {
				out.Unread++
			}
			g.Rows = append(g.Rows, r)
		}
		if len(g.Rows) > 0 {
			out.Groups = append(out.Groups, g)
		}
	}
	return out
}

func (w viewer) groupOf(h handoff.Handoff) string {
	switch {
	case h.Status == handoff.Waiting:
		return "waiting"
	case h.Status != handoff.Claimed:
		return "closed"
	case h.AgentID == w.agent.ID:
		return "mine"
	}
	return "others"
}

func (w viewer) row(h handoff.Handoff, view, current string) row {
	since := h.LastAt
	if h.Status == handoff.Waiting || since.IsZero() {
		since = h.OpenedAt
	}
	r := row{
		ID: h.ID, Href: hrefOf(h.ID, view), Name: w.userName(h.User), Conversation: h.Conversation, Number: h.Number,
		Channel: h.Address.Channel, Reason: string(h.Context.Reason), Lang: h.Context.Lang, Priority: h.Context.Priority, Since: w.moment(since),
		Last:   w.texts.oneLine(w.tag, h.LastText, h.LastAuthor != bot.ByUser && h.LastAuthor != bot.ByNote),
		LastBy: h.LastAuthor, Status: h.Status, Current: h.ID == current,
		Unread: h.Status == handoff.Claimed && h.AgentID == w.agent.ID && h.LastAuthor == bot.ByUser,
	}
	if h.Status == handoff.Claimed && h.AgentID != w.agent.ID {
		r.Holder = h.AgentName
	}
	return r
}

func hrefOf(id, view string) string {
	if view == viewClosed {
		return "/inbox/" + id + "?view=" + viewClosed
	}
	return "/inbox/" + id
}

// userName is what a user is called: by the platform, or as a guest with the end of their id, which tells guests apart.
func (w viewer) userName(u bot.User) string {
	switch {
	case u.Name != "":
		return u.Name
	case u.Username != "":
		return "@" + u.Username
	}
	return w.texts.get(w.tag, "user.guest", lastRunes(u.ID, 4))
}

func lastRunes(s string, n int) string {
	r := []rune(s)
	return string(r[max(0, len(r)-n):])
}

// conversationView is the middle and the right column.
type conversationView struct {
	ID, Name, Holder, View string
	Conversation           bot.ConversationID
	Number                 int64
	Channel                string
	Status                 handoff.Status
	State                  string // waiting, mine, other, closed: what the agent may do
	Bubbles                []bubble
	Card                   card
	Form                   formState
}

// formState is what a form that was not accepted shows again.
type formState struct {
	Mode     string // "reply" or "note"
	Reply    string
	Note     string
	Problems []string // why the text is held back, worded
	Banner   string   // what happened instead, worded
}

type bubble struct {
	ID      int64
	Author  bot.Author
	Name    string
	Body    template.HTML
	At      moment
	Day     string // stands above the bubble when a new day begins
	Status  bot.SendStatus
	Reason  string
	Entry   *entryRef
	Buttons []string
	Deleted bool
}

// entryRef names an entry of the library and how sure the bot was.
type entryRef struct {
	Intent  string
	Title   string
	Href    string // its page in the console, "" for those who may not see it
	Percent int
	Scored  bool
}

// card is the context: everything an agent wants to know before the first word.
type card struct {
	User, Username, Channel, Reason, Topic string
	Number                                 int64
	Lang                                   lang.Tag
	Priority                               int
	Opened, Claimed, Closed                moment
	Agent                                  string
	Open                                   []openQuestion
	Answered                               []answered
	Findings                               []string
}

type openQuestion struct {
	Text       string
	Lang       lang.Tag
	Outcome    bot.Decision
	Candidates []entryRef
}

type answered struct {
	entryRef
	Question string
	Verdict  bot.Verdict
	At       moment
}

func (w viewer) conversation(view handoff.View, listView string, form formState) conversationView {
	h := view.Handoff
	if form.Mode == "" {
		form.Mode = "reply"
	}
	c := conversationView{
		ID: h.ID, Name: w.userName(h.User), Holder: h.AgentName, View: listView, Conversation: h.Conversation, Number: h.Number,
		Channel: h.Address.Channel, Status: h.Status, State: w.state(h), Card: w.card(h), Form: form,
	}
	day := ""
	for _, m := range view.Messages {
		b := w.bubble(m, h)
		if d := w.day(m.At); d != day {
			b.Day, day = d, d
		}
		c.Bubbles = append(c.Bubbles, b)
	}
	return c
}

func (w viewer) state(h handoff.Handoff) string {
	switch g := w.groupOf(h); g {
	case "others":
		return "other"
	default:
		return g
	}
}

func (w viewer) bubble(m bot.Message, h handoff.Handoff) bubble {
	b := bubble{ID: m.ID, Author: m.Author, Name: m.AgentName, At: w.moment(m.At), Status: m.Status, Reason: m.Reason, Deleted: m.Deleted}
	switch m.Author {
	case bot.ByUser:
		b.Name, b.Body = w.userName(h.User), w.texts.plainHTML(w.tag, m.Text)
	case bot.ByNote:
		b.Body = w.texts.plainHTML(w.tag, m.Text)
	default:
		b.Body = w.texts.richHTML(w.tag, w.rendered(m.Text, m.Lang))
	}
	if m.Author == bot.ByBot && m.Intent != "" {
		ref := w.entryRef(m.Intent)
		if a, ok := answerAt(h.Context.Answered, m); ok {
			ref.Percent, ref.Scored = percent(a.Score), true
		}
		b.Entry = &ref
	}
	for _, btn := range m.Buttons {
		b.Buttons = append(b.Buttons, btn.Label)
	}
	return b
}

// rendered fills in placeholders of a text that was not sent yet; what cannot be rendered is shown as it stands.
func (w viewer) rendered(text string, tag lang.Tag) string {
	if !strings.Contains(text, "{{") {
		return text
	}
	if s, err := w.lib.Render(text, tag, w.now); err == nil {
		return s
	}
	return text
}

// answerAt finds the answer that a message gave: same entry, nearest in time.
func answerAt(as []bot.Answered, m bot.Message) (bot.Answered, bool) {
	var best bot.Answered
	found, least := false, time.Duration(math.MaxInt64)
	for _, a := range as {
		if d := a.At.Sub(m.At).Abs(); a.Intent == m.Intent && d < least {
			best, found, least = a, true, d
		}
	}
	return best, found
}

func (w viewer) card(h handoff.Handoff) card {
	e := h.Context
	c := card{
		User: w.userName(h.User), Username: h.User.Username, Channel: h.Address.Channel, Reason: string(e.Reason), Number: h.Number,
		Lang: e.Lang, Priority: e.Priority, Opened: w.moment(h.OpenedAt), Claimed: w.moment(h.ClaimedAt), Closed: w.moment(h.ClosedAt),
		Agent: h.AgentName,
	}
	if c.User == "@"+c.Username {
		c.Username = ""
	}
	if e.Topic != "" {
		c.Topic = w.entryRef(e.Topic).Title
	}
	for _, q := range e.Open {
		c.Open = append(c.Open, openQuestion{w.texts.oneLine(w.tag, q.Text, false), q.Lang, q.Outcome, w.candidates(q.Ranked, 3)})
	}
	for _, a := range e.Answered {
		ref := w.entryRef(a.Intent)
		ref.Percent, ref.Scored = percent(a.Score), true
		c.Answered = append(c.Answered, answered{ref, w.texts.oneLine(w.tag, a.Question, false), a.Verdict, w.moment(a.At)})
	}
	count := map[string]int{}
	for _, f := range e.Findings {
		count[string(f)]++
	}
	for _, f := range slices.Compact(slices.Sorted(slices.Values(e.Findings))) {
		s := w.texts.removed(w.tag, string(f))
		if n := count[string(f)]; n > 1 {
			s += " × " + strconv.Itoa(n)
		}
		c.Findings = append(c.Findings, s)
	}
	return c
}

// candidates shows the best of them, without those that round to 0 %: they are as far away as any other entry.
func (w viewer) candidates(ranked []intents.Candidate, most int) []entryRef {
	var out []entryRef
	for _, c := range ranked[:min(most, len(ranked))] {
		ref := w.entryRef(c.Intent)
		ref.Percent, ref.Scored = percent(c.Score), true
		if ref.Percent > 0 {
			out = append(out, ref)
		}
	}
	return out
}

// entryRef names an entry in the language of the page; an entry that is no longer in the library by its id.
func (w viewer) entryRef(intent string) entryRef {
	ref := entryRef{Intent: intent, Title: intent}
	if e, ok := w.lib.Entry(intent); ok {
		if s := w.lib.Text(e.Title, w.tag); s != "" {
			ref.Title = s
		}
		if leads.allows(w.agent.Role) {
			ref.Href = "/console/library/" + url.PathEscape(intent)
		}
	}
	return ref
}

// percent is a score of 0..1 in whole per cent; 100 only for certainty.
func percent(score float64) int {
	p := int(math.Round(score * 100))
	if p >= 100 && score < 1 {
		p = 99
	}
	return min(max(p, 0), 100)
}
