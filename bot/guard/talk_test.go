package guard_test

import "testing"

// TestTalk holds the guard against the repository's own labelled talk: invented people, published test numbers.
// Every value must be covered to its last character and of the right kind, and nothing else may be flagged.
func TestTalk(t *testing.T) {
	s := measureFile(t, "testdata/talk.jsonl")
	s.report(t, "talk")
	for _, m := range s.missed {
		t.Errorf("missed, or not covered: %s", m)
	}
	for _, w := range s.wrong {
		t.Errorf("wrong: %s", w)
	}
}
