// Package guard finds sensitive data that a user must never type into a chat: passwords, PINs, one-time
// codes, card numbers and the like. It is pure: text in, findings out, nothing kept but what is expected next.
//
// The intake (package bot) calls Document on every platform event before its first write; `deskbell guard scan`
// calls Scan. Start at Scan.
package guard

import "time"

// Kind names what was found. The values stand in the database and in the output of commands.
type Kind string

// The kinds of the first version.
const (
	Password   Kind = "password"
	PIN        Kind = "pin"
	OTP        Kind = "otp"
	PAN        Kind = "pan" // card number
	CVV        Kind = "cvv"
	CNID       Kind = "cn_id"       // Chinese resident identity number
	PrivateKey Kind = "private_key" // PEM and the like
	SeedPhrase Kind = "seed_phrase" // BIP-39
	APIKey     Kind = "api_key"
	Failure    Kind = "guard_failure" // the guard itself failed: counts as the gravest finding
)

// Finding is one piece of sensitive data: its kind and where it stands, never its value.
// Start and End are offsets in Unicode code points, End exclusive.
type Finding struct {
	Kind  Kind `json:"kind"`
	Start int  `json:"start"`
	End   int  `json:"end"`
}

// PathFinding is a finding and the JSON path of the string it stands in, e.g. "message.text".
type PathFinding struct {
	Path string `json:"path"`
	Finding
}

// Policy tells Document how to read a platform's JSON. path is the chain of keys, array positions left out.
type Policy struct {
	// Said reports that the string is what the user said (text, caption): expectations apply to it and it moves
	// the State on. Every other string is guarded too, but without expectations.
	Said func(path []string) bool
	// ID reports that the string is an identifier or time stamp made by the platform, judged by key AND strict
	// shape of the value; it is left alone.
	ID func(path []string, value string) bool
}

// State is what a conversation expects next, so that a bare value after "my password is" is recognised.
// It never holds a value. The zero State expects nothing.
type State struct {
	Expect Kind      `json:"expect,omitempty"`
	Until  time.Time `json:"until,omitzero"`  // expectation ends then
	Turns  int       `json:"turns,omitempty"` // or after so many more messages
}
