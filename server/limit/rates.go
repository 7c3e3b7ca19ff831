package limit

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/undercity/undercity/twin"
)

// Rate is how often something may be done: so many a second in the long run, and so many at once.
type Rate struct {
	PerSecond float64
	Burst     float64
}

// free is without a limit.
var free = Rate{math.Inf(1), math.Inf(1)}

// Free reports whether there is no limit.
func (r Rate) Free() bool { return math.IsInf(r.PerSecond, 1) }

// String is the rate as the setting writes it.
func (r Rate) String() string {
	if r.Free() {
		return "none"
	}
	n, unit := r.PerSecond, "s"
	for _, u := range [...]string{"m", "h"} {
		if n < 1 {
			n, unit = n*60, u
		}
	}
	return fmt.Sprintf("%.6g/%s:%.6g", n, unit, r.Burst)
}

// Table says how often each role may use each class of routes.
type Table map[string]map[Class]Rate

// StandardTable is the table of a new installation. Who plans, operates or administers is not held up; a contractor can work, and not empty the city; of
// strangers one address is one.
func StandardTable() Table {
	perMinute := func(n, burst float64) Rate { return Rate{n / 60, burst} }
	staff := func(heavy Rate) map[Class]Rate {
		return map[Class]Rate{Probe: free, Page: free, Read: free, Tiles: free, Search: free, Heavy: heavy, Change: free, Stream: free}
	}
	return Table{
		"admin":    staff(free),
		"operator": staff(free),
		"planner":  staff(Rate{100, 1000}),
		"contractor": {Probe: free, Page: {200, 5000}, Read: {100, 1000}, Tiles: {500, 5000}, Search: {10, 100}, Heavy: {1, 30}, Change: {1, 30},
			Stream: {1, 30}},
		Public: {Probe: free, Page: {200, 5000}, SignIn: perMinute(30, 30), Read: {20, 200}, Tiles: {20, 200}, Search: {2, 20}, Heavy: perMinute(10, 10),
			Change: perMinute(30, 30), Stream: perMinute(30, 30)},
	}
}

// rateOf is the rate of a role; of one that the table does not know it is that of strangers.
func (t Table) rateOf(role string, c Class) Rate {
	if c == SignIn { // nobody is anybody before that
		role = Public
	}
	row, ok := t[role]
	if !ok {
		row = t[Public]
	}
	if r, ok := row[c]; ok {
		return r
	}
	return t[Public][c]
}

// Set changes one rate by a text such as contractor.tiles=500/s:5000: so many a second, minute (m) or hour (h), and so many at once; none is without a
// limit.
func (t Table) Set(text string) error {
	wrong := func(why string) error {
		return twin.Errorf(twin.Invalid, "%.100q is not a limit: %s", text, why).WithHint("write ROLE.CLASS=NUMBER/s:BURST, or ROLE.CLASS=none")
	}
	place, value, ok1 := strings.Cut(text, "=")
	role, class, ok2 := strings.Cut(strings.TrimSpace(place), ".")
	if !ok1 || !ok2 {
		return wrong("it does not name a role, a class and a rate")
	}
	if t[role] == nil {
		return wrong("the roles are " + strings.Join(slices.Sorted(maps.Keys(t)), ", "))
	}
	c := Class(class)
	if c == Probe || !slices.Contains(Classes(), c) || c == SignIn && role != Public {
		return wrong("the classes are page, read, tiles, search, heavy, change, stream, and of public also sign-in")
	}
	r, ok := parseRate(strings.TrimSpace(value))
	if !ok {
		return wrong("the rate is not a number a second (s), minute (m) or hour (h) with a burst of at least 1")
	}
	t[role][c] = r
	return nil
}

func parseRate(text string) (Rate, bool) {
	if text == "none" {
		return free, true
	}
	often, burst, ok1 := strings.Cut(text, ":")
	number, unit, ok2 := strings.Cut(often, "/")
	n, err1 := strconv.ParseFloat(number, 64)
	b, err2 := strconv.ParseFloat(burst, 64)
	seconds, ok3 := map[string]float64{"s": 1, "m": 60, "h": 3600}[unit]
	if !ok1 || !ok2 || !ok3 || err1 != nil || err2 != nil || !(n > 0 && n <= 1e9) || !(b >= 1 && b <= 1e9) {
		return Rate{}, false
	}
	return Rate{n / seconds, b}, true
}
