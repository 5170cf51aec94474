package needs

import (
	"fmt"
	"iter"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/stats/tally"
)

// A Count is a row of a GROUP BY: how many people have a pair of cells.
//
//	SELECT unit, source, competency, want, have, COUNT(*) … GROUP BY 1, 2, 3, 4, 5
type Count struct {
	Segment    []string
	Source     competency.Source
	Item       competency.CompetencyID
	Want, Have tally.Cell
	N          uint64
}

// AddCounts adds pairs that were counted elsewhere, such as in a database: one
// pair per person, source and item, and all counts of a segment in one call. An
// item that is not in the frame is passed over. On an error nothing is counted.
//
// Counts forget who is behind them. So people are counted with the greatest
// overlap that is possible, the largest number of one item and source; and no
// rows are kept, so that ranks have no uncertainty.
func (c *Cube) AddCounts(counts iter.Seq2[Count, error]) error {
	if c.frame.Weighted {
		return bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "Frame.Weighted", Msg: "needs: a count has no weights of persons"}
	}
	more := c.empty()
	more.from = nil
	total := map[*leaf][]uint64{} // all cells of an item
	for k, err := range counts {
		if err != nil {
			return err
		}
		item, ok := c.items[k.Item]
		if !ok {
			continue
		}
		source, ok := c.frame.source(k.Source)
		if !ok || c.from != nil && !slices.Contains(c.from, k.Source) {
			return bangkom.Problem{Code: "unknown-source", Where: string(k.Item), Value: string(k.Source), Msg: "needs: a source that the cube does not have"}
		}
		if len(k.Segment) != len(c.trees) {
			return bangkom.Problem{Code: bangkom.ErrShape.Code, Where: string(k.Item), Value: fmt.Sprint(k.Segment), Msg: fmt.Sprintf("needs: the cube has %d dimensions", len(c.trees))}
		}
		l := more.leaf(more.nodesOf(k.Segment), source)
		if err := l.cells[item].class(1, c.frame.Scale).pairs.AddN(k.Want, k.Have, k.N); err != nil {
			p := bangkom.AsProblems(err, "count")[0]
			p.Where = string(k.Item)
			return p
		}
		if k.Want.IsLevel() && k.Have.IsLevel() {
			l.heads[item] += k.N
		}
		if total[l] == nil {
			total[l] = make([]uint64, len(c.frame.Items))
		}
		total[l][item] += k.N
	}
	more.leastPeople(total)
	more.rows.lose()
	more.from = c.from
	return c.Merge(more)
}

// leastPeople counts the people of each segment as if those of a smaller source
// were all among those of a larger one.
func (c *Cube) leastPeople(total map[*leaf][]uint64) {
	type source struct {
		bit sourceSet
		n   uint64
	}
	at := map[string][]source{}
	for _, key := range sortedKeys(c.leaves) {
		l := c.leaves[key]
		if n := slices.Max(total[l]); n > 0 {
			k := keyOf(l.nodes)
			at[k] = append(at[k], source{1 << l.source, n})
			c.place(l.nodes)
		}
	}
	for k, s := range at {
		slices.SortStableFunc(s, func(a, b source) int { return compareFloat(float64(a.n), float64(b.n)) })
		var all sourceSet
		for _, x := range s {
			all |= x.bit
		}
		below := uint64(0)
		for _, x := range s {
			if x.n > below {
				c.places[k].people[all] += x.n - below
				below = x.n
			}
			all &^= x.bit
		}
	}
}
