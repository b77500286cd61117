package slack_test

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/slack"
	"github.com/deskbell/deskbell/bot/slack/slacktest"
)

// sender is a channel that only sends, with the address of a direct message.
func sender(t *testing.T) (*slacktest.Server, *slacktest.User, *slack.Channel, bot.Address) {
	t.Helper()
	s, err := slacktest.Start(pace(slacktest.Options{}), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	ch, err := slack.New(slack.Config{BotToken: slacktest.BotToken, AppToken: slacktest.AppToken, APIURL: s.APIURL(), Timeout: 300 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	ann := s.User("Ann")
	return s, ann, ch, bot.Address{Channel: "slack", Account: slacktest.TeamID, Key: "dm:" + ann.DM("hello").Channel}
}

func outcome(t *testing.T, err error) (bot.SendOutcome, time.Duration) {
	t.Helper()
	var se *bot.SendError
	if !errors.As(err, &se) {
		t.Fatalf("%v is no SendError", err)
	}
	return se.Outcome, se.RetryAfter
}

func TestSendFailures(t *testing.T) {
	s, _, ch, addr := sender(t)
	for name, c := range map[string]struct {
		fault slacktest.Fault
		want  bot.SendOutcome
		wait  time.Duration
	}{
		"rate limited":         {slacktest.Fault{Status: http.StatusTooManyRequests, RetryAfter: 7}, bot.NotSent, 7 * time.Second},
		"rate limited, barely": {slacktest.Fault{Status: http.StatusTooManyRequests}, bot.NotSent, 30 * time.Second},
		"in words":             {slacktest.Fault{Error: "ratelimited"}, bot.NotSent, time.Minute},
		"bad gateway":          {slacktest.Fault{Status: http.StatusBadGateway}, bot.Ambiguous, 0},
		"broken connection":    {slacktest.Fault{Drop: true}, bot.Ambiguous, 0},
		"silence":              {slacktest.Fault{Hang: 2 * time.Second}, bot.Ambiguous, 0},
		"no reason":            {slacktest.Fault{Body: `{"ok":false}`}, bot.Ambiguous, 0},
		"nothing":              {slacktest.Fault{Body: `{}`}, bot.Ambiguous, 0},
		"no JSON":              {slacktest.Fault{Body: `<html>`}, bot.Ambiguous, 0},
		"fatal":                {slacktest.Fault{Error: "fatal_error"}, bot.Ambiguous, 0},
		"no channel":           {slacktest.Fault{Error: "channel_not_found"}, bot.Gone, 0},
		"not in channel":       {slacktest.Fault{Error: "not_in_channel"}, bot.Gone, 0},
		"archived":             {slacktest.Fault{Error: "is_archived"}, bot.Gone, 0},
		"workspace gone":       {slacktest.Fault{Error: "account_inactive"}, bot.Gone, 0},
		"token revoked":        {slacktest.Fault{Error: "token_revoked"}, bot.NotSent, time.Minute},
		"bad blocks":           {slacktest.Fault{Error: "invalid_blocks"}, bot.Rejected, 0},
		"too long":             {slacktest.Fault{Error: "msg_too_long"}, bot.Rejected, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s.Fail("chat.postMessage", c.fault)
			_, err := ch.Send(t.Context(), bot.Delivery{OutboxID: "o", Address: addr, Text: "the text of it", Attempt: 1})
			if got, wait := outcome(t, err); got != c.want || wait != c.wait {
				t.Errorf("%v: outcome %s after %v, want %s after %v", err, got, wait, c.want, c.wait)
			}
			for _, secret := range []string{slacktest.BotToken, "the text of it", "http://"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("the error shows %q: %v", secret, err)
				}
			}
		})
	}
	if n := len(s.Posts()); n != 0 {
		t.Errorf("%d posts", n)
	}
}

func TestSendWithoutConnection(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close() // nobody listens there any more
	ch, err := slack.New(slack.Config{BotToken: slacktest.BotToken, AppToken: slacktest.AppToken, APIURL: "http://" + l.Addr().String() + "/api"})
	if err != nil {
		t.Fatal(err)
	}
	addr := bot.Address{Channel: "slack", Account: slacktest.TeamID, Key: "dm:D0DM000001"}
	_, err = ch.Send(t.Context(), bot.Delivery{Address: addr, Text: "x", Attempt: 1})
	if got, _ := outcome(t, err); got != bot.NotSent {
		t.Errorf("outcome %s", got)
	}
	for _, key := range []string{"", "dm:", "private:5", "thread:C0CHAN0001", "thread:C0CHAN0001:5"} {
		addr.Key = key
		_, err = ch.Send(t.Context(), bot.Delivery{Address: addr, Text: "x", Attempt: 1})
		if got, _ := outcome(t, err); got != bot.Rejected {
			t.Errorf("key %q: outcome %s", key, got)
		}
	}
}

// TestSendOnce is design rule 3: a message whose answer was lost is found by its outbox id and not sent again.
func TestSendOnce(t *testing.T) {
	s, ann, ch, dm := sender(t)
	root := ann.Say("help", "@deskbell hello")
	for name, addr := range map[string]bot.Address{
		"direct message": dm,
		"thread":         {Channel: "slack", Account: slacktest.TeamID, Key: "thread:" + root.Channel + ":" + root.TS},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(s.Posts())
			d := bot.Delivery{OutboxID: "once in a " + name, Address: addr, Text: "here", Attempt: 1}
			s.Fail("chat.postMessage", slacktest.Fault{Drop: true, AfterEffect: true})
			_, err := ch.Send(t.Context(), d)
			if got, _ := outcome(t, err); got != bot.Ambiguous {
				t.Fatalf("outcome %s", got)
			}
			d.Attempt = 2
			s.RateLimit(map[bool]string{true: "conversations.history", false: "conversations.replies"}[addr == dm], 3)
			_, err = ch.Send(t.Context(), d)
			if got, wait := outcome(t, err); got != bot.NotSent || wait != 3*time.Second {
				t.Fatalf("look-up refused: %s after %v", got, wait)
			}
			ts, err := ch.Send(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			posts := s.Posts()[before:]
			if len(posts) != 1 || posts[0].TS != ts {
				t.Errorf("sent as %s: %+v", ts, posts)
			}
			d.OutboxID = "another in a " + name
			if again, err := ch.Send(t.Context(), d); err != nil || again == ts {
				t.Errorf("another message of the same text: %q, %v", again, err)
			}
		})
	}
}

func TestSendFindsItBehindManyOthers(t *testing.T) {
	s, ann, ch, addr := sender(t)
	d := bot.Delivery{OutboxID: "early", Address: addr, Text: "early", Attempt: 1}
	ts, err := ch.Send(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 450 {
		ann.DM(fmt.Sprint("message ", i))
	}
	d.Attempt = 2
	again, err := ch.Send(t.Context(), d)
	if err != nil || again != ts || len(s.Posts()) != 1 {
		t.Errorf("again %q, first %q, %v, %d posts", again, ts, err, len(s.Posts()))
	}
}

func TestSendWithoutTheRightToRead(t *testing.T) {
	s, _, ch, addr := sender(t)
	s.Fail("conversations.history", slacktest.Fault{Error: "missing_scope"})
	if _, err := ch.Send(t.Context(), bot.Delivery{OutboxID: "o", Address: addr, Text: "x", Attempt: 2}); err != nil || len(s.Posts()) != 1 {
		t.Errorf("%v, %d posts", err, len(s.Posts()))
	}
}

func TestSendLongMessageInParts(t *testing.T) {
	s, _, ch, addr := sender(t)
	d := bot.Delivery{OutboxID: "long", Address: addr, Text: strings.Repeat("A sentence of some length, to be cut at its end. ", 500), Attempt: 1,
		Buttons: []bot.Button{{Label: "Yes", Action: "yes:x"}}}
	first, err := ch.Send(t.Context(), d)
	posts := s.Posts()
	if err != nil || len(posts) < 2 || len(posts[len(posts)-1].Buttons) != 1 || len(posts[0].Buttons) != 0 {
		t.Fatalf("%v, %d posts", err, len(posts))
	}
	if c := s.Complaints(); len(c) > 0 {
		t.Errorf("Slack complains: %q", c)
	}
	d.Attempt = 2
	if again, err := ch.Send(t.Context(), d); err != nil || again != first || len(s.Posts()) != len(posts) {
		t.Errorf("again %q, first %q, %v, %d posts", again, first, err, len(s.Posts()))
	}
}

func TestUpload(t *testing.T) {
	s, ann, ch, _ := sender(t)
	root := ann.Say("help", "@deskbell transcript")
	addr := bot.Address{Channel: "slack", Account: slacktest.TeamID, Key: "thread:" + root.Channel + ":" + root.TS}
	f := bot.File{Name: "transcript.txt", Type: "text/plain", Data: []byte("all that was said")}
	d := bot.Delivery{OutboxID: "f1", Address: addr, Text: "Here **it** is", Attempt: 1}
	for name, c := range map[string]struct {
		method string
		want   bot.SendOutcome
	}{
		"no address": {"files.getUploadURLExternal", bot.NotSent},
		"no upload":  {"upload", bot.NotSent},
		"no share":   {"files.completeUploadExternal", bot.Ambiguous},
	} {
		s.Fail(c.method, slacktest.Fault{Drop: true})
		_, err := ch.Upload(t.Context(), d, f)
		if got, _ := outcome(t, err); got != c.want || strings.Contains(err.Error(), "/upload/") {
			t.Errorf("%s: %v", name, err)
		}
	}
	id, err := ch.Upload(t.Context(), d, f)
	if err != nil || id == "" {
		t.Fatalf("upload: %q, %v", id, err)
	}
	if p := ann.Expect(t, "transcript.txt"); p.ThreadTS != root.TS || p.Plain != "Here it is" {
		t.Errorf("post %+v", p)
	}
	d.Attempt = 2
	if again, err := ch.Upload(t.Context(), d, f); err != nil || again != id || len(s.Posts()) != 1 {
		t.Errorf("again %q, first %q, %v, %d posts", again, id, err, len(s.Posts()))
	}
	if c := s.Complaints(); len(c) > 0 {
		t.Errorf("Slack complains: %q", c)
	}
}
