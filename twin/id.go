package twin

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxID is the greatest length of an ID, bytes.
const MaxID = 200

// NewID makes the ID of the asset that its source calls number in a network: NETWORK-NUMBER, where the network's code is not written
// twice. Characters outside A–Z a–z 0–9 . _ ~ - and Han are escaped as ~XX (upper-case hexadecimal of each UTF-8 byte), so two numbers
// never share an ID.
func NewID(network, number string) ID {
	number = strings.TrimSpace(number)
	if rest, ok := strings.CutPrefix(number, network+"-"); ok && rest != "" {
		number = rest
	}
	return network + "-" + escapeID(number)
}

// NewSegmentID makes the ID of a segment that has no number of its own: NETWORK-FROM~TO, from the numbers of its ends.
func NewSegmentID(network, from, to string) ID {
	return network + "-" + escapeID(strings.TrimSpace(from)) + "~" + escapeID(strings.TrimSpace(to))
}

func escapeID(s string) string {
	clean := true
	for _, r := range s {
		if !idRune(r) {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		if idRune(r) {
			b.WriteRune(r)
			continue
		}
		n := utf8.RuneLen(r)
		if r == utf8.RuneError {
			n = 1
		}
		for _, c := range []byte(s[i:min(i+max(n, 1), len(s))]) {
			fmt.Fprintf(&b, "~%02X", c)
		}
	}
	return b.String()
}

func idRune(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '_', r == '-', r == '~':
		return true
	}
	return unicode.Is(unicode.Han, r)
}

// CheckID returns why id cannot be an asset's ID, nil when it can.
func CheckID(id ID) error {
	if id == "" {
		return Errorf(Invalid, "the id is empty").WithHint("name the asset NETWORK-NUMBER")
	}
	if len(id) > MaxID {
		return Errorf(Invalid, "the id %.40q… is longer than %d bytes", id, MaxID)
	}
	for _, r := range id {
		if !idRune(r) {
			return Errorf(Invalid, "the id %q holds %q", id, r).WithHint("use letters, digits, . _ ~ - and Han characters only")
		}
	}
	return nil
}
