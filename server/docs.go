package server

import (
	"fmt"
	"hash/fnv"
	"net/http"
	"sync"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/server/rest"
	"github.com/undercity/undercity/server/rest/docs"
)

// interfaceFiles are the description of the interface, made once.
type interfaceFiles struct {
	document []byte
	pages    [2][]byte // English, Chinese
}

// loadInterface makes them once, since what they are made of is part of the program.
var loadInterface = sync.OnceValues(func() (*interfaceFiles, error) {
	var f interfaceFiles
	var err error
	if f.document, err = docs.Document(); err != nil {
		return nil, err
	}
	for i := range f.pages {
		if f.pages[i], err = docs.Page(i == 1); err != nil {
			return nil, err
		}
	}
	return &f, nil
})

func (s *service) openapi(c *gin.Context) error {
	doc := s.api.document
	if p := rest.ClientOf(c).Prefix; p != "" {
		doc = docs.Below(doc, p+"/")
	}
	return sendText(c, "application/json", doc)
}

func (s *service) docs(c *gin.Context) error {
	i := 0
	if rest.Chinese(c) {
		i = 1
	}
	c.Header("Content-Language", [...]string{"en", "zh-CN"}[i])
	c.Header("Vary", "Accept-Language")
	return sendText(c, "text/html; charset=utf-8", s.api.pages[i])
}

// sendText answers with a text that changes only with the program.
func sendText(c *gin.Context, kind string, body []byte) error {
	h := fnv.New64a()
	h.Write(body)
	tag := fmt.Sprintf(`"%016x"`, h.Sum64())
	c.Header("ETag", tag)
	c.Header("Cache-Control", "no-cache")
	if rest.Fresh(c, tag) {
		c.Status(http.StatusNotModified)
		return nil
	}
	c.Data(http.StatusOK, kind, body)
	return nil
}
