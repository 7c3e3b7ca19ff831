package twin

// Gate is what the author of a change set may see and change. What is not seen is answered as if it were not there.
type Gate struct {
	Sees func(Record) bool // nil: everything
	May  func(Record) bool // as it was and as it is to be; nil: everything
}

func (g *Gate) sees(r Record) bool { return g == nil || g.Sees == nil || g.Sees(r) }

func (g *Gate) may(r Record) bool { return g == nil || g.May == nil || g.May(r) }

// hold holds one item against the gate: conflict for what must look as if it were not there, denied for what is seen and must stay.
func (g *Gate) hold(it csItem, id ID, now *Snapshot, before Handle, after Record) (f Field, conflict, denied bool) {
	if g == nil {
		return Field{}, false, false
	}
	if before != 0 {
		switch was := now.Record(before); {
		case !g.sees(was) && it.op != OpCreate:
			return Field{id, "does not exist any more"}, true, false
		case !g.sees(was):
			return Field{id, "is the number of something that you may not see"}, false, true
		case !g.may(was):
			return Field{id, "is not yours to change"}, false, true
		}
	}
	if it.op != OpRemove && !g.may(after) {
		return Field{id, "would not be yours to change: its network, its place, its owner or its secrecy grade"}, false, true
	}
	return Field{}, false, false
}

// named reports whether the current state of an asset that is changed names an asset already: what was there may stay.
func (w *write) named(id ID) bool {
	for _, it := range w.change.Items {
		if it.Before == 0 {
			continue
		}
		if from, to, in := w.now.Record(it.Before).Ends(); id == from || id == to || id == in {
			return true
		}
	}
	return false
}
