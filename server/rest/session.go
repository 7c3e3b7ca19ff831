package rest

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/twin"
)

// Names of the cookie that holds a session. With the prefix a browser takes it from this host alone, over TLS, for all paths (RFC 6265bis, 4.1.3.2); it has
// that wherever it can.
const (
	plainCookie = "undercity_session"
	hostCookie  = "__Host-" + plainCookie
)

func cookieName(from Client) string {
	if from.Scheme == "https" && from.Prefix == "" {
		return hostCookie
	}
	return plainCookie
}

// SessionOf is the session that a request carries, "" without one.
func SessionOf(c *gin.Context) string {
	s, err := c.Cookie(cookieName(ClientOf(c)))
	if err != nil {
		return ""
	}
	return s
}

// setSession has the browser keep a session until it is closed, or forget it where it is "".
func setSession(c *gin.Context, session string) {
	from := ClientOf(c)
	k := &http.Cookie{Name: cookieName(from), Value: session, Path: from.Prefix + "/", HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: from.Scheme == "https"}
	if session == "" {
		k.MaxAge = -1
	}
	http.SetCookie(c.Writer, k)
}

// placeOf is where a request comes from, as sessions are listed by.
func placeOf(c *gin.Context) auth.Place {
	p := auth.Place{Agent: c.Request.UserAgent()}
	if a := ClientOf(c).Address; a.IsValid() {
		p.Address = a.Unmap().String()
	}
	return p
}

// The types of problems that a client can act on.
const (
	LockedProblem     = "urn:undercity:locked"     // wrong passwords; Retry-After says for how long
	MustChangeProblem = "urn:undercity:mustChange" // a password is to be set first
)

// refusedSignIn is the answer to a sign-in that failed.
func refusedSignIn(c *gin.Context, err error) error {
	var l *auth.Locked
	if errors.As(err, &l) {
		c.Header("Retry-After", strconv.Itoa(int(l.Wait/time.Second)))
		return &StatusError{Status: http.StatusTooManyRequests, Type: LockedProblem, Err: err}
	}
	if twin.KindOf(err) == twin.Denied {
		return &StatusError{Status: http.StatusUnauthorized, Err: err}
	}
	return err
}

// SignIn answers POST /session: a session for a token, for the secret of a link, or for a name and a password.
func (a *API) SignIn(c *gin.Context) error {
	var in struct {
		Token    *string `json:"token"`
		Name     *string `json:"name"`
		Password *string `json:"password"`
	}
	if err := readJSON(c, &in); err != nil {
		return err
	}
	if in.Token != nil && (in.Name != nil || in.Password != nil) {
		return at("/token", "stands beside a name or a password; give one of the two")
	}
	var s auth.SignedIn
	var err error
	if in.Name != nil || in.Password != nil {
		s, err = a.o.Office.SignInByPassword(c.Request.Context(), text(in.Name), text(in.Password), placeOf(c), SessionOf(c))
	} else if s, err = a.o.Office.SignIn(c.Request.Context(), text(in.Token), placeOf(c), SessionOf(c)); twin.KindOf(err) == twin.Denied {
		// Guessing is made slow for whoever does it.
		select {
		case <-time.After(300 * time.Millisecond):
		case <-c.Request.Context().Done():
		}
	}
	if s.User.Name == "" && in.Name != nil {
		TellDetail(c, "name", "unknown") // what stands in its place may be a password
	}
	TellUser(c, s.User)
	if err != nil {
		return refusedSignIn(c, err)
	}
	setSession(c, s.Secret)
	return a.sendMe(c, s.User)
}

// text is the string that a client gave, "" for none.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// SignOut answers DELETE /session.
func (a *API) SignOut(c *gin.Context) error {
	if s := SessionOf(c); s != "" {
		if err := a.o.Office.SignOut(c.Request.Context(), s); err != nil {
			return err
		}
	}
	setSession(c, "")
	c.Status(http.StatusNoContent)
	return nil
}

type sessionJSON struct {
	ID       string    `json:"id"`
	Created  time.Time `json:"created"`
	LastUsed time.Time `json:"lastUsed"`
	Ends     time.Time `json:"ends"`
	Idle     int       `json:"idleSeconds"`
	Address  string    `json:"address"`
	Agent    string    `json:"userAgent"`
	Current  bool      `json:"current"`
}

func (a *API) sessions(c *gin.Context, user string) (list []sessionJSON, err error) {
	infos, err := a.o.Office.Sessions(c.Request.Context(), user)
	list = []sessionJSON{}
	for _, s := range infos {
		list = append(list, sessionJSON{s.ID, s.Created, s.Used, s.Ends, int(a.o.Office.Idle() / time.Second), s.Address, s.Agent, s.ID == UserOf(c).Session})
	}
	return list, err
}

// Sessions answers GET /sessions: those of who asks.
func (a *API) Sessions(c *gin.Context) error { return a.sendSessions(c, UserOf(c).Name) }

func (a *API) sendSessions(c *gin.Context, user string) error {
	list, err := a.sessions(c, user)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, listJSON[sessionJSON]{Items: list})
	return nil
}

// EndSession answers DELETE /sessions/{id}: one of who asks.
func (a *API) EndSession(c *gin.Context) error {
	u := UserOf(c)
	if err := a.o.Office.EndSession(c.Request.Context(), u.Name, c.Param("id")); err != nil {
		return err
	}
	if u.Session == c.Param("id") {
		setSession(c, "")
	}
	c.Status(http.StatusNoContent)
	return nil
}

// EndSessions answers DELETE /sessions: all of who asks but the one that asks.
func (a *API) EndSessions(c *gin.Context) error {
	u := UserOf(c)
	if err := a.o.Office.EndSessions(c.Request.Context(), u.Name, u.Session); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}
