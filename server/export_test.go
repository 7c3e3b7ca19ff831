package server

// Routes lists the table of routes as "METHOD path".
func Routes() []string {
	var list []string
	for _, r := range (&service{}).routes() {
		list = append(list, r.method+" "+r.path)
	}
	return list
}
