package lang

import (
	"strings"
	"unicode"
)

// Detect tells the language of a message, of three characters too. English product words in a Chinese message
// leave it Chinese, a Chinese name in an English sentence leaves it English. Chinese without a character that
// belongs to one script only is ZhHans. Links, addresses, @names, /commands and the guard's ⟦marks⟧ count for
// nothing; without letters or Chinese characters, and for other scripts, it is Unknown.
func Detect(text string) Tag {
	e := weigh(text)
	switch {
	case e.han == 0 && e.hant > 0: // bopomofo alone
		return ZhHant
	case e.han == 0 && e.words == 0:
		return Unknown
	case e.han == 0:
		return En
	case e.english() > float64(e.han):
		return En
	case e.hant > e.hans || e.hans == 0 && e.cantonese > 0:
		return ZhHant
	}
	return ZhHans
}

// evidence is what a text shows of its language.
type evidence struct {
	han, hans, hant, cantonese int // characters
	words, grammar             int // Latin words, and those of them that only English sentences have
}

// english weighs the Latin words against Chinese characters: names of products and screens stand in any Chinese
// sentence and weigh little, "how do I" does not.
func (e evidence) english() float64 {
	return 0.5*float64(e.words) + float64(e.grammar)
}

func weigh(text string) evidence {
	var e evidence
	t := chars()
	for field := range strings.FieldsSeq(unmarked(text)) {
		if isAddress(field) {
			continue
		}
		word := 0 // start of the Latin word at hand
		inWord := false
		for i, r := range field {
			if latin(r) || inWord && (r == '\'' || r == '’') {
				if !inWord {
					word, inWord = i, true
				}
				continue
			}
			if inWord {
				e.addWord(field[word:i])
				inWord = false
			}
			e.addRune(t, r)
		}
		if inWord {
			e.addWord(field[word:])
		}
	}
	return e
}

func (e *evidence) addWord(w string) {
	w = strings.ToLower(strings.ReplaceAll(w, "’", "'"))
	if w == "ok" || w == "okay" { // said in every language
		return
	}
	e.words++
	if grammarWords[w] {
		e.grammar++
	}
}

func (e *evidence) addRune(t *charTables, r rune) {
	if unicode.Is(unicode.Bopomofo, r) {
		e.hant++
		return
	}
	if !IsHan(r) {
		return
	}
	e.han++
	switch t.scriptOf(r) {
	case onlyHans:
		e.hans++
	case onlyHant:
		e.hant++
	}
	if strings.ContainsRune(cantonese, r) {
		e.cantonese++
	}
}

// cantonese characters are nearly always written by people who write traditional Chinese.
const cantonese = "嘅咗喺哋冇嚟嘢唔佢啲咁嗰噉"

// grammarWords are words of English sentences that no Chinese message borrows.
var grammarWords = wordSet(`a an the i i'm i've i'd i'll me my mine we our you your it its he she they them this that
these those is are am was were be been do does did don't doesn't didn't have has had haven't can can't could cannot
will won't would should may might must to of in on at for from with by about into and or but if when what where which
who whom why how not no there here get got need want any some`)

func wordSet(s string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		set[w] = true
	}
	return set
}

func latin(r rune) bool {
	return r < 0x80 && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') || r >= 0x80 && unicode.Is(unicode.Latin, r)
}

// unmarked drops the guard's ⟦marks⟧: they stand for what the user wrote, in no language.
func unmarked(text string) string {
	if !strings.Contains(text, "⟦") {
		return text
	}
	var out strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "⟦")
		out.WriteString(before)
		if !ok {
			return out.String()
		}
		out.WriteByte(' ')
		if _, text, ok = strings.Cut(rest, "⟧"); !ok {
			return out.String()
		}
	}
}

// isAddress reports links, e-mail addresses, @names, /commands and emoji short names: they are in no language.
func isAddress(field string) bool {
	switch {
	case strings.Contains(field, "://"), strings.HasPrefix(field, "www."):
		return asciiOnly(field)
	case strings.HasPrefix(field, "/"), strings.HasPrefix(field, "@"), strings.HasPrefix(field, "<@"):
		return asciiOnly(field)
	case len(field) > 2 && field[0] == ':' && field[len(field)-1] == ':':
		return asciiOnly(field)
	}
	at := strings.IndexByte(field, '@')
	return at > 0 && strings.Contains(field[at:], ".") && asciiOnly(field)
}

func asciiOnly(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
