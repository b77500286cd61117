// Package guard finds sensitive data that a user must never type into a chat: passwords, PINs, one-time codes, card
// numbers and the like. It is pure: text in, findings out, nothing kept but what is expected next.
//
// The intake (package bot) calls Document on every platform event before its first write; `deskbell guard scan` calls
// Scan. Start at Scan; Gravest and SeverityOf tell the bot how to answer.
//
// # How it works
//
// One pass folds the text (fold.go): full-width, circled, Chinese, key-cap and mathematical digits become digits,
// look-alike letters Latin, traditional characters simplified, zero-width characters nothing; every folded unit knows
// the code points it came from. Digits are gathered into chunks (digits.go), then the text is cut into tokens, longest
// word of the lexicon first (lexicon.go, token.go). A word is a key, which names a secret, or grammar: it links (is,
// 改成), fills, asks, says that something is wrong, labels something else. The walk from a key to a value (frame.go) is
// what tells "the pin for my new card is 4821" from "pin blocked after 4 tries, order 4821". Detectors, a file each,
// run from the most to the least certain; then the text is looked at again with the findings masked, until nothing new
// appears, so that redacted text scans clean.
//
// # Kinds
//
// A secret is refused and deleted and its owner told to change it; an identity is refused in softer words; masked data
// is only masked. A checksum is evidence, not a gate: behind a word for it a mistyped number is a disclosure all the same.
//
//	kind             rule                                                                          severity  file
//	password         value behind 密码, password, pw, mima … or before "is my password"; account    secret    password.go
//	                 and password side by side; user:password@ in a URL                                      pairs.go, apikey.go
//	pin              4 to 8 digits behind 支付密码, 取款密码, pin, passcode …                         secret    short.go
//	otp              4 to 8 digits, or G-123456, behind 验证码, otp, "the code is" …; SMS templates  secret    short.go
//	cvv              3 or 4 digits behind cvv, 安全码, 背面三位 …, or beside a card number           secret    short.go, cards.go
//	pan              13 to 19 digits, issuer range and Luhn; behind 卡号 or card either may fail    secret    cards.go
//	pay_code         16 to 24 digits beginning 10-15 or 25-30 behind 付款码                         secret    short.go
//	recovery_code    groups of letters and digits behind backup code, 备用码                         secret    short.go
//	security_answer  the rest of the clause behind 密保答案, maiden name …                           secret    answers.go
//	seed_phrase      8 words of BIP-39 in a row (6 behind 助记词, seed), English or Chinese          secret    seed.go
//	private_key      PEM; xprv; WIF by its checksum; 64 hex digits or MII… base64 behind 私钥        secret    privatekey.go
//	api_key          a vendor's prefix; 16 random characters behind key, token, secret, 密钥         secret    apikey.go
//	jwt              three parts of base64url, the first a JSON header                              secret    apikey.go
//	cn_id            GB 11643: province, date, check character; behind 身份证 a wrong check and      identity  cnid.go
//	                 the 15-digit form as well
//	hk_id            by its check with brackets; any behind 身份证, HKID                             identity  documents.go
//	tw_id, sg_nric, us_ssn, uk_nino, br_cpf, in_aadhaar, in_pan, passport, travel_permit
//	                 the shape behind a word that names the paper                                   identity  documents.go
//	iban             country length and MOD 97-10; behind IBAN a wrong check as well                identity  documents.go
//	bank_account     account, sort code, routing number behind their words                          identity  documents.go
//	card_expiry      MM/YY beside a card number or CVV                                              masked    short.go, cards.go
//	guard_failure    the guard itself failed: the whole text, or document                           secret    guard.go
//
// Never found: what is masked already (**** 1234, 尾号1234), placeholders, labelled numbers (order, tracking, error,
// hash), amounts, dates, phone numbers, products with a number (iPhone15), publishable keys, addresses of wallets.
//
// Known limits: a card number cut over two messages is not put together, nor is a correction ("it ends with 9 not 8");
// expectations hold one kind at a time; JSON that stands escaped inside a JSON string is read as text; hints without a
// key word ("手机上的6位数是…", "account mark77 with Sk8rboi99"), whole track data, driving licences, Macau ids and login
// links without a key word are missed; there is no time-out inside.
package guard
