package guard

// digit is one digit as typed, spoken or spelt out: units [s,e).
type digit struct {
	v    int8
	s, e int32
}

// chunk is a row of digits with nothing between them: digits [d0,d1), units [s,e). "double four three" is one.
type chunk struct {
	d0, d1 int32
	s, e   int32
	left   bool // a Latin letter stands right before
	right  bool // or right behind
}

func (c chunk) len() int { return int(c.d1 - c.d0) }

// findDigits fills t.digits and t.chunks: digits of every script, Chinese numerals in rows of three and more, English
// number words in rows of three and more, and the letters O and l among digits.
func (t *text) findDigits() {
	for i := 0; i < len(t.units); {
		u := &t.units[i]
		switch {
		case u.d >= 0:
			i = t.plainDigits(i)
		case u.han >= 0 && t.hanRow(i) >= 3:
			i = t.plainDigits(i)
		case u.isLetter() && (i == 0 || !t.units[i-1].isAlnum()):
			if n := t.spokenDigits(i); n > i {
				i = n
				continue
			}
			if n := t.letterDigits(i); n > i {
				i = n
				continue
			}
			for i < len(t.units) && t.units[i].isLetter() {
				i++
			}
		default:
			i++
		}
	}
}

// hanRow counts the digits from i on, Chinese ones and others, that stand next to each other or one space apart. One
// that stands apart counts only among four.
func (t *text) hanRow(i int) int {
	n, apart := 0, false
	for i < len(t.units) && n < 24 {
		u := &t.units[i]
		if u.han < 0 && u.d < 0 {
			return judgeRow(n, apart)
		}
		n++
		i++
		if i+1 < len(t.units) && separates(t.units[i].r) && (t.units[i+1].han >= 0 || t.units[i+1].d >= 0) {
			apart = true
			i++
		}
	}
	return judgeRow(n, apart)
}

func judgeRow(n int, apart bool) int {
	if apart {
		return n - 1
	}
	return n
}

// plainDigits takes a row of digits from i on and returns where it ends. Chinese numerals continue it only if it began
// with one, or if they are many.
func (t *text) plainDigits(i int) int {
	c := chunk{d0: int32(len(t.digits)), s: int32(i), left: i > 0 && t.units[i-1].isLetter()}
	han := t.units[i].d < 0 || t.mixedRow(i)
	for ; i < len(t.units); i++ {
		u := &t.units[i]
		v := u.d
		if v < 0 && han {
			v = u.han
		}
		if v < 0 && t.digitLetters(i) {
			v = t.letterDigit(i)
		}
		if v < 0 {
			break
		}
		t.digits = append(t.digits, digit{v: v, s: int32(i), e: int32(i + 1)})
	}
	c.d1, c.e = int32(len(t.digits)), int32(i)
	c.right = i < len(t.units) && t.units[i].isLetter()
	t.chunks = append(t.chunks, c)
	return i
}

// mixedRow reports that the row of ASCII digits at i goes on in Chinese numerals: 62二八4八.
func (t *text) mixedRow(i int) bool {
	n, han := 0, 0
	for ; i < len(t.units) && (t.units[i].d >= 0 || t.units[i].han >= 0); i++ {
		n++
		if t.units[i].han >= 0 {
			han++
		}
	}
	return han > 0 && n >= 4
}

// digitLetters reports that the letters from i on are O and l among digits: a digit follows them, and the word they
// stand in holds nothing else.
func (t *text) digitLetters(i int) bool {
	for ; i < len(t.units) && t.units[i].isLetter(); i++ {
		if t.letterDigit(i) < 0 {
			return false
		}
	}
	return i < len(t.units) && t.units[i].d >= 0
}

// letterDigit returns the digit that the letter at i stands for, -1 for none: O for 0, l and I for 1.
func (t *text) letterDigit(i int) int8 {
	switch t.units[i].r {
	case 'o':
		return 0
	case 'l', 'i':
		return 1
	}
	return -1
}

// letterDigits takes a word made of digits and at least one O or l, such as "O5l2"; it must begin with the letter and
// hold three digits, else nothing is taken.
func (t *text) letterDigits(i int) int {
	s, real := i, 0
	for ; i < len(t.units) && t.units[i].isAlnum(); i++ {
		if t.units[i].d >= 0 {
			real++
		} else if t.letterDigit(i) < 0 {
			return s
		}
	}
	if real < 3 || i-s > 19 {
		return s
	}
	c := chunk{d0: int32(len(t.digits)), s: int32(s), e: int32(i)}
	for j := s; j < i; j++ {
		t.digits = append(t.digits, digit{v: max(t.units[j].d, t.letterDigit(j)), s: int32(j), e: int32(j + 1)})
	}
	c.d1 = int32(len(t.digits))
	t.chunks = append(t.chunks, c)
	return i
}

// spokenDigits takes a row of at least three number words from i on ("four two double one") and returns where it
// ends, i if there is none.
func (t *text) spokenDigits(i int) int {
	d0, end, times := len(t.digits), i, 1
	for j := i; j < len(t.units); {
		v, n := t.numberWord(j)
		if n == 0 {
			break
		}
		if v < 0 { // double, triple
			times = -int(v)
			j = t.afterSpokenGap(j + n)
			continue
		}
		for ; times > 0; times-- {
			t.digits = append(t.digits, digit{v: v, s: int32(j), e: int32(j + n)})
		}
		times, end = 1, j+n
		j = t.afterSpokenGap(j + n)
	}
	if len(t.digits)-d0 < 3 {
		t.digits = t.digits[:d0]
		return i
	}
	t.digits[d0].s = int32(i)
	t.chunks = append(t.chunks, chunk{d0: int32(d0), d1: int32(len(t.digits)), s: int32(i), e: int32(end)})
	return end
}

// afterSpokenGap passes over what may stand between two number words.
func (t *text) afterSpokenGap(i int) int {
	for n := 0; i < len(t.units) && n < 3 && (separates(t.units[i].r) || t.units[i].r == ':'); n++ {
		i++
	}
	return i
}

var numberWords = [...]struct {
	w string
	v int8
}{
	{"zero", 0}, {"oh", 0}, {"o", 0}, {"nought", 0}, {"one", 1}, {"two", 2}, {"three", 3}, {"four", 4}, {"five", 5},
	{"six", 6}, {"seven", 7}, {"eight", 8}, {"nine", 9}, {"niner", 9}, {"double", -2}, {"triple", -3},
	{"ling", 0}, {"yi", 1}, {"yao", 1}, {"er", 2}, {"san", 3}, {"si", 4}, {"wu", 5}, {"liu", 6}, {"qi", 7}, {"ba", 8}, {"jiu", 9},
}

// numberWord returns the digit that the word at i says and its length, a negative count for double and triple, and
// length 0 for no number word.
func (t *text) numberWord(i int) (v int8, n int) {
	for i+n < len(t.units) && t.units[i+n].isLetter() {
		if n++; n > 6 {
			return 0, 0
		}
	}
	if n == 0 || i+n < len(t.units) && t.units[i+n].d >= 0 {
		return 0, 0
	}
	for _, w := range numberWords {
		if len(w.w) == n && t.is(i, w.w) {
			return w.v, n
		}
	}
	return 0, 0
}

// separates reports what people put between groups of digits.
func separates(r rune) bool {
	switch r {
	case ' ', '\n', '-', '.', '_', '/', '*', ',', '|', '+', '\'', '"', '~':
		return true
	}
	return false
}

// joined reports that chunk j goes on in chunk j+1: nothing but a few separators between them, the same kind, and no
// decimal point, date or mask.
func (t *text) joined(j int) bool {
	if j+1 >= len(t.chunks) {
		return false
	}
	a, b := t.chunks[j], t.chunks[j+1]
	if a.right || b.left || b.s-a.e > 3 {
		return false
	}
	for i := a.e; i < b.s; i++ {
		r := t.units[i].r
		if !separates(r) && r != '(' && r != ')' || r == '*' && b.s-a.e > 1 {
			return false
		}
	}
	return true
}

// row collects the digits of chunks [j,k) into buf and returns how many there are, at most len(buf).
func (t *text) row(j, k int, buf []int8) int {
	n := 0
	for _, d := range t.digits[t.chunks[j].d0:t.chunks[k-1].d1] {
		if n < len(buf) {
			buf[n] = d.v
			n++
		}
	}
	return n
}

// short reads a number of lo to hi digits that begins at chunk j: in one piece, in equal groups (318 640), or digit by
// digit (7-2-0-5). It returns the chunk after the last, 0 when there is no such number.
func (t *text) short(j, lo, hi int) int {
	first := t.chunks[j]
	if first.left || first.right {
		return 0
	}
	total, k := first.len(), j+1
	for total < lo && t.joined(k-1) && t.chunks[k].len() == first.len() {
		total += t.chunks[k].len()
		k++
	}
	if first.len() <= 2 { // digit by digit and pair by pair: all of them belong together
		for total <= hi && t.joined(k-1) && t.chunks[k].len() == first.len() {
			total += t.chunks[k].len()
			k++
		}
	}
	if total < lo || total > hi {
		return 0
	}
	return k
}
