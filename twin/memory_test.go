package twin_test

import (
	"context"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/undercity/undercity/twin"
)

// memory is a Store that keeps every state in maps: the brute-force reference that the twin is held against.
type memory struct {
	head   twin.Head
	states []map[twin.ID]*twin.Asset // by revision
	infos  []twin.RevisionInfo
	base   *twin.Base
	fail   error // returned by the next Commit
}

func newMemory() *memory {
	return &memory{head: twin.Head{ID: "memory"}, states: []map[twin.ID]*twin.Asset{{}}, base: &twin.Base{}}
}

var _ twin.Store = (*memory)(nil)

func (m *memory) Head(context.Context) (twin.Head, error) { return m.head, nil }

func (m *memory) Assets(_ context.Context, revision uint64) iter.Seq2[*twin.Asset, error] {
	if revision == 0 {
		revision = m.head.Revision
	}
	return func(yield func(*twin.Asset, error) bool) {
		state := m.states[revision]
		for _, id := range slices.Sorted(maps.Keys(state)) {
			a := *state[id]
			if !yield(&a, nil) {
				return
			}
		}
	}
}

func (m *memory) Commit(_ context.Context, c *twin.Commit) error {
	if err := m.fail; err != nil {
		m.fail = nil
		return err
	}
	next := maps.Clone(m.states[m.head.Revision])
	for op, a := range c.Changes {
		if op == twin.OpRemove {
			delete(next, a.ID)
		} else {
			own := *a // what was yielded is used again
			own.Line, own.Ground, own.HeightAssumed = slices.Clone(a.Line), slices.Clone(a.Ground), slices.Clone(a.HeightAssumed)
			next[a.ID] = &own
		}
	}
	m.states = append(m.states, next)
	m.infos = append(m.infos, twin.RevisionInfo{Revision: c.Revision, Time: c.Time, Author: c.Author, Note: c.Note, Changes: c.Count})
	m.head.Revision, m.head.Time = c.Revision, c.Time
	if c.Frame != nil {
		m.head.Frame, m.head.Square = c.Frame, c.Square
	}
	return nil
}

func (m *memory) History(_ context.Context, id twin.ID) ([]twin.Version, error) {
	var vs []twin.Version
	for i, info := range m.infos {
		a := m.states[i+1][id]
		if old := m.states[i][id]; a != nil && (old == nil || old.Version != a.Version) {
			vs = append(vs, twin.Version{Revision: info.Revision, Time: info.Time, Op: twin.OpUpdate, Asset: a})
		}
	}
	return vs, nil
}

func (m *memory) RevisionAt(_ context.Context, t time.Time) (uint64, error) {
	var last uint64
	for _, info := range m.infos {
		if !info.Time.After(t) {
			last = info.Revision
		}
	}
	return last, nil
}

func (m *memory) Revisions(_ context.Context, after uint64, limit int) ([]twin.RevisionInfo, error) {
	list := m.infos[min(after, uint64(len(m.infos))):]
	return list[:min(limit, len(list))], nil
}

func (m *memory) Base(context.Context) (*twin.Base, error) { return m.base, nil }
func (m *memory) SetBase(_ context.Context, b *twin.Base) error {
	m.base = b
	m.head.BaseVersion++
	return nil
}
func (m *memory) Close() error { return nil }
