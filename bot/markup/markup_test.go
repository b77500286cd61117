package markup

import (
	"reflect"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	tests := []struct {
		name, in string
		want     Doc
	}{
		{"empty", "", nil},
		{"plain", "你好", Doc{{Kind: Paragraph, Spans: []Span{{Text: "你好"}}}}},
		{"two lines stay two lines", "a\nb", Doc{{Kind: Paragraph, Spans: []Span{{Text: "a\nb"}}}}},
		{"bold beside Chinese", "请**不要**告诉别人", Doc{{Kind: Paragraph, Spans: []Span{{Text: "请"}, {Text: "不要", Bold: true}, {Text: "告诉别人"}}}}},
		{"link", "see [help](https://okpay.example.com/help)", Doc{{Kind: Paragraph, Spans: []Span{{Text: "see "}, {Text: "help", URL: "https://okpay.example.com/help"}}}}},
		{"list", "- a\n- **b**", Doc{{Kind: Item, Spans: []Span{{Text: "a"}}}, {Kind: Item, Spans: []Span{{Text: "b", Bold: true}}}}},
		{"numbered", "2. a\n3. b", Doc{{Kind: Item, Ordinal: 2, Spans: []Span{{Text: "a"}}}, {Kind: Item, Ordinal: 3, Spans: []Span{{Text: "b"}}}}},
		{"html is text", "a <b>x</b>", Doc{{Kind: Paragraph, Spans: []Span{{Text: "a <b>x</b>"}}}}},
		{"html block is text", "<script>alert(1)</script>", Doc{{Kind: Paragraph, Spans: []Span{{Text: "<script>alert(1)</script>"}}}}},
		{"escaped", `5 \* 3 \_x\_`, Doc{{Kind: Paragraph, Spans: []Span{{Text: "5 * 3 _x_"}}}}},
		{"heading", "# Fees", Doc{{Kind: Paragraph, Spans: []Span{{Text: "Fees", Bold: true}}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Parse(tt.in); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("Parse(%q)\n got %+v\nwant %+v", tt.in, got, tt.want)
			}
		})
	}
}

func TestPlain(t *testing.T) {
	in := "**Hours**\n\n1. [site](https://a.example.com)\n2. <https://a.example.com>\n\nbye"
	want := "Hours\n\n1. site (https://a.example.com)\n2. https://a.example.com\n\nbye"
	if got := Plain(in); got != want {
		t.Errorf("Plain = %q, want %q", got, want)
	}
}

func FuzzEscape(f *testing.F) {
	for _, s := range []string{"a*b", "`x`", "[a](b)", "# h", "1. x", "- y", "<b>", "\\*", "a_b_c", "你好*吗*"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if strings.ContainsAny(s, "\n\r\t\x00") || strings.TrimSpace(s) != s || !strings.ContainsFunc(s, func(r rune) bool { return r > ' ' }) {
			t.Skip("only one line of visible text is promised to survive")
		}
		for _, b := range Parse(Escape(s)) {
			for _, sp := range b.Spans {
				if sp.Bold || sp.Italic || sp.Code || sp.URL != "" {
					t.Errorf("Escape(%q) still has markup: %+v", s, sp)
				}
			}
		}
	})
}
