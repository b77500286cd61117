package console

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestLogin(t *testing.T) {
	b := browse(t, newWorld(t).console(t, nil).Handler())
	res, _ := b.get("/inbox")
	if to := res.Header.Get("Location"); to != "/login?next=/inbox" {
		t.Fatalf("not asked to sign in: %q", to)
	}
	if _, body := b.get("/login?next=/inbox"); !strings.Contains(body, `data-testid="sign-in"`) || strings.Contains(body, "demo") {
		t.Errorf("sign-in page: %s", body)
	}
	res, _ = b.post("/login", "login", " LI ", "password", password, "next", "/inbox/h1")
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/inbox/h1" {
		t.Errorf("signed in: %d to %q", res.StatusCode, res.Header.Get("Location"))
	}
	if res, _ := b.get("/login"); res.Header.Get("Location") != "/inbox" {
		t.Errorf("the sign-in page is shown to somebody signed in: %d", res.StatusCode)
	}
	if res, _ := b.post("/logout"); res.Header.Get("Location") != "/login" {
		t.Errorf("signed out: %d", res.StatusCode)
	}
	if res, _ := b.get("/inbox"); res.StatusCode != http.StatusSeeOther {
		t.Errorf("the inbox after signing out: %d", res.StatusCode)
	}
}

func TestRefusedLoginsLookAlike(t *testing.T) {
	w := newWorld(t)
	b := browse(t, w.console(t, nil).Handler())
	var pages []string
	for _, try := range [][2]string{{"li", "wrong wrong wrong"}, {"nobody", password}, {"gone", password}} {
		res, body := b.post("/login", "login", try[0], "password", try[1])
		if res.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: %d", try[0], res.StatusCode)
		}
		pages = append(pages, strings.ReplaceAll(body, `value="`+try[0]+`"`, ""))
	}
	if pages[0] != pages[1] || pages[1] != pages[2] {
		t.Error("the answers differ between a wrong password, an unknown login and a disabled agent")
	}
	if !strings.Contains(pages[0], "do not match") || strings.Contains(pages[0], "wrong wrong") {
		t.Errorf("the error is unclear, or gives the password back: %s", pages[0])
	}
	if log := w.log.String(); strings.Contains(log, "nobody") || strings.Contains(log, password) {
		t.Errorf("what was typed is in the log: %s", log)
	}
}

func TestLoginIsSlowedDown(t *testing.T) {
	w := newWorld(t)
	b := browse(t, w.console(t, nil).Handler())
	var last *http.Response
	var body string
	for range 12 {
		if last, body = b.post("/login", "login", "li", "password", "x"); last.StatusCode == http.StatusTooManyRequests {
			break
		}
	}
	if last.StatusCode != http.StatusTooManyRequests || last.Header.Get("Retry-After") == "" || !strings.Contains(body, "Too many attempts") {
		t.Fatalf("no limit: %d", last.StatusCode)
	}
	if res, _ := b.post("/login", "login", "li", "password", password); res.StatusCode != http.StatusTooManyRequests {
		t.Errorf("the right password jumps the limit: %d", res.StatusCode)
	}
	w.advance(time.Minute)
	if res, _ := b.post("/login", "login", "li", "password", password); res.StatusCode != http.StatusSeeOther {
		t.Errorf("locked out for good: %d", res.StatusCode)
	}
}

func (w *world) advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock = w.clock.Add(d)
}

func TestSessionCookie(t *testing.T) {
	for _, secure := range []bool{false, true} {
		k := newWorld(t).console(t, func(c *Config) {
			if secure {
				c.PublicURL = "https://desk.example.com"
			}
		})
		b := browse(t, k.Handler())
		b.http.Jar = nil
		res, _ := b.post("/login", "login", "li", "password", password)
		var c *http.Cookie
		for _, got := range res.Cookies() {
			c = got
		}
		want := map[bool]string{false: "deskbell", true: "__Host-deskbell"}[secure]
		if c == nil || c.Name != want || !c.HttpOnly || c.Secure != secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || len(c.Value) < 32 {
			t.Errorf("secure %v: cookie %+v", secure, c)
		}
	}
}

// A token that somebody planted before the sign-in is worth nothing after it.
func TestTokenChangesAtSignIn(t *testing.T) {
	b := browse(t, newWorld(t).console(t, nil).Handler())
	token := func() string {
		req, err := http.NewRequest(http.MethodGet, b.base, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range b.http.Jar.Cookies(req.URL) {
			if c.Name == "deskbell" {
				return c.Value
			}
		}
		return ""
	}
	first := func() string { b.signIn("li"); return token() }()
	second := func() string { b.signIn("li"); return token() }()
	if first == "" || first == second {
		t.Errorf("token %q stays", first)
	}
}

func TestSessionsEnd(t *testing.T) {
	tests := map[string]func(w *world){
		"idle for 12 hours":  func(w *world) { w.advance(sessionIdle + time.Minute) },
		"agent disabled":     func(w *world) { w.change("li", func(p *person) { p.Disabled = true }) },
		"password changed":   func(w *world) { w.change("li", func(p *person) { p.hash = "other" }) },
		"agent removed":      func(w *world) { w.change("li", func(p *person) { p.Login = "x" }) },
		"session was wanted": nil,
	}
	for name, end := range tests {
		w := newWorld(t)
		b := browse(t, w.console(t, nil).Handler()).signIn("li")
		if end != nil {
			end(w)
		}
		want := map[bool]int{true: http.StatusOK, false: http.StatusSeeOther}[end == nil]
		if res, _ := b.get("/inbox"); res.StatusCode != want {
			t.Errorf("%s: %d, want %d", name, res.StatusCode, want)
		}
	}
}

func (w *world) change(login string, change func(*person)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.people {
		if w.people[i].Login == login {
			change(&w.people[i])
		}
	}
}

func TestSessionLivesWhileUsed(t *testing.T) {
	w := newWorld(t)
	b := browse(t, w.console(t, nil).Handler()).signIn("li")
	for range 5 {
		w.advance(sessionIdle - time.Hour)
		if res, _ := b.get("/inbox"); res.StatusCode != http.StatusOK {
			t.Fatalf("ended though it was in use: %d", res.StatusCode)
		}
	}
}

func TestStoreHoldsHashedTokens(t *testing.T) {
	k := newWorld(t).console(t, nil)
	b := browse(t, k.Handler())
	res, _ := b.post("/login", "login", "li", "password", password)
	for _, c := range res.Cookies() {
		if _, found, err := k.sessions.Store.Find(c.Value); found || err != nil {
			t.Errorf("the cookie itself is a key of the store (%v): a copy of the database is a set of keys", err)
		}
	}
}

func TestDemoSignIn(t *testing.T) {
	w := newWorld(t)
	serve := browse(t, w.console(t, nil).Handler())
	if res, _ := serve.post("/login/demo", "login", "root"); res.StatusCode != http.StatusNotFound {
		t.Errorf("serve signs in without a password: %d", res.StatusCode)
	}
	demo := browse(t, w.console(t, func(c *Config) { c.DemoSignIn = []string{"li", "gone"} }).Handler())
	if _, body := demo.get("/login"); !strings.Contains(body, `data-testid="demo-li"`) || !strings.Contains(body, "Sign in as Li") {
		t.Errorf("no button: %s", body)
	}
	for login, want := range map[string]int{"root": http.StatusNotFound, "gone": http.StatusForbidden, "li": http.StatusSeeOther} {
		if res, _ := demo.post("/login/demo", "login", login); res.StatusCode != want {
			t.Errorf("demo sign-in as %s: %d, want %d", login, res.StatusCode, want)
		}
	}
	if res, _ := demo.get("/inbox"); res.StatusCode != http.StatusOK {
		t.Errorf("the inbox after the demo's sign-in: %d", res.StatusCode)
	}
}

func TestSafeNext(t *testing.T) {
	for in, want := range map[string]string{
		"/inbox/h1": "/inbox/h1", "/console": "/console", "/console/library/a_b": "/console/library/a_b", "": "/inbox",
		"https://evil.example.net": "/inbox", "//evil.example.net": "/inbox", "/inboxes": "/inbox", "/inbox//evil": "/inbox",
		`/inbox/\evil`: "/inbox", "/inbox?x=1": "/inbox", "/logout": "/inbox", "/inbox/%2f": "/inbox", "/inbox/\n": "/inbox",
	} {
		if got := safeNext(in); got != want {
			t.Errorf("safeNext(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestPreferences(t *testing.T) {
	b := browse(t, newWorld(t).console(t, nil).Handler())
	if _, body := b.get("/login"); !strings.Contains(body, `<html lang="en">`) {
		t.Errorf("no English: %.200s", body)
	}
	res, _ := b.post("/preferences", "lang", "zh-Hans", "back", "/login")
	if res.Header.Get("Location") != "/login" {
		t.Errorf("back to %q", res.Header.Get("Location"))
	}
	b.post("/preferences", "theme", "dark", "back", "/login")
	if _, body := b.get("/login"); !strings.Contains(body, `<html lang="zh-Hans" data-theme="dark">`) || !strings.Contains(body, ">登录<") {
		t.Errorf("choices not kept: %.200s", body)
	}
	b.post("/preferences", "lang", "xx", "theme", "auto", "back", "https://evil.example.net")
	if _, body := b.get("/login"); !strings.Contains(body, `<html lang="zh-Hans">`) {
		t.Errorf("an unknown language was taken, or the theme was not reset: %.200s", body)
	}
}

func TestLanguageOfTheBrowser(t *testing.T) {
	b := browse(t, newWorld(t).console(t, nil).Handler())
	for accept, want := range map[string]string{"": "en", "de-DE,de;q=0.9": "en", "zh-CN,zh;q=0.9,en;q=0.8": "zh-Hans", "zh-TW": "zh-Hant",
		"zh-HK,en;q=0.5": "zh-Hant", "zh": "zh-Hans", "en-GB,zh;q=0.5": "en", ";;;": "en"} {
		b.hdr["Accept-Language"] = accept
		if _, body := b.get("/login"); !strings.Contains(body, `<html lang="`+want+`">`) {
			t.Errorf("%q: want %s, got %.80s", accept, want, body)
		}
	}
}

func TestTimeZone(t *testing.T) {
	for value, want := range map[string]string{"Asia%2FShanghai": "Asia/Shanghai", "Europe/Berlin": "Europe/Berlin", "": "UTC", "Local": "UTC",
		"..%2F..%2Fetc%2Fpasswd": "UTC", "%zz": "UTC", strings.Repeat("a", 100): "UTC"} {
		r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "/", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.AddCookie(&http.Cookie{Name: cookieZone, Value: value})
		if got := uiZone(r).String(); got != want {
			t.Errorf("zone %q = %s, want %s", value, got, want)
		}
	}
}

func TestRolesOfTheMenu(t *testing.T) {
	k := newWorld(t).console(t, nil)
	for login, sees := range map[string]bool{"li": false, "ana": true, "root": true} {
		_, body := browse(t, k.Handler()).signIn(login).get("/inbox")
		if strings.Contains(body, `href="/console"`) != sees {
			t.Errorf("%s: the console in the menu is %v", login, !sees)
		}
	}
}
