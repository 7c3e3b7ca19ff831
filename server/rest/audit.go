package rest

import (
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
)

type eventJSON struct {
	ID     int64     `json:"id"`
	Time   time.Time `json:"time"`
	User   string    `json:"user"`
	Action string    `json:"action"`
	Target string    `json:"target,omitempty"`
	Status int       `json:"status"`
}

type listJSON[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
	// Withheld is how many there are that the reader may not see, where that is told.
	Withheld *int `json:"withheld,omitempty"`
}

// limitOf reads how many rows a page has.
func limitOf(c *gin.Context, usual, most int) (int, error) {
	s := c.Query("limit")
	if s == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > most {
		return 0, badQuery("limit", s, "a number from 1 to "+strconv.Itoa(most))
	}
	return n, nil
}

// Audit answers GET /audit, latest first.
func (a *API) Audit(c *gin.Context) error {
	limit, err := limitOf(c, 100, 1000)
	if err != nil {
		return err
	}
	var before int64
	if s := c.Query("cursor"); s != "" {
		if before, err = strconv.ParseInt(s, 10, 64); err != nil {
			return badQuery("cursor", s, "a cursor that a page gave")
		}
	}
	events, err := a.o.Office.Events(c.Request.Context(), before, limit)
	if err != nil {
		return err
	}
	list := listJSON[eventJSON]{Items: []eventJSON{}}
	for _, e := range events {
		list.Items = append(list.Items, eventJSON(e))
	}
	if len(events) == limit {
		list.Next = strconv.FormatInt(events[limit-1].ID, 10)
	}
	c.JSON(http.StatusOK, list)
	return nil
}
