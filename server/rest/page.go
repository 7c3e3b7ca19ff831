package rest

import (
	"strconv"

	"github.com/gin-gonic/gin"
)

// listJSON is a page of a list.
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
