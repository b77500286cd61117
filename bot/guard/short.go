package guard

// findShort finds the short numbers that only their frame gives away: PINs, one-time codes, CVVs, recovery and payment
// codes, and the expiry of a card.
func (t *text) findShort() {
	if !t.has(kPIN, kOTP, kCode, kSMS, kCVV, kBack, kRecovery, kPayCode, kExpiry) {
		return
	}
	for k := range t.tokens {
		tok := t.tokens[k]
		if !tok.cls.isKey() || t.taken(int(tok.s), int(tok.e)) {
			continue
		}
		switch tok.cls {
		case kPIN:
			t.numbersAfter(k, frame{PIN, 4, 8, false})
			t.numberBefore(k, frame{PIN, 4, 8, false}, 1)
		case kOTP:
			t.numbersAfter(k, frame{OTP, 4, 8, false})
			t.numberBefore(k, frame{OTP, 4, 8, false}, 2)
		case kCVV:
			t.numbersAfter(k, frame{CVV, 3, 4, false})
			t.numbersAfter(k, frame{OTP, 6, 8, false}) // "security code" is said of both
			t.numberBefore(k, frame{CVV, 3, 4, false}, 0)
			t.numberBefore(k, frame{OTP, 6, 8, false}, 1)
		case kBack:
			t.numbersAfter(k, frame{CVV, 3, 3, false})
			t.numberBefore(k, frame{CVV, 3, 3, true}, 0)
		case kCode:
			t.codeAfter(k)
		case kSMS:
			t.numbersAfter(k, frame{OTP, 4, 8, true})
		case kRecovery:
			t.recoveryCodes(k)
		case kPayCode:
			t.payCode(k)
		}
	}
	t.findExpiries()
}

// frame says what number a key takes.
type frame struct {
	kind     Kind
	lo, hi   int  // digits
	needLink bool // a bare number is not enough
}

func (t *text) numbersAfter(key int, f frame) {
	for g := t.gapAfter(key); t.next(&g); {
		s, e, n := t.shortAt(&g, f)
		if e == 0 || t.taken(s, e) {
			continue
		}
		if t.acceptShort(&g, f, s, e, n) {
			t.add(f.kind, s, e)
			t.took(&g, e)
		}
	}
}

// shortAt reads the number at g.i: units [s,e), n digits; e is 0 for none. A one-time code may have letters.
func (t *text) shortAt(g *gap, f frame) (s, e, n int) {
	tok := t.tokens[g.i]
	s = int(tok.s)
	if tok.kind == tNumber {
		k := t.short(int(tok.chunk), f.lo, f.hi)
		if k == 0 || t.goesOn(int(tok.chunk), k, f.hi) {
			return s, 0, 0
		}
		n = int(t.chunks[k-1].d1 - t.chunks[tok.chunk].d0)
		return s, int(t.chunks[k-1].e), n
	}
	if f.kind == OTP {
		if e = t.blobEnd(s); t.letteredCode(s, e) || g.link && e-s == 4 && t.quality(s, e) == odd && t.units[s].isUpper() {
			return s, e, e - s
		}
	}
	return s, 0, 0
}

// goesOn reports that chunks [j,k) are only the head of a longer number: a phone number, an account.
func (t *text) goesOn(j, k, hi int) bool {
	if !t.joined(k-1) || t.counted(int(t.chunks[k].e)) {
		return false
	}
	next, sep := t.chunks[k].len(), t.units[t.chunks[k-1].e].r
	if sep == '\n' || next < 3 || int(t.chunks[k-1].d1-t.chunks[j].d0)+next <= hi {
		return false
	}
	return k-j > 1 || sep == '-' || next == t.chunks[j].len()
}

// letteredCode reports a code such as G-381920 or 7K4PQ2: capitals and digits.
func (t *text) letteredCode(s, e int) bool {
	if e-s < 5 || e-s > 10 || t.quality(s, e) != strong {
		return false
	}
	sh := t.shape(s, e)
	if sh.symbols > 0 || sh.marks > 1 || sh.upper != sh.letters || sh.digits < 2 {
		return false
	}
	return sh.marks == 0 && sh.n >= 6 && sh.n <= 8 || sh.marks == 1 && sh.letters <= 2 && sh.digits >= 4
}

func (t *text) acceptShort(g *gap, f frame, s, e, n int) bool {
	if t.counted(e) || t.clockOrDate(s, e) || t.decimal(s, e) || f.kind != CVV && t.hotline(s, e) {
		return false
	}
	if g.link || t.confirmed(e) {
		return true
	}
	if f.kind == OTP && t.circumstance(g.i) {
		return false
	}
	if f.needLink && n == 6 && e-s == 6 && g.unknown == 0 && !g.stop && t.has(kOTP, kCode) {
		return true // 验证码不对，短信写的 883920
	}
	if f.needLink || n == 4 && t.yearLike(s, e) || t.postal(g, e, n) {
		return false
	}
	if g.unknown == 0 && (!g.stop || g.dots == 1 && t.after(g.i) >= len(t.tokens)) {
		return true
	}
	// six digits in one piece after a PIN or code that "does not work" are that code
	return (f.kind == PIN || f.kind == OTP) && n == 6 && e-s == 6 && (g.unknown <= 4 && g.dots == 0 || g.unknown == 0)
}

// circumstance reports that the number at token i says who sent a code, or when: "from 32665", "at 1045".
func (t *text) circumstance(i int) bool {
	p := t.before(i)
	if p < 0 {
		return false
	}
	for _, w := range [...]string{"from ", "at ", "by ", "since ", "on ", "in "} {
		if t.is(int(t.tokens[p].s), w) {
			return true
		}
	}
	return false
}

// postal reports the postal code of India, which is called PIN code: a place follows.
func (t *text) postal(g *gap, e, n int) bool {
	if n < 5 || !t.is(int(t.tokens[g.key].s), "pin") || !t.is(int(t.tokens[g.key].e)-4, "code") {
		return false
	}
	i := t.after(g.i)
	return i < len(t.tokens) && int(t.tokens[i].s) <= e+2 && (t.tokens[i].kind == tWord || t.tokens[i].cls == gOther)
}

// decimal reports 12.50 and other amounts.
func (t *text) decimal(s, e int) bool {
	if s > 0 && (t.units[s-1].r == '$' || t.units[s-1].r == '¥' || t.units[s-1].r == '€' || t.units[s-1].r == '£') {
		return true
	}
	return e+1 < len(t.units) && t.units[e].r == '.' && t.units[e+1].d >= 0
}

func (t *text) yearLike(s, e int) bool { return e-s == 4 && (t.is(s, "20") || t.is(s, "199")) }

// numberBefore finds a number in front of its key: "381920 is your code", "381920（登录验证码）".
func (t *text) numberBefore(key int, f frame, foreign int) {
	p, ok := t.backGap(key, foreign)
	if !ok {
		return
	}
	tok := t.tokens[p]
	if tok.kind != tNumber {
		s := t.blobStart(int(tok.e))
		if f.kind == OTP && t.letteredCode(s, int(tok.e)) {
			t.add(OTP, s, int(tok.e))
		}
		return
	}
	j := t.firstOf(int(tok.chunk), f)
	if j < 0 {
		return
	}
	s, e := int(t.chunks[j].s), int(tok.e)
	if s > 0 && t.units[s-1].isValue() && f.kind == OTP {
		if b := t.blobStart(e); b < s && t.letteredCode(b, e) {
			s = b
		}
	}
	if t.counted(e) || t.clockOrDate(s, e) || t.decimal(s, e) || t.hotline(s, e) || t.labelled(t.tokenOf(s)) {
		return
	}
	t.add(f.kind, s, e)
}

// firstOf returns the chunk at which a number of f's length begins that ends with chunk j, -1 for none.
func (t *text) firstOf(j int, f frame) int {
	best := -1
	for i := j; i >= 0 && i > j-f.hi; i-- {
		if i < j && !t.joined(i) {
			break
		}
		if t.short(i, f.lo, f.hi) == j+1 {
			best = i
		}
	}
	return best
}

// codeAfter finds what follows a bare "code": a CVV beside a card, else a one-time code if the code is the user's own.
func (t *text) codeAfter(key int) {
	if t.found(PAN) || t.found(CardExpiry) {
		t.numbersAfter(key, frame{CVV, 3, 4, false})
		return
	}
	own, template := t.ownCode(key)
	if own {
		t.numbersAfter(key, frame{OTP, 4, 8, false})
		t.numberBefore(key, frame{OTP, 4, 8, false}, 0)
	} else if template {
		t.numbersAfter(key, frame{OTP, 4, 8, key > 0})
		t.numberBefore(key, frame{OTP, 4, 8, true}, 1)
	}
}

// ownCode reports whether "code" is spoken of as the user's one: "the code", "my code", or at the start; template
// reports "your Acme code is", and "code:" at a start.
func (t *text) ownCode(key int) (own, template bool) {
	p := t.before(key)
	if p < 0 {
		return false, true
	}
	switch tok := t.tokens[p]; {
	case tok.cls == gFill || tok.cls == gAs || tok.cls == gStop && t.units[tok.s].isLetter() || tok.cls == gUnit || tok.kind == tHan || tok.cls == kSMS || tok.cls == kLogin || tok.cls == gLink:
		return true, false
	case tok.kind == tPunct || tok.kind == tLine || tok.cls == gOr:
		return false, true
	case tok.kind == tWord:
		for n := 0; n < 3 && p > 0; n++ {
			p = t.before(p)
			if p >= 0 && (t.is(int(t.tokens[p].s), "your ") || t.is(int(t.tokens[p].s), "my ")) {
				return false, true
			}
		}
	}
	return false, false
}

// found reports that a kind was found already.
func (t *text) found(k Kind) bool {
	for _, h := range t.hits {
		if h.kind == k {
			return true
		}
	}
	return false
}

// recoveryCodes finds backup codes: groups of letters and digits, or at least six digits, one or several.
func (t *text) recoveryCodes(key int) {
	for g := t.gapAfter(key); t.next(&g); {
		s := int(t.tokens[g.i].s)
		e := t.blobEnd(s)
		if t.tokens[g.i].kind == tNumber {
			if k := t.short(int(t.tokens[g.i].chunk), 6, 16); k > 0 {
				e = max(e, int(t.chunks[k-1].e))
			}
		}
		sh := t.shape(s, e)
		near := g.link || g.unknown == 0 && !g.stop
		fits := sh.digits >= 6 || sh.digits > 0 && t.quality(s, e) == strong || g.colon && sh.marks > 0 && sh.letters >= 8
		if near && fits && sh.n >= 6 && !t.counted(e) && !t.clockOrDate(s, e) && t.add(RecoveryCode, s, e) {
			t.took(&g, e)
			g.link = true // they come in lists
		}
	}
}

// payCode finds the digits of a payment bar code: 16 to 24 of them, beginning 10 to 15 or 25 to 30.
func (t *text) payCode(key int) {
	for g := t.gapAfter(key); t.next(&g); {
		tok := t.tokens[g.i]
		if tok.kind != tNumber || !g.link && (g.unknown > 0 || g.stop) {
			continue
		}
		j, n := int(tok.chunk), 0
		for k := j; k < len(t.chunks) && n <= 24; k++ {
			n += t.chunks[k].len()
			if n >= 16 && n <= 24 && !t.joined(k) && t.payPrefix(j) {
				t.add(PayCode, int(tok.s), int(t.chunks[k].e))
				t.took(&g, int(t.chunks[k].e))
				break
			}
			if !t.joined(k) {
				break
			}
		}
	}
}

func (t *text) payPrefix(j int) bool {
	var d [2]int8
	if t.row(j, min(j+2, len(t.chunks)), d[:]) < 2 {
		return false
	}
	p := d[0]*10 + d[1]
	return p >= 10 && p <= 15 || p >= 25 && p <= 30 || p == 62
}

// findExpiries finds the expiry of a card, which is one only beside a card number or CVV.
func (t *text) findExpiries() {
	if !t.found(PAN) && !t.found(CVV) {
		return
	}
	for k := range t.tokens {
		if t.tokens[k].cls != kExpiry {
			continue
		}
		for g := t.gapAfter(k); t.next(&g) && g.unknown == 0; {
			if tok := t.tokens[g.i]; tok.kind == tNumber {
				if e, _ := t.expiryAt(int(tok.chunk)); e > 0 {
					t.add(CardExpiry, int(tok.s), e)
				}
				break
			}
		}
	}
}

// expiryAt reads an expiry that begins at chunk j: MM/YY, MM/YYYY, MMYY, 2028年3月. It returns the unit behind it, 0
// for none, and the next chunk.
func (t *text) expiryAt(j int) (e, next int) {
	if j >= len(t.chunks) {
		return 0, j
	}
	a := t.chunks[j]
	if a.len() == 4 && t.month(j, 0) && t.digits[a.d0+2].v >= 2 && t.digits[a.d0+2].v <= 4 {
		return int(a.e), j + 1
	}
	if j+1 >= len(t.chunks) {
		return 0, j
	}
	b := t.chunks[j+1]
	gap := int(b.s - a.e)
	switch {
	case a.len() == 4 && t.digits[a.d0].v == 2 && b.len() <= 2 && gap == 1 && (t.units[a.e].r == '年' || t.units[a.e].r == '-' || t.units[a.e].r == '/'):
		e = int(b.e)
		if e < len(t.units) && t.units[e].r == '月' {
			e++
		}
		return e, j + 2
	case a.len() <= 2 && (b.len() == 2 || b.len() == 4) && gap <= 3 && gap > 0 && t.month(j, 2-a.len()):
		if r := t.units[a.e].r; separates(r) || r == '月' {
			e = int(b.e)
			if e < len(t.units) && t.units[e].r == '年' {
				e++
			}
			return e, j + 2
		}
	}
	return 0, j
}

// month reports that chunk j begins with a month; one digit is enough when short is 1.
func (t *text) month(j, short int) bool {
	d := t.digits[t.chunks[j].d0:]
	if short == 1 {
		return d[0].v > 0
	}
	m := d[0].v*10 + d[1].v
	return m >= 1 && m <= 12
}
