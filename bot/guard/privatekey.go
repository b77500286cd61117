package guard

import "crypto/sha256"

// findPrivateKeys finds private keys: PEM blocks, extended keys (xprv), WIF, and, behind a word for them, 64
// hexadecimal digits or bare base64 of PKCS#1 or PKCS#8.
func (t *text) findPrivateKeys() {
	t.findPEM()
	for i := range t.tokens {
		tok := t.tokens[i]
		if tok.kind != tWord && tok.kind != tNumber && !(tok.kind == tLex && t.units[tok.s].isLetter()) {
			continue
		}
		s := int(tok.s)
		if s > 0 && t.units[s-1].isAlnum() {
			continue
		}
		e := s
		for e < len(t.units) && t.base64Unit(e) {
			e++
		}
		if e-s >= 50 && t.privateKey(i, s, e) {
			t.add(PrivateKey, s, e)
		}
	}
}

func (t *text) base64Unit(i int) bool {
	u := &t.units[i]
	return u.isValue() && (u.isAlnum() || u.r == '+' || u.r == '/' || u.r == '=')
}

func (t *text) privateKey(i, s, e int) bool {
	n := e - s
	switch {
	case n >= 100 && t.is(s+1, "prv") && (t.is(s, "x") || t.is(s, "y") || t.is(s, "z") || t.is(s, "t")):
		return true
	case n == 64 || n == 66 && t.is(s, "0x"):
		return t.hex(e-64, e) && t.keyWords(i, kPrivKey)
	case n == 51 || n == 52:
		return t.wif(s, e)
	case n >= 200 && t.original(s, "MII"):
		return t.keyWords(i, kPrivKey) || n >= 400 && (t.original(s, "MIIE") || t.original(s, "MIIC")) && !t.keyWords(i, gLabel)
	}
	return false
}

// original reports that the text as typed goes on with w at unit s.
func (t *text) original(s int, w string) bool {
	for i := range len(w) {
		if s+i >= len(t.units) || t.units[s+i].o != rune(w[i]) {
			return false
		}
	}
	return true
}

func (t *text) hex(s, e int) bool {
	for ; s < e; s++ {
		if u := &t.units[s]; u.d < 0 && (u.r < 'a' || u.r > 'f') {
			return false
		}
	}
	return true
}

// keyWords reports that the nearest key or label in the ten tokens before token i is of class c.
func (t *text) keyWords(i int, c class) bool {
	for far := 0; far < 10; far++ {
		if i = t.before(i); i < 0 {
			return false
		}
		if k := t.tokens[i].cls; k == c {
			return true
		} else if k.isKey() || k == gLabel {
			return false
		}
	}
	return false
}

const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// wif verifies a Bitcoin key in wallet import format: base58 of 37 or 38 bytes whose last four are a double SHA-256.
func (t *text) wif(s, e int) bool {
	var b [38]byte
	for i := s; i < e; i++ {
		v := -1
		for j := range len(base58) {
			if rune(base58[j]) == t.units[i].o {
				v = j
				break
			}
		}
		if v < 0 {
			return false
		}
		for j := len(b) - 1; j >= 0; j-- {
			v += int(b[j]) * 58
			b[j] = byte(v)
			v >>= 8
		}
		if v != 0 {
			return false
		}
	}
	raw := b[:]
	if raw[0] == 0 {
		raw = raw[1:]
	}
	if raw[0] != 0x80 && raw[0] != 0xef {
		return false
	}
	first := sha256.Sum256(raw[:len(raw)-4])
	sum := sha256.Sum256(first[:])
	return [4]byte(sum[:4]) == [4]byte(raw[len(raw)-4:])
}

// findPEM finds -----BEGIN … PRIVATE KEY----- to its end, or to the end of the text if it was cut.
func (t *text) findPEM() {
	for i := 0; i+16 < len(t.units); i++ {
		if t.units[i].r != '-' || !t.is(i, "-----begin ") {
			continue
		}
		head := i + 11
		for head < len(t.units) && t.units[head].r != '-' && head < i+60 {
			head++
		}
		if !t.is(head-11, "private key") && !t.is(head-17, "private key block") {
			i = head
			continue
		}
		end := len(t.units)
		for j := head + 5; j < len(t.units); j++ {
			if t.units[j].r == '-' && t.is(j, "-----end ") {
				for end = j + 9; end < len(t.units) && t.units[end].r != '-'; end++ {
				}
				for end < len(t.units) && t.units[end].r == '-' {
					end++
				}
				break
			}
		}
		for end > i && t.units[end-1].isSpace() {
			end--
		}
		t.add(PrivateKey, i, end)
		i = end
	}
}
