package competency_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	. "github.com/bangkom/bangkom/competency"
)

// esco has the shape of ESCO 1.1.1, whose file may not be stored: 14,536 nodes,
// 20,649 edges, 4 roots, 4,646 nodes with several parents and one of them with
// 9, 11 nodes on the longest path, and 5,898 relations of two kinds.
func esco() *Framework {
	const nodes, several = 14_536, 4_646
	f := &Framework{ID: "esco"}
	id := func(i int) CompetencyID { return CompetencyID(fmt.Sprintf("http://example.org/skill/%05d", i)) }
	var storeys [12][]int
	depth := make([]int, nodes)
	left := 20_649 - (nodes - 4) - several - 7 // further edges beyond a second parent for each, and nine for one
	for i := range nodes {
		depth[i] = 1
		switch {
		case i < 4:
		case i < 14:
			depth[i] = i - 2 // a path of its own down to the eleventh
		default:
			depth[i] = 2 + i%9
		}
		c := Competency{ID: id(i), Title: Text{"en": fmt.Sprint("Skill ", i)}}
		if above := storeys[depth[i]-1]; depth[i] > 1 {
			c.Parent = id(above[i%len(above)])
			if n := i - (nodes - several); n >= 0 {
				further := 1
				if n == 0 {
					further = 8
				} else if left > 0 {
					further, left = 2, left-1
				}
				for k := range further {
					f.Associations = append(f.Associations, link(ChildOf, c.ID, id(above[(i+k+1)%len(above)])))
				}
			}
		}
		storeys[depth[i]] = append(storeys[depth[i]], i)
		f.Competencies = append(f.Competencies, c)
	}
	for i := range 5_898 {
		typ := Relation("ext:optional")
		if i < 191 {
			typ = "ext:essential"
		}
		f.Associations = append(f.Associations, link(typ, id(i), id(nodes-1-i)))
	}
	return f
}

func TestManyParentsOfTheSizeOfESCO(t *testing.T) {
	f := esco()
	require.NoError(t, f.Validate().Err())
	var stored bytes.Buffer // also as a file
	require.NoError(t, f.WriteJSON(&stored))
	f, ps := ReadFramework(&stored, "esco.json")
	require.NoError(t, ps.Err())
	x := f.Index()
	require.Len(t, f.Competencies, 14_536)
	require.Len(t, x.Roots(), 4)
	edges, several, most, relations := 0, 0, 0, map[Relation]int{}
	longest := map[CompetencyID]int{}
	var down func(CompetencyID) int
	down = func(c CompetencyID) int {
		if longest[c] == 0 {
			n := 0
			for _, child := range x.Children(c) {
				n = max(n, down(child))
			}
			longest[c] = n + 1
		}
		return longest[c]
	}
	deepest := 0
	for _, c := range f.Competencies {
		n := len(x.Parents(c.ID))
		edges, most, deepest = edges+n, max(most, n), max(deepest, down(c.ID))
		if n > 1 {
			several++
		}
		for _, typ := range []Relation{"ext:essential", "ext:optional"} {
			relations[typ] += len(x.From(c.ID, typ))
		}
	}
	require.Equal(t, []int{20_649, 4_646, 9, 11}, []int{edges, several, most, deepest})
	require.Equal(t, map[Relation]int{"ext:essential": 191, "ext:optional": 5_707}, relations)

	f.Associations = append(f.Associations, link(ChildOf, f.Competencies[0].ID, f.Competencies[13].ID)) // its eleventh
	require.True(t, f.Validate().Has("cycle"))
}

// Elsewhere level, confidence, decay and roll-up rules are declared and nothing
// is computed from them. Here every field of a rule and of a rating changes a
// result; a field that is added needs a case.
func TestNothingIsDeclaredWithoutEffect(t *testing.T) {
	base := func() (Rule, []Rating) {
		say := func(s Source, rater string, l Level, y int) Rating { return with(l, day(y, 1, 1), by(s, rater)) }
		return Rule{Aggregation: Mean, Raters: &Raters{}}, []Rating{say(Superior, "a", 5, 2021), say(Peer, "b", 2, 2022), say(Peer, "c", 3, 2023), say(Peer, "d", 4, 2024), say(Self, "1", 4, 2025)}
	}
	cases := map[string]func(*Rule, []Rating){
		"Rule.ID":             func(r *Rule, _ []Rating) { r.ID = "x" },
		"Rule.Version":        func(r *Rule, _ []Rating) { r.Version = "x" },
		"Rule.Aggregation":    func(r *Rule, _ []Rating) { r.Aggregation = Highest },
		"Rule.Sources":        func(r *Rule, _ []Rating) { r.Sources = [][]Source{{Superior}} },
		"Rule.ValidFor":       func(r *Rule, _ []Rating) { r.ValidFor = 3 },
		"Rule.KnownAt":        func(r *Rule, _ []Rating) { r.KnownAt = day(2023, 6, 1) },
		"Rule.Decay":          func(r *Rule, _ []Rating) { r.Decay = &Decay{Grace: 12, Every: 12} },
		"Rule.Trim":           func(r *Rule, _ []Rating) { r.Trim = 0.3 },
		"Rule.Nearest":        func(r *Rule, _ []Rating) { r.Nearest = true },
		"Rule.Raters":         func(r *Rule, _ []Rating) { r.Raters = nil },
		"Decay.Kinds":         func(r *Rule, _ []Rating) { r.Decay = &Decay{Grace: 12, Every: 12, Kinds: []EvidenceKind{Tested}} },
		"Decay.Grace":         func(r *Rule, _ []Rating) { r.Decay = &Decay{Grace: 24, Every: 12} },
		"Decay.Every":         func(r *Rule, _ []Rating) { r.Decay = &Decay{Grace: 12, Every: 24} },
		"Raters.Weights":      func(r *Rule, _ []Rating) { r.Raters.Weights = map[Source]float64{Superior: 1} },
		"Raters.Minimum":      func(r *Rule, _ []Rating) { r.Raters.Minimum = map[Source]int{Peer: 4} },
		"Raters.Self":         func(r *Rule, _ []Rating) { r.Raters.Self = SelfExcluded },
		"Raters.Disagreement": func(r *Rule, _ []Rating) { r.Raters.Disagreement = 1 },
		"Raters.Anonymity":    func(r *Rule, _ []Rating) { r.Raters.Anonymity = map[Source]int{Peer: 2} },
		"Rating.Person":       func(_ *Rule, x []Rating) { x[0].Person = "2" },
		"Rating.Competency":   func(_ *Rule, x []Rating) { x[0].Competency = "c-KJSM" },
		"Rating.Level":        func(_ *Rule, x []Rating) { x[0].Level = 1 },
		"Rating.Negative":     func(_ *Rule, x []Rating) { x[4].Negative = true },
		"Rating.Renewal":      func(_ *Rule, x []Rating) { x[0].Renewal = 12 },
		"Rating.Date":         func(_ *Rule, x []Rating) { x[0].Date = day(2027, 1, 1) },
		"Rating.Recorded":     func(_ *Rule, x []Rating) { x[0].Recorded = day(2027, 1, 1) },
		"Rating.ValidUntil":   func(_ *Rule, x []Rating) { x[0].ValidUntil = day(2022, 1, 1) },
		"Rating.Source":       func(_ *Rule, x []Rating) { x[0].Source = Peer },
		"Rating.Rater":        func(_ *Rule, x []Rating) { x[1].Rater = "c" },
		"Rating.Kind":         func(_ *Rule, x []Rating) { x[0].Kind = Tested },
		"Rating.Ref":          func(_ *Rule, x []Rating) { x[0].Ref = "7" },
		"Rating.Inherited":    func(_ *Rule, x []Rating) { x[0].Inherited = &Inherited{Plan: "p"} },
	}
	told := func(change func(*Rule, []Rating)) string {
		rule, ratings := base()
		change(&rule, ratings)
		w, ps := NewWorkforce(nine(), nil, nil, []Person{{ID: "1"}, {ID: "2"}})
		require.NoError(t, ps.Err())
		p, ps := Assess(w, ratings, day(2026, 6, 1), rule)
		require.NoError(t, ps.Err())
		x := p.Explain(ratings, "1", "c-INT")
		x.Rule = Rule{ID: x.Rule.ID, Version: x.Rule.Version} // as applied; not as it was given
		data, err := json.Marshal(x)
		require.NoError(t, err)
		return string(data)
	}
	plain := told(func(*Rule, []Rating) {})
	decayed := told(cases["Rule.Decay"])
	for _, v := range []any{Rule{}, Decay{}, Raters{}, Rating{}} {
		typ := reflect.TypeOf(v)
		for i := range typ.NumField() {
			name := typ.Name() + "." + typ.Field(i).Name
			require.Contains(t, cases, name)
			before := plain
			if typ.Name() == "Decay" {
				before = decayed
			}
			require.NotEqual(t, before, told(cases[name]), name)
		}
	}
}

// A source that asks for n raters has enough with n, and not with n - 1.
func TestEnoughRatersAreEnough(t *testing.T) {
	for need := range 6 {
		for have := 1; have < 6; have++ {
			var ratings []Rating
			for i := range have {
				ratings = append(ratings, with(3, day(2026, 1, 1), by(Peer, fmt.Sprint(i))))
			}
			rule := Rule{Aggregation: Median, Raters: &Raters{Minimum: map[Source]int{Peer: need}, Anonymity: map[Source]int{Peer: need}}}
			p, ps := Assess(one(t), ratings, day(2026, 6, 1), rule)
			require.NoError(t, ps.Err())
			require.Equal(t, have >= need, p.Attained(0, "c-INT").State == Assessed, "%d of %d", have, need)
			for _, e := range p.Explain(ratings, "1", "c-INT").Evidence {
				require.Equal(t, have < need, e.Hidden, "%d of %d", have, need)
			}
		}
	}
}

// No result depends on the day on which it is computed: nothing asks a clock.
func TestNobodyAsksTheClock(t *testing.T) {
	require.NoError(t, filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if x, ok := n.(*ast.SelectorExpr); ok {
				if of, ok := x.X.(*ast.Ident); ok && of.Name == "time" {
					require.NotContains(t, []string{"Now", "Since", "Until"}, x.Sel.Name, path)
				}
			}
			return true
		})
		return nil
	}))
}

// The profile of a past day stays what it was, whatever comes later.
func TestThePastStays(t *testing.T) {
	for seed := range uint64(200) {
		r := random(seed)
		w := one(t)
		ratings := randomEvidence(r, w, 20)
		asOf := day(2024, 1, 1)
		before, ps := Assess(w, ratings, asOf, Rule{ValidFor: 2})
		require.NoError(t, ps.Err())
		later := append([]Rating{}, ratings...)
		for _, x := range randomEvidence(r, w, 20) {
			x.Recorded = asOf.AddDays(1 + r.IntN(900))
			later = append(later, x)
		}
		after, ps := Assess(w, later, asOf, Rule{ValidFor: 2})
		require.NoError(t, ps.Err())
		for _, c := range nine().Competencies {
			require.Equal(t, before.Attained(0, c.ID), after.Attained(0, c.ID))
		}
	}
}
