package competency

import (
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
)

// names finds the competencies of a framework by what files call them.
type names struct {
	byID     map[CompetencyID]int32
	spelling map[string][]int32 // competencies of a spelling, each once, in the framework's order
	f        *Framework
}

// newNames indexes a framework. Of several competencies with one id the first counts.
func newNames(f *Framework) *names {
	n := &names{byID: numbers(f), spelling: make(map[string][]int32, 2*len(f.Competencies)), f: f}
	for i := range f.Competencies {
		c := &f.Competencies[i]
		if c.ID == "" || n.byID[c.ID] != int32(i) {
			continue
		}
		for _, s := range c.spellings() {
			n.add(s, int32(i))
		}
	}
	return n
}

func (n *names) add(s string, i int32) {
	key := spelling(s)
	if key != "" && !slices.Contains(n.spelling[key], i) {
		n.spelling[key] = append(n.spelling[key], i)
	}
}

// shared lists the spellings of several competencies.
func (n *names) shared() map[string][]int32 {
	all := map[string][]int32{}
	for s, found := range n.spelling {
		if len(found) > 1 {
			all[s] = found
		}
	}
	return all
}

// spellings are the texts by which files name a competency.
func (c *Competency) spellings() []string {
	all := []string{string(c.ID), c.Code}
	for _, lang := range c.Title.languages() {
		all = append(all, c.Title[lang])
	}
	return append(all, c.Also...)
}

// resolve returns the number of the competency that a name stands for.
func (n *names) resolve(name string) (int32, *bangkom.Problem) {
	if i, ok := n.byID[CompetencyID(strings.TrimSpace(name))]; ok {
		return i, nil
	}
	switch found := n.spelling[spelling(name)]; len(found) {
	case 0:
		return 0, &bangkom.Problem{
			Code: "unknown-competency", Value: name, Msg: "no competency of the framework has this name",
			Need: "use an id, code or title of the framework, or add the spelling to it",
		}
	case 1:
		return found[0], nil
	default:
		var ids []string
		for _, i := range found {
			ids = append(ids, string(n.f.Competencies[i].ID))
		}
		return 0, &bangkom.Problem{
			Code: "ambiguous-name", Value: name, Msg: "the name stands for several competencies: " + strings.Join(ids, ", "),
			Need: "use the id",
		}
	}
}
