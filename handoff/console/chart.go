package console

import (
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/handoff"
)

// outcomes in the order in which they are stacked: good at the bottom.
func outcomes() []bot.Decision {
	return []bot.Decision{bot.Answer, bot.Smalltalk, bot.Clarify, bot.Handoff, bot.Unknown, bot.Refuse, bot.Passed}
}

// counts are tallies added up for the overview.
type counts struct {
	days      []string // YYYY-MM-DD, every day of the period
	byDay     map[string]map[bot.Decision]int
	byChannel map[string]map[bot.Decision]int
	byLang    map[string]map[bot.Decision]int
	byOutcome map[bot.Decision]int
	total     int
}

// count adds tallies up over the days (UTC) up to now.
func count(ts []handoff.Tally, days int, now time.Time) counts {
	c := counts{byDay: map[string]map[bot.Decision]int{}, byChannel: map[string]map[bot.Decision]int{},
		byLang: map[string]map[bot.Decision]int{}, byOutcome: map[bot.Decision]int{}}
	for i := days - 1; i >= 0; i-- {
		c.days = append(c.days, now.UTC().AddDate(0, 0, -i).Format(time.DateOnly))
	}
	add := func(m map[string]map[bot.Decision]int, key string, t handoff.Tally) {
		if m[key] == nil {
			m[key] = map[bot.Decision]int{}
		}
		m[key][t.Outcome] += t.Count
	}
	for _, t := range ts {
		if t.Outcome == bot.Nothing || len(c.days) == 0 || t.Day < c.days[0] || t.Day > c.days[len(c.days)-1] {
			continue
		}
		add(c.byDay, t.Day, t)
		add(c.byChannel, t.Channel, t)
		add(c.byLang, t.Lang, t)
		c.byOutcome[t.Outcome] += t.Count
		c.total += t.Count
	}
	return c
}

// bar is a labelled stack.
type bar struct {
	Label string
	Title string // said on hover and to screen readers
	Parts map[bot.Decision]int
	Total int
}

func bars(m map[string]map[bot.Decision]int, keys []string, label func(string) string) []bar {
	if keys == nil {
		for k := range m {
			keys = append(keys, k)
		}
		slices.Sort(keys)
	}
	var out []bar
	for _, k := range keys {
		b := bar{Label: label(k), Title: label(k), Parts: m[k]}
		for _, n := range m[k] {
			b.Total += n
		}
		out = append(out, b)
	}
	return out
}

// Size of the chart by day in its own units.
const (
	chartWidth  = 440
	chartHeight = 190
	chartLeft   = 34
	chartRight  = 8
	chartBottom = 24
	chartTop    = 10
)

// columns draws a stack per bar side by side, with a scale at the left. Colours come from the style sheet by class.
func columns(bs []bar, label string) template.HTML {
	most := 0
	for _, b := range bs {
		most = max(most, b.Total)
	}
	step := niceStep(most)
	top := max((most+step-1)/step*step, step)
	var s strings.Builder
	fmt.Fprintf(&s, `<svg class="chart" viewBox="0 0 %d %d" role="img" aria-label="%s">`, chartWidth, chartHeight, template.HTMLEscapeString(label))
	plot := float64(chartHeight - chartTop - chartBottom)
	y := func(n int) float64 { return chartTop + plot - plot*float64(n)/float64(top) }
	for n := 0; n <= top; n += step {
		fmt.Fprintf(&s, `<line class="grid" x1="%d" x2="%d" y1="%.1f" y2="%.1f"/><text class="tick" x="%d" y="%.1f">%d</text>`,
			chartLeft, chartWidth-chartRight, y(n), y(n), chartLeft-6, y(n)+3.5, n)
	}
	slot := float64(chartWidth-chartLeft-chartRight) / float64(max(len(bs), 1))
	every := max((len(bs)+6)/7, 1)
	for i, b := range bs {
		x := chartLeft + slot*float64(i)
		fmt.Fprintf(&s, `<g><title>%s</title><rect class="hit" x="%.1f" y="%d" width="%.1f" height="%.1f"/>`,
			template.HTMLEscapeString(b.Title), x, chartTop, slot, plot)
		from := 0
		for _, o := range outcomes() {
			n := b.Parts[o]
			if n == 0 {
				continue
			}
			fmt.Fprintf(&s, `<rect class="o-%s" x="%.1f" y="%.1f" width="%.1f" height="%.1f"/>`, o, x+slot*.15, y(from+n), slot*.7, y(from)-y(from+n))
			from += n
		}
		s.WriteString(`</g>`)
		if (len(bs)-1-i)%every == 0 {
			fmt.Fprintf(&s, `<text class="label" x="%.1f" y="%d">%s</text>`, x+slot/2, chartHeight-7, template.HTMLEscapeString(b.Label))
		}
	}
	s.WriteString(`</svg>`)
	return template.HTML(s.String()) // numbers, and labels that are escaped
}

// share draws one bar lying down, as wide as its part of most.
func share(b bar, most int) template.HTML {
	var s strings.Builder
	fmt.Fprintf(&s, `<svg class="share" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="%s"><title>%s</title>`,
		template.HTMLEscapeString(b.Title), template.HTMLEscapeString(b.Title))
	x := 0.0
	for _, o := range outcomes() {
		w := 100 * float64(b.Parts[o]) / float64(max(most, 1))
		if w > 0 {
			fmt.Fprintf(&s, `<rect class="o-%s" x="%.2f" y="0" width="%.2f" height="8"/>`, o, x, w)
		}
		x += w
	}
	s.WriteString(`</svg>`)
	return template.HTML(s.String()) // numbers, and a title that is escaped
}

// meter draws a score of 0..100 per cent.
func meter(percent int) template.HTML {
	return template.HTML(fmt.Sprintf(`<svg class="meter" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">`+
		`<rect class="rest" width="100" height="6"/><rect class="value" width="%d" height="6"/></svg>`, percent)) // a number
}

// niceStep is the distance of the lines behind a chart: 1, 2 or 5 times a power of ten, for about four lines.
func niceStep(most int) int {
	for p := 1; ; p *= 10 {
		for _, f := range []int{1, 2, 5} {
			if most <= 4*f*p {
				return f * p
			}
		}
	}
}
