package limit

import "github.com/undercity/undercity/twin"

// Bounds of a JSON document, which reading it into values does not have: each level costs stack, each value memory, many times its bytes.
const (
	MaxDepth  = 64
	MaxValues = 2_000_000
)

// CheckJSON refuses a document that is nested too deep or holds too many values, before anything is made of it. Whether it is JSON is for its reader to say.
func CheckJSON(doc []byte) error {
	depth, values, quoted := 0, 1, false
	for i := 0; i < len(doc); i++ {
		b := doc[i]
		switch {
		case b == '"':
			quoted = !quoted
		case quoted:
			if b == '\\' {
				i++
			}
		case b == '{' || b == '[':
			if depth++; depth > MaxDepth {
				return twin.Errorf(twin.Invalid, "the body is nested more than %d levels deep", MaxDepth)
			}
			values++
		case b == '}' || b == ']':
			depth--
		case b == ',':
			values++
		}
		if values > MaxValues {
			return twin.Errorf(twin.Invalid, "the body holds more than %d values", MaxValues).WithHint("send it in several parts")
		}
	}
	return nil
}
