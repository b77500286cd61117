package lang

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
)

//go:embed opencc/*.gz
var dictionaries embed.FS

// The block of characters the tables cover: CJK extension A to the end of the unified ideographs.
const (
	firstHan = 0x3400
	lastHan  = 0x9FFF
)

// script says in which script a character is written nowhere but.
type script uint8

const (
	shared script = iota
	onlyHans
	onlyHant
)

// charTables hold what is known of single characters. The few characters beyond U+FFFF stand in a map.
type charTables struct {
	simple [lastHan - firstHan + 1]uint16 // simplified form; 0: the character itself
	script [lastHan - firstHan + 1]script
	rare   map[rune]rune
}

// chars reads the character tables when they are first needed; about 2 ms and 100 kB.
// The data are part of the program, so that they cannot be read is a broken build: it panics.
var chars = sync.OnceValue(func() *charTables {
	t, err := loadCharTables()
	if err != nil {
		panic(fmt.Sprintf("lang: embedded character tables: %v", err))
	}
	return t
})

func loadCharTables() (*charTables, error) {
	st, err := readPairs("STCharacters")
	if err != nil {
		return nil, err
	}
	ts, err := readPairs("TSCharacters")
	if err != nil {
		return nil, err
	}
	t := &charTables{rare: map[rune]rune{}}
	t.fillSimple(ts)
	t.fillScript(st, ts)
	// Characters that Taiwan or Hong Kong write as the mainland does (床, 群, 户) tell nothing.
	for _, name := range []string{"TWVariants", "HKVariants"} {
		variants, err := readPairs(name)
		if err != nil {
			return nil, err
		}
		for _, values := range variants {
			for _, v := range values {
				t.mark(firstRune(v), shared)
			}
		}
	}
	return t, nil
}

func (t *charTables) fillSimple(ts map[string][]string) {
	next := make(map[rune]rune, len(ts))
	for k, values := range ts {
		next[firstRune(k)] = firstRune(values[0])
	}
	for from, to := range next {
		// Follow chains (薴→苧→苎) to the end, so that simplifying twice changes nothing.
		for hops := 0; hops < 4 && next[to] != 0 && next[to] != to; hops++ {
			to = next[to]
		}
		if from == to {
			continue
		}
		if inTable(from) && to <= 0xFFFF {
			t.simple[from-firstHan] = uint16(to)
		} else {
			t.rare[from] = to
		}
	}
}

func (t *charTables) fillScript(st, ts map[string][]string) {
	for k, values := range st {
		if !slices.Contains(values, k) && ts[k] == nil {
			t.mark(firstRune(k), onlyHans)
		}
	}
	for k, values := range ts {
		if !slices.Contains(values, k) {
			t.mark(firstRune(k), onlyHant)
		}
	}
}

func (t *charTables) mark(r rune, s script) {
	if inTable(r) {
		t.script[r-firstHan] = s
	}
}

// simplified returns the simplified form of one character.
func (t *charTables) simplified(r rune) rune {
	if inTable(r) {
		if s := t.simple[r-firstHan]; s != 0 {
			return rune(s)
		}
	}
	if r > 0xFFFF {
		if s, ok := t.rare[r]; ok {
			return s
		}
	}
	return r
}

func (t *charTables) scriptOf(r rune) script {
	if inTable(r) {
		return t.script[r-firstHan]
	}
	return shared
}

func inTable(r rune) bool { return r >= firstHan && r <= lastHan }

func firstRune(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}

// readPairs reads a small dictionary: key and its values, best first.
func readPairs(name string) (map[string][]string, error) {
	text, err := readDictionary(name)
	if err != nil {
		return nil, err
	}
	pairs := make(map[string][]string, bytes.Count(text, []byte{'\n'}))
	for line := range strings.Lines(string(text)) {
		key, values, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if ok && !strings.HasPrefix(key, "#") {
			pairs[key] = strings.Fields(values)
		}
	}
	return pairs, nil
}

// readDictionary decompresses one embedded dictionary of OpenCC.
func readDictionary(name string) ([]byte, error) {
	packed, err := dictionaries.ReadFile("opencc/" + name + ".txt.gz")
	if err != nil {
		return nil, fmt.Errorf("read dictionary %s: %w", name, err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("decompress dictionary %s: %w", name, err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("decompress dictionary %s: %w", name, err)
	}
	return text, nil
}
