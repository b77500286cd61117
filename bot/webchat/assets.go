package webchat

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/intents/lang"
)

// The visitor's half. The files are served under a path that holds their common hash, so they can be cached for ever and
// the modules find each other by relative names.
//
//go:embed static
var embedded embed.FS

var (
	static       = must(fs.Sub(embedded, "static"))
	version      = must(hashOf(static))
	pageTemplate = template.Must(template.ParseFS(static, "page.html"))
)

// must is for what is compiled into the binary.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// hashOf is one hash over all files, names and contents.
func hashOf(fsys fs.FS) (string, error) {
	names, err := fs.Glob(fsys, "*")
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, n := range names { // sorted
		data, err := fs.ReadFile(fsys, n)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "%s %d\n", n, len(data))
		h.Write(data)
	}
	return hex.EncodeToString(h.Sum(nil))[:16], nil
}

// serveLoader serves widget.js, the one URL that host pages name; it changes with releases, so it is asked for again.
func serveLoader(w http.ResponseWriter, r *http.Request) {
	serveStatic(w, r, "widget.js", "public, max-age=300")
}

// serveAsset serves a file of the page. A page of another release (while servers are being replaced) gets this release's.
func serveAsset(w http.ResponseWriter, r *http.Request) {
	cache := "no-cache"
	if r.PathValue("version") == version {
		cache = "public, max-age=31536000, immutable"
	}
	serveStatic(w, r, r.PathValue("file"), cache)
}

func serveStatic(w http.ResponseWriter, r *http.Request, name, cache string) {
	data, err := fs.ReadFile(static, name)
	if err != nil || path.Ext(name) == ".html" {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	etag := `"` + version + `"`
	h.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	h.Set("Cache-Control", cache)
	h.Set("ETag", etag)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // host pages may demand it (COEP)
	if slices.Contains(strings.Split(strings.ReplaceAll(r.Header.Get("If-None-Match"), " ", ""), ","), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	// A client that has gone asks again.
	_, _ = w.Write(data)
}

// page serves the chat: mode "frame" inside a host page, which keeps the identity, or "full" as a page of its own. base is
// the relative way to /webchat/.
func (s *server) page(mode, base string) http.HandlerFunc {
	csp := pagePolicy(mode, s.cfg.AllowedOrigins)
	data := struct {
		Mode, Assets, Site            string
		TitleEn, TitleHans, TitleHant string
	}{mode, base + "static/" + version + "/", s.cfg.Site, s.title(lang.En), s.title(lang.ZhHans), s.title(lang.ZhHant)}
	return func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", csp)
		h.Set("Cache-Control", "no-cache")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		if mode == "frame" {
			h.Del("X-Frame-Options") // frame-ancestors says it better
		}
		if err := pageTemplate.Execute(w, data); err != nil {
			s.cfg.Logger.Info("webchat page not read to its end")
		}
	}
}

// title falls back to the written languages.
func (c *Channel) title(t lang.Tag) string {
	for _, t := range []lang.Tag{t, lang.ZhHans, lang.En} {
		if s := c.cfg.Title[t]; s != "" {
			return s
		}
	}
	return "Deskbell"
}

// pagePolicy is the page's Content-Security-Policy: nothing inline, nothing from elsewhere, framed by allowed hosts only.
func pagePolicy(mode string, allowed []string) string {
	ancestors := "'self'"
	if mode == "frame" {
		switch {
		case len(allowed) == 0: // "*" does not cover the schemes of apps' web views
			ancestors = "* file: data: capacitor: ionic: app:"
		default:
			ancestors += " " + strings.Join(allowed, " ")
		}
	}
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors " + ancestors +
		"; require-trusted-types-for 'script'; trusted-types 'none'"
}
