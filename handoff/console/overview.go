package console

import (
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/handoff"
)

// How much the lists of the overview show.
const (
	mostMisses = 50
	mostBroken = 20
)

type overviewPage struct {
	Days     int
	Periods  []int
	Total    int
	Tiles    []tile
	ByDay    template.HTML
	Table    []dayRow
	Legend   []bot.Decision
	Channels []shareRow
	Langs    []shareRow
	Outcomes []shareRow
	Misses   []missRow
	Broken   []brokenRow
}

type tile struct {
	Key   string // a text
	Value string
	Sub   string
}

// shareRow is a bar lying down with its number.
type shareRow struct {
	Prefix, Code string // name of the row
	Bar          template.HTML
	Count        int
	Percent      int
}

// dayRow is the chart by day as a table, for those who cannot see it.
type dayRow struct {
	Day    string
	Counts []int // as Legend
	Total  int
}

type missRow struct {
	At      moment
	Text    string
	Lang    string
	Outcome bot.Decision
	Nearest []entryRef
}

type brokenRow struct {
	Arrival    int64
	Channel    string
	ExternalID string
	Reason     string
	At         moment
}

func (k *Console) showOverview(v *visit) error {
	days := period(v.URL.Query().Get("days"))
	tallies, err := k.c.Reports.Tallies(v.Context(), v.now.UTC().AddDate(0, 0, 1-days).Truncate(24*time.Hour))
	if err != nil {
		return fmt.Errorf("tallies: %w", err)
	}
	misses, err := k.c.Reports.Misses(v.Context(), mostMisses)
	if err != nil {
		return fmt.Errorf("misses: %w", err)
	}
	broken, err := k.c.Reports.BrokenArrivals(v.Context(), mostBroken)
	if err != nil {
		return fmt.Errorf("broken arrivals: %w", err)
	}
	open, err := k.c.Service.List(v.Context(), handoff.Filter{})
	if err != nil {
		return err
	}
	k.render(v, http.StatusOK, "overview", k.viewer(v).overview(count(tallies, days, v.now), days, open, misses, broken))
	return nil
}

func periods() []int { return []int{7, 14, 30} }

func period(s string) int {
	if n, err := strconv.Atoi(s); err == nil && slices.Contains(periods(), n) {
		return n
	}
	return 14
}

func (w viewer) overview(c counts, days int, open []handoff.Handoff, misses []handoff.Miss, broken []handoff.Broken) overviewPage {
	p := overviewPage{Days: days, Periods: periods(), Total: c.total, Legend: outcomes(), Tiles: w.tiles(c, open)}
	stacks := bars(c.byDay, c.days, func(day string) string { return day[5:] })
	for i := range stacks {
		stacks[i].Title = w.breakdown(c.days[i], stacks[i])
		p.Table = append(p.Table, table(c.days[i], stacks[i]))
	}
	p.ByDay = columns(stacks, w.texts.get(w.tag, "overview.byday"))
	p.Channels = w.shares("channel", c.byChannel, c.total)
	p.Langs = w.shares("lang", c.byLang, c.total)
	for _, o := range outcomes() {
		if n := c.byOutcome[o]; n > 0 {
			b := bar{Title: w.texts.name(w.tag, "outcome", string(o)), Parts: map[bot.Decision]int{o: n}, Total: n}
			p.Outcomes = append(p.Outcomes, shareRow{"outcome", string(o), share(b, c.total), n, ratio(n, c.total)})
		}
	}
	for _, m := range misses {
		p.Misses = append(p.Misses, missRow{w.moment(m.At), w.texts.oneLine(w.tag, m.Question.Text, false), string(m.Question.Lang),
			m.Question.Outcome, w.candidates(m.Question.Ranked, 2)})
	}
	for _, b := range broken {
		p.Broken = append(p.Broken, brokenRow{b.Arrival, b.Channel, b.ExternalID, b.Reason, w.moment(b.ReceivedAt)})
	}
	return p
}

func (w viewer) tiles(c counts, open []handoff.Handoff) []tile {
	waiting := 0
	var oldest time.Time
	for _, h := range open {
		if h.Status == handoff.Waiting {
			waiting++
			if oldest.IsZero() || h.OpenedAt.Before(oldest) {
				oldest = h.OpenedAt
			}
		}
	}
	longest := ""
	if waiting > 0 {
		longest = w.texts.get(w.tag, "tile.longest", w.ago(oldest))
	}
	answered := c.byOutcome[bot.Answer] + c.byOutcome[bot.Smalltalk]
	// What went to humans who already had the conversation says nothing about the bot.
	decided := c.total - c.byOutcome[bot.Passed]
	part := func(n int) tile {
		return tile{Value: strconv.Itoa(ratio(n, decided)) + " %", Sub: w.texts.get(w.tag, "tile.of", n, decided)}
	}
	a, u, h := part(answered), part(c.byOutcome[bot.Unknown]), part(c.byOutcome[bot.Handoff])
	a.Key, u.Key, h.Key = "tile.answered", "tile.unknown", "tile.handoff"
	return []tile{{"tile.questions", strconv.Itoa(c.total), ""}, a, u, h, {"tile.waiting", strconv.Itoa(waiting), longest}}
}

func (w viewer) shares(prefix string, m map[string]map[bot.Decision]int, total int) []shareRow {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	var out []shareRow
	for i, b := range bars(m, keys, func(k string) string { return w.texts.name(w.tag, prefix, k) }) {
		b.Title = w.breakdown(b.Label, b)
		out = append(out, shareRow{prefix, keys[i], share(b, total), b.Total, ratio(b.Total, total)})
	}
	return out
}

// breakdown words a bar: "Telegram: 12 (answered 10, unknown 2)".
func (w viewer) breakdown(label string, b bar) string {
	s := label + ": " + strconv.Itoa(b.Total)
	sep := " ("
	for _, o := range outcomes() {
		if n := b.Parts[o]; n > 0 {
			s += sep + w.texts.name(w.tag, "outcome", string(o)) + " " + strconv.Itoa(n)
			sep = ", "
		}
	}
	if sep == ", " {
		s += ")"
	}
	return s
}

func table(day string, b bar) dayRow {
	r := dayRow{Day: day, Total: b.Total}
	for _, o := range outcomes() {
		r.Counts = append(r.Counts, b.Parts[o])
	}
	return r
}

// ratio is n of total in whole per cent.
func ratio(n, total int) int {
	if total == 0 {
		return 0
	}
	return (200*n + total) / (2 * total)
}
