package telegram

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/intents/lang"
)

const (
	privateHead = `"message_id":11,"date":1700000000,"chat":{"id":42,"type":"private"},"from":{"id":42,"first_name":"Ann","last_name":"Lee","username":"ann","language_code":"en-GB"}`
	groupHead   = `"message_id":12,"date":1700000000,"chat":{"id":-100,"type":"supergroup"},"from":{"id":9,"first_name":"李","language_code":"zh-hans"}`
)

func TestParse(t *testing.T) {
	at := time.Unix(1700000000, 0).UTC()
	ann := bot.User{ID: "42", Name: "Ann Lee", Username: "ann", Language: lang.En}
	li := bot.User{ID: "9", Name: "李", Language: lang.ZhHans}
	tests := []struct {
		name, doc string
		want      bot.Event
	}{
		{"text", `{"update_id":1,"message":{` + privateHead + `,"text":" hello "}}`,
			bot.Event{Kind: bot.EventMessage, MessageID: "11", User: ann, Text: "hello", Private: true, Deletable: true, At: at}},
		{"edit", `{"update_id":1,"edited_message":{` + privateHead + `,"edit_date":1700000060,"text":"hello"}}`,
			bot.Event{Kind: bot.EventEdit, MessageID: "11", User: ann, Text: "hello", Private: true, Deletable: true, At: at.Add(time.Minute)}},
		{"photo with a caption", `{"update_id":1,"message":{` + privateHead + `,"photo":[{}],"caption":"this one"}}`,
			bot.Event{Kind: bot.EventMessage, MessageID: "11", User: ann, Text: "this one", Media: "photo", Private: true, Deletable: true, At: at}},
		{"voice", `{"update_id":1,"message":{` + privateHead + `,"voice":{}}}`,
			bot.Event{Kind: bot.EventMessage, MessageID: "11", User: ann, Media: "voice", Private: true, Deletable: true, At: at}},
		{"content of tomorrow", `{"update_id":1,"message":{` + privateHead + `,"hologram":{}}}`,
			bot.Event{Kind: bot.EventMessage, MessageID: "11", User: ann, Media: "unknown", Private: true, Deletable: true, At: at}},
		{"service message", `{"update_id":1,"message":{` + privateHead + `,"pinned_message":{}}}`,
			bot.Event{Kind: bot.EventOther, MessageID: "11", User: ann, Private: true, At: at}},
		{"start", `{"update_id":1,"message":{` + privateHead + `,"text":"/start"}}`,
			bot.Event{Kind: bot.EventStart, MessageID: "11", User: ann, Private: true, Deletable: true, At: at}},
		{"start from a link", `{"update_id":1,"message":{` + privateHead + `,"text":"/start order_17"}}`,
			bot.Event{Kind: bot.EventStart, MessageID: "11", User: ann, Private: true, Deletable: true, At: at}},
		{"start and a secret", `{"update_id":1,"message":{` + privateHead + `,"text":"/start ⟦password⟧"}}`,
			bot.Event{Kind: bot.EventMessage, MessageID: "11", User: ann, Text: "/start ⟦password⟧", Private: true, Deletable: true, At: at}},
		{"command", `{"deskbell_bot_username":"deskbell_bot","message":{` + groupHead + `,"text":"/Language@deskbell_bot  zh"}}`,
			bot.Event{Kind: bot.EventMessage, MessageID: "12", User: li, Text: "/language  zh", ReplyTo: "12", At: at}},
		{"group mention", `{"deskbell_bot_username":"deskbell_bot","message":{` + groupHead + `,"text":"@deskbell_bot，怎么退款？"}}`,
			bot.Event{Kind: bot.EventMessage, MessageID: "12", User: li, Text: "怎么退款？", ReplyTo: "12", At: at}},
		{"bare mention", `{"deskbell_bot_username":"deskbell_bot","message":{` + groupHead + `,"text":"@deskbell_bot"}}`,
			bot.Event{Kind: bot.EventStart, MessageID: "12", User: li, ReplyTo: "12", At: at}},
		{"forum topic", `{"message":{` + groupHead + `,"text":"a","message_thread_id":5,"is_topic_message":true}}`,
			bot.Event{Kind: bot.EventMessage, MessageID: "12", User: li, Text: "a", Thread: "5", ReplyTo: "12", At: at}},
		{"thread of replies is no topic", `{"message":{` + groupHead + `,"text":"a","message_thread_id":5}}`,
			bot.Event{Kind: bot.EventMessage, MessageID: "12", User: li, Text: "a", ReplyTo: "12", At: at}},
		{"button", `{"callback_query":{"id":"1","from":{"id":42,"first_name":"Ann"},"data":"ask:fees","message":{` + privateHead + `}}}`,
			bot.Event{Kind: bot.EventButton, MessageID: "11", User: bot.User{ID: "42", Name: "Ann"}, Action: "ask:fees", Private: true}},
		{"button in a group", `{"callback_query":{"id":"1","from":{"id":9,"first_name":"李","language_code":"zh-hans"},"data":"human","message":{` + groupHead + `,"message_thread_id":5,"is_topic_message":true}}}`,
			bot.Event{Kind: bot.EventButton, MessageID: "12", User: li, Action: "human", Thread: "5", ReplyTo: "12"}},
		{"blocked", `{"my_chat_member":{"chat":{"id":42,"type":"private"},"from":{"id":42,"first_name":"Ann"},"date":1700000000,"new_chat_member":{"status":"kicked"}}}`,
			bot.Event{Kind: bot.EventLeft, User: bot.User{ID: "42", Name: "Ann"}, Private: true, At: at}},
		{"unblocked", `{"my_chat_member":{"chat":{"id":42,"type":"private"},"from":{"id":42,"first_name":"Ann"},"date":1700000000,"new_chat_member":{"status":"member"}}}`,
			bot.Event{Kind: bot.EventOther, User: bot.User{ID: "42", Name: "Ann"}, Private: true, At: at}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parse([]byte(tt.doc))
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("\n got %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

func TestParseRefusesWhatItCannotRead(t *testing.T) {
	for name, doc := range map[string]string{
		"what the guard leaves of a wreck": `{"guard":"failed"}`,
		"no JSON":                          `hunter2`,
		"wrong type":                       `{"message":{"message_id":"hunter2"}}`,
		"no sender":                        `{"message":{"message_id":1,"chat":{"id":1,"type":"private"},"text":"hunter2"}}`,
		"button without a message":         `{"callback_query":{"id":"1","from":{"id":1}}}`,
		"null":                             `null`,
	} {
		_, err := parse([]byte(doc))
		if err == nil {
			t.Errorf("%s: read", name)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the error quotes the content: %v", name, err)
		}
	}
}

func TestLanguageOf(t *testing.T) {
	for code, want := range map[string]lang.Tag{
		"en": lang.En, "en-US": lang.En, "zh": lang.ZhHans, "zh-hans": lang.ZhHans, "zh-CN": lang.ZhHans,
		"zh-hant": lang.ZhHant, "zh-TW": lang.ZhHant, "zh_HK": lang.ZhHant, "zh-Hant-TW": lang.ZhHant, "yue": lang.ZhHans,
		"de": lang.Unknown, "": lang.Unknown,
	} {
		if got := languageOf(code); got != want {
			t.Errorf("%q: %q, want %q", code, got, want)
		}
	}
}

// Every field of the Bot API's Message is known as content, as a service message, or as neither, and only once.
func TestEveryFieldOfAMessageIsPlaced(t *testing.T) {
	all := slices.Concat(mediaFields, plainFields, serviceFields)
	seen := map[string]bool{}
	for _, f := range all {
		if seen[f] {
			t.Errorf("%s stands twice", f)
		}
		seen[f] = true
	}
	for _, f := range messageFields(t) {
		if !seen[f] {
			t.Errorf("the Bot API's Message has a field %s, which is not placed in parse.go", f)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"message":{` + privateHead + `,"text":"hi"}}`))
	f.Add([]byte(`{"callback_query":{"id":"1","from":{"id":42},"data":"x","message":{` + groupHead + `}}}`))
	f.Add([]byte(`{"my_chat_member":{"chat":{"id":42,"type":"private"},"new_chat_member":{"status":"kicked"}}}`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		e, err := parse(doc)
		if err != nil {
			return
		}
		if e.Kind == "" {
			t.Error("an event without a kind")
		}
		if _, err := json.Marshal(e); err != nil {
			t.Error(err)
		}
	})
}

func TestPolicy(t *testing.T) {
	tests := []struct {
		path, value string
		want        bool
	}{
		{"message.photo.file_id", "AgACAgIAAxkBAAIBQ2ZxTestFileIdentifier", true},
		{"message.photo.file_id", "hunter2 is my password, you know", false},
		{"message.photo.file_unique_id", "AQADtest000001", true},
		{"callback_query.id", "4111111111111111", true},
		{"callback_query.id", "4111 1111 1111 1111", false},
		{"message.id", "4111111111111111", false},
		{"callback_query.data", "ask:fees", false},
		{"message.from.language_code", "zh-hans", true},
		{"message.from.language_code", "hunter2", false},
		{"message.from.first_name", "Ann", false},
		{"message.entities.type", "bold", true},
		{"message.text", "12345678", false},
		{"my_chat_member.new_chat_member.status", "kicked", true},
		{"my_chat_member.new_chat_member.status", "hunter", false},
		{"", "x", false},
	}
	for _, tt := range tests {
		var path []string
		if tt.path != "" {
			path = strings.Split(tt.path, ".")
		}
		if got := isID(path, tt.value); got != tt.want {
			t.Errorf("isID(%s, %q) = %v", tt.path, tt.value, got)
		}
	}
	for path, want := range map[string]bool{
		"message.text": true, "message.caption": true, "edited_message.text": true,
		"message.reply_to_message.text": false, "message.from.first_name": false, "callback_query.message.text": false,
	} {
		if got := isSaid(strings.Split(path, ".")); got != want {
			t.Errorf("isSaid(%s) = %v", path, got)
		}
	}
}
