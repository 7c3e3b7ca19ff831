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
	t, _ := (&speaker{budget: maxLooks}).text(s, 0, false)
	return t
}

// maxLooks bounds how often one text may be looked up: what a hostile file puts into a value must not cost time.
const maxLooks = 60

// speaker says one text.
type speaker struct{ budget int }

// text says s, or as much of it as the table has; strictly only if it has all.
func (p *speaker) text(s string, depth int, strict bool) (string, bool) {
	if p.budget--; p.budget < 0 || depth > maxDepth {
		return s, false
	}
	if t, ok := p.whole(s, depth, false); ok {
		return t, true
	}
	// What is wrong, and what to do.
	if t, ok := p.parted(s, "; ", "；", depth, true); ok {
		return t, true
	}
	if t, ok := p.whole(s, depth, true); ok {
		return t, true
	}
	// Where something stands, and the sentence about it.
	if m := reported.FindStringSubmatch(s); m != nil {
		reason, ok := p.text(m[5], depth+1, strict)
		if strict && !ok {
			return s, false
		}
		place := m[1] + " 第 " + m[2] + " 行"
		if m[3] != "" {
			place += "，" + m[3]
		}
		if m[4] != "" {
			place += " " + m[4]
		}
		return place + "：" + reason, true
	}
	if strict {
		return s, false
	}
	if t, ok := p.parted(s, "; ", "；", depth, false); ok {
		return t, true
	}
	return p.parted(s, ": ", "：", depth, false)
}

// whole is s by the one sentence of the table that it is. Its gaps reach over the end of a clause only if they may.
func (p *speaker) whole(s string, depth int, reach bool) (string, bool) {
	for _, c := range sentences() {
		if !strings.Contains(s, c.fixed) {
			continue
		}
		m := c.pattern.FindStringSubmatch(s)
		if m == nil || !reach && slices.ContainsFunc(m[1:], func(g string) bool { return strings.Contains(g, "; ") }) {
			continue
		}
		return p.fill(c, m[1:], depth), true
	}
	return "", false
}

// maxDepth bounds how many sentences stand in one another.
const maxDepth = 6

// maxParts bounds how many places a text is parted at.
const maxParts = 4

// parted is s of two sentences, of which both or one must be in the table.
func (p *speaker) parted(s, en, zh string, depth int, both bool) (string, bool) {
	at := 0
	for range maxParts {
		i := strings.Index(s[at:], en)
		if i < 0 {
			break
		}
		i += at
		a, oka := p.text(s[:i], depth+1, both)
		b, okb := p.text(s[i+len(en):], depth+1, both)
		if oka && okb || !both && (oka || okb) {
			return a + zh + b, true
		}
		at = i + len(en)
	}
	return s, false
}

// fill puts what stood in the gaps into the Chinese sentence: in order, or by number.
func (p *speaker) fill(c sentence, args []string, depth int) string {
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
		t, _ := p.text(args[i], depth+1, false)
		return t
	})
	return strings.ReplaceAll(filled, "） ", "）")
}
