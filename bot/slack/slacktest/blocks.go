package slacktest

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// Limits of Block Kit, in characters and elements.
const (
	maxBlocks       = 50
	maxBlocksBytes  = 13000 // measured by others; the reference only names the error
	maxSectionText  = 3000
	maxFields       = 10
	maxFieldText    = 2000
	maxHeaderText   = 150
	maxElements     = 25
	maxContext      = 10
	maxButtonText   = 75
	maxButtonValue  = 2000
	maxButtonURL    = 3000
	maxIdentifier   = 255
	plainText       = "plain_text"
	mrkdwnText      = "mrkdwn"
	buttonElement   = "button"
	invalidBlocks   = "invalid_blocks"
	blocksTooLong   = "msg_blocks_too_long"
	invalidBlockFmt = "invalid_blocks_format"
)

type textObject struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

type blockShape struct {
	Type     string            `json:"type"`
	BlockID  string            `json:"block_id"`
	Text     *textObject       `json:"text"`
	Fields   []textObject      `json:"fields"`
	Elements []json.RawMessage `json:"elements"`
	ImageURL string            `json:"image_url"`
	AltText  string            `json:"alt_text"`
}

type elementShape struct {
	Type     string      `json:"type"`
	ActionID string      `json:"action_id"`
	Text     *textObject `json:"text"`
	Value    string      `json:"value"`
	URL      string      `json:"url"`
	Style    string      `json:"style"`
}

// checkBlocks holds a message's blocks against Block Kit as far as bots use it here.
func checkBlocks(raw []byte) *apiError {
	var blocks []blockShape
	if json.Unmarshal(raw, &blocks) != nil {
		return fail(invalidBlockFmt)
	}
	if len(blocks) > maxBlocks {
		return fail(invalidBlocks, "[ERROR] no more than 50 items allowed [json-pointer:/blocks]")
	}
	if utf8.RuneCount(raw) > maxBlocksBytes {
		return fail(blocksTooLong)
	}
	ids, actions := map[string]bool{}, map[string]bool{}
	for i, b := range blocks {
		if why := b.check(actions); why != "" {
			return fail(invalidBlocks, fmt.Sprintf("[ERROR] %s [json-pointer:/blocks/%d]", why, i))
		}
		if b.BlockID != "" && ids[b.BlockID] || utf8.RuneCountInString(b.BlockID) > maxIdentifier {
			return fail(invalidBlocks, fmt.Sprintf("[ERROR] block_id [json-pointer:/blocks/%d]", i))
		}
		ids[b.BlockID] = true
	}
	return nil
}

// check returns what is wrong with a block, "" for nothing.
func (b blockShape) check(actions map[string]bool) string {
	switch b.Type {
	case "section":
		return b.section()
	case "header":
		if b.Text == nil || b.Text.Type != plainText || !within(b.Text.Text, 1, maxHeaderText) {
			return "header needs plain_text of 1 to 150 characters"
		}
	case "divider", "rich_text", "markdown":
	case "image":
		if b.ImageURL == "" || b.AltText == "" {
			return "image needs image_url and alt_text"
		}
	case "context":
		if len(b.Elements) < 1 || len(b.Elements) > maxContext {
			return "context needs 1 to 10 elements"
		}
	case "actions":
		return b.actions(actions)
	default:
		return "unsupported type: " + b.Type
	}
	return ""
}

func (b blockShape) section() string {
	if b.Text == nil && len(b.Fields) == 0 {
		return "section needs text or fields"
	}
	if b.Text != nil && (b.Text.Type != plainText && b.Text.Type != mrkdwnText || !within(b.Text.Text, 1, maxSectionText)) {
		return "section text must have 1 to 3000 characters"
	}
	if len(b.Fields) > maxFields {
		return "no more than 10 fields"
	}
	for _, f := range b.Fields {
		if !within(f.Text, 1, maxFieldText) {
			return "field text must have 1 to 2000 characters"
		}
	}
	return ""
}

func (b blockShape) actions(seen map[string]bool) string {
	if len(b.Elements) < 1 || len(b.Elements) > maxElements {
		return "actions needs 1 to 25 elements"
	}
	for _, raw := range b.Elements {
		var e elementShape
		if json.Unmarshal(raw, &e) != nil || e.Type != buttonElement {
			return "unsupported element"
		}
		switch {
		case e.Text == nil || e.Text.Type != plainText || !within(e.Text.Text, 1, maxButtonText):
			return "button text must be plain_text of 1 to 75 characters"
		case !within(e.Value, 0, maxButtonValue):
			return "button value is too long"
		case !within(e.URL, 0, maxButtonURL):
			return "button url is too long"
		case !within(e.ActionID, 0, maxIdentifier):
			return "action_id is too long"
		case e.Style != "" && e.Style != "primary" && e.Style != "danger":
			return "button style is unknown"
		case e.ActionID != "" && seen[b.BlockID+"\x00"+e.ActionID]:
			return "action_id is used twice"
		}
		seen[b.BlockID+"\x00"+e.ActionID] = true
	}
	return ""
}

func within(s string, least, most int) bool {
	n := utf8.RuneCountInString(s)
	return n >= least && n <= most
}
