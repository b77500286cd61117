package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/deskbell/deskbell/"

// layers says which of our packages each package may import, tests aside. Ideas (bot, intents, faq, handoff) never import
// technologies, technologies never import each other, and only cmd knows them all. A new package needs a line here.
var layers = map[string][]string{
	"intents/lang":              {},
	"intents":                   {"intents/lang"},
	"faq":                       {"intents/lang"},
	"faq/okpay":                 {},
	"bot/guard":                 {},
	"bot/markup":                {},
	"bot":                       {"bot/guard", "bot/markup", "faq", "intents", "intents/lang"},
	"handoff":                   {"bot", "bot/guard", "bot/markup", "faq", "intents/lang"},
	"bot/telegram":              {"bot", "bot/guard", "bot/markup", "intents/lang"},
	"bot/telegram/telegramtest": {"bot/telegram/telegramtest/internal/schema"},
	"bot/telegram/telegramtest/internal/condense": {"bot/telegram/telegramtest/internal/schema"},
	"bot/telegram/telegramtest/internal/schema":   {},
	"bot/slack":           {"bot", "bot/guard", "bot/markup", "intents/lang"},
	"bot/slack/slacktest": {},
	"bot/webchat":         {"bot", "bot/guard", "bot/markup", "intents/lang"},
	"bot/sqlstore":        {"bot", "bot/guard", "handoff", "intents/lang"},
	"bot/bottest":         {"bot", "bot/guard", "handoff", "intents", "intents/lang"},
	"handoff/console":     {"bot", "bot/guard", "bot/markup", "faq", "handoff", "intents", "intents/lang"},
	"cmd/deskbell":        {"*"},
}

// pure packages may use the standard library and text libraries only.
var pure = []string{"bot/guard", "intents/lang"}

func TestLayers(t *testing.T) {
	root := filepath.Join("..", "..")
	seen := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && (name == "testdata" || name == "node_modules" || (strings.HasPrefix(name, ".") && path != root)) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		pkg := filepath.ToSlash(rel)
		seen[pkg] = true
		checkImports(t, pkg, path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range layers {
		if !seen[pkg] {
			t.Errorf("the table names package %s, which does not exist: delete its line", pkg)
		}
	}
}

func checkImports(t *testing.T, pkg, path string) {
	t.Helper()
	allowed, ok := layers[pkg]
	if !ok {
		t.Errorf("package %s is missing from the table in layers_test.go: say what it may import", pkg)
		return
	}
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, im := range f.Imports {
		p, err := strconv.Unquote(im.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		ours, isOurs := strings.CutPrefix(p, module)
		if isOurs && !slices.Contains(allowed, "*") && !slices.Contains(allowed, ours) {
			t.Errorf("%s: package %s may not import %s", path, pkg, ours)
		}
		if !isOurs && slices.Contains(pure, pkg) && strings.Contains(p, ".") && !strings.HasPrefix(p, "golang.org/x/text/") {
			t.Errorf("%s: pure package %s may not import %s", path, pkg, p)
		}
	}
}
