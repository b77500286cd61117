package faq

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A phone number is 7 to 15 digits (E.164), in one run or in groups.
const (
	minPhone = 7
	maxPhone = 15
	maxGap   = 4 // characters between two groups of one number, e.g. ") - "
)

// group is a run of digits in the text.
type group struct {
	start, end int // in buf
	digits     string
	plus       bool   // a + stands right before it
	id         bool   // part of an identifier with letters
	gap        string // what stands between it and the group before it in the same sequence
}

// phones finds phone numbers among what is left of the text.
func (s *factScan) phones() {
	digits := 0
	for _, r := range string(s.buf) {
		if digitRune(r) >= 0 {
			digits++
		}
	}
	if digits < minPhone {
		return
	}
	s.blankHarmless()
	for _, seq := range s.sequences() {
		s.judge(seq)
	}
}

var (
	listNumber = regexp.MustCompile(`(?m)^ *\d{1,2}[.)] $`)
	uuid       = regexp.MustCompile(`(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b`)
	timeOfDay  = regexp.MustCompile(`(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?`)
	dateForms  = regexp.MustCompile(`(?:19|20)\d\d([-/.])(?:0?[1-9]|1[0-2])([-/.])(?:3[01]|[12]\d|0?[1-9])` +
		`|(?:3[01]|[12]\d|0?[1-9])([-/.])(?:3[01]|[12]\d|0?[1-9])([-/.])(?:19|20)\d\d`)
	amount = regexp.MustCompile(`\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?`)
)

// blankHarmless takes numbers out that are plainly something else. None of the forms has a run of more than four
// digits (but for the groups of a UUID), so no phone number in one run can pass for one of them.
func (s *factScan) blankHarmless() {
	for _, m := range uuid.FindAllIndex(s.buf, -1) {
		if bytes.ContainsAny(bytes.ToLower(s.buf[m[0]:m[1]]), "abcdef") {
			s.blank(m[0], m[1])
		}
	}
	s.blankAlone(timeOfDay, ":")
	s.blankAlone(amount, ",.")
	s.blankDates()
}

// blankAlone blanks what re finds unless more digits join it, directly or by one of the joints.
func (s *factScan) blankAlone(re *regexp.Regexp, joints string) {
	for _, m := range re.FindAllIndex(s.buf, -1) {
		if !s.digitBefore(m[0], joints+"+") && !s.digitAfter(m[1], joints) {
			s.blank(m[0], m[1])
		}
	}
}

func (s *factScan) blankDates() {
	found := dateForms.FindAllSubmatchIndex(s.buf, -1)
	for i, m := range found {
		first, second := m[2], m[4]
		if first < 0 {
			first, second = m[6], m[8]
		}
		if s.buf[first] != s.buf[second] || s.digitBefore(m[0], "-/.+") {
			continue
		}
		inRange := i+1 < len(found) && found[i+1][0] == m[1]+1
		if inRange || !s.digitAfter(m[1], "-/.") {
			s.blank(m[0], m[1])
		}
	}
}

// digitBefore reports whether a digit, or one of the joints after a digit (or a + alone), stands before at.
func (s *factScan) digitBefore(at int, joints string) bool {
	if at > 0 && strings.IndexByte(joints, s.buf[at-1]) >= 0 {
		if s.buf[at-1] == '+' {
			return true
		}
		at--
	}
	return at > 0 && isDigit(s.buf[at-1])
}

func (s *factScan) digitAfter(at int, joints string) bool {
	if at < len(s.buf) && strings.IndexByte(joints, s.buf[at]) >= 0 {
		at++
	}
	return at < len(s.buf) && isDigit(s.buf[at])
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// sequences returns the runs of groups that nothing but separators parts.
func (s *factScan) sequences() [][]group {
	var out [][]group
	var seq []group
	gapStart, gapRunes := 0, 0
	for at := 0; at < len(s.buf); {
		r, n := utf8.DecodeRune(s.buf[at:])
		switch {
		case digitRune(r) >= 0:
			g := s.groupAt(at)
			if len(seq) > 0 && !g.plus && gapRunes <= maxGap {
				g.gap = string(s.buf[gapStart:at])
				seq = append(seq, g)
			} else {
				out, seq = flush(out, seq), []group{g}
			}
			at, gapStart, gapRunes = g.end, g.end, 0
			continue
		case isSeparator(r):
			gapRunes++
		default:
			out, seq = flush(out, seq), nil
		}
		at += n
	}
	return flush(out, seq)
}

func flush(out [][]group, seq []group) [][]group {
	if len(seq) == 0 {
		return out
	}
	return append(out, seq)
}

func (s *factScan) groupAt(start int) group {
	g := group{start: start, end: start, plus: start > 0 && s.buf[start-1] == '+'}
	var digits []byte
	for g.end < len(s.buf) {
		r, n := utf8.DecodeRune(s.buf[g.end:])
		d := digitRune(r)
		if d < 0 {
			break
		}
		digits = append(digits, byte('0'+d))
		g.end += n
	}
	g.digits = string(digits)
	g.id = !g.plus && s.isID(g.start, g.end)
	return g
}

// digitRune is the value of an ASCII or Chinese digit; -1 for anything else. Other digits are ASCII already.
func digitRune(r rune) int {
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0')
	case r < 0x3000:
		return -1
	}
	switch r {
	case '零', '〇', '洞':
		return 0
	case '一', '壹', '幺':
		return 1
	case '二', '贰', '貳', '两', '兩':
		return 2
	case '三', '叁', '參':
		return 3
	case '四', '肆':
		return 4
	case '五', '伍':
		return 5
	case '六', '陆', '陸':
		return 6
	case '七', '柒', '拐':
		return 7
	case '八', '捌':
		return 8
	case '九', '玖':
		return 9
	}
	return -1
}

// isSeparator reports whether r may stand within a phone number.
func isSeparator(r rune) bool {
	return strings.ContainsRune(" -‐‑‒–—―−ー./()[]·・_~|'’+", r)
}

// idWords are the words before which digits are a number of the customer's business, not a phone.
var idWords = []string{"order", "ord", "tx", "txn", "trx", "ref", "inv", "invoice", "id", "ticket", "case", "req", "pay", "rf"}

// callWords are never the beginning of an identifier.
var callWords = []string{"tel", "call", "fax", "ext", "mob", "cell", "qq", "wx", "vx", "wc", "wa", "tg", "sms", "line", "ph", "no", "hot", "x", "t", "m", "p", "f"}

// isID reports whether the digits are part of an identifier with letters, like ORD-20261109-00017 or TX12345678: letters
// in front, in capitals and few, or a word such as "order". Words that invite to call are none.
func (s *factScan) isID(start, end int) bool {
	if start == end || s.buf[start] >= utf8.RuneSelf {
		return false
	}
	from, to := start, end
	for from > 0 && isWordByte(s.buf[from-1]) {
		from--
	}
	for to < len(s.buf) && isWordByte(s.buf[to]) {
		to++
	}
	runs := letterRuns(string(s.buf[from:to]))
	if len(runs) == 0 {
		return false
	}
	if to-from >= 16 && isHex(s.buf[from:to]) && len(runs) > 1 {
		return true
	}
	if isDigit(s.buf[from]) && runs[0] != strings.ToUpper(runs[0]) {
		return false
	}
	for _, run := range runs {
		lower := strings.ToLower(run)
		capitals := run == strings.ToUpper(run) && len(run) <= 4
		if slices.Contains(callWords, lower) || !capitals && !slices.Contains(idWords, lower) {
			return false
		}
	}
	return true
}

func isWordByte(b byte) bool {
	return isDigit(b) || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '-' || b == '_'
}

func letterRuns(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r < 'A' || r > 'z' || r > 'Z' && r < 'a' })
}

func isHex(b []byte) bool {
	return !bytes.ContainsFunc(b, func(r rune) bool {
		return !(r >= '0' && r <= '9' || r >= 'a' && r <= 'f' || r == '-')
	})
}

// judge reports what in a sequence of groups may be an unknown phone number.
func (s *factScan) judge(seq []group) {
	from := 0
	for i := 0; i <= len(seq); {
		if i == len(seq) {
			s.judgeRest(seq[from:])
			return
		}
		n := s.registeredAt(seq, from, i)
		if n == 0 && !seq[i].id && len(seq[i].digits) <= maxPhone {
			i++
			continue
		}
		s.judgeRest(seq[from:i])
		i += max(n, 1)
		from = i
	}
}

// registeredAt returns how many groups from i on are one known phone number; 0 for none. What stands beside it must
// be parted by a blank or bracket: +1 555-0100-99 is another number than +1 555-0100. The groups from..i are not
// known; if they are a country code, they make it another number.
func (s *factScan) registeredAt(seq []group, from, i int) int {
	if i > 0 && !parts(seq[i].gap) || i > from && dialsOut(seq[from]) {
		return 0
	}
	best, digits := 0, ""
	for j := i; j < len(seq) && len(digits) <= maxPhone+2; j++ {
		digits += seq[j].digits
		if phoneAllowed(s.allow, digits, seq[i].plus) && (j+1 == len(seq) || parts(seq[j+1].gap)) {
			best = j - i + 1
		}
	}
	return best
}

func parts(gap string) bool { return strings.ContainsAny(gap, " ()[]|") }

func dialsOut(g group) bool { return g.plus || strings.HasPrefix(g.digits, "00") }

// judgeRest reports groups that belong to no known number.
func (s *factScan) judgeRest(seq []group) {
	total, long := 0, false
	for _, g := range seq {
		total += len(g.digits)
		long = long || len(g.digits) >= minPhone
	}
	if total < minPhone || !long && s.harmless(seq, total) {
		return
	}
	if total <= maxPhone || !long {
		s.report(kindPhone, seq[0].from(), seq[len(seq)-1].end)
		return
	}
	for _, g := range seq {
		if len(g.digits) >= minPhone {
			s.report(kindPhone, g.from(), g.end)
		}
	}
}

func (g group) from() int {
	if g.plus {
		return g.start - 1
	}
	return g.start
}

// harmless reports whether short groups are something else than a phone number: a card-like id in fours, a range of
// years or round numbers, an amount beside a currency.
func (s *factScan) harmless(seq []group, total int) bool {
	if seq[0].plus {
		return false
	}
	if len(seq) > 1 && s.numbersItem(seq[:2]) {
		return len(seq) == 2 || s.harmless(seq[1:], total-len(seq[0].digits))
	}
	return total > maxPhone && inFours(seq) || plainRange(seq) || s.grouped(seq)
}

// numbersItem reports whether the first of two groups is the number of a list's item.
func (s *factScan) numbersItem(seq []group) bool {
	line := bytes.LastIndexByte(s.buf[:seq[0].start], '\n') + 1
	return listNumber.Match(s.buf[line:seq[1].start])
}

func inFours(seq []group) bool {
	for i, g := range seq {
		if len(g.digits) != 4 && (i < len(seq)-1 || len(g.digits) > 4) || utf8.RuneCountInString(g.gap) > 1 {
			return false
		}
	}
	return true
}

// plainRange recognises 2024-2026 and 500-10000.
func plainRange(seq []group) bool {
	if len(seq) != 2 || !strings.ContainsAny(seq[1].gap, "-–—~−‐‑‒/") {
		return false
	}
	a, errA := strconv.Atoi(seq[0].digits)
	b, errB := strconv.Atoi(seq[1].digits)
	if errA != nil || errB != nil || a >= b || seq[0].digits[0] == '0' {
		return false
	}
	return isYear(a) && isYear(b) || a%100 == 0 && b%100 == 0
}

func isYear(n int) bool { return n >= 1900 && n < 2100 }

var (
	currencyBefore = regexp.MustCompile(`(?i)(?:[¥$€£₩₹]|\b(?:usd|cny|rmb|eur|gbp|hkd|twd|jpy|sgd|aud|cad)) ?$`)
	currencyAfter  = regexp.MustCompile(`(?i)^ ?(?:[¥$€£₩₹元块]|美元|港币|人民币|(?:usd|cny|rmb|eur|gbp|hkd|twd|jpy|sgd|aud|cad)\b)`)
)

// grouped recognises an amount in groups of three beside its currency: USD 1 250 000, 1.250.000 €.
func (s *factScan) grouped(seq []group) bool {
	for i, g := range seq {
		if i > 0 && len(g.digits) != 3 || len(g.digits) > 3 {
			return false
		}
	}
	before, after := s.buf[max(0, seq[0].start-6):seq[0].start], s.buf[seq[len(seq)-1].end:]
	return currencyBefore.Match(before) || currencyAfter.Match(after[:min(len(after), 12)])
}
