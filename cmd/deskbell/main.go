// Command deskbell is the one binary: it serves, demonstrates, checks and measures Deskbell.
//
// Every subcommand stands in commands (command.go), every option in options (options.go), every URL in routes (serve.go).
// Start at serve.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // schedules name time zones, and slim containers have none
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], process{
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, environ: os.Environ(),
	}))
}

// process is what the program has of the outside, so that tests can run it within their own.
type process struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	environ        []string
}

// usageError is a mistake of the caller: exit code 2, one line, and what to do.
type usageError struct{ msg string }

func (e usageError) Error() string { return e.msg }

func usagef(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }

// errFound says that a check ran and found something to mend: exit code 1, everything is printed already.
var errFound = errors.New("problems found")

// run runs one command and returns the exit code: 0 done, 1 failed, 2 wrong use.
func run(ctx context.Context, args []string, p process) int {
	err := dispatch(ctx, args, p)
	var usage usageError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &usage):
		fmt.Fprintln(p.stderr, "deskbell:", err)
		return 2
	case errors.Is(err, errFound):
		return 1
	default:
		fmt.Fprintln(p.stderr, "deskbell:", err)
		return 1
	}
}
