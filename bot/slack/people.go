package slack

import (
	"context"
	"errors"
	"sync"
	"time"

	slackapi "github.com/slack-go/slack"
)

// person is what agents see of a user besides the id, which is all that events tell.
type person struct {
	Name, Handle, Locale string
}

// Cache limits. A name may be an hour old; a failed look-up is not repeated for a while.
const (
	maxPeople   = 20000
	personTTL   = time.Hour
	personRetry = 5 * time.Minute
)

// people remembers names and direct message channels of users. It is safe for concurrent use.
type people struct {
	api *slackapi.Client
	now func() time.Time

	mu    sync.Mutex
	known map[string]knownPerson
	dms   map[string]string // user → direct message channel; Slack never changes it
}

type knownPerson struct {
	person
	until time.Time
}

func newPeople(api *slackapi.Client, now func() time.Time) *people {
	return &people{api: api, now: now, known: map[string]knownPerson{}, dms: map[string]string{}}
}

// about returns what is known of a user and asks Slack if that is nothing. A failure is no failure: the name comes later.
func (p *people) about(ctx context.Context, user string) person {
	p.mu.Lock()
	k, ok := p.known[user]
	p.mu.Unlock()
	if user == "" || ok && p.now().Before(k.until) {
		return k.person
	}
	until := p.now().Add(personTTL)
	u, err := p.api.GetUserInfoContext(ctx, user)
	if err != nil {
		until = p.now().Add(personRetry)
		if ctx.Err() != nil {
			return k.person // out of time; the next message tries again
		}
	} else {
		k.person = person{Name: orElse(u.Profile.DisplayName, orElse(u.RealName, u.Profile.RealName)), Handle: u.Name, Locale: u.Locale}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.known) >= maxPeople {
		clear(p.known)
	}
	p.known[user] = knownPerson{person: k.person, until: until}
	return k.person
}

// dm returns the direct message channel of the bot and a user, opening it if need be.
func (p *people) dm(ctx context.Context, user string) (string, error) {
	p.mu.Lock()
	id := p.dms[user]
	p.mu.Unlock()
	if id != "" {
		return id, nil
	}
	ch, _, _, err := p.api.OpenConversationContext(ctx, &slackapi.OpenConversationParameters{Users: []string{user}})
	if err != nil {
		return "", safe(err)
	}
	if ch == nil || !idShape.MatchString(ch.ID) {
		return "", errors.New("conversations.open named no channel")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.dms) >= maxPeople {
		clear(p.dms)
	}
	p.dms[user] = ch.ID
	return ch.ID, nil
}
