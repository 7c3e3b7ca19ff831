package generate

// word is what stands at a node: its feature or its appurtenance.
type word struct{ feature, appurtenance string }

func plain(w string) word { return word{feature: w} }
func fit(w string) word   { return word{appurtenance: w} }

// The words of tables/point_features.csv that stand along a line, by trade; each as often as it is listed.
var along = [trades][]word{
	water: {plain("直线点"), plain("直线点"), plain("直线点"), plain("探测点"), plain("转折点"), fit("排气阀"), fit("排泥阀"), fit("测压点"), fit("阀门"), fit("止回阀"), fit("减压阀"), plain("变材")},
	gas: {plain("直线点"), plain("直线点"), plain("探测点"), plain("变坡点"), fit("阀门"), fit("阀门"), fit("凝水缸"), fit("标志桩"), fit("标志桩"), fit("阴极测试桩"), fit("牺牲阳极"), fit("调长器"),
		fit("放散管"), fit("压力表")},
	supply: heatWords, back: heatWords, supplyC: heatWords, backC: heatWords,
	works: {plain("直线点"), plain("直线点"), fit("阀门"), fit("排液装置"), fit("排污装置")},
}

var heatWords = []word{plain("直线点"), plain("直线点"), fit("补偿器"), fit("固定墩"), fit("固定墩"), fit("阀门"), fit("疏水阀"), fit("排潮孔")}

// The words that stand where a service or a branch cable ends.
var atEnd = [trades][]word{
	water:   {plain("入户"), plain("入户"), plain("进户"), fit("水表"), fit("水表"), fit("水龙头"), plain("堵头"), fit("水表井")},
	gas:     {fit("调压箱"), fit("调压箱"), plain("入户"), fit("引入口"), fit("调压柜"), fit("调压站"), plain("盖堵")},
	power:   {fit("分支箱"), fit("分支箱"), fit("环网柜"), fit("配电箱"), fit("变压器"), fit("配电室"), fit("上杆"), fit("接线箱"), fit("电杆")},
	telecom: {fit("光交箱"), fit("光交箱"), fit("交接箱"), fit("分线箱"), fit("摄像头"), fit("电话亭"), fit("基站"), plain("出地点")},
}

// lampWords stand along the cable of the street lamps.
var lampWords = []word{fit("路灯"), fit("路灯"), fit("路灯"), fit("路灯"), fit("路灯"), fit("地灯")}

// pick chooses one of the words for a station of a block.
func (m *maker) pick(list []word, b *block, t trade, k int) word {
	return list[m.c.plan.hash(drawShape, b.key+11, uint64(t)<<32|uint64(k))%uint64(len(list))]
}
