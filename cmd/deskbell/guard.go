package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/deskbell/deskbell/bot/guard"
)

// maxLine is the longest line a JSON-lines command reads.
const maxLine = 4 << 20

// scanLine is a line of `guard scan`: the turns of one user, in order.
type scanLine struct {
	ID    json.RawMessage `json:"id"`
	Turns []string        `json:"turns"`
}

// turnFinding is a finding and the turn it stands in.
type turnFinding struct {
	Turn int `json:"turn"`
	guard.Finding
}

// runGuardScan reads lines {"id","turns"} and writes lines {"id","findings"}.
func runGuardScan(ctx context.Context, c call) error {
	out := bufio.NewWriter(c.stdout)
	defer out.Flush()
	enc := json.NewEncoder(out)
	return eachLine(ctx, c.stdin, func(line []byte) error {
		var in scanLine
		if err := json.Unmarshal(line, &in); err != nil {
			return fmt.Errorf(`not a JSON object like {"id":"1","turns":["…"]}: %w`, jsonReason(err))
		}
		if in.ID == nil {
			in.ID = json.RawMessage("null")
		}
		return enc.Encode(map[string]any{"id": in.ID, "findings": scanTurns(in.Turns)})
	})
}

// scanTurns scans the turns as one conversation, ten seconds apart.
func scanTurns(turns []string) []turnFinding {
	found := []turnFinding{}
	var st guard.State
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i, text := range turns {
		var fs []guard.Finding
		fs, st = guard.Scan(text, st, now)
		for _, f := range fs {
			found = append(found, turnFinding{Turn: i, Finding: f})
		}
		now = now.Add(10 * time.Second)
	}
	return found
}

// eachLine calls do for each line that is not blank. Its errors name the line.
func eachLine(ctx context.Context, r io.Reader, do func([]byte) error) error {
	sc := bufio.NewScanner(r)
	sc.Buffer(make([]byte, 64<<10), maxLine)
	for n := 1; sc.Scan(); n++ {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if len(sc.Bytes()) == 0 {
			continue
		}
		if err := do(sc.Bytes()); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	if err := sc.Err(); err != nil {
		return fmt.Errorf("read input (a line may hold up to %d bytes): %w", maxLine, err)
	}
	return nil
}

// jsonReason gives a JSON error without the text it quotes, which may be a user's.
func jsonReason(err error) error {
	switch e := err.(type) {
	case *json.SyntaxError:
		return fmt.Errorf("syntax error at byte %d", e.Offset)
	case *json.UnmarshalTypeError:
		return fmt.Errorf("%s has the wrong type", e.Field)
	}
	return err
}
