package guard_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot/guard"
)

// TestShared measures the guard on the labelled messages of the shared folder that DESKBELL_SHARED names. They may not
// be copied into the repository, so the test needs the folder and says so when it is missing.
func TestShared(t *testing.T) {
	dir := os.Getenv("DESKBELL_SHARED")
	if dir == "" {
		t.Skip("DESKBELL_SHARED is not set: it names the folder with data/guard, on which recall and false flags are measured")
	}
	dir = filepath.Join(dir, "data", "guard")
	s := measureFile(t, filepath.Join(dir, "dev.jsonl"))
	s.report(t, "dev")
	if got := s.recall(); got < 0.9 {
		t.Errorf("dev: recall %.3f, want at least 0.9", got)
	}
	for _, f := range []struct {
		name string
		most float64
		told []int // lines that do give a value away: "… pin to 1234"
	}{
		{"mentions.zh.txt", 0.005, nil}, {"mentions.en.txt", 0.005, nil}, {"harmless.zh.txt", 0.0005, nil},
		{"harmless.en.txt", 0.0005, []int{4475, 5197, 5641, 5681, 5682}},
	} {
		flagged, total := falseFlags(t, filepath.Join(dir, f.name), f.told)
		t.Logf("%s: %d of %d flagged (%.3f %%)", f.name, flagged, total, 100*float64(flagged)/float64(total))
		if float64(flagged) > f.most*float64(total) {
			t.Errorf("%s: more than %.2f %% flagged", f.name, 100*f.most)
		}
	}
}

// span is a labelled value.
type span struct {
	Turn  int    `json:"turn"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	Type  string `json:"type"`
}

// sample is a labelled conversation of one user.
type sample struct {
	ID       string   `json:"id"`
	Turns    []string `json:"turns"`
	Spans    []span   `json:"spans"`
	Disclose bool     `json:"disclose"`
}

// score sums up how the guard did.
type score struct {
	disclosing, found      int // conversations
	harmless, flagged      int
	points, covered        int // code points of labelled spans
	spans, touched, kinded int // spans
	missed, wrong          []string
}

func (s *score) recall() float64 { return ratio(s.found, s.disclosing) }

func ratio(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

func (s *score) report(t *testing.T, name string) {
	t.Helper()
	t.Logf("%s: found %d of %d (%.1f %%), flagged %d of %d harmless (%.1f %%), spans covered %.1f %%, kind right %d of %d (%.1f %%)",
		name, s.found, s.disclosing, 100*s.recall(), s.flagged, s.harmless, 100*ratio(s.flagged, s.harmless),
		100*ratio(s.covered, s.points), s.kinded, s.touched, 100*ratio(s.kinded, s.touched))
	t.Logf("missed %v", s.missed)
	t.Logf("wrong %v", s.wrong)
}

func (s *score) add(c sample) {
	found, any := converse(c.Turns), false
	for _, fs := range found {
		any = any || len(fs) > 0
	}
	if !c.Disclose {
		s.harmless++
		if any {
			s.flagged++
			s.wrong = append(s.wrong, c.ID)
		}
		return
	}
	s.disclosing++
	all := true
	for _, sp := range c.Spans {
		n, kind := cover(found[sp.Turn], sp)
		s.spans++
		s.points += sp.End - sp.Start
		s.covered += n
		if n > 0 {
			s.touched++
			if kind {
				s.kinded++
			} else {
				s.wrong = append(s.wrong, c.ID+"/kind")
			}
		}
		all = all && n == sp.End-sp.Start
	}
	if any {
		s.found++
	}
	if !all {
		s.missed = append(s.missed, c.ID)
	}
}

func converse(turns []string) [][]guard.Finding {
	var st guard.State
	now := time.Date(2025, 3, 1, 9, 0, 0, 0, time.UTC)
	out := make([][]guard.Finding, len(turns))
	for i, text := range turns {
		out[i], st = guard.Scan(text, st, now)
		now = now.Add(20 * time.Second)
	}
	return out
}

// cover counts the code points of sp that findings cover, and whether one of these has its kind.
func cover(fs []guard.Finding, sp span) (n int, kind bool) {
	for _, f := range fs {
		if lo, hi := max(f.Start, sp.Start), min(f.End, sp.End); lo < hi {
			n += hi - lo
			kind = kind || string(f.Kind) == sp.Type
		}
	}
	return n, kind
}

func measureFile(t *testing.T, name string) *score {
	t.Helper()
	var s score
	eachLine(t, name, func(line string) {
		var c sample
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		s.add(c)
	})
	return &s
}

func falseFlags(t *testing.T, name string, told []int) (flagged, total int) {
	t.Helper()
	n := 0
	eachLine(t, name, func(line string) {
		n++
		if slices.Contains(told, n) {
			return
		}
		total++
		if fs, _ := guard.Scan(line, guard.State{}, time.Time{}); len(fs) > 0 {
			flagged++
			t.Logf("%s:%d %v", filepath.Base(name), n, fs)
		}
	})
	return flagged, total
}

func eachLine(t *testing.T, name string, f func(string)) {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	sc := bufio.NewScanner(file)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		if sc.Text() != "" {
			f(sc.Text())
		}
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
}
