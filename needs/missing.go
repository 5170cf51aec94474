package needs

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/stats/tally"
)

// A MissingPolicy says which cells a score rests on where some have no level.
// The zero value is Pairwise. There is no imputation by a model.
type MissingPolicy struct {
	name     string
	minShare float64
}

// The policies. Every result names its own.
var (
	// Pairwise takes, item by item, the people in whom both sides are known.
	Pairwise = MissingPolicy{}
	// Listwise takes the answers in which both sides of every item are known.
	// It needs rows, and warns if it loses more than a fifth of them.
	Listwise = MissingPolicy{name: "listwise"}
	// AvailableMeans takes the mean of all that is known of each side. The two
	// means are of different people: tests and scores of pairs refuse it.
	AvailableMeans = MissingPolicy{name: "available"}
	// PairImportanceAll takes the difference from pairs and the importance
	// from all who gave one. Only Borich and Locus are defined for it.
	PairImportanceAll = MissingPolicy{name: "pair-importance-all"}
)

// PersonMean puts the mean of a person's other answers of the same side where
// one is missing, if at least minShare of the items were answered (Dodeen 2003
// studies it). Only what is missing is filled, not what does not apply or was
// not observed. It needs rows, and its scores are not exact.
func PersonMean(minShare float64) MissingPolicy { return MissingPolicy{"person-mean", minShare} }

// String gives the policy's name: "pairwise", "person-mean(0.5)".
func (p MissingPolicy) String() string {
	switch p.name {
	case "":
		return "pairwise"
	case "person-mean":
		return fmt.Sprintf("person-mean(%s)", strconv.FormatFloat(p.minShare, 'g', -1, 64))
	}
	return p.name
}

// MarshalText writes the name.
func (p MissingPolicy) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what MarshalText wrote, and the short names "available"
// and "pairimportance".
func (p *MissingPolicy) UnmarshalText(text []byte) error {
	s := string(text)
	if share, ok := strings.CutPrefix(s, "person-mean("); ok {
		v, err := strconv.ParseFloat(strings.TrimSuffix(share, ")"), 64)
		if err == nil && 0 <= v && v <= 1 && strings.HasSuffix(s, ")") {
			*p = PersonMean(v)
			return nil
		}
	}
	if s == "pairimportance" {
		s = PairImportanceAll.name
	}
	for _, q := range []MissingPolicy{Pairwise, Listwise, AvailableMeans, PairImportanceAll} {
		if s == q.String() {
			*p = q
			return nil
		}
	}
	return bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "needs: Missing", Value: string(text), Msg: "no such policy",
		Need: "pairwise, listwise, available, pairimportance or person-mean(0.5)"}
}

// complete is the cube of the answers that have both sides of every item.
func (c *Cube) complete() (*Cube, error) {
	if err := c.needRows("listwise deletion"); err != nil {
		return nil, err
	}
	d := c.empty()
	d.notes = slices.Clone(c.notes)
	lost := 0
	for i := range c.rows.list {
		r := &c.rows.list[i]
		if r.complete() {
			if err := d.Add(r.answer(c)); err != nil {
				return nil, err // not reached: it was added before
			}
		} else {
			lost++
		}
	}
	if n := len(c.rows.list); 5*lost > n {
		d.notes.Add(bangkom.Problem{Code: "listwise-loss", Severity: bangkom.Warning, Value: fmt.Sprintf("%d of %d", lost, n),
			Msg: "more than a fifth of the answers were left out: " + c.rows.states(), Need: "pairwise, or fewer items"})
	}
	return d, nil
}

// needRows refuses what tables cannot answer.
func (c *Cube) needRows(what string) error {
	if !c.rows.lost {
		return nil
	}
	return bangkom.Problem{Code: "needs-rows", Msg: "needs: " + what + " asks who said what about several items, and no rows were kept",
		Need: "Frame.Rows at least as large as the number of pairs, and answers instead of counts"}
}

func (r *row) complete() bool {
	for i := range r.cells {
		if !r.want(i).IsLevel() || !r.have(i).IsLevel() {
			return false
		}
	}
	return true
}

func (r *row) answer(c *Cube) *Answer {
	a := &Answer{Person: r.person, visit: r.who, Segment: r.nodes, Weight: r.weight, Want: make([]tally.Cell, len(r.cells)), Have: make([]tally.Cell, len(r.cells))}
	if len(c.frame.Sources) > 0 {
		a.Source = c.frame.Sources[r.source]
	}
	for i := range r.cells {
		a.Want[i], a.Have[i] = r.want(i), r.have(i)
	}
	return a
}

// states counts the cells without a level, by their reason.
func (s *rowStore) states() string {
	var missing, na, unseen int
	for i := range s.list {
		for _, x := range s.list[i].cells {
			for _, c := range [2]tally.Cell{tally.Cell(x >> 4), tally.Cell(x & 15)} {
				switch c {
				case tally.Missing:
					missing++
				case tally.NotApplicable:
					na++
				case tally.NotObserved:
					unseen++
				}
			}
		}
	}
	return fmt.Sprintf("%d cells missing, %d not applicable, %d not observed", missing, na, unseen)
}

// values gives the two sides of a row as numbers, and says which are known,
// after the policy filled what it fills.
func (c *Cube) values(r *row, p MissingPolicy, into []point) []point {
	into = into[:0]
	for i := range r.cells {
		var q point
		if v, ok := c.frame.Scale.Value(r.want(i)); ok {
			q.want, q.hasWant = float64(v), true
		}
		if v, ok := c.frame.Scale.Value(r.have(i)); ok {
			q.have, q.hasHave = float64(v), true
		}
		into = append(into, q)
	}
	if p.name == "person-mean" {
		fill(r, into, p.minShare)
	}
	return into
}

func fill(r *row, q []point, minShare float64) {
	var nw, nh int
	var sw, sh float64
	for _, x := range q {
		if x.hasWant {
			nw++
			sw += x.want
		}
		if x.hasHave {
			nh++
			sh += x.have
		}
	}
	enough := func(n int) bool { return n > 0 && float64(n) >= minShare*float64(len(q)) }
	for i := range q {
		if r.want(i) == tally.Missing && enough(nw) {
			q[i].want, q[i].hasWant = sw/float64(nw), true
		}
		if r.have(i) == tally.Missing && enough(nh) {
			q[i].have, q[i].hasHave = sh/float64(nh), true
		}
	}
}
