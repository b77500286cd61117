// Package slacktest is a small Slack: Web API, Socket Mode and Events API over real HTTP and WebSocket, for tests and for
// `deskbell demo`.
//
// It behaves as Slack does where a bot can be hurt: it refuses what Slack refuses (arguments are held against a condensed copy
// of Slack's method reference, spec.json), repeats events that are not acknowledged in time, spreads events over sockets, tells
// of the bot's own posts, sends app_mention and message for one text, closes connections. What it finds wrong with a client
// without refusing it is collected in Complaints. It shares no code with package slack or its library, on purpose.
//
// Start at New or Start. Users are driven with Server.User; what the bot said is read with User.Expect and Server.Posts;
// Server.Fail breaks things. Server.Page is a chat page for people.
package slacktest
