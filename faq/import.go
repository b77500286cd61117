package faq

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// ErrNotEmpty is wrapped by Import when the directory holds something already.
var ErrNotEmpty = errors.New("the directory is not empty")

// Import writes an exported library as files into dir, which must not exist or be empty; otherwise the error wraps
// ErrNotEmpty. A document that is not a valid library is refused (the error then wraps a *CheckError). The files
// are written beside dir and moved there in one step, so dir is never half-written.
func Import(r io.Reader, dir string) error {
	doc, err := readDocument(r)
	if err != nil {
		return fmt.Errorf("import library: %w", err)
	}
	if err := mustBeFree(dir); err != nil {
		return fmt.Errorf("import library into %s: %w", dir, err)
	}
	if err := importInto(doc, dir); err != nil {
		return fmt.Errorf("import library into %s: %w", dir, err)
	}
	return nil
}

func mustBeFree(dir string) error {
	list, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("it must be a new or empty directory: %w", err)
	case len(list) > 0:
		return fmt.Errorf("%w: choose another or move %s away", ErrNotEmpty, list[0].Name())
	}
	return nil
}

func importInto(doc document, dir string) error {
	dir = filepath.Clean(dir)
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(parent, "."+filepath.Base(dir)+".import-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp) // what is left of it when something failed
	if err := writeFiles(doc, temp); err != nil {
		return err
	}
	if err := verify(doc, temp); err != nil {
		return err
	}
	if err := os.Chmod(temp, 0o755); err != nil {
		return err
	}
	// The directory is empty or not there; Remove fails when somebody has filled it meanwhile.
	if err := os.Remove(dir); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%w: %w", ErrNotEmpty, err)
	}
	return os.Rename(temp, dir)
}

// verify reads the written files back: they must be a valid library and say the same as the document.
func verify(doc document, dir string) error {
	lib, err := Load(os.DirFS(dir))
	if err != nil {
		return fmt.Errorf("the document is no valid library; lines are those of the files it would become: %w", err)
	}
	var want, got bytes.Buffer
	if err := errors.Join(writeDocument(&want, doc), writeDocument(&got, documentOf(lib))); err != nil {
		return err
	}
	if line, ok := firstDifference(want.String(), got.String()); !ok {
		return fmt.Errorf("the document is not as Deskbell exports it, near %q: order, blanks or defaults differ; it would not come out as it went in", line)
	}
	return nil
}

func firstDifference(a, b string) (string, bool) {
	if a == b {
		return "", true
	}
	linesA, linesB := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i, s := range linesA {
		if i >= len(linesB) || linesB[i] != s {
			return strings.TrimSpace(s), false
		}
	}
	return strings.TrimSpace(linesB[len(linesA)-1]), false
}

func writeFiles(doc document, dir string) error {
	if err := os.Mkdir(filepath.Join(dir, entriesDir), 0o755); err != nil {
		return err
	}
	w := fileWriter{comments: doc.Comments}
	files := []namedFile{{libraryFile, w.library(doc)}, {contactsFile, w.contacts(doc)}}
	for _, t := range doc.Topics {
		if !goodID.MatchString(t.Topic) {
			return fmt.Errorf("%q is no good name of a topic. %s", t.Topic, idMend)
		}
		name := entriesDir + "/" + t.Topic + ".yaml"
		files = append(files, namedFile{name, w.topic(name, t)})
	}
	for _, f := range files {
		if err := writeFile(filepath.Join(dir, filepath.FromSlash(f.name)), f.text); err != nil {
			return err
		}
	}
	return nil
}

type namedFile struct{ name, text string }

func writeFile(name, text string) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Sync(), f.Close())
}
