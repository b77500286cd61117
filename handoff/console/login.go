package console

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/handoff"
)

type loginPage struct {
	Login string
	Next  string
	Error string // key of a text, "" for none
	Wait  int    // seconds until the next attempt, with error "login.slow"
	Demo  []handoff.Agent
}

func (k *Console) showLogin(v *visit) error {
	if v.signedIn {
		return v.redirect(safeNext(v.URL.Query().Get("next")))
	}
	return k.renderLogin(v, http.StatusOK, loginPage{Next: safeNext(v.URL.Query().Get("next"))})
}

func (k *Console) renderLogin(v *visit, status int, p loginPage) error {
	for _, login := range k.c.DemoSignIn {
		a, _, err := k.c.Agents.AgentByLogin(v.Context(), login)
		if err != nil {
			return fmt.Errorf("demo sign-in: %w", err)
		}
		p.Demo = append(p.Demo, a)
	}
	k.render(v, status, "login", p)
	return nil
}

// login checks a password. An unknown login, a wrong password and a disabled agent look alike and take as long.
func (k *Console) login(v *visit) error {
	if err := v.ParseForm(); err != nil {
		return fmt.Errorf("login form: %w", err)
	}
	login := strings.ToLower(strings.TrimSpace(v.PostForm.Get("login")))
	p := loginPage{Login: login, Next: safeNext(v.PostForm.Get("next"))}
	if wait, ok := k.limiter.Allow(login, k.c.ClientIP(v.Request), v.now); !ok {
		p.Error, p.Wait = "login.slow", seconds(wait)
		v.w.Header().Set("Retry-After", strconv.Itoa(p.Wait))
		k.c.Log.Warn("sign-in slowed down")
		return k.renderLogin(v, http.StatusTooManyRequests, p)
	}
	a, hash, err := k.c.Agents.AgentByLogin(v.Context(), login)
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return fmt.Errorf("login: %w", err)
	}
	ok, err := k.passwords.Verify(v.Context(), hash, v.PostForm.Get("password"))
	if err != nil {
		return fmt.Errorf("login of agent %s: %w", a.ID, err)
	}
	if !ok || a.Disabled {
		// What was typed as login is not logged: people type their password there.
		k.c.Log.Warn("sign-in refused", "agent", a.ID)
		p.Error = "login.wrong"
		return k.renderLogin(v, http.StatusUnauthorized, p)
	}
	if err := k.startSession(v, a, hash); err != nil {
		return err
	}
	return v.redirect(p.Next)
}

// demoLogin signs in as one of the demo's invented people. Outside the demo the list is empty and nothing is found.
func (k *Console) demoLogin(v *visit) error {
	login := v.PostFormValue("login")
	if !slices.Contains(k.c.DemoSignIn, login) {
		return fmt.Errorf("demo sign-in: %w", bot.ErrNotFound)
	}
	a, hash, err := k.c.Agents.AgentByLogin(v.Context(), login)
	if err != nil {
		return fmt.Errorf("demo sign-in: %w", err)
	}
	if a.Disabled {
		return fmt.Errorf("demo sign-in: %w", bot.ErrForbidden)
	}
	if err := k.startSession(v, a, hash); err != nil {
		return err
	}
	return v.redirect(safeNext(v.PostForm.Get("next")))
}

func (k *Console) logout(v *visit) error {
	if err := k.sessions.Destroy(v.Context()); err != nil {
		return fmt.Errorf("logout: %w", err)
	}
	return v.redirect("/login")
}

func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }
