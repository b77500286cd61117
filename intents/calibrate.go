package intents

import (
	"math"
	"slices"
)

// calibration turns what the engine says into a probability that can be believed, for one way of writing.
type calibration struct {
	temperature   float64 // of the softmax over intents
	slope, offset float64 // of the logistic function from sureness to Score
	floor         float64 // Score below which nothing is answered
}

const (
	// rejectShare of the right answers in cross-validation is given up for not answering what is out of scope. It is
	// 8 % because that refuses some 15 % of the questions in scope on the development sets; 10 % refuses 20 %.
	rejectShare = 0.08
	// enoughTrials is how many phrases a calibration of its own needs.
	enoughTrials = 20
	// leastFloor is the sureness below which no evidence of a few phrases makes an answer.
	leastFloor = 0.06
)

// unmeasured stands in when there are too few phrases to measure: typical values of the development sets. With few
// intents the best is likely whatever is asked, so the floor is higher.
func unmeasured(intents int) calibration {
	return fixFloor(typical, max(0.08, 0.3/float64(intents)))
}

var typical = calibration{temperature: 0.6, slope: 1.1, offset: 2.2}

// sureness tells questions that an intent was made for from others: the probability of the best intent, the
// likeness to a phrase and the share of the question that is known. Each alone is fooled.
func sureness(p, likeness, known float64) float64 { return p * math.Sqrt(likeness) * known }

// score is the probability that the best intent is meant.
func (c calibration) score(sureness float64) float64 {
	return logistic(c.slope*logit(sureness) + c.offset)
}

func fixFloor(c calibration, sureness float64) calibration {
	c.floor = c.score(sureness)
	return c
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func logit(p float64) float64 {
	p = min(max(p, 1e-6), 1-1e-6)
	return math.Log(p / (1 - p))
}

// calibrations are one per way of writing: [0] Chinese characters, [1] words.
type calibrations [2]calibration

func wayOf(wordy bool) int {
	if wordy {
		return 1
	}
	return 0
}

// calibrate learns from the trials of a cross-validation. A way of writing with too few trials takes what all
// trials say; too few of all take typical values.
func calibrate(trials []trial, intents int) calibrations {
	all := unmeasured(intents)
	if len(trials) >= enoughTrials {
		all = calibrateOne(trials)
	}
	var out calibrations
	for way := range out {
		var own []trial
		for _, t := range trials {
			if wayOf(t.wordy) == way {
				own = append(own, t)
			}
		}
		out[way] = all
		if len(own) >= enoughTrials {
			out[way] = calibrateOne(own)
		}
	}
	return out
}

func calibrateOne(trials []trial) calibration {
	c := typical
	c.temperature = fitTemperature(trials)
	sure := make([]float64, len(trials))
	right := make([]bool, len(trials))
	var good []float64
	var p []float64
	for i, t := range trials {
		p = probabilities(p, t.logits, c.temperature)
		sure[i] = sureness(p[t.top[0]], t.cosine, t.known)
		if right[i] = t.top[0] == t.right; right[i] {
			good = append(good, sure[i])
		}
	}
	c.slope, c.offset = fitLogistic(sure, right)
	floor := 0.0
	if len(good) >= enoughTrials/2 {
		slices.Sort(good)
		floor = good[int(rejectShare*float64(len(good)))]
	}
	return fixFloor(c, max(floor, leastFloor))
}

// fitTemperature finds the temperature at which the right intents are most likely, between 0.1 and 4, by golden
// section on its logarithm.
func fitTemperature(trials []trial) float64 {
	var p []float64
	loss := func(logT float64) float64 {
		sum := 0.0
		for _, t := range trials {
			p = probabilities(p, t.logits, math.Exp(logT))
			sum -= math.Log(p[t.right] + 1e-9)
		}
		return sum
	}
	const ratio = 0.6180339887498949
	from, to := math.Log(0.1), math.Log(4)
	a, b := to-ratio*(to-from), from+ratio*(to-from)
	lossA, lossB := loss(a), loss(b)
	for to-from > 0.02 {
		if lossA < lossB {
			to, b, lossB = b, a, lossA
			a = to - ratio*(to-from)
			lossA = loss(a)
		} else {
			from, a, lossA = a, b, lossB
			b = from + ratio*(to-from)
			lossB = loss(b)
		}
	}
	return math.Exp((from + to) / 2)
}

// fitLogistic fits P(right) = logistic(slope·logit(sure) + offset) by Newton's method. The typical values count like
// ten trials, so that few or all-right trials do not make it sure of everything; the slope stays positive.
func fitLogistic(sure []float64, right []bool) (slope, offset float64) {
	const prior = 10.0
	slope, offset = typical.slope, typical.offset
	for range 50 {
		// Gradient and Hessian of the loss with the prior.
		gs, g0 := prior*(slope-typical.slope), prior*(offset-typical.offset)*0.1
		hss, hs0, h00 := prior, 0.0, prior*0.1
		for i, s := range sure {
			x := logit(s)
			p := logistic(slope*x + offset)
			e, w := p, p*(1-p)
			if right[i] {
				e--
			}
			gs, g0 = gs+e*x, g0+e
			hss, hs0, h00 = hss+w*x*x, hs0+w*x, h00+w
		}
		det := hss*h00 - hs0*hs0
		ds, d0 := (h00*gs-hs0*g0)/det, (hss*g0-hs0*gs)/det
		// A full step may overshoot where the curve is flat.
		damp := min(1, 2/(math.Abs(ds)+math.Abs(d0)+1e-12))
		slope, offset = max(slope-damp*ds, 0.1), offset-damp*d0
		if math.Abs(ds)+math.Abs(d0) < 1e-6 {
			break
		}
	}
	return slope, offset
}
