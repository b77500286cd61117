package guard

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// Severity says what a kind asks of the bot.
type Severity int

// Severities, the gravest highest. Secrets and identities are both refused, deleted and never stored; a secret also
// brings the advice to change it. Masked data is only masked.
const (
	Masked   Severity = iota + 1 // S3: masked, the message is not refused
	Identity                     // S2: refused in softer words
	Secret                       // S1: refused, deleted, the user is warned
)

// ranks orders the kinds from the gravest down: what gives away most, soonest, comes first.
var ranks = [...]struct {
	kind Kind
	sev  Severity
}{
	{Failure, Secret}, {SeedPhrase, Secret}, {PrivateKey, Secret}, {Password, Secret}, {PIN, Secret}, {OTP, Secret},
	{CVV, Secret}, {PAN, Secret}, {PayCode, Secret}, {RecoveryCode, Secret}, {SecurityAnswer, Secret},
	{APIKey, Secret}, {JWT, Secret},
	{CNID, Identity}, {HKID, Identity}, {TWID, Identity}, {SGNRIC, Identity}, {USSSN, Identity},
	{INAadhaar, Identity}, {INPAN, Identity}, {UKNINO, Identity}, {BRCPF, Identity},
	{Passport, Identity}, {TravelPermit, Identity}, {IBAN, Identity}, {BankAccount, Identity},
	{CardExpiry, Masked},
}

func rank(k Kind) int {
	for i, r := range ranks {
		if r.kind == k {
			return i
		}
	}
	return 0 // unknown to this version: as grave as a failure
}

func known(k Kind) bool { return ranks[rank(k)].kind == k }

// SeverityOf returns the severity of a kind. A kind it does not know is a Secret.
func SeverityOf(k Kind) Severity { return ranks[rank(k)].sev }

// Severe reports that a message with this kind is refused and deleted, not only masked.
func Severe(k Kind) bool { return SeverityOf(k) >= Identity }

// Compare orders kinds for slices.SortFunc: the gravest first.
func Compare(a, b Kind) int { return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b)) }

// Gravest returns the gravest of the kinds, "" for none.
func Gravest(kinds ...Kind) Kind {
	if len(kinds) == 0 {
		return ""
	}
	return slices.MinFunc(kinds, Compare)
}

// Kinds lists every kind, the gravest first.
func Kinds() []Kind {
	out := make([]Kind, len(ranks))
	for i, r := range ranks {
		out[i] = r.kind
	}
	return out
}

// inOrder returns the findings sorted by place; it copies only if it must.
func inOrder(fs []Finding) []Finding {
	byPlace := func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	}
	if slices.IsSortedFunc(fs, byPlace) {
		return fs
	}
	fs = slices.Clone(fs)
	slices.SortFunc(fs, byPlace)
	return fs
}

// runeWidth is the number of bytes that r took in s; a broken byte takes one.
func runeWidth(s string, r rune) int {
	if r == utf8.RuneError {
		_, n := utf8.DecodeRuneInString(s)
		return n
	}
	return utf8.RuneLen(r)
}
