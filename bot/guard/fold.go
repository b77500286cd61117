package guard

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// unit is one folded character: what the detectors look at. One code point of the text can make none (a zero-width
// space), one, or two units (⑩), and one unit can stand for several code points (the key cap 4️⃣).
type unit struct {
	r       rune  // folded: ASCII width, lower case, simplified; opaque for a mark
	o       rune  // as typed, but letters and digits in ASCII width
	at, end int32 // the code points it stands for
	d       int8  // value of a digit in any script but Chinese, -1 for none
	han     int8  // value of a Chinese numeral, -1 for none
	hit     bool  // part of a finding
}

// opaque is the unit that stands for a mark, or for what has been found already. No rule matches it.
const opaque = '\uFFFC'

// isLetter reports a Latin letter after folding.
func (u *unit) isLetter() bool { return u.r >= 'a' && u.r <= 'z' }
func (u *unit) isAlnum() bool  { return u.isLetter() || u.d >= 0 }
func (u *unit) isUpper() bool  { return u.o >= 'A' && u.o <= 'Z' }
func (u *unit) isSpace() bool  { return u.r == ' ' || u.r == '\n' }

// isValue reports what a password may be made of: printable ASCII but the space. Chinese never is, nor is Chinese
// punctuation, which stands around values.
func (u *unit) isValue() bool { return u.o > ' ' && u.o < 0x7f }

// isCJK reports a Chinese character.
func (u *unit) isCJK() bool { return isHan(u.r) }

func isHan(r rune) bool { return r >= 0x4e00 && r < 0xa000 || r == '〇' }

// appendFold folds text and appends it to dst, in one pass.
func appendFold(dst []unit, text string) []unit {
	cp := int32(0)
	skip := 0 // bytes of a mark that are still to be passed over
	for i, r := range text {
		if skip > i {
			cp++
			dst[len(dst)-1].end = cp
			continue
		}
		switch {
		case r < utf8.RuneSelf:
			dst = append(dst, foldASCII(r, cp))
		case r == '⟦' && markLen(text[i:]) > 0:
			skip = i + markLen(text[i:])
			dst = append(dst, unit{r: opaque, o: opaque, at: cp, end: cp + 1, d: -1, han: -1})
		default:
			dst = appendFolded(dst, r, cp)
		}
		cp++
	}
	return dst
}

// markLen is the length in bytes of the mark that text begins with, 0 for none.
func markLen(text string) int {
	for i := range ranks {
		n := len(markOpen) + len(ranks[i].kind) + len(markClose)
		if len(text) >= n && text[len(markOpen):n-len(markClose)] == string(ranks[i].kind) &&
			text[n-len(markClose):n] == markClose {
			return n
		}
	}
	return 0
}

func foldASCII(r rune, cp int32) unit {
	u := unit{r: r, o: r, at: cp, end: cp + 1, d: -1, han: -1}
	switch {
	case r >= '0' && r <= '9':
		u.d = int8(r - '0')
	case r >= 'A' && r <= 'Z':
		u.r = r + 'a' - 'A'
	case r == '\r' || r == '\v' || r == '\f':
		u.r, u.o = '\n', '\n'
	case r == '\t':
		u.r, u.o = ' ', ' '
	}
	return u
}

// appendFolded folds a code point beyond ASCII.
func appendFolded(dst []unit, r rune, cp int32) []unit {
	u := unit{r: r, o: r, at: cp, end: cp + 1, d: -1, han: -1}
	switch {
	case isHan(r):
		u.r = simplify(r)
		u.han = hanDigit(u.r)
		return append(dst, u)
	case invisible(r):
		if len(dst) > 0 && dst[len(dst)-1].end == cp {
			dst[len(dst)-1].end = cp + 1
		}
		return dst
	case r >= 0xff01 && r <= 0xff5e: // full width
		a := foldASCII(r-0xfee0, cp)
		if strings.ContainsRune("，：；！？（）．、", r) {
			a.o = r
		}
		return append(dst, a)
	}
	if v := numberOf(r); v >= 0 {
		if v >= 10 {
			u.r, u.o, u.d = rune('0'+v/10), rune('0'+v/10), int8(v/10)
			dst = append(dst, u)
			v %= 10
		}
		u.r, u.o, u.d = rune('0'+v), rune('0'+v), int8(v)
		return append(dst, u)
	}
	if a := lookalike(r); a != 0 {
		f := foldASCII(a, cp)
		if !f.isAlnum() {
			f.o = r
		}
		return append(dst, f)
	}
	return append(dst, u)
}

// invisible reports code points that show nothing of their own: zero-width characters, soft hyphen, variation
// selectors, combining marks such as the key cap.
func invisible(r rune) bool {
	switch {
	case r >= 0x200b && r <= 0x200f, r >= 0x2060 && r <= 0x2064, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069,
		r >= 0xfe00 && r <= 0xfe0f, r >= 0x0300 && r <= 0x036f, r >= 0x20d0 && r <= 0x20f0,
		r >= 0xe0000 && r <= 0xe0fff:
		return true
	}
	return r == 0xfeff || r == 0xad || r == 0x34f || r == 0x61c || r == 0x180e || r == 0x115f || r == 0x1160 || r == 0x3164
}

// numberOf returns the value of a digit in any script, of a circled or bracketed number up to 20, -1 for none.
func numberOf(r rune) int {
	switch {
	case r >= '①' && r <= '⑳':
		return int(r-'①') + 1
	case r >= '⑴' && r <= '⒇':
		return int(r-'⑴') + 1
	case r >= '⒈' && r <= '⒛':
		return int(r-'⒈') + 1
	case r >= '❶' && r <= '❿':
		return int(r-'❶') + 1
	case r >= '➀' && r <= '➉':
		return int(r-'➀') + 1
	case r >= '➊' && r <= '➓':
		return int(r-'➊') + 1
	case r >= '⓵' && r <= '⓾':
		return int(r-'⓵') + 1
	case r >= '㊀' && r <= '㊉':
		return int(r-'㊀') + 1
	case r >= '㈠' && r <= '㈩':
		return int(r-'㈠') + 1
	case r >= 0x1f101 && r <= 0x1f10a: // digit comma
		return int(r - 0x1f101)
	case r == '⓪', r == '⓿', r == '🄋', r == '🄌', r == 0x1f100, r == '⁰', r == '₀':
		return 0
	case r == '🔟':
		return 10
	case r == '¹':
		return 1
	case r == '²' || r == '³':
		return int(r-'²') + 2
	case r >= '⁴' && r <= '⁹':
		return int(r-'⁴') + 4
	case r >= '₁' && r <= '₉':
		return int(r-'₁') + 1
	}
	return decimal(r)
}

// decimal returns the value of a decimal digit of any script. Unicode keeps each script's ten together, in order.
func decimal(r rune) int {
	if r < 0x660 || !unicode.Is(unicode.Nd, r) {
		return -1
	}
	for _, t := range unicode.Nd.R16 {
		if r <= rune(t.Hi) && r >= rune(t.Lo) {
			return int(r-rune(t.Lo)) % 10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if r <= rune(t.Hi) && r >= rune(t.Lo) {
			return int(r-rune(t.Lo)) % 10
		}
	}
	return -1
}

// hanDigit returns the value of a Chinese numeral that is spoken digit by digit, -1 for none.
func hanDigit(r rune) int8 {
	switch r {
	case '零', '〇', '洞':
		return 0
	case '一', '壹', '幺', '弌':
		return 1
	case '二', '贰', '弍':
		return 2
	case '三', '叁', '弎':
		return 3
	case '四', '肆':
		return 4
	case '五', '伍':
		return 5
	case '六', '陆':
		return 6
	case '七', '柒':
		return 7
	case '八', '捌':
		return 8
	case '九', '玖':
		return 9
	}
	return -1
}

// lookalike returns the ASCII character that r is read as, 0 for none.
func lookalike(r rune) rune {
	switch {
	case r >= 'ⓐ' && r <= 'ⓩ':
		return 'a' + r - 'ⓐ'
	case r >= 'Ⓐ' && r <= 'Ⓩ':
		return 'A' + r - 'Ⓐ'
	case r >= '⒜' && r <= '⒵':
		return 'a' + r - '⒜'
	case r >= 0x1d400 && r <= 0x1d6a3: // mathematical alphabets, 26 capitals and 26 small letters each
		n := (r - 0x1d400) % 52
		if n < 26 {
			return 'A' + n
		}
		return 'a' + n - 26
	case r >= 0x1f130 && r <= 0x1f189: // squared and negative circled capitals
		if n := (r - 0x1f130) % 32; n < 26 {
			return 'A' + n
		}
		return 0
	case r >= 0x1f1e6 && r <= 0x1f1ff: // regional indicators
		return 'a' + r - 0x1f1e6
	case r >= 0x2000 && r <= 0x200a, r == 0xa0, r == 0x202f, r == 0x205f, r == 0x3000, r == 0x2800:
		return ' '
	case r == 0x2028 || r == 0x2029 || r == 0x85:
		return '\n'
	case r >= 0xc0 && r <= 0xff:
		return rune("AAAAAA\x00CEEEEIIII\x00NOOOOO\x00OUUUUY\x00\x00aaaaaa\x00ceeeeiiii\x00nooooo\x00ouuuuy\x00y"[r-0xc0])
	}
	return strayLookalike(r)
}

// strayLookalike holds the look-alikes that follow no order: Cyrillic and Greek letters, quotes, dashes.
func strayLookalike(r rune) rune {
	for i, set := range strays {
		for _, s := range set.from {
			if s == r {
				return strays[i].to
			}
		}
	}
	return 0
}

var strays = [...]struct {
	to   rune
	from string
}{
	{'\'', "‘’‛ʼ′`´"}, {'"', "“”„‟″«»「」『』《》〝〞"}, {'-', "‐‑‒–—―−﹣－─━"}, {'.', "。．｡·・•‧∙⋅"}, {',', "，、､﹐"},
	{':', "：︰﹕∶ː"}, {'=', "＝→⇒➜➡"}, {'/', "⁄∕／"}, {'(', "【〔〖"}, {')', "】〕〗"}, {'~', "～〜"}, {'*', "＊∗×✱●■▪◆★☆•"},
	{'a', "аɑα"}, {'b', "ь"}, {'c', "сϲ"}, {'d', "ԁ"}, {'e', "её"}, {'g', "ɡ"}, {'h', "һ"}, {'i', "іıι"}, {'j', "ј"},
	{'k', "кκ"}, {'l', "ӏ"}, {'m', "м"}, {'n', "пη"}, {'o', "оοσ"}, {'p', "рρ"}, {'q', "ԛ"}, {'s', "ѕ"}, {'t', "тτ"},
	{'u', "υ"}, {'v', "ѵν"}, {'w', "ԝω"}, {'x', "хχ"}, {'y', "уγ"},
	{'A', "АΑ"}, {'B', "ВΒ"}, {'C', "С"}, {'E', "ЕΕ"}, {'H', "НΗ"}, {'I', "ІΙ"}, {'J', "Ј"}, {'K', "КΚ"}, {'M', "МΜ"},
	{'N', "Ν"}, {'O', "ОΟ"}, {'P', "РΡ"}, {'S', "Ѕ"}, {'T', "ТΤ"}, {'X', "ХΧ"}, {'Y', "УΥ"}, {'Z', "Ζ"},
}
