package competency

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
)

// A builder makes a workforce and gathers what is wrong with its parts.
type builder struct {
	w        *Workforce
	problems bangkom.Problems
}

func newBuilder(f *Framework) *builder {
	if f == nil {
		f = &Framework{}
	}
	f = f.Clone()
	w := &Workforce{framework: f, names: newNames(f)}
	for i := range f.Competencies {
		set := anyLevel
		if s, ok := f.scale(&f.Competencies[i]); ok {
			set = setOf(s.Levels)
		}
		w.levels = append(w.levels, set)
	}
	return &builder{w: w}
}

func (b *builder) fail(code, where, value, msg, need string) {
	b.problems.Add(bangkom.Problem{Code: code, Where: where, Value: value, Msg: msg, Need: need})
}

// repeated reports entries without an id of their own.
func (b *builder) repeated(kind string, id string, place int32) {
	if id == "" {
		b.fail("empty-id", fmt.Sprintf("%s[%d]", kind, place), "", "an entry without an id", "give it an id")
		return
	}
	b.fail("duplicate-id", fmt.Sprintf("%s[%d]", kind, place), id, "the id is taken by an earlier entry, which was kept", "give each entry an id of its own")
}

func (b *builder) addPositions(positions []Position) {
	order, repeated := sortedByID(positions, func(p *Position) PositionID { return p.ID })
	for _, i := range repeated {
		b.repeated("positions", string(positions[i].ID), i)
	}
	b.w.positionByID = make(map[PositionID]int32, len(order))
	for n, i := range order {
		p := positions[i]
		p.Requirements = nil
		codes := b.requirements(&p, positions[i].Requirements)
		b.w.positions = append(b.w.positions, &p)
		b.w.positionByID[p.ID] = int32(n)
		b.w.requirements = append(b.w.requirements, codes)
	}
}

// requirements gives p its good requirements and returns the numbers of their competencies.
func (b *builder) requirements(p *Position, given []Requirement) []int32 {
	var codes []int32
	for k, r := range given {
		where := fmt.Sprintf("positions/%s/requirements[%d]", p.ID, k)
		c, ok := b.w.names.byID[r.Competency]
		if !ok {
			b.fail("unknown-competency", where, string(r.Competency), "the competency is not in the framework", "add it, or correct the id")
			continue
		}
		if slices.Contains(codes, c) {
			b.fail("duplicate-requirement", where, string(r.Competency), "the position already asks for this competency; the first was kept", "state one level")
			continue
		}
		if faults := checkRequirement(&r, &b.w.levels[c], where); len(faults) > 0 {
			b.problems = append(b.problems, faults...)
			continue
		}
		if d := b.w.framework.Competencies[c].Levels; len(d) > 0 && !slices.ContainsFunc(d, func(d Descriptor) bool { return d.Level == r.Level }) {
			b.fail("level-not-offered", where+"/level", fmt.Sprint(r.Level), fmt.Sprintf("%s has no such level: nobody can meet it", r.Competency), "ask for a level that it has, or describe this one")
			continue
		}
		if r.Criticality == 0 {
			r.Criticality = 1
		}
		p.Requirements = append(p.Requirements, r)
		codes = append(codes, c)
	}
	return codes
}

// checkRequirement reports what makes a requirement useless.
func checkRequirement(r *Requirement, scale *levelSet, where string) bangkom.Problems {
	var ps bangkom.Problems
	if !scale.has(r.Level) {
		ps.Add(levelOffScale(where+"/level", r.Level))
	}
	if !(r.Weight > 0) || math.IsInf(r.Weight, 0) {
		ps.Add(weightNotPositive(where+"/weight", r.Weight))
	}
	if !(r.Criticality >= 0) || math.IsInf(r.Criticality, 0) {
		ps.Add(criticalityNotPositive(where+"/criticality", r.Criticality))
	}
	if r.N < 0 || !(r.SE >= 0) || math.IsInf(r.SE, 0) {
		ps.Add(bangkom.Problem{Code: "panel", Where: where, Value: fmt.Sprintf("n %d, se %v", r.N, r.SE), Msg: "size and standard error of a panel cannot be negative", Need: "leave them out if there was no panel"})
	}
	return ps
}

func levelOffScale(where string, l Level) bangkom.Problem {
	return bangkom.Problem{Code: "level-off-scale", Where: where, Value: fmt.Sprint(l), Msg: "the level is not on the scale of the competency", Need: "use a level of the scale"}
}

func weightNotPositive(where string, w float64) bangkom.Problem {
	return bangkom.Problem{Code: "weight-not-positive", Where: where, Value: fmt.Sprint(w), Msg: "a weight is missing or not above zero", Need: "state a weight above zero; 1 for all if they weigh the same"}
}

func criticalityNotPositive(where string, c float64) bangkom.Problem {
	return bangkom.Problem{Code: "criticality-not-positive", Where: where, Value: fmt.Sprint(c), Msg: "a criticality is not above zero", Need: "1 is ordinary; leave it out for that"}
}

// addUnits returns the places of the kept units in the argument, by id.
func (b *builder) addUnits(units []Unit) []int32 {
	order, repeated := sortedByID(units, func(u *Unit) UnitID { return u.ID })
	for _, i := range repeated {
		b.repeated("units", string(units[i].ID), i)
	}
	w := b.w
	w.unitByID = make(map[UnitID]int32, len(order))
	for n, i := range order {
		w.units = append(w.units, units[i])
		w.unitByID[units[i].ID] = int32(n)
	}
	parent := make([]int32, len(order))
	lost := missing{code: "unknown-unit", kind: "unit"}
	for n := range w.units {
		u := &w.units[n]
		p, ok := w.unitByID[u.Parent]
		if !ok {
			p = unset
		}
		if !ok && u.Parent != "" {
			lost.add(string(u.Parent), fmt.Sprintf("units/%s/parent", u.ID))
		}
		parent[n] = p
	}
	lost.report(&b.problems)
	b.problems = append(b.problems, openCircles(parent,
		func(u int32) string { return string(w.units[u].ID) },
		func(u int32) string { return fmt.Sprintf("units/%s/parent", w.units[u].ID) })...)
	for n, p := range parent {
		w.units[n].Parent = w.unitID(p)
	}
	w.forest = newForest(parent)
	return order
}

func (b *builder) addPeople(people []Person) {
	order, repeated := sortedByID(people, func(p *Person) PersonID { return p.ID })
	for _, i := range repeated {
		b.repeated("people", string(people[i].ID), i)
	}
	w := b.w
	n := len(order)
	w.ids = collect(n, func(i int) string { return string(people[order[i]].ID) })
	w.people = collect(n, func(i int) string { return people[order[i]].Name })
	w.byID = newFinder(&w.ids)
	w.unitOf, w.positionOf, w.targetOf, w.statusOf = make([]int32, n), make([]int32, n), make([]int32, n), make([]int32, n)

	units := missing{code: "unknown-unit", kind: "unit"}
	positions := missing{code: "unknown-position", kind: "position"}
	statuses := map[string]int32{}
	for i, at := range order {
		p := &people[at]
		w.unitOf[i] = refer(w.unitByID, p.Unit, &units, p.ID, "unit")
		w.positionOf[i] = refer(w.positionByID, p.Position, &positions, p.ID, "position")
		w.targetOf[i] = refer(w.positionByID, p.Target, &positions, p.ID, "target")
		s, ok := statuses[p.Status]
		if !ok {
			s = int32(len(statuses))
			statuses[p.Status] = s
			w.statuses = append(w.statuses, p.Status)
		}
		w.statusOf[i] = s
	}
	units.report(&b.problems)
	positions.report(&b.problems)
}

// refer returns the number that a person's reference stands for, or unset.
func refer[ID ~string](byID map[ID]int32, id ID, lost *missing, person PersonID, field string) int32 {
	if i, ok := byID[id]; ok {
		return i
	}
	if id != "" {
		lost.add(string(id), fmt.Sprintf("people/%s/%s", person, field))
	}
	return unset
}

// addHeads needs the people to be there.
func (b *builder) addHeads(units []Unit, order []int32) {
	w := b.w
	w.headOfUnit = slices.Repeat([]int32{unset}, len(w.units))
	w.headed = map[int32][]int32{}
	lost := missing{code: "unknown-person", kind: "person"}
	for n, at := range order {
		head := units[at].Head
		if head == "" {
			continue
		}
		i, ok := w.byID.find(string(head))
		if !ok {
			lost.add(string(head), fmt.Sprintf("units/%s/head", w.units[n].ID))
			w.units[n].Head = ""
			continue
		}
		w.headOfUnit[n] = i
		w.headed[i] = append(w.headed[i], int32(n))
	}
	lost.report(&b.problems)
	for _, headed := range w.headed {
		slices.SortFunc(headed, func(u, v int32) int {
			return cmp.Or(cmp.Compare(w.forest.depth[u], w.forest.depth[v]), cmp.Compare(u, v))
		})
	}
}
