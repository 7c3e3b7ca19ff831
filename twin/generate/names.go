package generate

import (
	"fmt"
	"math/rand/v2"
)

// Syllables of street names with their reading; any two make a plausible name.
var (
	firstSyllables  = [][2]string{{"海", "Hai"}, {"青", "Qing"}, {"文", "Wen"}, {"新", "Xin"}, {"和", "He"}, {"昆", "Kun"}, {"古", "Gu"}, {"世", "Shi"}, {"东", "Dong"}, {"黄", "Huang"}, {"统", "Tong"}, {"高", "Gao"}, {"顺", "Shun"}, {"福", "Fu"}, {"松", "Song"}, {"云", "Yun"}, {"长", "Chang"}, {"金", "Jin"}, {"华", "Hua"}, {"平", "Ping"}}
	secondSyllables = [][2]string{{"滨", "bin"}, {"岛", "dao"}, {"化", "hua"}, {"威", "wei"}, {"平", "ping"}, {"明", "ming"}, {"寨", "zhai"}, {"昌", "chang"}, {"山", "shan"}, {"海", "hai"}, {"一", "yi"}, {"河", "he"}, {"泰", "tai"}, {"州", "zhou"}, {"林", "lin"}, {"峰", "feng"}, {"江", "jiang"}, {"园", "yuan"}, {"夏", "xia"}, {"安", "an"}}
)

// names gives out street names, each once.
type names struct {
	rng  *rand.Rand
	used map[string]int
}

func newNames(rng *rand.Rand) *names { return &names{rng, map[string]int{}} }

func (n *names) next(k class, north bool) street {
	a, b := firstSyllables[n.rng.IntN(len(firstSyllables))], secondSyllables[n.rng.IntN(len(secondSyllables))]
	end := [...][2]string{{"街", "Street"}, {"路", "Road"}, {"大道", "Avenue"}}[k]
	way, wayEN := "", ""
	if k == main {
		way, wayEN = "东", "East "
		if north {
			way, wayEN = "北", "North "
		}
	}
	zh, en := a[0]+b[0]+way+end[0], a[1]+b[1]+" "+wayEN+end[1]
	n.used[zh]++
	if u := n.used[zh]; u > 1 {
		zh, en = fmt.Sprintf("%s%s%s%d%s", a[0], b[0], way, u, end[0]), fmt.Sprintf("%s%s %s%s %d", a[1], b[1], wayEN, end[1], u)
	}
	return street{k, zh, en}
}
