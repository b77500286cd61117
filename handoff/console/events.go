package console

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/deskbell/deskbell/bot"
)

// Rhythm of the stream of events.
const (
	eventGather = 150 * time.Millisecond // changes that come together are told together
	eventBeat   = 20 * time.Second       // a line that keeps proxies awake and shows a dead browser
	eventWrite  = 30 * time.Second       // for one line
)

// streamEvents tells the inbox over server-sent events which conversations changed. It carries ids only; the page
// fetches what it shows. It ends with the browser, the session or the program.
func (k *Console) streamEvents(v *visit) error {
	rc := http.NewResponseController(v.w)
	// The server's time limits are for ordinary requests. A writer without deadlines has nothing to lift.
	_ = rc.SetReadDeadline(time.Time{})
	_ = rc.SetWriteDeadline(time.Time{})
	changes, cancel := k.c.Bus.Subscribe()
	defer cancel()
	h := v.w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no")
	v.w.WriteHeader(http.StatusOK)
	if _, err := fmt.Fprint(v.w, "retry: 2000\nevent: hello\ndata: {}\n\n"); err != nil {
		return nil // the browser has gone
	}
	if err := rc.Flush(); err != nil {
		return nil // the browser has gone
	}
	k.pump(v, rc, changes)
	return nil
}

// pump writes until somebody leaves.
func (k *Console) pump(v *visit, rc *http.ResponseController, changes <-chan bot.Change) {
	beat := time.NewTicker(eventBeat)
	defer beat.Stop()
	gathered := map[bot.ConversationID]bool{} // true: its handoff changed, so its place in the list may have
	var tell <-chan time.Time
	for {
		line := ""
		select {
		case <-v.Context().Done():
			return
		case <-k.c.Done:
			return
		case c := <-changes:
			if c.Conversation == "" || c.Kind == bot.ChangeArrival {
				continue
			}
			gathered[c.Conversation] = gathered[c.Conversation] || c.Kind == bot.ChangeHandoff
			if tell == nil {
				tell = time.After(eventGather)
			}
			continue
		case <-tell:
			line, tell = changeEvent(gathered), nil
			clear(gathered)
		case <-beat.C:
			if !k.stillSignedIn(v) {
				return
			}
			line = ": beat\n\n"
		}
		_ = rc.SetWriteDeadline(time.Now().Add(eventWrite)) // a browser that has fallen asleep must not keep us for ever
		if _, err := fmt.Fprint(v.w, line); err != nil {
			return
		}
		if err := rc.Flush(); err != nil {
			return
		}
	}
}

// changeEvent names the conversations; list says that one of them may be new to the list or have moved in it.
func changeEvent(gathered map[bot.ConversationID]bool) string {
	change := struct {
		List          bool                 `json:"list"`
		Conversations []bot.ConversationID `json:"conversations"`
	}{}
	for id, handoff := range gathered {
		change.List = change.List || handoff
		change.Conversations = append(change.Conversations, id)
	}
	slices.Sort(change.Conversations)
	data, err := json.Marshal(change)
	if err != nil {
		return "event: change\ndata: {\"list\":true}\n\n"
	}
	return "event: change\ndata: " + string(data) + "\n\n"
}

// stillSignedIn looks the session up anew: it may have been ended, and its agent disabled, since the stream began.
func (k *Console) stillSignedIn(v *visit) bool {
	ctx, cancel := context.WithTimeout(v.Context(), 5*time.Second)
	defer cancel()
	cookie, err := v.Cookie(k.sessions.Cookie.Name)
	if err != nil {
		return false
	}
	// scs keeps a session that is loaded already in the context; a bare context makes it look into the store.
	fresh, err := k.sessions.Load(withoutValues{ctx}, cookie.Value)
	if err != nil {
		return true // the store is away for a moment: the next beat looks again
	}
	_, ok, err := k.agentOf(fresh)
	return ok || err != nil
}

// withoutValues is a context that ends like its parent and carries nothing.
type withoutValues struct{ context.Context }

func (withoutValues) Value(any) any { return nil }
