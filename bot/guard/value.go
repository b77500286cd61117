package guard

import (
	_ "embed"
	"strings"
)

// quality says how much a piece of text looks like a secret by itself.
type quality uint8

const (
	noValue quality = iota // cannot be one: a placeholder, an address, a date
	word                   // a plain word
	figures                // digits only
	odd                    // unusual, such as SunFlower
	strong                 // letters with digits or symbols
)

// blobEnd returns the end of the value that begins at unit s: printable ASCII without what closes a sentence.
func (t *text) blobEnd(s int) int {
	e := s
	for e < len(t.units) && t.units[e].isValue() && e-s < 128 {
		switch t.units[e].r {
		case '"', '<', '>', '`':
			return t.trimmed(s, e)
		case ',', ';', '|':
			if e+1 >= len(t.units) || !t.units[e+1].isValue() || t.units[e].r != ';' {
				return t.trimmed(s, e)
			}
		case '(', '[', '{':
			if e > s && e+1 < len(t.units) && t.closes(e) {
				return t.trimmed(s, e)
			}
		}
		e++
	}
	return t.trimmed(s, e)
}

// closes reports that the bracket at e opens a remark: a space comes before its end.
func (t *text) closes(e int) bool {
	for ; e < len(t.units) && t.units[e].isValue(); e++ {
		if r := t.units[e].r; r == ')' || r == ']' || r == '}' {
			return false
		}
	}
	return true
}

func (t *text) trimmed(s, e int) int {
	for e > s && strings.ContainsRune(".,;:?)]}'\"", t.units[e-1].r) {
		e--
	}
	if t.is(e-2, "'s") && e-2 > s {
		e -= 2
	}
	return e
}

// blobStart returns the start of the value that ends at unit e.
func (t *text) blobStart(e int) int {
	s := e
	for s > 0 && t.units[s-1].isValue() && e-s < 128 && !strings.ContainsRune("\"`<>,:=|", t.units[s-1].r) {
		s--
	}
	for s < e && strings.ContainsRune("'([{", t.units[s].r) {
		s++
	}
	return s
}

// shape counts what a value is made of.
type shape struct {
	n, letters, digits, symbols, marks int // marks: . - ' / which stand in ordinary words as well
	upper, turns                       int // turns: small letter before capital
	first, last                        int // index of the first and last digit
}

func (t *text) shape(s, e int) shape {
	sh := shape{n: e - s, first: -1}
	for i := s; i < e; i++ {
		u := &t.units[i]
		switch {
		case u.d >= 0:
			sh.digits++
			sh.last = i - s
			if sh.first < 0 {
				sh.first = i - s
			}
		case u.isLetter():
			sh.letters++
			if u.isUpper() {
				sh.upper++
				if i > s && t.units[i-1].isLetter() && !t.units[i-1].isUpper() {
					sh.turns++
				}
			}
		case u.r == '.' || u.r == '-' || u.r == '\'' || u.r == '/' || u.r == ',' || u.r == ':':
			sh.marks++
		default:
			sh.symbols++
		}
	}
	return sh
}

// quality judges units [s,e).
func (t *text) quality(s, e int) quality {
	if e-s < 3 || e-s > 64 || t.placeholder(s, e) || t.address(s, e) {
		return noValue
	}
	sh := t.shape(s, e)
	switch {
	case sh.letters == 0 && sh.symbols == 0 && sh.marks == 0:
		return figures
	case sh.letters == 0 && sh.digits > 0 && sh.symbols > 0 && sh.digits+sh.symbols >= 6:
		return t.symbolic(s, e)
	case sh.letters == 0:
		return noValue // a date, an amount
	case sh.digits > 0:
		return t.mixed(s, e, sh)
	case sh.symbols > 0 && sh.letters >= 3 && sh.n >= 5:
		return t.symbolic(s, e)
	case sh.symbols > 0 || sh.letters < 3:
		return noValue
	case sh.marks > 0:
		return word
	case sh.turns > 0 && sh.n >= 6 && !listed(brands, t.lower(s, e)):
		return odd
	}
	return word
}

// symbolic judges a value with symbols: they must stand inside, or be many.
func (t *text) symbolic(s, e int) quality {
	for i := s + 1; i < e-1; i++ {
		if u := &t.units[i]; !u.isAlnum() && !strings.ContainsRune(".-'/,:", u.r) {
			if u.r == '&' && e-s < 6 || u.r == '+' {
				continue
			}
			return strong
		}
	}
	if t.units[e-1].r == '!' || t.units[e-1].r == '?' {
		return word
	}
	return odd
}

// mixed judges letters with digits: a password, unless it is a product, a version, a measure or an ordinal.
func (t *text) mixed(s, e int, sh shape) quality {
	if sh.letters+sh.digits+sh.symbols < 4 || t.measure(s, e) || t.version(s, e) {
		return noValue
	}
	core := e
	for core > s && !t.units[core-1].isAlnum() {
		core--
	}
	if listed(products, t.lower(s, core)) || t.numbered(s, core, sh) {
		return noValue
	}
	if sh.n < 5 && sh.symbols == 0 {
		return odd
	}
	return strong
}

// numbered reports a product with a number: iphone12, office365, win10.
func (t *text) numbered(s, e int, sh shape) bool {
	if sh.first > 0 && sh.last == e-s-1 && sh.letters == sh.first && listed(" usd eur gbp rmb cny hkd jpy inr rs sgd aud cad ", t.lower(s, s+sh.first)) {
		return true
	}
	if sh.first <= 0 || sh.symbols > 0 || sh.digits > 3 || sh.last-sh.first+1 != sh.digits || sh.last != e-s-1 {
		return false
	}
	return listed(series, t.lower(s, s+sh.first))
}

// measure reports digits followed by a unit, or an ordinal: 16gb, 30min, 100usd, 2nd.
func (t *text) measure(s, e int) bool {
	i := s
	for i < e && (t.units[i].d >= 0 || i > s && (t.units[i].r == '.' || t.units[i].r == ',')) {
		i++
	}
	if i == s || i == e {
		return false
	}
	end, c := t.wordAt(i)
	return c == gUnit && end >= e || e-i == 1 && strings.ContainsRune("gkmhsxt", t.units[i].r)
}

// version reports v2.3.1, 12.4.1b and the like.
func (t *text) version(s, e int) bool {
	if t.units[s].r == 'v' && s+1 < e && t.units[s+1].d >= 0 {
		s++
	}
	dots := 0
	for ; s < e; s++ {
		switch {
		case t.units[s].r == '.':
			dots++
		case t.units[s].d < 0:
			return false
		}
	}
	return dots > 0
}

// placeholder reports what stands for a value in instructions: ****, <password>, YOUR_TOKEN, xxxx.
func (t *text) placeholder(s, e int) bool {
	if t.is(s, "err_") || t.is(s, "error_") || t.is(s, "your_") || t.is(s, "your-") || t.is(s, "my_") && !t.hasDigit(s, e) || t.is(s, "example") || t.is(s, "${") || t.is(s, "{{") || t.is(s, "xxx") {
		return true
	}
	same, masks := true, 0
	for i := s; i < e; i++ {
		same = same && t.units[i].r == t.units[s].r
		if r := t.units[i].r; r == '*' || r == 'x' || r == '#' || r == '.' || r == '?' || r == '_' {
			masks++
		}
	}
	return same && t.units[s].d < 0 || masks*2 > e-s && masks >= 3
}

func (t *text) hasDigit(s, e int) bool {
	for ; s < e; s++ {
		if t.units[s].d >= 0 {
			return true
		}
	}
	return false
}

// address reports an e-mail address, a URL, a path or an IP address.
func (t *text) address(s, e int) bool {
	if t.is(s, "http") || t.is(s, "www.") || t.is(s, "/") {
		return true
	}
	return t.email(s, e)
}

// email reports name@host.tld.
func (t *text) email(s, e int) bool {
	at := -1
	for i := s; i < e; i++ {
		if t.units[i].r == '@' {
			if at >= 0 || i == s {
				return false
			}
			at = i
		}
	}
	if at < 0 {
		return false
	}
	dot := -1
	for i := at + 1; i < e; i++ {
		if t.units[i].r == '.' {
			dot = i
		} else if !t.units[i].isAlnum() && t.units[i].r != '-' {
			return false
		}
	}
	if dot < at+2 || e-dot-1 < 2 {
		return false
	}
	for i := dot + 1; i < e; i++ {
		if !t.units[i].isLetter() {
			return false
		}
	}
	return true
}

// lowered is a short word, folded, by value so that it needs no heap.
type lowered struct {
	b [24]byte
	n int
}

func (t *text) lower(s, e int) lowered {
	var l lowered
	if e-s > len(l.b) {
		return l
	}
	for i := s; i < e; i++ {
		if t.units[i].r > 0x7f {
			return lowered{}
		}
		l.b[i-s] = byte(t.units[i].r)
	}
	l.n = e - s
	return l
}

// listed reports that l stands in a list of words enclosed in spaces.
func listed(list string, l lowered) bool {
	if l.n == 0 {
		return false
	}
	var padded [len(l.b) + 2]byte
	padded[0], padded[l.n+1] = ' ', ' '
	copy(padded[1:], l.b[:l.n])
	return strings.Contains(list, string(padded[:l.n+2]))
}

// brands are names with a capital inside; products are names with a digit; series are product names that a number of
// up to three digits follows.
const (
	brands   = " iphone ipad ipados macos icloud itunes imessage imac macbook airpods paypal wechat weixin alipay okpay youtube github gitlab tiktok linkedin whatsapp facebook unionpay mastercard googlepay applepay samsungpay playstore appstore ebay mcdonalds javascript typescript openid oauth wordpress postgresql mysql powerpoint onedrive sharepoint bitcoin deskbell lastpass onepassword bitwarden keepass chatgpt openai faceid touchid "
	products = " mp3 mp4 mp5 m3u8 h264 h265 base64 base32 utf8 utf16 sha1 sha256 sha512 md5 aes128 aes256 rsa2048 oauth2 http2 ipv4 ipv6 x509 pkcs8 pkcs12 pbkdf2 argon2 argon2id ed25519 secp256k1 p2p b2b b2c c2c o2o 2fa 3ds 3ds2 mfa2 covid19 w3c i18n 7eleven 3d2d 1password office365 microsoft365 web3 trc20 erc20 bep20 wpa2 wpa3 usb3 cvv2 cvc2 cvn2 page2 step1 step2 step3 option1 option2 account1 account2 user1 user2 test1 x86 x64 amd64 arm64 "
	series   = " iphone ios ipad ipados android win windows win macos mac galaxy s note mate p nova pixel redmi mi oppo vivo find reno honor magic iqoo k x note oneplus ps xbox chrome firefox safari edge office vista python java php node go h html css web step page level lv v ver version build q t error err code http form vip no num day week line part area zone gate room top fy ch chapter item option api usdt sim card phone account device app user f "
)

//go:embed lists/common_words.txt
var commonWords string

// common reports that l is among the common passwords made of letters, which are ordinary words and names as well.
func common(l lowered) bool { return l.n >= 4 && inSorted(commonWords, l) }

// inSorted looks a word up in sorted lines.
func inSorted(lines string, l lowered) bool {
	lo, hi := 0, len(lines)
	for lo < hi {
		mid := (lo + hi) / 2
		s := strings.LastIndexByte(lines[:mid], '\n') + 1
		e := strings.IndexByte(lines[s:], '\n') + s
		switch line := lines[s:e]; {
		case line == string(l.b[:l.n]):
			return true
		case line < string(l.b[:l.n]):
			lo = e + 1
		default:
			hi = s
		}
	}
	return false
}

// twoWords reports that l is made of two common words of at least four letters: bluehouse.
func twoWords(l lowered) bool {
	for i := 4; i <= l.n-4; i++ {
		var a, b lowered
		a.n, b.n = copy(a.b[:], l.b[:i]), copy(b.b[:], l.b[i:l.n])
		if common(a) && common(b) {
			return true
		}
	}
	return false
}

// pinyin reports that l is made of two to six pinyin syllables: meihualu.
func pinyin(l lowered) bool {
	n, i := 0, 0
	for i < l.n {
		m := syllable(l.b[i:l.n])
		if m == 0 {
			return false
		}
		i += m
		n++
	}
	return n >= 2 && n <= 6
}

// syllable returns the length of the longest pinyin syllable that b begins with, such that the rest can go on.
func syllable(b []byte) int {
	i := 0
	for _, in := range [...]string{"zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z", "c", "s", "y", "w"} {
		if strings.HasPrefix(string(b), in) {
			i = len(in)
			break
		}
	}
	for _, fin := range [...]string{"iang", "iong", "uang", "ang", "eng", "ing", "ong", "ian", "iao", "uai", "uan", "ai", "ao", "an", "ei", "en", "er", "ia", "ie", "in", "iu", "ou", "ua", "ue", "ui", "un", "uo", "ve", "a", "e", "i", "o", "u", "v"} {
		rest := b[i:]
		if !strings.HasPrefix(string(rest), fin) {
			continue
		}
		n := i + len(fin)
		if n < len(b) && strings.IndexByte("aeiouv", b[n]) >= 0 && (fin[len(fin)-1] == 'n' || fin[len(fin)-1] == 'g') {
			continue // the consonant belongs to the next syllable
		}
		return n
	}
	return 0
}
