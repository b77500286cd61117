package guard

import "strings"

// findPasswords finds values in the frames people use: "my password is X", "密码改成X", "X as password", "pw X".
func (t *text) findPasswords() {
	if t.has(kPassword, kPIN) {
		for k := range t.tokens {
			if c := t.tokens[k].cls; (c == kPassword || c == kPIN) && !t.taken(int(t.tokens[k].s), int(t.tokens[k].e)) {
				t.passwordsAfter(k)
				t.passwordBefore(k)
			}
		}
	}
	t.findChanged()
}

func (t *text) passwordsAfter(key int) {
	paired := t.accountBefore(key)
	for g := t.gapAfter(key); t.next(&g); {
		if s, e, ok := t.phrase(&g); ok {
			t.add(Password, s, e)
			t.took(&g, e)
			continue
		}
		s, e, n := t.candidate(&g)
		if t.taken(s, e) {
			continue
		}
		if p := t.pairSeparator(e, true); p > 0 && t.accountName(s, e) { // both behind one key: 账号密码是…
			if pe := t.blobEnd(p); t.secretLike(p, pe) {
				t.add(Password, p, pe)
				t.took(&g, pe)
				continue
			}
		}
		if t.acceptPassword(&g, s, e, paired) {
			t.add(t.passwordKind(key, s, e), s, e)
			t.took(&g, max(e, n))
		}
	}
}

// passwordKind is PIN for four to eight digits behind 工资卡的密码 and the like.
func (t *text) passwordKind(key, s, e int) Kind {
	p := t.before(key)
	if p >= 0 && t.tokens[p].cls == gFill {
		p = t.before(p)
	}
	if p >= 0 && t.tokens[p].cls == kCard && e-s >= 4 && e-s <= 8 && t.quality(s, e) == figures {
		return PIN
	}
	return Password
}

// candidate gives the extent of the value at g.i: a blob, or digits in groups.
func (t *text) candidate(g *gap) (s, e, end int) {
	tok := t.tokens[g.i]
	s = int(tok.s)
	e = t.blobEnd(s)
	if tok.kind == tNumber && (e <= int(tok.e) || !t.units[s].isValue()) {
		if k := t.short(int(tok.chunk), 4, 12); k > 0 {
			e = int(t.chunks[k-1].e)
		} else {
			e = int(tok.e)
		}
	}
	return s, e, e
}

// phrase takes a quoted value, which may hold spaces and Chinese: 密码是“芝麻开门”.
func (t *text) phrase(g *gap) (s, e int, ok bool) {
	if !t.opensPhrase(g) || g.stop && !g.link {
		return 0, 0, false
	}
	s = int(t.tokens[g.i].s)
	for e = s; e < len(t.units) && e-s < 48 && t.units[e].r != '\n'; e++ {
		if t.units[e].r == g.quote || g.quote == '[' && t.units[e].r == ']' {
			return s, e, e-s >= 3 && !t.placeholder(s, e) && !t.address(s, e) && !t.states(s, e) && (g.link || t.hasDigit(s, e))
		}
	}
	return 0, 0, false
}

// states reports that all words of units [s,e) say how something is, so that they are a message, not a value.
func (t *text) states(s, e int) bool {
	stops, others := 0, 0
	for i := t.tokenOf(s); i < len(t.tokens) && int(t.tokens[i].s) < e; i++ {
		switch tok := t.tokens[i]; {
		case tok.cls == gStop || tok.cls == gAsk:
			stops++
		case tok.kind == tWord && t.quality(int(tok.s), int(tok.e)) == strong:
			return false
		case tok.kind == tWord || tok.kind == tNumber:
			others++
		}
	}
	return stops > 0 && stops >= others
}

// acceptPassword decides on units [s,e) as a password of the frame g.
func (t *text) acceptPassword(g *gap, s, e int, paired bool) bool {
	near := g.link || g.unknown == 0 && !g.stop || t.confirmed(e)
	q := t.quality(s, e)
	if t.tokens[g.i].kind == tNumber && q != strong {
		near = near || e-s == 6 && g.unknown <= 4 && !g.stop && g.dots == 0 && t.chinese(g.key)
		return near && t.acceptFigures(g, s, e)
	}
	switch q {
	case strong:
		return (near || t.loose(g, s, e)) && !t.fileName(s, e) && (g.link || !g.comma || t.chinese(g.key) || t.tokens[g.key].cls == kPassword)
	case figures:
		return near && t.acceptFigures(g, s, e)
	case odd:
		return g.link && g.unknown == 0 || g.unknown == 0 && !g.stop && (t.chinese(g.key) || paired)
	case word:
		return g.unknown == 0 && !(g.stop && !g.link) && t.acceptWord(g, s, e, paired)
	}
	return false
}

// loose reports a strong value that follows a Chinese key with a few words between: 新密码想设…, or, longer, at the end
// of a clause that began with a link: 密码是女儿名字加生日 nannan0506.
func (t *text) loose(g *gap, s, e int) bool {
	if g.stop || g.dots > 0 || !t.chinese(g.key) {
		return false
	}
	return g.unknown <= 2 && !g.comma && e-s >= 6 || g.linked && g.unknown <= 9 && e-s >= 8 && t.clauseEnds(e)
}

// confirmed reports that the value that ends at unit e is called the right one: "but X is right".
func (t *text) confirmed(e int) bool {
	i := t.after(t.tokenOf(e - 1))
	j := t.after(i)
	return j < len(t.tokens) && t.is(int(t.tokens[i].s), "is ") && (t.is(int(t.tokens[j].s), "right") || t.is(int(t.tokens[j].s), "correct"))
}

// fileName reports reset.html, policy2.pdf and bare host names.
func (t *text) fileName(s, e int) bool {
	for _, x := range [...]string{".html", ".htm", ".pdf", ".png", ".jpg", ".php", ".aspx", ".com", ".cn", ".org", ".net", ".io", ".apk", ".txt"} {
		if e-len(x) > s && t.is(e-len(x), x) {
			return true
		}
	}
	return false
}

// acceptFigures decides on a password made of digits.
func (t *text) acceptFigures(g *gap, s, e int) bool {
	n := 0
	for i := s; i < e; i++ {
		if t.units[i].d >= 0 || t.units[i].han >= 0 {
			n++
		}
	}
	if t.tokens[g.i].kind == tNumber && t.units[s].isLetter() {
		n = t.chunks[t.tokens[g.i].chunk].len()
	}
	if n < 4 || n > 20 || t.counted(e) || t.hotline(s, e) || t.clockOrDate(s, e) {
		return false
	}
	if n <= 8 && t.tokens[g.key].cls == kPIN {
		return false // it was looked at as a PIN, and is none
	}
	if !g.link && !t.chinese(g.key) && (n == 4 && t.yearLike(s, e) || t.is(int(t.tokens[g.key].s), "pass ")) {
		return false
	}
	direct := g.link && g.unknown == 0
	return direct || n <= 12 && !t.mobile(s, e)
}

// counted reports that a unit follows: 6位, 30 minutes, 2024年.
func (t *text) counted(e int) bool {
	for e < len(t.units) && t.units[e].r == ' ' {
		e++
	}
	if e >= len(t.units) {
		return false
	}
	if r := t.units[e].r; r == '%' || r == '$' || r == '€' || r == '元' {
		return true
	}
	end, c := t.wordAt(e)
	if c == gUnit && t.units[e].isCJK() && end-e == 1 { // 个, 天 … may begin another word: 个人
		return true
	}
	return c == gUnit
}

// hotline reports the numbers that banks and carriers call and text from: 95188, 10086, 12306, 1069….
func (t *text) hotline(s, e int) bool {
	if e-s == 5 && (t.is(s, "95") || t.is(s, "100") || t.is(s, "123") || t.is(s, "116")) && !t.is(s, "12345") {
		return true
	}
	return t.is(s, "1069") && e-s >= 6 || t.is(s, "1065") && e-s >= 8 || t.is(s, "400") && e-s == 10
}

// mobile reports a Chinese mobile number.
func (t *text) mobile(s, e int) bool {
	return e-s == 11 && t.units[s].r == '1' && t.units[s+1].r >= '3' && t.units[s+1].r <= '9'
}

// clockOrDate reports 14:30, 2024-07-05, 07/05/2024: digits [s,e), or the group at s of a longer one.
func (t *text) clockOrDate(s, e int) bool {
	if e+1 < len(t.units) && t.units[e].r == ':' && t.units[e+1].d >= 0 {
		return true
	}
	if s > 1 && t.units[s-1].r == ':' && t.units[s-2].d >= 0 && t.clockHour(s-2) {
		return true
	}
	var groups [4]int
	n := 0
	for i := s; i < len(t.units) && n < len(groups); i++ {
		switch u := &t.units[i]; {
		case u.d >= 0:
			groups[n]++
			continue
		case u.r == '-' || u.r == '/' || u.r == '.':
			n++
			continue
		}
		break
	}
	if n == 1 {
		return groups[0] == 4 && groups[1] <= 2 && groups[1] > 0 && (t.is(s, "20") || t.is(s, "19"))
	}
	return n == 2 && (groups[0] == 4 && groups[1] <= 2 && groups[2] <= 2 || groups[0] <= 2 && groups[1] <= 2 && groups[2] == 4)
}

// clockHour reports that the digits that end at unit i are an hour, so that what follows the colon are minutes.
func (t *text) clockHour(i int) bool {
	return (i == 0 || t.units[i-1].d < 0 || i == 1 || t.units[i-2].d < 0) && t.units[i].d >= 0
}

// acceptWord decides on a plain word, which needs more around it.
func (t *text) acceptWord(g *gap, s, e int, paired bool) bool {
	l := t.lower(s, e)
	if l.n < 3 || listed(brands, l) || t.stopWord(s, e) {
		return false
	}
	switch known := common(l) || twoWords(l); {
	case paired:
		return l.n >= 3
	case g.quote != 0 && g.link:
		return true
	case g.colon:
		return l.n >= 4 && t.clauseEnds(e) || known
	case g.link && t.chinese(g.key):
		return known || pinyin(l)
	case g.link:
		return known && t.clauseEnds(e) && !descriptive(l) && t.linked(g.i)
	case t.chinese(g.key):
		return l.n >= 5 && !descriptive(l) && (known || pinyin(l))
	}
	return false
}

// linked reports that nothing stands between the link and the token at i.
func (t *text) linked(i int) bool {
	p := t.before(i)
	return p >= 0 && (t.tokens[p].cls == gLink || t.tokens[p].cls == gTo || t.tokens[p].kind == tPunct || t.is(int(t.tokens[p].s), "s "))
}

// stopWord reports that the word at s is one of the lexicon's.
func (t *text) stopWord(s, e int) bool {
	end, c := t.wordAt(s)
	return c != none && end >= e
}

// descriptive reports by its ending that a word says how something is.
func descriptive(l lowered) bool {
	w := string(l.b[:l.n])
	for _, x := range [...]string{"ed", "ing", "ly", "able", "ible", "ful", "less", "ive", "ous", "ant", "ent", "ation", "tion", "ally", "ished"} {
		if strings.HasSuffix(w, x) {
			return true
		}
	}
	return false
}

// chinese reports that the key at token k is Chinese, or pinyin.
func (t *text) chinese(k int) bool {
	tok := t.tokens[k]
	return t.units[tok.s].isCJK() || t.units[tok.e-1].isCJK() || t.is(int(tok.s), "mi") || t.is(int(tok.s), "mm")
}

// accountBefore reports that an account was given shortly before the key: "账号 a@b.c 密码 xyz".
func (t *text) accountBefore(key int) bool {
	values := 0
	for i := key - 1; i >= 0 && i > key-14; i-- {
		switch tok := t.tokens[i]; {
		case tok.cls == kLogin:
			return values > 0
		case tok.kind == tWord || tok.kind == tNumber:
			values++
			if s := t.blobStart(int(tok.e)); t.email(s, t.blobEnd(s)) {
				return true
			}
		case tok.kind == tPunct && t.ends(i):
			return false
		case tok.cls == gStop, tok.cls == gAsk:
			return false
		}
	}
	return false
}

// passwordBefore finds a value in front of its key: "X 这个密码", "is X a valid password", "with X as my password".
func (t *text) passwordBefore(key int) {
	if n := t.after(key); n < len(t.tokens) && t.tokens[n].cls == gStop && t.compound(n) {
		return // password manager, password field
	}
	p, ok := t.backGap(key, 0)
	if !ok {
		return
	}
	e := int(t.tokens[p].e)
	s := t.blobStart(e)
	if q := t.units[e-1].r; q == '"' || q == '\'' {
		e--
		s = t.blobStart(e)
	}
	if s >= e || t.labelled(t.tokenOf(s)) {
		return
	}
	switch t.quality(s, e) {
	case strong, odd:
		if !t.fileName(s, e) {
			t.add(Password, s, e)
			t.companion(s)
		}
	case figures:
		if e-s >= 6 && e-s <= 12 && !t.mobile(s, e) {
			t.add(Password, s, e)
		}
	}
}

// companion finds the first of two values in front of a key: "both X and Y as passwords".
func (t *text) companion(s int) {
	i := t.before(t.tokenOf(s))
	if i < 1 || t.tokens[i].cls != gOr {
		return
	}
	e := int(t.tokens[t.before(i)].e)
	if b := t.blobStart(e); t.secretLike(b, e) {
		t.add(Password, b, e)
	}
}

// compound reports nouns that make a compound with password, so that it is no key.
func (t *text) compound(i int) bool {
	for _, w := range [...]string{"manager", "field", "box", "page", "reset", "change", "protect", "policy", "hint", "screen", "form", "link", "prompt", "error"} {
		if t.is(int(t.tokens[i].s), w) {
			return true
		}
	}
	return false
}

// backGap walks back from a key over words that tie a value to it, and over up to `foreign` other words. It returns
// the last token of the value.
func (t *text) backGap(key, foreign int) (p int, ok bool) {
	tied := false
	for p = key - 1; p >= 0 && p > key-14; p-- {
		switch tok := t.tokens[p]; {
		case tok.kind == tSpace:
		case tok.cls == gAs || tok.cls == gLink:
			tied = true
		case tok.cls == gFill || tok.cls == kLogin && !tied:
		case tok.cls == gStop && (t.units[tok.s].isLetter() || t.purpose(int(tok.s))):
		case tok.cls == gAsk && foreign > 1 && t.units[tok.s].r == '什': // 883920是什么验证码
		case tok.kind == tPunct:
			switch r := t.units[tok.s].r; {
			case r == '(' || r == '[', r == '-' && p > 0 && t.tokens[p-1].kind == tSpace:
				tied = true
			case r == '!' || r == '"' || r == '\'' || r == ')':
				if tied && p > 0 && (t.tokens[p-1].kind == tWord || t.tokens[p-1].kind == tNumber || t.tokens[p-1].kind == tPunct) {
					return p, true
				}
			case tied && t.units[tok.s].isValue() && p > 0 && t.tokens[p-1].kind != tSpace && !t.ends(p) && r != ',' && r != ':' && r != '=':
				return p, true
			default:
				return p, false
			}
		case (tok.kind == tWord || tok.kind == tNumber || tok.kind == tLex && t.tailOfValue(p)) && tied:
			if foreign == 0 || t.hasDigit(int(tok.s), int(tok.e)) || tok.kind == tNumber {
				return p, true
			}
			foreign--
		case tok.kind == tWord && foreign > 0:
			foreign--
		default:
			return p, false
		}
	}
	return p, false
}

// purpose reports what a code or password is for, as in 支付验证码, 登录密码.
func (t *text) purpose(s int) bool {
	switch t.units[s].r {
	case '支', '登', '付', '验', '绑', '解':
		return true
	}
	return false
}

// tailOfValue reports that a word of the lexicon is glued to the end of a value: x9_new.
func (t *text) tailOfValue(p int) bool {
	tok := t.tokens[p]
	return t.units[tok.s].isLetter() && tok.s > 0 && t.units[tok.s-1].isValue() && t.quality(t.blobStart(int(tok.e)), int(tok.e)) == strong
}

// labelled reports that a label stands right before token i.
func (t *text) labelled(i int) bool {
	for n := 0; n < 4; n++ {
		if i = t.before(i); i < 0 {
			return false
		}
		switch tok := t.tokens[i]; {
		case tok.cls == gLabel:
			return true
		case tok.kind == tPunct || tok.cls == gLink || tok.cls == gFill || tok.cls == gUnit:
		default:
			return false
		}
	}
	return false
}

// findChanged finds both values of "changed it from X to Y", which needs no key: both must look like passwords.
func (t *text) findChanged() {
	for k := range t.tokens {
		if t.tokens[k].cls != gChange {
			continue
		}
		from, to, object := 0, 0, false
		for i := k + 1; i < len(t.tokens) && i < k+24 && to == 0; i++ {
			switch tok := t.tokens[i]; {
			case tok.cls == gFill && t.is(int(tok.s), "it") || tok.cls == kPassword:
				object = true
			case tok.cls == gFill && t.is(int(tok.s), "from"):
				from = i
			case tok.cls == gTo && from > 0:
				t.addChanged(from, i, object)
				to = i
			}
		}
	}
}

func (t *text) addChanged(from, to int, object bool) {
	a, b := t.after(from), t.after(to)
	if !object || a >= len(t.tokens) || b >= len(t.tokens) {
		return
	}
	as, bs := int(t.tokens[a].s), int(t.tokens[b].s)
	ae, be := t.blobEnd(as), t.blobEnd(bs)
	if t.quality(as, ae) == strong && t.quality(bs, be) == strong && ae-as >= 6 && be-bs >= 6 {
		t.add(Password, as, ae)
		t.add(Password, bs, be)
	}
}
