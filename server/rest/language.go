package rest

import (
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/twin/zh"
)

// Chinese reports whether the first language that a request asks for is Chinese.
func Chinese(c *gin.Context) bool {
	return strings.HasPrefix(strings.ToLower(strings.TrimSpace(c.GetHeader("Accept-Language"))), "zh")
}

// Say is a sentence of the product in the language of the request.
func Say(c *gin.Context, sentence string) string {
	if Chinese(c) {
		return zh.Text(sentence)
	}
	return sentence
}

// in puts the sentences of an import into the language of the request.
func (j importJSON) in(c *gin.Context) importJSON {
	if !Chinese(c) {
		return j
	}
	for _, rows := range [...][]rowJSON{j.RefusedRows, j.Notes} {
		for i := range rows {
			rows[i].Reason = zh.Text(rows[i].Reason)
		}
	}
	for i, w := range j.Warnings {
		j.Warnings[i] = zh.Text(w)
	}
	if j.Problem != nil {
		p := *j.Problem
		p.Title, p.Detail = zh.Text(p.Title), zh.Text(p.Detail)
		p.Errors = append([]ProblemField(nil), p.Errors...)
		for i := range p.Errors {
			p.Errors[i].Detail = zh.Text(p.Errors[i].Detail)
		}
		j.Problem = &p
	}
	return j
}
