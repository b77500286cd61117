package faq

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// weekdays in the order of a week, as they stand in files.
var weekdays = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

const (
	dayMinutes = 24 * 60
	// searchDays bounds the search for the next opening or closing.
	searchDays = 400
)

// Opening is the state of a schedule at a moment.
type Opening struct {
	Open  bool
	Until time.Time // when it closes; zero when it is closed, or does not close within 400 days
	Next  time.Time // when it opens next; zero when it is open, or does not open within 400 days
}

// At tells whether the schedule is open at now, and until when it stays so. The times returned are in the schedule's zone.
//
// A shift begins at the first moment at which the clock on the wall shows its time or later, and ends likewise, so
// that it neither vanishes when clocks are put forward nor comes twice when they are put back. It belongs to the day it
// begins on: an exception replaces the shifts that begin on its date, not what is left of the night before.
func (s *Schedule) At(now time.Time) Opening {
	loc := s.location()
	y, m, d := now.In(loc).Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	var o Opening
	for i := -2; i <= searchDays; i++ {
		day := today.AddDate(0, 0, i)
		for _, shift := range s.on(day) {
			start, end := wallReached(day, shift.From, loc), wallReached(day, shift.To, loc)
			switch {
			case !start.Before(end): // swallowed when clocks are put forward
			case o.Open && start.After(o.Until):
				return o
			case !o.Open && start.After(now):
				return Opening{Next: start}
			case end.After(now):
				o.Open = true
				if end.After(o.Until) {
					o.Until = end
				}
			}
		}
	}
	if o.Open && o.Until.After(now.AddDate(0, 0, searchDays-2)) {
		o.Until = time.Time{}
	}
	return o
}

// on returns the shifts that begin on a day, in order.
func (s *Schedule) on(day time.Time) []Shift {
	if e, ok := s.exception(day); ok {
		return e.Shifts
	}
	return s.Week[weekdayKey(day.Weekday())]
}

func (s *Schedule) exception(day time.Time) (Exception, bool) {
	if len(s.Exceptions) == 0 {
		return Exception{}, false
	}
	date := day.Format(time.DateOnly)
	for _, e := range s.Exceptions {
		if e.Date == date {
			return e, true
		}
	}
	return Exception{}, false
}

// location is the schedule's zone; UTC when it is unknown, which Load does not let pass.
func (s *Schedule) location() *time.Location {
	if s.loc != nil {
		return s.loc
	}
	loc, err := time.LoadLocation(s.Zone)
	if err != nil {
		return time.UTC
	}
	return loc
}

func weekdayKey(d time.Weekday) string { return weekdays[(int(d)+6)%7] }

// wallReached is the first moment at which the clock in loc shows the minute of the day, or later. minute may pass
// 24:00. It walks through the spans between changes of the clock, beginning before any in which the moment can lie.
func wallReached(day time.Time, minute int, loc *time.Location) time.Time {
	wall := day.Add(time.Duration(minute) * time.Minute) // the time on the wall, written as if it were UTC
	span := wall.Add(-26 * time.Hour).In(loc)
	for {
		start, end := span.ZoneBounds()
		_, offset := span.Zone()
		t := wall.Add(-time.Duration(offset) * time.Second)
		if !start.IsZero() && t.Before(start) {
			t = start
		}
		if end.IsZero() || t.Before(end) {
			return t.In(loc)
		}
		span = end
	}
}

// String is the shift as it stands in files, e.g. "22:00-06:00".
func (s Shift) String() string {
	to := s.To
	if to > dayMinutes {
		to -= dayMinutes
	}
	return clock(s.From) + "-" + clock(to)
}

func clock(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

var shiftForm = regexp.MustCompile(`^(\d{1,2}):(\d{2})\s*[-–—~]\s*(\d{1,2}):(\d{2})$`)

// parseShift reads "09:00-18:00". A shift that ends before it begins ends on the next day.
func parseShift(s string) (Shift, error) {
	m := shiftForm.FindStringSubmatch(s)
	if m == nil {
		return Shift{}, fmt.Errorf("it is not of the form 09:00-18:00")
	}
	from, okFrom := minuteOf(m[1], m[2])
	to, okTo := minuteOf(m[3], m[4])
	switch {
	case !okFrom || !okTo || from == dayMinutes:
		return Shift{}, fmt.Errorf("a day goes from 00:00 to 24:00")
	case from == to:
		return Shift{}, fmt.Errorf("it opens and closes at the same time")
	case to < from:
		to += dayMinutes
	}
	return Shift{From: from, To: to}, nil
}

func minuteOf(hours, minutes string) (int, bool) {
	h, _ := strconv.Atoi(hours)
	m, _ := strconv.Atoi(minutes)
	return h*60 + m, m < 60 && h*60+m <= dayMinutes
}

// parseDays reads "mon", "mon-fri", "fri-mon" or "tue,thu".
func parseDays(s string) ([]string, bool) {
	var out []string
	for part := range strings.SplitSeq(s, ",") {
		from, to, isRange := strings.Cut(strings.ToLower(strings.TrimSpace(part)), "-")
		if !isRange {
			to = from
		}
		i, j := dayIndex(strings.TrimSpace(from)), dayIndex(strings.TrimSpace(to))
		if i < 0 || j < 0 {
			return nil, false
		}
		for ; ; i = (i + 1) % 7 {
			out = append(out, weekdays[i])
			if i == j {
				break
			}
		}
	}
	return out, true
}

func dayIndex(s string) int {
	for i, d := range weekdays {
		if s == d {
			return i
		}
	}
	return -1
}
