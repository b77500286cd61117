package console

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/handoff"
	"github.com/deskbell/deskbell/intents/lang"
)

// emptyPages is every page with nothing to show.
func emptyPages(w viewer) map[string]any {
	conv := w.conversation(handoff.View{}, viewOpen, formState{})
	return map[string]any{
		"login": loginPage{}, "error": errorPage{Key: "error.notfound"}, "inbox": inboxPage{List: w.list(nil, viewOpen, ""), Open: &conv},
		"overview": w.overview(count(nil, 7, noon), 7, nil, nil, nil), "library": w.library("nothing has these words"),
		"entry": entryPage{Priority: 3}, "contacts": contactsPage{}, "try": tryPage{Error: "try.empty"},
	}
}

var (
	inlineStyle  = regexp.MustCompile(`<style|\sstyle="`)
	inlineScript = regexp.MustCompile(`\son[a-z]+="|<script(?: type="module")?>`)
)

// checkPage holds a page to what all of them promise.
func checkPage(t *testing.T, name, html string) {
	t.Helper()
	for what, bad := range map[string]bool{
		"a missing text":        strings.Contains(html, "[["),
		"a format gone wrong":   strings.Contains(html, "%!"),
		"a missing value":       strings.Contains(html, "<no value>") || strings.Contains(html, "ZgotmplZ"),
		"an inline style":       inlineStyle.MatchString(html),
		"an inline script":      inlineScript.MatchString(html),
		"an unclosed document":  strings.Contains(html, "<html") && !strings.Contains(html, "</html>"),
		"an address of another": regexp.MustCompile(`(?:src|action)="https?:`).MatchString(html),
	} {
		if bad {
			t.Errorf("%s has %s", name, what)
		}
	}
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(`\sid="([^"]+)"`).FindAllStringSubmatch(html, -1) {
		if ids[m[1]] {
			t.Errorf("%s has id %q twice", name, m[1])
		}
		ids[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`<(?:label [^>]*for|[a-z]+ [^>]*aria-describedby)="([^"]+)"`).FindAllStringSubmatch(html, -1) {
		for id := range strings.FieldsSeq(m[1]) {
			if !ids[id] {
				t.Errorf("%s refers to id %q, which is not there", name, id)
			}
		}
	}
}

func TestEveryPageEmpty(t *testing.T) {
	w := newWorld(t)
	k := w.console(t, nil)
	for _, tag := range uiLangs() {
		v := viewer{clock{tag, time.UTC, noon}, k.pages.texts, k.c.Library(), handoff.Agent{ID: "a", Name: "A", Role: handoff.RoleAdmin}}
		pages := emptyPages(v)
		for _, name := range pageNames() {
			body, ok := pages[name]
			if !ok {
				t.Fatalf("page %s has no story", name)
			}
			var buf bytes.Buffer
			if err := k.pages.execute(&buf, "", frame{Page: name, Tag: tag, Langs: uiLangs(), Agent: &v.agent, Console: true, Body: body}); err != nil {
				t.Errorf("%s in %s: %v", name, tag, err)
			}
			checkPage(t, name+" "+string(tag), buf.String())
		}
	}
}

func TestEveryPageFull(t *testing.T) {
	w := fullWorld(t)
	k := w.console(t, func(c *Config) { c.DemoSignIn = []string{"li"} })
	b := browse(t, k.Handler())
	get := func(lang, path string) {
		b.hdr["Accept-Language"] = lang
		res, body := b.get(path)
		if res.StatusCode != 200 && res.StatusCode != 404 {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
		checkPage(t, path+" "+lang, body)
		if strings.HasPrefix(lang, "zh") && strings.Contains(body, ">Inbox<") || lang == "en" && strings.Contains(body, "收件箱") {
			t.Errorf("%s in %s is in another language", path, lang)
		}
	}
	langs := []string{"en", "zh-CN", "zh-TW"}
	for _, l := range langs {
		get(l, "/login")
	}
	b.signIn("root")
	for _, l := range langs {
		for _, path := range []string{"/inbox", "/inbox?view=closed", "/inbox/h1", "/inbox/h2", "/inbox/h3", "/inbox/h4", "/inbox/h5", "/inbox/h6?view=closed", "/inbox/h7",
			"/console", "/console?days=7", "/console?days=30", "/console/library", "/console/library?q=refund", "/console/library?q=xyz",
			"/console/library/refund", "/console/library/fraud", "/console/contacts", "/console/try", "/nowhere"} {
			get(l, path)
		}
		b.hdr["Accept-Language"] = l
		_, body := b.post("/console/try", "text", "my password is hunter2. how do i get a refund?")
		checkPage(t, "tried "+l, body)
	}
}

// codes that must have a name in every language: the catalogue is held against them.
func codes() map[string][]string {
	return map[string][]string{
		"reason": {string(bot.ReasonAsked), string(bot.ReasonNotUnderstood), string(bot.ReasonRejected), string(bot.ReasonSensitive), string(bot.ReasonFailure)},
		"outcome": {string(bot.Answer), string(bot.Clarify), string(bot.Refuse), string(bot.Handoff), string(bot.Smalltalk),
			string(bot.Unknown), string(bot.Passed)},
		"send": {string(bot.StatusPending), string(bot.StatusSending), string(bot.StatusSent), string(bot.StatusFailed),
			string(bot.StatusUncertain), string(bot.StatusHeld), string(bot.StatusDropped)},
		"status": {string(handoff.Waiting), string(handoff.Claimed), string(handoff.Returned), string(handoff.Resolved)},
		"role":   {string(handoff.RoleAgent), string(handoff.RoleLead), string(handoff.RoleAdmin)},
		"by":     {string(bot.ByUser), string(bot.ByBot), string(bot.ByAgent), string(bot.ByNotice), string(bot.ByNote)},
		"held": {string(handoff.ProblemEmpty), string(handoff.ProblemLong), string(handoff.ProblemSensitive), string(handoff.ProblemAsks),
			string(handoff.ProblemAddress), string(handoff.ProblemPlaceholder)},
		"channel": {"telegram", "slack", "webchat", "email"},
		"lang":    {string(lang.En), string(lang.ZhHans), string(lang.ZhHant)},
		"kind": {"password", "pin", "otp", "pan", "cvv", "cn_id", "private_key", "seed_phrase", "api_key", "guard_failure",
			"card_expiry", "jwt", "security_answer", "recovery_code", "pay_code", "passport", "travel_permit", "hk_id", "tw_id",
			"sg_nric", "us_ssn", "uk_nino", "br_cpf", "in_aadhaar", "in_pan", "iban", "bank_account"},
		"day": {"mon", "tue", "wed", "thu", "fri", "sat", "sun"},
	}
}

func TestTextsAreComplete(t *testing.T) {
	verbs := regexp.MustCompile(`%[a-z%]`)
	for key, s := range catalogue() {
		if s[0] == "" || s[1] == "" {
			t.Errorf("text %q is empty in one language: %q", key, s)
		}
		if a, b := strings.Join(verbs.FindAllString(s[0], -1), ""), strings.Join(verbs.FindAllString(s[1], -1), ""); a != b {
			t.Errorf("text %q takes %q in English and %q in Chinese", key, a, b)
		}
		if regexp.MustCompile(`\p{Han}[,;:?!]`).MatchString(s[1]) {
			t.Errorf("text %q has English punctuation in Chinese: %q", key, s[1])
		}
	}
	tx, err := loadTexts()
	if err != nil {
		t.Fatal(err)
	}
	for prefix, list := range codes() {
		for _, code := range list {
			for _, tag := range uiLangs() {
				if strings.HasPrefix(tx.get(tag, prefix+"."+code), "[[") {
					t.Errorf("%s %q has no name in %s", prefix, code, tag)
				}
			}
		}
	}
	if got := tx.name(lang.En, "reason", "brand_new"); got != "brand_new" {
		t.Errorf("an unknown reason is shown as %q", got)
	}
	if got := tx.get(lang.ZhHant, "act.resolve"); got == tx.get(lang.ZhHans, "act.resolve") {
		t.Errorf("traditional Chinese is not derived: %q", got)
	}
}

func TestRichText(t *testing.T) {
	tx, err := loadTexts()
	if err != nil {
		t.Fatal(err)
	}
	for src, want := range map[string]string{
		"plain <b>":                    "<p>plain &lt;b&gt;</p>",
		"**bold** and *it*":            "<p><strong>bold</strong> and <em>it</em></p>",
		"- a\n- b\n\nafter":            "<ul><li>a</li><li>b</li></ul><p>after</p>",
		"3. c\n4. d":                   `<ol start="3"><li>c</li><li>d</li></ol>`,
		"[x](https://a.example/?a&b)":  `<p><a href="https://a.example/?a&amp;b" target="_blank" rel="noopener noreferrer">x</a></p>`,
		"[x](javascript:alert%281%29)": "<p>x</p>",
		"[x](//evil.example)":          "<p>x</p>",
		"your ⟦pan⟧ ⟦brand_new⟧":       `<p>your <span class="removed">[card number removed]</span> <span class="removed">[brand_new removed]</span></p>`,
		"":                             "",
	} {
		if got := string(tx.richHTML(lang.En, src)); got != want {
			t.Errorf("richHTML(%q) = %s, want %s", src, got, want)
		}
	}
	if got, want := string(tx.plainHTML(lang.ZhHans, "**a**\n<i> ⟦otp⟧")), `<p>**a**<br>&lt;i&gt; <span class="removed">[验证码已移除]</span></p>`; got != want {
		t.Errorf("plainHTML = %s, want %s", got, want)
	}
	if got := tx.oneLine(lang.En, "a **b**\n\n ⟦pin⟧", true); got != "a b [PIN removed]" {
		t.Errorf("oneLine = %q", got)
	}
}

func FuzzRichText(f *testing.F) {
	tx, err := loadTexts()
	if err != nil {
		f.Fatal(err)
	}
	f.Add("[a](javascript:x) <script>\n- b\n1. c `d` ⟦pan⟧")
	f.Add("[\"><img src=x onerror=y>](https://x\"y)")
	tags := regexp.MustCompile(`</?([a-z]+)((?:\s[^>]*)?)>`)
	known := map[string]bool{"p": true, "ul": true, "ol": true, "li": true, "strong": true, "em": true, "code": true, "pre": true, "a": true, "span": true, "br": true}
	attrs := regexp.MustCompile(`^(?: href="(?:https?|mailto|tel):[^"<>]*" target="_blank" rel="noopener noreferrer"| class="removed"| start="\d+")?$`)
	f.Fuzz(func(t *testing.T, src string) {
		html := string(tx.richHTML(lang.En, src))
		for _, m := range tags.FindAllStringSubmatch(html, -1) {
			if !known[m[1]] || !attrs.MatchString(m[2]) {
				t.Fatalf("richHTML(%q) has the tag %s", src, m[0])
			}
		}
		if strings.ContainsAny(tags.ReplaceAllString(html, ""), "<>") {
			t.Fatalf("richHTML(%q) leaves a bracket: %s", src, html)
		}
	})
}

func TestClock(t *testing.T) {
	for d, want := range map[time.Duration][3]string{
		0: {"now", "刚刚", "剛剛"}, -time.Minute: {"now", "刚刚", "剛剛"}, 61 * time.Second: {"1 min", "1 分钟", "1 分鐘"},
		3*time.Hour + 59*time.Minute: {"3 h", "3 小时", "3 小時"}, 50 * time.Hour: {"2 d", "2 天", "2 天"},
	} {
		for i, tag := range []lang.Tag{lang.En, lang.ZhHans, lang.ZhHant} {
			if got := (clock{tag, time.UTC, noon}).ago(noon.Add(-d)); got != want[i] {
				t.Errorf("%v ago in %s = %q, want %q", d, tag, got, want[i])
			}
		}
	}
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	late := time.Date(2025, 12, 31, 23, 30, 0, 0, time.UTC)
	for tag, want := range map[lang.Tag]string{lang.En: "Thu 1 Jan 07:30", lang.ZhHans: "1月1日 周四 07:30", lang.ZhHant: "1月1日 週四 07:30"} {
		if got := (clock{tag, shanghai, noon}).moment(late).Full; got != want {
			t.Errorf("%s: %q, want %q", tag, got, want)
		}
	}
	if got := (clock{lang.ZhHans, time.UTC, noon}).day(late); got != "2025年12月31日 周三" {
		t.Errorf("another year: %q", got)
	}
	if m := (clock{lang.En, time.UTC, noon}).moment(time.Time{}); m.ISO != "" {
		t.Errorf("no time is shown as %+v", m)
	}
}

func TestAnswerAt(t *testing.T) {
	as := []bot.Answered{{Intent: "a", Score: .1, At: noon}, {Intent: "a", Score: .2, At: noon.Add(time.Hour)}, {Intent: "b", Score: .3, At: noon}}
	if got, ok := answerAt(as, bot.Message{Intent: "a", At: noon.Add(50 * time.Minute)}); !ok || got.Score != .2 {
		t.Errorf("nearest = %+v, %v", got, ok)
	}
	if _, ok := answerAt(as, bot.Message{Intent: "c", At: noon}); ok {
		t.Error("an answer was found for an entry that gave none")
	}
}

func TestPercent(t *testing.T) {
	for in, want := range map[float64]int{0: 0, .004: 0, .5: 50, .996: 99, 1: 100, 1.7: 100, -1: 0} {
		if got := percent(in); got != want {
			t.Errorf("percent(%v) = %d, want %d", in, got, want)
		}
	}
}
