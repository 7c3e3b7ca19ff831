package rest

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/server/rights"
	"github.com/undercity/undercity/twin"
)

// maxChanges bounds one change set over HTTP; more belongs into an import.
const maxChanges = 10000

type changeJSON struct {
	Op      string    `json:"op"`
	Asset   assetJSON `json:"asset"`
	Version uint32    `json:"version"`
}

type changesJSON struct {
	Changes []changeJSON `json:"changes"`
	Note    string       `json:"note"`
}

// Changes answers POST /changes: one atomic set of creates, updates and removals.
func (a *API) Changes(c *gin.Context) error {
	var in changesJSON
	if err := readJSON(c, &in); err != nil {
		return err
	}
	if len(in.Changes) == 0 || len(in.Changes) > maxChanges {
		return at("/changes", fmt.Sprintf("between 1 and %d changes are wanted", maxChanges))
	}
	for i := range in.Changes {
		Tell(c, in.Changes[i].Asset.ID)
	}
	if in.Note != "" {
		TellDetail(c, "note", in.Note[:min(len(in.Note), 300)])
	}
	s := a.o.Twin.Snapshot()
	if s.Frame() == nil {
		return twin.Errorf(twin.Invalid, "the installation has no coordinate frame yet").WithHint("import a survey first")
	}
	cs := a.o.Twin.NewChangeSet(UserOf(c).Name, in.Note)
	cs.Gate = a.gate(c)
	reader := a.o.Twin.View(a.o.Rights.Rules().Sight(rights.SubjectOf(UserOf(c)), auth.Read))
	var notes []ProblemField
	for i := range in.Changes {
		pointer := fmt.Sprintf("/changes/%d", i)
		flags, err := addChange(cs, reader, &in.Changes[i], pointer)
		if err != nil {
			return err
		}
		for _, f := range flags {
			if r := f.Reason(); r != "" {
				notes = append(notes, ProblemField{Pointer: pointer + "/asset", Detail: Say(c, r)})
			}
		}
	}
	ch, err := a.o.Twin.Apply(c.Request.Context(), cs)
	if err != nil {
		return in.place(err)
	}
	TellDetail(c, "revision", ch.Revision)
	TellDetail(c, "created", ch.Created)
	TellDetail(c, "updated", ch.Updated)
	TellDetail(c, "removed", ch.Removed)
	done := gin.H{"revision": ch.Revision, "created": ch.Created, "updated": ch.Updated, "removed": ch.Removed}
	if len(notes) > 0 {
		done["notes"] = notes
	}
	c.JSON(http.StatusOK, done)
	return nil
}

// place says of an error about assets where in the request they stand.
func (in *changesJSON) place(err error) error {
	var e *twin.Error
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		return err
	}
	d := *e
	d.Fields = nil
	for _, f := range e.Fields {
		for i := range in.Changes {
			if in.Changes[i].Asset.ID == f.Pointer {
				f = twin.Field{Pointer: fmt.Sprintf("/changes/%d/asset", i), Reason: f.Pointer + " " + f.Reason}
				break
			}
		}
		d.Fields = append(d.Fields, f)
	}
	return &d
}

// addChange adds a change to the set, and says what of the asset, as it was sent, should be looked at.
func addChange(cs *twin.ChangeSet, s *twin.Snapshot, in *changeJSON, pointer string) ([]twin.Flag, error) {
	if in.Op == "remove" {
		return nil, pointed(cs.Remove(in.Asset.ID, in.Version), pointer+"/asset/id")
	}
	// Who changes an asset sends back what was read: what was hidden of it stays as it is.
	var old *twin.Asset
	if _, seen := s.Find(in.Asset.ID); seen {
		old, _ = s.Whole().Get(in.Asset.ID)
	}
	asset, err := decode(&in.Asset, s.Frame(), pointer+"/asset", old)
	if err != nil {
		return nil, err
	}
	flags := asset.Flags(s.Ground())
	if v := s.Sight(); v != nil && old != nil {
		v.Veil.Restore(asset, old)
		asset.Structure = renamed(asset.Structure, old.Structure, s)
		for _, ref := range [...]struct{ is, was *string }{{&asset.From, &old.From}, {&asset.To, &old.To}, {&asset.In, &old.In}} {
			if *ref.is == "" && s.Hides(*ref.was) {
				*ref.is = *ref.was
			}
		}
	}
	switch in.Op {
	case "create":
		return flags, pointed(cs.Create(asset), pointer+"/asset")
	case "update":
		return flags, pointed(cs.Update(asset, in.Version), pointer+"/asset")
	}
	return nil, at(pointer+"/op", "not create, update or remove")
}

// pointed says of an error about an asset where in the request that stands.
func pointed(err error, pointer string) error {
	e, ok := err.(*twin.Error) //nolint:errorlint // what is wrapped says more than the error alone
	if !ok || len(e.Fields) > 0 {
		return err
	}
	d := *e
	d.Fields = []twin.Field{{Pointer: pointer, Reason: e.Msg}}
	return &d
}
