package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/deskbell/deskbell/bot/guard"
)

// querier is what *sql.DB and *sql.Tx have in common.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// conn runs statements, within the writer's transaction or on a reading connection.
type conn struct {
	ctx   context.Context
	q     querier
	d     *dialect
	scrub bool // set by who erases: the write-ahead log is emptied after the commit
}

// scan reads the columns of a row.
type scan func(dest ...any) error

// exec runs a statement and returns the number of rows it changed.
func (c *conn) exec(query string, args ...any) (int64, error) {
	r, err := c.q.ExecContext(c.ctx, c.d.bind(query), args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// get reads at most one row; found is false when there is none.
func (c *conn) get(dest []any, query string, args ...any) (found bool, err error) {
	err = c.q.QueryRowContext(c.ctx, c.d.bind(query), args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// each calls fn for every row.
func (c *conn) each(fn func(scan) error, query string, args ...any) error {
	rows, err := c.q.QueryContext(c.ctx, c.d.bind(query), args...)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err below says what matters
	for rows.Next() {
		if err := fn(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// collect reads every row into a slice.
func collect[T any](c *conn, one func(scan) (T, error), query string, args ...any) ([]T, error) {
	var out []T
	err := c.each(func(s scan) error {
		v, err := one(s)
		out = append(out, v)
		return err
	}, query, args...)
	return out, err
}

// into names where the columns of a row go.
func into(dest ...any) []any { return dest }

// jsonColumn stores a value as JSON, or reads it when v is a pointer.
type jsonColumn struct{ v any }

func asJSON(v any) jsonColumn { return jsonColumn{v} }

// Value implements driver.Valuer.
func (j jsonColumn) Value() (driver.Value, error) {
	b, err := json.Marshal(j.v)
	return string(b), err
}

// Scan implements sql.Scanner.
func (j jsonColumn) Scan(src any) error {
	switch s := src.(type) {
	case string:
		if s == "" {
			return nil
		}
		return json.Unmarshal([]byte(s), j.v)
	case []byte:
		if len(s) == 0 {
			return nil
		}
		return json.Unmarshal(s, j.v)
	}
	return fmt.Errorf("a JSON column holds %T", src)
}

// millis is a time as stored: milliseconds UTC, 0 for the zero time.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// timeColumn reads a time as stored.
type timeColumn struct{ t *time.Time }

func asTime(t *time.Time) timeColumn { return timeColumn{t} }

// Scan implements sql.Scanner.
func (c timeColumn) Scan(src any) error {
	n, ok := src.(int64)
	if !ok {
		return fmt.Errorf("a time column holds %T", src)
	}
	*c.t = time.Time{}
	if n != 0 {
		*c.t = time.UnixMilli(n).UTC()
	}
	return nil
}

// expectColumn is a guard state as stored: JSON, "" for one that expects nothing.
type expectColumn struct{ st *guard.State }

// Value implements driver.Valuer.
func (e expectColumn) Value() (driver.Value, error) {
	if e.st.Expect == "" {
		return "", nil
	}
	return jsonColumn{e.st}.Value()
}

// Scan implements sql.Scanner.
func (e expectColumn) Scan(src any) error { return jsonColumn{e.st}.Scan(src) }
