package twin

// Years that an installation date may begin with; anything else is no year.
const (
	firstYear = 1800
	lastYear  = 2199
)

// YearOf is the year of an installation date as sources write it ("1998", "1998-05-02", "1998年", "05/1998"), 0 where it holds none.
func YearOf(installed string) uint16 {
	year, digits := 0, 0
	for i := 0; i <= len(installed); i++ {
		if i < len(installed) && installed[i] >= '0' && installed[i] <= '9' {
			if digits++; digits <= 4 {
				year = year*10 + int(installed[i]-'0')
			}
			continue
		}
		// "1998" alone, or the front of "19980502"
		if (digits == 4 || digits == 8) && year >= firstYear && year <= lastYear {
			return uint16(year)
		}
		year, digits = 0, 0
	}
	return 0
}

// Installed is the year or date of installation as the source has it, "" when not known.
func (r Record) Installed() string { return r.shared().Installed }

// OtherMaterial is the number of every material that the catalog has no row for.
const OtherMaterial = 255

// MaterialNumber is the number of a material: 0 where it is not known, else one more than its row in Materials, or OtherMaterial.
func (c *Catalog) MaterialNumber(code string) uint8 {
	if !MaterialIsKnown(code) {
		return 0
	}
	if i, ok := c.matByCode[code]; ok && i+1 < OtherMaterial {
		return uint8(i + 1)
	}
	return OtherMaterial
}

// MaterialIsKnown reports whether a material is one: the catalog's own word for "not known" is none.
func MaterialIsKnown(code string) bool { return code != "" && code != "UNK" }
