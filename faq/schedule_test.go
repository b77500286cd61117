package faq_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	_ "time/tzdata" // zones without the machine's own database

	"github.com/deskbell/deskbell/faq"
	"github.com/deskbell/deskbell/intents/lang"
	"pgregory.net/rapid"
)

// schedule loads a library with one schedule, written as in the files.
func schedule(t testing.TB, zone, hours string) (*faq.Schedule, *faq.Library) {
	t.Helper()
	files := registryFiles()
	text := string(files["contacts.yaml"].Data) + "schedules:\n  - id: s\n    title: {en: s, zh-Hans: s}\n    zone: " + zone + "\n" + hours
	files["contacts.yaml"] = &fstest.MapFile{Data: []byte(text)}
	l, err := faq.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	s, ok := l.Schedule("s")
	if !ok {
		t.Fatal("the schedule is not there")
	}
	return s, l
}

const office = `    week:
      mon-fri: ["09:00-12:00", "13:00-18:00"]
      sat: ["10:00-16:00"]
    exceptions:
      - date: 2027-01-01
        closed: true
        note: {en: New Year's Day, zh-Hans: 元旦}
      - date: 2026-12-31
        hours: ["09:00-15:00"]
        note: {en: New Year's Eve, zh-Hans: 跨年夜}
      - {date: 2027-02-05, through: 2027-02-08, closed: true}
`

const nights = `    week:
      mon-sun: ["22:00-06:00"]
    exceptions:
      - {date: 2026-12-24, closed: true}
      - {date: 2026-12-26, hours: ["20:00-23:00"]}
`

func TestScheduleAt(t *testing.T) {
	for _, tc := range []struct{ zone, hours, now, want string }{
		{"Asia/Shanghai", office, "2026-11-09 08:59", "closed until 2026-11-09 09:00"},
		{"Asia/Shanghai", office, "2026-11-09 09:00", "open until 2026-11-09 12:00"},
		{"Asia/Shanghai", office, "2026-11-09 12:00", "closed until 2026-11-09 13:00"},
		{"Asia/Shanghai", office, "2026-11-09 17:59", "open until 2026-11-09 18:00"},
		{"Asia/Shanghai", office, "2026-11-09 18:00", "closed until 2026-11-10 09:00"},
		{"Asia/Shanghai", office, "2026-11-14 16:00", "closed until 2026-11-16 09:00"},
		{"Asia/Shanghai", office, "2026-12-31 15:30", "closed until 2027-01-02 10:00"},
		{"Asia/Shanghai", office, "2027-02-04 18:00", "closed until 2027-02-09 09:00"},
		{"Asia/Shanghai", nights, "2026-11-09 23:00", "open until 2026-11-10 06:00"},
		{"Asia/Shanghai", nights, "2026-11-10 05:59", "open until 2026-11-10 06:00"},
		{"Asia/Shanghai", nights, "2026-12-24 03:00", "open until 2026-12-24 06:00"}, // the night before
		{"Asia/Shanghai", nights, "2026-12-24 23:00", "closed until 2026-12-25 22:00"},
		{"Asia/Shanghai", nights, "2026-12-26 21:00", "open until 2026-12-26 23:00"},
		{"UTC", "    week: {mon-sun: [\"00:00-24:00\"]}\n", "2026-11-09 23:00", "open for good"},
		{"UTC", "    week: {}\n", "2026-11-09 23:00", "closed for good"},
		{"UTC", "    week: {}\n    exceptions: [{date: 2028-01-01, hours: [\"09:00-10:00\"]}]\n", "2026-11-09 23:00", "closed for good"},
		{"UTC", "    week: {}\n    exceptions: [{date: 2027-11-01, hours: [\"09:00-10:00\"]}]\n", "2026-11-09 23:00", "closed until 2027-11-01 09:00"},
		{"UTC", "    week: {fri: [\"18:00-24:00\"], sat: [\"00:00-02:00\", \"02:00-03:00\"]}\n", "2026-11-13 19:00", "open until 2026-11-14 03:00"},
		// Clocks go forward at 02:00 to 03:00, back at 02:00 to 01:00.
		{"America/New_York", "    week: {sun: [\"02:30-04:00\"]}\n", "2026-03-08 01:59", "closed until 2026-03-08 03:00"},
		{"America/New_York", "    week: {sun: [\"02:00-02:30\"]}\n", "2026-03-08 01:00", "closed until 2026-03-15 02:00"},
		{"America/New_York", "    week: {sat: [\"22:00-06:00\"]}\n", "2026-10-31 23:00", "open until 2026-11-01 06:00"},
		{"America/New_York", "    week: {sun: [\"01:30-03:00\"]}\n", "2026-11-01 00:30", "closed until 2026-11-01 01:30"},
	} {
		s, _ := schedule(t, tc.zone, tc.hours)
		loc, err := time.LoadLocation(tc.zone)
		if err != nil {
			t.Fatal(err)
		}
		now, err := time.ParseInLocation("2006-01-02 15:04", tc.now, loc)
		if err != nil {
			t.Fatal(err)
		}
		if got := openingText(s.At(now)); got != tc.want {
			t.Errorf("%s at %s: got %s, want %s\n%s", tc.zone, tc.now, got, tc.want, tc.hours)
		}
	}
}

func openingText(o faq.Opening) string {
	word, t := "closed", o.Next
	if o.Open {
		word, t = "open", o.Until
	}
	if t.IsZero() {
		return word + " for good"
	}
	return word + " until " + t.Format("2006-01-02 15:04")
}

// A night with changing clocks is neither longer nor shorter than the clock on the wall says.
func TestTheNightTheClocksChange(t *testing.T) {
	s, _ := schedule(t, "America/New_York", "    week: {mon-sun: [\"22:00-06:00\"]}\n")
	for night, hours := range map[string]float64{"2026-03-07 22:00": 7, "2026-10-31 22:00": 9, "2026-07-01 22:00": 8} {
		loc, _ := time.LoadLocation("America/New_York")
		start, _ := time.ParseInLocation("2006-01-02 15:04", night, loc)
		if got := s.At(start).Until.Sub(start).Hours(); got != hours {
			t.Errorf("%s: open for %v hours, want %v", night, got, hours)
		}
	}
}

// reference answers At by stepping through the minutes, with nothing but the clock on the wall: a shift begins in the
// first minute in which the wall shows its day and minute or later, and ends likewise.
type reference struct {
	s   *faq.Schedule
	loc *time.Location
}

type span struct{ start, end time.Time }

func (r reference) spans(from time.Time, days int) []span {
	y, m, d := from.In(r.loc).Date()
	var targets []int64 // wall time as minutes since 1970, start and end in turn
	for i := range days {
		day := time.Date(y, m, d+i, 0, 0, 0, 0, time.UTC)
		for _, shift := range r.shifts(day) {
			targets = append(targets, day.Unix()/60+int64(shift.From), day.Unix()/60+int64(shift.To))
		}
	}
	reached := make([]time.Time, len(targets))
	for t := from.Add(-48 * time.Hour).Truncate(time.Minute); t.Before(from.AddDate(0, 0, days+2)); t = t.Add(time.Minute) {
		l := t.In(r.loc)
		wall := time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), 0, 0, time.UTC).Unix() / 60
		for i, want := range targets {
			if reached[i].IsZero() && wall >= want {
				reached[i] = t
			}
		}
	}
	var out []span
	for i := 0; i < len(targets); i += 2 {
		if reached[i].Before(reached[i+1]) {
			out = append(out, span{reached[i], reached[i+1]})
		}
	}
	return out
}

func (r reference) shifts(day time.Time) []faq.Shift {
	for _, e := range r.s.Exceptions {
		if e.Date == day.Format("2006-01-02") {
			return e.Shifts
		}
	}
	return r.s.Week[strings.ToLower(day.Weekday().String()[:3])]
}

func TestScheduleAtAgreesWithSteppingThroughTheMinutes(t *testing.T) {
	zones := []string{"Asia/Shanghai", "America/New_York", "Europe/London", "Australia/Lord_Howe", "America/Havana", "Asia/Beirut", "Pacific/Apia", "Asia/Kathmandu", "Africa/Casablanca", "UTC"}
	// Days around which these zones change their clocks, and ordinary ones.
	days := []string{"2026-03-07", "2026-03-08", "2026-10-31", "2026-11-01", "2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25", "2026-04-04", "2026-10-03", "2011-12-29", "2026-02-14", "2026-03-21", "2026-07-01"}
	const horizon = 12 // days
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		start, _ := time.ParseInLocation("2006-01-02", rapid.SampledFrom(days).Draw(t, "day"), loc)
		s := drawSchedule(t, zone, start)
		spans := reference{s, loc}.spans(start.AddDate(0, 0, -3), horizon)
		for range 20 {
			now := start.Add(time.Duration(rapid.IntRange(0, 3*24*60).Draw(t, "minute")) * time.Minute)
			want := fromSpans(spans, now)
			got := s.At(now)
			if limit := start.AddDate(0, 0, horizon-6); tooFar(got, limit) && tooFar(want, limit) {
				continue
			}
			if got.Open != want.Open || !got.Until.Equal(want.Until) || !got.Next.Equal(want.Next) {
				t.Fatalf("%s at %s: got %+v, want %+v\n%+v", zone, now, got, want, s)
			}
		}
	})
}

func tooFar(o faq.Opening, limit time.Time) bool {
	at := o.Next
	if o.Open {
		at = o.Until
	}
	return at.IsZero() || at.After(limit)
}

func fromSpans(spans []span, now time.Time) faq.Opening {
	var o faq.Opening
	for _, s := range spans {
		if !s.start.After(now) && s.end.After(now) {
			o.Open = true
			o.Until = later(o.Until, s.end)
		}
	}
	for grown := o.Open; grown; {
		grown = false
		for _, s := range spans {
			if !s.start.After(o.Until) && s.end.After(o.Until) {
				o.Until, grown = s.end, true
			}
		}
	}
	for _, s := range spans {
		if !o.Open && s.start.After(now) && (o.Next.IsZero() || s.start.Before(o.Next)) {
			o.Next = s.start
		}
	}
	return o
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func drawSchedule(t *rapid.T, zone string, start time.Time) *faq.Schedule {
	s := &faq.Schedule{ID: "s", Zone: zone, Week: map[string][]faq.Shift{}}
	for _, d := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		if shifts := drawShifts(t); len(shifts) > 0 {
			s.Week[d] = shifts
		}
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "exceptions") {
		s.Exceptions = append(s.Exceptions, faq.Exception{Date: start.AddDate(0, 0, i).Format("2006-01-02"), Shifts: drawShifts(t)})
	}
	return s
}

// drawShifts draws shifts of one day in order, the last perhaps over midnight, many at the hours at which clocks change.
func drawShifts(t *rapid.T) []faq.Shift {
	var out []faq.Shift
	at := 0
	for range rapid.IntRange(0, 3).Draw(t, "shifts") {
		from := at + 15*rapid.IntRange(0, 20).Draw(t, "pause")
		to := from + 15*rapid.IntRange(1, 40).Draw(t, "length")
		if from >= 24*60 {
			break
		}
		out = append(out, faq.Shift{From: from, To: to})
		at = to
	}
	return out
}

func TestStatusAndHoursInWords(t *testing.T) {
	s, l := schedule(t, "Asia/Shanghai", office)
	for _, tc := range []struct {
		now  string // in Shanghai
		want [3]string
	}{
		{"2026-11-09 10:00", [3]string{
			"We are open now, until 12:00 (Asia/Shanghai, UTC+8).",
			"现在是服务时间，服务到今天 12:00（北京时间）。",
			"現在是服務時間，服務到今天 12:00（北京時間）。"}},
		{"2026-11-09 12:30", [3]string{
			"We are closed now and open again today at 13:00 (Asia/Shanghai, UTC+8).",
			"现在不在服务时间，今天 13:00（北京时间）恢复服务。",
			"現在不在服務時間，今天 13:00（北京時間）恢復服務。"}},
		{"2026-11-09 20:00", [3]string{
			"We are closed now and open again tomorrow at 09:00 (Asia/Shanghai, UTC+8).",
			"现在不在服务时间，明天 09:00（北京时间）恢复服务。",
			"現在不在服務時間，明天 09:00（北京時間）恢復服務。"}},
		{"2026-11-07 20:00", [3]string{
			"We are closed now and open again on Monday 9 November at 09:00 (Asia/Shanghai, UTC+8).",
			"现在不在服务时间，11月9日（周一）09:00（北京时间）恢复服务。",
			"現在不在服務時間，11月9日（週一）09:00（北京時間）恢復服務。"}},
		{"2026-12-31 10:00", [3]string{
			"We are open now, until 15:00 (Asia/Shanghai, UTC+8). Today other hours apply: New Year's Eve.",
			"现在是服务时间，服务到今天 15:00（北京时间）。今天的服务时间有调整：跨年夜。",
			"現在是服務時間，服務到今天 15:00（北京時間）。今天的服務時間有調整：跨年夜。"}},
		{"2026-12-31 16:00", [3]string{
			"We are closed now and open again on Saturday 2 January 2027 at 10:00 (Asia/Shanghai, UTC+8). Today other hours apply: New Year's Eve.",
			"现在不在服务时间，2027年1月2日（周六）10:00（北京时间）恢复服务。今天的服务时间有调整：跨年夜。",
			"現在不在服務時間，2027年1月2日（週六）10:00（北京時間）恢復服務。今天的服務時間有調整：跨年夜。"}},
		{"2027-01-01 10:00", [3]string{
			"We are closed today (New Year's Day) and open again tomorrow at 10:00 (Asia/Shanghai, UTC+8).",
			"今天（元旦）休息，明天 10:00（北京时间）恢复服务。",
			"今天（元旦）休息，明天 10:00（北京時間）恢復服務。"}},
	} {
		loc, _ := time.LoadLocation("Asia/Shanghai")
		now, err := time.ParseInLocation("2006-01-02 15:04", tc.now, loc)
		if err != nil {
			t.Fatal(err)
		}
		for i, tag := range []lang.Tag{lang.En, lang.ZhHans, lang.ZhHant} {
			if got := s.Status(tag, now.UTC()); got != tc.want[i] {
				t.Errorf("%s %s: got %q, want %q", tc.now, tag, got, tc.want[i])
			}
			if v := l.CheckOutgoing(s.Status(tag, now), nil); len(v) > 0 {
				t.Errorf("the status sentence is held back for %v", v)
			}
		}
	}
}

func TestStatusAtTheEdges(t *testing.T) {
	for _, tc := range []struct{ hours, now, en, zh string }{
		{nights, "2026-11-09 23:00", "We are open now, until 06:00 tomorrow (UTC).", "现在是服务时间，服务到明天 06:00（UTC）。"},
		{"    week: {mon: [\"12:00-24:00\"]}\n", "2026-11-09 13:00", "We are open now, until 24:00 (UTC).", "现在是服务时间，服务到今天 24:00（UTC）。"},
		{"    week: {mon-tue: [\"00:00-24:00\"], wed: [\"00:00-08:00\"]}\n", "2026-11-09 13:00", "We are open now, until 08:00 on Wednesday 11 November (UTC).", "现在是服务时间，服务到11月11日（周三）08:00（UTC）。"},
		{"    week: {mon-sun: [\"00:00-24:00\"]}\n", "2026-11-09 13:00", "We are open around the clock.", "我们全天 24 小时提供服务。"},
		{"    week: {}\n", "2026-11-09 13:00", "We are closed until further notice.", "目前暂停服务，恢复时间另行通知。"},
		{"    week: {}\n    exceptions: [{date: 2026-11-09, closed: true, note: {en: Move, zh-Hans: 搬家}}]\n", "2026-11-09 13:00", "We are closed today (Move).", "今天（搬家）休息。"},
	} {
		s, _ := schedule(t, "UTC", tc.hours)
		now, _ := time.Parse("2006-01-02 15:04", tc.now)
		if got := s.Status(lang.En, now); got != tc.en {
			t.Errorf("got %q, want %q", got, tc.en)
		}
		if got := s.Status(lang.ZhHans, now); got != tc.zh {
			t.Errorf("got %q, want %q", got, tc.zh)
		}
	}
}

func TestDescribe(t *testing.T) {
	now := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	for _, tc := range []struct{ zone, week, en, zh string }{
		{"Asia/Shanghai", `{mon-fri: ["09:00-18:00"]}`, "Monday to Friday 09:00–18:00 (Asia/Shanghai, UTC+8)", "周一至周五 09:00–18:00（北京时间）"},
		{"America/New_York", `{mon-fri: ["09:00-12:00", "13:00-18:00"], sat: ["10:00-16:00"]}`,
			"Monday to Friday 09:00–12:00 and 13:00–18:00, Saturday 10:00–16:00 (America/New_York, UTC-4)", "周一至周五 09:00–12:00、13:00–18:00，周六 10:00–16:00（纽约时间）"},
		{"Asia/Kathmandu", `{sat-sun: ["22:00-06:00"]}`, "Saturday and Sunday 22:00–06:00 (Asia/Kathmandu, UTC+5:45)", "周六、周日 22:00–06:00（Asia/Kathmandu, UTC+5:45）"},
		{"UTC", `{"tue,thu": ["08:00-24:00"]}`, "Tuesday 08:00–24:00, Thursday 08:00–24:00 (UTC)", "周二 08:00–24:00，周四 08:00–24:00（UTC）"},
		{"UTC", `{mon-sun: ["08:00-20:00"]}`, "every day 08:00–20:00 (UTC)", "每天 08:00–20:00（UTC）"},
		{"UTC", `{mon-sun: ["00:00-24:00"]}`, "around the clock, every day", "每天 24 小时"},
		{"UTC", `{}`, "no regular hours", "暂无固定服务时间"},
	} {
		s, _ := schedule(t, tc.zone, "    week: "+tc.week+"\n")
		if got := s.Describe(lang.En, now); got != tc.en {
			t.Errorf("got %q, want %q", got, tc.en)
		}
		if got := s.Describe(lang.ZhHans, now); got != tc.zh {
			t.Errorf("got %q, want %q", got, tc.zh)
		}
	}
	s, _ := schedule(t, "Asia/Taipei", "    week: {mon-fri: [\"09:00-18:00\"]}\n")
	if got, want := s.Describe(lang.ZhHant, now), "週一至週五 09:00–18:00（台北時間）"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func BenchmarkScheduleAt(b *testing.B) {
	s, _ := schedule(b, "America/New_York", office)
	now := time.Date(2026, 11, 8, 20, 0, 0, 0, time.UTC)
	for b.Loop() {
		if o := s.At(now); o.Open {
			b.Fatal(fmt.Sprint(o))
		}
	}
}
