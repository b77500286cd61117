package intents

import "math"

// omega solves b + log b = t; below omegaFrom it gives 0.
func omega(t float64) float64 {
	at := (t - omegaFrom) * omegaSteps
	if at < 0 {
		return 0
	}
	n := int(at + 0.5)
	if n >= len(omegas) {
		return exactOmega(t, t-math.Log(t))
	}
	// Taylor around the nearest place of the table: omega' = b/(1+b).
	b, d := omegas[n], (at-float64(n))/omegaSteps
	slope := b / (1 + b)
	return b + d*slope*(1+d/2/((1+b)*(1+b)))
}

// The table of omega: from -14, where a class does not count, to more than the mass of a phrase.
const (
	omegaFrom  = -14.0
	omegaTo    = 72.0
	omegaSteps = 32 // to the unit: errors under 1e-6
)

var omegas = omegaTable()

func omegaTable() []float64 {
	table := make([]float64, (omegaTo-omegaFrom)*omegaSteps)
	b := math.Exp(omegaFrom)
	for n := range table {
		b = exactOmega(omegaFrom+float64(n)/omegaSteps, b)
		table[n] = b
	}
	return table
}

// exactOmega solves b + log b = t by Newton's method in log b, from b.
func exactOmega(t, b float64) float64 {
	for range 8 {
		b *= math.Exp((t - b - math.Log(b)) / (1 + b))
	}
	return b
}
