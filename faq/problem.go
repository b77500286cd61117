package faq

import (
	"fmt"
	"slices"
	"strings"
)

// Severity says whether a library with the problem can be used.
type Severity string

// Severities. A library with an error is not loaded; one with warnings is.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
)

// Problem is one thing wrong in the files of a library, in words for the person who edits them.
type Problem struct {
	File     string   `json:"file"` // relative to the library, with slashes
	Line     int      `json:"line"` // from 1; 0: the file as a whole
	Severity Severity `json:"severity"`
	Reason   string   `json:"reason"` // what is wrong
	Mend     string   `json:"mend"`   // what to do
}

// String is the problem on one line: file:line: severity: reason. mend.
func (p Problem) String() string {
	place := p.File
	if p.Line > 0 {
		place = fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s: %s: %s. %s", place, p.Severity, p.Reason, p.Mend)
}

// CheckError is returned by Load for a library that cannot be used. It holds every problem, warnings too,
// in order of file and line.
type CheckError struct {
	Problems []Problem
}

func (e *CheckError) Error() string {
	var sb strings.Builder
	n := countErrors(e.Problems)
	noun := "errors"
	if n == 1 {
		noun = "error"
	}
	fmt.Fprintf(&sb, "the library has %d %s", n, noun)
	for _, p := range e.Problems {
		if p.Severity == SeverityError {
			sb.WriteString("\n" + p.String())
		}
	}
	return sb.String()
}

func countErrors(ps []Problem) int {
	n := 0
	for _, p := range ps {
		if p.Severity == SeverityError {
			n++
		}
	}
	return n
}

// report collects problems.
type report struct {
	problems []Problem
}

func (r *report) errorf(file string, line int, mend, reason string, args ...any) {
	r.problems = append(r.problems, Problem{file, line, SeverityError, fmt.Sprintf(reason, args...), mend})
}

func (r *report) warnf(file string, line int, mend, reason string, args ...any) {
	r.problems = append(r.problems, Problem{file, line, SeverityWarning, fmt.Sprintf(reason, args...), mend})
}

// sorted gives the problems in order of file and line, each once.
func (r *report) sorted() []Problem {
	slices.SortStableFunc(r.problems, func(a, b Problem) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		return a.Line - b.Line
	})
	return slices.Compact(r.problems)
}

// nearest returns the candidate that looks most like word, "" when none is close.
func nearest(word string, candidates []string) string {
	best, at := "", 1+max(1, (len(word)+1)/3)
	for _, c := range candidates {
		if d := distance(strings.ToLower(word), strings.ToLower(c)); d < at {
			best, at = c, d
		}
	}
	return best
}

// suggest words what to do about an unknown name: the nearest known one, else all of them.
func suggest(word string, known []string) string {
	if n := nearest(word, known); n != "" {
		return fmt.Sprintf("Did you mean %q?", n)
	}
	if len(known) == 0 {
		return "Nothing of this kind is defined yet: define it first."
	}
	sorted := slices.Sorted(slices.Values(known))
	if len(sorted) > 12 {
		sorted = append(sorted[:12:12], "…")
	}
	return "Known are: " + strings.Join(sorted, ", ") + "."
}

// distance is the edit distance of Levenshtein between two short words, in bytes.
func distance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
