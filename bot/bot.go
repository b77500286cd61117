// Package bot is the conversation: what users say, what Deskbell decides, and what it sends.
//
// The path of a message: a channel hands platform events to Intake, which guards and stores them (arrivals) before the
// channel acknowledges them; Engine claims a conversation, parses its burst, calls the pure Decide, and commits the
// turn; Sender takes what the turn put into the outbox, renders and checks it, and hands it to the channel.
// Start at Decide. All I/O is behind the interfaces in ports.go; SQL is in bot/sqlstore, platforms in bot/telegram,
// bot/slack and bot/webchat, the human side in package handoff.
package bot
