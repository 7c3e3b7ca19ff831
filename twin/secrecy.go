package twin

// Secrecy is the secrecy grade of an asset or of one of its values. A higher grade is seen by fewer.
type Secrecy uint8

// The grades. The numbers are stored: append only. An asset without a grade of its own has the one that the installation's policy gives to its like.
const (
	SecrecyUnset Secrecy = iota
	SecrecyPublic
	SecrecyInternal
	SecrecyRestricted
	SecrecySecret
	secrecyCount
)

var secrecyNames = [secrecyCount]string{"", "public", "internal", "restricted", "secret"}

// secrecyWords are the grades as Chinese sources write them; the three grades of state secrets (绝密, 机密, 秘密) are one here.
var secrecyWords = map[string]Secrecy{
	"无": SecrecyUnset, "公开": SecrecyPublic, "内部": SecrecyInternal, "非密": SecrecyInternal, "不涉密": SecrecyInternal, "受限": SecrecyRestricted, "敏感": SecrecyRestricted, "控制": SecrecyRestricted,
	"秘密": SecrecySecret, "机密": SecrecySecret, "绝密": SecrecySecret, "涉密": SecrecySecret, "保密": SecrecySecret,
}

// String is the grade's name in JSON and SQL ("internal"), "" of none.
func (s Secrecy) String() string { return nameOf(secrecyNames[:], int(s)) }

// ParseSecrecy returns the grade of a name of String or of a Chinese word; "" is none.
func ParseSecrecy(s string) (Secrecy, bool) {
	if g, ok := secrecyWords[s]; ok {
		return g, true
	}
	i, ok := indexOf(secrecyNames[:], s)
	return Secrecy(i), ok
}

// Secrecies lists the grades that an asset can be given, from the lowest.
func Secrecies() []Secrecy {
	return []Secrecy{SecrecyPublic, SecrecyInternal, SecrecyRestricted, SecrecySecret}
}

// Kind and grade share the first byte of a packed asset.
const (
	kindMask     = 15
	secrecyShift = 4
)

func kindByte(k Kind, s Secrecy) byte { return byte(k) | byte(s)<<secrecyShift }

func kindOf(b byte) Kind { return Kind(b & kindMask) }

// Secrecy is the grade that the asset has of its own.
func (r Record) Secrecy() Secrecy { return Secrecy(r.rec[0] >> secrecyShift) }

// keepSecrecy gives a packed asset that says nothing of its grade the grade of the state it replaces, so that a survey that is imported again makes
// nothing public that somebody graded meanwhile.
func keepSecrecy(rec, before Record) {
	if rec.Secrecy() == SecrecyUnset {
		rec.rec[0] |= before.rec[0] &^ kindMask
	}
}
