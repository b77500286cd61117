package intents

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"unicode"

	"github.com/deskbell/deskbell/intents/lang"
)

// AutoFloor as Options.Floor sets the floor by cross-validation on the phrases themselves.
const AutoFloor = -1.0

// defaultMargin is how many times likelier than the next the best intent must be to be answered.
const defaultMargin = 2.0

// Options are what an operator may set.
type Options struct {
	Floor  float64 // least Score that is answered, 0..1; below 0 (AutoFloor): from the phrases
	Margin float64 // best to next probability below which it asks back, at least 1; 0: the default, 2
}

func (o Options) validate() error {
	switch {
	case !(o.Floor <= 1):
		return fmt.Errorf("floor %v: want a probability of 0 to 1, or a negative number for automatic", o.Floor)
	case o.Margin != 0 && !(o.Margin >= 1):
		return fmt.Errorf("margin %v: want at least 1", o.Margin)
	}
	return nil
}

// Classifier finds the intent of a question. It is immutable and safe for concurrent use; make it with Train.
type Classifier struct {
	ids     []string
	exact   map[string][]int32 // by key of a phrase: the intents that have it
	engine  *lexical
	cal     calibrations
	margin  float64
	queries sync.Pool // *query
}

// likelyRight is the Score from which an intent is answered; below it asking back serves better.
const likelyRight = 0.5

// exactScore is the Score of an intent that has the question word for word.
const exactScore = 0.99

// Train learns intents from their phrases and titles. The same input makes the same classifier. It fails when an
// intent has no ID, an ID occurs twice, or an option is out of range; without intents the classifier answers nothing.
func Train(in []Intent, o Options) (*Classifier, error) {
	if err := o.validate(); err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	c := &Classifier{exact: map[string][]int32{}, margin: o.Margin}
	if c.margin == 0 {
		c.margin = defaultMargin
	}
	phrases, err := c.take(in)
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	if len(phrases) == 0 {
		c.ids = nil
		return c, nil
	}
	engine, solver := trainLexical(phrases, len(c.ids), loadBackground())
	c.engine = engine
	c.cal = calibrate(crossValidate(engine, solver, phrases), len(c.ids))
	for way := range c.cal {
		if o.Floor >= 0 {
			c.cal[way].floor = o.Floor
		}
	}
	c.queries.New = func() any { return engine.newQuery() }
	return c, nil
}

// take folds the phrases of all intents and leaves out what an intent says twice.
func (c *Classifier) take(in []Intent) ([]phrase, error) {
	var phrases []phrase
	seen := map[string]bool{}
	for i, intent := range in {
		if intent.ID == "" {
			return nil, errors.New("an intent has no ID")
		}
		if seen[intent.ID] {
			return nil, fmt.Errorf("intent %s stands there twice", intent.ID)
		}
		seen[intent.ID] = true
		c.ids = append(c.ids, intent.ID)
		for _, p := range intent.Phrases {
			phrases = c.takeOne(phrases, phrase{text: lang.Fold(p.Text), intent: int32(i)})
		}
		for _, t := range intent.Titles {
			phrases = c.takeOne(phrases, phrase{text: lang.Fold(t), intent: int32(i), title: true})
		}
	}
	return phrases, nil
}

func (c *Classifier) takeOne(phrases []phrase, p phrase) []phrase {
	key := phraseKey(p.text)
	if key == "" {
		return phrases
	}
	for _, have := range c.exact[key] {
		if have == p.intent {
			return phrases
		}
	}
	c.exact[key] = append(c.exact[key], p.intent)
	return append(phrases, p)
}

// phraseKey is folded text without anything but letters, digits and symbols: two texts with one key say the same.
func phraseKey(folded string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsSymbol(r) && r > unicode.MaxASCII {
			return r
		}
		return -1
	}, folded)
}

// Floor returns the least Score that is answered for texts in the language, 0..1.
func (c *Classifier) Floor(tag lang.Tag) float64 {
	return c.cal[wayOf(tag != lang.ZhHans && tag != lang.ZhHant)].floor
}

// Classify ranks the intents a question may mean. It answers when the best intent is likelier right than wrong and
// stands out, and asks back when it is above the floor only. A question that is word for word a phrase is answered
// whatever the floor; one that is a phrase of several intents is clarified. Where background hides the question, the
// one clause that asks counts.
func (c *Classifier) Classify(text string) Result {
	if len(c.ids) == 0 {
		return Result{Decision: DecideNone}
	}
	res := c.classify(text)
	if res.Decision == DecideNone {
		return c.classifyClauses(text, res)
	}
	return res
}

// classifyClauses looks at the one clause of a refused text that asks, if the others do not; else it returns whole.
func (c *Classifier) classifyClauses(text string, whole Result) Result {
	asking, background := "", false
	for _, p := range clauses(cut(text)) {
		clause := text[p.core:p.to]
		switch {
		case !asks(lang.Fold(clause)):
			background = true
		case asking != "":
			return whole
		default:
			asking = clause
		}
	}
	if asking == "" || !background {
		return whole
	}
	if res := c.classify(asking); res.Decision != DecideNone {
		return res
	}
	return whole
}

func (c *Classifier) classify(text string) Result {
	q := c.queries.Get().(*query)
	defer c.queries.Put(q)
	folded := lang.Fold(text)
	q.ask(folded, c.engine.weights)
	cal := c.cal[wayOf(q.reader.wordy)]
	p := q.probabilities(cal.temperature)
	if exact := c.exact[phraseKey(folded)]; len(exact) > 0 {
		return c.exactResult(exact, q.top, p)
	}
	sure := sureness(p[0], c.engine.likeness(q, nil), q.reader.known)
	res := Result{Decision: DecideAnswer, Ranked: make([]Candidate, len(q.top))}
	best := cal.score(sure)
	for i, intent := range q.top {
		res.Ranked[i] = Candidate{Intent: c.ids[intent], Score: share(best, p[0], p[i])}
	}
	switch {
	case best < cal.floor:
		res.Decision = DecideNone
	case len(p) > 1 && (p[0] < c.margin*p[1] || best < likelyRight):
		res.Decision = DecideClarify
	}
	return res
}

// share is the Score of an intent with probability p when the best has probability top and the Score best: no more
// in proportion, and no more than is left.
func share(best, top, p float64) float64 {
	if p >= top {
		return best
	}
	return min(best*p/top, (1-best)*p/(1-top))
}

// exactResult puts the intents that have the phrase first, in order of probability.
func (c *Classifier) exactResult(exact, top []int32, p []float64) Result {
	res := Result{Decision: DecideAnswer}
	if len(exact) > 1 {
		res.Decision = DecideClarify
	}
	isExact := func(intent int32) bool {
		for _, e := range exact {
			if e == intent {
				return true
			}
		}
		return false
	}
	add := func(intent int32, score float64) {
		for _, have := range res.Ranked {
			if have.Intent == c.ids[intent] {
				return
			}
		}
		if len(res.Ranked) < topIntents {
			res.Ranked = append(res.Ranked, Candidate{Intent: c.ids[intent], Score: score})
		}
	}
	for _, intent := range top {
		if isExact(intent) {
			add(intent, exactScore/float64(len(exact)))
		}
	}
	for _, intent := range exact {
		add(intent, exactScore/float64(len(exact)))
	}
	for i, intent := range top {
		if !isExact(intent) {
			add(intent, (1-exactScore)*p[i])
		}
	}
	return res
}
