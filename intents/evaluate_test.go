package intents

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestReadTSV(t *testing.T) {
	tests := []struct {
		name, in string
		want     []Example
		err      string
	}{
		{"header", "text\tlabel\nhi\tgreet\n", []Example{{"hi", "greet"}}, ""},
		{"no header", "hi\tgreet\nbye\tleave", []Example{{"hi", "greet"}, {"bye", "leave"}}, ""},
		{"windows", "\uFEFFtext\tlabel\r\n退款\trefund\r\n\r\n", []Example{{"退款", "refund"}}, ""},
		{"empty", "", nil, ""},
		{"no tab", "hi\tgreet\nhello", nil, "t.tsv:2"},
		{"no label", "hi\t \n", nil, "t.tsv:1"},
	}
	for _, tt := range tests {
		got, err := ReadTSV(strings.NewReader(tt.in), "t.tsv")
		if tt.err != "" {
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%s: error %v, want one with %q", tt.name, err, tt.err)
			}
			continue
		}
		if err != nil || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: got %v, %v, want %v", tt.name, got, err, tt.want)
		}
	}
}

func TestLabelsAreTitles(t *testing.T) {
	in := FromExamples([]Example{{"a", "lost_or_stolenCard"}, {"b", "oos"}, {"c", "PIN/reset"}, {"d", "lost_or_stolenCard"}})
	want := []Intent{
		{ID: "lost_or_stolenCard", Titles: []string{"lost or stolen Card"}, Phrases: []Phrase{{Text: "a"}, {Text: "d"}}},
		{ID: "PIN/reset", Titles: []string{"PIN reset"}, Phrases: []Phrase{{Text: "c"}}},
	}
	if !reflect.DeepEqual(in, want) {
		t.Errorf("got %v, want %v", in, want)
	}
}

// examples is the library as a train file.
func examples() []Example {
	var out []Example
	for _, in := range library() {
		for _, p := range in.Phrases {
			out = append(out, Example{p.Text, in.ID})
		}
	}
	return out
}

// ticks is a meter whose clock goes on by 10 µs with every look.
func ticks() Meter {
	now := time.Unix(0, 0)
	return Meter{
		Now:    func() time.Time { now = now.Add(10 * time.Microsecond); return now },
		PeakMB: func() float64 { return 42 },
	}
}

func TestClassifyLines(t *testing.T) {
	var out bytes.Buffer
	stats, err := ClassifyLines(context.Background(), examples(), strings.NewReader("怎么退款\r\n\nweather in <Paris>\nfees"), &out, defaults(), ticks())
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 4 {
		t.Fatalf("%d lines out for 4 in:\n%s", len(lines), out.String())
	}
	for i, want := range []string{`{"decision":"answer","ranked":[{"intent":"refund","score":0.99}`, `{"decision":"none","ranked":[`,
		`{"decision":"none","ranked":[`, `{"decision":"answer","ranked":[{"intent":"fees","score":0.99}`} {
		if !strings.HasPrefix(lines[i], want) {
			t.Errorf("line %d is %s, want it to begin with %s", i+1, lines[i], want)
		}
	}
	want := Stats{TrainSeconds: 0.00001, MeanMicros: 10, P99Micros: 10, PeakMB: 42, Queries: 4, Phrases: 70, Intents: 7}
	if stats != want {
		t.Errorf("stats %+v, want %+v", stats, want)
	}
	js, err := json.Marshal(stats)
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range []string{"train_seconds", "mean_us", "p99_us", "peak_mb"} {
		if !strings.Contains(string(js), `"`+field+`":`) {
			t.Errorf("stats lack %s: %s", field, js)
		}
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestClassifyLinesFails(t *testing.T) {
	ended, stop := context.WithCancel(context.Background())
	stop()
	if _, err := ClassifyLines(ended, examples(), strings.NewReader("a"), &bytes.Buffer{}, defaults(), ticks()); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the context's", err)
	}
	if _, err := ClassifyLines(context.Background(), examples(), strings.NewReader("a"), brokenPipe{}, defaults(), ticks()); err == nil {
		t.Error("a broken pipe is no error")
	}
	long := strings.NewReader(strings.Repeat("x", longestLine+1))
	if _, err := ClassifyLines(context.Background(), examples(), long, &bytes.Buffer{}, defaults(), ticks()); err == nil {
		t.Error("an overlong line is no error")
	}
	if _, err := ClassifyLines(context.Background(), nil, strings.NewReader(""), &bytes.Buffer{}, Options{Floor: 2}, ticks()); err == nil {
		t.Error("a floor of 2 is no error")
	}
}

func TestTallyCounts(t *testing.T) {
	res := func(d Decision, ids ...string) Result {
		r := Result{Decision: d}
		for i, id := range ids {
			r.Ranked = append(r.Ranked, Candidate{id, 0.8 / float64(i+1)})
		}
		return r
	}
	var c tally
	c.add("a", res(DecideAnswer, "a", "b"))
	c.add("a", res(DecideAnswer, "b", "a"))
	c.add("b", res(DecideClarify, "a", "b"))
	c.add("b", res(DecideNone, "b"))
	c.add(OutOfScope, res(DecideNone, "a"))
	c.add(OutOfScope, res(DecideAnswer, "a"))
	c.add(OutOfScope, Result{Decision: DecideNone})
	got := c.report()
	want := Report{
		Total: 4, Accuracy: 0.5, Answered: 0.5, Right: 0.5, Clarified: 0.25, Offered: 1, Refused: 0.25,
		OutOfScope: 3, NoneRecall: 2.0 / 3, NonePrecision: 2.0 / 3, AUC: 2.0 / 3, Calibration: 0.3,
		Intents:    []IntentReport{{"a", 2, 0.5, 0.5, 0.5}, {"b", 2, 0.5, 0.5, 0.5}},
		Confusions: []Confusion{{"a", "b", 1}, {"b", "a", 1}},
	}
	got.Calibration = math.Round(got.Calibration*1e9) / 1e9
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestEvaluate(t *testing.T) {
	test := []Example{{"how can i get my refund", "refund"}, {"转账手续费是多少", "fees"}, {"I forgot the pin", "change_pin"},
		{"what is the weather", OutOfScope}, {"fly me to the moon", "travel"}}
	r, err := Evaluate(examples(), test, defaults())
	if err != nil {
		t.Fatal(err)
	}
	if r.Total != 4 || r.Accuracy != 0.75 || r.OutOfScope != 1 || r.NoneRecall != 1 {
		t.Errorf("got %+v", r)
	}
	if r.Intents[0].Intent != "travel" {
		t.Errorf("an intent without phrases stands behind: %v", r.Intents)
	}
	var out bytes.Buffer
	if err := r.WriteText(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"accuracy", "75.0 %", "none: recall", "100.0 %", "change_pin", "taken for"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, out.String())
		}
	}
	if err := r.WriteText(brokenPipe{}); err == nil {
		t.Error("a broken pipe is no error")
	}
	if _, err := json.Marshal(Report{}); err != nil {
		t.Errorf("an empty report does not marshal: %v", err)
	}
	if _, err := Evaluate(nil, nil, Options{Floor: 7}); err == nil {
		t.Error("a floor of 7 is no error")
	}
}

func TestAreaUnderCurve(t *testing.T) {
	tests := []struct {
		in, out []float64
		want    float64
	}{
		{[]float64{.9, .8}, []float64{.1, .2}, 1}, {[]float64{.1}, []float64{.9}, 0}, {[]float64{.5}, []float64{.5}, 0.5},
		{[]float64{.3, .7}, []float64{.5}, 0.5}, {nil, []float64{1}, 0}, {[]float64{1}, nil, 0},
	}
	for _, tt := range tests {
		if got := areaUnderCurve(tt.in, tt.out); got != tt.want {
			t.Errorf("areaUnderCurve(%v, %v) = %v, want %v", tt.in, tt.out, got, tt.want)
		}
	}
}
