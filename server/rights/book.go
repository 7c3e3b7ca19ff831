package rights

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/twin"
)

// Book holds the rules of an installation and keeps them with its office. Its methods may be called from any goroutine.
type Book struct {
	office *auth.Office
	twin   *twin.Twin
	now    atomic.Pointer[page]

	mu        sync.Mutex // held by who changes the rules
	followers []func()
}

// page is the policy that holds.
type page struct {
	version auth.PolicyVersion
	rules   *Rules
	frame   *crs.Frame
}

// Open reads the policy of an installation; without one Default holds.
func Open(ctx context.Context, o *auth.Office, t *twin.Twin) (*Book, error) {
	b := &Book{office: o, twin: t}
	v, err := o.Policy(ctx)
	if err != nil {
		return nil, err
	}
	d := Default()
	if v.Version > 0 {
		d = Doc{}
		if err := json.Unmarshal([]byte(v.Document), &d); err != nil {
			return nil, fmt.Errorf("policy of version %d: %w", v.Version, err)
		}
	}
	r, err := Compile(d, t.Catalog(), t.Snapshot().Frame())
	if err != nil {
		return nil, fmt.Errorf("policy of version %d: %w", v.Version, err)
	}
	b.now.Store(&page{v, r, t.Snapshot().Frame()})
	return b, nil
}

// Rules returns the rules that hold now.
func (b *Book) Rules() *Rules {
	p := b.now.Load()
	if f := b.twin.Snapshot().Frame(); f != p.frame && len(p.rules.doc.Districts) > 0 {
		return b.reframe(f).rules
	}
	return p.rules
}

// reframe puts the districts into the frame that the installation has got meanwhile. Districts that do not fit there hold for nothing.
func (b *Book) reframe(f *crs.Frame) *page {
	b.mu.Lock()
	defer b.mu.Unlock()
	p := b.now.Load()
	if p.frame == f {
		return p
	}
	r, err := Compile(p.rules.doc, b.twin.Catalog(), f)
	if err != nil {
		if r, err = Compile(p.rules.doc, b.twin.Catalog(), nil); err != nil {
			return p
		}
	}
	next := &page{p.version, r, f}
	b.now.Store(next)
	return next
}

// Policy returns the policy that holds, with its version, author and time.
func (b *Book) Policy() (auth.PolicyVersion, Doc) {
	p := b.now.Load()
	return p.version, p.rules.doc
}

// OnChange has f called after the policy has changed.
func (b *Book) OnChange(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.followers = append(b.followers, f)
}

// Put keeps a policy in the place of the version that was read, and has it hold at once. It fails with Invalid for one that cannot hold, or under which
// nobody who can sign in could manage users and the policy any more, and with Conflict when another came meanwhile.
func (b *Book) Put(ctx context.Context, read int64, d Doc, author string) (int64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f := b.twin.Snapshot().Frame()
	if f == nil && len(d.Districts) > 0 {
		return 0, twin.Errorf(twin.Invalid, "the installation has no coordinate frame yet, so that districts have no place").WithHint("import a survey first")
	}
	d.fill()
	r, err := Compile(d, b.twin.Catalog(), f)
	if err != nil {
		return 0, err
	}
	if err := b.keepsAdministrator(ctx, r); err != nil {
		return 0, err
	}
	text, err := json.Marshal(d)
	if err != nil {
		return 0, fmt.Errorf("policy: %w", err)
	}
	if len(text) > maxPolicy {
		return 0, twin.Errorf(twin.Invalid, "the policy has %d bytes, more than %d", len(text), maxPolicy).WithHint("draw the districts with fewer corners")
	}
	if _, err := b.office.SetPolicy(ctx, read, string(text), author); err != nil {
		return 0, err
	}
	v, err := b.office.Policy(ctx)
	if err != nil {
		return 0, err
	}
	b.now.Store(&page{v, r, f})
	for _, f := range b.followers {
		f()
	}
	return v.Version, nil
}

// maxPolicy bounds a policy, bytes.
const maxPolicy = 4 << 20

// keepsAdministrator refuses rules under which nobody is left who can undo them.
func (b *Book) keepsAdministrator(ctx context.Context, r *Rules) error {
	users, err := b.office.Users(ctx)
	if err != nil {
		return err
	}
	if len(users) == 0 || slices.ContainsFunc(users, func(u auth.Account) bool {
		s := SubjectOf(auth.User{Name: u.Name, Role: u.Role, Unit: u.Unit})
		return !u.Disabled && r.May(s, Policy) && r.May(s, auth.Users)
	}) {
		return nil
	}
	e := twin.Errorf(twin.Invalid, "under this policy nobody who can sign in may manage users and edit the policy").WithHint("leave a grant of users and policy to an administrator")
	e.Fields = []twin.Field{{Pointer: "/grants", Reason: "no grant of users and policy names a user who can sign in"}}
	return e
}

// Subject is a user of the installation, by name, as the rules know one. It fails with NotFound where there is none.
func (b *Book) Subject(ctx context.Context, name string) (Subject, error) {
	a, err := b.office.Account(ctx, name)
	if err != nil {
		return Subject{}, err
	}
	s := Subject{Name: a.Name, Role: a.Role, Unit: a.Unit}
	if a.Unit != "" {
		u, err := b.office.UnitOf(ctx, a.Unit)
		if err != nil {
			return Subject{}, err
		}
		s.UnitName = u.Name
	}
	return s, nil
}

// SubjectOf is who a request comes from, as the rules know one.
func SubjectOf(u auth.User) Subject {
	return Subject{Name: u.Name, Role: u.Role, Unit: u.Unit, UnitName: u.UnitName}
}

// Allows reports whether a sight, nil for everything, sees an asset of any snapshot.
func Allows(s *twin.Sight, r twin.Record) bool { return s == nil || s.Sees == nil || s.Sees(r) }

// Withheld is the error for an asset that a user may not do something with though it may be seen.
func Withheld(id twin.ID, a auth.Right) error {
	return twin.Errorf(twin.Denied, "you do not have the right %q for %s", a, id).WithHint("ask an administrator")
}
