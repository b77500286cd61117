package guard

// findEntered finds what was typed into a field that is named later: "我在ATM上输561278，提示密码错误", "I entered Rex#99
// and it says wrong password". Six digits, or what looks like a password by itself.
func (t *text) findEntered() {
	kind := t.enteredKind()
	if kind == "" {
		return
	}
	for i := range t.tokens {
		if t.tokens[i].cls != gFill && t.tokens[i].cls != gLink || !t.entering(i) {
			continue
		}
		v := t.after(i)
		if v >= len(t.tokens) {
			return
		}
		s := int(t.tokens[v].s)
		e := t.blobEnd(s)
		switch t.quality(s, e) {
		case figures:
			if e-s == 6 && !t.counted(e) && !t.clockOrDate(s, e) && !t.labelled(i) {
				t.add(kind, s, e)
			}
		case strong:
			if t.has(kPassword) && !t.fileName(s, e) && e-s >= 6 {
				t.add(Password, s, e)
			}
		}
	}
}

// enteredKind is what six digits that were entered are, by the keys of the text, "" for nothing to refuse.
func (t *text) enteredKind() Kind {
	switch {
	case t.has(kPIN):
		return PIN
	case t.has(kOTP):
		return OTP
	case t.has(kPassword):
		return Password
	}
	return ""
}

// entering reports a verb of typing at token i.
func (t *text) entering(i int) bool {
	s, e := int(t.tokens[i].s), int(t.tokens[i].e)
	for ; s < e; s++ {
		if t.units[s].r == '输' || t.units[s].r == '填' || t.is(s, "entered") || t.is(s, "typed") {
			return true
		}
	}
	return false
}
