package main

import (
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math"
	"math/big"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/text"
	"github.com/bangkom/bangkom/needs/mcdm"
	"github.com/bangkom/bangkom/table"
)

// matrixFlags are for the methods that rank alternatives by criteria.
type matrixFlags struct {
	files                                  []string
	weights, benefit, profile, table, norm string
	ri                                     string
	geoMean, incomplete                    bool
}

func (f *matrixFlags) define(fs *flag.FlagSet) {
	fs.Func("matrix", "matrix `file`; for ahp one for each judge", func(s string) error {
		f.files = append(f.files, s)
		return nil
	})
	fs.StringVar(&f.weights, "w", "", "`weights` of the criteria, with commas (default: all alike)")
	fs.StringVar(&f.benefit, "benefit", "", "`criteria` of which more is better, with commas (default: all)")
	fs.StringVar(&f.norm, "normalise", "", "none, sum, vector or minmax (default: sum for wsm, vector for topsis)")
	fs.StringVar(&f.ri, "ri", "saaty", "random index of ahp: saaty or ahpsurvey")
	fs.BoolVar(&f.geoMean, "geomean", false, "ahp by geometric means of rows instead of the eigenvector")
	fs.BoolVar(&f.incomplete, "incomplete", false, "ahp: an empty judgement is left out instead of an error")
	fs.StringVar(&f.profile, "profile", "", "`file` of the factors that a post requires")
	fs.StringVar(&f.table, "table", "", "`file` of the weight of each difference (default: 0 is 5, 1 is 4.5, -1 is 4, …)")
}

// A matrix is a file: a row for each label, a column for each name.
type matrix struct {
	labels, names []string
	rows          [][]float64 // NaN: empty
}

// matrixResult is what -json prints.
type matrixResult struct {
	Alternatives []string       `json:"alternatives,omitempty"`
	Criteria     []string       `json:"criteria"`
	Scores       *mcdm.Scores   `json:"scores,omitempty"`
	AHP          *mcdm.Weighing `json:"ahp,omitempty"`
	Profile      *mcdm.Profile  `json:"profile,omitempty"`
}

func (f *needsFlags) runMatrix(std streams) error {
	var all []*matrix
	for _, path := range f.matrix.files {
		m, err := readMatrix(path, std.in)
		if err != nil {
			return err
		}
		all = append(all, m)
	}
	m := all[0]
	if len(all) > 1 && f.method != "ahp" {
		return bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "-matrix", Value: fmt.Sprint(len(all)), Msg: "several matrices are for ahp"}
	}
	r := &matrixResult{Criteria: m.names, Alternatives: m.labels}
	var err error
	switch f.method {
	case "ahp":
		r.Alternatives = nil
		r.AHP, err = f.matrix.ahp(all)
	case "topsis", "wsm":
		r.Scores, err = f.matrix.scores(f.method, m)
	case "profile":
		r.Profile, err = f.matrix.match(m)
	default:
		err = bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "-method", Value: f.method, Msg: "of a matrix: ahp, topsis, wsm or profile"}
	}
	if err != nil {
		return err
	}
	if f.json {
		e := json.NewEncoder(std.out)
		e.SetIndent("", " ")
		return e.Encode(r)
	}
	return r.print(std.out, f.language)
}

func (f *matrixFlags) ahp(all []*matrix) (*mcdm.Weighing, error) {
	o := &mcdm.AHPOptions{GeoMean: f.geoMean, Incomplete: f.incomplete}
	switch f.ri {
	case mcdm.Saaty.Name:
		o.RI = mcdm.Saaty
	case mcdm.Ahpsurvey.Name:
		o.RI = mcdm.Ahpsurvey
	default:
		return nil, bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "-ri", Value: f.ri, Msg: "saaty or ahpsurvey"}
	}
	var judges [][][]float64
	for i, m := range all {
		if !slices.Equal(m.names, all[0].names) {
			return nil, bangkom.Problem{Code: bangkom.ErrShape.Code, Where: f.files[i], Msg: "other names, or in another order, than the first judge's"}
		}
		judges = append(judges, m.rows)
	}
	if len(judges) == 1 {
		return mcdm.AHP(judges[0], o)
	}
	return mcdm.AHPGroup(judges, o)
}

func (f *matrixFlags) scores(method string, m *matrix) (*mcdm.Scores, error) {
	var weights []float64
	for _, s := range splitList(f.weights) {
		w, err := number(s)
		if err != nil {
			return nil, bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "-w", Value: s, Msg: "no number"}
		}
		weights = append(weights, w)
	}
	var benefit []bool
	if f.benefit != "" {
		benefit = make([]bool, len(m.names))
		for _, s := range splitList(f.benefit) {
			k := slices.Index(m.names, s)
			if k < 0 {
				return nil, bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "-benefit", Value: s, Msg: "no such criterion"}
			}
			benefit[k] = true
		}
	}
	o := &mcdm.Options{Normalise: mcdm.Normalisation(f.norm)}
	if method == "topsis" {
		return mcdm.TOPSIS(m.columns(), weights, benefit, o)
	}
	return mcdm.WeightedSum(m.columns(), weights, benefit, o)
}

// columns is criterion × alternative.
func (m *matrix) columns() [][]float64 {
	out := make([][]float64, len(m.names))
	for _, r := range m.rows {
		for j, x := range r {
			out[j] = append(out[j], x)
		}
	}
	return out
}

// match compares candidates, a row each, with the factors of a post.
func (f *matrixFlags) match(m *matrix) (*mcdm.Profile, error) {
	if f.profile == "" {
		return nil, bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "-profile", Msg: "what does the post require?"}
	}
	aspects, order, err := readProfile(f.profile)
	if err != nil {
		return nil, err
	}
	columns := m.columns()
	var actual [][]float64
	for _, name := range order {
		k := slices.Index(m.names, name)
		if k < 0 {
			return nil, bangkom.Problem{Code: "missing-column", Where: f.files[0], Value: name, Msg: "no column for a factor of the profile"}
		}
		actual = append(actual, columns[k])
	}
	var gaps *mcdm.GapTable
	if f.table != "" {
		if gaps, err = readGapTable(f.table); err != nil {
			return nil, err
		}
	}
	return mcdm.ProfileMatch(actual, aspects, gaps)
}

// readRows reads a table in which every fault is an error.
func readRows(path string, s table.Schema, each func(*table.Row)) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	rd := table.Read(file, path, s, nil)
	for row := range rd.Rows() {
		each(row)
	}
	return rd.Problems().Err()
}

// readProfile reads factor,required,[core,aspect,weight,share]: the aspects, and
// the factors in their order.
func readProfile(path string) (aspects []mcdm.Aspect, order []string, err error) {
	err = readRows(path, table.Schema{{Key: "factor", Required: true}, {Key: "required", Required: true}, {Key: "core"}, {Key: "aspect"}, {Key: "weight"}, {Key: "share"}}, func(row *table.Row) {
		x := mcdm.Factor{Core: true}
		x.Name, _ = row.Required("factor")
		x.Required, _ = row.Int("required")
		if row.Has("core") {
			x.Core, _ = row.Bool("core")
		}
		name := row.Text("aspect")
		k := slices.IndexFunc(aspects, func(a mcdm.Aspect) bool { return a.Name == name })
		if k < 0 {
			k = len(aspects)
			aspects = append(aspects, mcdm.Aspect{Name: name, Weight: 1, Core: .6})
		}
		a := &aspects[k]
		a.Factors = append(a.Factors, x)
		if w, ok := row.Decimal("weight"); ok {
			a.Weight = w
		}
		if s, ok := row.Decimal("share"); ok {
			a.Core = s
		}
	})
	for _, a := range aspects {
		for _, x := range a.Factors {
			order = append(order, x.Name)
		}
	}
	return aspects, order, err
}

func readGapTable(path string) (*mcdm.GapTable, error) {
	t := &mcdm.GapTable{Source: path, Weight: map[int]float64{}}
	err := readRows(path, table.Schema{{Key: "gap", Required: true}, {Key: "weight", Required: true}}, func(row *table.Row) {
		gap, ok1 := row.Int("gap")
		w, ok2 := row.Decimal("weight")
		if ok1 && ok2 {
			t.Weight[gap] = w
		}
	})
	return t, err
}

// readMatrix reads a header of names and rows of numbers, with or without labels.
func readMatrix(path string, stdin io.Reader) (*matrix, error) {
	in := stdin
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		in = file
	}
	c := csv.NewReader(in)
	c.TrimLeadingSpace = true
	lines, err := c.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(lines) < 2 {
		return nil, bangkom.Problem{Code: "no-header", Where: path, Msg: "a header of names, then rows of numbers"}
	}
	m := &matrix{names: lines[0]}
	_, err = number(lines[1][0])
	labelled := err != nil && lines[1][0] != ""
	if labelled {
		m.names = m.names[1:]
	}
	var bad bangkom.Problems
	for i, line := range lines[1:] {
		if labelled {
			m.labels, line = append(m.labels, line[0]), line[1:]
		} else {
			m.labels = append(m.labels, strconv.Itoa(i+1))
		}
		var row []float64
		for j, s := range line {
			x, err := number(s)
			if err != nil {
				bad.Add(bangkom.Problem{Code: "not-a-number", Where: fmt.Sprintf("%s:%d:%s", path, i+2, m.names[j]), Value: s, Msg: "no decimal and no fraction"})
			}
			row = append(row, x)
		}
		m.rows = append(m.rows, row)
	}
	return m, bad.Err()
}

// number reads a decimal or a fraction; nothing is NaN.
func number(s string) (float64, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return math.NaN(), nil
	}
	if strings.Contains(s, "/") {
		x, ok := new(big.Rat).SetString(s)
		if !ok {
			return 0, strconv.ErrSyntax
		}
		f, _ := x.Float64()
		return f, nil
	}
	return strconv.ParseFloat(s, 64)
}

// print writes what people read.
func (r *matrixResult) print(w io.Writer, l text.Lang) error {
	var rows []string
	add := func(cells ...string) { rows = append(rows, strings.Join(cells, "\t")) }
	var ps bangkom.Problems
	switch {
	case r.AHP != nil:
		ps = r.AHP.Problems
		add("", l.T("mcdm.weight"), l.T("mcdm.eigen"), l.T("mcdm.geomean"))
		for i, name := range r.Criteria {
			add(name, l.Num(r.AHP.Weights[i], 4), l.Num(r.AHP.Eigen[i], 4), l.Num(r.AHP.GeoMean[i], 4))
		}
	case r.Scores != nil:
		ps = r.Scores.Problems
		add(l.T("needs.col.rank"), "", l.T("mcdm.score"))
		for _, i := range byRank(r.Scores.Rank) {
			add(strconv.Itoa(r.Scores.Rank[i]), r.Alternatives[i], l.Num(r.Scores.Score[i], 4))
		}
	default:
		ps = r.Profile.Problems
		add(l.T("needs.col.rank"), "", l.T("mcdm.fit"))
		for _, i := range byRank(r.Profile.Rank) {
			add(strconv.Itoa(r.Profile.Rank[i]), r.Alternatives[i], l.Num(r.Profile.Total[i], 4))
		}
	}
	if err := text.Columns(w, rows...); err != nil {
		return err
	}
	if a := r.AHP; a != nil {
		fmt.Fprintln(w, l.T("mcdm.consistency", l.Num(a.CR, 3), a.RIName, l.Num(a.RI, 4), l.Num(a.Lambda, 4)))
	}
	notes(w, l, ps)
	return nil
}

// byRank lists places by rank, equals as they came.
func byRank(ranks []int) []int {
	out := make([]int, len(ranks))
	for i := range out {
		out[i] = i
	}
	slices.SortStableFunc(out, func(a, b int) int { return ranks[a] - ranks[b] })
	return out
}
