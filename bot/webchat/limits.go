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
	PerSource         rate.Limit // POSTs a second from one network address, with a burst of ten times that; default 20
	PerSite           rate.Limit // POSTs a second of all visitors, with a burst of twice that; default 500
	StreamsPerVisitor int        // open streams (tabs) of one visitor in this process; default 12
	StreamsPerSource  int        // open streams from one network address in this process; default 1000
	Streams           int        // open streams of all visitors in this process; default 20000
}

func (l Limits) withDefaults() Limits {
	if l.PerVisitor == 0 {
		l.PerVisitor = 2
	}
	if l.Burst == 0 {
		l.Burst = 20
	}
	if l.PerSource == 0 {
		l.PerSource = 20
	}
	if l.PerSite == 0 {
		l.PerSite = 500
	}
	if l.StreamsPerVisitor == 0 {
		l.StreamsPerVisitor = 12
	}
	if l.StreamsPerSource == 0 {
		l.StreamsPerSource = 1000
	}
	if l.Streams == 0 {
		l.Streams = 20000
	}
	return l
}

// gate limits the rate of POSTs: per visitor, per network address and of the site. Anybody may invent visitor tokens, so that
// one address must not use up what all share.
type gate struct {
	visitors, sources *buckets
	site              *rate.Limiter
}

func newGate(l Limits) *gate {
	return &gate{
		visitors: newBuckets(l.PerVisitor, l.Burst),
		sources:  newBuckets(l.PerSource, max(1, int(10*l.PerSource))),
		site:     rate.NewLimiter(l.PerSite, max(1, int(2*l.PerSite))),
	}
}

// admit takes one POST of the visitor from every budget, or says how long to wait.
func (g *gate) admit(visitor, source string, now time.Time) (wait time.Duration, ok bool) {
	for _, l := range []*rate.Limiter{g.visitors.of(visitor), g.sources.of(source), g.site} {
		if wait, ok := take(l, now); !ok {
			return wait, false
		}
	}
	return 0, true
}

func take(l *rate.Limiter, now time.Time) (time.Duration, bool) {
	r := l.ReserveN(now, 1)
	if wait := r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
		return wait, false
	}
	return 0, true
}

// generation is how many limiters are kept before the older half is forgotten.
const generation = 10000

// buckets are limiters by key. They remember at most two generations of keys, so that invented keys take bounded memory.
type buckets struct {
	limit rate.Limit
	burst int

	mu       sync.Mutex
	young    map[string]*rate.Limiter
	previous map[string]*rate.Limiter
}

func newBuckets(limit rate.Limit, burst int) *buckets {
	return &buckets{limit: limit, burst: burst, young: map[string]*rate.Limiter{}}
}

func (b *buckets) of(key string) *rate.Limiter {
	b.mu.Lock()
	defer b.mu.Unlock()
	if l := b.young[key]; l != nil {
		return l
	}
	l := b.previous[key]
	if l == nil {
		l = rate.NewLimiter(b.limit, b.burst)
	}
	if len(b.young) >= generation {
		b.previous, b.young = b.young, map[string]*rate.Limiter{}
	}
	b.young[key] = l
	return l
}
