package handoff

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// Costs of argon2id: 19 MiB, two passes, one lane, some 20 to 70 ms on one core (OWASP's recommendation).
const (
	argonMemory  = 19 * 1024 // KiB
	argonTime    = 2
	argonLanes   = 1
	argonKeyLen  = 32
	argonSaltLen = 16
)

// Lengths of a password in characters. The upper bound only keeps a request from hashing megabytes.
const (
	MinPassword = 12
	MaxPassword = 256
)

// PasswordProblem says why a password was refused. Desks and commands word it for people.
type PasswordProblem string

// Reasons to refuse a password.
const (
	PasswordShort  PasswordProblem = "short"  // fewer than MinPassword characters
	PasswordLong   PasswordProblem = "long"   // more than MaxPassword characters
	PasswordCommon PasswordProblem = "common" // known from leaks, a run, or made of the login
)

func (p PasswordProblem) Error() string {
	switch p {
	case PasswordShort:
		return fmt.Sprintf("the password is too short: take at least %d characters", MinPassword)
	case PasswordLong:
		return fmt.Sprintf("the password is too long: take at most %d characters", MaxPassword)
	default:
		return "the password is too easy to guess: take several unrelated words"
	}
}

// Passwords hashes and checks passwords with argon2id, at most two at a time so that a flood of logins cannot
// exhaust memory. Make it with NewPasswords; it is safe for concurrent use.
type Passwords struct {
	slots chan struct{}
	dummy phc
}

// NewPasswords makes a Passwords.
func NewPasswords() *Passwords {
	return &Passwords{slots: make(chan struct{}, 2), dummy: newPHC()}
}

// CheckPassword says whether a password may be chosen for the login: nil or a PasswordProblem.
func CheckPassword(login, password string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case n < MinPassword:
		return PasswordShort
	case n > MaxPassword:
		return PasswordLong
	case guessable(login, password):
		return PasswordCommon
	}
	return nil
}

// Hash returns the password's hash as a PHC string. It errs when CheckPassword refuses the password or ctx ends.
func (p *Passwords) Hash(ctx context.Context, login, password string) (string, error) {
	if err := CheckPassword(login, password); err != nil {
		return "", err
	}
	h := newPHC()
	if _, err := rand.Read(h.salt); err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	key, err := p.derive(ctx, h, password)
	if err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	h.key = key
	return h.String(), nil
}

// Verify reports whether the password belongs to hash, a PHC string made by Hash. With an empty hash, for a login that
// does not exist, it takes as long as with a real one and returns false. It errs on a damaged hash and when ctx ends.
func (p *Passwords) Verify(ctx context.Context, hash, password string) (bool, error) {
	if utf8.RuneCountInString(password) > MaxPassword {
		password = "" // never chosen, so it cannot match; the work stays the same
	}
	h := p.dummy
	if hash != "" {
		var err error
		if h, err = parsePHC(hash); err != nil {
			return false, fmt.Errorf("verify password: %w", err)
		}
	}
	key, err := p.derive(ctx, h, password)
	if err != nil {
		return false, fmt.Errorf("verify password: %w", err)
	}
	return subtle.ConstantTimeCompare(key, h.key) == 1 && hash != "", nil
}

// derive waits for one of the slots and runs argon2id.
func (p *Passwords) derive(ctx context.Context, h phc, password string) ([]byte, error) {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(password), h.salt, h.time, h.memory, h.lanes, argonKeyLen), nil
}

// phc is a hash in the format of the Password Hashing Competition:
// $argon2id$v=19$m=19456,t=2,p=1$salt$key
type phc struct {
	memory, time uint32
	lanes        uint8
	salt, key    []byte
}

func newPHC() phc {
	return phc{memory: argonMemory, time: argonTime, lanes: argonLanes, salt: make([]byte, argonSaltLen), key: make([]byte, argonKeyLen)}
}

func (h phc) String() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.memory, h.time, h.lanes,
		b64.EncodeToString(h.salt), b64.EncodeToString(h.key))
}

var errPHC = errors.New("not an argon2id hash; set the password anew")

// parsePHC reads what String wrote. Costs beyond 1 GiB, 16 passes or 16 lanes are refused: such a row was not made by us.
func parsePHC(s string) (phc, error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return phc{}, errPHC
	}
	var h phc
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.time, &h.lanes); err != nil {
		return phc{}, errPHC
	}
	if h.memory == 0 || h.memory > 1<<20 || h.time == 0 || h.time > 16 || h.lanes == 0 || h.lanes > 16 {
		return phc{}, errPHC
	}
	b64 := base64.RawStdEncoding.Strict()
	var err1, err2 error
	h.salt, err1 = b64.DecodeString(parts[4])
	h.key, err2 = b64.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(h.salt) < 8 || len(h.key) != argonKeyLen {
		return phc{}, errPHC
	}
	return h, nil
}

// guessable reports passwords that an attacker tries first: a known one (also repeated, or with digits or signs around
// it), one character or a run over and over, or the login itself.
func guessable(login, password string) bool {
	p := strings.ToLower(password)
	core := strings.Trim(p, "0123456789!@#$%^&*()_-+=.,?~ ")
	local, _, _ := strings.Cut(strings.ToLower(login), "@")
	if len(core) < 4 && isRun(p) || len(local) >= 4 && (core == local || p == strings.ToLower(login)) {
		return true
	}
	for _, w := range commonPasswords() {
		if p == w || core == w || len(p)%len(w) == 0 && strings.Repeat(w, len(p)/len(w)) == p {
			return true
		}
	}
	return fewRunes(p)
}

// isRun reports that a digit string only climbs, falls or stands, such as 123456789012 or 111111111111.
func isRun(p string) bool {
	for _, step := range []int{-1, 0, 1} {
		ok := true
		for i := 1; i < len(p) && ok; i++ {
			d := (int(p[i]) - int(p[i-1]) + 10) % 10
			ok = d == (step+10)%10
		}
		if ok {
			return true
		}
	}
	return false
}

// fewRunes reports that fewer than four different characters make up the password.
func fewRunes(p string) bool {
	rs := []rune(p)
	slices.Sort(rs)
	return len(slices.Compact(rs)) < 4
}

// commonPasswords is the head of the published lists of leaked passwords, plus words of our own trade; shorter ones are
// caught when they are repeated or have digits and signs around them.
func commonPasswords() []string {
	return strings.Fields(`password passwort passw0rd p@ssw0rd p@ssword 123456 1234567890 123123 112233 123321 654321
	qwerty qwertyuiop qwertyuiop[] qwerty123456 qazwsx qazwsxedc 1q2w3e4r 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc zaq12wsx asdfgh
	asdfghjkl asdfghjkl; zxcvbn zxcvbnm abc123 abcd1234 a1b2c3d4e5f6 abcdefghijkl abcdefghijklm letmein letmeinplease
	welcome welcomewelcome welcomeback iloveyou iloveyou1314 woaini woaini1314 woaini520 5201314 5201314520 sunshine
	princess football baseball basketball superman batman dragon monkey shadow master michael jordan trustno1 starwars
	whatever computer internet samsung google facebook michelle jennifer charlie correcthorsebatterystaple changeme
	changemeplease changeit default secret secretsecret administrator admin adminadmin adminpassword rootroot rootpassword
	toor guest testtest test1234 passwordpassword mypassword thisismypassword mypasswordis yourpassword nopassword
	newpassword oldpassword temppassword temporary passphrase okpay okpayokpay deskbell deskbelldeskbell support
	supportsupport customerservice customersupport helpdesk helpdeskhelpdesk inbox console agentagent zhimakaimen
	mima mimamima wodemima kefu kefukefu zhongguo china`)
}
