// Package slack is the Slack channel: direct messages with the bot, threads in channels where it was mentioned, buttons and
// a slash command, over Socket Mode or the Events API.
//
// The path of an event: socket.go or http.go takes it from Slack, triage.go (pure) decides whether it concerns the bot and
// makes the small document that is stored, intake.go hands it to the bot.Receiver and acknowledges it only then; later
// Parse (pure) reads the guarded document. The path of an answer: Send renders (render.go, pure), posts, and words failures
// as *bot.SendError (errors.go). Start at New and Channel.Run.
//
// Three decisions that are not obvious:
//
//   - The Web API client is github.com/slack-go/slack, with a time-out and without its retries. Its Socket Mode client is
//     not used, only its envelope type: it decodes events before we could store them, only queues acknowledgements (and may
//     send them over a later connection), closes at the first "disconnect" warning and loses what was sent after it, and
//     backs off for up to five minutes, longer than Slack's last retry. The loop here (gorilla/websocket, the same library)
//     acknowledges after the commit (design rule 2), opens the successor before it leaves a connection, and keeps two.
//   - The stored document is ours: only what Parse reads, never the whole payload. Slack repeats a message's text in blocks,
//     previous_message and file previews, cut into pieces in which a guard cannot recognise what it saw whole, and it adds
//     secrets of its own (token, response_url, file links). The text in the document is what the user saw: entities,
//     mentions and links are already undone, so that the guard judges the words and not their encoding.
//   - A slash command has no message that could be answered in a thread, and the bot need not be in that channel. It is
//     answered in the direct message with the user; a short acknowledgement that only they see says so.
package slack
