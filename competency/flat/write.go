package flat

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/table"
)

// Write writes a row for each role and requirement, under the first of each
// column's names, or those of the options; without any it is refused. The losses name what a flat table has
// no place for; a requirement of what is not in the framework is refused.
func Write(w io.Writer, t *Table, opt *Options) (losses bangkom.Problems, err error) {
	var o Options
	if opt != nil {
		o = *opt
	}
	wr := writer{o: o, lost: map[string]int{}, at: map[competency.CompetencyID]int{}, used: map[int]bool{}}
	if t != nil {
		wr.positions = t.Positions
	}
	if wr.f = (&competency.Framework{}); t != nil && t.Framework != nil {
		wr.f = t.Framework
	}
	wr.lang = cmp.Or(o.Language, first(wr.f))
	for i := range wr.f.Competencies {
		if _, taken := wr.at[wr.f.Competencies[i].ID]; !taken {
			wr.at[wr.f.Competencies[i].ID] = i
		}
	}
	wr.write()
	if len(wr.rows) == 1 && len(wr.f.Competencies) > 0 {
		wr.fail("no-role", "positions", "no role asks for anything: the table would have no row", "give positions with requirements, or write another format")
	}
	if err := wr.problems.Err(); err != nil {
		return wr.problems.Only(bangkom.Warning), err
	}
	wr.losses()
	out := csv.NewWriter(w)
	err = out.WriteAll(wr.rows)
	return wr.problems, err
}

func first(f *competency.Framework) string {
	var tags []string
	for tag := range f.Title {
		tags = append(tags, tag)
	}
	if tags == nil && len(f.Competencies) > 0 {
		for tag := range f.Competencies[0].Title {
			tags = append(tags, tag)
		}
	}
	slices.Sort(tags)
	return strings.Join(tags[:min(1, len(tags))], "")
}

type writer struct {
	o         Options
	f         *competency.Framework
	positions []competency.Position
	lang      string
	at        map[competency.CompetencyID]int
	used      map[int]bool
	extra     []string
	rows      [][]string
	problems  bangkom.Problems
	lost      map[string]int
}

func (wr *writer) write() {
	wr.extra = wr.names()
	var head []string
	for _, c := range wr.o.schema() {
		head = append(head, c.Names[0])
	}
	wr.rows = append(wr.rows, append(head, wr.extra...))
	seen := map[competency.PositionID]bool{}
	for i := range wr.positions {
		p := &wr.positions[i]
		if p.ID == "" || seen[p.ID] {
			wr.fail("duplicate-id", "positions/"+string(p.ID), "a role without an id of its own", "give each an id")
		}
		seen[p.ID] = true
		if len(p.Requirements) == 0 {
			wr.lost["position without requirements"]++
		}
		for k := range p.Requirements {
			wr.requirement(p, &p.Requirements[k], fmt.Sprintf("positions/%s/requirements[%d]", p.ID, k))
		}
	}
}

func (wr *writer) fail(code, where, msg, need string) {
	wr.problems.Add(bangkom.Problem{Code: code, Where: where, Msg: msg, Need: need})
}

// names are the other columns, those of roles and those of parts.
func (wr *writer) names() []string {
	all := map[string]bool{}
	add := func(e competency.Extra) {
		for k := range e {
			if name, ok := strings.CutPrefix(k, space); ok {
				all[name] = true
			}
		}
	}
	for i := range wr.positions {
		add(wr.positions[i].Extra)
	}
	for i := range wr.f.Competencies {
		add(wr.f.Competencies[i].Extra)
	}
	var names []string
	for k := range all {
		if !slices.ContainsFunc(wr.o.schema(), func(c table.Column) bool {
			return slices.ContainsFunc(append(c.Names, c.Key), func(n string) bool { return table.Normalize(n) == table.Normalize(k) })
		}) {
			names = append(names, k)
		} else {
			wr.lost["column "+k+", whose name is another's"]++
		}
	}
	slices.Sort(names)
	return names
}

func (wr *writer) requirement(p *competency.Position, r *competency.Requirement, where string) {
	i, ok := wr.at[r.Competency]
	if !ok {
		wr.fail("unknown-competency", where, "the competency "+string(r.Competency)+" is not in the framework", "add it, or correct the id")
		return
	}
	cells := map[string]string{"role": p.Title, "role_id": string(p.ID), "level": strconv.Itoa(int(r.Level)), "weight": decimal(r.Weight)}
	if m := bracketed.FindStringSubmatch(p.Title); m != nil && m[2] == string(p.ID) {
		wr.lost["role whose title ends with its id in brackets"]++
	}
	if cells["role"] == "" {
		cells["role"] = string(p.ID)
		wr.lost["role without a title: the id stands in"]++
	}
	if r.Criticality != 0 && r.Criticality != 1 {
		cells["criticality"] = decimal(r.Criticality)
	}
	if r.N != 0 || r.SE != 0 || r.LowPrecision {
		wr.lost["requirement.n, se, low_precision"]++
	}
	chain := wr.chain(i)
	storeys := wr.storeys(chain)
	if wr.o.Competencies && slices.Contains(storeys, "statement") && slices.Contains(storeys, "competency") {
		wr.lost["statement that is asked for itself: the row reads as one of its competency"]++
	}
	for k, key := range storeys {
		c := &wr.f.Competencies[chain[k]]
		wr.used[chain[k]] = true
		cells[key] = c.Title.In(wr.lang)
		if c.Code != "" || c.ID != made(storeyKinds[key], cells[key]) {
			cells[key+"_id"] = string(c.ID)
		}
		if key == "statement" && c.Kind != Statement {
			cells["kind"] = string(c.Kind)
		}
	}
	var row []string
	for _, c := range wr.o.schema() {
		row = append(row, cells[c.Key])
	}
	for _, name := range wr.extra {
		var v string
		for _, e := range []competency.Extra{wr.f.Competencies[i].Extra, p.Extra} {
			if raw := e[space+name]; raw != nil && json.Unmarshal(raw, &v) != nil {
				v = string(raw)
			}
		}
		row = append(row, v)
	}
	wr.rows = append(wr.rows, row)
}

var storeyKinds = map[string]competency.Kind{"group": Group, "competency": Whole, "statement": Statement}

func decimal(v float64) string {
	if v == 0 {
		return ""
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// chain lists a part and what it stands below, the part first, three at most.
func (wr *writer) chain(i int) []int {
	chain := []int{i}
	for len(chain) < 3 {
		up, ok := wr.at[wr.f.Competencies[i].Parent]
		if !ok || slices.Contains(chain, up) {
			return chain
		}
		chain, i = append(chain, up), up
	}
	if wr.f.Competencies[i].Parent != "" {
		wr.lost["storeys of the tree above the third"]++
	}
	return chain
}

// storeys names what each of a chain is in a table.
func (wr *writer) storeys(chain []int) []string {
	of := wr.f.Competencies[chain[0]].Kind
	switch {
	case len(chain) == 3:
		return []string{"statement", "competency", "group"}
	case len(chain) == 2 && of != Whole && wr.f.Competencies[chain[1]].Kind != Group:
		return []string{"statement", "competency"}
	case len(chain) == 2 && of != Whole:
		return []string{"statement", "group"}
	case len(chain) == 2:
		return []string{"competency", "group"}
	case of != Whole && of != Group:
		return []string{"statement"}
	}
	return []string{"competency"}
}

// losses counts what is in no row, or only in part.
func (wr *writer) losses() {
	f := wr.f
	for i := range f.Competencies {
		c := &f.Competencies[i]
		if !wr.used[i] {
			wr.lost["competency that no role asks for"]++
			continue
		}
		other := false
		for k := range c.Extra {
			other = other || !strings.HasPrefix(k, space)
		}
		for what, is := range map[string]bool{
			"competency.description": len(c.Description) > 0, "competency.levels": len(c.Levels) > 0, "competency.also": len(c.Also) > 0, "competency.uri": c.URI != "",
			"competency.code": c.Code != "" && c.Code != string(c.ID), "competency.validity": !c.ValidFrom.IsZero() || !c.ValidUntil.IsZero(),
			"competency in other languages": len(c.Title) > 1, "competency.extra": other,
		} {
			if is {
				wr.lost[what]++
			}
		}
	}
	for i := range f.Associations {
		wr.lost["association "+string(f.Associations[i].Type)]++
	}
	for what, is := range map[string]bool{
		"framework.id, title, version and status": f.ID != "" || len(f.Title) > 0, "scale: only its levels' numbers": len(f.Scales) > 0,
	} {
		if is {
			wr.lost[what]++
		}
	}
	var keys []string
	for k := range wr.lost {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		wr.problems.Add(bangkom.Problem{Code: "lost", Severity: bangkom.Warning, Where: k, Value: strconv.Itoa(wr.lost[k]), Msg: "a flat table has no place for it; it was left out"})
	}
}
