package competency

// levelSet is a set of levels, one bit each.
type levelSet [4]uint64

func (s *levelSet) add(l Level)      { s[uint8(l)>>6] |= 1 << (uint8(l) & 63) }
func (s *levelSet) has(l Level) bool { return s[uint8(l)>>6]&(1<<(uint8(l)&63)) != 0 }

// anyLevel is the set of a competency without a scale: nothing can be refused.
var anyLevel = levelSet{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}

func setOf(levels []Descriptor) levelSet {
	var s levelSet
	for _, d := range levels {
		s.add(d.Level)
	}
	return s
}
