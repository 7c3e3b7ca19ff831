package rights

// Class names what a subject may do, with which assets and which of their values: who has the same may be given the same, and who has another had better
// read everything anew.
func (r *Rules) Class(u Subject) string {
	keys := map[string]string{}
	for _, a := range ofAssets {
		if s := r.Sight(u, a); s != nil {
			keys[string(a)] = s.Key
		}
	}
	return digest(r.Rights(u), keys)
}
