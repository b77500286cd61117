package main

import (
	"context"
	"fmt"

	"github.com/deskbell/deskbell/bot/sqlstore"
)

// runBackup writes a consistent copy of the database, also while a server runs on it, and checks the copy.
func runBackup(ctx context.Context, c call) error {
	if len(c.args) != 1 {
		return usagef("backup needs one argument: the new file, e.g. deskbell-2026-11-23.db")
	}
	if err := sqlstore.Backup(ctx, c.config.get("database"), c.args[0]); err != nil {
		return err
	}
	if err := sqlstore.Check(ctx, c.args[0]); err != nil {
		return fmt.Errorf("the backup was written and is not sound: %w", err)
	}
	fmt.Fprintf(c.stdout, "%s is a checked copy of %s\n", c.args[0], c.config.get("database"))
	return nil
}
