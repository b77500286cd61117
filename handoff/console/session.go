package console

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/handoff"
)

// Life of a session.
const (
	sessionLife = 7 * 24 * time.Hour // since sign-in
	sessionIdle = 12 * time.Hour     // since the last page
	seenEvery   = 5 * time.Minute    // how exactly the last page is remembered: a write per page would be too many
)

// Keys of a session's values.
const (
	keyLogin = "login"
	keyStamp = "stamp" // of the password hash: a new password ends the sessions made with the old one
	keySeen  = "seen"  // Unix seconds
)

// newSessions sets up scs. The idle time is kept by identify, because scs would write the session on every request.
func newSessions(store scs.Store, secure bool, failed func(http.ResponseWriter, *http.Request, error)) *scs.SessionManager {
	m := scs.New()
	m.Store = store
	m.Lifetime = sessionLife
	m.HashTokenInStore = true
	m.ErrorFunc = failed
	m.Cookie.Name = "deskbell"
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Path = "/"
	if secure {
		m.Cookie.Name = "__Host-deskbell"
		m.Cookie.Secure = true
	}
	return m
}

// sessionFailed answers when the session store does not.
func (k *Console) sessionFailed(w http.ResponseWriter, r *http.Request, err error) {
	k.fail(k.newVisit(w, r), fmt.Errorf("session: %w", errors.Join(bot.ErrUnavailable, err)))
}

// identify fills in who visits. A session that is idle, of a disabled agent or of an earlier password is ended.
func (k *Console) identify(v *visit) error {
	a, ok, err := k.agentOf(v.Context())
	if err != nil {
		return err
	}
	if ok {
		v.agent, v.signedIn = a, true
		if v.now.Sub(time.Unix(k.sessions.GetInt64(v.Context(), keySeen), 0)) > seenEvery {
			k.sessions.Put(v.Context(), keySeen, v.now.Unix())
		}
		return nil
	}
	if k.sessions.Exists(v.Context(), keyLogin) {
		if err := k.sessions.Destroy(v.Context()); err != nil {
			return fmt.Errorf("end session: %w", err)
		}
	}
	return nil
}

// agentOf returns the agent whom the loaded session belongs to, if it still counts.
func (k *Console) agentOf(ctx context.Context) (handoff.Agent, bool, error) {
	login := k.sessions.GetString(ctx, keyLogin)
	if login == "" || k.c.Now().Sub(time.Unix(k.sessions.GetInt64(ctx, keySeen), 0)) > sessionIdle {
		return handoff.Agent{}, false, nil
	}
	a, hash, err := k.c.Agents.AgentByLogin(ctx, login)
	switch {
	case errors.Is(err, bot.ErrNotFound):
		return handoff.Agent{}, false, nil
	case err != nil:
		return handoff.Agent{}, false, fmt.Errorf("agent of the session: %w", err)
	}
	return a, !a.Disabled && stamp(hash) == k.sessions.GetString(ctx, keyStamp), nil
}

// startSession signs the agent in under a new token, so that a token planted before is worth nothing.
func (k *Console) startSession(v *visit, a handoff.Agent, hash string) error {
	ctx := v.Context()
	if err := errors.Join(k.sessions.Clear(ctx), k.sessions.RenewToken(ctx)); err != nil {
		return fmt.Errorf("start session: %w", err)
	}
	k.sessions.Put(ctx, keyLogin, a.Login)
	k.sessions.Put(ctx, keyStamp, stamp(hash))
	k.sessions.Put(ctx, keySeen, v.now.Unix())
	k.c.Log.Info("agent signed in", "agent", a.ID)
	return nil
}

func stamp(hash string) string {
	sum := sha256.Sum256([]byte(hash))
	return hex.EncodeToString(sum[:8])
}

// askToSignIn sends a person to the sign-in page and back afterwards; a script gets the status only.
func (k *Console) askToSignIn(v *visit) {
	if v.part() != "" || strings.Contains(v.Header.Get("Accept"), "text/event-stream") {
		http.Error(v.w, "sign in", http.StatusUnauthorized)
		return
	}
	to := "/login"
	if v.Method == http.MethodGet {
		to += "?next=" + safeNext(v.URL.Path)
	}
	http.Redirect(v.w, v.Request, to, http.StatusSeeOther)
}

// safeNext keeps a page to go to after signing in only if it is one of ours.
func safeNext(path string) string {
	for _, top := range []string{"/inbox", "/console"} {
		rest, ok := strings.CutPrefix(path, top)
		if ok && (rest == "" || rest[0] == '/') && !strings.ContainsAny(rest, "?#&\\% \t\r\n") && !strings.Contains(rest, "//") {
			return path
		}
	}
	return "/inbox"
}
