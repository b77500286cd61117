package guard

// findCards finds card numbers: 13 to 19 digits in any writing and grouping, whose first digits belong to a card
// scheme and whose check digit holds. Behind a word for a card number, either may fail: people mistype.
func (t *text) findCards() {
	for j := 0; j < len(t.chunks); {
		k := t.cardAt(j)
		if k == 0 {
			j++
			continue
		}
		t.add(PAN, int(t.chunks[j].s), int(t.chunks[k-1].e))
		j = t.cardTail(k)
	}
}

// context of a number, from the words before it.
type context uint8

const (
	noContext context = iota
	labelContext
	cardContext
	cardNoContext
)

// cardAt returns the chunk behind the card number that begins at chunk j, 0 for none.
func (t *text) cardAt(j int) int {
	first := t.chunks[j]
	if first.left || first.s > 0 && (t.units[first.s-1].r == '+' || t.masked(int(first.s)-1)) || j > 0 && t.joined(j-1) && t.units[t.chunks[j-1].e].r != '\n' && t.chunks[j-1].len() == first.len() {
		return 0
	}
	total, k := 0, j
	best, bestScore := 0, 0
	ctx := noContext
	for ; k < len(t.chunks); k++ {
		total += t.chunks[k].len()
		if total > 19 {
			break
		}
		if total >= 12 && !t.chunks[k].right && !t.masked(int(t.chunks[k].e)) {
			if ctx == noContext {
				ctx = t.cardWords(int(first.s), int(t.chunks[k].e))
			}
			if s := t.scoreCard(j, k+1, total, ctx); s > bestScore {
				best, bestScore = k+1, s
			}
		}
		if !t.joined(k) {
			break
		}
	}
	return best
}

// masked reports a * or another mask at unit i, next to the digits.
func (t *text) masked(i int) bool {
	if i < 0 || i >= len(t.units) || t.units[i].r != '*' {
		return false
	}
	return i > 0 && t.units[i-1].r == '*' || i+1 < len(t.units) && t.units[i+1].r == '*'
}

// scoreCard says how good a card number chunks [j,k) make, 0 for none.
func (t *text) scoreCard(j, k, n int, ctx context) int {
	if ctx == labelContext {
		return 0
	}
	var d [19]int8
	t.row(j, k, d[:])
	scheme := schemeOf(d[:n])
	valid := luhn(d[:n])
	whole := 0
	if !t.joined(k - 1) {
		whole = 1
	}
	switch {
	case scheme == usual && valid:
		return 8 + whole
	case scheme == rare && valid && (n >= 16 || ctx >= cardContext):
		return 6 + whole
	case ctx == cardNoContext && n >= 15 && d[0] != 0 && scheme != noScheme:
		return 4 + whole
	case ctx == cardNoContext && n >= 15 && d[0] != 0 && whole == 1:
		return 3
	case ctx == cardContext && n >= 15 && scheme != noScheme && (whole == 1 || n == 16):
		return 2 + whole
	case ctx == cardNoContext && valid && scheme != noScheme:
		return 1
	}
	return 0
}

// cardWords looks for a word for cards, or a label for something else, in the words before unit s and, for the former,
// right behind unit e.
func (t *text) cardWords(s, e int) context {
	i := t.tokenOf(s)
	far := 0
	for p := t.before(i); p >= 0 && far < 14; p = t.before(p) {
		far++
		switch tok := t.tokens[p]; {
		case tok.cls == kCardNo:
			return cardNoContext
		case tok.cls == kCard:
			return cardContext
		case tok.cls == gLabel && far <= 5:
			return labelContext
		case tok.cls == kAccount || tok.cls == kID || tok.cls == kPayCode:
			far = 14
		case tok.kind == tPunct && t.ends(p) && far > 1:
			far = 14
		}
	}
	for n, q := 0, t.after(t.tokenOf(max(s, e-1))); q < len(t.tokens) && n < 5; q, n = t.after(q), n+1 {
		switch tok := t.tokens[q]; {
		case tok.cls == kCardNo:
			return cardNoContext
		case tok.cls == kCard:
			return cardContext
		case tok.kind == tPunct || tok.cls == kExpiry || tok.cls == kCVV:
			return noContext
		}
	}
	return noContext
}

// cardTail finds the expiry and the CVV that stand right behind a card number, in that order or either alone. It
// returns the chunk to go on with.
func (t *text) cardTail(k int) int {
	if k < len(t.chunks) && t.near(k) {
		if e, next := t.expiryAt(k); e > 0 && (t.chunks[k].len() <= 2 || t.joinedLoosely(k-1)) {
			t.add(CardExpiry, int(t.chunks[k].s), e)
			k = next
		}
	}
	if k < len(t.chunks) && t.near(k) && t.joinedLoosely(k-1) {
		c := t.chunks[k]
		if n := c.len(); (n == 3 || n == 4) && !c.right && !t.joined(k) && !t.counted(int(c.e)) && !t.yearLike(int(c.s), int(c.e)) && !t.decimal(int(c.s), int(c.e)) {
			t.add(CVV, int(c.s), int(c.e))
			k++
		}
	}
	return k
}

// near reports that chunk k begins within a few characters of the one before it.
func (t *text) near(k int) bool { return k > 0 && t.chunks[k].s-t.chunks[k-1].e <= 8 }

// joinedLoosely reports that only punctuation and spaces stand between chunks k and k+1.
func (t *text) joinedLoosely(k int) bool {
	for i := t.chunks[k].e; i < t.chunks[k+1].s; i++ {
		if u := &t.units[i]; u.isAlnum() || u.isCJK() || u.r == opaque || u.r == '$' || u.r == '¥' {
			return u.r == '年' || u.r == '月'
		}
	}
	return true
}

// scheme says whether the first digits and the length belong to a card scheme.
type scheme uint8

const (
	noScheme scheme = iota
	rare            // possible: 13-digit Visa, 19-digit Visa, Maestro
	usual
)

// schemeOf knows the issuer ranges: Visa, Mastercard, Amex, Discover, Diners, JCB, UnionPay, Maestro, Mir, RuPay.
func schemeOf(d []int8) scheme {
	n := len(d)
	p2 := int(d[0])*10 + int(d[1])
	p4 := p2*100 + int(d[2])*10 + int(d[3])
	switch {
	case d[0] == 4:
		return pick(n == 16, n == 13 || n == 19)
	case p2 >= 51 && p2 <= 55, p4 >= 2221 && p4 <= 2720:
		return pick(n == 16, false)
	case p2 == 34 || p2 == 37:
		return pick(n == 15, false)
	case p2 == 62 || p2 == 81:
		return pick(n == 16 || n == 19, n == 17 || n == 18)
	case p4 == 6011, p2 == 65, p4/10 >= 644 && p4/10 <= 649:
		return pick(n == 16, n == 19)
	case p2 == 36 || p2 == 38 || p2 == 39 || p4/10 >= 300 && p4/10 <= 305:
		return pick(n == 14, n == 16)
	case p4 >= 3528 && p4 <= 3589:
		return pick(n == 16, n == 19)
	case p4 >= 2200 && p4 <= 2204, p2 == 60, p2 == 82:
		return pick(n == 16, false)
	case p4 == 9558, p4 == 9559, p4/10 == 103, p4/10 == 690: // domestic Chinese cards without a UnionPay number
		return pick(n == 19, n == 16 || n == 18)
	case p2 == 50, p2 >= 56 && p2 <= 58, d[0] == 6:
		return pick(false, n >= 12)
	}
	return noScheme
}

func pick(isUsual, isRare bool) scheme {
	switch {
	case isUsual:
		return usual
	case isRare:
		return rare
	}
	return noScheme
}

// luhn checks the check digit of ISO/IEC 7812.
func luhn(d []int8) bool {
	sum, same := 0, true
	for i := range d {
		v := int(d[len(d)-1-i])
		same = same && d[i] == d[0]
		if i%2 == 1 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return sum%10 == 0 && !same
}
