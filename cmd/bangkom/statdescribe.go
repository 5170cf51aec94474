package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/stats/compare"
)

var describing = []statistic{
	{
		name: "describe", short: "mean, spread, quartiles and shape of each column",
		columns: "-cols are columns of numbers, each described by itself.",
		equals:  "mean, sd, quantile(type = 7), mad, e1071::skewness and kurtosis(type = 2) in R; with -top, Wilson's interval of prop.test(correct = FALSE).",
		list:    true, options: "level quantile top", run: (*statCall).describe,
	},
	{
		name: "cor", short: "correlations of all pairs of columns: Pearson, Spearman, Kendall",
		columns: "-cols are two columns of numbers or more, of the same people.",
		equals:  "cor.test(x, y, method = \"pearson\"), \"spearman\" and \"kendall\" in R; with -adjust, p.adjust over the pairs.",
		wide:    [2]int{2, 0}, list: true, options: "level alternative distribution missing-cor adjust", run: (*statCall).cor,
	},
	{
		name: "padjust", short: "p-values adjusted for their number, by six methods",
		columns: "-cols is one column of p-values, a row for each test.",
		equals:  "p.adjust(p, method) in R, for holm, hochberg, hommel, bonferroni, BH and BY.",
		wide:    [2]int{1, 1}, run: (*statCall).padjust,
	},
}

func init() {
	statFlags["top"] = func(fs *flagSet, c *statCall) {
		c.top = math.NaN()
		fs.Func("top", "also the share of values from this `number` upwards", func(s string) error {
			if c.top = decimal(s); math.IsNaN(c.top) {
				return fmt.Errorf("not a number")
			}
			return nil
		})
	}
	statFlags["adjust"] = func(fs *flagSet, c *statCall) {
		choice(fs, &c.adjust, "adjust", "p-values for the number of pairs, by a `method`", "none", compare.Holm, compare.Hochberg, compare.Hommel, compare.Bonferroni, compare.BH, compare.BY)
	}
}

// compareOptions are what the flags say to package compare.
func (c *statCall) compareOptions(groups ...string) *compare.Options {
	o := &compare.Options{Level: c.level, Null: c.null, Alternative: c.alternative, Distribution: c.distribution, NoContinuity: c.noContinuity, Zeros: c.zeros, Quantile: compare.QuantileType(c.quantile), Names: groups}
	if o.Distribution == "auto" {
		o.Distribution = ""
	}
	return o
}

func (c *statCall) describe(s *sample) ([]answer, error) {
	var out []answer
	for _, v := range s.cols {
		x, err := v.values()
		if c.failed(v.name, err) {
			continue
		}
		d, err := compare.Describe(x, c.compareOptions())
		if isUsage(err) {
			return nil, err
		}
		if c.failed(v.name, err) {
			continue
		}
		a := answer{asked: asked{Columns: []string{v.name}}, result: d, text: d.Table()}
		if !math.IsNaN(c.top) {
			share, err := compare.TopBox(x, c.top, &compare.Options{Level: c.level})
			if err != nil {
				return nil, err
			}
			a.extras = append(a.extras, extra{"top_box", fmt.Sprintf("share from %v upwards", c.top), share, share.String()})
		}
		out = append(out, a)
	}
	return out, nil
}

// coefficients are the correlations of one pair of columns.
type coefficients struct {
	Pearson  bangkom.Test `json:"pearson"`
	Spearman bangkom.Test `json:"spearman"`
	Kendall  bangkom.Test `json:"kendall"`
}

func (c *statCall) cor(s *sample) ([]answer, error) {
	usable := slices.DeleteFunc(slices.Clone(s.cols), func(v *variable) bool {
		_, err := v.values()
		return c.failed(v.name, err)
	})
	dropped := 0
	if c.missing == "listwise" {
		usable, dropped = complete(usable)
	}
	var out []answer
	var all []coefficients
	for i, x := range usable {
		for _, y := range usable[i+1:] {
			r, err := c.correlate(x, y)
			if isUsage(err) {
				return nil, err
			}
			if c.failed(x.name+", "+y.name, err) {
				continue
			}
			for _, t := range r.each() {
				t.Estimate.Missing.Dropped += dropped
			}
			all = append(all, r)
			out = append(out, answer{asked: asked{Columns: []string{x.name, y.name}}})
		}
	}
	for i := range out {
		out[i].result, out[i].text = all[i], all[i].table()
	}
	if c.adjust == "none" {
		return out, nil
	}
	return out, adjustPairs(out, all, c.adjust)
}

func (r *coefficients) each() []*bangkom.Test {
	return []*bangkom.Test{&r.Pearson, &r.Spearman, &r.Kendall}
}

func (c *statCall) correlate(x, y *variable) (r coefficients, err error) {
	opt := c.compareOptions()
	plain := *opt
	plain.Distribution = "" // Pearson has one only
	if r.Pearson, err = compare.Pearson(x.numbers, y.numbers, &plain); err != nil {
		return r, err
	}
	if r.Spearman, err = compare.Spearman(x.numbers, y.numbers, opt); err != nil {
		return r, err
	}
	r.Kendall, err = compare.Kendall(x.numbers, y.numbers, opt)
	return r, err
}

func (r coefficients) table() string {
	return testRows([]string{"Pearson r", "Spearman rho", "Kendall tau-b"}, []bangkom.Test{r.Pearson, r.Spearman, r.Kendall})
}

// adjustPairs adds p-values adjusted over the pairs, each coefficient by itself.
func adjustPairs(out []answer, all []coefficients, method string) error {
	adjusted := make([]map[string]*float64, len(all)) // nil: unknown
	for j, name := range []string{"pearson", "spearman", "kendall"} {
		p := make([]float64, len(all))
		for i := range all {
			p[i] = all[i].each()[j].P
		}
		q, err := compare.AdjustP(p, method)
		if err != nil {
			return err
		}
		known := nullable(q)
		for i := range q {
			if adjusted[i] == nil {
				adjusted[i] = map[string]*float64{}
			}
			adjusted[i][name] = known[i]
		}
	}
	for i, q := range adjusted {
		out[i].extras = append(out[i].extras, extra{"p_adjusted", "p adjusted (" + method + ")", map[string]any{"method": method, "p": q},
			fmt.Sprintf("Pearson %s, Spearman %s, Kendall %s", shortOf(q["pearson"]), shortOf(q["spearman"]), shortOf(q["kendall"]))})
	}
	return nil
}

// complete keeps the rows without a gap, and counts the others.
func complete(vs []*variable) (out []*variable, dropped int) {
	var rows []int
	if len(vs) == 0 {
		return nil, 0
	}
	for i := range vs[0].numbers {
		if !slices.ContainsFunc(vs, func(v *variable) bool { return math.IsNaN(v.numbers[i]) }) {
			rows = append(rows, i)
		}
	}
	for _, v := range vs {
		out = append(out, v.at(rows))
	}
	return out, len(vs[0].numbers) - len(rows)
}

// adjustedP are p-values adjusted by every method.
type adjustedP struct {
	N          int        `json:"n"`
	P          []*float64 `json:"p"`
	Holm       []*float64 `json:"holm"`
	Hochberg   []*float64 `json:"hochberg"`
	Hommel     []*float64 `json:"hommel"`
	Bonferroni []*float64 `json:"bonferroni"`
	BH         []*float64 `json:"bh"`
	BY         []*float64 `json:"by"`
}

func (c *statCall) padjust(s *sample) ([]answer, error) {
	p, err := s.cols[0].values()
	if err != nil {
		return nil, err
	}
	r := adjustedP{P: nullable(p)}
	for _, x := range p {
		if !math.IsNaN(x) {
			r.N++
		}
	}
	t := newTextTable("p", "holm", "hochberg", "hommel", "bonferroni", "BH", "BY")
	columns := [][]float64{p}
	for _, m := range []struct {
		method string
		to     *[]*float64
	}{{compare.Holm, &r.Holm}, {compare.Hochberg, &r.Hochberg}, {compare.Hommel, &r.Hommel}, {compare.Bonferroni, &r.Bonferroni}, {compare.BH, &r.BH}, {compare.BY, &r.BY}} {
		q, err := compare.AdjustP(p, m.method)
		if err != nil { // a value that is no p is of the file, not of the flags
			ps := bangkom.AsProblems(err, "error")
			ps[0].Code, ps[0].Where = "not-p", s.cols[0].name
			return nil, ps[0]
		}
		*m.to = nullable(q)
		columns = append(columns, q)
	}
	for i := range p {
		row := []string{fmt.Sprint(i + 1)}
		for _, x := range columns {
			row = append(row, short(x[i]))
		}
		t.row(row...)
	}
	return []answer{{result: r, text: t.String() + fmt.Sprintf("\n%d tests; %d rows without a p.", r.N, len(p)-r.N)}}, nil
}

// nullable has nil for NaN, which JSON cannot hold.
func nullable(xs []float64) []*float64 {
	out := make([]*float64, len(xs))
	for i, x := range xs {
		if !math.IsNaN(x) && !math.IsInf(x, 0) {
			out[i] = &x
		}
	}
	return out
}

// testRows prints tests in rows, and below what they were made of.
func testRows(names []string, tests []bangkom.Test) string {
	t := newTextTable("estimate", "se", "lower", "upper", "statistic", "df", "p", "n")
	for i, x := range tests {
		e := x.Estimate
		lo, hi := e.CI.Lo, e.CI.Hi
		if e.CI == (bangkom.Interval{}) {
			lo, hi = math.NaN(), math.NaN()
		}
		t.row(names[i], short(e.Value), short(e.SE), short(lo), short(hi), short(x.Statistic), short(x.DF), short(x.P), fmt.Sprint(e.N))
	}
	var b strings.Builder
	b.WriteString(t.String() + "\n")
	seen := map[string]bool{}
	line := func(s string) {
		if !seen[s] {
			seen[s] = true
			b.WriteString(s + "\n")
		}
	}
	for i, x := range tests {
		line(fmt.Sprintf("%s: %s.", names[i], x.Estimate.Method))
	}
	for _, x := range tests {
		if x.Estimate.CI != (bangkom.Interval{}) {
			line(fmt.Sprintf("Intervals: %g %%. Missing values: %s.", 100*x.Estimate.CI.Level, x.Estimate.Missing))
		}
		for _, w := range x.Estimate.Warnings {
			line(fmt.Sprintf("%s: %s", w.Severity, w.Error()))
		}
	}
	return b.String()
}

// estimateText prints an estimate, and how it was made.
func estimateText(e bangkom.Estimate) string {
	lo, hi := e.CI.Lo, e.CI.Hi
	if e.CI == (bangkom.Interval{}) {
		lo, hi = math.NaN(), math.NaN()
	}
	t := textTable{{"estimate", "se", "lower", "upper"}, {short(e.Value), short(e.SE), short(lo), short(hi)}}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s; n = %d; missing values: %s.\n", t, e.Method, e.N, e.Missing)
	if e.CI != (bangkom.Interval{}) {
		fmt.Fprintf(&b, "%s (%s).\n", e.CI, e.CI.Method)
	}
	for _, w := range e.Warnings {
		fmt.Fprintf(&b, "%s: %s\n", w.Severity, w.Error())
	}
	return b.String()
}

// A textTable aligns texts: names to the left, the rest to the right.
type textTable [][]string

func newTextTable(columns ...string) *textTable { return &textTable{append([]string{""}, columns...)} }

func (t *textTable) row(cells ...string) { *t = append(*t, cells) }

func (t textTable) String() string {
	width := make([]int, len(t[0]))
	for _, row := range t {
		for i, cell := range row {
			width[i] = max(width[i], len([]rune(cell)))
		}
	}
	var b strings.Builder
	for _, row := range t {
		line := ""
		for i, cell := range row {
			pad := strings.Repeat(" ", width[i]-len([]rune(cell)))
			if i == 0 {
				line = cell + pad
			} else {
				line += "  " + pad + cell
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

func shortOf(x *float64) string {
	if x == nil {
		return short(math.NaN())
	}
	return short(*x)
}

// short prints four digits; – is unknown.
func short(x float64) string {
	if math.IsNaN(x) {
		return "–"
	}
	return fmt.Sprintf("%.4g", cmp.Or(x, 0))
}
