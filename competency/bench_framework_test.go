package competency_test

import (
	"fmt"
	"testing"

	. "github.com/bangkom/bangkom/competency"
)

// country is a framework of the shape of the largest public ones: a hierarchy
// where a third of the nodes has two parents, and eight links a node.
func country(nodes, edges int) *Framework {
	r := random(7)
	f := &Framework{ID: "large", Scales: []Scale{{ID: "s", Levels: levels(1, 5)}}}
	id := func(i int) CompetencyID {
		return CompetencyID(fmt.Sprintf("https://example.org/skill/%08x", i*2654435761%(1<<32)))
	}
	words := make([]string, 3000)
	for i := range words {
		words[i] = fmt.Sprintf("kata%d", i)
	}
	for i := range nodes {
		c := Competency{ID: id(i), Code: fmt.Sprintf("S%d", i), Kind: Technical, Title: Text{"id": fmt.Sprintf("Mengelola %s dan %s %d", words[r.IntN(3000)], words[r.IntN(3000)], i)}}
		var text []byte
		for range 15 {
			text = append(append(text, words[r.IntN(3000)]...), ' ')
		}
		c.Description = Text{"id": string(text)}
		if i > 0 {
			c.Parent = id((i - 1) / 8)
		}
		f.Competencies = append(f.Competencies, c)
	}
	for k := range edges - nodes + 1 {
		switch k % 20 {
		case 0: // a second parent further up
			i := 1 + r.IntN(nodes-1)
			f.Associations = append(f.Associations, Association{Type: ChildOf, From: id(i), To: Ref{ID: id(r.IntN(i))}})
		case 1:
			i := 1 + r.IntN(nodes-1)
			f.Associations = append(f.Associations, link(Precedes, id(r.IntN(i)), id(i)))
		default:
			f.Associations = append(f.Associations, link(RelatedTo, id(r.IntN(nodes)), id(r.IntN(nodes))))
		}
	}
	return f
}

// Time grows with the size: each row has twice the nodes and edges of the one before.
func BenchmarkFramework(b *testing.B) {
	for _, nodes := range []int{3_750, 7_500, 15_000, 30_000} {
		f := country(nodes, nodes*29/3)
		b.Run(fmt.Sprintf("index/%d", nodes), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f.Index()
			}
		})
		b.Run(fmt.Sprintf("validate/%d", nodes), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f.Validate()
			}
		})
	}
}

func BenchmarkSearch(b *testing.B) {
	x := country(15_000, 145_000).Index()
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			x.Framework().Index().Search("kata7 kata8", 10)
		}
	})
	x.Search("kata", 1)
	for _, q := range []string{"kata7 kata8", "mengelola kata12"} {
		b.Run(q, func(b *testing.B) {
			for b.Loop() {
				x.Search(q, 10)
			}
		})
	}
	b.Run("ancestors", func(b *testing.B) {
		id := x.Framework().Competencies[14_999].ID
		for b.Loop() {
			x.Ancestors(id)
		}
	})
}
