package needs

// A kernel holds what each unit adds to the sums of a resample.
//
// Ratings are small integers, so many sums fit side by side into one word: a
// drawn unit costs five additions for forty sums. They are taken out before one
// could run over into its neighbour. Where weights or filled cells are no
// integers, or a unit has very many rows, the same is done in plain numbers.
type kernel struct {
	c       *Cube
	missing MissingPolicy
	k       int // items
	units   int
	uses    []feature
	at      [features]int // where the sums of a feature begin: those of uses, zeros, and n if it is always the same
	n       float64       // the n of every item, if it is always the same
	exact   bool          // sums are integers and no product of two rounds: ties are decided exactly

	width int       // bits of a sum; 0: plain numbers
	room  int       // draws until a sum could run over
	lanes [][]lanes // block × unit
	plain []float64 // unit × sum
}

// lanes are forty sums of 8 bits or twenty of 16: as many as stay in registers.
type lanes [5]uint64

// A feature is one of the sums; codes instead of values, so that none is negative.
type feature uint8

const (
	fN feature = iota
	fWant
	fHave
	fWantSq
	fWantHave
	fBelow
	fAbove
	fShort
	fWantN // of all who have this side
	fWantAll
	fHaveN
	fHaveAll
	features
)

func (m *method) features(o *Options) []feature {
	switch {
	case o.Missing == AvailableMeans || o.Missing == PairImportanceAll:
		return []feature{fN, fWant, fHave, fWantN, fWantAll, fHaveN, fHaveAll}
	case m.reads != nil:
		return append([]feature{fN}, m.reads...)
	}
	return []feature{fN, fWant, fHave}
}

// most is the largest value of one row.
func (f feature) most(levels int) int {
	switch f {
	case fWantSq, fWantHave:
		return levels * levels
	case fWant, fHave, fShort, fWantAll, fHaveAll:
		return levels
	}
	return 1
}

func newKernel(c *Cube, m *method, units []unit, o *Options) *kernel {
	k := &kernel{c: c, missing: o.Missing, k: len(c.frame.Items), units: len(units), uses: m.features(o)}
	integers := !c.frame.Weighted && o.Weights == nil && o.Missing.name != "person-mean"
	if integers && alike(units) {
		k.uses, k.n = k.uses[1:], float64(len(units)*len(units[0].rows))
	}
	zeros := len(k.uses) * k.k
	for f := range k.at {
		k.at[f] = zeros
	}
	k.at[fN] = zeros + k.k
	for i, f := range k.uses {
		k.at[f] = i * k.k
	}
	rows, most := 0, 1
	for _, u := range units {
		rows = max(rows, len(u.rows))
	}
	for _, f := range k.uses {
		most = max(most, rows*f.most(c.frame.Scale.Levels))
	}
	k.exact = integers && (o.Missing == Pairwise || o.Missing == Listwise) && most*len(units) < 1<<26
	if integers {
		k.setWidth(most)
	}
	k.fill(units, o)
	return k
}

// alike says that every pair is known and all units have as many rows.
func alike(units []unit) bool {
	for _, u := range units {
		if len(u.rows) != len(units[0].rows) {
			return false
		}
		for _, r := range u.rows {
			if !r.complete() {
				return false
			}
		}
	}
	return true
}

// setWidth leaves room for at least eight draws, or no sums side by side.
func (k *kernel) setWidth(most int) {
	for _, width := range []int{8, 16} {
		if room := (1<<width - 1) / most; room >= 8 {
			k.width, k.room = width, room
			return
		}
	}
}

func (k *kernel) fill(units []unit, o *Options) {
	sums := k.newSums()
	used := len(k.uses) * k.k
	if k.width == 0 {
		k.plain = make([]float64, 0, len(units)*used)
	} else {
		k.lanes = make([][]lanes, (used+k.perBlock()-1)/k.perBlock())
		for b := range k.lanes {
			k.lanes[b] = make([]lanes, len(units))
		}
	}
	var q []point
	for i, u := range units {
		clear(sums[:used])
		for _, r := range u.rows {
			q = k.c.values(r, o.Missing, q)
			w := k.c.rowWeight(r, o)
			for j, x := range q {
				for f, what := range k.uses {
					sums[f*k.k+j] += w * k.value(what, x)
				}
			}
		}
		if k.width == 0 {
			k.plain = append(k.plain, sums[:used]...)
			continue
		}
		for l, x := range sums[:used] {
			bit := l % k.perBlock() * k.width
			k.lanes[l/k.perBlock()][i][bit/64] |= uint64(x) << (bit % 64)
		}
	}
}

// perBlock is the number of sums in lanes.
func (k *kernel) perBlock() int { return len(lanes{}) * 64 / k.width }

func (k *kernel) value(f feature, x point) float64 {
	zero := float64(k.c.frame.Scale.First - 1) // the value of code 0
	w, h := x.want-zero, x.have-zero
	switch {
	case f == fWantN && x.hasWant || f == fHaveN && x.hasHave:
		return 1
	case f == fWantAll && x.hasWant:
		return w
	case f == fHaveAll && x.hasHave:
		return h
	case !x.hasWant || !x.hasHave:
		return 0
	}
	switch f {
	case fN:
		return 1
	case fWant:
		return w
	case fHave:
		return h
	case fWantSq:
		return w * w
	case fWantHave:
		return w * h
	case fShort:
		return max(0, w-h)
	case fBelow:
		return float64(below(sign(w - h)))
	case fAbove:
		return float64(below(sign(h - w)))
	}
	return 0
}

// newSums has a place for every sum, and for those that are always the same.
func (k *kernel) newSums() []float64 {
	used := len(k.uses) * k.k
	out := make([]float64, used+2*k.k)
	for j := range k.k {
		out[used+k.k+j] = k.n
	}
	return out
}

// add sums up the units that were drawn.
func (k *kernel) add(drawn, counts []uint32, sums []float64) {
	sums = sums[:len(k.uses)*k.k]
	if k.width == 0 {
		k.addPlain(drawn, counts, sums)
		return
	}
	for b, of := range k.lanes {
		var total laneSums
		for from := 0; from < len(drawn); from += k.room {
			part := addLanes(of, drawn[from:min(from+k.room, len(drawn))])
			total.add(&part, k.width)
		}
		for l := range sums[b*k.perBlock() : min(len(sums), (b+1)*k.perBlock())] {
			sums[b*k.perBlock()+l] = float64(total[l])
		}
	}
}

// addLanes is not inlined so that its words stay in registers.
//
//go:noinline
func addLanes(of []lanes, drawn []uint32) lanes {
	var a, b, c, d, e uint64
	for _, u := range drawn {
		v := &of[u]
		a += v[0]
		b += v[1]
		c += v[2]
		d += v[3]
		e += v[4]
	}
	return lanes{a, b, c, d, e}
}

// laneSums are the sums of lanes apart; the first twenty if they have 16 bits.
type laneSums [len(lanes{}) * 8]uint64

func (s *laneSums) add(from *lanes, width int) {
	if width == 16 {
		for w, x := range from {
			to := (*[4]uint64)(s[4*w:])
			to[0] += x & 0xFFFF
			to[1] += x >> 16 & 0xFFFF
			to[2] += x >> 32 & 0xFFFF
			to[3] += x >> 48
		}
		return
	}
	for w, x := range from {
		to := (*[8]uint64)(s[8*w:])
		to[0] += x & 0xFF
		to[1] += x >> 8 & 0xFF
		to[2] += x >> 16 & 0xFF
		to[3] += x >> 24 & 0xFF
		to[4] += x >> 32 & 0xFF
		to[5] += x >> 40 & 0xFF
		to[6] += x >> 48 & 0xFF
		to[7] += x >> 56
	}
}

// addPlain adds the units in their own order, because sums of fractions depend on it.
func (k *kernel) addPlain(drawn, counts []uint32, sums []float64) {
	clear(counts)
	clear(sums)
	for _, u := range drawn {
		counts[u]++
	}
	for i, c := range counts {
		if c == 0 {
			continue
		}
		x, v := float64(c), k.plain[i*len(sums):(i+1)*len(sums)]
		for l, y := range v {
			sums[l] += x * y
		}
	}
}

// itemSums brings the sums of every item back from codes to values.
func (k *kernel) itemSums(of []float64, into []sums) {
	col := func(f feature) []float64 { return of[k.at[f]:][:len(into)] }
	zero := float64(k.c.frame.Scale.First - 1)
	n, want, have, below, above, short := col(fN), col(fWant), col(fHave), col(fBelow), col(fAbove), col(fShort)
	wantSq, wantHave := col(fWantSq), col(fWantHave)
	for j := range into {
		s := &into[j]
		s.n, s.want, s.have = n[j], want[j]+zero*n[j], have[j]+zero*n[j]
		s.below, s.above, s.short = below[j], above[j], short[j]
		// Σ want·D = Σ code·D + zero·ΣD, and only the methods that read it have the squares.
		s.wantD = wantSq[j] - wantHave[j] + zero*(want[j]-have[j])
	}
	if k.missing != AvailableMeans && k.missing != PairImportanceAll {
		return
	}
	wantN, wantAll, haveN, haveAll := col(fWantN), col(fWantAll), col(fHaveN), col(fHaveAll)
	for j := range into {
		s, all := &into[j], wantAll[j]/wantN[j]+zero
		switch {
		case k.missing == AvailableMeans && (wantN[j] == 0 || haveN[j] == 0), k.missing == PairImportanceAll && s.n == 0:
			*s = sums{}
		case k.missing == AvailableMeans:
			*s = sums{n: 1, want: all, have: haveAll[j]/haveN[j] + zero}
		default:
			*s = sums{n: 1, want: all, have: all - (s.want-s.have)/s.n}
		}
	}
}
