// Package okpay holds the library that Deskbell ships with: what the customers of OKPay, an online payment platform, ask.
// It is read with faq.Load like any other library, and serves as the example of the format (see ../README.md).
package okpay

import (
	"embed"
	"io/fs"
)

//go:embed library.yaml contacts.yaml entries/*.yaml
var files embed.FS

// Files returns the files of the library.
func Files() fs.FS { return files }
