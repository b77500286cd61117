package sqlstore

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/bot"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migration is one step of the schema, a file NNNN_name.sql.
type migration struct {
	number int
	name   string
	text   string
}

const (
	sqlMakeMigrations = `CREATE TABLE IF NOT EXISTS migrations (
	  number BIGINT PRIMARY KEY,
	  name   TEXT   NOT NULL,
	  at     BIGINT NOT NULL
	)`
	sqlSchemaNumber = `SELECT COALESCE(MAX(number), 0) FROM migrations`
	sqlAddMigration = `INSERT INTO migrations (number, name, at) VALUES ($1, $2, $3)`
	// sqlForeign finds somebody else's database.
	sqlForeign = `SELECT (SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%') > 0
	  AND (SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'migrations') = 0`
)

// migrate brings the schema up to date, each step in its own transaction. may is false next to a running server:
// then a schema that is not current is refused.
func migrate(ctx context.Context, db *sql.DB, d *dialect, may bool, now time.Time, log *slog.Logger) error {
	steps, err := migrations(migrationFiles)
	if err != nil {
		return err
	}
	have, err := schemaNumber(ctx, db)
	if err != nil {
		return err
	}
	if err := notNewer(have, len(steps)); err != nil {
		return err
	}
	if have < len(steps) && !may {
		return fmt.Errorf("the running server's database has schema %d, this Deskbell needs %d: restart the server with this version first: %w",
			have, len(steps), bot.ErrUnavailable)
	}
	for _, m := range steps[have:] {
		if err := m.apply(ctx, db, d, now); err != nil {
			return fmt.Errorf("migration %04d_%s: %w", m.number, m.name, err)
		}
		log.Info("database migrated", "number", m.number, "name", m.name)
	}
	return nil
}

func notNewer(have, newest int) error {
	if have > newest {
		return fmt.Errorf("the database has schema %d, this Deskbell knows schemas up to %d: use the newer Deskbell, "+
			"or restore a backup made by this one: %w", have, newest, bot.ErrUnavailable)
	}
	return nil
}

// notForeign refuses a database of another program.
func notForeign(ctx context.Context, db *sql.DB) error {
	var foreign bool
	if err := db.QueryRowContext(ctx, sqlForeign).Scan(&foreign); err != nil {
		return err
	}
	if foreign {
		return fmt.Errorf("the file is a database of another program: name another path: %w", bot.ErrUnavailable)
	}
	return nil
}

// schemaNumber is the number of the last migration applied, 0 for an empty file.
func schemaNumber(ctx context.Context, db *sql.DB) (int, error) {
	if err := notForeign(ctx, db); err != nil {
		return 0, err
	}
	if _, err := db.ExecContext(ctx, sqlMakeMigrations); err != nil {
		return 0, err
	}
	var n int
	err := db.QueryRowContext(ctx, sqlSchemaNumber).Scan(&n)
	return n, err
}

// apply runs the step and notes it. The context is not passed on: cancelled half-way, the driver would go on outside
// the transaction.
func (m migration) apply(ctx context.Context, db *sql.DB, d *dialect, now time.Time) error {
	ctx = context.WithoutCancel(ctx)
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, d.words.Replace(m.text)); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if _, err := tx.ExecContext(ctx, d.bind(sqlAddMigration), m.number, m.name, millis(now)); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// migrations reads the steps in order; their numbers are 1, 2, 3 … without a gap.
func migrations(fsys fs.FS) ([]migration, error) {
	files, err := fs.Glob(fsys, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var out []migration
	for i, f := range files { // Glob sorts by name
		number, name, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(f, "migrations/"), ".sql"), "_")
		if n, err := strconv.Atoi(number); err != nil || n != i+1 {
			return nil, fmt.Errorf("migration file %s: want number %d", f, i+1)
		}
		text, err := fs.ReadFile(fsys, f)
		if err != nil {
			return nil, err
		}
		out = append(out, migration{i + 1, name, string(text)})
	}
	return out, nil
}
