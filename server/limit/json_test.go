package limit_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/undercity/undercity/server/limit"
)

// TestCheckJSON refuses what is deep or long, whatever stands in its texts.
func TestCheckJSON(t *testing.T) {
	deep := func(n int) string { return strings.Repeat(`[{"a":`, n/2) + "1" + strings.Repeat("}]", n/2) }
	for name, c := range map[string]struct {
		doc string
		ok  bool
	}{
		"plain":            {`{"a": [1, "x", null]}`, true},
		"as deep as may":   {deep(limit.MaxDepth), true},
		"deeper":           {deep(limit.MaxDepth + 2), false},
		"deep, no end":     {strings.Repeat("[", 100_000), false},
		"in a text":        {`{"a": "` + strings.Repeat("[", 1000) + `"}`, true},
		"behind a quote":   {`{"a": "\"` + strings.Repeat("[{", 1000) + `"}`, true},
		"behind an escape": {`{"a": "\\", "b": ` + deep(limit.MaxDepth+2) + "}", false},
		"as many as may":   {"[" + strings.Repeat("1,", limit.MaxValues-2) + "1]", true},
		"more":             {"[" + strings.Repeat("1,", limit.MaxValues) + "1]", false},
		"empty lists":      {"[" + strings.Repeat("[],", limit.MaxValues/2+1) + "1]", false},
		"nothing":          {"", true},
		"a broken text":    {`"\`, true},
	} {
		if err := limit.CheckJSON([]byte(c.doc)); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzCheckJSON passes every document that is not deep and has few values.
func FuzzCheckJSON(f *testing.F) {
	f.Add([]byte(`{"a": ["\"[", {"b": [[1.5e3]]}]}`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		err := limit.CheckJSON(doc)
		if !json.Valid(doc) {
			return
		}
		depth, most := 0, 0
		for d := json.NewDecoder(bytes.NewReader(doc)); ; {
			tok, end := d.Token()
			if end != nil {
				break
			}
			switch tok {
			case json.Delim('['), json.Delim('{'):
				depth++
				most = max(most, depth)
			case json.Delim(']'), json.Delim('}'):
				depth--
			}
		}
		if (err != nil) != (most > limit.MaxDepth) && len(doc) < limit.MaxValues {
			t.Errorf("%d levels: %v", most, err)
		}
	})
}

func BenchmarkCheckJSON(b *testing.B) {
	doc := []byte("[" + strings.Repeat(`{"op":"update","asset":{"id":"JS-1","geometry":{"coordinates":[[122.12345,37.12345,3.5],[122.2,37.2,3.4]]}}},`, 5000) + "1]")
	b.SetBytes(int64(len(doc)))
	for b.Loop() {
		if err := limit.CheckJSON(doc); err != nil {
			b.Fatal(err)
		}
	}
}
