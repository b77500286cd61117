package sqlstore

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/alexedwards/scs/v2"
)

const (
	sqlSession = `SELECT data FROM sessions WHERE token_hash = $1 AND expires_at > $2`

	sqlSetSession = `INSERT INTO sessions (token_hash, data, expires_at) VALUES ($1, $2, $3)
	  ON CONFLICT (token_hash) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at`

	sqlEndSession = `DELETE FROM sessions WHERE token_hash = $1`

	sqlExpireSessions = `DELETE FROM sessions WHERE expires_at <= $1`
)

// Sessions keeps web sessions for scs. Tokens are stored as their SHA-256: who reads the file cannot use them.
type Sessions struct{ db *DB }

var _ scs.CtxStore = Sessions{}

// Sessions returns the session store.
func (db *DB) Sessions() Sessions { return Sessions{db} }

func hashToken(token string) string {
	h := sha256.Sum256([]byte(token))
	return hex.EncodeToString(h[:])
}

// FindCtx implements scs.CtxStore.
func (s Sessions) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	err = s.db.read(ctx, "find session", func(c *conn) error {
		found, err = c.get(into(&data), sqlSession, hashToken(token), millis(s.db.now()))
		return err
	})
	return data, found, err
}

// CommitCtx implements scs.CtxStore; it also removes what has expired.
func (s Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	return s.db.write(ctx, "keep session", func(c *conn) error {
		if _, err := c.exec(sqlExpireSessions, millis(s.db.now())); err != nil {
			return err
		}
		_, err := c.exec(sqlSetSession, hashToken(token), data, millis(expiry))
		return err
	})
}

// DeleteCtx implements scs.CtxStore.
func (s Sessions) DeleteCtx(ctx context.Context, token string) error {
	return s.db.write(ctx, "end session", func(c *conn) error {
		_, err := c.exec(sqlEndSession, hashToken(token))
		return err
	})
}

// Find implements scs.Store.
func (s Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit implements scs.Store.
func (s Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete implements scs.Store.
func (s Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
