package cjj61

import (
	"strings"
	"unicode/utf8"

	"github.com/undercity/undercity/twin"
)

// titleEnds are what stands behind a network in the name of a table.
var titleEnds = [...]string{"POINT", "LINE", "成果表", "成果", "管点表", "管线表", "点表", "线表", "管点", "管线", "点", "线", "P", "L"}

// networkOfTitle reads the network from a table's name: JSPOINT, WS_LINE, 给水点表, YS雨水点, 东区-污水成果表, 2023年燃气普查.
func (s *survey) networkOfTitle(title string) string {
	up := strings.ToUpper(strings.TrimSpace(title))
	words := append(strings.FieldsFunc(up, func(r rune) bool { return strings.ContainsRune("_-. ()（）", r) }), up)
	for _, w := range words {
		w = strings.Trim(w, "0123456789")
		if n, ok := s.cat.NetworkByWord(w); ok {
			return n.Code
		}
		for _, end := range titleEnds {
			if before, ok := strings.CutSuffix(w, end); ok && before != "" {
				if n, ok := s.cat.NetworkByWord(before); ok {
					return n.Code
				}
			}
		}
	}
	for _, w := range words {
		if code, ok := codeBefore(s.cat, w); ok {
			return code
		}
	}
	return networkWithin(s.cat, up)
}

// codeBefore is the code of a network at the start of a word, where no letter follows: YS雨水点, WS101, 1JS23.
func codeBefore(c *twin.Catalog, w string) (string, bool) {
	w = strings.TrimLeft(w, "0123456789")
	n := 0
	for n < len(w) && (w[n] >= 'A' && w[n] <= 'Z' || w[n] >= 'a' && w[n] <= 'z') {
		n++
	}
	if n != 2 {
		return "", false
	}
	net, ok := c.Network(strings.ToUpper(w[:2]))
	return net.Code, ok
}

// networkWithin is the one network whose Chinese name stands somewhere in a title; none where several do.
func networkWithin(c *twin.Catalog, title string) string {
	best, code, clear := "", "", true
	for _, n := range c.Networks() {
		for _, name := range strings.Split(n.NameZH, "/") {
			name = strings.TrimSpace(name)
			if utf8.RuneCountInString(name) < 2 || !strings.Contains(title, name) {
				continue
			}
			switch {
			case best == "" || strings.Contains(name, best):
				best, code = name, n.Code
			case !strings.Contains(best, name) && code != n.Code:
				clear = false
			}
		}
	}
	if !clear {
		return ""
	}
	return code
}
