package guard

import (
	"crypto/sha256"
	_ "embed"
	"strings"
	"sync"
)

// findSeeds finds seed phrases of BIP-39: a row of its words, English, or Chinese with a space between. Eight in a row
// do not happen in prose; behind a word for seeds six are enough.
func (t *text) findSeeds() {
	if len(t.units) < 15 {
		return
	}
	least := 8
	if t.has(kSeed) {
		least = 6
	}
	for i := 0; i < len(t.units); {
		e, n := i, 0
		switch u := &t.units[i]; {
		case u.isLetter() && (i == 0 || !t.units[i-1].isAlnum()):
			e, n = t.englishSeed(i)
		case u.isCJK():
			e, n = t.chineseSeed(i)
		}
		if n >= least {
			t.add(SeedPhrase, i, e)
			i = e
			continue
		}
		i = t.wordEnd(i)
	}
}

func (t *text) wordEnd(i int) int {
	if !t.units[i].isLetter() {
		return i + 1
	}
	for i < len(t.units) && t.units[i].isLetter() {
		i++
	}
	return i
}

// englishSeed counts the words of the English list from unit i on, and where they end. Numbering ("1. desk 2. thrive")
// may stand between. A quarter of a phrase may be words that hold sentences together; a row with more is prose.
func (t *text) englishSeed(i int) (end, n int) {
	end, n, prose := t.seedRow(i)
	if prose*4 > n {
		return end, 0
	}
	return end, n
}

func (t *text) seedRow(i int) (end, n, prose int) {
	end = i
	for i < len(t.units) && n < 48 {
		e := t.wordEnd(i)
		if e == i || e-i < 3 || e-i > 8 || !t.units[i].isLetter() || e < len(t.units) && t.units[e].d >= 0 || !seedWord(t.lower(i, e)) {
			return end, n, prose
		}
		n++
		end = e
		if _, c := t.wordAt(i); c >= gLink && c <= gOther {
			prose++
		}
		i = t.seedGap(e)
	}
	return end, n, prose
}

// seedGap passes over what stands between two words of a seed phrase: spaces, commas, numbering.
func (t *text) seedGap(i int) int {
	for n := 0; i < len(t.units) && n < 6; i, n = i+1, n+1 {
		u := &t.units[i]
		if u.r == '.' && t.units[i-1].isAlnum() && t.units[i-1].d < 0 { // a sentence ends
			return i
		}
		if !u.isSpace() && u.d < 0 && !strings.ContainsRune(",.:;-_)(/|、#\"'", u.r) {
			return i
		}
	}
	return i
}

func seedWord(l lowered) bool {
	_, ok := seedWords()[string(l.b[:l.n])]
	return ok
}

//go:embed lists/bip39_english.txt
var seedEnglish string

//go:embed lists/bip39_chinese_simplified.txt
var seedSimplified string

//go:embed lists/bip39_chinese_traditional.txt
var seedTraditional string

var seedWords = sync.OnceValue(func() map[string]uint16 { return numberLines(seedEnglish) })

var seedChinese = sync.OnceValue(func() [2]map[string]uint16 {
	return [2]map[string]uint16{numberLines(seedSimplified), numberLines(seedTraditional)}
})

func numberLines(list string) map[string]uint16 {
	m := make(map[string]uint16, 2048)
	for w := range strings.FieldsSeq(list) {
		m[w] = uint16(len(m))
	}
	return m
}

// chineseSeed counts the characters of a Chinese list from unit i on that stand one separator apart. Without separators
// they are a phrase only if the check holds.
func (t *text) chineseSeed(i int) (end, n int) {
	if i > 0 && t.units[i-1].isCJK() && !t.has(kSeed) {
		return i, 0
	}
	if i+1 < len(t.units) && t.units[i+1].isCJK() {
		return t.gluedSeed(i)
	}
	lists := seedChinese()
	end = i
	for i < len(t.units) && t.units[i].isCJK() && n < 48 {
		o := string(t.units[i].o)
		_, a := lists[0][o]
		_, b := lists[1][o]
		if !a && !b {
			return end, n
		}
		if i+1 < len(t.units) && t.units[i+1].isCJK() { // a word of a sentence
			return end, n
		}
		n++
		end = i + 1
		i = t.seedGap(i + 1)
	}
	return end, n
}

// gluedSeed reports 12, 15, 18, 21 or 24 characters in one piece whose check holds, behind a word for seeds.
func (t *text) gluedSeed(i int) (end, n int) {
	if !t.has(kSeed) || i > 0 && t.units[i-1].isCJK() && !t.keyEnds(i) {
		return i, 0
	}
	for end = i; end < len(t.units) && t.units[end].isCJK() && end-i <= 24; end++ {
	}
	for _, list := range seedChinese() {
		for n := min(end-i, 24) / 3 * 3; n >= 12; n -= 3 {
			if t.seedChecks(i, n, list) {
				return i + n, n
			}
		}
	}
	return i, 0
}

func (t *text) keyEnds(i int) bool {
	tok := t.tokens[t.tokenOf(i-1)]
	return int(tok.e) == i && (tok.cls == kSeed || tok.cls == gLink || tok.cls == gFill)
}

// seedChecks verifies the checksum of the n one-character words from unit i on.
func (t *text) seedChecks(i, n int, list map[string]uint16) bool {
	var bits [264]byte
	for w := range n {
		v, ok := list[string(t.units[i+w].o)]
		if !ok {
			return false
		}
		for b := range 11 {
			bits[w*11+b] = byte(v>>(10-b)) & 1
		}
	}
	entropy := n * 11 * 32 / 33
	var raw [32]byte
	for b := range entropy {
		raw[b/8] |= bits[b] << (7 - b%8)
	}
	sum := sha256.Sum256(raw[:entropy/8])
	for b := range n * 11 / 33 {
		if sum[b/8]>>(7-b%8)&1 != bits[entropy+b] {
			return false
		}
	}
	return true
}
