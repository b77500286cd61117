package guard

import (
	"slices"
	"strings"
	"time"
)

// Kind names what was found. The values stand in the database and in the output of commands.
type Kind string

// The kinds. The table in the package comment says how each is recognised and how grave it is.
const (
	Password       Kind = "password"
	PIN            Kind = "pin"
	OTP            Kind = "otp"
	PAN            Kind = "pan" // card number
	CVV            Kind = "cvv"
	CardExpiry     Kind = "card_expiry" // only beside a card number or CVV
	CNID           Kind = "cn_id"       // Chinese resident identity number
	PrivateKey     Kind = "private_key" // PEM and the like
	SeedPhrase     Kind = "seed_phrase" // BIP-39
	APIKey         Kind = "api_key"
	JWT            Kind = "jwt"
	SecurityAnswer Kind = "security_answer"
	RecoveryCode   Kind = "recovery_code"
	PayCode        Kind = "pay_code" // 付款码, the digits under a payment bar code
	Passport       Kind = "passport"
	TravelPermit   Kind = "travel_permit" // 通行证, 回乡证, 台胞证
	HKID           Kind = "hk_id"
	TWID           Kind = "tw_id"
	SGNRIC         Kind = "sg_nric"
	USSSN          Kind = "us_ssn"
	UKNINO         Kind = "uk_nino"
	BRCPF          Kind = "br_cpf"
	INAadhaar      Kind = "in_aadhaar"
	INPAN          Kind = "in_pan" // Indian tax number, not a card
	IBAN           Kind = "iban"
	BankAccount    Kind = "bank_account"  // account, sort code, routing number
	Failure        Kind = "guard_failure" // the guard itself failed: counts as the gravest finding
)

// Finding is one piece of sensitive data: its kind and where it stands, never its value.
// Start and End are offsets in Unicode code points, End exclusive.
type Finding struct {
	Kind  Kind `json:"kind"`
	Start int  `json:"start"`
	End   int  `json:"end"`
}

// PathFinding is a finding and the JSON path of the string it stands in, e.g. "message.text".
type PathFinding struct {
	Path string `json:"path"`
	Finding
}

// Policy tells Document how to read a platform's JSON. path is the chain of keys, array positions left out.
type Policy struct {
	// Said reports that the string is what the user said (text, caption): expectations apply to it and it moves
	// the State on. Every other string is guarded too, but without expectations. nil: nothing is said.
	Said func(path []string) bool
	// ID reports that the string is an identifier or time stamp made by the platform, judged by key AND strict
	// shape of the value; it is left alone. nil: no string is.
	ID func(path []string, value string) bool
}

// State is what a conversation expects next, so that a bare value after "my password is" is recognised.
// It never holds a value. The zero State expects nothing.
type State struct {
	Expect Kind      `json:"expect,omitempty"`
	Until  time.Time `json:"until,omitzero"`  // expectation ends then
	Turns  int       `json:"turns,omitempty"` // or after so many more messages
}

// How long an expectation lives.
const (
	expectFor   = 3 * time.Minute
	expectTurns = 2
)

// Scan finds sensitive data in one message of a user. st is what the conversation expects, the zero State for
// none; the State returned belongs to the conversation's next message. Findings are sorted by Start and do not
// overlap. Scan never fails: if the guard itself panics, the finding is Failure over the whole text.
func Scan(text string, st State, now time.Time) ([]Finding, State) {
	fs, o := scanSafely(text, st.live(now))
	return fs, st.next(o, now)
}

// outcome is what a text did to the expectation.
type outcome struct {
	opens Kind // the next message is expected to be a bare value of this kind
	met   bool // the expectation was fulfilled, or taken back
}

// live returns the kind expected at now, "" for none.
func (st State) live(now time.Time) Kind {
	if st.Expect == "" || st.Turns <= 0 || now.After(st.Until) {
		return ""
	}
	return st.Expect
}

// next is the State after a message with outcome o.
func (st State) next(o outcome, now time.Time) State {
	if o.opens != "" {
		return State{Expect: o.opens, Until: now.Add(expectFor), Turns: expectTurns}
	}
	if o.met || st.live(now) == "" || st.Turns <= 1 {
		return State{}
	}
	st.Turns--
	return st
}

// scanFunc is the inner scanner: a text and the kind expected. Tests put a panicking one in its place.
type scanFunc func(text string, expect Kind) ([]Finding, outcome)

func scanSafely(text string, expect Kind) (fs []Finding, o outcome) {
	defer func() {
		if recover() != nil { // the panic's value may hold text: it is dropped
			fs, o = []Finding{{Kind: Failure, End: codePoints(text)}}, outcome{}
		}
	}()
	return scan(text, expect)
}

// codePoints counts as every offset in this package does: a broken byte is one code point.
func codePoints(text string) int {
	n := 0
	for range text {
		n++
	}
	return n
}

// markOpen and markClose enclose a mark. They are rare enough not to be typed, and shown by every font.
const (
	markOpen  = "⟦"
	markClose = "⟧"
)

// Mark is what stands in place of a value: "⟦password⟧".
func Mark(k Kind) string { return markOpen + string(k) + markClose }

// Redact replaces the values at fs by their marks. Findings may come in any order; one that overlaps an
// earlier or lies outside the text is clipped.
func Redact(text string, fs []Finding) string {
	if len(fs) == 0 {
		return text
	}
	fs = inOrder(fs)
	var b strings.Builder
	b.Grow(len(text))
	cp, next, until := 0, 0, 0
	for at, r := range text {
		for next < len(fs) && fs[next].Start <= cp {
			if f := fs[next]; f.End > max(until, cp) {
				b.WriteString(Mark(f.Kind))
				until = f.End
			}
			next++
		}
		if cp >= until {
			b.WriteString(text[at : at+runeWidth(text[at:], r)])
		}
		cp++
	}
	return b.String()
}

// Marks lists the kinds marked in a redacted text, in order of appearance, each once.
func Marks(text string) []Kind {
	var out []Kind
	for {
		_, rest, ok := strings.Cut(text, markOpen)
		if !ok {
			return out
		}
		name, after, ok := strings.Cut(rest, markClose)
		if !ok {
			return out
		}
		text = rest
		if k := Kind(name); known(k) {
			text = after
			if !slices.Contains(out, k) {
				out = append(out, k)
			}
		}
	}
}
