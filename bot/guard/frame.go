package guard

// gap walks from a key to the values that may belong to it, and remembers what it passed on the way. It is what tells
// "the pin for my new card is 4821" from "pin blocked after 4 tries, order 4821".
type gap struct {
	key     int  // token of the key
	i       int  // token of the value
	link    bool // is, ":", 改成 and the like stand before the value, with nothing foreign in between
	linked  bool // there was a link, though something foreign may stand behind it
	colon   bool // … and it is ":" or "="
	unknown int  // foreign words passed, a Chinese character counts one and a word two
	stop    bool // something was said about the key: "is wrong"
	comma   bool // another clause
	dots    int  // sentences ended
	quote   rune
	change  bool // a verb of change stands before the key, so that "to" is a link
	found   int  // values taken so far
	base    int  // token from which maxGap counts: the key, or the last value taken
	took    bool // the token at i belongs to a value taken
}

// maxUnknown and maxGap bound how far from its key a value may stand.
const (
	maxUnknown = 14
	maxGap     = 48
)

func (t *text) gapAfter(key int) gap {
	return gap{key: key, i: key, base: key, change: t.changeBefore(key)}
}

// changeBefore reports a verb of change in the ten tokens before the key.
func (t *text) changeBefore(key int) bool {
	for i := key - 1; i >= 0 && i > key-10; i-- {
		tok := t.tokens[i]
		if tok.kind == tLex && tok.cls == gChange {
			return true
		}
		if tok.kind == tPunct && t.ends(i) {
			return false
		}
	}
	return false
}

// next moves on to the next token a value may begin at. It returns false when the frame has ended.
func (t *text) next(g *gap) bool {
	if g.i > g.key && !g.took {
		t.pass(g)
	}
	g.took = false
	for g.i++; g.i < len(t.tokens) && g.i-g.base < maxGap && g.unknown <= maxUnknown; g.i++ {
		switch tok := t.tokens[g.i]; tok.kind {
		case tSpace:
		case tLine:
			if g.unknown > 0 || g.stop {
				return false
			}
		case tOpaque:
			g.unknown, g.link = g.unknown+2, false
		case tHan:
			if t.opensPhrase(g) {
				return true
			}
			g.unknown, g.link = g.unknown+1, false
		case tWord, tNumber:
			return true
		case tPunct:
			if value, ok := t.punct(g); !ok {
				return false
			} else if value {
				return true
			}
		case tLex:
			if t.gluedValue(g) || t.opensPhrase(g) {
				return true
			}
			if !t.grammar(g, tok.cls) {
				return false
			}
		}
	}
	return false
}

// pass notes that the value at g.i was none.
func (t *text) pass(g *gap) {
	tok := t.tokens[g.i]
	if tok.kind == tNumber {
		if n := t.after(g.i); n < len(t.tokens) && t.tokens[n].cls == gUnit {
			return
		}
	}
	g.link, g.colon, g.quote = false, false, 0
	g.unknown += 2
	if s := int(tok.s); tok.kind == tWord {
		if e := t.blobEnd(s); t.address(s, e) { // its parts are no values either
			for g.i+1 < len(t.tokens) && int(t.tokens[g.i+1].s) < e {
				g.i++
			}
		}
	}
}

// took notes that units up to e were a value; the walk goes on behind it.
func (t *text) took(g *gap, e int) {
	for g.i+1 < len(t.tokens) && int(t.tokens[g.i+1].s) < e {
		g.i++
	}
	g.found++
	g.link, g.colon, g.quote, g.unknown, g.stop = false, false, 0, 0, true
	g.base, g.took = g.i, true
}

// grammar takes a word of the lexicon into account; false ends the frame.
func (t *text) grammar(g *gap, c class) bool {
	switch c {
	case gLink:
		g.link, g.colon, g.linked = true, false, true
	case gTo:
		if g.change {
			g.link = true
		} else {
			g.unknown++
			g.link = false
		}
	case gAs:
		if r := t.units[t.tokens[g.i].s].r; r == '是' || r == '就' || r == '系' || r == 'i' || r == 'w' || t.tokens[g.key].cls == kLogin {
			g.link, g.linked = true, true
		}
	case gFill, gUnit, gOffer, gRecall, kLogin, kCard, kBack:
	case gChange:
		if t.units[t.tokens[g.i].s].isLetter() {
			g.stop, g.link, g.colon = true, false, false
		}
		g.change = true
	case gStop, gAsk:
		g.stop, g.link, g.colon = true, false, false
	case gOr:
		if g.found > 0 {
			g.link = true
		} else {
			g.unknown++
		}
	case gLabel, gOther:
		return false
	case kCode:
		return g.unknown == 0 && !g.link // pin code
	default: // another key: what follows is its own
		return c == t.tokens[g.key].cls && g.unknown == 0 && !g.stop
	}
	return true
}

// punct takes a character into account: value says that a value begins here, ok that the frame goes on.
func (t *text) punct(g *gap) (value, ok bool) {
	s := int(t.tokens[g.i].s)
	switch r := t.units[s].r; r {
	case ':', '=':
		if r == ':' && s > 0 && t.units[s-1].d >= 0 && s+1 < len(t.units) && t.units[s+1].d >= 0 {
			g.unknown++ // a clock
			return false, true
		}
		g.link, g.colon = true, true
	case '-', '>':
		if !t.valueAhead(s) || s > 0 && t.units[s-1].isSpace() {
			g.link = true
		}
	case '"', '\'', '`', '(', '[', '<', '{':
		if r == '\'' && t.is(s, "'s ") {
			g.link, g.i = true, g.i+1
			return false, true
		}
		g.quote = r
	case ',', ';':
		g.comma, g.link, g.colon = true, g.found > 0 && t.units[s].o == '、', false
	case '.', '!', '?':
		if t.startsValue(s) {
			return true, true
		}
		if !t.ends(g.i) {
			return false, true
		}
		g.dots++
		g.stop, g.link, g.colon = true, false, false
		return false, g.dots <= 1
	case '$', '¥', '￥', '€', '£', '%':
		if r == '$' && t.startsValue(s) {
			return true, true
		}
		return false, false
	case '+':
		return false, !t.valueAhead(s)
	case '@', '#', '&', '*', '^', '~', '_':
		return t.startsValue(s), true
	}
	return false, true
}

// valueAhead reports that a letter or digit follows unit s.
func (t *text) valueAhead(s int) bool { return s+1 < len(t.units) && t.units[s+1].isAlnum() }

// opensPhrase reports that the token at g.i stands right behind the opening quote of what may be a value.
func (t *text) opensPhrase(g *gap) bool {
	s := int(t.tokens[g.i].s)
	return g.quote != 0 && g.quote != '(' && g.quote != '<' && g.unknown == 0 && s > 0 && t.units[s-1].r == g.quote
}

// startsValue reports that the character at s, which is no letter, begins a password such as #Tiger22.
func (t *text) startsValue(s int) bool {
	if s > 0 && t.units[s-1].isAlnum() {
		return false
	}
	e := t.blobEnd(s)
	return e-s >= 5 && t.quality(s, e) == strong
}

// gluedValue reports that the word at g.i is the beginning of a value, such as old_tiger7, or, behind a link, a key
// that serves as a value, such as Passw0rd!.
func (t *text) gluedValue(g *gap) bool {
	tok := t.tokens[g.i]
	if !t.units[tok.e-1].isAlnum() || t.units[tok.s].isCJK() {
		return false
	}
	s, e := int(tok.s), t.blobEnd(int(tok.s))
	if e <= int(tok.e) {
		return g.link && tok.cls == kPassword && t.quality(s, e) == strong
	}
	if e == int(tok.e)+1 && t.units[tok.e].r != '!' {
		return false
	}
	switch t.units[tok.e].r {
	case '_', '@', '#', '$', '%', '^', '&', '*', '!', '+', '~', '.', '-':
		return t.quality(s, e) == strong
	}
	return false
}

// ends reports that the character at token i ends a sentence. An ellipsis does not.
func (t *text) ends(i int) bool {
	s := int(t.tokens[i].s)
	u := t.units[s]
	switch u.r {
	case '!', '?':
		return true
	case '.':
		if s+1 < len(t.units) && t.units[s+1].r == '.' || s > 0 && t.units[s-1].r == '.' {
			return false
		}
		return u.o == '。' || u.o == '｡' || s+1 >= len(t.units) || t.units[s+1].isSpace() || t.units[s+1].isCJK()
	}
	return false
}

// after returns the next token behind i that is no space.
func (t *text) after(i int) int {
	for i++; i < len(t.tokens) && t.tokens[i].kind <= tLine; i++ {
	}
	return i
}

// before returns the token before i that is no space, -1 for none.
func (t *text) before(i int) int {
	for i--; i >= 0 && t.tokens[i].kind <= tLine; i-- {
	}
	return i
}

// tokenOf returns the token that unit u belongs to.
func (t *text) tokenOf(u int) int {
	lo, hi := 0, len(t.tokens)-1
	for lo < hi {
		if mid := (lo + hi + 1) / 2; int(t.tokens[mid].s) <= u {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return lo
}

// clauseEnds reports that nothing but the end of the clause follows unit e.
func (t *text) clauseEnds(e int) bool {
	for ; e < len(t.units); e++ {
		switch u := t.units[e]; {
		case u.r == ' ':
			continue
		case u.r == '\n', u.isCJK():
			return true
		case u.isAlnum():
			_, c := t.wordAt(e)
			return c == gOr || t.is(e, "but ") || t.is(e, "please") || t.is(e, "pls") || t.is(e, "can you")
		default:
			return true
		}
	}
	return true
}
