package guard

import (
	"strings"
	"sync"
)

// node is a node of the trie of words. Children are chained.
type node struct {
	r     rune
	cls   class
	child int32
	next  int32
}

// trie is the lexicon made ready: one walk finds the longest word at a place.
type trie struct {
	nodes []node
	ascii [128]int32
	han   map[rune]int32
}

// lexicon builds the trie once. When two classes claim a word the one that stands earlier in the list of classes
// has it, so that a key is never hidden by grammar.
var lexicon = sync.OnceValue(func() *trie {
	t := &trie{nodes: make([]node, 1, 1<<14), han: map[rune]int32{}}
	for c := kPassword; c <= gRecall; c++ {
		for w := range strings.SplitSeq(words[c], "|") {
			for _, v := range spellings(w) {
				t.add(v, c)
			}
		}
	}
	return t
})

// spellings gives a word with each of its spaces kept or dropped.
func spellings(w string) []string {
	before, after, ok := strings.Cut(w, " ")
	if !ok {
		return []string{w}
	}
	var out []string
	for _, rest := range spellings(after) {
		out = append(out, before+" "+rest, before+rest)
	}
	return out
}

func (t *trie) add(w string, c class) {
	at := int32(0)
	for i, r := range w {
		next := t.step(at, r, i == 0)
		if next == 0 {
			next = int32(len(t.nodes))
			t.nodes = append(t.nodes, node{r: r})
			switch {
			case i > 0:
				t.nodes[next].next = t.nodes[at].child
				t.nodes[at].child = next
			case r < 128:
				t.ascii[r] = next
			default:
				t.han[r] = next
			}
		}
		at = next
	}
	if t.nodes[at].cls == none {
		t.nodes[at].cls = c
	}
}

// step follows one character, 0 when there is no such word.
func (t *trie) step(at int32, r rune, first bool) int32 {
	if first {
		if r >= 0 && r < 128 {
			return t.ascii[r]
		}
		return t.han[r]
	}
	for n := t.nodes[at].child; n != 0; n = t.nodes[n].next {
		if t.nodes[n].r == r {
			return n
		}
	}
	return 0
}
