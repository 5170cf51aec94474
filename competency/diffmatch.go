package competency

import (
	"slices"
)

// match finds the competencies of the old edition again.
func (c *comparison) match() {
	taken := make([]bool, len(c.sources))
	take := func(i int32, by FoundBy, to ...int32) {
		c.targets[i], c.by[i] = to, by
		for _, j := range to {
			taken[j] = true
			c.sources[j] = append(c.sources[j], i)
		}
	}
	replaced := c.replacements()
	for i := range int32(len(c.targets)) {
		if to := replaced[i]; len(to) > 0 && c.first(c.old, i) {
			take(i, ByReplacement, to...)
		}
	}
	for i := range int32(len(c.targets)) {
		if c.targets[i] == nil && c.first(c.old, i) {
			if j, ok := c.new.number(c.old.at(i).ID); ok {
				take(i, ByID, j)
			}
		}
	}
	c.declared(ExactMatchOf, true, func(i, j int32, a *Association) {
		if c.targets[i] == nil && !taken[j] && c.first(c.old, i) {
			take(i, ByExactMatch, j)
			c.agreed[i] = a.Review == Accepted
		}
	})
	c.matchBy(taken, take, ByCode, func(x *Competency) []string {
		if x.Code == "" {
			return nil
		}
		return []string{x.Code}
	})
	c.matchBy(taken, take, ByTitle, func(x *Competency) []string {
		var keys []string
		for tag, s := range x.Title {
			if s = spelling(s); s != "" {
				keys = append(keys, tagKey(tag)+"="+s)
			}
		}
		slices.Sort(keys)
		return keys
	})
	for j := range c.sources {
		slices.Sort(c.sources[j])
	}
}

// first reports whether a competency is the one that its id stands for.
func (c *comparison) first(s *side, i int32) bool {
	n, ok := s.number(s.at(i).ID)
	return ok && n == i
}

// matchBy matches by keys that one competency of a kind has on either side.
func (c *comparison) matchBy(taken []bool, take func(int32, FoundBy, ...int32), by FoundBy, keys func(*Competency) []string) {
	type owner struct{ i, n int32 }
	owners := func(s *side, free func(int32) bool) map[string]owner {
		all := map[string]owner{}
		for i := range int32(len(s.f.Competencies)) {
			x := s.at(i)
			if x.ID == "" || !free(i) || !c.first(s, i) {
				continue
			}
			for _, k := range keys(x) {
				k = string(x.Kind) + "\x00" + k
				all[k] = owner{i, all[k].n + 1}
			}
		}
		return all
	}
	before := owners(c.old, func(i int32) bool { return c.targets[i] == nil })
	after := owners(c.new, func(j int32) bool { return !taken[j] })
	for i := range int32(len(c.targets)) {
		x := c.old.at(i)
		if c.targets[i] != nil {
			continue
		}
		for _, k := range keys(x) {
			k = string(x.Kind) + "\x00" + k
			o, a := before[k], after[k]
			if o.n == 1 && o.i == i && a.n == 1 && !taken[a.i] {
				take(i, by, a.i)
				break
			}
		}
	}
}

// replacements lists what took the place of each old competency, followed to the end.
func (c *comparison) replacements() map[int32][]int32 {
	history := map[[2]CompetencyID]bool{}
	for k := range c.old.f.Associations {
		if a := &c.old.f.Associations[k]; a.Type == ReplacedBy {
			history[[2]CompetencyID{same(a.From), same(a.To.ID)}] = true
		}
	}
	next := map[CompetencyID][]int32{} // within the new edition
	for k := range c.new.f.Associations {
		a := &c.new.f.Associations[k]
		if j, ok := c.new.number(a.To.ID); ok && a.Type == ReplacedBy && a.Review != Rejected && c.here(c.new, a.To) && same(a.From) != same(a.To.ID) {
			next[same(a.From)] = append(next[same(a.From)], j)
		}
	}
	all, listed := map[int32][]int32{}, map[[2]int32]bool{}
	c.declared(ReplacedBy, false, func(i, j int32, _ *Association) {
		x, y := c.old.at(i).ID, c.new.at(j).ID
		if _, known := c.old.number(y); known && history[[2]CompetencyID{same(x), same(y)}] {
			return
		}
		seen := map[int32]bool{}
		for queue := []int32{j}; len(queue) > 0; queue = queue[1:] {
			u := queue[0]
			if seen[u] {
				continue
			}
			seen[u] = true
			if further := next[same(c.new.at(u).ID)]; len(further) > 0 {
				queue = append(queue, further...)
				continue
			}
			if key := [2]int32{i, u}; !listed[key] {
				listed[key] = true
				all[i] = append(all[i], u)
			}
		}
	})
	for i := range all {
		slices.Sort(all[i])
	}
	return all
}

// here reports whether a reference is meant for a framework.
func (c *comparison) here(s *side, r Ref) bool {
	return r.Framework == "" || r.Framework == s.f.ID
}

// declared yields the links of one type between an old and a new competency:
// of the crosswalk, of the old edition and of the new one, where links that
// are symmetric may start at either.
func (c *comparison) declared(t Relation, symmetric bool, yield func(i, j int32, a *Association)) {
	try := func(from, to *side, a *Association, swap bool) {
		if a.Type != t || a.Review == Rejected {
			return
		}
		u, ok := from.number(a.From)
		if !ok {
			return
		}
		v, ok := to.resolve(a.To)
		if !ok {
			return
		}
		if swap {
			u, v = v, u
		}
		yield(u, v, a)
	}
	if x := c.opt.Crosswalk; x != nil {
		for k := range x.Links {
			try(c.old, c.new, &x.Links[k], false)
		}
	}
	for k := range c.old.f.Associations { // an end in its own edition is not meant for the other
		if a := &c.old.f.Associations[k]; !t.within(c.old, a) {
			try(c.old, c.new, a, false)
		}
	}
	for k := range c.new.f.Associations {
		a := &c.new.f.Associations[k]
		if !symmetric { // from what the old edition had, which the new one may have kept with its end
			try(c.old, c.new, a, false)
		} else if !t.within(c.new, a) {
			try(c.new, c.old, a, true)
		}
	}
}

// within reports whether both ends of an association lie in its own edition.
func (t Relation) within(s *side, a *Association) bool {
	_, ok := s.number(a.To.ID)
	return ok && (a.To.Framework == "" || a.To.Framework == s.f.ID)
}

// resolve finds what a reference from the other edition means here.
func (s *side) resolve(r Ref) (int32, bool) {
	if r.Framework != "" && r.Framework != s.f.ID {
		return 0, false
	}
	if i, ok := s.number(r.ID); ok {
		return i, true
	}
	if r.URI == "" {
		return 0, false
	}
	if s.byURI == nil {
		s.byURI = make(map[string]int32, len(s.f.Competencies))
		for i := range s.f.Competencies {
			if _, taken := s.byURI[s.at(int32(i)).URI]; !taken {
				s.byURI[s.at(int32(i)).URI] = int32(i)
			}
		}
	}
	i, ok := s.byURI[r.URI]
	return i, ok
}
