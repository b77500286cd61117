package guard

import (
	"encoding/base64"
	"strings"
)

// findTokensAndKeys finds what programs show to each other: keys that their vendor's prefix gives away, JSON web
// tokens, bot tokens, and long random strings behind a word for them or in a URL. Publishable keys are not secret.
func (t *text) findTokensAndKeys() {
	t.findURLPasswords()
	for i := range t.tokens {
		tok := t.tokens[i]
		s := int(tok.s)
		if tok.kind != tWord && tok.kind != tNumber && tok.kind != tLex || !t.units[s].isAlnum() || s > 0 && t.tokenUnit(s-1) && !(s > 0 && t.units[s-1].r == '=') {
			continue
		}
		e := s
		for e < len(t.units) && t.tokenUnit(e) {
			e++
		}
		for e > s && !t.units[e-1].isAlnum() && t.units[e-1].r != '=' {
			e--
		}
		if e-s >= 16 {
			if k := t.tokenKind(i, s, e); k != "" {
				t.add(k, s, e)
			}
		}
	}
}

func (t *text) tokenUnit(i int) bool {
	u := &t.units[i]
	return u.isValue() && (u.isAlnum() || u.r == '_' || u.r == '-' || u.r == '.' || u.r == '+' || u.r == '/' || u.r == '=')
}

func (t *text) tokenKind(i, s, e int) Kind {
	switch {
	case t.jwt(s, e):
		return JWT
	case t.vendorKey(s, e):
		return APIKey
	case e-s >= 16 && t.random(s, e) && t.keyed(i, s):
		return APIKey
	}
	return ""
}

// vendors lists prefixes and the least length of the whole key. Case matters.
var vendors = [...]struct {
	prefix string
	n      int
}{
	{"sk_live_", 20}, {"sk_test_", 20}, {"rk_live_", 20}, {"rk_test_", 20}, {"whsec_", 24}, {"sk-proj-", 30}, {"sk-ant-", 30}, {"sk-or-", 30},
	{"sk-", 35}, {"ghp_", 36}, {"gho_", 36}, {"ghu_", 36}, {"ghs_", 36}, {"ghr_", 36}, {"github_pat_", 40}, {"glpat-", 24}, {"xoxb-", 20},
	{"xoxp-", 20}, {"xoxa-", 20}, {"xoxr-", 20}, {"xoxs-", 20}, {"xapp-", 20}, {"xoxe", 20}, {"AKIA", 20}, {"ASIA", 20}, {"AIza", 39}, {"ya29.", 30},
	{"npm_", 36}, {"pypi-AgEI", 40}, {"SG.", 60}, {"hf_", 30}, {"dop_v1_", 60}, {"shpat_", 36}, {"shpss_", 36}, {"shpca_", 36}, {"LTAI", 16}, {"AKID", 30},
	{"sq0csp-", 40}, {"sq0atp-", 22}, {"EAAA", 50}, {"access_token$production$", 40}, {"gsk_", 40}, {"r8_", 36}, {"lin_api_", 40}, {"PMAK-", 50},
	{"AGE-SECRET-KEY-1", 58}, {"EAACEdEose0cBA", 20}, {"rzp_live_", 20}, {"SK.", 20}, {"dapi", 36}, {"key-", 36}, {"live_", 36}, {"tskey-", 30},
}

func (t *text) vendorKey(s, e int) bool {
	for i := range vendors {
		v := &vendors[i]
		if t.units[s].o == rune(v.prefix[0]) && e-s >= v.n && t.original(s, v.prefix) {
			return t.hasDigit(s, e) && !t.placeholder(s+len(v.prefix), e)
		}
	}
	return false
}

// jwt reports three parts of base64url of which the first is a JSON object that names an algorithm.
func (t *text) jwt(s, e int) bool {
	if !t.original(s, "eyJ") {
		return false
	}
	dots, head := 0, 0
	for i := s; i < e; i++ {
		if t.units[i].r == '.' {
			if dots++; dots == 1 {
				head = i
			}
		}
	}
	if dots != 2 && dots != 4 {
		return false
	}
	var b strings.Builder
	for i := s; i < head; i++ {
		b.WriteRune(t.units[i].o)
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(b.String(), "="))
	return err == nil && strings.Contains(string(raw), `"alg"`) || err != nil && e-s > 60
}

// random reports letters of both cases or hexadecimal with digits, without the regularity of words.
func (t *text) random(s, e int) bool {
	sh := t.shape(s, e)
	if sh.digits == 0 || sh.letters == 0 || t.uuid(s, e) || t.placeholder(s, e) || t.address(s, e) {
		return false
	}
	var seen [128]uint8
	distinct := 0
	for i := s; i < e; i++ {
		if c := t.units[i].o; c < 128 {
			if seen[c] == 0 {
				distinct++
			}
			seen[c]++
		}
	}
	return distinct >= 9 && sh.digits*10 >= sh.n/2
}

// uuid reports 8-4-4-4-12.
func (t *text) uuid(s, e int) bool {
	if e-s != 36 {
		return false
	}
	return t.units[s+8].r == '-' && t.units[s+13].r == '-' && t.units[s+18].r == '-' && t.units[s+23].r == '-'
}

// keyed reports that a word for keys ties the value at token i to it.
func (t *text) keyed(i, s int) bool {
	for far := 0; far < 8; far++ {
		if i = t.before(i); i < 0 {
			return false
		}
		switch tok := t.tokens[i]; {
		case tok.cls == kAPIKey || tok.cls == kPrivKey:
			return true
		case tok.cls == gLabel || tok.cls.isKey() && tok.cls != kLogin && tok.cls != kCode, tok.kind == tPunct && t.ends(i):
			return false
		}
	}
	return false
}

// findURLPasswords finds user:password@host, in URLs and connection strings, and Telegram bot tokens.
func (t *text) findURLPasswords() {
	for i := 1; i+3 < len(t.units); i++ {
		if t.units[i].r != ':' {
			continue
		}
		if t.is(i, "://") {
			t.userInfo(i + 3)
			continue
		}
		if s := i; t.units[i-1].d >= 0 {
			for s > 0 && t.units[s-1].d >= 0 {
				s--
			}
			e := i + 1
			for e < len(t.units) && t.tokenUnit(e) && t.units[e].r != '.' && t.units[e].r != '/' {
				e++
			}
			if i-s >= 8 && i-s <= 11 && e-i-1 >= 34 && e-i-1 <= 36 && (s == 0 || !t.units[s-1].isAlnum() || t.is(s-3, "bot")) {
				t.add(APIKey, s, e)
			}
		}
	}
}

// userInfo finds the password of a URL whose authority begins at unit s.
func (t *text) userInfo(s int) {
	colon := -1
	for i := s; i < len(t.units) && t.units[i].isValue() && t.units[i].r != '/' && i-s < 128; i++ {
		switch t.units[i].r {
		case ':':
			if colon < 0 {
				colon = i
			}
		case '@':
			if colon > 0 && i-colon > 3 && !t.placeholder(colon+1, i) && !t.is(colon+1, "password") {
				t.add(Password, colon+1, i)
			}
			return
		}
	}
}
