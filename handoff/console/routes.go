package console

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/handoff"
	"github.com/deskbell/deskbell/intents/lang"
)

// access says who may use a route.
type access int

// The policy: agents see the inbox, leads and admins the console as well. What is not in routes does not exist.
const (
	everyone access = iota // signed in or not
	agents                 // every role
	leads                  // lead and admin
)

// allows is the whole policy about roles.
func (a access) allows(r handoff.Role) bool {
	switch r {
	case handoff.RoleLead, handoff.RoleAdmin:
		return true
	case handoff.RoleAgent:
		return a != leads
	default:
		return a == everyone
	}
}

type route struct {
	pattern string
	access  access
	serve   func(*visit) error
}

// routes is every page of the desk.
func (k *Console) routes() []route {
	return []route{
		{"GET /login", everyone, k.showLogin},
		{"POST /login", everyone, k.login},
		{"POST /login/demo", everyone, k.demoLogin},
		{"POST /logout", everyone, k.logout},
		{"POST /preferences", everyone, k.savePreferences},

		{"GET /inbox", agents, k.showInbox},
		{"GET /inbox/events", agents, k.streamEvents},
		{"GET /inbox/{id}", agents, k.showConversation},
		{"POST /inbox/{id}/claim", agents, k.claim},
		{"POST /inbox/{id}/reply", agents, k.reply},
		{"POST /inbox/{id}/note", agents, k.note},
		{"POST /inbox/{id}/return", agents, k.giveBack},
		{"POST /inbox/{id}/resolve", agents, k.resolve},

		{"GET /console", leads, k.showOverview},
		{"GET /console/library", leads, k.showLibrary},
		{"GET /console/library/{intent}", leads, k.showEntry},
		{"GET /console/contacts", leads, k.showContacts},
		{"GET /console/try", leads, k.showTry},
		{"POST /console/try", leads, k.try},
	}
}

// Handler serves every route and /static/.
func (k *Console) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, r := range k.routes() {
		mux.Handle(r.pattern, k.guarded(r))
	}
	mux.Handle("/", k.guarded(route{"/", everyone, func(*visit) error { return bot.ErrNotFound }}))
	pages := k.csrf.Handler(k.sessions.LoadAndSave(mux))

	all := http.NewServeMux()
	all.Handle("GET /static/{file}", k.static)
	all.Handle("/", pages)
	return k.secured(all)
}

// maxForm is the largest request body in bytes: a long reply in three-byte characters, percent-encoded, and then some.
const maxForm = 256 << 10

// guarded turns a route into a handler: it finds out who visits, holds the policy, and answers errors in one place.
func (k *Console) guarded(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		v := k.newVisit(w, r)
		err := k.identify(v)
		switch {
		case err != nil:
		case rt.access != everyone && !v.signedIn:
			k.askToSignIn(v)
			return
		case rt.access != everyone && !rt.access.allows(v.agent.Role):
			k.c.Log.Warn("page refused", "agent", v.agent.ID, "role", string(v.agent.Role), "route", rt.pattern)
			err = bot.ErrForbidden
		default:
			err = rt.serve(v)
		}
		if err != nil {
			k.fail(v, err)
		}
	})
}

// visit is one request and who makes it, in which language.
type visit struct {
	*http.Request
	w        http.ResponseWriter
	now      time.Time
	agent    handoff.Agent
	signedIn bool
	tag      lang.Tag
	theme    string // "", "light" or "dark"
	zone     *time.Location
}

// part is the fragment a script asks for, "" for a whole page.
func (v *visit) part() string { return v.Header.Get("X-Part") }

// redirect sends the browser on after a form.
func (v *visit) redirect(to string) error {
	http.Redirect(v.w, v.Request, to, http.StatusSeeOther)
	return nil
}

// secured sets the headers that every answer carries.
func (k *Console) secured(next http.Handler) http.Handler {
	const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; " +
		"base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types deskbell"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", csp)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
		h.Set("Cache-Control", "no-store")
		if k.secure {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		next.ServeHTTP(w, r)
	})
}

// fail answers an error with a page, and logs it once when it is ours, with an id that the page shows.
func (k *Console) fail(v *visit, err error) {
	status, key, id := http.StatusInternalServerError, "error.internal", ""
	var tooLarge *http.MaxBytesError
	switch {
	case errors.Is(err, bot.ErrNotFound):
		status, key = http.StatusNotFound, "error.notfound"
	case errors.Is(err, bot.ErrForbidden):
		status, key = http.StatusForbidden, "error.forbidden"
	case errors.Is(err, bot.ErrConflict):
		status, key = http.StatusConflict, "error.conflict"
	case errors.As(err, &tooLarge):
		status, key = http.StatusRequestEntityTooLarge, "error.large"
	case errors.Is(err, context.Canceled):
		return // the browser has gone
	case errors.Is(err, bot.ErrUnavailable):
		status, key = http.StatusServiceUnavailable, "error.unavailable"
	}
	if status >= http.StatusInternalServerError {
		id = fmt.Sprintf("%08x", rand.Uint32())
		k.c.Log.Error("page failed", "id", id, "method", v.Method, "pattern", v.Pattern, "err", err)
	}
	k.render(v, status, "error", errorPage{Key: key, ID: id})
}

type errorPage struct {
	Key string
	ID  string // to find it in the log; "" when it is not ours
}
