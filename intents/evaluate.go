package intents

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// Report says how well a classifier does on texts it has not learnt.
type Report struct {
	Total     int     `json:"total"`    // texts with an intent, in scope
	Accuracy  float64 `json:"accuracy"` // best intent right, whatever the decision; 0..1, in scope
	Answered  float64 `json:"answered"` // share of texts in scope that are answered
	Right     float64 `json:"right"`    // share of the answered that is right
	Clarified float64 `json:"clarified"`
	Offered   float64 `json:"offered"` // share of the clarified with the right one among three
	Refused   float64 `json:"refused"` // share of texts in scope with decision "none"

	OutOfScope    int     `json:"out_of_scope"`   // texts labelled oos
	NoneRecall    float64 `json:"none_recall"`    // share of those with decision "none"
	NonePrecision float64 `json:"none_precision"` // share of decisions "none" that are out of scope
	AUC           float64 `json:"auc"`            // in scope against out of scope, by the best score
	Calibration   float64 `json:"calibration"`    // expected calibration error of the best score, in scope, 0 best

	Intents    []IntentReport `json:"intents"`    // worst first
	Confusions []Confusion    `json:"confusions"` // most frequent first, at most 20
}

// IntentReport is how well one intent is found.
type IntentReport struct {
	Intent    string  `json:"intent"`
	Texts     int     `json:"texts"`
	Recall    float64 `json:"recall"`
	Precision float64 `json:"precision"`
	F1        float64 `json:"f1"`
}

// Confusion counts texts of one intent taken for another.
type Confusion struct {
	Want  string `json:"want"`
	Got   string `json:"got"`
	Texts int    `json:"texts"`
}

const confusionLimit = 20

// Evaluate trains on one set and measures on the other. Texts labelled OutOfScope in test should be refused. An
// intent of test that train does not have counts as never found.
func Evaluate(train, test []Example, o Options) (Report, error) {
	c, err := Train(FromExamples(train), o)
	if err != nil {
		return Report{}, err
	}
	return c.Evaluate(test), nil
}

// Evaluate measures the classifier on labelled texts; labels are intents' IDs or OutOfScope.
func (c *Classifier) Evaluate(test []Example) Report {
	var t tally
	for _, e := range test {
		t.add(e.Label, c.Classify(e.Text))
	}
	return t.report()
}

// tally counts results one by one.
type tally struct {
	in, right, answered, answeredRight, clarified, offered, refused int
	out, outRefused                                                 int
	inScores, outScores                                             []float64
	hits                                                            []bool // of inScores
	pairs                                                           map[Confusion]int
}

func (t *tally) add(want string, res Result) {
	best := Candidate{}
	if len(res.Ranked) > 0 {
		best = res.Ranked[0]
	}
	if want == OutOfScope {
		t.out++
		t.outScores = append(t.outScores, best.Score)
		t.outRefused += one(res.Decision == DecideNone)
		return
	}
	hit := best.Intent == want
	t.in++
	t.right += one(hit)
	t.inScores, t.hits = append(t.inScores, best.Score), append(t.hits, hit)
	switch res.Decision {
	case DecideAnswer:
		t.answered++
		t.answeredRight += one(hit)
	case DecideClarify:
		t.clarified++
		offer := res.Ranked[:min(3, len(res.Ranked))]
		t.offered += one(slices.ContainsFunc(offer, func(c Candidate) bool { return c.Intent == want }))
	case DecideNone:
		t.refused++
	}
	if t.pairs == nil {
		t.pairs = map[Confusion]int{}
	}
	t.pairs[Confusion{Want: want, Got: best.Intent}]++
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (t *tally) report() Report {
	r := Report{
		Total: t.in, OutOfScope: t.out,
		Accuracy: ratio(t.right, t.in), Answered: ratio(t.answered, t.in), Right: ratio(t.answeredRight, t.answered),
		Clarified: ratio(t.clarified, t.in), Offered: ratio(t.offered, t.clarified), Refused: ratio(t.refused, t.in),
		NoneRecall: ratio(t.outRefused, t.out), NonePrecision: ratio(t.outRefused, t.outRefused+t.refused),
		AUC: areaUnderCurve(t.inScores, t.outScores), Calibration: calibrationError(t.inScores, t.hits),
	}
	r.Intents = t.perIntent()
	for pair, n := range t.pairs {
		if pair.Want != pair.Got {
			pair.Texts = n
			r.Confusions = append(r.Confusions, pair)
		}
	}
	slices.SortFunc(r.Confusions, func(a, b Confusion) int {
		return cmp.Or(cmp.Compare(b.Texts, a.Texts), cmp.Compare(a.Want, b.Want), cmp.Compare(a.Got, b.Got))
	})
	r.Confusions = r.Confusions[:min(confusionLimit, len(r.Confusions))]
	return r
}

func (t *tally) perIntent() []IntentReport {
	want, got, hit := map[string]int{}, map[string]int{}, map[string]int{}
	for pair, n := range t.pairs {
		want[pair.Want] += n
		got[pair.Got] += n
		if pair.Want == pair.Got {
			hit[pair.Want] += n
		}
	}
	var out []IntentReport
	for id, n := range want {
		r := IntentReport{Intent: id, Texts: n, Recall: ratio(hit[id], n), Precision: ratio(hit[id], got[id])}
		r.F1 = ratio(2*hit[id], n+got[id])
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b IntentReport) int {
		return cmp.Or(cmp.Compare(a.F1, b.F1), cmp.Compare(a.Intent, b.Intent))
	})
	return out
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// areaUnderCurve is the probability that a text in scope scores higher than one out of scope; 0 without either.
func areaUnderCurve(in, out []float64) float64 {
	if len(in) == 0 || len(out) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(out))
	sum := 0.0
	for _, s := range in {
		below, _ := slices.BinarySearch(sorted, s)
		above, _ := slices.BinarySearchFunc(sorted, s, func(e, s float64) int {
			if e <= s {
				return -1
			}
			return 1
		})
		sum += float64(below) + float64(above-below)/2
	}
	return sum / float64(len(in)*len(out))
}

// calibrationError is the mean distance between score and share of hits over ten bands of scores.
func calibrationError(scores []float64, hits []bool) float64 {
	var n, right, sum [10]float64
	for i, s := range scores {
		band := min(9, int(s*10))
		n[band]++
		sum[band] += s
		right[band] += float64(one(hits[i]))
	}
	err := 0.0
	for b := range n {
		err += max(sum[b]-right[b], right[b]-sum[b])
	}
	if len(scores) == 0 {
		return 0
	}
	return err / float64(len(scores))
}

// WriteText writes the report for people to read.
func (r Report) WriteText(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	percent := func(v float64) string { return fmt.Sprintf("%.1f %%", 100*v) }
	fmt.Fprintf(t, "in scope\t%d texts\naccuracy\t%s\tbest intent right, whatever the decision\n", r.Total, percent(r.Accuracy))
	fmt.Fprintf(t, "answered\t%s\tof them right %s\n", percent(r.Answered), percent(r.Right))
	fmt.Fprintf(t, "clarified\t%s\tright one offered %s\n", percent(r.Clarified), percent(r.Offered))
	fmt.Fprintf(t, "refused\t%s\n", percent(r.Refused))
	fmt.Fprintf(t, "calibration\t%.3f\tmean distance of score and share of right ones, 0 is best\n", r.Calibration)
	if r.OutOfScope > 0 {
		fmt.Fprintf(t, "out of scope\t%d texts\nnone: recall\t%s\n", r.OutOfScope, percent(r.NoneRecall))
		fmt.Fprintf(t, "none: precision\t%s\narea under curve\t%.3f\n", percent(r.NonePrecision), r.AUC)
	}
	fmt.Fprint(t, "\nintent (worst first)\ttexts\trecall\tprecision\tF1\n")
	for _, i := range r.Intents {
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\n", i.Intent, i.Texts, percent(i.Recall), percent(i.Precision), percent(i.F1))
	}
	if len(r.Confusions) > 0 {
		fmt.Fprint(t, "\nmeant\ttaken for\ttexts\n")
		for _, c := range r.Confusions {
			fmt.Fprintf(t, "%s\t%s\t%d\n", c.Want, c.Got, c.Texts)
		}
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}
