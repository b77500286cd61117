package bot

import (
	"fmt"
	"strings"
	"time"

	"github.com/deskbell/deskbell/bot/guard"
	"github.com/deskbell/deskbell/bot/markup"
	"github.com/deskbell/deskbell/faq"
	"github.com/deskbell/deskbell/intents/lang"
)

// authorNames is how authors are called in a transcript.
var authorNames = map[Author]faq.Texts{
	ByUser:   {lang.En: "You", lang.ZhHans: "您"},
	ByBot:    {lang.En: "Assistant", lang.ZhHans: "客服助手"},
	ByAgent:  {lang.En: "Agent", lang.ZhHans: "人工客服"},
	ByNotice: {lang.En: "Notice", lang.ZhHans: "提示"},
}

var transcriptTitle = faq.Texts{lang.En: "Conversation with %s support", lang.ZhHans: "与 %s 客服的对话记录"}

// Transcript makes a plain-text file of a conversation for its user: what was said by whom and when (UTC). Notes and
// messages that never left are not in it; what the guard removed stands as a named mark.
func Transcript(msgs []Message, rel *Release, tag lang.Tag, now time.Time) File {
	var sb strings.Builder
	title := fmt.Sprintf(rel.Library.Text(transcriptTitle, tag), rel.Library.Name)
	fmt.Fprintf(&sb, "%s\n%s\n", title, now.UTC().Format("2006-01-02 15:04 UTC"))
	for _, m := range msgs {
		if m.Author == ByNote || !left(m) {
			continue
		}
		who := rel.Library.Text(authorNames[m.Author], tag)
		if n := rel.publicName(m.AgentName); n != "" {
			who = n
		}
		text := m.Text
		if m.Author != ByUser {
			text = markup.Plain(text)
		}
		fmt.Fprintf(&sb, "\n[%s] %s\n%s\n", m.At.UTC().Format("2006-01-02 15:04:05"), who, rel.ReadableMarks(text, tag))
	}
	return File{Name: "transcript-" + now.UTC().Format("2006-01-02") + ".txt", Type: "text/plain; charset=utf-8", Data: []byte(sb.String())}
}

// left reports whether a message was said by the user or reached them.
func left(m Message) bool {
	switch m.Status {
	case StatusHeld, StatusDropped, StatusFailed:
		return false
	}
	return true
}

var removedMark = faq.Texts{lang.En: "[%s removed]", lang.ZhHans: "[已移除%s]"}

// ReadableMarks turns the guard's marks into words: "[password removed]".
func (r *Release) ReadableMarks(text string, tag lang.Tag) string {
	for _, k := range guard.Marks(text) {
		text = strings.ReplaceAll(text, guard.Mark(k), fmt.Sprintf(r.Library.Text(removedMark, tag), r.KindName(k, tag)))
	}
	return text
}
