package guard

// findRepeats finds the same value again: who types a password twice has typed it twice.
func (t *text) findRepeats() {
	for h := 0; h < len(t.hits) && h < 16; h++ {
		v := t.hits[h]
		n := int(v.e - v.s)
		if n < 4 || n > 64 || t.units[v.s].r == opaque {
			continue
		}
		for i := 0; i+n <= len(t.units); i++ {
			if t.units[i].o == t.units[v.s].o && t.sameValue(i, int(v.s), n) {
				t.add(v.kind, i, i+n)
				i += n - 1
			}
		}
	}
}

// sameValue reports that n units at i are those at v, and no part of a longer word.
func (t *text) sameValue(i, v, n int) bool {
	for j := range n {
		if t.units[i+j].o != t.units[v+j].o || t.units[i+j].r == opaque {
			return false
		}
	}
	return t.edge(i) && t.edge(i+n)
}

// edge reports that no word goes on across the place before unit i.
func (t *text) edge(i int) bool {
	return i <= 0 || i >= len(t.units) || !t.units[i-1].isAlnum() || !t.units[i].isAlnum()
}
