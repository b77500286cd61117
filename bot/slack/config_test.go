package slack_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot/slack"
	"github.com/deskbell/deskbell/bot/slack/slacktest"
)

func TestRunRefusedTokens(t *testing.T) {
	for name, cfg := range map[string]slack.Config{
		"bot token": {BotToken: "xoxb-another-000000000", AppToken: slacktest.AppToken},
		"app token": {BotToken: slacktest.BotToken, AppToken: "xapp-another-000000000"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := slacktest.Start(pace(slacktest.Options{}), "")
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			cfg.APIURL = s.APIURL()
			ch, err := slack.New(cfg)
			if err != nil {
				t.Fatal(err)
			}
			err = ch.Run(t.Context(), newMemory())
			if err == nil || !strings.Contains(err.Error(), "invalid_auth") || strings.Contains(err.Error(), "another") {
				t.Errorf("Run: %v", err)
			}
		})
	}
}

func TestRunWaitsForSlack(t *testing.T) {
	s, err := slacktest.Start(pace(slacktest.Options{}), "")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.Fail("auth.test", slacktest.Fault{Times: 2, Status: http.StatusServiceUnavailable})
	s.Fail("auth.test", slacktest.Fault{Body: `{"ok":false}`})
	ch, err := slack.New(slack.Config{BotToken: slacktest.BotToken, AppToken: slacktest.AppToken, APIURL: s.APIURL(), MaxBackoff: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- ch.Run(ctx, newMemory()) }()
	for deadline := time.Now().Add(5 * time.Second); s.Sockets() < 2 && time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
	}
	if s.Sockets() != 2 {
		t.Error("no sockets")
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("Run: %v", err)
	}
}

func TestNewChecksTheConfiguration(t *testing.T) {
	good := slack.Config{BotToken: slacktest.BotToken, AppToken: slacktest.AppToken, SigningSecret: slacktest.SigningSecret}
	for name, c := range map[string]struct {
		change func(*slack.Config)
		want   string
	}{
		"good":            {func(*slack.Config) {}, ""},
		"events":          {func(c *slack.Config) { c.Mode, c.AppToken = slack.ModeEvents, "" }, ""},
		"gov":             {func(c *slack.Config) { c.APIURL = "https://slack-gov.com/api" }, ""},
		"bot token":       {func(c *slack.Config) { c.BotToken = "xoxp-topsecret-value" }, "xoxb-"},
		"tokens swapped":  {func(c *slack.Config) { c.AppToken = slacktest.BotToken }, "xapp-"},
		"no secret":       {func(c *slack.Config) { c.Mode, c.SigningSecret = slack.ModeEvents, "" }, "signing secret"},
		"mode":            {func(c *slack.Config) { c.Mode = "rtm" }, "rtm"},
		"address":         {func(c *slack.Config) { c.APIURL = "slack.com" }, "https://slack.com/api/"},
		"too many socket": {func(c *slack.Config) { c.Sockets = 11 }, "1 to 10"},
	} {
		cfg := good
		c.change(&cfg)
		_, err := slack.New(cfg)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && (strings.Contains(err.Error(), "topsecret") || strings.Contains(err.Error(), slacktest.BotToken)) {
			t.Errorf("%s: the error shows a token: %v", name, err)
		}
	}
}
