package twin_test

import (
	"testing"

	"github.com/undercity/undercity/twin"
)

func TestYearOf(t *testing.T) {
	for text, want := range map[string]uint16{
		"": 0, "1998": 1998, "1998-05-02": 1998, "1998年5月": 1998, "05/1998": 1998, "19980502": 1998, "2.5.2011": 2011,
		"98": 0, "0000": 0, "9999": 0, "12345": 0, "199": 0, "不详": 0, "DN1200x": 0, "1998123456": 0,
	} {
		if got := twin.YearOf(text); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}
