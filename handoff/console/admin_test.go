package console

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/handoff"
)

func TestCount(t *testing.T) {
	day := func(i int) string { return noon.AddDate(0, 0, i).Format(time.DateOnly) }
	c := count([]handoff.Tally{
		{Day: day(0), Channel: "slack", Lang: "en", Outcome: bot.Answer, Count: 3},
		{Day: day(-6), Channel: "slack", Lang: "zh-Hans", Outcome: bot.Answer, Count: 2},
		{Day: day(-6), Channel: "telegram", Lang: "en", Outcome: bot.Unknown, Count: 1},
		{Day: day(-7), Channel: "slack", Lang: "en", Outcome: bot.Answer, Count: 100}, // before the period
		{Day: day(1), Channel: "slack", Lang: "en", Outcome: bot.Answer, Count: 100},  // after it
		{Day: day(0), Channel: "slack", Lang: "en", Outcome: bot.Nothing, Count: 100}, // no question
	}, 7, noon)
	if c.total != 6 || len(c.days) != 7 || c.days[6] != day(0) || c.byOutcome[bot.Answer] != 5 || c.byChannel["slack"][bot.Answer] != 5 || c.byLang["en"][bot.Unknown] != 1 {
		t.Errorf("counts %+v", c)
	}
	if len(count(nil, 0, noon).days) != 0 {
		t.Error("no days have days")
	}
}

func TestNiceStep(t *testing.T) {
	for most, want := range map[int]int{0: 1, 1: 1, 4: 1, 5: 2, 9: 5, 40: 10, 41: 20, 999: 500, 5000: 2000} {
		if got := niceStep(most); got != want {
			t.Errorf("niceStep(%d) = %d, want %d", most, got, want)
		}
	}
}

func TestChartsAreSafeAndWhole(t *testing.T) {
	svg := string(columns([]bar{{Label: "<x>", Title: `"&`, Parts: map[bot.Decision]int{bot.Answer: 3, bot.Unknown: 1}, Total: 4}, {Label: "none"}}, `a"b`))
	for _, want := range []string{"&lt;x&gt;", "&#34;&amp;", `aria-label="a&#34;b"`, `class="o-answer"`, `class="o-unknown"`} {
		if !strings.Contains(svg, want) {
			t.Errorf("the chart lacks %q: %s", want, svg)
		}
	}
	if strings.Contains(svg, "NaN") || strings.Contains(string(columns(nil, "")), "NaN") || strings.Contains(string(share(bar{}, 0)), "NaN") {
		t.Error("an empty chart divides by nothing")
	}
}

func TestOverview(t *testing.T) {
	b := browse(t, fullWorld(t).console(t, nil).Handler()).signIn("ana")
	_, body := b.get("/console?days=7")
	for _, want := range []string{`data-testid="days-7" aria-current="true"`, "Answered by the bot", "longest: 42 min", "能不能用[card number removed]付学费",
		"do you sponsor the football club &lt;b&gt;FC&lt;/b&gt;", "How to get a refund</a>", "unknown event type &#34;emoji_changed&#34;", `role="img"`, "2026-11-04"} {
		if !strings.Contains(body, want) {
			t.Errorf("the overview lacks %q", want)
		}
	}
	if _, body := b.get("/console?days=99999999"); !strings.Contains(body, `data-testid="days-14" aria-current="true"`) {
		t.Error("a period that is not offered was taken")
	}
}

func TestLibrarySearch(t *testing.T) {
	b := browse(t, fullWorld(t).console(t, nil).Handler()).signIn("ana")
	for q, want := range map[string]string{"": "2 of 2", "REFUND": "1 of 2", "退款": "1 of 2", "交易": "1 of 2", "我被騙": "1 of 2", "money stole": "1 of 2",
		"bank.example": "0 of 2", "ｒｅｆｕｎｄ": "1 of 2", "<script>": "0 of 2", strings.Repeat("长", 500): "0 of 2"} {
		res, body := b.do(http.MethodGet, "/console/library?q="+strings.ReplaceAll(strings.ReplaceAll(q, "<", "%3C"), " ", "+"), nil)
		if res.StatusCode != http.StatusOK || !strings.Contains(body, want+" entries") {
			t.Errorf("%q: %d, want %s", q, res.StatusCode, want)
		}
		if strings.Contains(body, `value="<script>"`) {
			t.Error("the query is not escaped")
		}
	}
	b.hdr["X-Part"] = "entries"
	if _, body := b.get("/console/library?q=refund"); strings.Contains(body, "<html") || !strings.Contains(body, "/console/library/refund") {
		t.Errorf("part: %.200s", body)
	}
}

func TestEntryPage(t *testing.T) {
	w := fullWorld(t)
	b := browse(t, w.console(t, nil).Handler()).signIn("ana")
	_, body := b.get("/console/library/refund")
	for _, want := range []string{"Open <strong>Orders</strong>", `href="https://bank.example.com"`, "打开<strong>订单</strong>", "打開<strong>訂單</strong>",
		"derived from simplified Chinese", "i want my money back", "我要退款", "Talk to a person", "轉人工", "entries/money.yaml", `href="/console/library/fraud"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the entry lacks %q", want)
		}
	}
	if res, _ := b.get("/console/library/nope"); res.StatusCode != http.StatusNotFound {
		t.Errorf("missing entry: %d", res.StatusCode)
	}
}

func TestContactsPage(t *testing.T) {
	w := fullWorld(t)
	b := browse(t, w.console(t, nil).Handler()).signIn("ana")
	_, body := b.get("/console/contacts")
	for _, want := range []string{"Open now", "until Wed 4 Nov 12:30", "It is Wed 4 Nov 12:00 there", "09:00–12:30, 13:30–18:00", "New Year&#39;s Day", "expires soon", ">expired<", "help@bank.example.com"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	w.advance(45 * time.Minute)
	if _, body := b.get("/console/contacts"); !strings.Contains(body, "Closed now") || !strings.Contains(body, "opens Wed 4 Nov 13:30") {
		t.Error("the lunch break is overlooked")
	}
}

func TestValidity(t *testing.T) {
	w := viewer{clock: clock{now: noon}}
	for in, want := range map[string]string{"": "valid", "2026-11-03": "expired", "2026-11-04": "soon", "2026-12-03": "soon", "2026-12-04": "valid", "nonsense": "valid"} {
		if got := w.validity(in); got != want {
			t.Errorf("validity(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestTry(t *testing.T) {
	w := fullWorld(t)
	b := browse(t, w.console(t, nil).Handler()).signIn("ana")
	const secret = "my password is hunter2. how do i get a refund?"
	for _, part := range []string{"", "result"} {
		if part != "" {
			b.hdr["X-Part"] = part
		}
		res, body := b.post("/console/try", "text", secret)
		for _, want := range []string{"refused", "[password removed]", "How to get a refund", "97 %", "Please <strong>never</strong>", "evil.example.net", "sensitive matter", "No entry comes near."} {
			if res.StatusCode != http.StatusOK || !strings.Contains(body, want) {
				t.Errorf("part %q: %d, without %q", part, res.StatusCode, want)
			}
		}
		if strings.Contains(body, "hunter2") {
			t.Errorf("part %q gives the password back", part)
		}
		if res, body := b.post("/console/try", "text", "  "); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "Type a message first.") {
			t.Errorf("empty: %d", res.StatusCode)
		}
		if res, _ := b.post("/console/try", "text", strings.Repeat("x", maxTry+1)); res.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("long: %d", res.StatusCode)
		}
	}
	if strings.Contains(w.log.String(), "hunter2") {
		t.Error("what was tried is in the log")
	}
}
