// Package zh says the product's sentences in Chinese, for the people of the first home: reasons why a row was refused, what is wrong with a
// request and what to do. Sentences are made in English, where they arise; the table here is what their translation rests on, so that no
// part of the program has to know two languages. What the table does not hold stays English.
package zh

import (
	_ "embed"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed sentences.tsv
var table string

// sentence is one row of the table.
type sentence struct {
	pattern *regexp.Regexp
	fixed   string // the longest piece without a gap, to pass over what cannot fit
	chinese string
}

var (
	gap      = regexp.MustCompile(`\{(\d*)\}`)
	reported = regexp.MustCompile(`^(.+?), (?:line|row) (\d+)(?:, ([^":]+?))?(?: ("(?:[^"\\]|\\.)*"))?: (.+)$`)
)

// sentences are the rows, longest fixed text first, so that the most definite one that fits is taken.
var sentences = sync.OnceValue(func() []sentence {
	var list []sentence
	for line := range strings.Lines(table) {
		en, zh, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok {
			continue
		}
		var p strings.Builder
		longest := ""
		for i, piece := range strings.Split(en, "{}") {
			if i > 0 {
				p.WriteString("(.+?)")
			}
			p.WriteString(regexp.QuoteMeta(piece))
			if len(piece) > len(longest) {
				longest = piece
			}
		}
		list = append(list, sentence{regexp.MustCompile("(?s)^" + p.String() + "$"), longest, zh})
	}
	slices.SortStableFunc(list, func(a, b sentence) int { return len(b.pattern.String()) - len(a.pattern.String()) })
	return list
})

// maxText bounds what is looked at; longer texts stay as they are.
const maxText = 4000

// Text is an English sentence of the product in Chinese. What stands in its gaps, names and values, stays as it is, unless it is a sentence
// too.
func Text(s string) string {
	if s == "" || len(s) > maxText {
		return s
	}
	t, _ := text(s, 0)
	return t
}

func text(s string, depth int) (string, bool) {
	if depth > 4 {
		return s, false
	}
	for _, c := range sentences() {
		if !strings.Contains(s, c.fixed) {
			continue
		}
		if m := c.pattern.FindStringSubmatch(s); m != nil {
			return c.fill(m[1:], depth), true
		}
	}
	// Where something stands, and the sentence about it.
	if m := reported.FindStringSubmatch(s); m != nil {
		reason, _ := text(m[5], depth+1)
		place := m[1] + " 第 " + m[2] + " 行"
		if m[3] != "" {
			place += "，" + m[3]
		}
		if m[4] != "" {
			place += " " + m[4]
		}
		return place + "：" + reason, true
	}
	for _, cut := range [...]struct{ en, zh string }{{"; ", "；"}, {": ", "："}} {
		// What is wrong, and what to do.
		i := strings.Index(s, cut.en)
		for tries := 0; i >= 0 && tries < 4; tries++ {
			a, oka := text(s[:i], depth+1)
			b, okb := text(s[i+len(cut.en):], depth+1)
			if oka || okb {
				return a + cut.zh + b, true
			}
			next := strings.Index(s[i+1:], cut.en)
			if next < 0 {
				break
			}
			i += 1 + next
		}
	}
	return s, false
}

// fill puts what stood in the gaps into the Chinese sentence: in order, or by number.
func (c sentence) fill(args []string, depth int) string {
	n := 0
	filled := gap.ReplaceAllStringFunc(c.chinese, func(g string) string {
		i := n
		if num := g[1 : len(g)-1]; num != "" {
			i, _ = strconv.Atoi(num)
			i--
		}
		n++
		if i < 0 || i >= len(args) {
			return ""
		}
		t, _ := text(args[i], depth+1)
		return t
	})
	return strings.ReplaceAll(filled, "） ", "）")
}
