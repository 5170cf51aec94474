package needs

import (
	"slices"

	"github.com/bangkom/bangkom/stats/tally"
)

// A row is one answer as it was given: what tables forget is who said what
// about several items. Resampling, listwise deletion and rank sets need it.
type row struct {
	nodes  []string
	source int
	person string
	who    *visit // rows of one person without a name share it
	weight float64
	cells  []byte // want << 4 | have, one per item; never changed
}

// A rowStore keeps rows up to a number of pairs. Above it all are given up:
// some of the rows would be a sample that nobody drew.
type rowStore struct {
	list  []row
	pairs int
	limit int
	lost  bool // pairs were counted that are not in the list
}

func newRowStore(limit int) rowStore {
	switch {
	case limit == 0:
		limit = defaultRows
	case limit < 0:
		limit = 0
	}
	return rowStore{limit: limit}
}

func (s *rowStore) add(a *Answer, nodes []string, source int) {
	if s.lost || s.pairs+len(a.Want) > s.limit {
		s.lose()
		return
	}
	cells := make([]byte, len(a.Want))
	for i := range cells {
		cells[i] = byte(a.Want[i]<<4 | a.Have[i])
	}
	s.put(row{nodes: nodes, source: source, person: a.Person, who: a.visit, weight: a.Weight, cells: cells})
}

func (s *rowStore) put(r row) {
	if s.lost || s.pairs+len(r.cells) > s.limit {
		s.lose()
		return
	}
	s.list = append(s.list, r)
	s.pairs += len(r.cells)
}

func (s *rowStore) lose() { s.list, s.pairs, s.lost = nil, 0, true }

func (s *rowStore) merge(o *rowStore) {
	if o.lost {
		s.lose()
		return
	}
	s.list = slices.Grow(s.list, len(o.list))
	for _, r := range o.list {
		s.put(r)
	}
}

func (s *rowStore) filter(keep func(*row) bool) rowStore {
	out := rowStore{limit: s.limit, lost: s.lost}
	for i := range s.list {
		if keep(&s.list[i]) {
			out.put(s.list[i])
		}
	}
	return out
}

func (r *row) want(i int) tally.Cell { return tally.Cell(r.cells[i] >> 4) }
func (r *row) have(i int) tally.Cell { return tally.Cell(r.cells[i] & 15) }
