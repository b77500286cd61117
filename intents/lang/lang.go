// Package lang knows the languages Deskbell speaks: it tells which one a text is in, converts between
// simplified and traditional Chinese, and folds text to one form for matching.
//
// Everybody who looks at user text uses it: intents for matching, faq for zh-Hant answers, bot for the
// language of a reply. Start at Detect and Fold.
package lang

// Tag is a BCP 47 language tag, one of the three Deskbell answers in.
type Tag string

// The languages of users, in the order in which they are offered.
const (
	ZhHans  Tag = "zh-Hans"
	ZhHant  Tag = "zh-Hant"
	En      Tag = "en"
	Unknown Tag = "" // no evidence: digits, emoji, an empty text
)
