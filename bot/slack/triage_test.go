package slack

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
)

var testSelf = identity{Team: "T0TEAM0001", User: "U0BOT00001", Bot: "B0BOT00001"}

// wrap puts an event into the Events API's outer payload, with the secrets Slack adds.
func wrap(event string) []byte {
	return []byte(`{"token":"verif-SECRET","team_id":"T0TEAM0001","type":"event_callback","event_id":"Ev0123456789",
		"authorizations":[{"team_id":"T0TEAM0001","user_id":"U0BOT00001","is_bot":true}],"event":` + event + `}`)
}

func TestTriageEvents(t *testing.T) {
	const ts, root = "1700000000.000100", "1690000000.000200"
	for name, c := range map[string]struct {
		event, key, id, skip, text string
		onlyKnown                  bool
		kind                       docKind
	}{
		"direct message": {
			event: `{"type":"message","channel":"D0DM000001","channel_type":"im","user":"U0USER0001","text":"hi &amp; bye","ts":"` + ts + `"}`,
			key:   "dm:D0DM000001", id: "msg:D0DM000001:" + ts, text: "hi & bye", kind: docMessage},
		"direct message in a thread": {
			event: `{"type":"message","channel":"D0DM000001","channel_type":"im","user":"U0USER0001","text":"hi","ts":"` + ts + `","thread_ts":"` + root + `"}`,
			key:   "dm:D0DM000001", id: "msg:D0DM000001:" + ts, text: "hi", kind: docMessage},
		"mention as app_mention": {
			event: `{"type":"app_mention","channel":"C0CHAN0001","user":"U0USER0001","text":"<@U0BOT00001> help","ts":"` + ts + `"}`,
			key:   "thread:C0CHAN0001:" + ts, id: "msg:C0CHAN0001:" + ts, text: "help", kind: docMessage},
		"the same as message": {
			event: `{"type":"message","channel":"C0CHAN0001","channel_type":"channel","user":"U0USER0001","text":"<@U0BOT00001> help","ts":"` + ts + `"}`,
			key:   "thread:C0CHAN0001:" + ts, id: "msg:C0CHAN0001:" + ts, text: "help", kind: docMessage},
		"talk in a channel": {
			event: `{"type":"message","channel":"C0CHAN0001","channel_type":"channel","user":"U0USER0001","text":"lunch?","ts":"` + ts + `"}`,
			skip:  "the bot is not meant"},
		"in a thread, maybe the bot's": {
			event: `{"type":"message","channel":"C0CHAN0001","channel_type":"channel","user":"U0USER0001","text":"and?","ts":"` + ts + `","thread_ts":"` + root + `"}`,
			key:   "thread:C0CHAN0001:" + root, id: "msg:C0CHAN0001:" + ts, text: "and?", onlyKnown: true, kind: docMessage},
		"called into a thread": {
			event: `{"type":"message","channel":"C0CHAN0001","channel_type":"channel","user":"U0USER0001","text":"<@U0BOT00001> look","ts":"` + ts + `","thread_ts":"` + root + `"}`,
			key:   "thread:C0CHAN0001:" + root, id: "msg:C0CHAN0001:" + ts, text: "look", kind: docMessage},
		"own message": {
			event: `{"type":"message","channel":"D0DM000001","channel_type":"im","user":"U0BOT00001","bot_id":"B0BOT00001","text":"hi","ts":"` + ts + `"}`,
			skip:  "written by a bot"},
		"another bot": {
			event: `{"type":"message","channel":"D0DM000001","channel_type":"im","user":"U0USER0009","bot_id":"B0OTHER001","text":"hi","ts":"` + ts + `"}`,
			skip:  "written by a bot"},
		"file": {
			event: `{"type":"message","subtype":"file_share","channel":"D0DM000001","channel_type":"im","user":"U0USER0001","text":"","ts":"` + ts + `","files":[{"id":"F0FILE0001","mimetype":"image/png"}]}`,
			key:   "dm:D0DM000001", id: "msg:D0DM000001:" + ts, kind: docMessage},
		"join": {
			event: `{"type":"message","subtype":"channel_join","channel":"C0CHAN0001","channel_type":"channel","user":"U0USER0001","text":"has joined","ts":"` + ts + `"}`,
			skip:  "subtype channel_join"},
		"edit": {
			event: `{"type":"message","subtype":"message_changed","channel":"D0DM000001","channel_type":"im","ts":"1700000009.000100","message":{"user":"U0USER0001","text":"new","ts":"` + ts + `","edited":{"user":"U0USER0001","ts":"1700000008.000000"}},"previous_message":{"user":"U0USER0001","text":"old","ts":"` + ts + `"}}`,
			key:   "dm:D0DM000001", id: "edit:D0DM000001:" + ts + ":1700000008.000000", text: "new", kind: docEdit},
		"unfurl": {
			event: `{"type":"message","subtype":"message_changed","channel":"D0DM000001","channel_type":"im","message":{"user":"U0USER0001","text":"same","ts":"` + ts + `"},"previous_message":{"user":"U0USER0001","text":"same","ts":"` + ts + `"}}`,
			skip:  "the text is the same"},
		"edit in a channel": {
			event: `{"type":"message","subtype":"message_changed","channel":"C0CHAN0001","channel_type":"channel","event_ts":"1700000008.000000","message":{"user":"U0USER0001","text":"new","ts":"` + ts + `"},"previous_message":{"text":"old"}}`,
			key:   "thread:C0CHAN0001:" + ts, id: "edit:C0CHAN0001:" + ts + ":1700000008.000000", text: "new", onlyKnown: true, kind: docEdit},
		"deletion": {
			event: `{"type":"message","subtype":"message_deleted","channel":"D0DM000001","channel_type":"im","deleted_ts":"` + ts + `","event_ts":"1700000008.000000","previous_message":{"user":"U0USER0001","text":"hunter2","ts":"` + ts + `"}}`,
			key:   "dm:D0DM000001", id: "del:D0DM000001:" + ts, onlyKnown: true, kind: docDelete},
		"deleted root": {
			event: `{"type":"message","subtype":"message_changed","channel":"C0CHAN0001","channel_type":"channel","event_ts":"1700000008.000000","message":{"subtype":"tombstone","user":"USLACKBOT","text":"This message was deleted.","ts":"` + ts + `","thread_ts":"` + ts + `"},"previous_message":{"user":"U0USER0001","text":"hunter2","thread_ts":"` + ts + `"}}`,
			key:   "thread:C0CHAN0001:" + ts, id: "del:C0CHAN0001:" + ts, onlyKnown: true, kind: docDelete},
		"messages tab": {
			event: `{"type":"app_home_opened","user":"U0USER0001","channel":"D0DM000001","tab":"messages","event_ts":"1700000008.000000"}`,
			key:   "dm:D0DM000001", id: "home:D0DM000001", kind: docHome},
		"home tab": {
			event: `{"type":"app_home_opened","user":"U0USER0001","channel":"D0DM000001","tab":"home","event_ts":"1700000008.000000"}`,
			skip:  "another tab"},
		"unknown type": {
			event: `{"type":"team_join","user":{"id":"U0USER0001"}}`,
			id:    "other:Ev0123456789", kind: docUnknown},
		"no ts": {
			event: `{"type":"message","channel":"D0DM000001","channel_type":"im","user":"U0USER0001","text":"hunter2"}`,
			id:    "other:Ev0123456789", kind: docUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := triage(fromEvents, wrap(c.event), testSelf)
			if err != nil {
				t.Fatal(err)
			}
			if s.skip != c.skip {
				t.Fatalf("skip = %q, want %q", s.skip, c.skip)
			}
			if c.skip != "" {
				return
			}
			if s.key != c.key || s.externalID != c.id || s.onlyKnown != c.onlyKnown || s.doc.Kind != c.kind || s.doc.Text != c.text || s.account != "T0TEAM0001" {
				t.Errorf("got key %q id %q onlyKnown %v kind %q text %q account %q", s.key, s.externalID, s.onlyKnown, s.doc.Kind, s.doc.Text, s.account)
			}
			in, err := s.incoming(time.Unix(1, 0))
			if err != nil {
				t.Fatal(err)
			}
			for _, secret := range []string{"SECRET", "hunter2"} {
				if strings.Contains(string(in.Doc), secret) {
					t.Errorf("the document keeps %q: %s", secret, in.Doc)
				}
			}
		})
	}
}

func TestTriageInteractiveAndCommands(t *testing.T) {
	const press = `{"type":"block_actions","token":"SECRET","response_url":"https://hooks.slack.com/SECRET","trigger_id":"1.2.abc","team":{"id":"T0TEAM0001"},
		"user":{"id":"U0USER0001","username":"li.na","name":"li.na"},"container":{"type":"message","message_ts":"1700000000.000100","channel_id":"%s"%s},
		"channel":{"id":"%s"},"message":{"ts":"1700000000.000100","text":"SECRET"},"actions":[{"action_id":"%s","value":"%s","action_ts":"1700000001.000000"}]}`
	s, err := triage(fromInteractive, fmt.Appendf(nil, press, "C0CHAN0001", `,"thread_ts":"1690000000.000200"`, "C0CHAN0001", "deskbell_0", "ask:fees"), testSelf)
	if err != nil || s.key != "thread:C0CHAN0001:1690000000.000200" || s.externalID != "action:C0CHAN0001:1700000000.000100:deskbell_0:1700000001.000000" || s.doc.Action != "ask:fees" {
		t.Errorf("button: %+v, %v", s, err)
	}
	in, _ := s.incoming(time.Now())
	if strings.Contains(string(in.Doc), "SECRET") {
		t.Errorf("button: the document keeps a secret: %s", in.Doc)
	}
	s, _ = triage(fromInteractive, fmt.Appendf(nil, press, "D0DM000001", "", "D0DM000001", urlAction+"1", ""), testSelf)
	if s.skip == "" {
		t.Errorf("a link button is handed over: %+v", s)
	}
	s, _ = triage(fromInteractive, []byte(`{"type":"view_submission","team":{"id":"T0TEAM0001"},"view":{"state":{"x":"SECRET"}}}`), testSelf)
	if s.doc.Kind != docUnknown || s.key != "" || !strings.HasPrefix(s.externalID, "other:") {
		t.Errorf("view_submission: %+v", s)
	}

	const command = `{"token":"SECRET","team_id":"T0TEAM0001","channel_id":"C0CHAN0001","user_id":"U0USER0001","user_name":"li.na","command":"/deskbell","text":"%s","response_url":"https://hooks.slack.com/SECRET","trigger_id":"13345224609.738474920.8088930838d88f008e0"}`
	for text, want := range map[string]string{"how much are fees?": "how much are fees?", "transcript": "/transcript", "Language zh": "/Language zh", "help me with fees": "help me with fees", "": ""} {
		s, _ := triage(fromCommands, fmt.Appendf(nil, command, text), testSelf)
		if s.doc.Text != want || s.doc.Kind != docCommand || s.externalID != "cmd:13345224609.738474920.8088930838d88f008e0" || s.doc.Channel != "" {
			t.Errorf("command %q: %+v", text, s)
		}
	}
}

// TestTriageOfficialShapes: none of the shapes Slack's own SDK lists is refused, and none that is taken lacks an id.
func TestTriageOfficialShapes(t *testing.T) {
	shared := os.Getenv("DESKBELL_SHARED")
	if shared == "" {
		t.Skip("DESKBELL_SHARED is not set: the official shapes of events are not here")
	}
	n := 0
	for dir, src := range map[string]source{"events": fromEvents, "app-backend": fromInteractive} {
		files, _ := filepath.Glob(filepath.Join(shared, "platforms", "specs", "slack-java-sdk", dir, "*.json"))
		for _, f := range files {
			raw, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			s, err := triage(src, raw, testSelf)
			if err != nil || s.skip == "" && s.externalID == "" {
				t.Errorf("%s: %+v, %v", filepath.Base(f), s, err)
			}
			n++
		}
	}
	if n < 100 {
		t.Errorf("only %d shapes", n)
	}
}

func TestTriageWithoutIdentity(t *testing.T) {
	const talk = `{"team_id":"T0TEAM0001","event":{"type":"message","channel":"C0CHAN0001","channel_type":"channel","user":"U0USER0001","text":"x","ts":"1700000000.000100"}}`
	if _, err := triage(fromEvents, []byte(talk), identity{}); !errors.Is(err, errNoIdentity) {
		t.Errorf("channel talk before auth.test: %v, want errNoIdentity", err)
	}
	s, err := triage(fromEvents, wrap(`{"type":"message","channel":"C0CHAN0001","channel_type":"channel","user":"U0USER0001","text":"<@U0BOT00001> x","ts":"1700000000.000100"}`), identity{})
	if err != nil || s.key == "" || s.account != "T0TEAM0001" {
		t.Errorf("the payload tells who the bot is: %+v, %v", s, err)
	}
}

func TestParse(t *testing.T) {
	d := document{Kind: docMessage, Slack: "message.file_share", Team: "T0TEAM0001", Channel: "D0DM000001", Private: true, User: "U0USER0001",
		UserName: "Li Na", Handle: "li.na", Locale: "zh-TW", TS: "1700000000.000100", At: "1700000000.000100", Text: "看这个",
		Files: []fileRef{{ID: "F0FILE0001", MIME: "image/png"}}}
	raw, _ := json.Marshal(d)
	e, err := parse(raw)
	want := bot.Event{Kind: bot.EventMessage, MessageID: d.TS, User: bot.User{ID: "U0USER0001", Name: "Li Na", Username: "li.na", Language: "zh-Hant"},
		Text: "看这个", Media: "photo", Private: true, At: time.Unix(1700000000, 100000).UTC()}
	if err != nil || e != want {
		t.Errorf("parse = %+v, %v\nwant %+v", e, err, want)
	}
	for name, doc := range map[string]string{
		"unknown": `{"kind":"unknown","slack":"events_api.team_join"}`, "guard failed": `{"guard":"failed"}`, "no object": `[]`, "empty": ``,
	} {
		if _, err := parse([]byte(doc)); err == nil {
			t.Errorf("%s: parsed", name)
		}
	}
	for kind, want := range map[docKind]bot.EventKind{docEdit: bot.EventEdit, docDelete: bot.EventDelete, docButton: bot.EventButton, docHome: bot.EventStart, docCommand: bot.EventStart} {
		raw, _ := json.Marshal(document{Kind: kind, Action: "ask:fees"})
		if e, err := parse(raw); err != nil || e.Kind != want {
			t.Errorf("parse of %s = %+v, %v", kind, e, err)
		}
	}
}

func TestPolicy(t *testing.T) {
	p := policy()
	if !p.Said([]string{"text"}) || p.Said([]string{"user_name"}) || p.Said([]string{"files", "name"}) {
		t.Error("Said is wrong")
	}
	for _, c := range []struct {
		path, value string
		want        bool
	}{
		{"ts", "1700000000.000100", true}, {"ts", "4111111111111111", false}, {"user", "U0USER0001", true}, {"user", "hunter2", false},
		{"event_id", "Ev0123456789", true}, {"event_id", "4111111111111111", false}, {"text", "U0USER0001", false}, {"action", "ask:fees", false},
	} {
		if got := p.ID([]string{c.path}, c.value); got != c.want {
			t.Errorf("ID(%s, %s) = %v", c.path, c.value, got)
		}
	}
}

func FuzzTriage(f *testing.F) {
	f.Add("events_api", string(wrap(`{"type":"message","channel":"D0DM000001","user":"U0USER0001","text":"x","ts":"1700000000.000100"}`)))
	f.Add("interactive", `{"type":"block_actions","actions":[{}]}`)
	f.Add("slash_commands", `{"command":"/x"}`)
	f.Add("mystery", `null`)
	f.Fuzz(func(t *testing.T, src, raw string) {
		s, err := triage(source(src), []byte(raw), testSelf)
		if err != nil || s.skip != "" {
			return
		}
		if s.externalID == "" {
			t.Errorf("an event without an id: %q", raw)
		}
		in, err := s.incoming(time.Unix(1, 0))
		if err != nil || !json.Valid(in.Doc) {
			t.Errorf("document %q, %v", in.Doc, err)
		}
		if s.doc.Kind == docUnknown != (s.key == "" && s.doc.Kind != docCommand) {
			t.Errorf("kind %s with key %q", s.doc.Kind, s.key)
		}
		if _, err := parse(in.Doc); (err != nil) != (s.doc.Kind == docUnknown) {
			t.Errorf("parse of kind %s: %v", s.doc.Kind, err)
		}
	})
}

func TestNoMessageIsMetWithSilence(t *testing.T) {
	const about = `"user":"U0USER0001","ts":"1700000000.000100"`
	for event, want := range map[string]bot.Event{
		`{"type":"app_mention","channel":"C0CHAN0001","text":"<@U0BOT00001>",` + about + `}`: {Kind: bot.EventStart},
		`{"type":"message","channel":"C0CHAN0001","text":"<@U0BOT00001>, ",` + about + `,"blocks":[{"type":"rich_text","elements":[
			{"type":"rich_text_section","elements":[{"type":"user","user_id":"U0BOT00001"}]}]}]}`: {Kind: bot.EventStart},
		`{"type":"message","channel":"D0DM000001","channel_type":"im","text":"",` + about + `,"blocks":[{"type":"image"}]}`: {Kind: bot.EventMessage, Media: unknownMedia},
		`{"type":"message","channel":"D0DM000001","channel_type":"im","text":"hi",` + about + `}`:                           {Kind: bot.EventMessage},
	} {
		s, err := triage(fromEvents, wrap(event), testSelf)
		if err != nil || s.skip != "" {
			t.Fatalf("%s: %v %s", event, err, s.skip)
		}
		in, err := s.incoming(time.Unix(1, 0))
		if err != nil {
			t.Fatal(err)
		}
		got, err := parse(in.Doc)
		if err != nil || got.Kind != want.Kind || got.Media != want.Media {
			t.Errorf("%s: %+v, %v", event, got, err)
		}
	}
}
