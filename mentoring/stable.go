package mentoring

import "slices"

// menteesPropose is deferred acceptance: each mentee asks down the own list; a
// mentor keeps the best that places allow, and sends the rest on.
func menteesPropose(p *Pairs, seed uint64) []int32 {
	lists := newLists(p.start, nil, orderKeys(p, seed, 0))
	theirs := orderKeys(p, seed, 1)
	mate := alone(len(p.mentees))
	held := make([]queue, len(p.mentors)) // of each mentor, the worst on top
	for i := range p.mentees {
		for k := int32(i); k >= 0; {
			e, ok := lists.pop(k)
			if !ok {
				break
			}
			j := p.mentor[e]
			q := &held[j]
			switch {
			case len(*q) < p.mentors[j].Places:
				q.push(e, theirs)
				mate[k], k = e, -1
			case len(*q) > 0 && theirs.better(e, (*q)[0]):
				out := p.left[(*q)[0]]
				(*q)[0] = e
				q.sift(0, theirs)
				mate[k], mate[out] = e, -1
				k = out // who lost the place asks on
			}
		}
	}
	return mate
}

// mentorsPropose is the same from the other side: each mentor with free places
// asks down the own list; a mentee keeps the best offer.
func mentorsPropose(p *Pairs, seed uint64) []int32 {
	start, items := p.byMentor()
	lists := newLists(start, items, orderKeys(p, seed, 1))
	theirs := orderKeys(p, seed, 0)
	mate := alone(len(p.mentees))
	load := make([]int, len(p.mentors))
	todo := make([]int32, 0, len(p.mentors))
	for j := len(p.mentors) - 1; j >= 0; j-- {
		todo = append(todo, int32(j))
	}
	for len(todo) > 0 {
		j := todo[len(todo)-1]
		e, more := int32(0), load[j] < p.mentors[j].Places
		if more {
			e, more = lists.pop(j)
		}
		if !more {
			todo = todo[:len(todo)-1]
			continue
		}
		i := p.left[e]
		old := mate[i]
		if old >= 0 && !theirs.better(e, old) {
			continue
		}
		mate[i] = e
		load[j]++
		if old >= 0 {
			load[p.mentor[old]]--
			todo = append(todo, p.mentor[old])
		}
	}
	return mate
}

func alone(n int) []int32 { return slices.Repeat([]int32{-1}, n) }

// byMentor lists the pairs of each mentor.
func (p *Pairs) byMentor() (start, items []int32) {
	start = make([]int32, len(p.mentors)+1)
	for _, j := range p.mentor {
		start[j+1]++
	}
	for j := range p.mentors {
		start[j+1] += start[j]
	}
	at := slices.Clone(start)
	items = make([]int32, len(p.mentor))
	for e, j := range p.mentor {
		items[at[j]] = int32(e)
		at[j]++
	}
	return start, items
}

// lists give each person's pairs, the best first. Few of a list are ever asked
// for, so it is a heap from the first question on, and never sorted.
type lists struct {
	start, size []int32 // size -1: not asked yet
	items       []int32
	keys        *keys
}

// newLists takes items nil as all pairs by mentee.
func newLists(start, items []int32, k *keys) *lists {
	if items == nil {
		items = make([]int32, start[len(start)-1])
		for e := range items {
			items[e] = int32(e)
		}
	}
	own := *k
	own.reverse = true // the best on top
	return &lists{start, alone(len(start) - 1), items, &own}
}

func (l *lists) pop(k int32) (int32, bool) {
	all := queue(l.items[l.start[k]:l.start[k+1]])
	if l.size[k] < 0 {
		for at := len(all)/2 - 1; at >= 0; at-- {
			all.sift(at, l.keys)
		}
		l.size[k] = int32(len(all))
	}
	n := l.size[k]
	if n == 0 {
		return 0, false
	}
	top := all[0]
	all[0] = all[n-1]
	rest := all[:n-1]
	rest.sift(0, l.keys)
	l.size[k] = n - 1
	return top, true
}

// keys order the pairs of one person: liked better first, then the higher
// score, then the partner's id, or its place in an order drawn from the seed.
type keys struct {
	likes, score []int64
	partner      []int32
	seed         uint64
	reverse      bool // better is worse
}

// orderKeys are those of side 0, the mentees, or 1, the mentors.
func orderKeys(p *Pairs, seed uint64, side int) *keys {
	if side == 0 {
		return &keys{p.likes[0], p.score, p.mentor, seed, false}
	}
	return &keys{p.likes[1], p.score, p.left, seed, false}
}

// better is a strict order: the partners of two pairs of one person differ.
func (k *keys) better(a, b int32) bool {
	if x, y := k.likes[a], k.likes[b]; x != y {
		return x > y != k.reverse
	}
	return k.tie(a, b) != k.reverse
}

func (k *keys) tie(a, b int32) bool {
	if x, y := k.score[a], k.score[b]; x != y {
		return x > y
	}
	if k.seed != 0 {
		if x, y := mix(k.seed, k.partner[a]), mix(k.seed, k.partner[b]); x != y {
			return x < y
		}
	}
	return k.partner[a] < k.partner[b]
}

// mix is the finaliser of splitmix64 (Steele, Lea, Flood 2014) on a counter.
func mix(seed uint64, k int32) uint64 {
	z := seed + uint64(k+1)*0x9E3779B97F4A7C15
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// queue is a heap of pairs, the worst on top.
type queue []int32

func (q *queue) push(e int32, keys *keys) {
	h := append(*q, e)
	k := len(h) - 1
	for k > 0 && keys.better(h[(k-1)/2], h[k]) {
		h[k], h[(k-1)/2] = h[(k-1)/2], h[k]
		k = (k - 1) / 2
	}
	*q = h
}

// sift brings the pair at k down to its place.
func (q queue) sift(k int, keys *keys) {
	for {
		c := 2*k + 1
		if c >= len(q) {
			return
		}
		if c+1 < len(q) && keys.better(q[c], q[c+1]) {
			c++
		}
		if !keys.better(q[k], q[c]) {
			return
		}
		q[k], q[c] = q[c], q[k]
		k = c
	}
}
