package faq

import "strings"

// Comments above a file's first line and above an entry, contact or schedule survive export and import. They are taken
// from the lines of the file: the YAML library attaches them by rules of its own.

func (ld *loader) keepComment(place, comment string) {
	if comment != "" {
		ld.lib.comments[place] = comment
	}
}

// fileComment is the block of comment lines a file begins with.
func fileComment(raw []string) string {
	n := 0
	for n < len(raw) && strings.HasPrefix(raw[n], "#") {
		n++
	}
	return cleanComment(raw[:n])
}

// commentAbove is the block of comment lines right above a line (from 1) whose text begins in column (from 1).
func commentAbove(raw []string, line, column int) string {
	end := line - 1
	start := end
	for start > 0 && isComment(raw[start-1], column) {
		start--
	}
	if start == 0 || end > len(raw) {
		return "" // the file's own comment
	}
	return cleanComment(raw[start:end])
}

// isComment tells a comment from a line of a text that begins with "#", which stands further right.
func isComment(s string, column int) bool {
	trimmed := strings.TrimLeft(s, " ")
	return strings.HasPrefix(trimmed, "#") && len(s)-len(trimmed) < column
}

// cleanComment brings comment lines to the form "# text".
func cleanComment(lines []string) string {
	var out []string
	for _, s := range lines {
		s = strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(s), "#"))
		out = append(out, strings.TrimSpace("# "+s))
	}
	return strings.Join(out, "\n")
}
