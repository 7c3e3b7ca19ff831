package rest

import (
	"net/netip"
	"net/url"

	"github.com/gin-gonic/gin"
)

// Client is where a request comes from and what it was sent to, as the client knows it: a proxy that the installation trusts may have said so.
type Client struct {
	Address netip.Addr
	Scheme  string // http or https
	Host    string // with the port, if any
	Prefix  string // of paths, "" or "/twin"
}

// URL is the address of the installation as the client sees it, without a slash at its end.
func (c Client) URL() string {
	u := url.URL{Scheme: c.Scheme, Host: c.Host, Path: c.Prefix}
	return u.String()
}

const clientKey = "client"

// SetClient says where the request comes from.
func SetClient(c *gin.Context, from Client) { c.Set(clientKey, from) }

// ClientOf is where the request comes from.
func ClientOf(c *gin.Context) Client {
	from, _ := c.Value(clientKey).(Client)
	return from
}
