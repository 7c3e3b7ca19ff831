package rights

import (
	"slices"

	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/twin"
)

// Answer says why a subject may do something with an asset, or why not.
type Answer struct {
	Allowed   bool         `json:"allowed"`
	Grade     string       `json:"grade"`     // of the asset
	GradeFrom string       `json:"gradeFrom"` // "asset", the id of a grading, or "default"
	Grants    []GrantTried `json:"grants"`    // every grant of the policy, in its order
	Withheld  []string     `json:"withheld"`  // values that are hidden all the same
}

// GrantTried is one grant held against the question.
type GrantTried struct {
	ID      string `json:"id"`
	Note    string `json:"note,omitempty"`
	Holds   bool   `json:"holds"`
	Failing string `json:"failing,omitempty"` // the first condition that does not hold: subject, actions, secrecy, networks, owners or districts
}

// Why answers whether a subject may do something with an asset, grant by grant.
func (r *Rules) Why(u Subject, a auth.Right, rec twin.Record) Answer {
	grade, from := r.graded(rec)
	w := Answer{Grade: grade.String(), GradeFrom: from, Grants: []GrantTried{}, Withheld: []string{}}
	for i := range r.grants {
		g := &r.grants[i]
		t := GrantTried{ID: g.ID, Note: g.Note}
		switch {
		case !g.names(u):
			t.Failing = "subject"
		case !slices.Contains(g.Actions, a):
			t.Failing = "actions"
		case grade > g.most:
			t.Failing = "secrecy"
		default:
			t.Failing = g.objects.failing(rec, u)
		}
		t.Holds = t.Failing == ""
		w.Allowed = w.Allowed || t.Holds
		w.Grants = append(w.Grants, t)
	}
	if s := r.Sight(u, a); w.Allowed && s != nil {
		w.Withheld = append(w.Withheld, s.Veil.Names()...)
	}
	return w
}
