package intents

import "math"

// phrase is one folded text that an intent is known by.
type phrase struct {
	text   string
	intent int32
	title  bool // the intent's name: learnt from, but nobody asks like that
	wordy  bool // written in words rather than in Chinese characters; set by trainLexical
}

// lexical is the engine that compares what is written: words, letters and characters. It is immutable.
type lexical struct {
	vocab   *vocabulary
	weights []float32 // by feature, then intent; see solver
	docs    []vector  // the phrases
	of      [][]int32 // by intent: its phrases
}

// nearestLimit bounds how many phrases of one intent nearest looks at.
const nearestLimit = 300

// trainLexical learns the phrases (and sets their wordy) of the given number of intents. The solver is returned for cross-validation.
func trainLexical(phrases []phrase, intents int, bg *background) (*lexical, *solver) {
	texts := make([]string, len(phrases))
	for i, p := range phrases {
		texts[i] = p.text
	}
	l := &lexical{vocab: newVocabulary(texts, bg), docs: make([]vector, len(phrases)), of: make([][]int32, intents)}
	r := newReader(l.vocab)
	labels := make([]int32, len(phrases))
	all := make([]int32, len(phrases))
	for i, p := range phrases {
		l.docs[i] = r.read(p.text).clone()
		phrases[i].wordy = r.wordy
		l.of[p.intent] = append(l.of[p.intent], int32(i))
		labels[i], all[i] = p.intent, int32(i)
	}
	s := newSolver(l.docs, labels, len(l.vocab.df), intents)
	s.fit(all, maxEpochs)
	l.weights = s.weights
	return l, s
}

// query is one question as the engine sees it, with the scratch space for it; one per goroutine.
type query struct {
	reader *reader
	x      vector
	dense  []float32 // x by feature, zero elsewhere
	logits []float32 // by intent
	top    []int32   // the intents with the highest logits, best first
	p      []float64 // probabilities of top
}

// topIntents is how many intents a Result ranks.
const topIntents = 5

func (l *lexical) newQuery() *query {
	return &query{
		reader: newReader(l.vocab),
		dense:  make([]float32, len(l.vocab.df)),
		logits: make([]float32, len(l.of)),
	}
}

// ask scores every intent for a folded text with the given weights.
func (q *query) ask(folded string, weights []float32) {
	for _, id := range q.x.ids {
		q.dense[id] = 0
	}
	q.x = q.reader.read(folded)
	for n, id := range q.x.ids {
		q.dense[id] = q.x.vals[n]
	}
	logits(q.logits, weights, q.x)
	q.rank()
}

// rank fills top by insertion: of many intents few are looked at.
func (q *query) rank() {
	q.top = q.top[:0]
	for i, s := range q.logits {
		n := len(q.top)
		if n == topIntents && s <= q.logits[q.top[n-1]] {
			continue
		}
		if n < topIntents {
			q.top = append(q.top, 0)
			n++
		}
		at := n - 1
		for ; at > 0 && s > q.logits[q.top[at-1]]; at-- {
			q.top[at] = q.top[at-1]
		}
		q.top[at] = int32(i)
	}
}

// likeness returns the cosine of the question and the phrase most like it among those of the three best intents.
func (l *lexical) likeness(q *query, skip func(doc int32) bool) float64 {
	best := 0.0
	for _, intent := range q.top[:min(3, len(q.top))] {
		best = max(best, l.nearest(q, intent, skip))
	}
	return best
}

// nearest returns the cosine of the question and the intent's phrase that is most like it, 0..1. Phrases for which
// skip reports true do not count.
func (l *lexical) nearest(q *query, intent int32, skip func(doc int32) bool) float64 {
	best := float32(0)
	for n, doc := range l.of[intent] {
		if n == nearestLimit {
			break
		}
		if skip != nil && skip(doc) {
			continue
		}
		x := l.docs[doc]
		dot := float32(0)
		for k, id := range x.ids {
			dot += q.dense[id] * x.vals[k]
		}
		best = max(best, dot)
	}
	return math.Min(1, float64(best))
}

// probabilities turns logits into probabilities, sharper below temperature 1, flatter above it. dst is filled and
// returned.
func probabilities(dst []float64, logits []float32, temperature float64) []float64 {
	dst = dst[:0]
	top := math.Inf(-1)
	for _, s := range logits {
		top = math.Max(top, float64(s))
	}
	sum := 0.0
	for _, s := range logits {
		e := math.Exp((float64(s) - top) / temperature)
		dst = append(dst, e)
		sum += e
	}
	for i := range dst {
		dst[i] /= sum
	}
	return dst
}

// probabilities returns the probability of each intent of top.
func (q *query) probabilities(temperature float64) []float64 {
	best := float64(q.logits[q.top[0]])
	sum := 0.0
	for _, s := range q.logits {
		sum += math.Exp((float64(s) - best) / temperature)
	}
	q.p = q.p[:0]
	for _, intent := range q.top {
		q.p = append(q.p, math.Exp((float64(q.logits[intent])-best)/temperature)/sum)
	}
	return q.p
}
