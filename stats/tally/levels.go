package tally

// Levels counts cells. The zero value is empty and of undeclared [Shape].
// It is not safe for concurrent use: count in one per goroutine, then Merge.
type Levels struct {
	shape Shape
	total uint64
	n     [16]uint64
}

// NewLevels returns an empty table for a scale.
func NewLevels(s Shape) (*Levels, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	return &Levels{shape: s}, nil
}

// Shape is the declared scale.
func (l *Levels) Shape() Shape { return l.shape }

// Total is the number of observations, whatever their cell.
func (l *Levels) Total() uint64 { return l.total }

// Count is the number of observations of a cell.
func (l *Levels) Count(c Cell) uint64 {
	if c > NotObserved {
		return 0
	}
	return l.n[c]
}

// Add counts one cell.
func (l *Levels) Add(c Cell) error { return l.AddN(c, 1) }

// AddN counts a cell n times, as a row of a GROUP BY does.
func (l *Levels) AddN(c Cell, n uint64) error {
	if err := l.shape.checkCell(c); err != nil {
		return err
	}
	if err := room(l.total, n); err != nil {
		return err
	}
	l.n[c&15] += n
	l.total += n
	return nil
}

// AddColumn counts a column of cells. On an error, which names the row,
// nothing is counted.
func (l *Levels) AddColumn(cells []Cell) error {
	if err := room(l.total, uint64(len(cells))); err != nil {
		return err
	}
	var n [16]uint64
	for row, c := range cells {
		if !l.shape.Holds(c) {
			return atRow(row, l.shape.checkCell(c))
		}
		n[c&15]++
	}
	for c, k := range n {
		l.n[c] += k
	}
	l.total += uint64(len(cells))
	return nil
}

// LevelSums are exact sums over the observed levels, in values of the scale.
type LevelSums struct {
	N     int64 `json:"n"` // observations that are levels
	Sum   int64 `json:"sum"`
	SumSq int64 `json:"sum_sq"`
}

// Sums gives the sums over all observations that are levels.
func (l *Levels) Sums() LevelSums {
	var s LevelSums
	for c := Cell(1); c <= MaxLevels; c++ {
		v, _ := l.shape.Value(c)
		n, x := int64(l.n[c]), int64(v)
		s.N += n
		s.Sum += n * x
		s.SumSq += n * x * x
	}
	return s
}

// Merge adds the counts of another table, which it leaves as it is. Tables of
// different scales are refused with [bangkom.ErrShape].
func (l *Levels) Merge(o *Levels) error {
	shape, err := common(l.shape, l.total, o.shape, o.total)
	if err != nil {
		return err
	}
	if err := room(l.total, o.total); err != nil {
		return err
	}
	l.shape = shape
	l.total += o.total
	for c, k := range o.n {
		l.n[c] += k
	}
	return nil
}

// Clone returns a copy that shares nothing.
func (l *Levels) Clone() *Levels {
	c := *l
	return &c
}

// AppendBinary appends the versioned binary form: equal tables have equal bytes.
func (l *Levels) AppendBinary(b []byte) ([]byte, error) {
	b = appendHead(b, levelsV1, l.shape)
	for c := range l.shape.cells() {
		b = appendCount(b, l.n[c])
	}
	return b, nil
}

// UnmarshalBinary replaces the table by what AppendBinary wrote. On an error
// the table stays as it was.
func (l *Levels) UnmarshalBinary(data []byte) error {
	d, err := readHead(data, levelsV1)
	if err != nil {
		return err
	}
	fresh := Levels{shape: d.shape}
	for c := range d.shape.cells() {
		fresh.n[c] = d.count()
	}
	if err := d.close(); err != nil {
		return err
	}
	fresh.total = d.total
	*l = fresh
	return nil
}
