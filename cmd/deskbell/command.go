package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

// command is a subcommand. Names of two words ("faq check") are groups.
type command struct {
	name    string
	args    string // what follows the options
	summary string
	options []string                // names from the options table; "*" for all
	flags   func(*flag.FlagSet) any // flags of its own; the value goes to run
	run     func(ctx context.Context, c call) error
}

// call is a command being run.
type call struct {
	process
	config config
	own    any // what flags returned
	args   []string
}

// commands is every subcommand, in the order of the help.
func commands() []command {
	return []command{
		{name: "demo", summary: "try everything on this machine: no account, no token", options: []string{"listen", "library", "log-level", "log-format"}, flags: demoFlags, run: runDemo},
		{name: "serve", summary: "run Deskbell", options: []string{"*"}, run: runServe},
		{name: "chat", summary: "talk with the bot in the terminal, or by JSON lines", options: []string{"library"}, flags: chatFlags, run: runChat},
		{name: "agents add", args: "LOGIN", summary: "add a person who answers handoffs", options: []string{"database"}, flags: agentFlags, run: runAgentsAdd},
		{name: "agents list", summary: "list the people", options: []string{"database"}, run: runAgentsList},
		{name: "agents password", args: "LOGIN", summary: "set a new password", options: []string{"database"}, flags: passwordFlags, run: runAgentsPassword},
		{name: "agents disable", args: "LOGIN", summary: "end somebody's access", options: []string{"database"}, run: runAgentsDisable},
		{name: "faq check", args: "[DIR]", summary: "check a library and say what to mend", options: []string{"library"}, run: runFAQCheck},
		{name: "faq export", args: "[DIR]", summary: "write a library as one JSON document to standard output", options: []string{"library"}, run: runFAQExport},
		{name: "faq import", args: "FILE DIR", summary: "make library files from such a document (FILE - reads standard input)", run: runFAQImport},
		{name: "guard scan", summary: "find sensitive data in JSON lines of turns", run: runGuardScan},
		{name: "intents classify", summary: "classify one question a line", flags: classifyFlags, run: runIntentsClassify},
		{name: "intents eval", summary: "measure a classifier on labelled questions", flags: evalFlags, run: runIntentsEval},
		{name: "backup", args: "FILE", summary: "write a checked copy of the database, also while Deskbell runs", options: []string{"database"}, run: runBackup},
		{name: "config print", summary: "show every option's value and where it comes from, secrets masked", options: []string{"*"}, run: runConfigPrint},
		{name: "config table", summary: "print the table of options for the README", run: runConfigTable},
		{name: "version", summary: "print the version", run: runVersion},
	}
}

func dispatch(ctx context.Context, args []string, p process) error {
	if len(args) == 0 || args[0] == "help" || args[0] == "--help" || args[0] == "-h" {
		help(p.stdout)
		return nil
	}
	cmd, rest, err := find(args)
	if err != nil {
		return err
	}
	return cmd.start(ctx, rest, p)
}

// find looks the command up by its first one or two words.
func find(args []string) (command, []string, error) {
	var names []string
	for _, c := range commands() {
		words := strings.Fields(c.name)
		if len(args) >= len(words) && strings.Join(args[:len(words)], " ") == c.name {
			return c, args[len(words):], nil
		}
		names = append(names, c.name)
	}
	typed := args[0]
	if group := groupOf(typed); len(group) > 0 {
		return command{}, nil, usagef("%q needs one of: %s", typed, strings.Join(group, ", "))
	}
	return command{}, nil, usagef("unknown command %q%s; `deskbell help` lists all", typed, didYouMean(typed, names))
}

func groupOf(word string) []string {
	var out []string
	for _, c := range commands() {
		if first, second, ok := strings.Cut(c.name, " "); ok && first == word {
			out = append(out, second)
		}
	}
	return out
}

// start reads options and flags, then runs the command.
func (cmd command) start(ctx context.Context, args []string, p process) error {
	fs := flag.NewFlagSet(cmd.name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	given := bindOptions(fs, cmd.options)
	var own any
	if cmd.flags != nil {
		own = cmd.flags(fs)
	}
	if err := parseMixed(fs, args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			cmd.help(p.stdout, fs)
			return nil
		}
		return cmd.explain(err, fs)
	}
	cfg, err := loadConfig(given(), p.environ)
	if err != nil {
		return err
	}
	return cmd.run(ctx, call{process: p, config: cfg, own: own, args: fs.Args()})
}

// parseMixed lets options stand after arguments too ("faq check DIR --library X"), as people type them.
func parseMixed(fs *flag.FlagSet, args []string) error {
	var plain []string
	for {
		if err := fs.Parse(args); err != nil {
			return err
		}
		rest := fs.Args()
		if len(rest) == 0 {
			break
		}
		plain = append(plain, rest[0])
		args = rest[1:]
	}
	return fs.Parse(append([]string{"--"}, plain...))
}

func (cmd command) explain(err error, fs *flag.FlagSet) error {
	name, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !ok {
		return usagef("%s: %v; `deskbell %s --help` lists the options", cmd.name, err, cmd.name)
	}
	name = strings.TrimPrefix(name, "-")
	var names []string
	fs.VisitAll(func(f *flag.Flag) { names = append(names, f.Name) })
	return usagef("%s has no option --%s%s; `deskbell %s --help` lists them", cmd.name, name, didYouMean(name, names), cmd.name)
}

func (cmd command) help(w io.Writer, fs *flag.FlagSet) {
	fmt.Fprintf(w, "deskbell %s %s\n  %s\n", cmd.name, cmd.args, cmd.summary)
	fs.VisitAll(func(f *flag.Flag) {
		fmt.Fprintf(w, "\n  --%s", f.Name)
		if f.DefValue != "" && f.DefValue != "false" {
			fmt.Fprintf(w, " (default %s)", f.DefValue)
		}
		fmt.Fprintf(w, "\n      %s\n", f.Usage)
	})
}

func help(w io.Writer) {
	fmt.Fprint(w, "Deskbell: a self-hosted support assistant that starts with a bot and ends with a person.\n\n  deskbell COMMAND [options]\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-34s %s\n", strings.TrimSpace(c.name+" "+c.args), c.summary)
	}
	fmt.Fprint(w, "\n`deskbell COMMAND --help` lists a command's options. Exit codes: 0 done, 1 failed or problems found, 2 wrong use.\n")
}

// didYouMean suggests the nearest name, if one is near.
func didYouMean(typed string, names []string) string {
	best, dist := "", 4
	for _, n := range names {
		if d := editDistance(typed, n); d < dist {
			best, dist = n, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", best)
}

// editDistance is Levenshtein's.
func editDistance(a, b string) int {
	prev := make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diag := prev[0]
		prev[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			diag, prev[j] = prev[j], min(prev[j]+1, prev[j-1]+1, diag+cost)
		}
	}
	return prev[len(b)]
}
