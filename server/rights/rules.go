package rights

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"sync"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/twin"
)

// Subject is who asks; the zero Subject is the public.
type Subject struct {
	Name, Role string
	Unit       string // code
	UnitName   string // as assets name their owners
}

func (u Subject) role() string {
	if u.Name == "" {
		return RolePublic
	}
	return u.Role
}

// Rules are a policy ready to be asked, for one installation. They never change and may be asked from any goroutine.
type Rules struct {
	doc      Doc
	cat      *twin.Catalog
	framed   bool
	grants   []grant
	gradings []grading
	key      string // of gradings and districts, which decide what grades are
	classes  sync.Map
}

// grant is a Grant ready to be asked.
type grant struct {
	Grant
	most    twin.Secrecy
	objects objects
}

type grading struct {
	Grading
	grade   twin.Secrecy
	kinds   []twin.Kind
	objects objects
}

// objects are the assets that a grant or a grading is about.
type objects struct {
	networks  *[256]bool // by Record.NetworkNumber; nil: all
	districts []*geometry.Region
	anywhere  bool
	owners    []string // nil: all
}

// Compile makes rules of a policy for an installation with a frame, nil while it has none: grants over districts then hold for nothing. It fails with Invalid, with a pointer to each
// place that is wrong.
func Compile(d Doc, c *twin.Catalog, f *crs.Frame) (*Rules, error) {
	if err := d.check(c); err != nil {
		return nil, err
	}
	regions, err := d.regions(f)
	if err != nil {
		return nil, err
	}
	r := &Rules{doc: d, cat: c, framed: f != nil}
	for _, g := range d.Grants {
		most, _ := twin.ParseSecrecy(g.Secrecy)
		r.grants = append(r.grants, grant{g, most, objectsOf(c, regions, g.Networks, g.Districts, g.Owners)})
	}
	for _, g := range d.Gradings {
		grade, _ := twin.ParseSecrecy(g.Secrecy)
		k := grading{Grading: g, grade: grade, objects: objectsOf(c, regions, g.Networks, g.Districts, g.Owners)}
		for _, name := range g.Kinds {
			kind, _ := twin.ParseKind(name)
			k.kinds = append(k.kinds, kind)
		}
		r.gradings = append(r.gradings, k)
	}
	r.key = digest(d.Gradings, d.Districts, d.Fields, r.framed)
	return r, nil
}

func objectsOf(c *twin.Catalog, regions map[string]*geometry.Region, networks, districts, owners []string) objects {
	o := objects{anywhere: len(districts) == 0}
	if len(networks) > 0 {
		o.networks = &[256]bool{}
		for i, n := range c.Networks() {
			o.networks[i] = slices.Contains(networks, n.Code) || slices.Contains(networks, n.Parent) || slices.Contains(networks, c.Layer(n.Code))
		}
	}
	for _, d := range districts {
		if r := regions[d]; r != nil {
			o.districts = append(o.districts, r)
		}
	}
	if len(owners) > 0 {
		o.owners = owners
	}
	return o
}

// everywhere reports whether the assets are all there are.
func (o *objects) everywhere() bool { return o.networks == nil && o.anywhere && o.owners == nil }

// failing is the first condition that an asset does not meet, "" when it meets all. u is whose unit OwnUnit stands for.
func (o *objects) failing(r twin.Record, u Subject) string {
	if o.networks != nil && !o.networks[r.NetworkNumber()] {
		return "networks"
	}
	if o.owners != nil && !o.owned(r.Owner(), u) {
		return "owners"
	}
	if !o.anywhere && !touches(r, o.districts) {
		return "districts"
	}
	return ""
}

// owned reports whether an owner is among those named; an unknown owner is nobody's.
func (o *objects) owned(owner string, u Subject) bool {
	if owner == "" {
		return false
	}
	for _, w := range o.owners {
		if w == owner || w == OwnUnit && (owner == u.Unit || owner == u.UnitName) {
			return true
		}
	}
	return false
}

func touches(r twin.Record, districts []*geometry.Region) bool {
	var few [16]geometry.Point
	axis := r.Axis(few[:0])
	ring := r.Kind() == twin.KindZone || r.Kind() == twin.KindSolid
	for _, d := range districts {
		if ring && d.MeetsRing(axis) || d.Meets(axis) {
			return true
		}
	}
	return false
}

// Doc is the policy that the rules are of.
func (r *Rules) Doc() Doc { return r.doc }

// NeedsFrame reports whether the rules had better be made anew when the installation gets its frame.
func (r *Rules) NeedsFrame() bool { return !r.framed }

// Grade is the secrecy grade of an asset that counts: its own, else the highest that a grading gives it, else internal.
func (r *Rules) Grade(rec twin.Record) twin.Secrecy {
	g, _ := r.graded(rec)
	return g
}

// GradeKey names the part of the rules that grades follow from: rules with equal keys give equal grades.
func (r *Rules) GradeKey() string { return r.key }

// graded is the grade that counts and where it comes from: "asset", the ID of a grading, or "default".
func (r *Rules) graded(rec twin.Record) (twin.Secrecy, string) {
	if own := rec.Secrecy(); own != twin.SecrecyUnset {
		return own, "asset"
	}
	grade, from := twin.SecrecyUnset, "default"
	for i := range r.gradings {
		g := &r.gradings[i]
		if g.grade > grade && (len(g.kinds) == 0 || slices.Contains(g.kinds, rec.Kind())) && g.objects.failing(rec, Subject{}) == "" {
			grade, from = g.grade, g.ID
		}
	}
	if grade == twin.SecrecyUnset {
		grade = twin.SecrecyInternal
	}
	return grade, from
}

// names reports whether a grant is for a subject.
func (g *Grant) names(u Subject) bool {
	return slices.Contains(g.Roles, u.role()) || u.Name != "" && (slices.Contains(g.Users, u.Name) || u.Unit != "" && slices.Contains(g.Units, u.Unit))
}

// class is what follows from the policy for one subject.
type class struct {
	rights []auth.Right
	sights map[auth.Right]*twin.Sight // nil sight: everything
}

func (r *Rules) classOf(u Subject) *class {
	if c, ok := r.classes.Load(u); ok {
		return c.(*class)
	}
	k := &class{sights: map[auth.Right]*twin.Sight{}}
	for _, a := range Actions() {
		if slices.ContainsFunc(r.grants, func(g grant) bool { return slices.Contains(g.Actions, a) && g.names(u) }) {
			k.rights = append(k.rights, a)
		}
	}
	for _, a := range ofAssets {
		k.sights[a] = r.sight(u, a)
	}
	c, _ := r.classes.LoadOrStore(u, k)
	return c.(*class)
}

// Rights lists what a subject may do with some asset at least.
func (r *Rules) Rights(u Subject) []auth.Right { return r.classOf(u).rights }

// May reports whether a subject may do something with some asset at least. What the action is about single assets, a Sight says which.
func (r *Rules) May(u Subject, a auth.Right) bool {
	return a == auth.Public || slices.Contains(r.classOf(u).rights, a)
}

// Sight is what a subject may do something with: what it sees for auth.Read, what it may take along for Export. nil is everything.
func (r *Rules) Sight(u Subject, a auth.Right) *twin.Sight {
	if s, ok := r.classOf(u).sights[a]; ok {
		return s
	}
	return r.classOf(u).sights[auth.Read]
}

// sight makes the sight of a subject.
func (r *Rules) sight(u Subject, a auth.Right) *twin.Sight {
	var list []grant
	for _, g := range r.grants {
		if slices.Contains(g.Actions, a) && g.names(u) {
			list = append(list, g)
		}
	}
	veil := twin.NewVeil(r.hidden(list))
	if veil == nil && slices.ContainsFunc(list, func(g grant) bool { return g.most == twin.SecrecySecret && g.objects.everywhere() }) {
		return nil
	}
	type bound struct {
		Networks, Districts, Owners []string
		Secrecy                     string
	}
	bounds, own := []bound{}, Subject{}
	for _, g := range list {
		bounds = append(bounds, bound{g.Networks, g.Districts, g.Owners, g.Secrecy})
		if slices.Contains(g.Owners, OwnUnit) {
			own = Subject{Unit: u.Unit, UnitName: u.UnitName}
		}
	}
	s := &twin.Sight{Key: digest(bounds, own, veil.Names(), r.key), Veil: veil, Grade: r.Grade}
	s.Sees = func(rec twin.Record) bool {
		grade := r.Grade(rec)
		for i := range list {
			if g := &list[i]; grade <= g.most && g.objects.failing(rec, own) == "" {
				return true
			}
		}
		return false
	}
	return s
}

// hidden lists the values whose grade is above that of the grants: of the widest of those over all assets, else of the narrowest.
func (r *Rules) hidden(list []grant) []string {
	wide, narrow := twin.SecrecyUnset, twin.SecrecySecret
	for _, g := range list {
		if g.objects.everywhere() {
			wide = max(wide, g.most)
		}
		narrow = min(narrow, g.most)
	}
	if wide == twin.SecrecyUnset {
		wide = narrow
	}
	var names []string
	for name, grade := range r.doc.Fields {
		if g, _ := twin.ParseSecrecy(grade); g > wide {
			names = append(names, name)
		}
	}
	return names
}

// digest names what is equal by equal texts.
func digest(parts ...any) string {
	b, err := json.Marshal(parts)
	if err != nil {
		panic(err) // texts, lists and maps of them always marshal
	}
	h := sha256.Sum256(b)
	return base64.RawURLEncoding.EncodeToString(h[:12])
}
