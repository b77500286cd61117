package intents

// trial is a phrase asked of a classifier that has not learnt it.
type trial struct {
	wordy  bool  // written in words (English), not in Chinese characters
	right  int32 // the intent the phrase belongs to
	logits []float32
	top    []int32
	cosine float64 // see likeness
	known  float64 // see reader
}

const (
	foldCount  = 5
	trialLimit = 2000 // phrases asked in all: enough for a floor to three digits
	foldEpochs = 4    // taking the fit on from where it stood
)

// crossValidate asks phrases of engines that have not seen them: in each of five rounds a fifth of every intent's
// phrases is taken out of the fit, the fit goes on without it, and the fifth is asked. Titles stay in. Phrases whose
// intent has nothing else in their way of writing are not asked: they could only be missed.
func crossValidate(l *lexical, s *solver, phrases []phrase) []trial {
	folds := drawFolds(l, phrases)
	var trials []trial
	for _, held := range folds {
		if len(trials) >= trialLimit {
			break
		}
		if len(held) > 0 {
			trials = askFold(trials, l, s.without(held), phrases, held)
		}
	}
	return trials
}

// drawFolds deals each intent's phrases to the folds in turn; the turn goes on from intent to intent, so that the
// folds of many small intents are of one size.
func drawFolds(l *lexical, phrases []phrase) [foldCount][]int32 {
	var folds [foldCount][]int32
	turn := 0
	for _, docs := range l.of {
		var ways [2]int
		for _, doc := range docs {
			ways[wayOf(phrases[doc].wordy)]++
		}
		for _, doc := range docs {
			if !phrases[doc].title && ways[wayOf(phrases[doc].wordy)] > 1 {
				folds[turn%foldCount] = append(folds[turn%foldCount], doc)
				turn++
			}
		}
	}
	return folds
}

func askFold(trials []trial, l *lexical, s *solver, phrases []phrase, held []int32) []trial {
	q := l.newQuery()
	out := make(map[int32]bool, len(held))
	q.reader.hidden = make([]int32, len(l.vocab.df))
	for _, doc := range held {
		out[doc] = true
		for _, id := range l.docs[doc].ids {
			q.reader.hidden[id]++
		}
	}
	skip := func(doc int32) bool { return out[doc] }
	for _, doc := range held {
		if len(trials) >= trialLimit {
			break
		}
		q.ask(phrases[doc].text, s.weights)
		trials = append(trials, trial{
			wordy: q.reader.wordy, right: phrases[doc].intent,
			logits: append([]float32(nil), q.logits...), top: append([]int32(nil), q.top...),
			cosine: l.likeness(q, skip), known: q.reader.known,
		})
	}
	return trials
}
