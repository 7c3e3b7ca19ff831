package cjj61

import (
	"context"
	"regexp"
	"strings"
)

var (
	// decimalComma is a number with a comma before its decimals, sureComma one whose comma cannot part thousands, decimalPoint one with a point.
	decimalComma = regexp.MustCompile(`^[+-]?\d+,\d+$`)
	sureComma    = regexp.MustCompile(`^[+-]?(\d{4,},\d+|\d+,(\d{1,2}|\d{4,}))$`)
	decimalPoint = regexp.MustCompile(`^[+-]?\d+\.\d+$`)
)

// numeric are the fields whose cells are numbers of metres or degrees.
var numeric = [...]string{"easting", "northing", "ground", "depth", "pipeHeight", "bottomDepth", "bottomHeight", "fromDepth", "toDepth", "fromHeight", "toHeight", "fromGround", "toGround",
	"fromX", "fromY", "toX", "toY", "fromEasting", "fromNorthing", "toEasting", "toNorthing"}

// commaRows is how many rows are looked at for decimal commas.
const commaRows = 200

// hasCommas reports whether the numbers of a table have a comma before their decimals: where some can only be read so, and none has a point.
func (t found) hasCommas(ctx context.Context) (bool, error) {
	n, sure, points := 0, false, false
	err := t.rows(ctx, func(line int, cells []string) error {
		for _, field := range numeric {
			v := row{l: t.layout, cells: cells}.get(field)
			sure, points = sure || sureComma.MatchString(v), points || decimalPoint.MatchString(v)
		}
		if n++; n >= commaRows {
			return errStop
		}
		return nil
	})
	return sure && !points, err
}

// pointed writes numbers with a decimal point.
func pointed(cells []string) {
	for i, c := range cells {
		if strings.IndexByte(c, ',') > 0 && decimalComma.MatchString(c) {
			cells[i] = strings.Replace(c, ",", ".", 1)
		}
	}
}
