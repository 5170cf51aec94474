package needs

import (
	"fmt"
	"iter"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/stats/tally"
)

// GapCube counts everybody's gaps against the job held, or against the job to
// be held: two cubes, never one sum. It is [FrameOf], [NewCube] and
// [Cube.AddProfiles] in one step.
func GapCube(p *competency.Profiles, job competency.Job) (*Cube, error) {
	f, ps := FrameOf(p.Workforce(), job)
	if err := ps.Err(); err != nil {
		return nil, err
	}
	c, err := NewCube(f)
	if err != nil {
		return nil, err
	}
	c.notes = ps
	if err := c.AddProfiles(p); err != nil {
		return nil, err
	}
	return c, nil
}

// AddProfiles counts everybody's gaps against the frame's job, and the people
// who have no such job or whose job has no standard. On an error nothing is counted.
func (c *Cube) AddProfiles(p *competency.Profiles) error {
	w := p.Workforce()
	more := c.empty()
	if err := more.AddGaps(w, competency.Gaps(p, c.frame.Job)); err != nil {
		return err
	}
	for _, person := range w.People() {
		job := person.Position
		if c.frame.Job == competency.Target {
			job = person.Target
		}
		position, known := w.Position(job)
		if known && len(position.Requirements) > 0 {
			continue
		}
		at := more.place(more.nodesOf(more.segmentOf(person, job)))
		if known {
			at.noStandard++
		} else {
			at.noJob++
		}
	}
	return c.Merge(more)
}

// AddGaps counts gaps of people of a workforce, in any order; all gaps of one
// person in one call, so that people are counted once. The frame must want
// required levels, and its dimensions must be [ByUnit] or [ByPosition]. A gap
// in a competency that is not an item of the frame is passed over. On an
// error, such as a level off the scale, nothing is counted.
func (c *Cube) AddGaps(w *competency.Workforce, gaps iter.Seq[competency.Gap]) error {
	if err := c.takesGaps(); err != nil {
		return err
	}
	more := c.empty()
	seen := make([]bool, w.Len())
	kept := gapRows{items: len(c.frame.Items), byPerson: map[int]int{}}
	at, position, l, place := -1, competency.PositionID(""), (*leaf)(nil), (*place)(nil)
	for g := range gaps {
		item, ok := c.items[g.Required.Competency]
		if !ok {
			continue
		}
		if g.Person < 0 || g.Person >= len(seen) {
			return bangkom.Problem{Code: "unknown-person", Value: fmt.Sprint(g.Person), Msg: "needs: a gap of nobody in the workforce"}
		}
		if g.Person != at || g.Position != position {
			at, position = g.Person, g.Position
			nodes := more.nodesOf(more.segmentOf(w.At(g.Person), g.Position))
			l, place = more.leaf(nodes, 0), more.place(nodes)
		}
		want, have, err := l.addGap(item, g, c.frame.Scale)
		if err != nil {
			p := bangkom.AsProblems(err, "gap")[0]
			p.Where = fmt.Sprintf("%s/%s", w.At(g.Person).ID, g.Required.Competency)
			return p
		}
		if !seen[g.Person] {
			seen[g.Person] = true
			place.people[1]++
		}
		if want.IsLevel() && have.IsLevel() {
			l.heads[item]++
		}
		kept.put(&more.rows, g.Person, l.nodes, string(w.At(g.Person).ID), item, byte(want<<4|have))
	}
	return c.Merge(more)
}

// gapRows puts the gaps of one person together to a row.
type gapRows struct {
	items    int
	byPerson map[int]int // its row
}

func (k *gapRows) put(rows *rowStore, person int, nodes []string, id string, item int, cell byte) {
	if rows.lost {
		return
	}
	i, ok := k.byPerson[person]
	if !ok {
		i = len(rows.list)
		k.byPerson[person] = i
		cells := make([]byte, k.items)
		for j := range cells {
			cells[j] = byte(tally.NotApplicable<<4 | tally.NotApplicable)
		}
		rows.put(row{nodes: nodes, person: id, cells: cells})
	}
	if !rows.lost {
		rows.list[i].cells[item] = cell
	}
}

func (c *Cube) takesGaps() error {
	if c.frame.Want != Required {
		return bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "Frame.Want", Msg: "needs: gaps are against required levels, and the frame wants an importance", Need: "Want: needs.Required"}
	}
	if len(c.frame.Sources) > 0 || c.frame.Weighted {
		return bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "Frame.Sources", Msg: "needs: a gap rests on a profile, which joins its sources, and has no weight", Need: "a frame without sources and weights"}
	}
	for _, d := range c.frame.By {
		if d.Name != ByUnit && d.Name != ByPosition {
			return bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "Frame.By", Value: d.Name, Msg: "needs: a gap does not tell this dimension", Need: `"unit" or "position"`}
		}
	}
	return nil
}

// segmentOf is the node of a person in each dimension.
func (c *Cube) segmentOf(p competency.Person, job competency.PositionID) []string {
	segment := make([]string, len(c.frame.By))
	for k, d := range c.frame.By {
		if d.Name == ByUnit {
			segment[k] = string(p.Unit)
		} else {
			segment[k] = string(job)
		}
	}
	return segment
}

func (l *leaf) addGap(item int, g competency.Gap, scale tally.Shape) (want, have tally.Cell, err error) {
	criticality := g.Required.Criticality
	switch {
	case criticality == 0: // not given: ordinary
		criticality = 1
	case !usable(criticality):
		return 0, 0, bangkom.Problem{Code: "criticality", Value: fmt.Sprint(criticality), Msg: "needs: a criticality that is no positive number", Need: usableRange}
	}
	if want, err = levelCell(scale, g.Required.Level); err != nil {
		return 0, 0, err
	}
	have = tally.NotObserved
	switch g.State {
	case competency.Met, competency.Below:
		if have, err = levelCell(scale, g.Attained.Level); err != nil {
			return 0, 0, err
		}
	case competency.Expired, competency.NotAssessed:
	default:
		return 0, 0, bangkom.Problem{Code: "state", Value: fmt.Sprint(g.State), Msg: "needs: a gap that is neither met, below, not assessed nor expired"}
	}
	k := l.cells[item].class(criticality, scale)
	if g.State == competency.Expired {
		k.expired++
	}
	return want, have, k.pairs.Add(want, have)
}

func levelCell(scale tally.Shape, level competency.Level) (tally.Cell, error) {
	c, ok := scale.Cell(int(level))
	if !ok {
		return c, bangkom.Problem{Code: "level-off-scale", Value: fmt.Sprint(level), Msg: "needs: a level that is not on the scale " + scale.String()}
	}
	return c, nil
}
