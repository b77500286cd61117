package sqlstore

import (
	"context"
	"fmt"
	"strings"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/handoff"
)

const (
	sqlAddAgent = `INSERT INTO agents (id, login, name, role, disabled, created_at, password_hash) VALUES ($1, $2, $3, $4, $5, $6, $7)
	  ON CONFLICT DO NOTHING`

	sqlAgentColumns = `SELECT id, login, name, role, disabled, created_at, password_hash FROM agents `
	sqlAgent        = sqlAgentColumns + `WHERE id = $1`
	sqlAgentByLogin = sqlAgentColumns + `WHERE login = $1`
	sqlAgents       = sqlAgentColumns + `ORDER BY login`

	sqlSetPassword = `UPDATE agents SET password_hash = $1 WHERE id = $2`
	sqlSetDisabled = `UPDATE agents SET disabled = $1 WHERE id = $2`
)

// AddAgent implements handoff.Agents. The login is kept in lower case.
func (db *DB) AddAgent(ctx context.Context, a handoff.Agent, passwordHash string) error {
	a.Login = foldLogin(a.Login)
	if a.ID == "" || a.Login == "" {
		return fmt.Errorf("database: add agent: an agent needs an id and a login")
	}
	return db.write(ctx, "add agent "+a.Login, func(c *conn) error {
		n, err := c.exec(sqlAddAgent, a.ID, a.Login, a.Name, a.Role, a.Disabled, millis(a.CreatedAt), passwordHash)
		if err == nil && n == 0 {
			err = fmt.Errorf("the login exists: %w", bot.ErrConflict)
		}
		return err
	})
}

func foldLogin(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// AgentByLogin implements handoff.Agents; it finds disabled agents too.
func (db *DB) AgentByLogin(ctx context.Context, login string) (handoff.Agent, string, error) {
	return db.agent(ctx, sqlAgentByLogin, foldLogin(login))
}

// Agent implements handoff.Agents.
func (db *DB) Agent(ctx context.Context, id string) (handoff.Agent, error) {
	a, _, err := db.agent(ctx, sqlAgent, id)
	return a, err
}

func (db *DB) agent(ctx context.Context, query, arg string) (a handoff.Agent, hash string, err error) {
	err = db.read(ctx, "agent", func(c *conn) error {
		found, err := c.get(agentColumns(&a, &hash), query, arg)
		if err == nil && !found {
			err = bot.ErrNotFound
		}
		return err
	})
	return a, hash, err
}

func agentColumns(a *handoff.Agent, hash *string) []any {
	return into(&a.ID, &a.Login, &a.Name, &a.Role, &a.Disabled, asTime(&a.CreatedAt), hash)
}

// ListAgents implements handoff.Agents, by login.
func (db *DB) ListAgents(ctx context.Context) (out []handoff.Agent, err error) {
	err = db.read(ctx, "list agents", func(c *conn) error {
		out, err = collect(c, func(s scan) (a handoff.Agent, err error) {
			err = s(agentColumns(&a, new(string))...)
			return a, err
		}, sqlAgents)
		return err
	})
	return out, err
}

// SetPassword implements handoff.Agents.
func (db *DB) SetPassword(ctx context.Context, id, passwordHash string) error {
	return db.changeAgent(ctx, "set password", id, sqlSetPassword, passwordHash)
}

// SetDisabled implements handoff.Agents.
func (db *DB) SetDisabled(ctx context.Context, id string, disabled bool) error {
	return db.changeAgent(ctx, "set disabled", id, sqlSetDisabled, disabled)
}

func (db *DB) changeAgent(ctx context.Context, op, id, query string, value any) error {
	return db.write(ctx, op, func(c *conn) error {
		n, err := c.exec(query, value, id)
		if err == nil && n == 0 {
			err = fmt.Errorf("agent %s: %w", id, bot.ErrNotFound)
		}
		return err
	})
}
