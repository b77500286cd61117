package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/deskbell/deskbell/faq"
)

// libraryArg is the folder given as an argument, else the library option.
func libraryArg(c call) (string, error) {
	switch len(c.args) {
	case 0:
		return c.config.get("library"), nil
	case 1:
		return c.args[0], nil
	}
	return "", usagef("give one folder, not %d", len(c.args))
}

// runFAQCheck reports every problem of a library.
func runFAQCheck(_ context.Context, c call) error {
	dir, err := libraryArg(c)
	if err != nil {
		return err
	}
	if dir != "" {
		if fi, err := os.Stat(dir); err != nil || !fi.IsDir() {
			return usagef("%q is not a folder; give the folder that holds library.yaml", dir)
		}
	}
	problems := faq.Check(libraryFiles(dir), time.Now())
	failed := false
	for _, p := range problems {
		fmt.Fprintln(c.stdout, p)
		failed = failed || p.Severity == faq.SeverityError
	}
	if failed {
		return errFound
	}
	lib, err := faq.Load(libraryFiles(dir))
	if err != nil {
		return err
	}
	phrases := 0
	for _, e := range lib.Entries {
		for _, ps := range e.Phrases {
			phrases += len(ps)
		}
	}
	fmt.Fprintf(c.stdout, "%s: %d entries, %d phrases, %d contacts, %d warnings\n", name(dir), len(lib.Entries), phrases, len(lib.Contacts), len(problems))
	return nil
}

// runFAQExport writes a library as one JSON document.
func runFAQExport(_ context.Context, c call) error {
	dir, err := libraryArg(c)
	if err != nil {
		return err
	}
	lib, err := loadLibrary(dir)
	if err != nil {
		return err
	}
	return faq.Export(lib, c.stdout)
}

// runFAQImport makes library files from an exported document.
func runFAQImport(_ context.Context, c call) error {
	if len(c.args) != 2 {
		return usagef("faq import needs a file (- for standard input) and a new folder")
	}
	var in io.Reader = c.stdin
	if c.args[0] != "-" {
		f, err := os.Open(c.args[0])
		if err != nil {
			return usagef("%s cannot be read: %v", c.args[0], pathless(err))
		}
		defer f.Close()
		in = f
	}
	if err := faq.Import(in, c.args[1]); err != nil {
		var bad *faq.CheckError
		if errors.As(err, &bad) {
			for _, p := range bad.Problems {
				fmt.Fprintln(c.stderr, p)
			}
		}
		return fmt.Errorf("import into %s: %w", c.args[1], err)
	}
	fmt.Fprintf(c.stdout, "%s is ready; `deskbell faq check %s` checks it\n", c.args[1], c.args[1])
	return nil
}
