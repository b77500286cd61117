package webchat

import (
	"context"
	"errors"
	"sync"
)

var (
	errFull    = errors.New("too many streams")
	errStopped = errors.New("the channel has stopped")
)

// hub wakes the streams of this process. It carries no content: a woken stream reads the log.
type hub struct {
	mu       sync.Mutex
	streams  map[string]map[*listener]struct{} // by address key
	sources  map[string]int                    // open streams by network address
	count    int
	limits   Limits
	stopped  chan struct{}
	isClosed bool
}

// listener is one open stream. Both channels hold at most one signal, so that a slow stream blocks nobody.
type listener struct {
	woken  chan struct{}
	typing chan struct{}
}

func newHub(l Limits) *hub {
	return &hub{streams: map[string]map[*listener]struct{}{}, sources: map[string]int{}, limits: l, stopped: make(chan struct{})}
}

// listen opens a stream; leave must be called once. errFull when there are too many, of the visitor, of its network
// address or altogether, errStopped after close.
func (h *hub) listen(key, source string) (l *listener, leave func(), err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.isClosed {
		return nil, nil, errStopped
	}
	if h.count >= h.limits.Streams || len(h.streams[key]) >= h.limits.StreamsPerVisitor || h.sources[source] >= h.limits.StreamsPerSource {
		return nil, nil, errFull
	}
	l = &listener{woken: make(chan struct{}, 1), typing: make(chan struct{}, 1)}
	if h.streams[key] == nil {
		h.streams[key] = map[*listener]struct{}{}
	}
	h.streams[key][l] = struct{}{}
	h.sources[source]++
	h.count++
	return l, func() { h.leave(key, source, l) }, nil
}

func (h *hub) leave(key, source string, l *listener) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.streams[key], l)
	if len(h.streams[key]) == 0 {
		delete(h.streams, key)
	}
	if h.sources[source]--; h.sources[source] == 0 {
		delete(h.sources, source)
	}
	h.count--
}

func (h *hub) wake(key string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for l := range h.streams[key] {
		signal(l.woken)
	}
}

func (h *hub) typing(key string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for l := range h.streams[key] {
		signal(l.typing)
	}
}

// close ends every stream and refuses new ones.
func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.isClosed {
		h.isClosed = true
		close(h.stopped)
	}
}

func signal(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}

// lanes let one caller at a time work for a visitor.
type lanes struct {
	mu sync.Mutex
	m  map[string]*lane
}

type lane struct {
	slot  chan struct{}
	users int
}

func newLanes() *lanes { return &lanes{m: map[string]*lane{}} }

// enter waits for the visitor's lane; leave must be called once. It fails only with ctx.
func (ls *lanes) enter(ctx context.Context, key string) (leave func(), err error) {
	ls.mu.Lock()
	l := ls.m[key]
	if l == nil {
		l = &lane{slot: make(chan struct{}, 1)}
		ls.m[key] = l
	}
	l.users++
	ls.mu.Unlock()
	select {
	case l.slot <- struct{}{}:
		return func() { <-l.slot; ls.drop(key, l) }, nil
	case <-ctx.Done():
		ls.drop(key, l)
		return nil, ctx.Err()
	}
}

func (ls *lanes) drop(key string, l *lane) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if l.users--; l.users == 0 {
		delete(ls.m, key)
	}
}
