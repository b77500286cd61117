package telegram

import (
	"regexp"
	"slices"
	"strings"
)

// saidPaths are the strings that the user said in this update.
var saidPaths = []string{
	"message.text", "message.caption", "edited_message.text", "edited_message.caption",
}

func isSaid(path []string) bool { return slices.Contains(saidPaths, strings.Join(path, ".")) }

// idShapes are the strings that Telegram makes itself, by the last key of their path. Each shape is too narrow for what
// a user could type: nothing of the user's reaches these keys.
var idShapes = map[string]*regexp.Regexp{
	"file_id":         regexp.MustCompile(`^[A-Za-z0-9_-]{20,256}$`),
	"file_unique_id":  regexp.MustCompile(`^[A-Za-z0-9_-]{6,64}$`),
	"media_group_id":  regexp.MustCompile(`^[0-9]{1,20}$`),
	"custom_emoji_id": regexp.MustCompile(`^[0-9]{1,20}$`),
	"chat_instance":   regexp.MustCompile(`^-?[0-9]{1,20}$`),
	"language_code":   regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$`),
	"type":            regexp.MustCompile(`^[a-z_]{1,32}$`),
	"status":          regexp.MustCompile(`^(creator|administrator|member|restricted|left|kicked)$`),
}

var callbackID = regexp.MustCompile(`^[0-9]{1,20}$`)

// isID reports an identifier of Telegram's, by key and shape.
func isID(path []string, value string) bool {
	if len(path) == 0 {
		return false
	}
	if strings.Join(path, ".") == "callback_query.id" {
		return callbackID.MatchString(value)
	}
	shape, ok := idShapes[path[len(path)-1]]
	return ok && shape.MatchString(value)
}
