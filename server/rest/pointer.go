package rest

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
)

// pointerTo is the JSON pointer (RFC 6901) to the value that ends at or goes beyond an offset of a document, "" for the document itself.
func pointerTo(doc []byte, offset int64) string {
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	type level struct {
		key    string
		index  int
		object bool
		value  bool // the next token of an object is a value
	}
	var in []level
	for {
		token, err := d.Token()
		if err != nil {
			return ""
		}
		mark, _ := token.(json.Delim)
		if mark == '}' || mark == ']' {
			in = in[:len(in)-1]
		} else if n := len(in); n > 0 && in[n-1].object && !in[n-1].value {
			in[n-1].key, in[n-1].value = token.(string), true
			continue
		}
		if d.InputOffset() >= offset {
			break
		}
		if mark == '{' || mark == '[' {
			in = append(in, level{object: mark == '{'})
			continue
		}
		if n := len(in); n > 0 {
			in[n-1].index++
			in[n-1].value = false
		}
	}
	var p strings.Builder
	for _, l := range in {
		p.WriteByte('/')
		if l.object {
			p.WriteString(strings.NewReplacer("~", "~0", "/", "~1").Replace(l.key))
		} else {
			p.WriteString(strconv.Itoa(l.index))
		}
	}
	return p.String()
}

// misfit says what is wrong with a value that is not of the type that is wanted.
func misfit(e *json.UnmarshalTypeError) string {
	w := wanted(e.Type)
	if w == "a number" && strings.HasPrefix(e.Value, "number") {
		return "too large a number"
	}
	return "not " + w
}

// wanted says in words what a value of a type is written as.
func wanted(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "a text"
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.Uint8:
		return "a whole number from 0 to 255"
	case reflect.Uint, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "a whole number from 0 upwards"
	case reflect.Int, reflect.Int32, reflect.Int64:
		return "a whole number"
	case reflect.Slice, reflect.Array:
		return "a list"
	}
	return "an object"
}
