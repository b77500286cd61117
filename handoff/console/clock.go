package console

import (
	"fmt"
	"time"

	"github.com/deskbell/deskbell/intents/lang"
)

// moment is a time as a page shows it.
type moment struct {
	ISO  string // for <time datetime>
	Full string // date and time
	Time string // 15:04
	Ago  string // "3 min", how long ago
}

// clock words times for one person.
type clock struct {
	tag  lang.Tag
	zone *time.Location
	now  time.Time
}

func (v *visit) clock() clock { return clock{v.tag, v.zone, v.now} }

func (c clock) moment(t time.Time) moment {
	if t.IsZero() {
		return moment{}
	}
	local := t.In(c.zone)
	return moment{ISO: t.UTC().Format(time.RFC3339), Full: c.day(t) + " " + local.Format("15:04"), Time: local.Format("15:04"), Ago: c.ago(t)}
}

// day is a date with its weekday, and with its year when that is another one.
func (c clock) day(t time.Time) string {
	local := t.In(c.zone)
	other := local.Year() != c.now.In(c.zone).Year()
	if c.tag == lang.En {
		if other {
			return local.Format("Mon 2 Jan 2006")
		}
		return local.Format("Mon 2 Jan")
	}
	weekday := []string{"日", "一", "二", "三", "四", "五", "六"}[local.Weekday()]
	prefix := "周"
	if c.tag == lang.ZhHant {
		prefix = "週"
	}
	s := fmt.Sprintf("%d月%d日 %s%s", local.Month(), local.Day(), prefix, weekday)
	if other {
		s = fmt.Sprintf("%d年%s", local.Year(), s)
	}
	return s
}

// ago is how long ago t was, in one unit.
func (c clock) ago(t time.Time) string {
	d := c.now.Sub(t)
	unit := func(n int, en, hans, hant string) string {
		switch c.tag {
		case lang.ZhHans:
			return fmt.Sprintf("%d %s", n, hans)
		case lang.ZhHant:
			return fmt.Sprintf("%d %s", n, hant)
		}
		return fmt.Sprintf("%d %s", n, en)
	}
	switch {
	case d < time.Minute:
		return map[lang.Tag]string{lang.En: "now", lang.ZhHans: "刚刚", lang.ZhHant: "剛剛"}[c.tag]
	case d < time.Hour:
		return unit(int(d.Minutes()), "min", "分钟", "分鐘")
	case d < 24*time.Hour:
		return unit(int(d.Hours()), "h", "小时", "小時")
	default:
		return unit(int(d.Hours()/24), "d", "天", "天")
	}
}
