package guard

// findIDs finds Chinese resident identity numbers (GB 11643): six digits of region, the date of birth, three digits
// and a check character. A wrong check character is accepted behind 身份证 and the like, the old form of 15 digits
// only there.
func (t *text) findIDs() {
	for j := 0; j < len(t.chunks); j++ {
		if e, k := t.residentAt(j); e > 0 {
			t.add(CNID, int(t.chunks[j].s), e)
			j = k - 1
		}
	}
}

// residentAt returns the unit behind the number that begins at chunk j, 0 for none, and the next chunk.
func (t *text) residentAt(j int) (e, next int) {
	if t.chunks[j].left && !t.keyBefore(int(t.chunks[j].s)) {
		return 0, 0
	}
	var d [18]int8
	total := 0
	for k := j; k < len(t.chunks); k++ {
		total += t.chunks[k].len()
		if total > 18 {
			return 0, 0
		}
		if total >= 15 {
			t.row(j, k+1, d[:])
			if e := t.residentEnd(d[:total], int(t.chunks[j].s), k); e > 0 {
				return e, k + 1
			}
		}
		if !t.joined(k) && !(t.chunks[k].right && total == 17) {
			return 0, 0
		}
	}
	return 0, 0
}

// residentEnd judges the digits d, which begin at unit s and end with chunk k.
func (t *text) residentEnd(d []int8, s, k int) int {
	e := int(t.chunks[k].e)
	switch len(d) {
	case 18:
		if !t.chunks[k].right && t.resident(d, d[17], s) {
			return e
		}
	case 17:
		x := e
		for x < len(t.units) && x < e+2 && separates(t.units[x].r) {
			x++
		}
		if x < len(t.units) && t.units[x].r == 'x' && (x+1 >= len(t.units) || !t.units[x+1].isAlnum()) && t.resident(d, 10, s) {
			return x + 1
		}
	case 15:
		if !t.chunks[k].right && !t.joined(k) && province(d) && date(1900+int(d[6])*10+int(d[7]), d[8:]) && t.idWords(s) {
			return e
		}
	}
	return 0
}

// resident judges 17 digits and a check character (10 for X).
func (t *text) resident(d []int8, check int8, s int) bool {
	plausible := province(d) && date(int(d[6])*1000+int(d[7])*100+int(d[8])*10+int(d[9]), d[10:])
	if plausible && check == mod11(d[:17]) {
		return !t.labelled(t.tokenOf(s))
	}
	if !t.idWords(s) {
		return false
	}
	return plausible || province(d) || check == mod11(d[:17])
}

// mod11 is the check character of ISO 7064 MOD 11-2 over 17 digits, 10 for X.
func mod11(d []int8) int8 {
	sum := 0
	for _, v := range d {
		sum = (sum + int(v)) * 2
	}
	return int8((12 - sum%11) % 11)
}

// province reports that a region code begins with one of the provinces of GB/T 2260.
func province(d []int8) bool {
	switch p := int(d[0])*10 + int(d[1]); {
	case p >= 11 && p <= 15, p >= 21 && p <= 23, p >= 31 && p <= 37, p >= 41 && p <= 46, p >= 50 && p <= 54,
		p >= 61 && p <= 65, p == 71, p >= 81 && p <= 83:
		return true
	}
	return false
}

// date reports a date of birth that a living person can have: md holds month and day in four digits.
func date(year int, md []int8) bool {
	m, d := int(md[0])*10+int(md[1]), int(md[2])*10+int(md[3])
	if year < 1900 || year > 2099 || m < 1 || m > 12 || d < 1 {
		return false
	}
	days := [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[m-1]
	if m == 2 && (year%4 == 0 && year%100 != 0 || year%400 == 0) {
		days = 29
	}
	return d <= days
}

// idWords reports that the words before unit s speak of an identity card, and of nothing else in between.
func (t *text) idWords(s int) bool {
	i := t.tokenOf(s)
	for far := 0; far < 12; far++ {
		if i = t.before(i); i < 0 {
			return false
		}
		switch tok := t.tokens[i]; {
		case tok.cls == kID || tok.cls == kHKID || tok.cls == kTWID:
			return true
		case tok.cls == gLabel || tok.cls.isKey() && tok.cls != kLogin || tok.kind == tPunct && t.ends(i):
			return false
		}
	}
	return false
}

// keyBefore reports that a key ends right before unit s: sfz110101….
func (t *text) keyBefore(s int) bool {
	i := t.tokenOf(max(s-1, 0))
	return int(t.tokens[i].e) == s && t.tokens[i].cls.isKey()
}
