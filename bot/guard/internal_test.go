package guard

import (
	"testing"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// FuzzScan: no panic, findings in order and in range, and the redacted text holds no finding any more.
func FuzzScan(f *testing.F) {
	for _, s := range []string{
		"我的密码是hunter2", "my password is hunter2 or hunter3", "卡号4111 1111 1111 1111 08/28 123", "验证码582047", "pin four two one nine",
		"身份证11010519491231002X", "a@b.cd / Ann.2468", "-----BEGIN PRIVATE KEY-----\nAAAA", "legal winner thank year wave sausage worth useful",
		"密 码 ４④四4️⃣", "\xff密码\u200b是\u200babc123", "⟦password⟧ pin ⟦pin⟧", "p.a.s.s.w.o.r.d: x1y2z3", "token=eyJhbGciOiJIUzI1NiJ9.e30.abcdefgh",
	} {
		f.Add(s, "")
		f.Add(s, "password")
	}
	f.Fuzz(func(t *testing.T, text, expect string) {
		fs, _ := scan(text, Kind(expect))
		last, n := 0, codePoints(text)
		for _, x := range fs {
			if x.Start < last || x.End <= x.Start || x.End > n {
				t.Fatalf("finding %v of %d code points after %d", x, n, last)
			}
			last = x.End
		}
		clean := Redact(text, fs)
		if again, _ := scan(clean, ""); len(again) > 0 && len(fs) < 20 {
			for _, x := range fs {
				v := cut(text, x)
				for _, y := range again {
					if cut(clean, y) == v && len(v) >= 4 {
						t.Fatalf("%q left in %q", v, clean)
					}
				}
			}
		}
	})
}

// TestPanicInDetector: fail closed.
func TestPanicInDetector(t *testing.T) {
	broken := func(string, Kind) ([]Finding, outcome) { panic("detector") }
	clean, found, next := document([]byte(`{"text":"my pin is 4821"}`), Policy{}, State{}, time.Time{}, broken)
	if string(clean) != `{"guard_failure":true}` || len(found) != 1 || found[0].Kind != Failure || next != (State{}) {
		t.Errorf("%s %v %v", clean, found, next)
	}
}

// TestFold holds the folding against Unicode's own compatibility forms for the characters people disguise digits and
// letters with.
func TestFold(t *testing.T) {
	for r := rune(0x80); r < 0x1f200; r++ {
		if r > 0xffff && r < 0x1d400 || r == 0x1f12b || r == 0x1f12c || unicode.Is(unicode.Han, r) || unicode.Is(unicode.Mn, r) {
			continue
		}
		k := norm.NFKC.String(string(r))
		if len(k) != 1 || !(k[0] >= '0' && k[0] <= '9' || r > 0xff00 && k[0] >= 'A' && k[0] <= 'z') {
			continue
		}
		us := appendFold(nil, string(r))
		if len(us) != 1 || us[0].o != rune(k[0]) && us[0].r != rune(k[0]) {
			if r >= 0x1d400 && r < 0x1d7ce && len(us) == 1 && us[0].isLetter() {
				continue // holes in the mathematical alphabets
			}
			t.Errorf("%U %c folds to %+v, Unicode says %s", r, r, us, k)
		}
	}
}

// TestFoldOffsets checks the way back to code points.
func TestFoldOffsets(t *testing.T) {
	us := appendFold(nil, "a\u200b4\ufe0f\u20e3⑩⟦pin⟧b")
	want := []struct {
		r       rune
		at, end int32
	}{{'a', 0, 2}, {'4', 2, 5}, {'1', 5, 6}, {'0', 5, 6}, {opaque, 6, 11}, {'b', 11, 12}}
	if len(us) != len(want) {
		t.Fatalf("%d units, want %d", len(us), len(want))
	}
	for i, w := range want {
		if us[i].r != w.r || us[i].at != w.at || us[i].end != w.end {
			t.Errorf("unit %d is %c [%d,%d), want %c [%d,%d)", i, us[i].r, us[i].at, us[i].end, w.r, w.at, w.end)
		}
	}
}

// TestLexicon: every word of the lexicon can be met in folded text.
func TestLexicon(t *testing.T) {
	for r := range lexicon().han {
		if r < 0x4e00 || r >= 0xa000 {
			t.Errorf("a word begins with %c, which is no Chinese character", r)
		}
	}
	for c, list := range words {
		for _, u := range appendFold(nil, list) {
			if u.o != u.r && u.r != '\'' {
				t.Errorf("class %d: %c folds to %c and is never met", c, u.o, u.r)
			}
		}
	}
	pairs := []rune(traditional)
	if len(pairs)%2 != 0 {
		t.Fatal("a traditional character without its pair")
	}
	for _, r := range pairs {
		if !isHan(r) {
			t.Errorf("%c in the table of traditional characters", r)
		}
	}
}

func TestChecks(t *testing.T) {
	digits := func(s string) []int8 {
		out := make([]int8, len(s))
		for i := range s {
			out[i] = int8(s[i] - '0')
		}
		return out
	}
	if !luhn(digits("4111111111111111")) || luhn(digits("4111111111111112")) || luhn(digits("0000000000000000")) {
		t.Error("luhn")
	}
	if mod11(digits("11010519491231002")) != 10 || mod11(digits("44052418800101001")) != 4 {
		t.Error("mod11")
	}
	if date(2023, digits("0229")) || !date(2024, digits("0229")) || date(2024, digits("1301")) {
		t.Error("date")
	}
	for _, c := range []struct {
		n    string
		want scheme
	}{{"4242424242424242", usual}, {"378282246310005", usual}, {"6200000000000005", usual}, {"1234567812345670", noScheme},
		{"2223003122003222", usual}, {"30569309025904", usual}, {"6759649826438453", rare}} {
		if got := schemeOf(digits(c.n)); got != c.want {
			t.Errorf("schemeOf(%s) = %d, want %d", c.n, got, c.want)
		}
	}
}
