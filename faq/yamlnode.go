package faq

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// object builds a mapping of keys and nodes; a nil node leaves its key out.
func object(pairs ...any) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	for i := 0; i+1 < len(pairs); i += 2 {
		if v := pairs[i+1].(*yaml.Node); v != nil {
			n.Content = append(n.Content, scalar(pairs[i].(string)), v)
		}
	}
	return n
}

func list(items ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: items}
}

// orNil is n unless it is an empty list.
func orNil(n *yaml.Node) *yaml.Node {
	if len(n.Content) == 0 {
		return nil
	}
	return n
}

// optional is scalar, nil for "".
func optional(s string) *yaml.Node {
	if s == "" {
		return nil
	}
	return scalar(s)
}

// scalar is a text, quoted where it would be read as something else.
func scalar(s string) *yaml.Node {
	n := &yaml.Node{}
	n.SetString(s)
	if strings.ContainsAny(s, "\n\r\u0085\u2028\u2029\ufeff") || strings.HasPrefix(s, "{{") {
		n.Style = yaml.DoubleQuotedStyle
	}
	return n
}

func scalars(list []string) []*yaml.Node {
	var out []*yaml.Node
	for _, s := range list {
		out = append(out, scalar(s))
	}
	return out
}

// plain is a date, which needs no quotes here; nil for "".
func plain(s string) *yaml.Node {
	if s == "" {
		return nil
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!timestamp", Value: s}
}

// block is a text of whole lines after "|"; quoted when it holds a break that YAML counts as a line and people do not.
func block(s string) *yaml.Node {
	if strings.ContainsAny(s, "\r\u0085\u2028\u2029\ufeff") {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.DoubleQuotedStyle, Value: s}
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.LiteralStyle, Value: s + "\n"}
}

func number(n int) *yaml.Node {
	if n == 0 {
		return nil
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.Itoa(n)}
}

func flag(b bool) *yaml.Node {
	if !b {
		return nil
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "true"}
}

// flowTexts is {en: …, zh-Hans: …} on one line; nil for none.
func flowTexts(t Texts) *yaml.Node {
	n := object()
	for _, tag := range tagOrder {
		if s, ok := t[tag]; ok {
			n.Content = append(n.Content, scalar(string(tag)), scalar(s))
		}
	}
	n.Style = yaml.FlowStyle
	return orNil(n)
}

// flowList is ["…", "…"] on one line; nil for none.
func flowList(items []string) *yaml.Node {
	n := list(scalars(items)...)
	for _, c := range n.Content {
		c.Style = yaml.DoubleQuotedStyle
	}
	n.Style = yaml.FlowStyle
	return orNil(n)
}
