package lang

// EitherScript reports Chinese that reads the same in simplified and traditional characters: Detect calls it ZhHans,
// and a user who wrote ZhHant before still does.
func EitherScript(text string) bool {
	e := weigh(text)
	return e.han > 0 && e.hans == 0 && e.hant == 0 && e.cantonese == 0
}
