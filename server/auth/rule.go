package auth

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Bounds of a password, characters (NIST SP 800-63B-4, 3.1.1.2: length, and no rules of composition).
const (
	MinPassword = 12
	MaxPassword = 128
)

// maxPasswordBytes bounds what is looked at of a password at a sign-in, before anything is known of it.
const maxPasswordBytes = 4 * MaxPassword

// normal is a password as it is hashed: the same characters typed on other keyboards are other bytes before (NIST SP 800-63B-4, 3.1.1.2).
func normal(password string) string { return norm.NFC.String(password) }

//go:embed common.txt
var commonText string

// common are passwords that those who guess try first, of at least MinPassword characters, and words that such ones are made of.
var common = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for line := range strings.Lines(commonText) {
		m[strings.TrimSpace(line)] = true
	}
	return m
})

// leastOwn is how many characters of a password must be other than the user's name and the words that everybody tries.
const leastOwn = 8

// checkPassword refuses what is too short or too easy to guess for a user. The password itself stands in no error.
func checkPassword(pointer, password, name, displayName string) error {
	if !utf8.ValidString(password) {
		return invalid(pointer, "the password is not text in UTF-8")
	}
	p := normal(password)
	switch n := utf8.RuneCountInString(p); {
	case n < MinPassword:
		return invalid(pointer, "the password has %d characters; use at least %d", n, MinPassword).WithHint("some words that do not belong together are easy to keep in mind")
	case n > MaxPassword:
		return invalid(pointer, "the password has %d characters; use at most %d", n, MaxPassword)
	}
	if strings.ContainsFunc(p, unicode.IsControl) {
		return invalid(pointer, "the password holds characters that cannot be typed")
	}
	low := strings.ToLower(p)
	if common()[low] {
		return invalid(pointer, "the password is one of those that are guessed first").WithHint("use some words that do not belong together")
	}
	if isSeries(low) {
		return invalid(pointer, "the password repeats a few characters or is a row of them").WithHint("use some words that do not belong together")
	}
	rest := low
	for _, part := range append(strings.FieldsFunc(strings.ToLower(name+" "+displayName), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }), strings.ToLower(name), "undercity") {
		if utf8.RuneCountInString(part) >= 3 {
			rest = strings.ReplaceAll(rest, part, "")
		}
	}
	if rest != low && utf8.RuneCountInString(rest) < leastOwn {
		return invalid(pointer, "the password is little more than the name of the user or of this product").WithHint("use some words that do not belong together")
	}
	return nil
}

// isSeries reports whether a text has fewer than five different characters, repeats a short piece, or goes up or down by one throughout.
func isSeries(text string) bool {
	r := []rune(text)
	kinds := map[rune]bool{}
	up, down := 0, 0
	for i, c := range r {
		kinds[c] = true
		if i > 0 {
			switch c - r[i-1] {
			case 1:
				up++
			case -1:
				down++
			}
		}
	}
	if len(kinds) < 5 || max(up, down) >= len(r)-3 {
		return true
	}
	for n := 1; n <= 6; n++ {
		same := true
		for i := n; i < len(r) && same; i++ {
			same = r[i] == r[i-n]
		}
		if same && len(r) >= 2*n {
			return true
		}
	}
	return false
}
