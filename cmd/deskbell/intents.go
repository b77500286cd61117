package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"

	"github.com/deskbell/deskbell/intents"
)

type classifyOptions struct{ train, floor *string }

type evalOptions struct {
	classifyOptions
	test *string
	json *bool
}

func classifyFlags(fs *flag.FlagSet) any {
	return classifyOptions{
		train: fs.String("train", "", "TSV file with lines text<TAB>intent"),
		floor: fs.String("floor", "auto", "least score that is answered, 0 to 1; auto finds it from the phrases"),
	}
}

func evalFlags(fs *flag.FlagSet) any {
	return evalOptions{
		classifyOptions: classifyFlags(fs).(classifyOptions),
		test:            fs.String("test", "", "TSV file with lines text<TAB>intent; the label oos means: in no intent"),
		json:            fs.Bool("json", false, "write the report as JSON"),
	}
}

// load reads the training file and the floor.
func (o classifyOptions) load() ([]intents.Example, intents.Options, error) {
	opts := intents.Options{Floor: -1}
	if *o.floor != "auto" {
		f, err := strconv.ParseFloat(*o.floor, 64)
		if err != nil || f < 0 || f > 1 {
			return nil, opts, usagef("--floor must be auto or a number from 0 to 1, not %q", *o.floor)
		}
		opts.Floor = f
	}
	train, err := readExamples("--train", *o.train)
	return train, opts, err
}

func readExamples(option, path string) ([]intents.Example, error) {
	if path == "" {
		return nil, usagef("%s is needed: a file with lines text<TAB>intent", option)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, usagef("%s %s cannot be read: %v", option, path, pathless(err))
	}
	defer f.Close()
	return intents.ReadTSV(f, path)
}

// runIntentsClassify classifies one query a line and reports time and memory on standard error.
func runIntentsClassify(ctx context.Context, c call) error {
	train, opts, err := c.own.(classifyOptions).load()
	if err != nil {
		return err
	}
	stats, err := intents.ClassifyLines(ctx, train, c.stdin, c.stdout, opts, intents.Meter{Now: time.Now, PeakMB: peakMB})
	if err != nil {
		return err
	}
	return json.NewEncoder(c.stderr).Encode(stats)
}

// runIntentsEval measures on labelled questions.
func runIntentsEval(_ context.Context, c call) error {
	o := c.own.(evalOptions)
	train, opts, err := o.load()
	if err != nil {
		return err
	}
	test, err := readExamples("--test", *o.test)
	if err != nil {
		return err
	}
	report, err := intents.Evaluate(train, test, opts)
	if err != nil {
		return err
	}
	if *o.json {
		enc := json.NewEncoder(c.stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(report)
	}
	if err := report.WriteText(c.stdout); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// peakMB is the peak resident memory of the process, in millions of bytes.
func peakMB() float64 {
	var ru syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &ru); err != nil {
		return 0
	}
	return float64(ru.Maxrss) * 1024 / 1e6 // kibibytes on Linux
}
