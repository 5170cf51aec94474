package mentoring

// heaviest finds a heaviest matching of scores + bonus by shortest augmenting
// paths with prices, one mentee after the other.
//
// Prices u of mentees and v of a mentor's place keep three things true all the
// way: u + v ≥ weight for every pair, with equality for matched ones; v > 0
// only where all places are taken; u > 0 only for mentees who are matched (among
// those that had their turn). At the end that is the certificate.
func heaviest(p *Pairs, bonus int64) ([]int32, Certificate) {
	s := newPaths(p, bonus)
	for i := range p.mentees {
		s.insert(int32(i))
	}
	return s.mate, Certificate{bonus, s.u, s.v}
}

// paths is the state of the search.
type paths struct {
	p     *Pairs
	bonus int64
	u, v  []int64
	mate  []int32 // of each mentee: its pair, or -1

	seat []int32 // of each mentor: where its mentees begin in held
	load []int32
	room []int32 // places that can be used: no more than there are pairs
	held []int32
	slot []int32 // of each mentee: its place in held

	// of the present search
	round  int32
	seen   []int32 // the round in which dist and from of a mentor were set
	done   []int32 // the round in which a mentor was scanned
	dist   []int64
	from   []int32 // the pair by which a mentor was reached
	heap   []reached
	rights []int32 // mentors scanned, whose prices change
}

type reached struct {
	dist   int64
	mentor int32
}

// target is where a path may end: at a free place of a mentor, or at a mentee
// who gives the own mentor up.
type target struct {
	dist   int64
	mentor int32 // -1: it ends at the mentee
	mentee int32
}

func newPaths(p *Pairs, bonus int64) *paths {
	n, m := len(p.mentees), len(p.mentors)
	s := &paths{p: p, bonus: bonus,
		u: make([]int64, n), v: make([]int64, m), mate: make([]int32, n), slot: make([]int32, n),
		seat: make([]int32, m+1), load: make([]int32, m), room: make([]int32, m),
		seen: make([]int32, m), done: make([]int32, m), dist: make([]int64, m), from: make([]int32, m)}
	for i := range s.mate {
		s.mate[i] = -1
	}
	for _, j := range p.mentor {
		s.room[j]++
	}
	for j := range s.room {
		s.room[j] = int32(min(int(s.room[j]), p.mentors[j].Places))
		s.seat[j+1] = s.seat[j] + s.room[j]
	}
	s.held = make([]int32, s.seat[m])
	return s
}

// insert gives a mentee its turn.
func (s *paths) insert(i int32) {
	p := s.p
	best, at := int64(0), int32(-1)
	for e := p.start[i]; e < p.start[i+1]; e++ {
		j := p.mentor[e]
		if s.room[j] == 0 { // a mentor who offers none: its price is what keeps everybody away
			s.v[j] = max(s.v[j], p.score[e]+s.bonus)
			continue
		}
		gain := p.score[e] + s.bonus - s.v[j]
		if gain > best || gain == best && at >= 0 && s.full(p.mentor[at]) && !s.full(j) {
			best, at = gain, e
		}
	}
	s.u[i] = best
	switch {
	case at < 0: // every place costs at least what it is worth to i
	case !s.full(p.mentor[at]):
		s.take(i, at)
	default:
		s.search(i)
	}
}

func (s *paths) full(j int32) bool { return s.load[j] == s.room[j] }

// take seats a mentee at a free place.
func (s *paths) take(i, e int32) {
	j := s.p.mentor[e]
	slot := s.seat[j] + s.load[j]
	s.load[j]++
	s.held[slot], s.slot[i], s.mate[i] = i, slot, e
}

// search finds the cheapest way to seat i, changes the prices and moves people.
func (s *paths) search(i int32) {
	s.round++
	s.heap, s.rights = s.heap[:0], s.rights[:0]
	end := target{dist: s.u[i], mentor: -1, mentee: i} // i itself stays alone
	s.scan(i, 0, &end)
	for len(s.heap) > 0 {
		next := s.pop()
		if next.dist >= end.dist {
			break
		}
		j := next.mentor
		if s.done[j] == s.round {
			continue
		}
		s.done[j] = s.round
		s.rights = append(s.rights, j)
		for _, k := range s.held[s.seat[j] : s.seat[j]+s.load[j]] {
			if next.dist+s.u[k] < end.dist {
				end = target{next.dist + s.u[k], -1, k}
			}
			s.scan(k, next.dist, &end)
		}
	}
	s.reprice(i, end.dist)
	s.move(i, end)
}

// scan looks at the pairs of a mentee who is reached at a distance.
func (s *paths) scan(k int32, dist int64, end *target) {
	p := s.p
	base := dist + s.u[k] - s.bonus
	for e := p.start[k]; e < p.start[k+1]; e++ {
		j := p.mentor[e]
		d := base + s.v[j] - p.score[e]
		if d >= end.dist && (d > end.dist || end.mentor >= 0) || s.done[j] == s.round || s.room[j] == 0 {
			continue
		}
		if s.seen[j] == s.round && s.dist[j] <= d {
			continue
		}
		s.seen[j], s.dist[j], s.from[j] = s.round, d, e
		if !s.full(j) {
			*end = target{d, j, -1}
		} else if d < end.dist {
			s.push(reached{d, j})
		}
	}
}

// reprice makes the pairs of the path tight and keeps all others covered.
func (s *paths) reprice(i int32, dist int64) {
	s.u[i] -= dist
	for _, j := range s.rights {
		change := dist - s.dist[j]
		s.v[j] += change
		for _, k := range s.held[s.seat[j] : s.seat[j]+s.load[j]] {
			s.u[k] -= change
		}
	}
}

// move seats everybody along the path, from its end back to i.
func (s *paths) move(i int32, end target) {
	p := s.p
	j := end.mentor
	var slot int32
	switch {
	case j >= 0:
		slot = s.seat[j] + s.load[j]
		s.load[j]++
	case end.mentee == i:
		return
	default:
		j, slot = p.mentor[s.mate[end.mentee]], s.slot[end.mentee]
		s.mate[end.mentee] = -1
	}
	for {
		e := s.from[j]
		k := p.left[e]
		old, left := s.mate[k], s.slot[k]
		s.held[slot], s.slot[k], s.mate[k] = k, slot, e
		if k == i {
			return
		}
		j, slot = p.mentor[old], left
	}
}

// push and pop keep a binary heap by distance, then mentor.
func (s *paths) push(x reached) {
	h := append(s.heap, x)
	k := len(h) - 1
	for k > 0 {
		up := (k - 1) / 2
		if !x.less(h[up]) {
			break
		}
		h[k] = h[up]
		k = up
	}
	h[k] = x
	s.heap = h
}

func (s *paths) pop() reached {
	h := s.heap
	top, x := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	s.heap = h
	k := 0
	for {
		c := 2*k + 1
		if c >= len(h) {
			break
		}
		if c+1 < len(h) && h[c+1].less(h[c]) {
			c++
		}
		if !h[c].less(x) {
			break
		}
		h[k] = h[c]
		k = c
	}
	if len(h) > 0 {
		h[k] = x
	}
	return top
}

func (a reached) less(b reached) bool {
	return a.dist < b.dist || a.dist == b.dist && a.mentor < b.mentor
}
