package guard

// tokenKind says what a token is made of.
type tokenKind uint8

const (
	tSpace  tokenKind = iota
	tLine             // a space with a line break in it
	tLex              // a word of the lexicon
	tWord             // Latin letters, or letters and digits
	tNumber           // a chunk of digits
	tHan              // one Chinese character that no word of the lexicon covers
	tPunct            // one other character
	tOpaque           // a mark
)

// token is a piece of the text: units [s,e).
type token struct {
	s, e  int32
	chunk int32 // tNumber: index into chunks
	kind  tokenKind
	cls   class // tLex
}

// findTokens cuts the units into tokens, longest word of the lexicon first.
func (t *text) findTokens() {
	ci := 0
	for i := 0; i < len(t.units); {
		for ci < len(t.chunks) && int(t.chunks[ci].s) < i {
			ci++
		}
		tok := t.tokenAt(i, ci)
		if n := len(t.tokens); tok.kind == tNumber && n > 0 && t.tokens[n-1].kind == tLex && t.tokens[n-1].e == tok.s {
			t.chunks[ci].left = false // a key may stand right before: pin8086
		}
		if tok.cls.isKey() {
			t.keys |= 1 << tok.cls
		}
		t.tokens = append(t.tokens, tok)
		i = int(tok.e)
	}
}

func (t *text) tokenAt(i, ci int) token {
	u := &t.units[i]
	tok := token{s: int32(i), e: int32(i + 1), kind: tPunct}
	switch {
	case u.isSpace():
		return t.spaceAt(i)
	case u.r == opaque:
		for tok.kind = tOpaque; int(tok.e) < len(t.units) && t.units[tok.e].r == opaque; tok.e++ {
		}
		return tok
	case ci < len(t.chunks) && int(t.chunks[ci].s) == i && t.standsAlone(t.chunks[ci]):
		return token{s: int32(i), e: t.chunks[ci].e, kind: tNumber, chunk: int32(ci)}
	}
	if u.isAlnum() || u.isCJK() {
		if e, c := t.wordAt(i); e > i {
			return token{s: int32(i), e: int32(e), kind: tLex, cls: c}
		}
	}
	switch {
	case u.isAlnum():
		tok.kind = tWord
		for int(tok.e) < len(t.units) && t.units[tok.e].isAlnum() {
			tok.e++
		}
	case u.isCJK():
		tok.kind = tHan
	}
	return tok
}

// standsAlone reports that a chunk is a number and no part of a name like iPhone12; a count with its unit is one.
func (t *text) standsAlone(c chunk) bool {
	if !c.right {
		return true
	}
	e, cls := t.wordAt(int(c.e))
	return e > int(c.e) && cls == gUnit
}

func (t *text) spaceAt(i int) token {
	tok := token{s: int32(i), kind: tSpace}
	for ; i < len(t.units) && t.units[i].isSpace(); i++ {
		if t.units[i].r == '\n' {
			tok.kind = tLine
		}
	}
	tok.e = int32(i)
	return tok
}

// wordAt finds the longest word of the lexicon that begins at unit i. It returns i when there is none.
func (t *text) wordAt(i int) (end int, c class) {
	latin := t.units[i].isLetter()
	if latin && i > 0 && t.units[i-1].isLetter() {
		return i, none
	}
	first := t.root(i)
	if first == 0 {
		return i, none
	}
	end, c = t.walk(i, first)
	if e, k := t.walkSpelt(i, first); e > end && k.isKey() {
		return e, k
	}
	return end, c
}

// root is the trie's node for the first character, 0 for none. A 6 may begin 6位数.
func (t *text) root(i int) int32 {
	r := t.units[i].r
	switch {
	case r < 128:
		return t.lex.ascii[r]
	case r >= 0x4e00 && r < 0xa000:
		return int32(t.han.root[r-0x4e00])
	}
	return 0
}

func (t *text) walk(i int, at int32) (end int, c class) {
	end = i
	leet := 0
	for j := i + 1; at != 0; j++ {
		if cls := t.lex.nodes[at].cls; cls != none && t.endsAt(j, cls) && (leet == 0 || cls == kPassword || cls == kPIN) {
			end, c = j, cls
		}
		if j >= len(t.units) {
			break
		}
		r := t.units[j].r
		next := t.lex.step(at, r, false)
		if next == 0 && leet < 3 {
			if next = t.leetStep(at, j); next != 0 {
				leet++
			}
		}
		if next == 0 && separatesWords(r) {
			next = t.lex.step(at, ' ', false)
		}
		at = next
	}
	return end, c
}

// separatesWords reports what may stand at the space of a word of the lexicon.
func separatesWords(r rune) bool {
	return r == ' ' || r == '-' || r == '_' || r == '.' || r == '/' || r == '\''
}

// leetStep follows a character that is written for another: p@ssw0rd, passw*rd.
func (t *text) leetStep(at int32, j int) int32 {
	var r rune
	switch t.units[j].r {
	case '@', '4':
		r = 'a'
	case '$', '5':
		r = 's'
	case '0':
		r = 'o'
	case '3':
		r = 'e'
	case '1', '!':
		r = 'i'
	case '*', '#':
		if c := t.lex.nodes[at].child; c != 0 && j+1 < len(t.units) && t.units[j+1].isLetter() {
			for ; c != 0; c = t.lex.nodes[c].next {
				if n := t.lex.nodes[c]; n.r >= 'a' && n.r <= 'z' && t.lex.step(c, t.units[j+1].r, false) != 0 {
					return c
				}
			}
		}
		return 0
	default:
		return 0
	}
	if j+1 >= len(t.units) || !t.units[j+1].isLetter() && t.units[j+1].r != t.units[j].r {
		return 0
	}
	return t.lex.step(at, r, false)
}

// endsAt reports that a word of class c may end before unit j: a Latin word does not end inside another. Digits may be
// glued to the keys whose value is digits.
func (t *text) endsAt(j int, c class) bool {
	if j >= len(t.units) || !t.units[j-1].isAlnum() || !t.units[j].isAlnum() {
		return true
	}
	if t.units[j-1].isLetter() && t.units[j].d >= 0 {
		switch c {
		case kPIN, kOTP, kCVV, kCard, kCardNo, kExpiry, kAccount, kID, kPassport, kPayCode:
			return t.digitsOnly(j)
		}
	}
	return t.units[j-1].d >= 0 && t.units[j].isLetter() && c == kCVV
}

// digitsOnly reports that the letters and digits from j on are digits.
func (t *text) digitsOnly(j int) bool {
	for ; j < len(t.units) && t.units[j].isAlnum(); j++ {
		if t.units[j].d < 0 {
			return false
		}
	}
	return true
}

// walkSpelt finds a key written one character apart: "p a s s w o r d", "p.i.n", "密 码".
func (t *text) walkSpelt(i int, at int32) (end int, c class) {
	end = i
	n, sep := 1, rune(0)
	for j := i + 1; at != 0; n++ {
		if cls := t.lex.nodes[at].cls; n >= 2 && cls.isKey() && (n >= 3 || t.units[i].isCJK()) &&
			(j >= len(t.units) || !t.units[j].isLetter() || !t.units[j-1].isLetter()) {
			if end, c = j, cls; sep == '.' && j < len(t.units) && t.units[j].r == '.' {
				end++
			}
		}
		if j+1 >= len(t.units) || !separates(t.units[j].r) && t.units[j].r < 0x2000 || t.units[j].isCJK() || t.units[j].r == opaque {
			break
		}
		if sep == 0 {
			sep = t.units[j].r
		}
		if t.units[j].r != sep {
			break
		}
		if t.units[j+1].r == ' ' { // passed over: two separators
			break
		}
		at = t.lex.step(at, t.units[j+1].r, false)
		j += 2
	}
	return end, c
}
