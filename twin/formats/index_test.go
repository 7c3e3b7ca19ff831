package formats_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/undercity/undercity/twin/formats"
)

// TestIndex holds the numbers of names against those of a map, with more names than room was made for.
func TestIndex(t *testing.T) {
	for _, room := range [...]int{0, 1, 100, 20_000} {
		x, want := formats.NewIndex(room), map[string]int{}
		for range 20_000 {
			name := fmt.Sprint("N", rand.IntN(15_000))
			number, was := x.Add(name)
			if i, known := want[name]; was != known || known && i != number || !known && number != len(want) {
				t.Fatalf("room %d: %s has number %d, there before: %v; want %d, %v", room, name, number, was, i, known)
			}
			want[name] = number
		}
		for i := range 15_000 {
			name := fmt.Sprint("N", i)
			number, ok := x.Find(name)
			if n, known := want[name]; ok != known || known && n != number {
				t.Fatalf("room %d: found %s: %d, %v; want %d, %v", room, name, number, ok, n, known)
			}
		}
	}
}
