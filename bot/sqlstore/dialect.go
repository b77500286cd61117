package sqlstore

import (
	"strings"
	"sync"
)

// dialect is what differs between the databases that the one SQL text is written for. A second one (PostgreSQL) is
// another value: identity columns, BYTEA, "FOR UPDATE SKIP LOCKED", placeholders left alone.
type dialect struct {
	words *strings.Replacer // of the migrations and of {{skip}}
	bound sync.Map          // SQL text → as the driver wants it; the texts are constants, so it stays small
}

func sqliteDialect() *dialect {
	return &dialect{words: strings.NewReplacer(
		"{{serial}}", "INTEGER PRIMARY KEY AUTOINCREMENT",
		"{{bytes}}", "BLOB",
		"{{skip}}", "", // one writer: nobody to skip
		// SQLite takes $1 for a name and numbers names as they appear; ?1 is the first argument.
		"$", "?",
	)}
}

// bind puts the dialect's words into a statement.
func (d *dialect) bind(text string) string {
	if s, ok := d.bound.Load(text); ok {
		return s.(string)
	}
	s := d.words.Replace(text)
	d.bound.Store(text, s)
	return s
}
