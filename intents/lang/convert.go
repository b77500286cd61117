package lang

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// Converter turns simplified Chinese into traditional and back by the longest match over OpenCC's dictionaries
// (NOTICE in opencc/). Traditional text is written with the character forms of Taiwan (為, 裡), which Hong Kong
// reads as well; words are not exchanged. It is safe for concurrent use.
type Converter struct {
	toHant, toHans, variants *dictionary
}

// NewConverter reads the dictionaries, about 15 ms and 2 MB. It fails only when the program was built broken.
func NewConverter() (*Converter, error) {
	hant, err := newDictionary(ownPhrases, "STPhrases", "STPhrases_GeneratedFromRegionalPhrases", "STCharacters")
	if err != nil {
		return nil, err
	}
	variants, err := newDictionary("", "TWVariantsPhrases", "TWVariants")
	if err != nil {
		return nil, err
	}
	hans, err := newDictionary("", "TSPhrases", "TSCharacters")
	if err != nil {
		return nil, err
	}
	return &Converter{toHant: hant, toHans: hans, variants: variants}, nil
}

// ToHant returns s in traditional characters; what is not Chinese stays as it is.
func (c *Converter) ToHant(s string) string { return c.variants.convert(c.toHant.convert(s)) }

// ToHans returns s in simplified characters; what is not Chinese stays as it is.
func (c *Converter) ToHans(s string) string { return c.toHans.convert(s) }

// dictionary finds the longest key at a place. The text of the dictionaries stays as it is on disk and a hash
// table holds offsets into it: 50,000 phrases cost 2 MB in place of the 8 MB of a map of strings.
type dictionary struct {
	text    []byte   // lines "key\tvalue value…\n"
	slots   []uint32 // offset of an entry + 1, 0: free; a power of two long
	longest []uint8  // bytes of the longest key, by the low bits of its first character
}

const firstBits = 1<<13 - 1

// ownPhrases are words of support that OpenCC's dictionaries take for others: a reply is 回覆, an issuing bank 發卡行.
const ownPhrases = "发卡行\t發卡行\n发卡银行\t發卡銀行\n回复\t回覆\n"

// newDictionary reads own entries, which win, and dictionaries by name.
func newDictionary(own string, names ...string) (*dictionary, error) {
	d := &dictionary{text: []byte(own), longest: make([]uint8, firstBits+1)}
	for _, name := range names {
		text, err := readDictionary(name)
		if err != nil {
			return nil, err
		}
		d.text = append(d.text, text...)
		d.text = append(d.text, '\n')
	}
	size := 1024
	for size < 2*bytes.Count(d.text, []byte{'\n'}) {
		size *= 2
	}
	d.slots = make([]uint32, size)
	for at := 0; at < len(d.text); {
		end := at + bytes.IndexByte(d.text[at:], '\n')
		if tab := bytes.IndexByte(d.text[at:end], '\t'); tab > 0 && d.text[at] != '#' {
			d.insert(at, at+tab)
		}
		at = end + 1
	}
	return d, nil
}

// insert adds the entry whose key stands at text[from:to]; of two equal keys the first stays.
func (d *dictionary) insert(from, to int) {
	key := d.text[from:to]
	first, _ := utf8.DecodeRune(key)
	if n := min(len(key), 255); int(d.longest[first&firstBits]) < n {
		d.longest[first&firstBits] = uint8(n)
	}
	h := hashStart
	for _, b := range key {
		h = hashNext(h, b)
	}
	mask := uint32(len(d.slots) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		if d.slots[i] == 0 {
			d.slots[i] = uint32(from + 1)
			return
		}
		if d.keyIs(d.slots[i]-1, string(key)) {
			return
		}
	}
}

// FNV-1a, taken byte by byte so that every prefix of a text is hashed in one pass.
const hashStart uint32 = 2166136261

func hashNext(h uint32, b byte) uint32 { return (h ^ uint32(b)) * 16777619 }

func (d *dictionary) keyIs(at uint32, key string) bool {
	rest := d.text[at:]
	return len(rest) > len(key) && rest[len(key)] == '\t' && string(rest[:len(key)]) == key
}

// value returns the first value of the entry at offset at, whose key has n bytes.
func (d *dictionary) value(at uint32, n int) []byte {
	rest := d.text[int(at)+n+1:]
	return rest[:bytes.IndexAny(rest, " \r\n")]
}

func (d *dictionary) find(key string, h uint32) (value []byte, ok bool) {
	mask := uint32(len(d.slots) - 1)
	for i := h & mask; d.slots[i] != 0; i = (i + 1) & mask {
		if d.keyIs(d.slots[i]-1, key) {
			return d.value(d.slots[i]-1, len(key)), true
		}
	}
	return nil, false
}

// longestAt finds the longest key at the start of s; n is its length in bytes, 0 for none.
func (d *dictionary) longestAt(s string, first rune) (value []byte, n int) {
	limit := min(int(d.longest[first&firstBits]), len(s))
	h := hashStart
	for i := 0; i < limit; i++ {
		h = hashNext(h, s[i])
		if i+1 < len(s) && !utf8.RuneStart(s[i+1]) {
			continue
		}
		if v, ok := d.find(s[:i+1], h); ok {
			value, n = v, i+1
		}
	}
	return value, n
}

func (d *dictionary) convert(s string) string {
	var out strings.Builder
	same := 0 // s[same:i] is copied as it is when the next change comes
	for i := 0; i < len(s); {
		first, width := utf8.DecodeRuneInString(s[i:])
		value, n := d.longestAt(s[i:], first)
		if n == 0 {
			i += width
			continue
		}
		out.WriteString(s[same:i])
		out.Write(value)
		i += n
		same = i
	}
	if same == 0 {
		return s
	}
	out.WriteString(s[same:])
	return out.String()
}
