package console

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/handoff"
)

func TestNewNeedsEverything(t *testing.T) {
	if _, err := New(Config{}); err == nil {
		t.Error("a console without a service was made")
	}
	w := newWorld(t)
	good := w.console(t, nil).c
	for _, u := range []string{"deskbell.example.com", "ftp://x.example", "https://", ":"} {
		c := good
		c.PublicURL = u
		if _, err := New(c); err == nil {
			t.Errorf("public URL %q was taken", u)
		}
	}
}

// wantAccess is the policy once more, by hand: the roles that may use each route.
func wantAccess(pattern string) string {
	_, path, _ := strings.Cut(pattern, " ")
	switch {
	case strings.HasPrefix(path, "/inbox"):
		return "agent lead admin"
	case strings.HasPrefix(path, "/console"):
		return "lead admin"
	}
	return "anybody agent lead admin"
}

func TestEveryRouteByEveryRole(t *testing.T) {
	w := fullWorld(t)
	k := w.console(t, func(c *Config) { c.DemoSignIn = []string{"li"} })
	close(w.done) // streams of events end at once
	logins := map[string]string{"agent": "li", "lead": "ana", "admin": "root"}
	users := map[string]*browser{"anybody": browse(t, k.Handler())}
	for role, login := range logins {
		users[role] = browse(t, k.Handler()).signIn(login)
	}
	for _, r := range k.routes() {
		method, path, _ := strings.Cut(r.pattern, " ")
		path = strings.NewReplacer("{id}", "h1", "{intent}", "refund").Replace(path)
		if path == "/logout" {
			continue // tested by itself: it ends the session
		}
		for role, b := range users {
			var form url.Values
			if method == http.MethodPost {
				form = url.Values{"text": {"hello"}, "login": {"li"}, "password": {"wrong wrong wrong"}}
			}
			res, _ := b.do(method, path, form)
			allowed := strings.Contains(wantAccess(r.pattern), role)
			switch {
			case allowed && res.StatusCode == http.StatusForbidden, allowed && toLogin(res):
				t.Errorf("%s refused to %s: %d", r.pattern, role, res.StatusCode)
			case !allowed && role == "anybody" && !toLogin(res):
				t.Errorf("%s open to anybody: %d", r.pattern, res.StatusCode)
			case !allowed && role != "anybody" && res.StatusCode != http.StatusForbidden:
				t.Errorf("%s open to %s: %d", r.pattern, role, res.StatusCode)
			}
			if path == "/login/demo" { // it has changed who this is
				users[role] = browse(t, k.Handler())
				if login := logins[role]; login != "" {
					users[role].signIn(login)
				}
			}
		}
	}
}

func toLogin(res *http.Response) bool {
	to := res.Header.Get("Location")
	return res.StatusCode == http.StatusSeeOther && (to == "/login" || strings.HasPrefix(to, "/login?"))
}

func TestPolicyDeniesUnknownRoles(t *testing.T) {
	for _, a := range []access{agents, leads} {
		if a.allows("visitor") || a.allows("") {
			t.Errorf("access %d is open to an unknown role", a)
		}
	}
}

func TestScriptsGetAStatusInsteadOfTheSignInPage(t *testing.T) {
	b := browse(t, newWorld(t).console(t, nil).Handler())
	b.hdr["X-Part"] = "list"
	if res, _ := b.get("/inbox"); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("fragment: %d", res.StatusCode)
	}
	delete(b.hdr, "X-Part")
	b.hdr["Accept"] = "text/event-stream"
	if res, _ := b.get("/inbox/events"); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("stream: %d", res.StatusCode)
	}
}

func TestHeaders(t *testing.T) {
	w := newWorld(t)
	plain := browse(t, w.console(t, nil).Handler())
	secure := browse(t, w.console(t, func(c *Config) { c.PublicURL = "https://desk.example.com" }).Handler())
	for _, path := range []string{"/login", "/inbox", "/nowhere", "/static/app.css", "/static/nothing.js"} {
		res, _ := secure.get(path)
		want := map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
			"Strict-Transport-Security": "max-age=31536000; includeSubDomains", "X-Frame-Options": "DENY",
		}
		for k, v := range want {
			if got := res.Header.Get(k); got != v {
				t.Errorf("%s: %s = %q, want %q", path, k, got, v)
			}
		}
		csp := res.Header.Get("Content-Security-Policy")
		for _, must := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(csp, must) {
				t.Errorf("%s: the policy lacks %q", path, must)
			}
		}
		if strings.Contains(csp, "unsafe") || strings.Contains(csp, "http") || strings.Contains(csp, "*") {
			t.Errorf("%s: weak policy %q", path, csp)
		}
		if !strings.HasPrefix(path, "/static/") && res.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be cached: %q", path, res.Header.Get("Cache-Control"))
		}
		if res, _ := plain.get(path); res.Header.Get("Strict-Transport-Security") != "" {
			t.Errorf("%s: HSTS over plain HTTP", path)
		}
	}
}

func TestCrossOriginPostsAreRefused(t *testing.T) {
	w := fullWorld(t)
	b := browse(t, w.console(t, nil).Handler()).signIn("li")
	for name, hdr := range map[string]map[string]string{
		"other site":   {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example.net"},
		"sibling host": {"Sec-Fetch-Site": "same-site", "Origin": "https://other.example.com"},
		"old browser":  {"Origin": "https://evil.example.net"},
	} {
		for k, v := range hdr {
			b.hdr[k] = v
		}
		if res, _ := b.post("/inbox/h1/claim"); res.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d", name, res.StatusCode)
		}
		for k := range hdr {
			delete(b.hdr, k)
		}
	}
	if w.handoffs["h1"].Status != handoff.Waiting {
		t.Error("a foreign site claimed a conversation")
	}
	b.hdr["Sec-Fetch-Site"], b.hdr["Origin"] = "same-origin", b.base
	if res, _ := b.post("/inbox/h1/claim"); res.StatusCode != http.StatusSeeOther {
		t.Errorf("our own page: %d", res.StatusCode)
	}
}

func TestStatic(t *testing.T) {
	k := newWorld(t).console(t, nil)
	b := browse(t, k.Handler())
	for name, kind := range map[string]string{"app.css": "text/css; charset=utf-8", "app.js": "text/javascript; charset=utf-8",
		"inbox.js": "text/javascript; charset=utf-8", "fragment.js": "text/javascript; charset=utf-8", "favicon.svg": "image/svg+xml"} {
		address, err := k.static.url(name)
		if err != nil {
			t.Fatal(err)
		}
		res, body := b.get(address)
		if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != kind || body == "" {
			t.Errorf("%s: %d %q", name, res.StatusCode, res.Header.Get("Content-Type"))
		}
		if !strings.Contains(res.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s is not kept by browsers: %q", name, res.Header.Get("Cache-Control"))
		}
		res, _ = b.get("/static/" + name)
		if strings.Contains(res.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s without its hash would be kept for good", name)
		}
		b.hdr["If-None-Match"] = res.Header.Get("ETag")
		if res, _ = b.get("/static/" + name); res.StatusCode != http.StatusNotModified {
			t.Errorf("%s again: %d", name, res.StatusCode)
		}
		delete(b.hdr, "If-None-Match")
	}
	if _, err := k.static.url("nothing.js"); err == nil {
		t.Error("a file that does not exist has an address")
	}
	for _, path := range []string{"/static/", "/static/../pages.go", "/static/templates/login.html", "/static/nope.css"} {
		if res, _ := b.get(path); res.StatusCode == http.StatusOK {
			t.Errorf("%s is served", path)
		}
	}
}

func TestPaths(t *testing.T) {
	got := newWorld(t).console(t, nil).Paths()
	for _, want := range []string{"/login", "/login/", "/logout", "/inbox", "/inbox/", "/console", "/console/", "/preferences", "/static/"} {
		if !slices.Contains(got, want) {
			t.Errorf("%s is missing from %v", want, got)
		}
	}
	if slices.Contains(got, "/") {
		t.Errorf("the console takes the whole host: %v", got)
	}
}

func TestErrorsAreWordedAndLoggedOnce(t *testing.T) {
	w := fullWorld(t)
	k := w.console(t, nil)
	b := browse(t, k.Handler()).signIn("root")
	res, body := b.get("/inbox/nope")
	if res.StatusCode != http.StatusNotFound || !strings.Contains(body, "does not exist") {
		t.Errorf("missing: %d", res.StatusCode)
	}
	w.log.Reset()
	w.fail = bot.ErrUnavailable
	res, body = b.get("/console")
	if res.StatusCode != http.StatusServiceUnavailable || !strings.Contains(body, "database does not answer") {
		t.Errorf("unavailable: %d %s", res.StatusCode, body)
	}
	id := regexp.MustCompile(`[0-9a-f]{8}`).FindString(body[strings.Index(body, "this number"):])
	if n := strings.Count(w.log.String(), "level=ERROR"); n != 1 || !strings.Contains(w.log.String(), id) {
		t.Errorf("%d errors logged, id %s: %s", n, id, w.log.String())
	}
}

func TestLargeBodiesAreRefused(t *testing.T) {
	b := browse(t, fullWorld(t).console(t, nil).Handler()).signIn("li")
	if res, _ := b.post("/inbox/h4/reply", "text", strings.Repeat("x", maxForm+1)); res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("too large: %d", res.StatusCode)
	}
}
