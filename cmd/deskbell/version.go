package main

import (
	"context"
	"fmt"
	"runtime/debug"
)

// version is the program's own; a release build sets it with -ldflags "-X main.version=…".
var version = "0.1.0-dev"

func runVersion(_ context.Context, c call) error {
	rev := ""
	if bi, ok := debug.ReadBuildInfo(); ok {
		for _, s := range bi.Settings {
			if s.Key == "vcs.revision" {
				rev = " " + s.Value
			}
		}
	}
	fmt.Fprintf(c.stdout, "deskbell %s%s\n", version, rev)
	return nil
}
