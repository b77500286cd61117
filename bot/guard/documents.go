package guard

// findDocuments finds the numbers of identity papers and bank accounts other than the Chinese resident identity card.
// Most shapes are common, so each needs a word before it that names the paper; an IBAN and a Hong Kong identity number
// with its bracket carry a check that is proof enough.
func (t *text) findDocuments() {
	if t.has(kID, kHKID, kTWID, kPassport, kPermit, kSSN, kNRIC, kAadhaar, kNINO, kCPF, kINPAN, kIBAN, kAccount, kSort, kRouting) {
		for k := range t.tokens {
			if c := t.tokens[k].cls; c >= kID && c <= kRouting && !t.taken(int(t.tokens[k].s), int(t.tokens[k].e)) {
				t.documentAfter(k, c)
			}
		}
	}
	t.findChecked()
}

func (t *text) documentAfter(key int, c class) {
	for g := t.gapAfter(key); t.next(&g); {
		s := int(t.tokens[g.i].s)
		kind, e := t.documentAt(c, s, &g)
		if e == 0 || t.taken(s, e) {
			continue
		}
		if g.link || g.unknown <= 6 && !g.stop {
			t.add(kind, s, e)
			t.took(&g, e)
		}
	}
}

// documentAt matches the shapes that a key of class c stands for at unit s; e is 0 for none.
func (t *text) documentAt(c class, s int, g *gap) (k Kind, e int) {
	switch c {
	case kID, kHKID, kTWID:
		return t.asianID(c, s)
	case kPassport:
		return Passport, t.anyShape(s, "A99999999", "AA9999999", "A9999999", "AA999999", "A999999", "999999999", "99999999")
	case kPermit:
		return TravelPermit, t.anyShape(s, "A9999999999", "A99999999", "9999999999", "99999999")
	case kSSN:
		return USSSN, t.anyShape(s, "999 99 9999", "999999999")
	case kNRIC:
		return SGNRIC, t.anyShape(s, "A9999999A")
	case kAadhaar:
		return INAadhaar, t.anyShape(s, "9999 9999 9999")
	case kNINO:
		return UKNINO, t.anyShape(s, "AA 99 99 99 A")
	case kCPF:
		return BRCPF, t.anyShape(s, "999 999 999 99")
	case kINPAN:
		return INPAN, t.anyShape(s, "AAAAA9999A")
	case kIBAN:
		return IBAN, t.iban(s, false)
	case kAccount:
		return BankAccount, t.account(g.i)
	case kSort:
		return BankAccount, t.sortCode(s)
	case kRouting:
		return BankAccount, t.anyShape(s, "999999999")
	}
	return "", 0
}

// sortCode matches 12-34-56, and the Australian 123-456.
func (t *text) sortCode(s int) int {
	if e := t.anyShape(s, "99-99-99", "999-999", "999999"); e > 0 && !t.clockOrDate(s, e) {
		return e
	}
	return 0
}

// asianID matches identity cards other than the mainland's: a letter and digits.
func (t *text) asianID(c class, s int) (Kind, int) {
	if e := t.hongKong(s); e > 0 && (c != kTWID || t.units[e-1].r == ')') {
		return HKID, e
	}
	if e := t.anyShape(s, "A999999999", "AA99999999"); e > 0 {
		return TWID, e
	}
	if e := t.anyShape(s, "A9999999A"); e > 0 {
		return SGNRIC, e
	}
	return "", 0
}

// anyShape returns the end of the first of the shapes that unit s begins, 0 for none.
func (t *text) anyShape(s int, shapes ...string) int {
	for _, p := range shapes {
		if e := t.shapeAt(s, p); e > 0 {
			return e
		}
	}
	return 0
}

// shapeAt matches a shape at unit s: A a letter, 9 a digit, space an optional separator, others themselves. Neither a
// letter nor a digit may follow.
func (t *text) shapeAt(s int, shape string) int {
	i := s
	for _, p := range shape {
		if i >= len(t.units) {
			return 0
		}
		u := &t.units[i]
		switch p {
		case 'A':
			if !u.isLetter() {
				return 0
			}
		case '9':
			if u.d < 0 {
				return 0
			}
		case ' ':
			if separates(u.r) {
				i++
			}
			continue
		default:
			if u.r != p {
				return 0
			}
		}
		i++
	}
	if i < len(t.units) && t.units[i].isAlnum() {
		return 0
	}
	return i
}

// hongKong matches a Hong Kong identity number: one or two letters, six digits, a check character, which may stand in
// brackets. It returns its end, 0 for none.
func (t *text) hongKong(s int) int {
	i := s
	for i < len(t.units) && t.units[i].isLetter() && i-s < 3 {
		i++
	}
	letters := i - s
	if letters == 0 || letters > 2 {
		return 0
	}
	for n := 0; n < 6; n, i = n+1, i+1 {
		if i >= len(t.units) || t.units[i].d < 0 {
			return 0
		}
	}
	for i < len(t.units) && t.units[i].r == ' ' {
		i++
	}
	open := i < len(t.units) && t.units[i].r == '('
	if open {
		i++
	}
	if i >= len(t.units) || t.units[i].d < 0 && t.units[i].r != 'a' {
		return 0
	}
	i++
	if open && i < len(t.units) && t.units[i].r == ')' {
		return i + 1
	}
	if i < len(t.units) && t.units[i].isAlnum() {
		return 0
	}
	return i
}

// hongKongCheck verifies the check character of a Hong Kong identity number at [s,e).
func (t *text) hongKongCheck(s, e int) bool {
	sum, weight := 0, 9
	if t.units[s+1].d >= 0 {
		sum, weight = 36*9, 8 // a missing first letter counts as a blank
	}
	for i := s; i < e && weight > 0; i++ {
		u := &t.units[i]
		switch {
		case u.isLetter() && weight >= 8:
			sum += int(u.r-'a'+10) * weight
		case u.d >= 0:
			sum += int(u.d) * weight
		case u.r == 'a' && weight == 1:
			sum += 10
		default:
			continue
		}
		weight--
	}
	return sum%11 == 0
}

// findChecked finds what its own check gives away without a word before it.
func (t *text) findChecked() {
	for i := range t.tokens {
		tok := t.tokens[i]
		s := int(tok.s)
		if tok.kind != tWord || s > 0 && t.units[s-1].isAlnum() || !t.units[s].isLetter() {
			continue
		}
		if e := t.iban(s, true); e > 0 {
			t.add(IBAN, s, e)
		} else if e := t.hongKong(s); e > 0 && t.units[e-1].r == ')' && t.hongKongCheck(s, e) && !t.labelled(i) {
			t.add(HKID, s, e)
		}
	}
}

// iban matches an IBAN at unit s; when strict the check (ISO 7064 MOD 97-10) must hold. It returns its end, 0 for none.
func (t *text) iban(s int, strict bool) int {
	if s+4 >= len(t.units) || !t.units[s].isLetter() || !t.units[s+1].isLetter() || t.units[s+2].d < 0 || t.units[s+3].d < 0 {
		return 0
	}
	want := ibanLength(t.units[s].r, t.units[s+1].r)
	if want == 0 {
		return 0
	}
	i, n, rest, head := s, 0, 0, 0
	for ; i < len(t.units) && n < want; i++ {
		u := &t.units[i]
		switch {
		case u.isAlnum() && n < 4:
			head = shift97(head, u)
			n++
		case u.isAlnum():
			rest = shift97(rest, u)
			n++
		case u.r == ' ' || u.r == '-' || u.r == '\n':
		default:
			return 0
		}
	}
	if n < want || i < len(t.units) && t.units[i].isAlnum() {
		return 0
	}
	// head is two letters (two digits each) and two digits
	if strict && (rest*1000000+head)%97 != 1 {
		return 0
	}
	return i
}

func shift97(v int, u *unit) int {
	if u.d >= 0 {
		return (v*10 + int(u.d)) % (97 * 1000000)
	}
	return (v*100 + int(u.r-'a'+10)) % (97 * 1000000)
}

// ibanLengths lists country and length, from the IBAN registry.
const ibanLengths = "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BR29BY28CH21CR22CY28CZ24DE22DK18DO28EE20EG29ES24FI18FO18FR27GB22GE22GI23GL18GR27GT28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MR27MT31MU30NL18NO15PK24PL28PS29PT25QA29RO24RS22SA24SC31SE24SI19SK24SM27ST25SV28TL23TN24TR26UA29VA22VG24XK20"

func ibanLength(a, b rune) int {
	for i := 0; i+4 <= len(ibanLengths); i += 4 {
		if rune(ibanLengths[i]) == a-'a'+'A' && rune(ibanLengths[i+1]) == b-'a'+'A' {
			return int(ibanLengths[i+2]-'0')*10 + int(ibanLengths[i+3]-'0')
		}
	}
	return 0
}

// account matches a bank account at token i: 6 to 24 digits, in groups or not. It returns its end, 0 for none.
func (t *text) account(i int) int {
	tok := t.tokens[i]
	if tok.kind != tNumber {
		return 0
	}
	j, n := int(tok.chunk), 0
	for k := j; k < len(t.chunks); k++ {
		n += t.chunks[k].len()
		if !t.joined(k) || t.units[t.chunks[k].e].r == ',' {
			e := int(t.chunks[k].e)
			if n >= 6 && n <= 24 && !t.counted(e) && !t.decimal(int(tok.s), e) && !t.clockOrDate(int(tok.s), e) && !t.mobile(int(tok.s), e) {
				return e
			}
			return 0
		}
	}
	return 0
}
