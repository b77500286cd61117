package webchat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/guard"
	"github.com/deskbell/deskbell/intents/lang"
)

// postTime bounds the work of one POST once it has begun: it goes on when the visitor closes the tab.
const postTime = 20 * time.Second

// request is the body of every POST.
type request struct {
	ClientID string   `json:"client_id"`
	Text     string   `json:"text"`    // messages
	Action   string   `json:"action"`  // actions
	Message  int64    `json:"message"` // actions: seq of the message with the button
	Name     string   `json:"name"`
	Lang     lang.Tag `json:"lang"`
}

// ack is the answer to a POST: what the log holds, so that the widget shows the guarded text instead of the typed one.
type ack struct {
	Seq      int64        `json:"seq"` // 0: nothing to show
	ID       string       `json:"id,omitempty"`
	Text     string       `json:"text,omitempty"`
	Findings []guard.Kind `json:"findings"`
}

// post wraps a POST: limits, body, and one POST of a visitor at a time, which keeps their order.
func (s *server) post(h func(ctx context.Context, key string, in request) (ack, error)) http.HandlerFunc {
	return s.api(func(w http.ResponseWriter, r *http.Request, key string) error {
		if wait, ok := s.gate.admit(key, s.source(r), s.cfg.Now()); !ok {
			return &problem{status: http.StatusTooManyRequests, code: "too_many", after: wait}
		}
		in, err := readRequest(w, r)
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), postTime)
		defer cancel()
		leave, err := s.lanes.enter(ctx, key)
		if err != nil {
			return unavailable(fmt.Errorf("wait for the visitor's earlier message: %w", err))
		}
		defer leave()
		a, err := h(ctx, key, in)
		if err != nil {
			return err
		}
		if a.Findings == nil {
			a.Findings = []guard.Kind{}
		}
		reply(w, http.StatusOK, a)
		return nil
	})
}

func readRequest(w http.ResponseWriter, r *http.Request) (request, error) {
	if t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || t != "application/json" {
		return request{}, &problem{status: http.StatusUnsupportedMediaType, code: "not_json"}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return request{}, &problem{status: http.StatusRequestEntityTooLarge, code: "too_long"}
	}
	if err != nil {
		return request{}, &problem{status: http.StatusBadRequest, code: "cut_off"}
	}
	// The causes are not passed on: an error of the decoder may quote what was typed.
	var in request
	if json.Unmarshal(body, &in) != nil {
		return request{}, &problem{status: http.StatusBadRequest, code: "not_json"}
	}
	if !uuidShape.MatchString(in.ClientID) {
		return request{}, &problem{status: http.StatusBadRequest, code: "client_id"}
	}
	return in, nil
}

// message accepts what the visitor wrote, then logs its guarded form.
func (s *server) message(ctx context.Context, key string, in request) (ack, error) {
	text := clean(in.Text)
	if text == "" {
		return ack{}, &problem{status: http.StatusBadRequest, code: "empty"}
	}
	if utf8.RuneCountInString(text) > maxText {
		return ack{}, &problem{status: http.StatusRequestEntityTooLarge, code: "too_long"}
	}
	d := s.document(docMessage, key, in)
	d.Text = text
	rc, err := s.receive(ctx, d)
	if err != nil {
		return ack{}, err
	}
	return s.record(ctx, d, rc, kindUser, said(rc))
}

// said is what a receipt lets us show of a message. Whatever went wrong, it is never the text as typed: of a document that
// cannot be read nothing is shown.
func said(rc bot.Receipt) entry {
	var d document
	if json.Unmarshal(rc.Doc, &d) != nil || d.Kind != docMessage {
		return entry{Text: guard.Mark(guard.Failure), Findings: []guard.Kind{guard.Failure}}
	}
	found := kinds(slices.DeleteFunc(slices.Clone(rc.Findings), func(f guard.PathFinding) bool { return f.Path != "text" }))
	for _, k := range guard.Marks(d.Text) { // a duplicate's findings may be those of the repeated document
		found = addKind(found, k)
	}
	return entry{Text: d.Text, Lang: d.Lang, Findings: found}
}

// action accepts a pressed button. Only a button that the visitor was offered can be pressed, as often as wanted.
func (s *server) action(ctx context.Context, key string, in request) (ack, error) {
	ref, button, err := s.offered(ctx, key, in)
	if err != nil {
		return ack{}, err
	}
	d := s.document(docButton, key, in)
	d.Action, d.Message = button.Action, ref
	rc, err := s.receive(ctx, d)
	if err != nil {
		return ack{}, err
	}
	return s.record(ctx, d, rc, kindAction, entry{Text: button.Label, Lang: d.Lang, Target: ref})
}

// offered finds the pressed button in the log.
func (s *server) offered(ctx context.Context, key string, in request) (ref string, b bot.Button, err error) {
	gone := &problem{status: http.StatusGone, code: "gone"}
	ev, ok, err := s.logged(ctx, key, in.Message)
	if err != nil {
		return "", b, err
	}
	if !ok || in.Action == "" {
		return "", b, gone
	}
	var e entry
	if err := json.Unmarshal(ev.Payload, &e); err != nil {
		return "", b, unavailable(fmt.Errorf("log event %d: %w", ev.Seq, err))
	}
	for _, b := range e.Buttons {
		if b.Action == in.Action {
			return ev.Ref, b, nil
		}
	}
	return "", b, gone
}

// start accepts that the visitor opened the chat for the first time. A visitor with a log has been greeted already, so that
// of several tabs opened together only one starts.
func (s *server) start(ctx context.Context, key string, in request) (ack, error) {
	have, err := s.cfg.Log.WebEvents(ctx, s.address(key), 0, 1)
	if err != nil {
		return ack{}, unavailable(fmt.Errorf("read log: %w", err))
	}
	if len(have) > 0 {
		return ack{}, nil
	}
	d := s.document(docStart, key, in)
	rc, err := s.receive(ctx, d)
	if err != nil {
		return ack{}, err
	}
	a, err := s.record(ctx, d, rc, kindStart, entry{Lang: d.Lang})
	a.Seq = 0
	return a, err
}

func (s *server) document(kind, key string, in request) document {
	return document{
		Kind:     kind,
		Visitor:  key,
		ClientID: in.ClientID,
		Name:     cut(clean(in.Name), maxName),
		Lang:     knownLang(in.Lang),
		SentAt:   s.cfg.Now().UTC().Format(time.RFC3339Nano),
	}
}

// receive hands the document to the receiver; after it returned, the message is durable.
func (s *server) receive(ctx context.Context, d document) (bot.Receipt, error) {
	raw, err := json.Marshal(d)
	if err != nil {
		return bot.Receipt{}, unavailable(fmt.Errorf("encode document: %w", err))
	}
	rcs, err := s.receiver.Receive(ctx, bot.Batch{Items: []bot.Incoming{{
		Address:    s.address(d.Visitor),
		ExternalID: d.Visitor + ":" + d.ClientID,
		Doc:        raw,
		ReceivedAt: s.cfg.Now(),
	}}})
	if err != nil {
		return bot.Receipt{}, unavailable(fmt.Errorf("receive: %w", err))
	}
	if len(rcs) != 1 {
		return bot.Receipt{}, unavailable(fmt.Errorf("receive: %d receipts for one event", len(rcs)))
	}
	return rcs[0], nil
}

// record puts the visitor's own event into the log and tells what the log holds: for a repeated POST that is the first one.
func (s *server) record(ctx context.Context, d document, rc bot.Receipt, kind string, e entry) (ack, error) {
	payload, err := json.Marshal(e)
	if err != nil {
		return ack{}, unavailable(fmt.Errorf("encode %s: %w", kind, err))
	}
	ref := userRef(d.ClientID)
	seq, err := s.cfg.Log.AppendWebEvent(ctx, s.address(d.Visitor), bot.WebEvent{Ref: ref, Kind: kind, Payload: payload, At: s.cfg.Now()})
	if err != nil {
		return ack{}, unavailable(fmt.Errorf("append %s: %w", kind, err))
	}
	if rc.Duplicate {
		ev, ok, err := s.logged(ctx, d.Visitor, seq)
		if err != nil {
			return ack{}, err
		}
		if ok && json.Unmarshal(ev.Payload, &e) != nil {
			return ack{}, unavailable(fmt.Errorf("log event %d is not ours", seq))
		}
	}
	s.hub.wake(d.Visitor)
	return ack{Seq: seq, ID: ref, Text: e.Text, Findings: e.Findings}, nil
}

// logged reads one event of a visitor's log; ok is false when there is none with that seq.
func (s *server) logged(ctx context.Context, key string, seq int64) (ev bot.WebEvent, ok bool, err error) {
	if seq < 1 {
		return ev, false, nil
	}
	evs, err := s.cfg.Log.WebEvents(ctx, s.address(key), seq-1, 1)
	if err != nil {
		return ev, false, unavailable(fmt.Errorf("read log at %d: %w", seq, err))
	}
	if len(evs) == 0 || evs[0].Seq != seq {
		return ev, false, nil
	}
	return evs[0], true, nil
}
