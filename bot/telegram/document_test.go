package telegram

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot/guard"
)

func TestStorableCarriesTheUsername(t *testing.T) {
	got := storable([]byte(" {\"update_id\":9007199254740993}"), "deskbell_bot")
	var u struct {
		Name string `json:"deskbell_bot_username"`
		ID   int64  `json:"update_id"`
	}
	if err := json.Unmarshal(got, &u); err != nil || u.Name != "deskbell_bot" || u.ID != 9007199254740993 {
		t.Errorf("%s: %v", got, err)
	}
	for _, s := range []string{`nonsense`, `null`, `[1]`, `{"a":1} {"b":2}`} {
		if got := storable([]byte(s), "deskbell_bot"); string(got) != s {
			t.Errorf("%s became %s", s, got)
		}
	}
}

// A value that was known as a secret only by what was said before it must not come back as a copy, and a mention must
// not keep it from being known.
func TestNoCopyOfASecretIsStored(t *testing.T) {
	c, err := New(Config{Token: "110201543:AAAAAAAAAAAAAAAAAAAA"})
	if err != nil {
		t.Fatal(err)
	}
	me := identity{ID: c.botID, Username: "deskbell_bot"}
	for announced, secret := range map[string]string{"my password is": "hunter2", "我的验证码是": "482913"} {
		old := `{"message_id":2,"date":1,"chat":{"id":-100,"type":"supergroup"},"from":{"id":9},"text":"@deskbell_bot ` + secret + `"}`
		for name, later := range map[string]string{
			"reply":              groupUpdate(`"text":"@deskbell_bot delete that","reply_to_message":` + old + `,"quote":{"text":"` + secret + `"}`),
			"reply without ids":  groupUpdate(`"text":"@deskbell_bot delete that","reply_to_message":{"text":"` + secret + `"}`),
			"external reply":     groupUpdate(`"text":"@deskbell_bot this","external_reply":{"origin":{},"story":{"x":"` + secret + `"}}`),
			"pinned":             groupUpdate(`"pinned_message":` + old),
			"a kind of tomorrow": groupUpdate(`"text":"@deskbell_bot hm","telepathy":{"about":[` + old + `]}`),
			"edited":             strings.Replace(groupUpdate(`"text":"@deskbell_bot delete that","reply_to_message":`+old), `"message":`, `"edited_message":`, 1),
			"button": `{"update_id":8,"callback_query":{"id":"1","from":{"id":9},"data":"human","message":{"message_id":3,"date":1,
				"chat":{"id":-100,"type":"supergroup"},"from":{"id":110201543,"is_bot":true},"text":"removed","reply_to_message":` + old + `}}}`,
		} {
			var st guard.State
			for _, raw := range []string{groupUpdate(`"text":"@deskbell_bot ` + announced + `"`), groupUpdate(`"text":"@Deskbell_bot ` + secret + `"`), later} {
				in := c.incoming([]byte(raw), peek([]byte(raw), me), me)
				var doc []byte
				doc, _, st = guard.Document(in.Doc, c.Policy(), st, time.Unix(1, 0))
				if strings.Contains(string(doc), secret) {
					t.Errorf("%s: stored %s", name, doc)
				}
			}
			if ev, err := c.Parse(c.incoming([]byte(later), peek([]byte(later), me), me).Doc); err != nil || ev.MessageID != "3" {
				t.Errorf("%s: parsed as %+v, %v", name, ev, err)
			}
		}
	}
}
