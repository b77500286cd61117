package faq

import (
	"bytes"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"mvdan.cc/xurls/v2"
)

// Kinds of contacts and of violations.
const (
	kindURL    = "url"
	kindEmail  = "email"
	kindPhone  = "phone"
	kindHandle = "handle"
)

// fact is something in a text that a reader could visit, write to or call.
type fact struct {
	Kind, Value string
	line        int // from 0
	start       int
}

// factScan looks for facts in a text. Whatever has been dealt with is blanked out of buf, so that the digits of a URL
// are not taken for a phone number.
type factScan struct {
	buf   []byte // normalised
	allow []*allowed
	found []fact
}

// findFacts returns the facts of a text that none of allow allows, in order. allow nil: all of them.
func findFacts(text string, allow []*allowed) []fact {
	found, _ := scanFacts(text, allow)
	return found
}

// scanFacts is findFacts; rest is the text, normalised, with its addresses blanked out.
func scanFacts(text string, allow []*allowed) (found []fact, rest string) {
	s := &factScan{buf: []byte(normalise(text)), allow: allow}
	if bytes.Contains(s.buf, []byte("⟦")) {
		s.blankAll(guardMark)
	}
	s.addresses()
	rest = string(s.buf)
	s.handles()
	s.phones()
	slices.SortFunc(s.found, func(a, b fact) int { return a.start - b.start })
	return s.found, rest
}

// guardMark is what the guard leaves in place of a secret. It has no digits, so nothing can hide in it.
var guardMark = regexp.MustCompile(`⟦[a-z_ ]{1,40}⟧`)

const blank = 0

func (s *factScan) blankAll(re *regexp.Regexp) {
	for _, m := range re.FindAllIndex(s.buf, -1) {
		s.blank(m[0], m[1])
	}
}

func (s *factScan) blank(start, end int) {
	for i := start; i < end; i++ {
		s.buf[i] = blank
	}
}

// add deals with the fact at [start,end).
func (s *factScan) add(kind string, start, end int) {
	value := string(s.buf[start:end])
	if !allowedBy(s.allow, kind, value) {
		s.report(kind, start, end)
	}
	s.blank(start, end)
}

func (s *factScan) report(kind string, start, end int) {
	line := 0
	for _, b := range s.buf[:start] {
		if b == '\n' {
			line++
		}
	}
	s.found = append(s.found, fact{kind, string(s.buf[start:end]), line, start})
}

// addresses finds URLs, bare domains and e-mail addresses in each run of characters without white space.
func (s *factScan) addresses() {
	for start := 0; start < len(s.buf); {
		if isBlankByte(s.buf[start]) {
			start++
			continue
		}
		end := start
		for end < len(s.buf) && !isBlankByte(s.buf[end]) {
			end++
		}
		if linkLike(s.buf[start:end]) {
			s.idnAddresses(start, end)
			s.plainAddresses(start, end)
		}
		start = end
	}
}

func isBlankByte(b byte) bool { return b == ' ' || b == '\n' || b == blank }

// linkLike is a cheap test that spares most words the big expression: a dot, a colon after a letter or colon, or an @
// that something follows. The times in "09:00-18:00" are none.
func linkLike(token []byte) bool {
	for i := 0; i+1 < len(token); i++ {
		switch token[i] {
		case '@':
			return true
		case '.':
			if token[i+1] != '.' {
				return true
			}
		case ':':
			if token[i+1] == ':' || i > 0 && (token[i-1] >= 'A' || token[i-1] == ':') {
				return true
			}
		}
	}
	return false
}

// plainAddresses looks at the pieces between Chinese characters: people write 请访问okpay.example.com查看 without blanks.
func (s *factScan) plainAddresses(start, end int) {
	for at := start; at < end; {
		r, n := utf8.DecodeRune(s.buf[at:end])
		if isCJK(r) || r == blank {
			at += n
			continue
		}
		stop := s.chunkEnd(at, end)
		if linkLike(s.buf[at:stop]) {
			s.match(at, stop)
		}
		at = stop
	}
}

// chunkEnd is where the piece of a token that begins at start ends: before Chinese characters, unless a URL plainly
// goes on with them.
func (s *factScan) chunkEnd(start, end int) int {
	at := start
	for at < end {
		r, n := utf8.DecodeRune(s.buf[at:end])
		if r == blank || isCJK(r) && !(unicode.IsLetter(r) && s.urlGoesOn(start, at)) {
			break
		}
		at += n
	}
	return at
}

func (s *factScan) urlGoesOn(start, at int) bool {
	if at == start {
		return false
	}
	if last, _ := utf8.DecodeLastRune(s.buf[start:at]); !isCJK(last) && !strings.ContainsRune("/?=&#%", last) {
		return false
	}
	return strings.Contains(string(s.buf[start:at]), "://") && !strings.HasSuffix(string(s.buf[start:at]), "://")
}

var anyScheme = regexp.MustCompile(`(?i)\b[a-z][a-z0-9+.-]*://[^\s\x00<>"]*[^\s\x00<>".,;:!?'()\[\]]`)

func (s *factScan) match(start, end int) {
	re := xurls.Relaxed()
	chunk := string(s.buf[start:end])
	for _, m := range re.FindAllStringIndex(chunk, -1) {
		s.address(start+m[0], start+m[1])
	}
	if strings.Contains(chunk, "://") {
		for _, m := range anyScheme.FindAllIndex(s.buf[start:end], -1) {
			s.add(kindURL, start+m[0], start+m[1])
		}
	}
}

// address deals with what the expression found: it tells apart URLs, e-mails, phones, and what only looks like one.
func (s *factScan) address(start, end int) {
	value := string(s.buf[start:end])
	lower := strings.ToLower(value)
	switch {
	case strings.Contains(value, "://"):
		s.add(kindURL, start, end)
	case strings.HasPrefix(lower, "mailto:"):
		s.add(kindEmail, start, end)
	case strings.HasPrefix(lower, "tel:"), strings.HasPrefix(lower, "sms:"):
		s.blank(start, start+len("tel:")) // what follows is looked at with the other numbers
	case strings.Contains(value, "@"):
		s.add(kindEmail, start, end)
	case strings.Contains(value, "::"), strings.Count(value, ":") > 2:
		if a, err := netip.ParseAddr(value); err == nil && !a.IsUnspecified() && len(value) > 5 {
			s.add(kindURL, start, end)
		}
	default:
		s.add(kindURL, start, end)
	}
}

// idnAddresses finds addresses whose host has a name in Chinese, like https://支付.com.
func (s *factScan) idnAddresses(start, end int) {
	token := string(s.buf[start:end])
	if !strings.Contains(token, ".") || !strings.ContainsFunc(token, func(r rune) bool { return isCJK(r) && unicode.IsLetter(r) }) {
		return
	}
	for _, m := range xurls.Relaxed().FindAllStringIndex(token, -1) {
		if hasChineseLabel(token[m[0]:m[1]], token[m[1]:]) {
			s.add(kindURL, start+m[0], start+m[1])
		}
	}
}

func hasChineseLabel(match, after string) bool {
	host := match
	if i := strings.Index(host, "://"); i >= 0 {
		host = host[i+3:]
	}
	if i := strings.IndexAny(host, "/?#:"); i >= 0 {
		host, after = host[:i], ""
	}
	labels := strings.Split(host, ".")
	for i, l := range labels {
		if strings.IndexFunc(l, func(r rune) bool { return !isCJK(r) }) >= 0 || l == "" {
			continue
		}
		if i < len(labels)-1 {
			return true
		}
		// A Chinese top level: 官网.中国, but not the list items "1.手机" or "A.手机充值".
		next, _ := utf8.DecodeRuneInString(after)
		if i > 0 && utf8.RuneCountInString(labels[i-1]) > 1 && onlyDigits(labels[i-1]) != labels[i-1] && (after == "" || !unicode.IsLetter(next)) {
			return true
		}
	}
	return false
}

func isCJK(r rune) bool {
	switch {
	case r < 0x2000:
		return false
	case r >= 0x3000 && r <= 0x303F, r >= 0x2010 && r <= 0x2027, r == '⟦', r == '⟧':
		return true
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

var (
	handle = regexp.MustCompile(`@[A-Za-z0-9_][A-Za-z0-9_.-]*[A-Za-z0-9_]|@\p{Han}+`)
	// accountName is an account on another service that is named without @, which is how WeChat and QQ are given.
	accountName = regexp.MustCompile(`(?i)(?:微信|wechat|weixin|whatsapp|telegram|电报|line|skype|qq|vx|飞书|钉钉|snapchat)\s*` +
		`(?:(?:公众号|帐号|账号|号码|号)\s*[::是为]?|(?:id|account|handle|username)\s*:)\s*([A-Za-z0-9_][A-Za-z0-9_.-]{3,})`)
)

func (s *factScan) handles() {
	if bytes.IndexByte(s.buf, '@') >= 0 {
		for _, m := range handle.FindAllIndex(s.buf, -1) {
			if strings.ContainsFunc(string(s.buf[m[0]:m[1]]), unicode.IsLetter) {
				s.add(kindHandle, m[0], m[1])
			}
		}
	}
	if bytes.IndexByte(s.buf, ':') < 0 && !bytes.Contains(s.buf, []byte("号")) {
		return
	}
	for _, m := range accountName.FindAllSubmatchIndex(s.buf, -1) {
		name := string(s.buf[m[2]:m[3]])
		chinese := strings.ContainsFunc(string(s.buf[m[0]:m[2]]), isCJK)
		if onlyDigits(name) != name && (chinese || strings.ContainsAny(name, "0123456789_")) || len(name) < 7 && onlyDigits(name) == name {
			s.add(kindHandle, m[2], m[3])
		}
	}
}

// normalise brings a text to the form in which facts are looked for: NFKC (full-width to plain), every kind of digit
// to ASCII, invisible characters, Markdown's emphasis and backslashes away, blanks plain. It keeps line breaks.
func normalise(text string) string {
	s := norm.NFKC.String(strings.ToValidUTF8(text, "\uFFFD"))
	var out strings.Builder
	out.Grow(len(s))
	last := rune(0)
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == '*' {
			if n = len(s[i:]) - len(strings.TrimLeft(s[i:], "*")); n > 2 {
				out.WriteString("•") // ****: part of a masked value
			}
		} else if r = plainRune(r, s[i+n:], last); r >= 0 {
			out.WriteRune(r)
			last = r
		}
		i += n
	}
	return out.String()
}

// plainRune is the plain form of a character; -1 drops it.
func plainRune(r rune, rest string, last rune) rune {
	switch {
	case r == '\n':
		return r
	case r == '\\' && rest != "" && rest[0] < utf8.RuneSelf && unicode.In(rune(rest[0]), unicode.P, unicode.S):
		return -1
	case r == '`':
		return -1
	case r < utf8.RuneSelf && r >= ' ' && r != 0x7F:
		return r
	case unicode.IsSpace(r):
		return ' '
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Me, unicode.Variation_Selector):
		return -1
	case unicode.Is(unicode.Mn, r) && last < utf8.RuneSelf:
		return -1
	case unicode.Is(unicode.Nd, r):
		return digitOf(r)
	}
	return r
}

// digitOf is the ASCII form of a decimal digit of any script: in Unicode they stand in rows of ten.
func digitOf(r rune) rune {
	for _, t := range unicode.Nd.R16 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return '0' + (r-rune(t.Lo))%10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return '0' + (r-rune(t.Lo))%10
		}
	}
	return r
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// normURL brings a URL to the form in which two are compared. Without a scheme it begins with "//".
func normURL(s string) string {
	raw := s
	if !strings.Contains(raw, "://") {
		raw = "//" + raw
	}
	u, err := url.Parse(raw)
	if err != nil {
		return strings.ToLower(s)
	}
	u.Scheme = strings.ToLower(u.Scheme)
	u.Host = strings.TrimSuffix(strings.ToLower(u.Host), ".")
	if u.Scheme == "https" || u.Scheme == "" {
		u.Host = strings.TrimSuffix(u.Host, ":443")
	}
	if u.Scheme == "http" {
		u.Host = strings.TrimSuffix(u.Host, ":80")
	}
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), ""
	return u.String()
}
