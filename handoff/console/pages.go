package console

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"net/http"

	"github.com/deskbell/deskbell/handoff"
	"github.com/deskbell/deskbell/intents/lang"
)

//go:embed templates
var templateFiles embed.FS

// pageNames are the pages; each stands in templates/<name>.html, defines "main" and may use layout.html and parts.html.
func pageNames() []string {
	return []string{"login", "error", "inbox", "overview", "library", "entry", "contacts", "try"}
}

// pages holds every page, parsed once per language.
type pages struct {
	texts  *texts
	byLang map[lang.Tag]map[string]*template.Template
}

func loadPages(a *assets) (*pages, error) {
	tx, err := loadTexts()
	if err != nil {
		return nil, err
	}
	p := &pages{texts: tx, byLang: map[lang.Tag]map[string]*template.Template{}}
	for _, tag := range uiLangs() {
		set := map[string]*template.Template{}
		for _, name := range pageNames() {
			t := template.New("layout.html").Funcs(template.FuncMap{
				"t": func(key string, args ...any) string { return tx.get(tag, key, args...) },
				"name": func(prefix string, code any) string {
					return tx.name(tag, prefix, fmt.Sprint(code))
				},
				"icon":  icon,
				"meter": meter,
				"asset": a.url,
			})
			t, err := t.ParseFS(templateFiles, "templates/layout.html", "templates/parts.html", "templates/"+name+".html")
			if err != nil {
				return nil, fmt.Errorf("page %s: %w", name, err)
			}
			set[name] = t.Option("missingkey=error")
		}
		p.byLang[tag] = set
	}
	return p, nil
}

// frame is what the layout needs around a page's own data.
type frame struct {
	Page    string
	Tag     lang.Tag
	Langs   []lang.Tag
	Theme   string
	Path    string
	Agent   *handoff.Agent // nil: not signed in
	Console bool           // may see the console
	Body    any
}

// execute writes a page, or the fragment of it that part names.
func (p *pages) execute(w io.Writer, part string, f frame) error {
	t, ok := p.byLang[f.Tag][f.Page]
	if !ok {
		return fmt.Errorf("page %q in %q does not exist", f.Page, f.Tag)
	}
	if part == "" {
		return t.Execute(w, f)
	}
	return t.ExecuteTemplate(w, "part-"+part, f.Body)
}

// render answers with a page. It is made in memory first, so that a template that fails leaves no half page.
func (k *Console) render(v *visit, status int, page string, body any) {
	k.renderPart(v, status, page, "", body)
}

func (k *Console) renderPart(v *visit, status int, page, part string, body any) {
	f := frame{Page: page, Tag: v.tag, Langs: uiLangs(), Theme: v.theme, Path: v.URL.Path, Body: body}
	if page == "login" {
		f.Path = "/login"
	}
	if v.signedIn {
		f.Agent, f.Console = &v.agent, leads.allows(v.agent.Role)
	}
	var buf bytes.Buffer
	if err := k.pages.execute(&buf, part, f); err != nil {
		k.c.Log.Error("page not made", "page", page, "part", part, "err", err)
		http.Error(v.w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.Header().Set("Content-Language", string(v.tag))
	v.w.WriteHeader(status)
	_, _ = v.w.Write(buf.Bytes()) // the browser has gone: nobody to tell
}
