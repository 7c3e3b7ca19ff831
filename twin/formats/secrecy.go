package formats

import "github.com/undercity/undercity/twin"

// Secrecy is the secrecy grade that a word of a source means: none for "", the highest for a word that nobody knows, so that a slip of the pen opens
// nothing.
func Secrecy(word string) twin.Secrecy {
	s, ok := twin.ParseSecrecy(word)
	if !ok {
		return twin.SecrecySecret
	}
	return s
}
