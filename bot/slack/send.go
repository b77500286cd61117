package slack

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	slackapi "github.com/slack-go/slack"

	"github.com/deskbell/deskbell/bot"
)

// outboxEvent is the metadata type by which our own messages are found again. Metadata can be read by everybody in the
// workspace, so it holds only the opaque outbox id.
const outboxEvent = "deskbell_outbox"

// How far an earlier attempt is looked for.
const (
	lookBack  = 7 * 24 * time.Hour
	lookPages = 10
	pageSize  = 200
)

// place reads a key of this channel: the Slack channel, and the root of the thread ("" in direct messages).
func place(a bot.Address) (channel, root string, err error) {
	kind, rest, _ := strings.Cut(a.Key, ":")
	channel, root, _ = strings.Cut(rest, ":")
	switch {
	case kind == "dm" && idShape.MatchString(channel) && root == "":
		return channel, "", nil
	case kind == "thread" && idShape.MatchString(channel) && tsShape.MatchString(root):
		return channel, root, nil
	}
	return "", "", &bot.SendError{Outcome: bot.Rejected, Err: errors.New("slack: the address is not one of this channel")}
}

// Send implements bot.Channel. A delivery that was tried before is looked up first, by the outbox id in the metadata of
// messages, and not sent again if it is there.
func (c *Channel) Send(ctx context.Context, d bot.Delivery) (string, error) {
	channel, thread, err := place(d.Address)
	if err != nil {
		return "", err
	}
	if thread == "" {
		thread = d.Thread
	}
	posts := render(d)
	if len(posts) == 0 {
		return "", &bot.SendError{Outcome: bot.Rejected, Err: errors.New("slack: there is nothing to say")}
	}
	there := map[int]string{}
	if d.Attempt > 1 {
		if there, err = c.sentBefore(ctx, channel, thread, d.OutboxID); err != nil {
			return "", err
		}
	}
	var ts string
	for i, p := range posts {
		if ts = there[i]; ts != "" {
			continue
		}
		if ts, err = c.post(ctx, channel, thread, d.OutboxID, i, p); err != nil {
			return "", err
		}
	}
	return ts, nil
}

// post sends one message.
func (c *Channel) post(ctx context.Context, channel, thread, outboxID string, part int, p post) (string, error) {
	opts := []slackapi.MsgOption{
		slackapi.MsgOptionText(p.Text, false), // rendered, so escaped already
		slackapi.MsgOptionBlocks(p.Blocks...),
		slackapi.MsgOptionMetadata(slackapi.SlackMetadata{
			EventType:    outboxEvent,
			EventPayload: map[string]any{"id": outboxID, "part": part},
		}),
		slackapi.MsgOptionDisableLinkUnfurl(),
		slackapi.MsgOptionDisableMediaUnfurl(),
	}
	if thread != "" {
		opts = append(opts, slackapi.MsgOptionTS(thread))
	}
	_, ts, err := c.api.PostMessageContext(ctx, channel, opts...)
	if err == nil && ts == "" {
		err = errEmptyTS
	}
	if err != nil {
		return "", sendError("chat.postMessage", err)
	}
	return ts, nil
}

// sentBefore looks for the parts of a delivery that are there already. A look-up that fails means not sent now: the next
// attempt looks again. Only without the right to read is it sent blindly, as on platforms that cannot tell.
func (c *Channel) sentBefore(ctx context.Context, channel, thread, outboxID string) (map[int]string, error) {
	there := map[int]string{}
	err := c.history(ctx, channel, thread, func(m slackapi.Message) bool {
		if m.Metadata.EventType == outboxEvent && m.Metadata.EventPayload["id"] == outboxID {
			part, _ := m.Metadata.EventPayload["part"].(float64)
			there[int(part)] = m.Timestamp
		}
		return true
	})
	switch {
	case err == nil:
		return there, nil
	case hasCode(err, "missing_scope"):
		c.log.WarnContext(ctx, "slack lets us not look for an earlier attempt, sending again: add the history scopes of the manifest")
		return there, nil
	case hasCode(err, "thread_not_found", "message_not_found"):
		return there, nil // chat.postMessage has the last word
	}
	return nil, lookupError(err)
}

// lookupError words a failed look-up: nothing was sent by it, whatever happened.
func lookupError(err error) error {
	outcome, wait := classify(err)
	if outcome == bot.Ambiguous || outcome == bot.Rejected {
		outcome = bot.NotSent
	}
	return &bot.SendError{Outcome: outcome, RetryAfter: wait, Err: fmt.Errorf("slack: look for an earlier attempt: %w", safe(err))}
}

// history shows visit the newest messages of a direct message or the replies of a thread until it returns false.
func (c *Channel) history(ctx context.Context, channel, thread string, visit func(slackapi.Message) bool) error {
	oldest := stamp(c.cfg.Now().Add(-lookBack))
	cursor := ""
	for range lookPages {
		var (
			ms   []slackapi.Message
			more bool
			err  error
		)
		if thread != "" {
			ms, more, cursor, err = c.api.GetConversationRepliesContext(ctx, &slackapi.GetConversationRepliesParameters{
				ChannelID: channel, Timestamp: thread, Oldest: oldest, Cursor: cursor, Limit: pageSize, IncludeAllMetadata: true,
			})
		} else {
			var res *slackapi.GetConversationHistoryResponse
			res, err = c.api.GetConversationHistoryContext(ctx, &slackapi.GetConversationHistoryParameters{
				ChannelID: channel, Oldest: oldest, Cursor: cursor, Limit: pageSize, IncludeAllMetadata: true,
			})
			if res != nil {
				ms, more, cursor = res.Messages, res.HasMore, res.ResponseMetaData.NextCursor
			}
		}
		if err != nil {
			return err
		}
		for _, m := range ms {
			if !visit(m) {
				return nil
			}
		}
		if !more || cursor == "" {
			return nil
		}
	}
	return nil
}

// Upload implements bot.Uploader. Nothing is shown before the last of its three calls, so only that one can be ambiguous.
// Files carry no metadata: an earlier attempt is known by a file of the bot's with the same name and size.
func (c *Channel) Upload(ctx context.Context, d bot.Delivery, f bot.File) (string, error) {
	channel, thread, err := place(d.Address)
	if err != nil {
		return "", err
	}
	if thread == "" {
		thread = d.Thread
	}
	if d.Attempt > 1 {
		ts, err := c.uploadedBefore(ctx, channel, thread, f)
		if ts != "" || err != nil {
			return ts, err
		}
	}
	up, err := c.api.GetUploadURLExternalContext(ctx, slackapi.GetUploadURLExternalParameters{FileName: f.Name, FileSize: len(f.Data)})
	if err == nil && up.UploadURL == "" {
		err = errEmptyTS
	}
	if err != nil {
		return "", notShown("files.getUploadURLExternal", err)
	}
	err = c.api.UploadToURL(ctx, slackapi.UploadToURLParameters{UploadURL: up.UploadURL, Filename: f.Name, Reader: strings.NewReader(string(f.Data))})
	if err != nil {
		return "", notShown("upload", err)
	}
	res, err := c.api.CompleteUploadExternalContext(ctx, slackapi.CompleteUploadExternalParameters{
		Files:   []slackapi.FileSummary{{ID: up.FileID, Title: f.Name}},
		Channel: channel, ThreadTimestamp: thread, InitialComment: cut(mrkdwn(d), maxText),
	})
	if err == nil && len(res.Files) == 0 {
		err = errEmptyTS
	}
	if err != nil {
		return "", sendError("files.completeUploadExternal", err)
	}
	return res.Files[0].ID, nil
}

// notShown words a failure before anything could be seen: what would be ambiguous is certain.
func notShown(op string, err error) error {
	outcome, wait := classify(err)
	if outcome == bot.Ambiguous {
		outcome = bot.NotSent
	}
	return &bot.SendError{Outcome: outcome, RetryAfter: wait, Err: fmt.Errorf("slack %s: %w", op, safe(err))}
}

func (c *Channel) uploadedBefore(ctx context.Context, channel, thread string, f bot.File) (string, error) {
	found := ""
	err := c.history(ctx, channel, thread, func(m slackapi.Message) bool {
		for _, have := range m.Files {
			if have.Name == f.Name && have.Size == len(f.Data) && (m.BotID != "" || m.User == c.whoami().User) {
				found = have.ID
			}
		}
		return found == ""
	})
	if err != nil && !hasCode(err, "missing_scope", "thread_not_found", "message_not_found") {
		return "", lookupError(err)
	}
	return found, nil
}

// The channel can also send files; it cannot delete what users wrote, Slack allows that to admins alone.
var (
	_ bot.Channel  = (*Channel)(nil)
	_ bot.Uploader = (*Channel)(nil)
)
