package guard

// findExpected takes a bare value that the conversation expects: the message is nothing but the value and words such
// as "it's" and "好像是". What sounds like a retraction or a question is none.
func (t *text) findExpected(kind Kind) {
	i := t.content(0)
	if i >= len(t.tokens) {
		return
	}
	tok := t.tokens[i]
	s := int(tok.s)
	if t.taken(s, int(tok.e)) {
		return
	}
	switch kind {
	case PIN, OTP:
		t.expectedNumber(kind, i, 4, 8)
	case CVV:
		t.expectedNumber(kind, i, 3, 4)
	case PAN:
		t.expectedDigits(PAN, i, 13, 19)
	case CNID:
		t.expectedDigits(CNID, i, 15, 18)
	case Password:
		t.expectedPassword(i, s)
	}
}

// content returns the first token from i on that is neither grammar nor punctuation.
func (t *text) content(i int) int {
	for ; i < len(t.tokens); i++ {
		switch tok := t.tokens[i]; {
		case tok.kind == tSpace || tok.kind == tLine:
		case tok.kind == tPunct && !t.startsValue(int(tok.s)):
		case tok.kind == tLex && (tok.cls == gLink || tok.cls == gFill || tok.cls == gAs || tok.cls == gOffer || tok.cls.isKey()) && t.blobEnd(int(tok.s)) <= int(tok.e)+1:
		default:
			return i
		}
	}
	return i
}

func (t *text) expectedNumber(kind Kind, i, lo, hi int) {
	tok := t.tokens[i]
	if tok.kind == tNumber {
		k := t.short(int(tok.chunk), lo, hi)
		if k == 0 {
			return
		}
		s, e := int(tok.s), int(t.chunks[k-1].e)
		if !t.counted(e) && !t.clockOrDate(s, e) && !t.decimal(s, e) && !t.joined(k-1) && t.lone(i, e) {
			t.add(kind, s, e)
		}
		return
	}
	if s := int(tok.s); kind == OTP && tok.kind == tWord {
		if e := t.blobEnd(s); t.letteredCode(s, e) && t.lone(i, e) {
			t.add(kind, s, e)
		}
	}
}

// lone reports that the message says little more than the value that ends at unit e.
func (t *text) lone(i, e int) bool {
	rest := 0
	for ; i < len(t.tokens); i++ {
		if tok := t.tokens[i]; int(tok.s) >= e && tok.kind != tSpace && tok.kind != tPunct && tok.kind != tLine {
			if tok.cls == gLabel || tok.cls == gOther {
				return false
			}
			if tok.cls == none {
				rest += int(tok.e - tok.s)
			}
		}
	}
	return rest <= 16
}

func (t *text) expectedDigits(kind Kind, i, lo, hi int) {
	tok := t.tokens[i]
	if tok.kind == tWord && kind == CNID || tok.kind != tNumber && tok.kind != tWord {
		if kind != CNID {
			return
		}
	}
	j := int(tok.chunk)
	if tok.kind == tWord { // 11010519491231002X
		for j = 0; j < len(t.chunks) && t.chunks[j].s != tok.s; j++ {
		}
	}
	n := 0
	for k := j; k < len(t.chunks); k++ {
		n += t.chunks[k].len()
		if t.joined(k) {
			continue
		}
		e := int(t.chunks[k].e)
		if kind == CNID && n == 17 && e < len(t.units) && t.units[e].r == 'x' {
			n, e = 18, e+1
		}
		if n >= lo && n <= hi && (kind != CNID || n != 16 && n != 17) {
			t.add(kind, int(tok.s), e)
		}
		return
	}
}

func (t *text) expectedPassword(i, s int) {
	tok := t.tokens[i]
	if tok.kind == tHan || tok.kind == tOpaque || tok.kind == tLex && !t.gluedValue(&gap{i: i, link: true}) {
		return
	}
	e := t.blobEnd(s)
	if e <= s {
		e = int(tok.e)
	}
	if tok.kind == tNumber {
		if k := t.short(int(tok.chunk), 4, 12); k > 0 && !t.joined(k-1) {
			e = max(e, int(t.chunks[k-1].e))
		}
	}
	if !t.lone(i, e) {
		return
	}
	switch t.quality(s, e) {
	case strong, odd:
		if !t.fileName(s, e) {
			t.add(Password, s, e)
		}
	case figures:
		if n := e - s; n >= 4 && n <= 12 && !t.counted(e) && !t.mobile(s, e) && !t.hotline(s, e) {
			t.add(Password, s, e)
		}
	case word:
		if l := t.lower(s, e); t.clauseEnds(e) && t.after(t.tokenOf(e-1)) >= len(t.tokens) && !t.stopWord(s, e) && !descriptive(l) && (common(l) || twoWords(l) || pinyin(l)) {
			t.add(Password, s, e)
		}
	case noValue:
		if tok.kind == tNumber && e-s >= 4 && t.chunks[tok.chunk].len() >= 4 && !t.clockOrDate(s, e) {
			t.add(Password, s, e)
		}
	}
}

// outcome says what the text does to the expectation: a key at its end, or one that is asked for or announced, opens
// one; a card number opens one for its CVV.
func (t *text) outcome(expect Kind) outcome {
	var o outcome
	for _, h := range t.hits {
		if h.kind == PAN {
			o.opens = CVV
		}
		o.met = o.met || h.kind == expect
	}
	if len(t.hits) > 0 {
		if t.found(CVV) {
			o.opens = ""
		}
		return o
	}
	o.opens = t.opens()
	return o
}

// opens returns the kind of the bare value that the next message may be.
func (t *text) opens() Kind {
	if t.keys == 0 {
		return ""
	}
	key, after := -1, false
	for i := len(t.tokens) - 1; i >= 0; i-- {
		tok := t.tokens[i]
		if tok.cls.isKey() && expected(tok.cls) != "" {
			key = i
			break
		}
		switch {
		case tok.kind == tPunct && (t.units[tok.s].r == ',' || t.ends(i)) && t.endsInLink(i):
			after = true // "what was my pw? it's"
		case after, tok.kind == tSpace, tok.kind == tLine, tok.kind == tPunct:
		case t.particle(i):
		case tok.cls == gLink || tok.cls == gFill || tok.cls == gOffer || tok.cls == gRecall || tok.cls == gAs || tok.cls == gUnit || tok.cls == kLogin:
		default:
			return ""
		}
	}
	if key < 0 || !after && t.aboutKey(key) {
		return ""
	}
	return expected(t.tokens[key].cls)
}

// endsInLink reports that a link ends the message, somewhere behind token i.
func (t *text) endsInLink(i int) bool {
	for j := len(t.tokens) - 1; j > i; j-- {
		if tok := t.tokens[j]; tok.cls == gLink {
			return true
		} else if tok.kind != tSpace && tok.kind != tPunct {
			return false
		}
	}
	return false
}

// particle reports 吗 at token i of an offer: 要验证码吗.
func (t *text) particle(i int) bool {
	return t.tokens[i].cls == gAsk && (t.units[t.tokens[i].s].r == '吗' || t.units[t.tokens[i].s].r == '嘛') && t.tokens[0].cls == gStop && t.wants(0)
}

// wants reports 要 or 需要 at token i.
func (t *text) wants(i int) bool {
	s, e := t.tokens[i].s, t.tokens[i].e
	return t.units[e-1].r == '要' && (e-s == 1 || t.units[s].r == '需')
}

// aboutKey reports that what stands before the key asks about it, or says what became of it.
func (t *text) aboutKey(key int) bool {
	words := 0
	for i := key - 1; i >= 0; i-- {
		switch tok := t.tokens[i]; {
		case tok.kind == tPunct && t.ends(i) && i < key-1:
			return false
		case i == key-1 && i == 0 && tok.cls == gStop && t.wants(i):
		case tok.cls == gStop || tok.cls == gAsk || tok.cls == gChange || tok.cls == gLabel:
			return true
		case tok.kind == tWord || tok.kind == tHan:
			if words++; words > 8 {
				return true
			}
		}
	}
	return false
}

// expected maps a key to the kind that may follow it bare, "" for none.
func expected(c class) Kind {
	switch c {
	case kPassword:
		return Password
	case kPIN:
		return PIN
	case kOTP, kCode:
		return OTP
	case kCVV:
		return CVV
	case kCardNo, kCard:
		return PAN
	case kID:
		return CNID
	}
	return ""
}
