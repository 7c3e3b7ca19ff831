package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/server/limit"
	"github.com/undercity/undercity/twin"
)

// readJSON reads a request's body into v, strictly. How large it may be is a matter of its route.
func readJSON(c *gin.Context, v any) error {
	raw, err := io.ReadAll(c.Request.Body)
	if err != nil {
		return Unread(err)
	}
	if err := limit.CheckJSON(raw); err != nil {
		return &StatusError{Status: http.StatusBadRequest, Err: err}
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err = d.Decode(v); err == nil {
		if _, err = d.Token(); errors.Is(err, io.EOF) {
			return nil
		}
		err = errors.New("something follows the document")
	}
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) && wrong.Field != "" {
		return at(pointerTo(raw, wrong.Offset), misfit(wrong))
	}
	e := twin.Errorf(twin.Invalid, "the body is not the JSON that is wanted: %v", err).WithHint("GET /api/v1/openapi.json describes it")
	return &StatusError{Status: http.StatusBadRequest, Err: e}
}

// Unread says why a body could not be read.
func Unread(err error) error {
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return &StatusError{Status: http.StatusRequestEntityTooLarge, Err: twin.Errorf(twin.Invalid, "the body is larger than %d bytes", large.Limit)}
	case errors.Is(err, limit.ErrSlow):
		return &StatusError{Status: http.StatusRequestTimeout, Err: twin.Errorf(twin.Invalid, "the body came too slowly").WithHint("send it again over a faster line")}
	}
	return &StatusError{Status: http.StatusBadRequest, Err: twin.Errorf(twin.Invalid, "the body broke off: %v", err)}
}
