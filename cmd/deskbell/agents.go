package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/sqlstore"
	"github.com/deskbell/deskbell/handoff"
)

type agentOptions struct {
	name, role *string
	stdin      *bool
}

func agentFlags(fs *flag.FlagSet) any {
	return agentOptions{
		name:  fs.String("name", "", "the name users see (default: the login up to the @)"),
		role:  fs.String("role", "agent", "agent (inbox), lead or admin (inbox and console)"),
		stdin: passwordFlags(fs).(*bool),
	}
}

func passwordFlags(fs *flag.FlagSet) any {
	return fs.Bool("password-stdin", false, "read the password from the first line of standard input (default: make one and print it)")
}

// openStore opens the database of the configuration for a short command.
func openStore(ctx context.Context, c call) (*sqlstore.DB, error) {
	return sqlstore.Open(ctx, sqlstore.Options{Database: c.config.get("database"), Beside: true, Log: slog.New(slog.DiscardHandler), Now: time.Now})
}

func oneLogin(c call) (string, error) {
	if len(c.args) != 1 || strings.TrimSpace(c.args[0]) == "" {
		return "", usagef("give one login, e.g. mei or mei@example.com")
	}
	return strings.ToLower(strings.TrimSpace(c.args[0])), nil
}

// password reads one from standard input or makes one of 20 characters (about 100 bits).
func password(c call, stdin bool) (pw string, made bool, err error) {
	if !stdin {
		return rand.Text()[:20], true, nil
	}
	sc := bufio.NewScanner(c.stdin)
	if !sc.Scan() {
		return "", false, usagef("--password-stdin: standard input is empty")
	}
	return sc.Text(), false, sc.Err()
}

func runAgentsAdd(ctx context.Context, c call) error {
	login, err := oneLogin(c)
	if err != nil {
		return err
	}
	o := c.own.(agentOptions)
	role := handoff.Role(*o.role)
	if !slices.Contains([]handoff.Role{handoff.RoleAgent, handoff.RoleLead, handoff.RoleAdmin}, role) {
		return usagef("--role must be agent, lead or admin, not %q", *o.role)
	}
	pw, made, err := password(c, *o.stdin)
	if err != nil {
		return err
	}
	hash, err := handoff.NewPasswords().Hash(ctx, login, pw)
	if err != nil {
		return fmt.Errorf("agents add %s: %w", login, err)
	}
	db, err := openStore(ctx, c)
	if err != nil {
		return err
	}
	defer db.Close()
	a := handoff.Agent{ID: newID(), Login: login, Name: *o.name, Role: role, CreatedAt: time.Now()}
	if a.Name == "" {
		a.Name, _, _ = strings.Cut(login, "@") // users see it: an address is not theirs to know
	}
	if err := db.AddAgent(ctx, a, hash); err != nil {
		if errors.Is(err, bot.ErrConflict) {
			return fmt.Errorf("agents add: %s exists already; `deskbell agents password %s` sets a new password", login, login)
		}
		return err
	}
	fmt.Fprintf(c.stdout, "%s added as %s\n", login, role)
	printPassword(c, pw, made)
	return nil
}

func printPassword(c call, pw string, made bool) {
	if made {
		fmt.Fprintf(c.stdout, "password: %s\n(shown once; it is stored only as an argon2id hash)\n", pw)
	}
}

func runAgentsList(ctx context.Context, c call) error {
	db, err := openStore(ctx, c)
	if err != nil {
		return err
	}
	defer db.Close()
	agents, err := db.ListAgents(ctx)
	if err != nil {
		return err
	}
	if len(agents) == 0 {
		fmt.Fprintln(c.stdout, "nobody yet; `deskbell agents add LOGIN` adds one")
	}
	for _, a := range agents {
		state := ""
		if a.Disabled {
			state = "disabled"
		}
		fmt.Fprintf(c.stdout, "%-30s %-20s %-6s %s\n", a.Login, a.Name, a.Role, state)
	}
	return nil
}

func runAgentsPassword(ctx context.Context, c call) error {
	return withAgent(ctx, c, func(db *sqlstore.DB, a handoff.Agent) error {
		pw, made, err := password(c, *c.own.(*bool))
		if err != nil {
			return err
		}
		hash, err := handoff.NewPasswords().Hash(ctx, a.Login, pw)
		if err != nil {
			return fmt.Errorf("agents password %s: %w", a.Login, err)
		}
		if err := db.SetPassword(ctx, a.ID, hash); err != nil {
			return err
		}
		fmt.Fprintf(c.stdout, "%s has a new password\n", a.Login)
		printPassword(c, pw, made)
		return nil
	})
}

func runAgentsDisable(ctx context.Context, c call) error {
	return withAgent(ctx, c, func(db *sqlstore.DB, a handoff.Agent) error {
		if err := db.SetDisabled(ctx, a.ID, true); err != nil {
			return err
		}
		fmt.Fprintf(c.stdout, "%s is disabled\n", a.Login)
		return nil
	})
}

func withAgent(ctx context.Context, c call, do func(*sqlstore.DB, handoff.Agent) error) error {
	login, err := oneLogin(c)
	if err != nil {
		return err
	}
	db, err := openStore(ctx, c)
	if err != nil {
		return err
	}
	defer db.Close()
	a, _, err := db.AgentByLogin(ctx, login)
	if errors.Is(err, bot.ErrNotFound) {
		return fmt.Errorf("nobody has the login %s; `deskbell agents list` lists all", login)
	}
	if err != nil {
		return err
	}
	return do(db, a)
}
