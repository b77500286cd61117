package telegram

import (
	"slices"

	"github.com/go-telegram/bot/models"
)

// The commands that package bot understands. human and help are offered too, since nobody guesses words.
var commandNames = []string{"start", "help", "language", "human", "transcript", "forget"}

// hiddenCommands are understood and not offered.
var hiddenCommands = []string{"agent", "menu", "lang"}

func isOurCommand(name string) bool {
	return slices.Contains(commandNames, name) || slices.Contains(hiddenCommands, name)
}

// menus returns the command menu per language code; "" is everybody's.
func menus() map[string][]models.BotCommand {
	en := map[string]string{
		"start":      "Begin, and see common questions",
		"help":       "What I can do",
		"language":   "Choose the language",
		"human":      "Talk to a person",
		"transcript": "Get this conversation as a file",
		"forget":     "Delete what you wrote here",
	}
	zh := map[string]string{
		"start":      "开始，查看常见问题",
		"help":       "我能做什么",
		"language":   "选择语言",
		"human":      "转人工客服",
		"transcript": "获取对话记录文件",
		"forget":     "删除您在这里写的内容",
	}
	return map[string][]models.BotCommand{"": menu(en), "en": menu(en), "zh": menu(zh)}
}

func menu(words map[string]string) []models.BotCommand {
	out := make([]models.BotCommand, 0, len(commandNames))
	for _, n := range commandNames {
		out = append(out, models.BotCommand{Command: n, Description: words[n]})
	}
	return out
}
