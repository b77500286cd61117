package telegram

import (
	"strings"
	"testing"
)

var us = identity{ID: 110201543, Username: "deskbell_bot"}

// group wraps a message's own fields into a group's update.
func groupUpdate(fields string) string {
	return `{"update_id":7,"message":{"message_id":3,"date":1,"chat":{"id":-100,"type":"supergroup"},"from":{"id":9,"is_bot":false},` + fields + `}}`
}

func TestPeek(t *testing.T) {
	const ours, theirs = `{"id":110201543,"is_bot":true}`, `{"id":5,"is_bot":true}`
	tests := []struct {
		name, raw string
		want      verdict
		key       string
	}{
		{"private", `{"update_id":1,"message":{"chat":{"id":42,"type":"private"},"text":"hi"}}`, keep, "private:42"},
		{"private edit", `{"update_id":1,"edited_message":{"chat":{"id":42,"type":"private"}}}`, keep, "private:42"},
		{"private button", `{"update_id":1,"callback_query":{"id":"1","from":{"id":42},"message":{"chat":{"id":42,"type":"private"}}}}`, keep, "private:42"},
		{"button of an old message", `{"update_id":1,"callback_query":{"id":"1","from":{"id":42},"message":{"message_id":1,"date":0,"chat":{"id":42,"type":"private"}}}}`, keep, "private:42"},
		{"button of an inline message", `{"update_id":1,"callback_query":{"id":"1","from":{"id":42},"inline_message_id":"x"}}`, skip, ""},
		{"blocked", `{"update_id":1,"my_chat_member":{"chat":{"id":42,"type":"private"}}}`, keep, "private:42"},
		{"added to a group", `{"update_id":1,"my_chat_member":{"chat":{"id":-1,"type":"group"}}}`, skip, ""},
		{"channel post", `{"update_id":1,"channel_post":{"chat":{"id":-1,"type":"channel"}}}`, skip, ""},
		{"message in a channel", `{"update_id":1,"message":{"chat":{"id":-1,"type":"channel"}}}`, skip, ""},
		{"a kind of tomorrow", `{"update_id":1,"telepathy":{}}`, skip, ""},

		{"group, to nobody", groupUpdate(`"text":"lunch?"`), skip, ""},
		{"group, mention", groupUpdate(`"text":"hey @Deskbell_Bot, how long"`), keep, "group:-100:9"},
		{"group, mention in a caption", groupUpdate(`"caption":"@deskbell_bot this","photo":[]`), keep, "group:-100:9"},
		{"group, another bot", groupUpdate(`"text":"@deskbell_bot2 hi"`), skip, ""},
		{"group, an address with our name", groupUpdate(`"text":"write to help@deskbell_bot"`), skip, ""},
		{"group, mention in Chinese", groupUpdate(`"text":"请问@deskbell_bot怎么退款"`), keep, "group:-100:9"},
		{"group, mention by name", groupUpdate(`"text":"Desk","entities":[{"type":"text_mention","user":{"id":110201543}}]`), keep, "group:-100:9"},
		{"group, our command", groupUpdate(`"text":"/start"`), keep, "group:-100:9"},
		{"group, our command for us", groupUpdate(`"text":"/help@deskbell_bot me"`), keep, "group:-100:9"},
		{"group, any command for us", groupUpdate(`"text":"/weather@deskbell_bot"`), keep, "group:-100:9"},
		{"group, our command for another", groupUpdate(`"text":"/start@other_bot"`), skip, ""},
		{"group, another's command", groupUpdate(`"text":"/weather"`), skip, ""},
		{"group, reply to us", groupUpdate(`"text":"yes","reply_to_message":{"message_id":2,"from":` + ours + `}`), keep, "group:-100:9"},
		{"group, reply to another", groupUpdate(`"text":"yes","reply_to_message":{"message_id":2,"from":` + theirs + `}`), skip, ""},
		{"forum, topic opened by us", groupUpdate(`"text":"chat","message_thread_id":2,"reply_to_message":{"message_id":2,"from":` + ours + `,"forum_topic_created":{}}`), skip, ""},
		{"forum, first message of the topic is ours", groupUpdate(`"text":"chat","message_thread_id":2,"reply_to_message":{"message_id":2,"from":` + ours + `}`), skip, ""},
		{"forum, reply to us in a topic", groupUpdate(`"text":"chat","message_thread_id":2,"reply_to_message":{"message_id":5,"from":` + ours + `}`), keep, "group:-100:9"},
		{"group button", `{"update_id":1,"callback_query":{"id":"1","from":{"id":9},"message":{"chat":{"id":-100,"type":"group"}}}}`, keep, "group:-100:9"},
		{"another bot speaks to us", `{"update_id":1,"message":{"chat":{"id":-1,"type":"group"},"from":` + theirs + `,"text":"@deskbell_bot hi"}}`, skip, ""},
		{"an anonymous admin", `{"update_id":1,"message":{"chat":{"id":-1,"type":"group"},"from":{"id":1087968824,"is_bot":true},"sender_chat":{"id":-1},"text":"@deskbell_bot hi"}}`, keep, "group:-1:1087968824"},

		{"no sender", `{"update_id":1,"message":{"chat":{"id":-1,"type":"group"},"text":"x"}}`, wreck, ""},
		{"no chat", `{"update_id":1,"message":{"text":"x"}}`, wreck, ""},
		{"wrong type", `{"update_id":1,"message":"x"}`, wreck, ""},
		{"no id", `{"message":{"chat":{"id":42,"type":"private"}}}`, wreck, ""},
		{"no object", `[1]`, wreck, ""},
		{"no JSON", `{"upd`, wreck, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := peek([]byte(tt.raw), us)
			if g.Verdict != tt.want || g.Key != tt.key {
				t.Errorf("verdict %d key %q, want %d %q", g.Verdict, g.Key, tt.want, tt.key)
			}
		})
	}
}

func TestPeekReadsTheIDOfAWreck(t *testing.T) {
	if g := peek([]byte(`{"update_id":77,"message":"x"}`), us); g.Verdict != wreck || g.UpdateID != 77 {
		t.Errorf("got %+v", g)
	}
}

func TestPeekAsksForTheNameInGroupsOnly(t *testing.T) {
	nobody := identity{ID: us.ID}
	if g := peek([]byte(groupUpdate(`"text":"hi"`)), nobody); g.Verdict != ask {
		t.Errorf("group: verdict %d", g.Verdict)
	}
	if g := peek([]byte(`{"update_id":1,"message":{"chat":{"id":42,"type":"private"}}}`), nobody); g.Verdict != keep {
		t.Errorf("private: verdict %d", g.Verdict)
	}
}

func TestKeysReadBack(t *testing.T) {
	for _, tt := range []struct {
		key     string
		chat    int64
		private bool
	}{{privateKey(42), 42, true}, {groupKey(-1001, 9), -1001, false}} {
		chat, private, err := parseKey(tt.key)
		if err != nil || chat != tt.chat || private != tt.private {
			t.Errorf("%s: %d %v %v", tt.key, chat, private, err)
		}
	}
	for _, key := range []string{"", "private:", "private:x", "channel:5", "42"} {
		if _, _, err := parseKey(key); err == nil {
			t.Errorf("%q was read", key)
		}
	}
}

func FuzzPeek(f *testing.F) {
	f.Add(groupUpdate(`"text":"hey @deskbell_bot"`))
	f.Add(groupUpdate(`"text":"/start@deskbell_bot","entities":[{"type":"mention","offset":-1,"length":99}]`))
	f.Add(`{"update_id":1,"callback_query":{"id":"1","from":{"id":42},"message":{"chat":{"id":42,"type":"private"}}}}`)
	f.Fuzz(func(t *testing.T, raw string) {
		g := peek([]byte(raw), us)
		if g.Verdict == keep {
			if _, _, err := parseKey(g.Key); err != nil {
				t.Errorf("kept under %q", g.Key)
			}
		} else if g.Key != "" {
			t.Errorf("not kept, and yet under %q", g.Key)
		}
	})
}

func FuzzStripMention(f *testing.F) {
	f.Add("hey @deskbell_bot, and @DESKBELL_BOT")
	f.Add("/start@deskbell_bot @deskbell_bot")
	f.Fuzz(func(t *testing.T, text string) {
		got := cleanText(text, us.Username)
		if mentions(strings.TrimPrefix(got, "/"), us.Username) && !strings.HasPrefix(got, "/") {
			t.Errorf("%q still mentions us: %q", text, got)
		}
		if len(got) > len(text)+1 {
			t.Errorf("%q grew to %q", text, got)
		}
	})
}
