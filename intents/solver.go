package intents

import (
	"math"
	"math/rand/v2"
)

// How the fit weighs the phrases; measured on the development sets, where accuracy is flat from half to twice these.
const (
	phraseCost  = 60.0 // C: how much a phrase counts against the regularisation
	biasFeature = 0.3  // value of the feature that all phrases have
	maxEpochs   = 12
	settled     = 0.004 // mean probability moved per phrase at which the fit is done
)

// solver fits multinomial logistic regression with L2 regularisation by dual coordinate ascent over phrases.
//
// It minimises ½‖W‖² + C·Σ loss(phrase). In the dual each phrase i holds a mass C spread over the classes,
// dual[i], and W_c = Σ_i (C·[c is right for i] − dual[i][c])·x_i. One step re-spreads the mass of one phrase
// exactly, which is a search for one number (respread). There is no learning rate, the result hardly depends on
// the order, and phrases can be taken out (cross-validation) or put in (an edit) and the fit be taken on from there.
type solver struct {
	docs    []vector
	labels  []int32
	classes int
	weights []float32 // W by feature, then class; the last row is the bias
	dual    [][]float32
	nu      []float64 // by phrase: where respread ended, a good place to begin the next time
	scores  []float32
	change  []float32
}

func newSolver(docs []vector, labels []int32, features, classes int) *solver {
	s := &solver{
		docs: docs, labels: labels, classes: classes,
		weights: make([]float32, (features+1)*classes),
		dual:    make([][]float32, len(docs)),
		nu:      make([]float64, len(docs)),
		scores:  make([]float32, classes),
		change:  make([]float32, classes),
	}
	for i := range s.dual {
		s.dual[i] = make([]float32, classes)
		// All mass on the right class: W is zero.
		s.dual[i][labels[i]] = phraseCost
	}
	return s
}

// fit goes over the given phrases at most epochs times, in an order drawn from a fixed seed, and stops when the
// probabilities hardly move.
func (s *solver) fit(phrases []int32, epochs int) {
	rng := rand.New(rand.NewPCG(7, 11))
	order := append([]int32(nil), phrases...)
	for range epochs {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		moved := 0.0
		for _, i := range order {
			moved += s.step(i)
		}
		if moved < settled*float64(len(order)) {
			return
		}
	}
}

// step brings phrase i to its optimum while all others stay; it returns how much probability moved, 0..2.
func (s *solver) step(i int32) float64 {
	x := s.docs[i]
	logits(s.scores, s.weights, x)
	q := squared(x)
	s.nu[i] = respread(s.dual[i], s.scores, s.change, q, s.nu[i])
	moved := 0.0
	for _, d := range s.change {
		moved += math.Abs(float64(d))
	}
	moved /= phraseCost
	if moved > 1e-4 {
		s.add(x, s.change)
	}
	return moved
}

func squared(x vector) float64 {
	q := biasFeature * biasFeature
	for _, v := range x.vals {
		q += float64(v) * float64(v)
	}
	return q
}

// add adds x to the weights of each class, change[c] times.
func (s *solver) add(x vector, change []float32) {
	k := s.classes
	for n, id := range x.ids {
		axpy(s.weights[int(id)*k:int(id)*k+k], change, x.vals[n])
	}
	axpy(s.weights[len(s.weights)-k:], change, biasFeature)
}

// forget takes phrases out of the weights, as if they had never been learnt; fit goes on without them.
func (s *solver) forget(docs []int32) {
	for _, i := range docs {
		for c := range s.change {
			s.change[c] = s.dual[i][c]
		}
		s.change[s.labels[i]] -= phraseCost
		s.add(s.docs[i], s.change)
	}
}

// logits sets scores to W·x for every class.
func logits(scores, weights []float32, x vector) {
	k := len(scores)
	clear(scores)
	for n, id := range x.ids {
		axpy(scores, weights[int(id)*k:int(id)*k+k], x.vals[n])
	}
	axpy(scores, weights[len(weights)-k:], biasFeature)
}

// axpy adds a·x to y.
func axpy(y, x []float32, a float32) {
	x = x[:len(y)]
	for len(y) >= 8 {
		y8, x8 := (*[8]float32)(y), (*[8]float32)(x)
		y8[0] += a * x8[0]
		y8[1] += a * x8[1]
		y8[2] += a * x8[2]
		y8[3] += a * x8[3]
		y8[4] += a * x8[4]
		y8[5] += a * x8[5]
		y8[6] += a * x8[6]
		y8[7] += a * x8[7]
		y, x = y[8:], x[8:]
	}
	for i := range y {
		y[i] += a * x[i]
	}
}

// respread finds the optimal mass of one phrase: dual'_c ∝ exp(score'_c), where the scores move with the mass,
// score'_c = score_c + q·(dual_c − dual'_c), and the masses sum to C. With b_c = q·dual'_c that reads
// b_c + log b_c = t_c − nu, so each b_c is an omega of one unknown nu, found by Newton's method.
// change is set to dual − dual', dual to dual'. It returns nu.
func respread(dual, scores, change []float32, q, nu float64) float64 {
	top := math.Inf(-1)
	for k, d := range dual {
		t := float64(scores[k]) + q*float64(d)
		change[k] = float32(t)
		top = math.Max(top, t)
	}
	total := q * phraseCost
	logq := math.Log(q)
	// The sum falls in nu and is convex: from a place left of the root Newton's steps never overshoot.
	if nu == 0 {
		nu = top + logq - total - math.Log(total)
	}
	for range 30 {
		sum, slope := 0.0, 0.0
		for _, t := range change {
			b := omega(float64(t) + logq - nu)
			sum += b
			slope += b / (1 + b)
		}
		step := (sum - total) / slope
		nu += step
		if math.Abs(step) < 1e-4 {
			break
		}
	}
	for k, t := range change {
		b := float32(omega(float64(t)+logq-nu) / q)
		change[k] = dual[k] - b
		dual[k] = b
	}
	return nu
}

// without returns a solver that has not learnt the held phrases: a copy that forgets them and fits the rest on.
func (s *solver) without(held []int32) *solver {
	c := &solver{
		docs: s.docs, labels: s.labels, classes: s.classes,
		weights: append([]float32(nil), s.weights...),
		dual:    make([][]float32, len(s.dual)),
		nu:      append([]float64(nil), s.nu...),
		scores:  make([]float32, s.classes),
		change:  make([]float32, s.classes),
	}
	for i, d := range s.dual {
		c.dual[i] = append([]float32(nil), d...)
	}
	c.forget(held)
	out := make(map[int32]bool, len(held))
	for _, i := range held {
		out[i] = true
	}
	var rest []int32
	for i := range s.docs {
		if !out[int32(i)] {
			rest = append(rest, int32(i))
		}
	}
	c.fit(rest, foldEpochs)
	return c
}
