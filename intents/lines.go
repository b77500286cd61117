package intents

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"
)

// Meter measures a run. Both functions must be set.
type Meter struct {
	Now    func() time.Time
	PeakMB func() float64 // peak resident memory of the program so far, in units of 1,000,000 bytes
}

// Stats says how a run went.
type Stats struct {
	TrainSeconds float64 `json:"train_seconds"`
	MeanMicros   float64 `json:"mean_us"` // per query, without reading and writing
	P99Micros    float64 `json:"p99_us"`
	PeakMB       float64 `json:"peak_mb"`
	Queries      int     `json:"queries"`
	Phrases      int     `json:"phrases"`
	Intents      int     `json:"intents"`
}

// classified is one line of the output of ClassifyLines.
type classified struct {
	Decision Decision `json:"decision"`
	Ranked   []ranked `json:"ranked"`
}

type ranked struct {
	Intent string  `json:"intent"`
	Score  float64 `json:"score"`
}

// longestLine bounds a query, in bytes.
const longestLine = 1 << 20

// ClassifyLines trains on examples, reads one query a line and writes for each a line of JSON
// {"decision":…,"ranked":[{"intent":…,"score":…}]}, in order, an empty line too. It stops with ctx's error when
// ctx ends.
func ClassifyLines(ctx context.Context, train []Example, queries io.Reader, out io.Writer, o Options, m Meter) (Stats, error) {
	started := m.Now()
	set := FromExamples(train)
	c, err := Train(set, o)
	if err != nil {
		return Stats{}, err
	}
	stats := Stats{TrainSeconds: m.Now().Sub(started).Seconds(), Phrases: len(train), Intents: len(set)}
	in := bufio.NewScanner(queries)
	in.Buffer(nil, longestLine)
	to := bufio.NewWriter(out)
	enc := json.NewEncoder(to)
	enc.SetEscapeHTML(false)
	var micros []float64
	for in.Scan() {
		if err := ctx.Err(); err != nil {
			return stats, fmt.Errorf("classify line %d: %w", len(micros)+1, err)
		}
		text := strings.TrimSuffix(in.Text(), "\r")
		asked := m.Now()
		res := c.Classify(text)
		micros = append(micros, float64(m.Now().Sub(asked).Nanoseconds())/1000)
		if err := enc.Encode(asLine(res)); err != nil {
			return stats, fmt.Errorf("write line %d: %w", len(micros), err)
		}
	}
	if err := in.Err(); err != nil {
		return stats, fmt.Errorf("read line %d (at most %d bytes): %w", len(micros)+1, longestLine, err)
	}
	if err := to.Flush(); err != nil {
		return stats, fmt.Errorf("write results: %w", err)
	}
	stats.Queries = len(micros)
	stats.MeanMicros, stats.P99Micros = meanAndP99(micros)
	stats.PeakMB = m.PeakMB()
	return stats, nil
}

func asLine(res Result) classified {
	line := classified{Decision: res.Decision, Ranked: make([]ranked, len(res.Ranked))}
	for i, c := range res.Ranked {
		line.Ranked[i] = ranked{Intent: c.Intent, Score: math.Round(c.Score*1e6) / 1e6}
	}
	return line
}

func meanAndP99(values []float64) (mean, p99 float64) {
	if len(values) == 0 {
		return 0, 0
	}
	sorted := slices.Sorted(slices.Values(values))
	for _, v := range sorted {
		mean += v
	}
	return mean / float64(len(sorted)), sorted[(len(sorted)-1)*99/100]
}
