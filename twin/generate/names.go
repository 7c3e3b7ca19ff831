package generate

// Syllables of street names with their reading. No two readings joined are spelt alike, so names are told apart in both languages.
var (
	nameFirst = [...][2]string{{"海", "Hai"}, {"青", "Qing"}, {"文", "Wen"}, {"新", "Xin"}, {"和", "He"}, {"昆", "Kun"}, {"古", "Gu"}, {"世", "Shi"},
		{"东", "Dong"}, {"黄", "Huang"}, {"统", "Tong"}, {"高", "Gao"}, {"顺", "Shun"}, {"福", "Fu"}, {"松", "Song"}, {"云", "Yun"}, {"长", "Chang"}, {"金", "Jin"},
		{"华", "Hua"}, {"平", "Ping"}, {"望", "Wang"}, {"凤", "Feng"}, {"石", "Shek"}, {"竹", "Zhu"}, {"柳", "Liu"}, {"明", "Ming"}, {"北", "Bei"}, {"南", "Nan"}}
	nameSecond = [...][2]string{{"滨", "bin"}, {"岛", "dao"}, {"昌", "chang"}, {"威", "wei"}, {"苑", "yuan"}, {"德", "de"}, {"寨", "zhai"}, {"山", "shan"},
		{"泰", "tai"}, {"河", "he"}, {"州", "zhou"}, {"林", "lin"}, {"峰", "feng"}, {"江", "jiang"}, {"夏", "xia"}, {"宁", "ning"}, {"门", "men"}, {"塔", "ta"},
		{"堂", "tang"}, {"波", "bo"}, {"兴", "xing"}, {"源", "yue"}, {"桥", "qiao"}, {"湾", "wan"}}
	nameEnds = [...][2]string{mainStreet: {"大道", "Avenue"}, secondary: {"路", "Road"}, branch: {"街", "Street"}}
	nameWays = [...][2]string{{"", ""}, {"东", "East "}, {"西", "West "}, {"中", "Middle "}, {"南", "South "}, {"北", "North "}}
)

// namer gives out names of streets, each once, in an order of its seed.
type namer struct {
	next, step uint64
	used       map[string]bool
}

func newNamer(p *plan) *namer {
	n := uint64(len(nameFirst) * len(nameSecond))
	return &namer{next: p.hash(drawName, 0, 0) % n, step: 2*(p.hash(drawName, 1, 0)%300) + 1, used: map[string]bool{}}
}

// name is the next free name for a street of class k.
func (n *namer) name(k class) (zh, en string) {
	count := uint64(len(nameFirst) * len(nameSecond))
	for round := uint64(0); ; round++ {
		n.next = (n.next + n.step) % count
		a, b := nameFirst[n.next%uint64(len(nameFirst))], nameSecond[n.next/uint64(len(nameFirst))]
		w := nameWays[min(round/count, uint64(len(nameWays)-1))]
		zh, en = a[0]+b[0]+w[0]+nameEnds[k][0], a[1]+b[1]+" "+w[1]+nameEnds[k][1]
		if !n.used[zh] && !n.used[en] {
			n.used[zh], n.used[en] = true, true
			return zh, en
		}
	}
}

// years are the words for years from 1950, made once so that a million assets share them.
var years = func() (w [90]string) {
	for i := range w {
		w[i] = string([]byte{byte('0' + (1950+i)/1000), byte('0' + (1950+i)/100%10), byte('0' + (1950+i)/10%10), byte('0' + (1950+i)%10)})
	}
	return w
}()
