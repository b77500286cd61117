package guard

// findAnswers finds answers to security questions: "密保答案王小虎", "mother's maiden name: O'Donnell".
func (t *text) findAnswers() {
	if !t.has(kAnswer) {
		return
	}
	for k := range t.tokens {
		if t.tokens[k].cls != kAnswer || t.taken(int(t.tokens[k].s), int(t.tokens[k].e)) {
			continue
		}
		named := int(t.tokens[k].e-t.tokens[k].s) > 2 && (t.tokens[k].e-t.tokens[k].s != 6 || !t.is(int(t.tokens[k].s), "answer")) // not only 答案
		if named || t.has(kQuestion) {
			t.answerAfter(k)
		}
	}
}

// answerAfter takes the rest of the clause behind the key, if it says no more than a name.
func (t *text) answerAfter(key int) {
	link := false
	i := key + 1
	for ; i < len(t.tokens); i++ {
		tok := t.tokens[i]
		if tok.cls == gLink || tok.kind == tPunct && t.units[tok.s].r == ':' || tok.kind == tPunct && t.units[tok.s].r == '=' {
			link = true
			continue
		}
		if tok.kind == tPunct && t.is(int(tok.s), "'s ") {
			link = true
			i++
			continue
		}
		if tok.kind == tSpace || tok.kind == tPunct && t.quoteMark(int(tok.s)) || tok.cls == gFill && t.units[tok.s].isCJK() {
			continue
		}
		break
	}
	if i >= len(t.tokens) || t.tokens[i].kind == tOpaque {
		return
	}
	s := int(t.tokens[i].s)
	e, ok := t.answerEnd(i)
	if ok && (link || t.units[s].isCJK() || t.quality(s, e) == strong) {
		t.add(SecurityAnswer, s, e)
	}
}

func (t *text) quoteMark(s int) bool { r := t.units[s].r; return r == '"' || r == '\'' || r == '(' }

// answerEnd returns where the answer that begins at token i ends: at most four words or twelve characters, none of
// which asks, or says that something is wrong.
func (t *text) answerEnd(i int) (e int, ok bool) {
	words := 0
	for ; i < len(t.tokens); i++ {
		tok := t.tokens[i]
		switch {
		case tok.kind == tSpace:
			continue
		case tok.kind == tPunct && t.units[tok.s].r == '\'' && t.valueAhead(int(tok.s)):
			continue
		case tok.kind == tPunct && t.units[tok.s].r == '-':
			continue
		case tok.kind == tPunct || tok.kind == tLine || tok.kind == tOpaque:
			return e, words > 0
		case tok.cls == gStop || tok.cls == gAsk || tok.cls == gLabel:
			return e, words > 0 && !t.units[tok.s].isCJK() && tok.cls != gAsk
		case tok.cls == gOr || tok.cls.isKey():
			return e, words > 0
		}
		if words++; words > 12 || words > 4 && t.units[tok.s].isLetter() {
			return e, t.units[tok.s].isLetter() && words <= 12
		}
		e = int(tok.e)
	}
	return e, words > 0
}
