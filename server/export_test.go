package server

// Routes lists the table of routes as "METHOD path".
func Routes() []string {
	var list []string
	for _, r := range (&service{}).routes() {
		list = append(list, r.method+" "+r.path)
	}
	return list
}

// Shows reports whether a route of the table shows assets at full detail.
func Shows(name string) bool {
	for _, r := range (&service{}).routes() {
		if r.method+" "+r.path == name {
			return r.shows == full
		}
	}
	return false
}
