package needs_test

import (
	"bytes"
	"fmt"
)

// generator makes synthetic ratings from hashes, after the specification beside
// ../shared/bench/needs: integers only, the same bytes on every machine.
type generator struct {
	people, items, sources, segments, missing, na int
	key                                           [14]uint64
	source                                        []string
	baseP, baseI                                  []int64
}

const (
	ability = iota
	unitFX
	specific
	raterP
	raterI
	noiseP
	noiseI
	state
	straight
	baseP
	baseI
	position
)

const (
	golden = 0x9E3779B97F4A7C15
	sd     = 37837
)

func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

func deviate(h uint64) int64 {
	return int64(h&0xFFFF) + int64(h>>16&0xFFFF) + int64(h>>32&0xFFFF) + int64(h>>48) - 131070
}

func newGenerator(people, items, sources, segments, missing, na int) *generator {
	g := &generator{people: people, items: items, sources: sources, segments: segments, missing: missing, na: na}
	seed := uint64(20240501)
	for s := range g.key {
		g.key[s] = mix(seed*golden + uint64(s) + 1)
	}
	g.source = append([]string{}, []string{"self", "supervisor"}[:min(2, sources)]...)
	for i := 1; i < sources-1; i++ {
		g.source = append(g.source, fmt.Sprint("peer", i))
	}
	for c := range items {
		g.baseP = append(g.baseP, 3*deviate(g.h(baseP, c, 0))-sd)
		g.baseI = append(g.baseI, 3*deviate(g.h(baseI, c, 0))+6*sd)
	}
	return g
}

func (g *generator) h(stream, a, b int) uint64 {
	return mix(mix(g.key[stream]+uint64(a)*golden) + uint64(b)*golden)
}

func (g *generator) unit(p int) int { return g.segments * p * p / (g.people * g.people) }

func level5(latent, step int64) byte {
	l := byte(1)
	for k := int64(1); k < 5; k++ {
		if 2*latent > (2*k-5)*step {
			l++
		}
	}
	return l
}

// cell is one pair as characters; 0 is nothing.
func (g *generator) cell(p, s, c int) (imp, perf byte) {
	st := g.h(state, p, s*g.items+c)
	of := c
	if g.h(straight, p, s)%1000 < 30 {
		of = 0
	}
	wr, wn, bias := int64(5), int64(5), int64(0)
	if s == 0 {
		wr, wn, bias = 7, 7, 3*sd
	}
	truth := 5*deviate(g.h(ability, p, 0)) + 5*deviate(g.h(specific, p, of)) + 2*deviate(g.h(unitFX, g.unit(p), of))
	perf = '0' + level5(g.baseP[of]+truth+wr*deviate(g.h(raterP, p, s))+wn*deviate(g.h(noiseP, p, s*g.items+of))+bias, 12*sd)
	imp = '0' + level5(g.baseI[c]+4*deviate(g.h(raterI, p, s))+5*deviate(g.h(noiseI, p, s*g.items+c)), 8*sd)
	u := int(st % 1000)
	switch {
	case u < g.missing:
		perf = 0
	case u < g.missing+g.na:
		imp, perf = '-', '-'
	case u < g.missing+g.na+20 && s > 0:
		perf = '?'
	}
	if imp != '-' && int(st>>32%1000) < g.missing/2 {
		imp = 0
	}
	return imp, perf
}

func (g *generator) write(b *bytes.Buffer) {
	b.WriteString("person,unit,position")
	for _, s := range g.source {
		for c := range g.items {
			fmt.Fprintf(b, ",%s_c%02d_i,%s_c%02d_p", s, c+1, s, c+1)
		}
	}
	b.WriteByte('\n')
	for p := range g.people {
		h := g.h(position, p, 0)
		fmt.Fprintf(b, "S%08d,U%04d,J%02d", p+1, g.unit(p)+1, min(h%12, h>>20%12, h>>40%12)+1)
		for s := range g.sources {
			for c := range g.items {
				i, v := g.cell(p, s, c)
				for _, x := range [2]byte{i, v} {
					b.WriteByte(',')
					if x != 0 {
						b.WriteByte(x)
					}
				}
			}
		}
		b.WriteByte('\n')
	}
}
