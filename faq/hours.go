package faq

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/intents/lang"
)

// tongue is how one language words opening hours. %s stand in the order the comments name.
type tongue struct {
	days          [7]string // Monday first
	everyDay      string
	roundClock    string
	none          string  // no regular hours
	to, and       string  // Monday to Friday; Saturday and Sunday
	list          string  // between groups of days
	shiftList     string  // between the shifts of a day
	zone          string  // in brackets
	openUntil     string  // time, zone
	openAlways    string  // never closes
	closedUntil   string  // time, zone
	holidayUntil  string  // holiday, time, zone
	closed        string  // and nobody knows until when
	closedHoliday string  // holiday
	otherHours    string  // note
	opens, closes moments // after "open again" and "until"
	year          string
}

// moments word a point in time that is near.
type moments struct {
	today, tomorrow string // clock
	onDate          string // by index: 1 weekday, 2 day, 3 month's name, 4 month, 5 year or "", 6 clock
}

var english = tongue{
	days:          [7]string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
	everyDay:      "every day",
	roundClock:    "around the clock, every day",
	none:          "no regular hours",
	to:            " to ",
	and:           " and ",
	list:          ", ",
	shiftList:     " and ",
	zone:          " (%s)",
	openUntil:     "We are open now, until %s%s.",
	openAlways:    "We are open around the clock.",
	closedUntil:   "We are closed now and open again %s%s.",
	holidayUntil:  "We are closed today (%s) and open again %s%s.",
	closed:        "We are closed until further notice.",
	closedHoliday: "We are closed today (%s).",
	otherHours:    " Today other hours apply: %s.",
	opens:         moments{"today at %s", "tomorrow at %s", "on %[1]s %[2]d %[3]s%[5]s at %[6]s"},
	closes:        moments{"%s", "%s tomorrow", "%[6]s on %[1]s %[2]d %[3]s%[5]s"},
	year:          " %d",
}

var simplified = tongue{
	days:          [7]string{"周一", "周二", "周三", "周四", "周五", "周六", "周日"},
	everyDay:      "每天",
	roundClock:    "每天 24 小时",
	none:          "暂无固定服务时间",
	to:            "至",
	and:           "、",
	list:          "，",
	shiftList:     "、",
	zone:          "（%s）",
	openUntil:     "现在是服务时间，服务到%s%s。",
	openAlways:    "我们全天 24 小时提供服务。",
	closedUntil:   "现在不在服务时间，%s%s恢复服务。",
	holidayUntil:  "今天（%s）休息，%s%s恢复服务。",
	closed:        "目前暂停服务，恢复时间另行通知。",
	closedHoliday: "今天（%s）休息。",
	otherHours:    "今天的服务时间有调整：%s。",
	opens:         moments{"今天 %s", "明天 %s", "%[5]s%[4]d月%[2]d日（%[1]s）%[6]s"},
	closes:        moments{"今天 %s", "明天 %s", "%[5]s%[4]d月%[2]d日（%[1]s）%[6]s"},
	year:          "%d年",
}

var traditional = tongue{
	days:          [7]string{"週一", "週二", "週三", "週四", "週五", "週六", "週日"},
	everyDay:      "每天",
	roundClock:    "每天 24 小時",
	none:          "暫無固定服務時間",
	to:            "至",
	and:           "、",
	list:          "，",
	shiftList:     "、",
	zone:          "（%s）",
	openUntil:     "現在是服務時間，服務到%s%s。",
	openAlways:    "我們全天 24 小時提供服務。",
	closedUntil:   "現在不在服務時間，%s%s恢復服務。",
	holidayUntil:  "今天（%s）休息，%s%s恢復服務。",
	closed:        "目前暫停服務，恢復時間另行通知。",
	closedHoliday: "今天（%s）休息。",
	otherHours:    "今天的服務時間有調整：%s。",
	opens:         moments{"今天 %s", "明天 %s", "%[5]s%[4]d月%[2]d日（%[1]s）%[6]s"},
	closes:        moments{"今天 %s", "明天 %s", "%[5]s%[4]d月%[2]d日（%[1]s）%[6]s"},
	year:          "%d年",
}

func tongueOf(tag lang.Tag) *tongue {
	switch tag {
	case lang.ZhHans:
		return &simplified
	case lang.ZhHant:
		return &traditional
	}
	return &english
}

// zoneNames are the names by which Chinese speakers know a zone, simplified and traditional.
var zoneNames = map[string][2]string{
	"Asia/Shanghai":       {"北京时间", "北京時間"},
	"Asia/Chongqing":      {"北京时间", "北京時間"},
	"Asia/Hong_Kong":      {"香港时间", "香港時間"},
	"Asia/Macau":          {"澳门时间", "澳門時間"},
	"Asia/Taipei":         {"台北时间", "台北時間"},
	"Asia/Singapore":      {"新加坡时间", "新加坡時間"},
	"Asia/Kuala_Lumpur":   {"吉隆坡时间", "吉隆坡時間"},
	"Asia/Tokyo":          {"东京时间", "東京時間"},
	"Asia/Seoul":          {"首尔时间", "首爾時間"},
	"Europe/London":       {"伦敦时间", "倫敦時間"},
	"Europe/Paris":        {"巴黎时间", "巴黎時間"},
	"Europe/Berlin":       {"柏林时间", "柏林時間"},
	"America/New_York":    {"纽约时间", "紐約時間"},
	"America/Los_Angeles": {"洛杉矶时间", "洛杉磯時間"},
	"Australia/Sydney":    {"悉尼时间", "雪梨時間"},
}

// zoneIn names the schedule's zone as it is at t, in brackets.
func (s *Schedule) zoneIn(tag lang.Tag, t time.Time) string {
	w := tongueOf(tag)
	if names, ok := zoneNames[s.Zone]; ok && w != &english {
		if w == &simplified {
			return fmt.Sprintf(w.zone, names[0])
		}
		return fmt.Sprintf(w.zone, names[1])
	}
	if s.Zone == "UTC" || s.Zone == "Etc/UTC" {
		return fmt.Sprintf(w.zone, "UTC")
	}
	_, offset := t.In(s.location()).Zone()
	return fmt.Sprintf(w.zone, s.Zone+", UTC"+offsetText(offset))
}

func offsetText(seconds int) string {
	sign := "+"
	if seconds < 0 {
		sign, seconds = "-", -seconds
	}
	if m := seconds / 60 % 60; m != 0 {
		return fmt.Sprintf("%s%d:%02d", sign, seconds/3600, m)
	}
	return fmt.Sprintf("%s%d", sign, seconds/3600)
}

// Describe words the weekly hours: "Monday to Friday 09:00–18:00 (Asia/Shanghai, UTC+8)", "周一至周五 09:00–18:00(北京时间)".
// now is the moment whose offset from UTC is named, for zones that change their clocks.
func (s *Schedule) Describe(tag lang.Tag, now time.Time) string {
	w := tongueOf(tag)
	var out []string
	for _, run := range weekRuns(s.Week) {
		if len(run.days) == 7 && slices.Equal(run.shifts, []Shift{{0, dayMinutes}}) {
			return w.roundClock
		}
		out = append(out, w.daysText(run.days)+" "+w.shiftsText(run.shifts))
	}
	if len(out) == 0 {
		return w.none
	}
	return strings.Join(out, w.list) + s.zoneIn(tag, now)
}

// dayRun is days in a row with the same shifts.
type dayRun struct {
	days   []int // 0 Monday
	shifts []Shift
}

// weekRuns groups the days that have hours.
func weekRuns(week map[string][]Shift) []dayRun {
	var runs []dayRun
	for i, d := range weekdays {
		shifts := week[d]
		if len(shifts) == 0 {
			continue
		}
		if k := len(runs) - 1; k >= 0 && runs[k].days[len(runs[k].days)-1] == i-1 && slices.Equal(runs[k].shifts, shifts) {
			runs[k].days = append(runs[k].days, i)
			continue
		}
		runs = append(runs, dayRun{[]int{i}, shifts})
	}
	return runs
}

func (w *tongue) daysText(days []int) string {
	first, last := w.days[days[0]], w.days[days[len(days)-1]]
	switch len(days) {
	case 1:
		return first
	case 2:
		return first + w.and + last
	case 7:
		return w.everyDay
	}
	return first + w.to + last
}

func (w *tongue) shiftsText(shifts []Shift) string {
	var out []string
	for _, s := range shifts {
		out = append(out, strings.Replace(s.String(), "-", "–", 1))
	}
	return strings.Join(out, w.shiftList)
}

// Status says in a sentence whether the schedule is open at now and when that changes, in the schedule's zone, and names
// the holiday: "We are closed now and open again on Monday 9 November at 09:00 (Asia/Shanghai, UTC+8)."
func (s *Schedule) Status(tag lang.Tag, now time.Time) string {
	w, o := tongueOf(tag), s.At(now)
	local := now.In(s.location())
	e, special := s.exception(time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC))
	note := ""
	if special {
		note = s.noteText(e.Note, tag)
	}
	holiday := note != "" && len(e.Shifts) == 0
	other := ""
	if note != "" && len(e.Shifts) > 0 {
		other = fmt.Sprintf(w.otherHours, note)
	}
	switch {
	case o.Open && o.Until.IsZero():
		return w.openAlways
	case o.Open:
		return fmt.Sprintf(w.openUntil, w.moment(w.closes, local, o.Until), s.zoneIn(tag, o.Until)) + other
	case o.Next.IsZero() && holiday:
		return fmt.Sprintf(w.closedHoliday, note)
	case o.Next.IsZero():
		return w.closed
	case holiday:
		return fmt.Sprintf(w.holidayUntil, note, w.moment(w.opens, local, o.Next), s.zoneIn(tag, o.Next))
	}
	return fmt.Sprintf(w.closedUntil, w.moment(w.opens, local, o.Next), s.zoneIn(tag, o.Next)) + other
}

func (s *Schedule) noteText(note Texts, tag lang.Tag) string {
	if len(note) == 0 {
		return ""
	}
	if s.text != nil {
		return s.text(note, tag)
	}
	return nearestText(note, tag)
}

// moment words t as seen from now: today, tomorrow, or the date. Midnight at the end of a day belongs to that day
// when something closes then.
func (w *tongue) moment(form moments, now, t time.Time) string {
	at := t.Format("15:04")
	if form == w.closes && at == "00:00" {
		t, at = t.Add(-time.Minute), "24:00"
	}
	switch {
	case sameDay(now, t):
		return fmt.Sprintf(form.today, at)
	case sameDay(now.AddDate(0, 0, 1), t):
		return fmt.Sprintf(form.tomorrow, at)
	}
	year := ""
	if t.Year() != now.Year() {
		year = fmt.Sprintf(w.year, t.Year())
	}
	return fmt.Sprintf(form.onDate, w.days[(int(t.Weekday())+6)%7], t.Day(), t.Month().String(), int(t.Month()), year, at)
}

func sameDay(a, b time.Time) bool {
	ya, ma, da := a.Date()
	yb, mb, db := b.Date()
	return ya == yb && ma == mb && da == db
}
