package guard

// findPairs finds an account with its password side by side, with no word for either: "ann@example.org / Ann.2468",
// "credentials: dave / D@ve1970".
func (t *text) findPairs() {
	for i := range t.tokens {
		tok := t.tokens[i]
		s := int(tok.s)
		if tok.kind != tWord && tok.kind != tNumber && tok.kind != tLex || s > 0 && t.units[s-1].isValue() && t.units[s-1].isAlnum() {
			continue
		}
		if tok.cls == kLogin || tok.cls == kAccount {
			t.loginPair(i)
			continue
		}
		if t.blobStart(int(tok.e)) != s {
			continue
		}
		e := t.blobEnd(s)
		if c := t.pairColon(s, e); c > 0 {
			if t.accountName(s, c) && t.secretLike(c+1, e) {
				t.add(Password, c+1, e)
			}
			continue
		}
		if t.accountName(s, e) {
			if p := t.pairSeparator(e, t.email(s, e)); p > 0 {
				if pe := t.blobEnd(p); t.secretLike(p, pe) && (t.pairSeparator(e, false) > 0 || t.shape(p, pe).symbols > 0) {
					t.add(Password, p, pe)
				}
			}
		}
	}
}

// accountName reports an e-mail address or a Chinese mobile number.
func (t *text) accountName(s, e int) bool { return t.email(s, e) || t.mobile(s, e) && t.digitsOnly(s) }

// pairColon returns the place of the colon, bar or slash in mail@host:password, 0 for none.
func (t *text) pairColon(s, e int) int {
	for i := s; i < e; i++ {
		if r := t.units[i].r; r == ':' || r == '|' || r == '/' {
			if i == s || t.is(i, "://") {
				return 0
			}
			return i
		}
	}
	return 0
}

// pairSeparator returns where the second half begins: behind " / ", " | ", ":", "----"; a space or comma will do when
// loose. 0 for none.
func (t *text) pairSeparator(e int, loose bool) int {
	i, marks := e, 0
	for ; i < len(t.units) && i-e < 8; i++ {
		switch r := t.units[i].r; {
		case r == '/' || r == '|' || r == ':' || r == '-' && (t.is(i, "--") || t.is(i-1, "-") || t.is(i-1, " - ")):
			marks++
		case t.units[i].isSpace():
		case loose && (r == ',' || r == ';'):
			marks++
		default:
			if marks > 0 || loose && i > e {
				return i
			}
			return 0
		}
	}
	return 0
}

// secretLike reports a value that can only be a password.
func (t *text) secretLike(s, e int) bool {
	q := t.quality(s, e)
	return (q == strong || q == odd && e-s >= 6) && !t.fileName(s, e) && !t.accountName(s, e)
}

// loginPair finds both halves behind a word for accounts: "login: ann / Ann.2468".
func (t *text) loginPair(key int) {
	g := t.gapAfter(key)
	if !t.next(&g) || g.unknown > 0 || g.stop {
		return
	}
	s := int(t.tokens[g.i].s)
	e := t.blobEnd(s)
	if c := t.pairColon(s, e); c > 0 && t.secretLike(c+1, e) && g.link {
		t.add(Password, c+1, e)
		return
	}
	p := t.pairSeparator(e, g.link || t.email(s, e))
	if p == 0 {
		return
	}
	pe := t.blobEnd(p)
	if t.secretLike(p, pe) && (g.link || t.email(s, e) || t.pairSeparator(e, false) > 0) {
		t.add(Password, p, pe)
	}
}
