package auth

import "context"

// Remembers reports whether a bearer token is known without the data base.
func Remembers(o *Office, token string) bool {
	_, ok := o.door.find(pass{hash(token), kindToken}, o.door.look())
	return ok
}

// Flush writes down when secrets were last used.
func (o *Office) Flush(ctx context.Context) error { return o.flush(ctx) }
