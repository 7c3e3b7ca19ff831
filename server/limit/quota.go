package limit

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/undercity/undercity/twin"
)

// Quotas is how much of the city each role may be shown at full detail in a day, square kilometres; infinite is without a limit.
type Quotas map[string]float64

// StandardQuotas are those of a new installation.
func StandardQuotas() Quotas {
	return Quotas{"admin": math.Inf(1), "operator": math.Inf(1), "planner": 25, "contractor": 25, Public: 1}
}

// Set changes one by a text such as planner=25 or planner=none.
func (q Quotas) Set(text string) error {
	role, value, _ := strings.Cut(text, "=")
	role, value = strings.TrimSpace(role), strings.TrimSpace(value)
	km2, err := strconv.ParseFloat(value, 64)
	if value == "none" {
		km2, err = math.Inf(1), nil
	}
	if _, ok := q[role]; !ok || err != nil || !(km2 >= 0) || math.IsInf(km2, 1) && value != "none" {
		return twin.Errorf(twin.Invalid, "%.100q is not a limit of area", text).WithHint("write ROLE=SQUARE KILOMETRES, or ROLE=none, with a role of %s", strings.Join(slices.Sorted(maps.Keys(q)), ", "))
	}
	q[role] = km2
	return nil
}

// of is the limit of who asks; of a role that is not known it is that of strangers.
func (q Quotas) of(w Who) float64 {
	if km2, ok := q[w.role()]; ok {
		return km2
	}
	return q[Public]
}

// Use is how much of the city a user has been shown today, square kilometres.
type Use struct {
	Used, Limit float64
	Ends        time.Time // of the day
}

// Areas keeps the union of the area that each user has been shown at full detail today. It may be used from any goroutine.
type Areas struct {
	quotas Quotas
	now    func() time.Time
	zone   *time.Location
	store  *areaStore // nil keeps nothing

	mu    sync.RWMutex
	day   string
	ends  time.Time
	users map[string]*shown
}

// shown is what one user has been shown.
type shown struct {
	mu     sync.Mutex
	union  covered
	known  map[any]any // what needs not be looked at again: which tile, and in which state
	unkept bool        // changed since it was written
}

// maxKnown bounds the tiles that are remembered of one user.
const maxKnown = 20_000

// AreaOptions are the settings of Areas; the zero value is the default.
type AreaOptions struct {
	Quotas Quotas           // nil is StandardQuotas
	Zone   *time.Location   // whose midnight ends the day; default time.Local
	Now    func() time.Time // default time.Now
}

// NewAreas returns areas that are kept no longer than the program runs.
func NewAreas(o AreaOptions) *Areas {
	if o.Quotas == nil {
		o.Quotas = StandardQuotas()
	}
	if o.Zone == nil {
		o.Zone = time.Local
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Areas{quotas: o.Quotas, now: o.Now, zone: o.Zone, users: map[string]*shown{}}
}

// Counts reports whether anything is counted for who asks.
func (a *Areas) Counts(w Who) bool { return !math.IsInf(a.quotas.of(w), 1) }

// name is under whom it is counted.
func (w Who) name() string {
	if w.User != "" {
		return w.User
	}
	return "@" + w.network().String() // no user's name begins so
}

// of is what a user has been shown today.
func (a *Areas) of(w Who) (*shown, time.Time, error) {
	now, name := a.now(), w.name()
	a.mu.RLock()
	s, ends := a.users[name], a.ends
	a.mu.RUnlock()
	if s != nil && now.Before(ends) {
		return s, ends, nil
	}
	return a.begin(now, name)
}

// begin makes what a user has been shown, with what was kept of today.
func (a *Areas) begin(now time.Time, name string) (*shown, time.Time, error) {
	if err := a.turn(now); err != nil {
		return nil, now, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if s := a.users[name]; s != nil {
		return s, a.ends, nil
	}
	s := &shown{union: covered{cells: map[block]uint64{}}, known: map[any]any{}}
	if a.store != nil {
		var err error
		if s.union, err = a.store.read(name, a.day); err != nil {
			return nil, a.ends, err
		}
	}
	a.users[name] = s
	return s, a.ends, nil
}

// turn ends the day when its midnight is past.
func (a *Areas) turn(now time.Time) error {
	a.mu.RLock()
	over := !now.Before(a.ends)
	a.mu.RUnlock()
	if !over {
		return nil
	}
	if err := a.flush(); err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if now.Before(a.ends) {
		return nil // another request was first
	}
	t := now.In(a.zone)
	a.day = t.Format(time.DateOnly)
	a.ends = time.Date(t.Year(), t.Month(), t.Day()+1, 0, 0, 0, 0, a.zone)
	a.users = map[string]*shown{}
	return nil
}

// Show adds an area to what a user has been shown, and refuses it with a *BeyondError when that is too much; then nothing is added.
func (a *Areas) Show(w Who, area Area) error {
	_, err := a.show(w, func(*shown) (Area, bool) { return area, true })
	return err
}

// ShowTile is Show for what has a name, such as a tile's address, and comes again and again: its area is made only when what is shown in it has another state
// than when it was last shown to the user. Both are compared with ==.
func (a *Areas) ShowTile(w Who, name, state any, area func() Area) error {
	s, err := a.show(w, func(s *shown) (Area, bool) {
		if s.known[name] == state {
			return Area{}, false
		}
		return area(), true
	})
	if s != nil && err == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		if len(s.known) >= maxKnown {
			clear(s.known)
		}
		s.known[name] = state
	}
	return err
}

// show returns what was added to; nil where there was nothing to add.
func (a *Areas) show(w Who, area func(*shown) (Area, bool)) (*shown, error) {
	km2 := a.quotas.of(w)
	if math.IsInf(km2, 1) {
		return nil, nil
	}
	s, ends, err := a.of(w)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	more, ok := area(s)
	if !ok {
		return nil, nil
	}
	grown, ok := s.union.join(more, int(km2/CellArea+1e-6))
	s.unkept = s.unkept || grown
	if !ok {
		return nil, &BeyondError{Role: w.role(), Use: Use{float64(s.union.count) * CellArea, km2, ends}}
	}
	return s, nil
}

// Use is how much a user has been shown today.
func (a *Areas) Use(w Who) (Use, error) {
	s, ends, err := a.of(w)
	if err != nil {
		return Use{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return Use{float64(s.union.count) * CellArea, a.quotas.of(w), ends}, nil
}

// BeyondError says that a user has been shown as much as a day allows.
type BeyondError struct {
	Role string
	Use
}

// Error says how much that is.
func (e *BeyondError) Error() string {
	return fmt.Sprintf("%.2f km² shown, %g km² a day for the role %s", e.Used, e.Limit, e.Role)
}
