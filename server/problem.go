package server

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"unicode"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/server/rest"
	"github.com/undercity/undercity/twin"
)

// statusOf is the HTTP status of each kind of error.
var statusOf = map[twin.ErrorKind]int{
	twin.Internal: http.StatusInternalServerError, twin.Invalid: http.StatusUnprocessableEntity, twin.NotFound: http.StatusNotFound,
	twin.Conflict: http.StatusConflict, twin.Denied: http.StatusForbidden, twin.Unavailable: http.StatusServiceUnavailable,
}

// titles of the statuses in both languages.
var titles = map[int][2]string{
	400: {"Bad request", "请求有误"}, 401: {"Sign-in needed", "需要登录"}, 403: {"Not allowed", "没有权限"}, 404: {"Not found", "未找到"}, 405: {"Method not allowed", "不支持的方法"},
	408: {"Too slow", "传输过慢"}, 409: {"Conflict", "版本冲突"}, 413: {"Too large", "内容过大"}, 414: {"Address too long", "地址过长"}, 415: {"Wrong type of content", "内容类型不符"}, 422: {"Input refused", "输入未被接受"}, 429: {"Too many requests", "请求过多"},
	500: {"Internal error", "内部错误"}, 503: {"Unavailable", "暂不可用"},
}

// handle turns a handler that returns an error into gin's: the one place where errors become problem documents and are logged.
func handle(log *slog.Logger, f rest.Handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		err := f(c)
		if err == nil {
			return
		}
		if errors.Is(err, context.Canceled) && c.Request.Context().Err() != nil {
			return // nobody waits for an answer
		}
		if errors.Is(err, context.DeadlineExceeded) && twin.KindOf(err) == twin.Internal {
			err = &twin.Error{Kind: twin.Unavailable, Msg: "the answer took longer than a request may", Hint: "ask for less at once, or try again later", Err: err}
		}
		status := statusOf[twin.KindOf(err)]
		var s *rest.StatusError
		if errors.As(err, &s) {
			status = s.Status
		}
		if status >= 500 {
			log.Error("request failed", "req", c.GetString(requestKey), "path", c.FullPath(), "err", err)
		}
		writeProblem(c, status, err)
	}
}

// oneLine is a sentence without what breaks it or turns it around: it may hold what a request said.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)
}

// writeProblem answers with an RFC 9457 problem document. What is not meant for people stays in the log.
func writeProblem(c *gin.Context, status int, err error) {
	if c.Writer.Written() {
		return
	}
	lang := 0
	if rest.Chinese(c) {
		lang = 1
	}
	p := rest.Problem{Type: "about:blank", Title: titles[status][lang], Status: status, Detail: []string{"Something failed on the server; it has been logged.", "服务器出错，已记录。"}[lang], Instance: c.GetString(requestKey)}
	var of *rest.StatusError
	if errors.As(err, &of) && of.Type != "" {
		p.Type, p.Quota = of.Type, of.Quota
	}
	var e *twin.Error
	if errors.As(err, &e) {
		p.Detail = oneLine(rest.Say(c, e.Error()))
		for _, f := range e.Fields {
			p.Errors = append(p.Errors, rest.ProblemField{Pointer: f.Pointer, Detail: oneLine(rest.Say(c, f.Reason))})
		}
	}
	body, merr := json.Marshal(p)
	if merr != nil {
		body = []byte(`{"type":"about:blank","status":500}`)
	}
	c.Header("Content-Language", [...]string{"en", "zh-CN"}[lang])
	c.Data(status, "application/problem+json", body)
	c.Abort()
}
