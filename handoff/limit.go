package handoff

import (
	"container/list"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Rates of logins. There is no lockout: a guesser slows himself down, and the owner of the account gets in again within
// seconds after he gives up.
const (
	accountBurst  = 8
	accountRefill = 10 * time.Second // one more attempt per account
	networkBurst  = 30
	networkRefill = 2 * time.Second // one more attempt per network
	maxBuckets    = 10_000          // of each kind; the least recently used goes first
)

// LoginLimiter slows down the guessing of passwords: a token bucket per account and one per network of the client
// (IPv4 /24, IPv6 /48). It lives in memory, is bounded, and is safe for concurrent use. Make it with NewLoginLimiter.
type LoginLimiter struct {
	mu       sync.Mutex
	accounts *buckets
	networks *buckets
}

// NewLoginLimiter makes a LoginLimiter.
func NewLoginLimiter() *LoginLimiter {
	return &LoginLimiter{
		accounts: newBuckets(accountBurst, accountRefill),
		networks: newBuckets(networkBurst, networkRefill),
	}
}

// Allow takes one attempt for the login from the client's address (an IP, with or without a port). When there is none
// left it returns false and how long to wait.
func (l *LoginLimiter) Allow(login, client string, now time.Time) (wait time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	// The network is asked first: a flood from one place then cannot fill the table of accounts.
	if wait, ok = l.networks.take(network(client), now); !ok {
		return wait, false
	}
	return l.accounts.take(login, now)
}

// network reduces a client's address to the network that one attacker is likely to hold.
func network(client string) string {
	addr, err := netip.ParseAddr(client)
	if err != nil {
		ap, err := netip.ParseAddrPort(client)
		if err != nil {
			return "unknown"
		}
		addr = ap.Addr()
	}
	addr = addr.Unmap().WithZone("")
	bits := 48
	if addr.Is4() {
		bits = 24
	}
	p, err := addr.Prefix(bits)
	if err != nil {
		return "unknown"
	}
	return p.String()
}

// buckets is a bounded map of token buckets, the most recently used in front.
type buckets struct {
	burst int
	every time.Duration
	order *list.List
	byKey map[string]*list.Element
}

type bucket struct {
	key string
	lim *rate.Limiter
}

func newBuckets(burst int, every time.Duration) *buckets {
	return &buckets{burst: burst, every: every, order: list.New(), byKey: map[string]*list.Element{}}
}

func (b *buckets) take(key string, now time.Time) (time.Duration, bool) {
	e, ok := b.byKey[key]
	if ok {
		b.order.MoveToFront(e)
	} else {
		e = b.order.PushFront(&bucket{key, rate.NewLimiter(rate.Every(b.every), b.burst)})
		b.byKey[key] = e
		if b.order.Len() > maxBuckets {
			last := b.order.Back()
			b.order.Remove(last)
			delete(b.byKey, last.Value.(*bucket).key)
		}
	}
	lim := e.Value.(*bucket).lim
	if lim.AllowN(now, 1) {
		return 0, true
	}
	missing := 1 - lim.TokensAt(now)
	return max(time.Duration(missing*float64(b.every)), time.Second), false
}
