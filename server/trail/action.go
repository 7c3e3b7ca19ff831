package trail

import (
	"net/http"
	"strings"
)

// words are the actions of routes by the first word below /api/v1, for requests that do something.
var words = map[string]string{
	"changes": Change, "imports": Import, "policy": Policy, "users": User, "units": Unit, "tokens": Token, "sessions": Session, "me": Account, "account": Account, "dig": Enquiry,
}

// ActionOf is what a request of a route does, by its method and path in the table of routes: an action of this package, else the path's first word.
func ActionOf(method, path string) string {
	word, below, _ := strings.Cut(strings.TrimPrefix(path, "/api/v1/"), "/")
	switch {
	case method == http.MethodGet || method == http.MethodHead:
		return Read
	case word == "session" && method == http.MethodDelete:
		return SignOut
	case word == "session":
		return SignIn
	case word == "policy" && below == "why":
		return "why"
	}
	if a, ok := words[word]; ok {
		return a
	}
	return word
}
