package webchat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/bot"
)

const (
	pageSize  = 200              // events read from the log at a time
	writeTime = 30 * time.Second // for one write to a stream: a client that takes longer is gone
	maxWait   = 25 * time.Second // of a long poll
)

// events streams the visitor's log from a cursor (?after=N or Last-Event-ID) as server-sent events, or, for clients behind a
// proxy that holds streams back (Accept: application/json), answers with what is there, waiting up to ?wait=seconds for it.
//
// The kinds of server-sent events: "message" (a wireEvent, with its seq as id), "typing", "synced" (all that was there
// has been sent), and "reset": the cursor's event is not in the log any more (erased, or another database), so all that was
// shown goes off the screen and the log follows from its beginning.
func (s *server) events(w http.ResponseWriter, r *http.Request, key string) error {
	after, err := cursor(r)
	if err != nil {
		return err
	}
	l, leave, err := s.hub.listen(key, s.source(r))
	if errors.Is(err, errFull) {
		return &problem{status: http.StatusTooManyRequests, code: "too_many_streams", after: 10 * time.Second}
	}
	if err != nil {
		return unavailable(err)
	}
	defer leave()
	rc := http.NewResponseController(w)
	// The server's time limits are for ordinary requests. Not every writer has deadlines; without them nothing is to be lifted.
	_ = rc.SetReadDeadline(time.Time{})
	_ = rc.SetWriteDeadline(time.Now().Add(maxWait + writeTime))
	rd := &reader{log: s.cfg.Log, addr: s.address(key), cursor: after, logger: s.cfg.Logger}
	if strings.Contains(r.Header.Get("Accept"), "application/json") {
		return s.poll(w, r, l, rd)
	}
	st := &stream{w: w, rc: rc}
	st.open()
	s.follow(r.Context(), l, rd, st)
	return nil
}

func cursor(r *http.Request) (int64, error) {
	v := r.Header.Get("Last-Event-ID")
	if v == "" {
		v = r.URL.Query().Get("after")
	}
	if v == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil || n < 0 {
		return 0, &problem{status: http.StatusBadRequest, code: "cursor"}
	}
	return n, nil
}

// follow sends what the log holds and what comes, until the client leaves, the channel stops or the log fails. A failure
// ends the stream, the client comes again with its cursor.
func (s *server) follow(ctx context.Context, l *listener, rd *reader, st *stream) {
	beat := time.NewTicker(s.cfg.Heartbeat)
	defer beat.Stop()
	for first := true; ; first = false {
		if err := rd.each(ctx, st.event, st.reset); err != nil {
			if ctx.Err() == nil {
				s.cfg.Logger.Warn("webchat stream ended", slog.Any("error", err))
			}
			return
		}
		if first {
			st.write("event: synced\ndata: {}\n\n")
		}
		if st.flush() != nil {
			return
		}
		if !s.wait(ctx, l, beat.C, st) {
			return
		}
	}
}

// wait returns true when it is time to read the log again.
func (s *server) wait(ctx context.Context, l *listener, beat <-chan time.Time, st *stream) bool {
	for {
		select {
		case <-ctx.Done():
			return false
		case <-s.hub.stopped:
			return false
		case <-l.woken:
			return true
		case <-beat:
			st.write(": beat\n\n")
			return true
		case <-l.typing:
			st.write("event: typing\ndata: {}\n\n")
			if st.flush() != nil {
				return false
			}
		}
	}
}

// poll answers once, as soon as there is something to tell.
func (s *server) poll(w http.ResponseWriter, r *http.Request, l *listener, rd *reader) error {
	seconds, _ := strconv.Atoi(r.URL.Query().Get("wait")) // anything unreadable: do not wait
	timer := time.NewTimer(min(max(0, time.Duration(seconds)*time.Second), maxWait))
	defer timer.Stop()
	out := struct {
		Reset  bool        `json:"reset"`
		Events []wireEvent `json:"events"`
	}{Events: []wireEvent{}}
	for last := false; ; {
		err := rd.each(r.Context(), func(e wireEvent) error {
			out.Events = append(out.Events, e)
			return nil
		}, func() { out.Reset, out.Events = true, []wireEvent{} })
		if err != nil {
			return unavailable(err)
		}
		if last || out.Reset || len(out.Events) > 0 {
			reply(w, http.StatusOK, out)
			return nil
		}
		select {
		case <-r.Context().Done():
			last = true
		case <-s.hub.stopped:
			last = true
		case <-timer.C:
			last = true
		case <-l.woken:
		}
	}
}

// reader reads a visitor's log forward from a cursor.
type reader struct {
	log    bot.WebLog
	addr   bot.Address
	cursor int64
	logger *slog.Logger
}

// each calls event for everything past the cursor, and reset before starting over when the cursor's event has gone. To see
// that, every read begins with the event at the cursor.
func (rd *reader) each(ctx context.Context, event func(wireEvent) error, reset func()) error {
	for {
		page, err := rd.log.WebEvents(ctx, rd.addr, max(0, rd.cursor-1), pageSize)
		if err != nil {
			return fmt.Errorf("read log after %d: %w", rd.cursor, err)
		}
		full := len(page) == pageSize
		if rd.cursor > 0 {
			if len(page) == 0 || page[0].Seq != rd.cursor {
				reset()
				rd.cursor = 0
				continue
			}
			page = page[1:]
		}
		for _, ev := range page {
			if err := rd.one(ev, event); err != nil {
				return err
			}
		}
		if !full {
			return nil
		}
	}
}

func (rd *reader) one(ev bot.WebEvent, event func(wireEvent) error) error {
	out, show, err := toWire(ev)
	if err != nil { // one unreadable event must not keep the visitor from all others
		rd.logger.Error("webchat log", slog.Any("error", err))
	} else if show {
		if err := event(out); err != nil {
			return err
		}
	}
	rd.cursor = ev.Seq
	return nil
}

// stream writes server-sent events. After a failed write it only remembers the error.
type stream struct {
	w   http.ResponseWriter
	rc  *http.ResponseController
	err error
}

func (st *stream) open() {
	h := st.w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no") // nginx would hold the stream back
	st.w.WriteHeader(http.StatusOK)
	st.write(": hello\n\n")
}

func (st *stream) event(e wireEvent) error {
	data, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("encode event %d: %w", e.Seq, err)
	}
	st.write(fmt.Sprintf("id: %d\nevent: message\ndata: %s\n\n", e.Seq, data))
	return st.err
}

func (st *stream) reset() { st.write("id: 0\nevent: reset\ndata: {}\n\n") }

func (st *stream) write(s string) {
	if st.err != nil {
		return
	}
	// Not every writer has deadlines (tests, some middleware); without one the server's own applies.
	_ = st.rc.SetWriteDeadline(time.Now().Add(writeTime))
	_, st.err = st.w.Write([]byte(s))
}

func (st *stream) flush() error {
	if st.err == nil {
		st.err = st.rc.Flush()
	}
	return st.err
}

// file serves a file of the visitor's log as a download.
func (s *server) file(w http.ResponseWriter, r *http.Request, key string) error {
	seq, err := strconv.ParseInt(r.PathValue("seq"), 10, 64)
	if err != nil {
		return &problem{status: http.StatusNotFound, code: "not_found"}
	}
	ev, ok, err := s.logged(r.Context(), key, seq)
	if err != nil {
		return err
	}
	var e entry
	if !ok || ev.Kind != kindFile || json.Unmarshal(ev.Payload, &e) != nil || e.File == nil {
		return &problem{status: http.StatusNotFound, code: "not_found"}
	}
	h := w.Header()
	h.Set("Content-Type", e.File.Type)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": e.File.Name}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Content-Length", strconv.Itoa(len(e.File.Data)))
	if _, err := w.Write(e.File.Data); err != nil {
		s.cfg.Logger.Info("webchat file not read to its end", slog.Int64("seq", seq))
	}
	return nil
}
