package handoff

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func TestPasswordRoundTrip(t *testing.T) {
	ctx, p := context.Background(), NewPasswords()
	const pw = "correct 马 battery staple"
	hash, err := p.Hash(ctx, "li", pw)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash %q is no PHC string with our costs", hash)
	}
	other, err := p.Hash(ctx, "li", pw)
	if err != nil || other == hash {
		t.Errorf("two hashes of one password are equal (%v): no salt", err)
	}
	for candidate, want := range map[string]bool{pw: true, pw + " ": false, "": false, strings.Repeat("a", 10_000): false} {
		if ok, err := p.Verify(ctx, hash, candidate); ok != want || err != nil {
			t.Errorf("Verify(%.20q) = %v, %v; want %v", candidate, ok, err, want)
		}
	}
}

// A clock would measure the machine's load; what takes the time is compared instead. That an unknown login really
// comes that far is shown by TestVerifyStopsWaitingWithItsContext.
func TestUnknownLoginsCostAsMuch(t *testing.T) {
	p := NewPasswords()
	hash, err := p.Hash(context.Background(), "li", "a long enough phrase")
	if err != nil {
		t.Fatal(err)
	}
	known, err := parsePHC(hash)
	if err != nil {
		t.Fatal(err)
	}
	d := p.dummy
	if d.memory != known.memory || d.time != known.time || d.lanes != known.lanes || len(d.salt) != len(known.salt) || len(d.key) != len(known.key) {
		t.Errorf("an unknown login costs %v, a known one %v", d, known)
	}
}

func TestEmptyHashNeverMatches(t *testing.T) {
	if ok, err := NewPasswords().Verify(context.Background(), "", ""); ok || err != nil {
		t.Errorf("Verify with no hash: %v, %v", ok, err)
	}
}

func TestVerifyRefusesDamagedHashes(t *testing.T) {
	p := NewPasswords()
	for _, h := range []string{
		"x", "$argon2i$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA", "$argon2id$v=16$m=19456,t=2,p=1$AA$AA",
		"$argon2id$v=19$m=99999999,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"$argon2id$v=19$m=19456,t=0,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"$argon2id$v=19$m=19456,t=2,p=1$!!$AAAA",
	} {
		if ok, err := p.Verify(context.Background(), h, "whatever it is"); ok || err == nil {
			t.Errorf("Verify(%q) = %v, %v", h, ok, err)
		}
	}
}

func TestVerifyStopsWaitingWithItsContext(t *testing.T) {
	p := NewPasswords()
	p.slots <- struct{}{}
	p.slots <- struct{}{} // both slots are busy
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := p.Verify(ctx, "", "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("Verify waited or ran: %v", err)
	}
}

func TestCheckPassword(t *testing.T) {
	tests := map[string]error{
		"short":                     PasswordShort,
		"elevenchars":               PasswordShort,
		"密码密码密码密码密码密":               PasswordShort,
		strings.Repeat("long ", 60): PasswordLong,
		"password1234":              PasswordCommon,
		"Passw0rd!!!!!":             PasswordCommon,
		"123456789012":              PasswordCommon,
		"987654321098":              PasswordCommon,
		"aaaaaaaaaaaa":              PasswordCommon,
		"abababababab":              PasswordCommon,
		"qwertyuiop[]":              PasswordCommon,
		"changeme12345":             PasswordCommon,
		"mei.chen2026!":             PasswordCommon, // the login with signs around it
		"okpayokpay2026":            PasswordCommon,
		"purple teapot sings":       nil,
		"七只猫在屋顶上唱歌给月亮听": nil,
		"H7#kq29!vLm0": nil,
		"48273910564738 is not a run of any kind": nil,
	}
	for pw, want := range tests {
		if err := CheckPassword("mei.chen@example.com", pw); !errors.Is(err, want) {
			t.Errorf("CheckPassword(%q) = %v, want %v", pw, err, want)
		}
	}
	if _, err := NewPasswords().Hash(context.Background(), "x", "short"); !errors.Is(err, PasswordShort) {
		t.Errorf("Hash of a short one: %v", err)
	}
}

func FuzzParsePHC(f *testing.F) {
	f.Add(newPHC().String())
	f.Add("$argon2id$v=19$m=1,t=1,p=1$$")
	f.Fuzz(func(t *testing.T, s string) {
		h, err := parsePHC(s)
		if err != nil {
			return
		}
		again, err := parsePHC(h.String())
		if err != nil || again.String() != h.String() {
			t.Errorf("%q does not survive: %v", s, err)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	p := NewPasswords()
	for b.Loop() {
		if _, err := p.Verify(context.Background(), "", "some phrase"); err != nil {
			b.Fatal(err)
		}
	}
}
