package webchat

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/intents/lang"
)

func TestPageHeaders(t *testing.T) {
	b := newBench(t, Config{AllowedOrigins: []string{"https://shop.example", "https://*.okpay.example"}})
	frame := b.do(http.MethodGet, "/webchat", "", "")
	csp := frame.header.Get("Content-Security-Policy")
	for _, want := range []string{
		"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "base-uri 'none'", "form-action 'none'",
		"frame-ancestors 'self' https://shop.example https://*.okpay.example", "require-trusted-types-for 'script'",
	} {
		if !strings.Contains(csp, want) {
			t.Errorf("no %q in %q", want, csp)
		}
	}
	if strings.Contains(csp, "unsafe") {
		t.Error(csp)
	}
	for h, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "cross-origin"} {
		if got := frame.header.Get(h); got != want {
			t.Errorf("%s: %q", h, got)
		}
	}
	full := b.do(http.MethodGet, "/webchat/full", "", "")
	if csp := full.header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors 'self';") {
		t.Error(csp)
	}
	open := newBench(t, Config{}).do(http.MethodGet, "/webchat", "", "")
	if csp := open.header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors * ") {
		t.Error(csp)
	}
}

var (
	inline = regexp.MustCompile(`(?i)<script[^>]*>[^<]|<style|\sstyle=|\son[a-z]+=|javascript:`)
	linked = regexp.MustCompile(`(?:href|src)="([^"]*static/[^"]+)"`)
)

func TestPageIsNeverInlineAndItsAssetsAreThere(t *testing.T) {
	b := newBench(t, Config{Title: map[lang.Tag]string{lang.En: `A "quoted" <b>title</b>`}})
	for path, base := range map[string]string{"/webchat": "/", "/webchat/full": "/webchat/"} {
		page := b.do(http.MethodGet, path, "", "")
		if m := inline.FindString(page.body); m != "" || strings.Contains(page.body, "<b>title") {
			t.Errorf("%s: inline %q", path, m)
		}
		links := linked.FindAllStringSubmatch(page.body, -1)
		if len(links) < 3 {
			t.Fatalf("%s: only %d assets", path, len(links))
		}
		for _, l := range links {
			got := b.do(http.MethodGet, base+l[1], "", "")
			if got.status != http.StatusOK || !strings.Contains(got.header.Get("Cache-Control"), "immutable") {
				t.Errorf("%s: %d %s", l[1], got.status, got.header.Get("Cache-Control"))
			}
		}
	}
}

func TestStatic(t *testing.T) {
	b := newBench(t, Config{})
	loader := b.do(http.MethodGet, "/widget.js", "", "")
	if loader.status != http.StatusOK || !strings.HasPrefix(loader.header.Get("Content-Type"), "text/javascript") {
		t.Errorf("%d %v", loader.status, loader.header)
	}
	if got := loader.header.Get("Cross-Origin-Resource-Policy"); got != "cross-origin" {
		t.Errorf("hosts with COEP could not load it: %q", got)
	}
	again := b.do(http.MethodGet, "/widget.js", "", "", "If-None-Match", `W/"x", `+loader.header.Get("ETag"))
	if again.status != http.StatusNotModified || again.body != "" {
		t.Errorf("%d", again.status)
	}
	if old := b.do(http.MethodGet, "/webchat/static/0123456789abcdef/app.js", "", ""); old.status != http.StatusOK || old.header.Get("Cache-Control") != "no-cache" {
		t.Errorf("another release's page: %d %s", old.status, old.header.Get("Cache-Control"))
	}
	for _, path := range []string{"/webchat/static/x/page.html", "/webchat/static/x/nothing.js", "/webchat/static/x/..%2fwebchat.go", "/webchat/nothing"} {
		if got := b.do(http.MethodGet, path, "", ""); got.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, got.status)
		}
	}
	if got := b.do(http.MethodGet, "/webchat/messages", alice, ""); got.status != http.StatusMethodNotAllowed {
		t.Errorf("GET changes nothing: %d", got.status)
	}
}

// The widget must stay small: the loader is on every page of the host.
func TestSizes(t *testing.T) {
	b := newBench(t, Config{})
	if n := len(b.do(http.MethodGet, "/widget.js", "", "").body); n > 14<<10 {
		t.Errorf("widget.js has %d bytes", n)
	}
	total := 0
	for _, f := range []string{"app.js", "client.js", "view.js", "host.js", "ids.js", "strings.js", "app.css"} {
		total += len(b.do(http.MethodGet, "/webchat/static/x/"+f, "", "").body)
	}
	if total > 64<<10 {
		t.Errorf("the chat has %d bytes", total)
	}
}

func TestCORS(t *testing.T) {
	listed := newBench(t, Config{AllowedOrigins: []string{"https://shop.example", "https://*.okpay.example", "capacitor:"}})
	for origin, want := range map[string]string{
		"https://shop.example":           "https://shop.example",
		"https://a.okpay.example":        "https://a.okpay.example",
		"capacitor://localhost":          "capacitor://localhost",
		"https://okpay.example":          "",
		"https://shop.example.evil.test": "",
		"https://evil-okpay.example":     "",
		"http://shop.example":            "",
		"https://evil.test":              "",
		"null":                           "",
	} {
		got := listed.do(http.MethodOptions, "/webchat/messages", "", "", "Origin", origin)
		if a := got.header.Get("Access-Control-Allow-Origin"); a != want || got.status != http.StatusNoContent {
			t.Errorf("%s: %d %q", origin, got.status, a)
		}
		if (want == "") == (got.header.Get("Access-Control-Allow-Headers") != "") {
			t.Errorf("%s: headers %q", origin, got.header.Get("Access-Control-Allow-Headers"))
		}
	}
	open := newBench(t, Config{}).do(http.MethodGet, "/webchat/events", alice, "", "Origin", "https://any.example", "Accept", "application/json")
	if open.header.Get("Access-Control-Allow-Origin") != "*" || open.header.Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("%v", open.header)
	}
}

// Every word of the widget stands in every language.
func TestStringsAreComplete(t *testing.T) {
	src := newBench(t, Config{}).do(http.MethodGet, "/webchat/static/x/strings.js", "", "").body
	key := regexp.MustCompile(`(?m)(?:^  |^    |, )(\w+): `)
	keys := func(name string) string {
		_, rest, ok := strings.Cut(src, "const "+name+" = {\n")
		block, _, end := strings.Cut(rest, "\n};")
		if !ok || !end {
			t.Fatalf("no block %s", name)
		}
		var out []string
		for _, m := range key.FindAllStringSubmatch(block, -1) {
			out = append(out, m[1])
		}
		return strings.Join(out, " ")
	}
	en := keys("en")
	if len(strings.Fields(en)) < 30 {
		t.Fatalf("only found %q", en)
	}
	for _, name := range []string{"hans", "hant"} {
		if got := keys(name); got != en {
			t.Errorf("%s has\n%s\nand en\n%s", name, got, en)
		}
	}
}
