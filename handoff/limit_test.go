package handoff

import (
	"fmt"
	"testing"
	"time"
)

func TestLoginLimitPerAccount(t *testing.T) {
	l, now := NewLoginLimiter(), noon
	tries := 0
	for i := range 20 {
		if _, ok := l.Allow("li", fmt.Sprintf("192.0.%d.1:4000", i), now); ok {
			tries++
		}
	}
	if tries != accountBurst {
		t.Errorf("%d attempts on one account at once, want %d", tries, accountBurst)
	}
	wait, ok := l.Allow("li", "198.51.100.1", now)
	if ok || wait < time.Second || wait > accountRefill {
		t.Errorf("wait %v, %v", wait, ok)
	}
	if _, ok := l.Allow("li", "198.51.100.1", now.Add(wait)); !ok {
		t.Error("no attempt after the wait that was told")
	}
	if _, ok := l.Allow("ana", "198.51.100.1", now); !ok {
		t.Error("another account is slowed down, too")
	}
}

func TestLoginLimitPerNetwork(t *testing.T) {
	l := NewLoginLimiter()
	tries := 0
	for i := range 100 {
		if _, ok := l.Allow(fmt.Sprint("user", i), fmt.Sprintf("203.0.113.%d:1", i), noon); ok {
			tries++
		}
	}
	if tries != networkBurst {
		t.Errorf("%d attempts from one network at once, want %d", tries, networkBurst)
	}
	if _, ok := l.Allow("x", "203.0.112.1", noon); !ok {
		t.Error("the neighbouring network is slowed down, too")
	}
}

func TestLoginLimitIsBounded(t *testing.T) {
	b := newBuckets(1, time.Second)
	for i := range maxBuckets + 500 {
		b.take(fmt.Sprint(i), noon)
	}
	if b.order.Len() != maxBuckets || len(b.byKey) != maxBuckets {
		t.Errorf("%d and %d buckets, want %d", b.order.Len(), len(b.byKey), maxBuckets)
	}
	if _, ok := b.take(fmt.Sprint(maxBuckets+499), noon); ok {
		t.Error("the newest bucket was forgotten")
	}
}

func TestNetwork(t *testing.T) {
	for in, want := range map[string]string{
		"192.0.2.77:99": "192.0.2.0/24", "192.0.2.77": "192.0.2.0/24", "[2001:db8:1:2::3]:443": "2001:db8:1::/48",
		"::ffff:192.0.2.1": "192.0.2.0/24", "fe80::1%eth0": "fe80::/48", "": "unknown", "nonsense": "unknown",
	} {
		if got := network(in); got != want {
			t.Errorf("network(%q) = %q, want %q", in, got, want)
		}
	}
}
