package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/stats/compare"
)

const crossed = "-cols are two columns of categories, a row for each person; with -freq a row counts as often as that\ncolumn says. With -counts the file is the table: -cols are its columns."

var counted = []statistic{
	{
		name: "mcnemar", short: "whether a share changed in the same people",
		columns: "-cols are two columns, before and after, with two categories: 0 and 1, no and yes, tidak and ya, or any\ntwo, of which -yes names one; with -freq a row counts as often as that column says. With -counts the\nfile is the table: yes before no, before in rows, after in columns.",
		equals:  "binom.test(c, b + c) in R, and mcnemar.test for -distribution asymptotic; the estimate is the change of the share.",
		cells:   labels, wide: [2]int{2, 2}, counts: true, options: "level alternative distribution+ continuity freq yes", run: (*statCall).mcNemar,
	},
	{
		name: "chisq", short: "independence of two classifications: χ², with Cramér's V", columns: crossed,
		equals: "chisq.test(table(a, b)) in R; V: effectsize::cramers_v(adjust = FALSE).",
		cells:  labels, wide: [2]int{2, 2}, counts: true, options: "level continuity freq", run: (*statCall).chiSquare,
	},
	{
		name: "fisher", short: "independence of two classifications, exactly; the odds ratio of a 2 × 2 table", columns: crossed,
		equals: "fisher.test(table(a, b)) in R.",
		cells:  labels, wide: [2]int{2, 2}, counts: true, options: "level alternative distribution freq", run: (*statCall).fisher,
	},
}

func init() {
	statFlags["yes"] = func(fs *flagSet, c *statCall) {
		fs.StringVar(&c.yes, "yes", "", "`category` that counts as yes")
	}
}

// A crosstab counts one classification by another.
type crosstab struct {
	rows, cols []string
	n          [][]int
	dropped    int
}

func (c *statCall) crossed(s *sample) (t crosstab, err error) {
	if c.countsForm {
		t.n, err = c.countTable(s)
		t.cols = s.names()
		for i := range t.n {
			t.rows = append(t.rows, fmt.Sprint(i+1))
		}
		return t, err
	}
	weight, err := c.frequencies(s)
	if err != nil {
		return t, err
	}
	a, b := s.cols[0].texts, s.cols[1].texts
	t.rows, t.cols = ascending(a), ascending(b)
	for i, k := range []int{len(t.rows), len(t.cols)} {
		if k > mostCategories {
			return t, tooMany(s.cols[i].name, k)
		}
	}
	row, col := places(t.rows), places(t.cols)
	t.n = make([][]int, len(t.rows))
	for i := range t.n {
		t.n[i] = make([]int, len(t.cols))
	}
	for i := range a {
		if a[i] == "" || b[i] == "" || weight[i] < 0 {
			t.dropped += max(weight[i], 1)
			continue
		}
		t.n[row[a[i]]][col[b[i]]] += weight[i]
	}
	return t, nil
}

// mostCategories of a table: a column with more is no classification.
const mostCategories = 1000

func tooMany(column string, categories int) error {
	return bangkom.Problem{Code: "too-many-categories", Where: column, Value: fmt.Sprint(categories), Msg: "more different values than a classification has", Need: fmt.Sprintf("at most %d", mostCategories)}
}

// places says where each text is.
func places(texts []string) map[string]int {
	out := map[string]int{}
	for i, t := range texts {
		out[t] = i
	}
	return out
}

// table is what was counted, for people.
func (t crosstab) table() string {
	g := newTextTable(t.cols...)
	for i, row := range t.n {
		cells := []string{t.rows[i]}
		for _, n := range row {
			cells = append(cells, fmt.Sprint(n))
		}
		g.row(cells...)
	}
	return g.String()
}

// classes name the rows and columns of the counts in JSON.
type classes struct {
	Rows    []string `json:"rows"`
	Columns []string `json:"columns"`
	Counts  [][]int  `json:"counts"`
}

func (t crosstab) answer(r bangkom.Test) []answer {
	r.Estimate.Missing = bangkom.Missing{Policy: "listwise", Dropped: t.dropped}
	return []answer{{result: r, text: t.table() + "\n" + compare.Table(r), extras: []extra{{key: "table", value: classes{t.rows, t.cols, t.n}}}}}
}

func (c *statCall) chiSquare(s *sample) ([]answer, error) {
	t, err := c.crossed(s)
	if err != nil {
		return nil, err
	}
	r, err := compare.ChiSquare(t.n, c.compareOptions())
	return t.answer(r), err
}

func (c *statCall) fisher(s *sample) ([]answer, error) {
	t, err := c.crossed(s)
	if err != nil {
		return nil, err
	}
	r, err := compare.Fisher(t.n, c.compareOptions())
	return t.answer(r), err
}

func (c *statCall) mcNemar(s *sample) ([]answer, error) {
	t, err := c.crossed(s)
	if err != nil {
		return nil, err
	}
	if c.countsForm {
		if len(t.n) != 2 || len(t.cols) != 2 {
			return nil, bangkom.Problem{Code: bangkom.ErrShape.Code, Where: c.file(), Msg: fmt.Sprintf("%d rows and %d columns where the table has two of each", len(t.n), len(t.cols))}
		}
		r, err := compare.McNemar([2][2]int{{t.n[0][0], t.n[0][1]}, {t.n[1][0], t.n[1][1]}}, c.compareOptions())
		return t.answer(r), err
	}
	yes, no, err := yesNo(ascending(slices.Concat(t.rows, t.cols)), c.yes, "-yes")
	if err != nil {
		return nil, err
	}
	square := crosstab{rows: []string{yes, no}, cols: []string{yes, no}, n: [][]int{{0, 0}, {0, 0}}, dropped: t.dropped}
	for i, r := range t.rows {
		for j, k := range t.cols {
			square.n[slices.Index(square.rows, r)][slices.Index(square.cols, k)] += t.n[i][j]
		}
	}
	r, err := compare.McNemar([2][2]int{{square.n[0][0], square.n[0][1]}, {square.n[1][0], square.n[1][1]}}, c.compareOptions())
	out := square.answer(r)
	out[0].asked.Difference = fmt.Sprintf("share of %s in %s − in %s", yes, s.cols[1].name, s.cols[0].name)
	return out, err
}

// yesNo says which of two categories is yes.
func yesNo(categories []string, named, flag string) (yes, no string, err error) {
	if len(categories) > 2 {
		return "", "", usagef("two categories are asked for, and there are %d: %s", len(categories), strings.Join(categories, ", "))
	}
	if named == "" {
		for _, known := range [][2]string{{"0", "1"}, {"no", "yes"}, {"tidak", "ya"}, {"false", "true"}, {"n", "y"}} {
			if !slices.ContainsFunc(categories, func(s string) bool { return !slices.Contains(known[:], strings.ToLower(s)) }) {
				for _, s := range categories {
					if strings.EqualFold(s, known[1]) {
						yes = s
					} else {
						no = s
					}
				}
				if yes == "" {
					yes = known[1]
				}
				if no == "" {
					no = known[0]
				}
				return yes, no, nil
			}
		}
		return "", "", usagef("which of %s is meant? %s names it", strings.Join(categories, ", "), flag)
	}
	for _, s := range categories {
		if s != named {
			no = s
		}
	}
	if no != "" && len(categories) == 2 && !slices.Contains(categories, named) {
		return "", "", usagef("%s %s is none of the categories %s", flag, named, strings.Join(categories, ", "))
	}
	return named, no, nil
}
