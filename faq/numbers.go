package faq

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	digitNumber = regexp.MustCompile(`(\d(?:[\d,]*\d)?(?:\.\d+)?)\s*(万|亿|千|百|k\b|thousand\b|million\b|billion\b|pm\b|p\.m\.)?`)
	listMarker  = regexp.MustCompile(`(?m)^[ \t]*\d{1,3}[.)][ \t]`)
	fullHour    = regexp.MustCompile(`(\d):00\b`)
	hanNumber   = regexp.MustCompile(`[零一二三四五六七八九十百千两半]+`)
	englishWord = regexp.MustCompile(`[a-z]+`)
)

// numbersMissing lists the numbers written in digits in a that b does not have, neither in digits nor in words. Both
// are normalised. It is generous: it is there to find a limit or a term that was changed in one language only.
func numbersMissing(a, b string) []string {
	a = foldNumbers(a)
	if onlyDigits(a) == "" {
		return nil
	}
	b = foldNumbers(b)
	has := numbersIn(b)
	addWords(has, b)
	var out []string
	for _, m := range digitNumber.FindAllStringSubmatch(a, -1) {
		plain, scaled := scale(m)
		if !has[plain] && !has[scaled] && !slices.Contains(out, m[1]) {
			out = append(out, m[1])
		}
	}
	return out
}

func foldNumbers(s string) string {
	return fullHour.ReplaceAllString(listMarker.ReplaceAllString(strings.ToLower(s), " "), "$1")
}

func numbersIn(s string) map[float64]bool {
	has := map[float64]bool{}
	for _, m := range digitNumber.FindAllStringSubmatch(s, -1) {
		plain, scaled := scale(m)
		has[plain], has[scaled] = true, true
	}
	return has
}

// scale returns a number as it stands, and with the word after it taken in: 10万 is 10 and 100,000; 6 pm is 6 and 18.
func scale(m []string) (plain, scaled float64) {
	plain, _ = strconv.ParseFloat(strings.ReplaceAll(m[1], ",", ""), 64)
	switch m[2] {
	case "百":
		return plain, plain * 100
	case "千", "k", "thousand":
		return plain, plain * 1e3
	case "万":
		return plain, plain * 1e4
	case "million":
		return plain, plain * 1e6
	case "亿":
		return plain, plain * 1e8
	case "billion":
		return plain, plain * 1e9
	case "pm", "p.m.":
		return plain, plain + 12
	}
	return plain, plain
}

// numberWords are the words that stand for small numbers in English, months among them (9 November is 11月9日).
var numberWords = map[string]float64{
	"zero": 0, "no": 0, "one": 1, "once": 1, "single": 1, "first": 1, "two": 2, "twice": 2, "second": 2, "both": 2, "three": 3,
	"third": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
	"thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
	"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "half": 0.5,
	"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9, "october": 10,
	"november": 11, "december": 12, "week": 7, "fortnight": 14, "day": 24,
}

func addWords(has map[float64]bool, s string) {
	words := englishWord.FindAllString(s, -1)
	for i, w := range words {
		n, ok := numberWords[w]
		if !ok {
			continue
		}
		has[n] = true
		if i > 0 && n < 10 && numberWords[words[i-1]] >= 20 {
			has[numberWords[words[i-1]]+n] = true // twenty-four
		}
	}
	for _, h := range hanNumber.FindAllString(s, -1) {
		has[hanValue(h)] = true
	}
}

// hanValue is the value of a number in Chinese characters up to 9,999, e.g. 二十四.
func hanValue(s string) float64 {
	total, digit := 0.0, 0.0
	for _, r := range s {
		switch r {
		case '十':
			total += max(digit, 1) * 10
			digit = 0
		case '百':
			total += max(digit, 1) * 100
			digit = 0
		case '千':
			total += max(digit, 1) * 1000
			digit = 0
		case '半':
			digit += 0.5
		case '两':
			digit = 2
		default:
			digit = float64(max(0, strings.IndexRune("零一二三四五六七八九", r)) / len("零"))
		}
	}
	return total + digit
}
