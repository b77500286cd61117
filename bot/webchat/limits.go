package webchat

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Sizes of what a visitor may send.
const (
	// maxText is the length of a message in code points.
	maxText = 4000
	// maxBody is the size of a POST in bytes: room for maxText in any script (4 bytes a code point) and its escapes.
	maxBody = 24 << 10
	maxName = 100 // code points
)

// Limits bound what visitors can use. A zero field takes the default.
type Limits struct {
	PerVisitor        rate.Limit // POSTs a second of one visitor; default 2
	Burst             int        // of one visitor; default 20
	PerSite           rate.Limit // POSTs a second of all visitors, with a burst of twice that; default 500
	StreamsPerVisitor int        // open streams (tabs) of one visitor in this process; default 12
	Streams           int        // open streams of all visitors in this process; default 20000
}

func (l Limits) withDefaults() Limits {
	if l.PerVisitor == 0 {
		l.PerVisitor = 2
	}
	if l.Burst == 0 {
		l.Burst = 20
	}
	if l.PerSite == 0 {
		l.PerSite = 500
	}
	if l.StreamsPerVisitor == 0 {
		l.StreamsPerVisitor = 12
	}
	if l.Streams == 0 {
		l.Streams = 20000
	}
	return l
}

// generation is how many visitors' limiters are kept before the older half is forgotten.
const generation = 10000

// gate limits the rate of POSTs, per visitor and of the site. It remembers at most two generations of visitors: anybody may
// invent visitor tokens, so the memory they take must be bounded.
type gate struct {
	mu       sync.Mutex
	limits   Limits
	site     *rate.Limiter
	young    map[string]*rate.Limiter
	previous map[string]*rate.Limiter
}

func newGate(l Limits) *gate {
	return &gate{limits: l, site: rate.NewLimiter(l.PerSite, max(1, int(2*l.PerSite))), young: map[string]*rate.Limiter{}}
}

// admit takes one POST of the visitor from both budgets, or says how long to wait.
func (g *gate) admit(key string, now time.Time) (wait time.Duration, ok bool) {
	if wait, ok := take(g.visitor(key), now); !ok {
		return wait, false
	}
	return take(g.site, now)
}

func take(l *rate.Limiter, now time.Time) (time.Duration, bool) {
	r := l.ReserveN(now, 1)
	if wait := r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
		return wait, false
	}
	return 0, true
}

func (g *gate) visitor(key string) *rate.Limiter {
	g.mu.Lock()
	defer g.mu.Unlock()
	if l := g.young[key]; l != nil {
		return l
	}
	l := g.previous[key]
	if l == nil {
		l = rate.NewLimiter(g.limits.PerVisitor, g.limits.Burst)
	}
	if len(g.young) >= generation {
		g.previous, g.young = g.young, map[string]*rate.Limiter{}
	}
	g.young[key] = l
	return l
}
