package competency

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
)

// Validate reports everything that is wrong with the framework, in the order
// of its parts; the path of each problem starts with the framework's id.
//
// Errors: empty-id, duplicate-id, duplicate-code, dangling-reference (a scale
// or parent that is not there), cycle (of parents, with its path), no-levels,
// levels-not-ascending, level-off-scale (a description of a level that the
// scale does not have), validity-inverted. Warnings: no-title, and
// ambiguous-name where one spelling would mean several competencies: files
// that use it cannot be read.
func (f *Framework) Validate() bangkom.Problems {
	v := validation{f: f, names: newNames(f)}
	if f.ID == "" {
		v.fail("", "empty-id", "", "a framework without an id", "give it an id")
	}
	if !f.ValidUntil.IsZero() && f.ValidUntil.Before(f.ValidFrom) {
		v.fail("valid_until", "validity-inverted", f.ValidUntil.String(), "the framework ends before it begins, "+f.ValidFrom.String(), "correct one of the two days")
	}
	v.scales()
	v.competencies()
	v.parents()
	v.ambiguous()
	return v.problems
}

type validation struct {
	f        *Framework
	names    *names
	problems bangkom.Problems
}

// path puts the framework's id before the path of a part.
func (v *validation) path(part string) string {
	return strings.Trim(string(v.f.ID)+"/"+part, "/")
}

func (v *validation) fail(part, code, value, msg, need string) {
	v.problems.Add(bangkom.Problem{Code: code, Where: v.path(part), Value: value, Msg: msg, Need: need})
}

func (v *validation) warn(part, code, value, msg, need string) {
	v.problems.Add(bangkom.Problem{Code: code, Severity: bangkom.Warning, Where: v.path(part), Value: value, Msg: msg, Need: need})
}

func (v *validation) scales() {
	seen := map[ScaleID]bool{}
	for i, s := range v.f.Scales {
		where := fmt.Sprintf("scales[%d]", i)
		v.id(where, string(s.ID), seen[s.ID])
		seen[s.ID] = true
		if len(s.Levels) == 0 {
			v.fail(where, "no-levels", string(s.ID), "a scale without levels", "list its levels from low to high")
		}
		v.ascending(where, s.Levels)
	}
}

// id reports an id that is empty or taken.
func (v *validation) id(where, id string, taken bool) {
	switch {
	case id == "":
		v.fail(where+"/id", "empty-id", "", "an entry without an id", "give it an id")
	case taken:
		v.fail(where+"/id", "duplicate-id", id, "the id is taken by an earlier entry", "give each entry an id of its own")
	}
}

func (v *validation) ascending(where string, levels []Descriptor) {
	for k := 1; k < len(levels); k++ {
		if levels[k].Level <= levels[k-1].Level {
			v.fail(fmt.Sprintf("%s/levels[%d]", where, k), "levels-not-ascending", fmt.Sprint(levels[k].Level), "a level that does not rise above the one before", "order the levels from low to high, each once")
		}
	}
}

func (v *validation) competencies() {
	ids, codes := map[CompetencyID]bool{}, map[string]bool{}
	for i := range v.f.Competencies {
		c := &v.f.Competencies[i]
		where := fmt.Sprintf("competencies[%d]", i)
		v.id(where, string(c.ID), ids[c.ID])
		ids[c.ID] = true
		if c.Code != "" && codes[c.Code] {
			v.fail(where+"/code", "duplicate-code", c.Code, "the code is taken by an earlier competency", "give each competency a code of its own")
		}
		codes[c.Code] = true
		if c.Title.In("") == "" {
			v.warn(where+"/title", "no-title", string(c.ID), "a competency without a title", "give it a title in one language at least")
		}
		v.ascending(where, c.Levels)
		v.described(where, c)
	}
}

// described checks the competency's own levels against its scale.
func (v *validation) described(where string, c *Competency) {
	s, ok := v.f.scale(c)
	if !ok {
		v.fail(where+"/scale", "dangling-reference", string(c.Scale), "the competency has no scale of this framework: its levels cannot be checked", "name a scale of the framework")
		return
	}
	for k, d := range c.Levels {
		if !s.Has(d.Level) {
			v.problems.Add(levelOffScale(v.path(fmt.Sprintf("%s/levels[%d]", where, k)), d.Level))
		}
	}
}

func (v *validation) parents() {
	all := v.f.Competencies
	parent := make([]int32, len(all))
	for i := range all {
		p, ok := v.names.byID[all[i].Parent]
		if !ok {
			p = unset
		}
		if !ok && all[i].Parent != "" {
			v.fail(fmt.Sprintf("competencies[%d]/parent", i), "dangling-reference", string(all[i].Parent), "the parent is not in the framework", "add it, or correct the reference")
		}
		parent[i] = p
	}
	v.problems = append(v.problems, openCircles(parent,
		func(i int32) string { return string(all[i].ID) },
		func(i int32) string { return v.path(fmt.Sprintf("competencies[%d]/parent", i)) })...)
}

// ambiguous reports spellings that mean several competencies, each set once.
func (v *validation) ambiguous() {
	seen := map[string]bool{}
	for _, s := range slices.Sorted(maps.Keys(v.names.spelling)) {
		found := v.names.spelling[s]
		if len(found) < 2 {
			continue
		}
		var ids []string
		for _, i := range found {
			ids = append(ids, string(v.f.Competencies[i].ID))
		}
		if list := strings.Join(ids, ", "); !seen[list] {
			seen[list] = true
			v.warn("competencies", "ambiguous-name", s, "one spelling means several competencies: "+list, "tell their titles, codes and other spellings apart")
		}
	}
}
