package intents

import "math"

// How features weigh; measured on the development sets, where all of them are flat around these values.
const (
	longWeight = 0.7  // of threes of characters against the shorter ones
	wordsShare = 0.45 // of words against letters in what is written in words
	hanPerWord = 2    // characters that say as much as one word
)

// vector is a sparse vector of length one (or empty), in the order in which its features were met.
type vector struct {
	ids  []int32
	vals []float32
}

func (x vector) clone() vector {
	return vector{ids: append([]int32(nil), x.ids...), vals: append([]float32(nil), x.vals...)}
}

// vocabulary knows the features of all phrases and how much each weighs.
type vocabulary struct {
	ids   map[uint64]int32
	df    []int32   // by feature: phrases that have it
	idf   []float32 // by feature: its weight
	last  []int32   // by feature: the last phrase that had it, while counting
	docs  int
	bg    *background
	spell *speller
}

// newVocabulary counts and weighs the features of folded texts.
func newVocabulary(texts []string, bg *background) *vocabulary {
	v := &vocabulary{ids: map[uint64]int32{}, bg: bg}
	var g grams
	words := map[string]int32{}
	for _, t := range texts {
		g.read(t)
		v.count(&g)
		for _, tok := range g.tokens {
			if !tok.Han {
				words[tok.Text]++
			}
		}
	}
	v.last, v.spell = nil, newSpeller(words)
	v.idf = make([]float32, len(v.df))
	for b := range blocks {
		for _, t := range texts {
			g.read(t)
			for _, f := range g.of[b] {
				if id := v.ids[f.hash]; v.idf[id] == 0 {
					v.idf[id] = v.weight(f, b, v.df[id])
				}
			}
		}
	}
	return v
}

func (v *vocabulary) count(g *grams) {
	v.docs++
	for _, features := range g.of {
		for _, f := range features {
			id, ok := v.ids[f.hash]
			if !ok {
				id = int32(len(v.df))
				v.ids[f.hash] = id
				v.df = append(v.df, 0)
				v.last = append(v.last, 0)
			}
			if v.last[id] != int32(v.docs) {
				v.last[id] = int32(v.docs)
				v.df[id]++
			}
		}
	}
}

// weight is the inverse document frequency of a feature that df phrases have. English takes the background's
// phrases in: with a handful of phrases of one's own "please" looks as rare as "refund".
func (v *vocabulary) weight(f gram, block int, df int32) float32 {
	docs, have := float64(v.docs), float64(df)
	if block != blockHan {
		docs += backgroundDocs
		have += backgroundDocs * v.bg.share(f.hash)
	}
	w := math.Log((docs+1)/(have+1)) + 1
	if f.long {
		w *= longWeight
	}
	return float32(w)
}

// reader turns folded texts into vectors. It is scratch space, one per goroutine.
type reader struct {
	v      *vocabulary
	g      grams
	count  []uint8 // by feature: how often in the text at hand, zero in between
	hidden []int32 // by feature: phrases to be taken as unseen (cross-validation); nil: none
	out    vector
	known  float64 // share of the text's weight in features that phrases have, 0..1
	wordy  bool    // more words than Chinese characters
}

func newReader(v *vocabulary) *reader {
	return &reader{v: v, g: grams{spell: v.spell}, count: make([]uint8, len(v.df))}
}

// read makes the vector of a folded text, valid until the next read, and sets known.
func (r *reader) read(folded string) vector {
	r.g.read(folded)
	r.out.ids, r.out.vals = r.out.ids[:0], r.out.vals[:0]
	r.known, r.wordy = 0, false
	known, all := 0.0, 0.0
	for b, share := range r.shares() {
		if share == 0 {
			continue
		}
		from := len(r.out.ids)
		k, a := r.readBlock(b)
		r.scale(from, share)
		// Letters are known in every word, they say nothing of what is new.
		if b != blockLetters {
			known += share * k / a
			all += share
		}
	}
	if all > 0 {
		r.known = known / all
	}
	return r.out
}

// shares says how much of the vector's squared length each block gets.
func (r *reader) shares() [blocks]float64 {
	if r.g.words+r.g.han == 0 {
		return [blocks]float64{}
	}
	words := hanPerWord * float64(r.g.words)
	words /= words + float64(r.g.han)
	r.wordy = words >= 0.5
	return [blocks]float64{words * wordsShare, words * (1 - wordsShare), 1 - words}
}

// readBlock appends the block's features that phrases have with their weights, not yet scaled. It returns the sum
// of the squared weights of these and of all features.
func (r *reader) readBlock(b int) (known, all float64) {
	from := len(r.out.ids)
	for _, f := range r.g.of[b] {
		id, ok := r.v.ids[f.hash]
		if !ok || r.hidden != nil && r.hidden[id] >= r.v.df[id] {
			w := float64(r.v.weight(f, b, 0))
			all += w * w
			continue
		}
		if r.count[id] == 0 {
			r.out.ids = append(r.out.ids, id)
		}
		r.count[id] = min(r.count[id], 254) + 1
	}
	for _, id := range r.out.ids[from:] {
		w := r.v.idf[id]
		if n := r.count[id]; n > 1 {
			w *= 1 + float32(math.Log(float64(n)))
		}
		r.count[id] = 0
		r.out.vals = append(r.out.vals, w)
		known += float64(w) * float64(w)
	}
	return known, known + all
}

// scale brings the block that starts at from to its share of the squared length.
func (r *reader) scale(from int, share float64) {
	sum := 0.0
	for _, w := range r.out.vals[from:] {
		sum += float64(w) * float64(w)
	}
	if sum == 0 {
		return
	}
	f := float32(math.Sqrt(share / sum))
	for i := from; i < len(r.out.vals); i++ {
		r.out.vals[i] *= f
	}
}
