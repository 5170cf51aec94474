package caseio

import (
	"cmp"
	"slices"
	"strings"

	"github.com/bangkom/bangkom/competency"
)

// sortTree orders the competencies as a reader walks a tree: each before its
// children, siblings by sequence number, then by code as people count (L1.2
// before L1.10), then as the file has them. What lies in a circle comes last.
func sortTree(f *competency.Framework, sequence []int32) {
	order := walk(f, func(a, b int32) int {
		return cmp.Or(cmp.Compare(sequence[a], sequence[b]), byCode(f, a, b))
	})
	sorted := make([]competency.Competency, len(order))
	for i, at := range order {
		sorted[i] = f.Competencies[at]
	}
	if len(sorted) > 0 {
		f.Competencies = sorted
	}
}

// byCode compares siblings that no sequence number tells apart: those without a code last.
func byCode(f *competency.Framework, a, b int32) int {
	x, y := f.Competencies[a].Code, f.Competencies[b].Code
	if x == "" || y == "" {
		return strings.Compare(y, x) // an empty code is the lowest: put it last
	}
	return natural(x, y)
}

// walk returns the numbers of the competencies in the order of the tree of
// parents, siblings by compare and then by number. It does not recurse: a
// chain of a hundred thousand is legal.
func walk(f *competency.Framework, compare func(a, b int32) int) []int32 {
	n := len(f.Competencies)
	number := make(map[competency.CompetencyID]int32, n)
	for i := range f.Competencies {
		if _, taken := number[f.Competencies[i].ID]; !taken {
			number[f.Competencies[i].ID] = int32(i)
		}
	}
	children := make([][]int32, n+1)
	for i := range f.Competencies {
		p, ok := number[f.Competencies[i].Parent]
		if !ok || f.Competencies[i].Parent == "" {
			p = int32(n)
		}
		children[p] = append(children[p], int32(i))
	}
	for _, c := range children {
		if len(c) > 1 {
			slices.SortStableFunc(c, compare)
		}
	}
	order, done := make([]int32, 0, n), make([]bool, n)
	var stack []int32
	visit := func(list []int32) {
		for k := len(list) - 1; k >= 0; k-- {
			stack = append(stack, list[k])
		}
		for len(stack) > 0 {
			u := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if done[u] {
				continue
			}
			done[u] = true
			order = append(order, u)
			for k := len(children[u]) - 1; k >= 0; k-- {
				stack = append(stack, children[u][k])
			}
		}
	}
	visit(children[n])
	for i := range int32(n) {
		if !done[i] {
			visit([]int32{i})
		}
	}
	return order
}
