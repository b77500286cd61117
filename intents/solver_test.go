package intents

import (
	"math"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/intents/lang"
)

func TestOmegaSolvesItsEquation(t *testing.T) {
	for x := omegaFrom + 0.01; x < omegaTo+5; x += 0.037 {
		b := omega(x)
		if got := b + math.Log(b); math.Abs(got-x) > 1e-3*math.Max(1, math.Abs(x)) {
			t.Fatalf("omega(%v) = %v, but b + log b = %v", x, b, got)
		}
	}
	if omega(-100) != 0 {
		t.Errorf("omega(-100) = %v, want 0", omega(-100))
	}
}

// phrasesOf is the library as trainLexical takes it.
func phrasesOf(t *testing.T, in []Intent) []phrase {
	t.Helper()
	c := Classifier{exact: map[string][]int32{}}
	phrases, err := c.take(in)
	if err != nil {
		t.Fatal(err)
	}
	return phrases
}

// At the optimum the mass of a phrase is spread as the probabilities are.
func TestFitReachesTheOptimum(t *testing.T) {
	phrases := phrasesOf(t, library())
	l, s := trainLexical(phrases, len(library()), loadBackground())
	all := make([]int32, len(phrases))
	for i := range all {
		all[i] = int32(i)
	}
	for range 20 {
		s.fit(all, 1)
	}
	scores := make([]float32, len(l.of))
	var p []float64
	for i, x := range l.docs {
		logits(scores, s.weights, x)
		p = probabilities(p, scores, 1)
		for c := range p {
			if got := float64(s.dual[i][c]) / phraseCost; math.Abs(got-p[c]) > 0.005 {
				t.Errorf("phrase %q, intent %d: mass %.4f, probability %.4f", phrases[i].text, c, got, p[c])
			}
		}
	}
}

// Taking phrases out and fitting on must give what a fit without them gives: else the floor would be set on phrases
// that were learnt.
func TestWithoutForgets(t *testing.T) {
	phrases := phrasesOf(t, library())
	l, s := trainLexical(phrases, len(library()), loadBackground())
	held := []int32{0, 3, 17, 18, 40}
	warm := s.without(held)
	cold := newSolver(l.docs, s.labels, len(l.vocab.df), len(l.of))
	var rest []int32
	for i := range phrases {
		if i != 0 && i != 3 && i != 17 && i != 18 && i != 40 {
			rest = append(rest, int32(i))
		}
	}
	cold.fit(rest, 30)
	a, b := make([]float32, len(l.of)), make([]float32, len(l.of))
	for _, i := range held {
		logits(a, warm.weights, l.docs[i])
		logits(b, cold.weights, l.docs[i])
		pa, pb := probabilities(nil, a, 1), probabilities(nil, b, 1)
		for c := range pa {
			if math.Abs(pa[c]-pb[c]) > 0.03 {
				t.Errorf("phrase %d, intent %d: %.3f after forgetting, %.3f without ever learning", i, c, pa[c], pb[c])
			}
		}
	}
}

func TestSpeller(t *testing.T) {
	s := newSpeller(map[string]int32{"refund": 3, "payment": 2, "transfer": 1, "transfers": 5, "card": 9, "pin": 1, "address": 1})
	tests := []struct{ word, want string }{
		{"refnd", "refund"}, {"reefund", "refund"}, {"refumd", "refund"}, {"rfeund", "refund"}, {"refund", "refund"},
		{"paymnet", "payment"}, {"adress", "address"}, {"transfe", "transfer"}, {"transferz", "transfers"}, {"cardd", "card"},
		{"crd", "crd"}, {"befund", "befund"}, {"rufnde", "rufnde"}, {"weather", "weather"}, {"退款", "退款"}, {"", ""}, {"refünd", "refünd"},
	}
	for _, tt := range tests {
		if got := s.mend(tt.word); got != tt.want {
			t.Errorf("mend(%q) = %q, want %q", tt.word, got, tt.want)
		}
	}
}

func TestFeatures(t *testing.T) {
	var g grams
	g.read(lang.Fold("Cards 退款了"))
	// card; _c ca ar rd ds s_ and on to five letters; [card] 退 款 了 alone, in twos and threes.
	if n := len(g.of[blockWords]); n != 1 {
		t.Errorf("%d features of words, want 1", n)
	}
	if n := len(g.of[blockLetters]); n != 6+5+4+3 {
		t.Errorf("%d features of letters, want 18", n)
	}
	if n := len(g.of[blockHan]); n != 4+3+2 {
		t.Errorf("%d features of characters, want 9", n)
	}
	v := newVocabulary([]string{"cards 退款了", "pay"}, loadBackground())
	r := newReader(v)
	sum := 0.0
	for _, w := range r.read("card 退款了").vals {
		sum += float64(w) * float64(w)
	}
	if math.Abs(sum-1) > 1e-5 || r.known < 0.5 || r.wordy {
		t.Errorf("squared length %v, known %v, wordy %v: want 1, most of it, Chinese", sum, r.known, r.wordy)
	}
	if x := r.read("недоступно"); len(x.ids) != 0 || r.known != 0 {
		t.Errorf("an unknown text has %d features, known %v", len(x.ids), r.known)
	}
}

func BenchmarkTrain(b *testing.B) {
	for _, set := range []string{"banking77/train_10", "banking77/train", "massive-zh/train"} {
		b.Run(set, func(b *testing.B) {
			in := FromExamples(sharedSet(b, set))
			for b.Loop() {
				if _, err := Train(in, defaults()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkClassify(b *testing.B) {
	for _, set := range []string{"banking77/train_10", "banking77/train", "massive-zh/train"} {
		b.Run(set, func(b *testing.B) {
			c := trained(b, FromExamples(sharedSet(b, set)), defaults())
			dir, _, _ := strings.Cut(set, "/")
			dev := sharedSet(b, dir+"/dev")
			i := 0
			for b.Loop() {
				c.Classify(dev[i%len(dev)].Text)
				i++
			}
		})
	}
}

func BenchmarkLibrary(b *testing.B) {
	b.Run("Train", func(b *testing.B) {
		for b.Loop() {
			trained(b, library(), defaults())
		}
	})
	c := trained(b, library(), defaults())
	b.Run("Classify", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			c.Classify("how long does my refund take")
		}
	})
	b.Run("Split", func(b *testing.B) {
		for b.Loop() {
			c.Split("怎么退款？How do I change my PIN, and what are the fees?")
		}
	})
}

// BenchmarkVeryLongWord: what is one word of 100,000 letters costs no more than its length (it once took 25 s).
func BenchmarkVeryLongWord(b *testing.B) {
	c, err := Train([]Intent{{ID: "refund", Phrases: []Phrase{{Text: "where is my refund"}}}, {ID: "fees", Phrases: []Phrase{{Text: "what are the fees"}}}}, Options{})
	if err != nil {
		b.Fatal(err)
	}
	word := strings.Repeat("a", 100_000)
	for b.Loop() {
		c.Classify(word)
	}
}
