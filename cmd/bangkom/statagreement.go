package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/stats/agreement"
)

const (
	raters       = "-cols are the raters, a row for each subject. Or, in the long form, -cols is the rating, -by the rater\nand -id the subject."
	inCategories = " Categories are numbers, or texts, whose order\n-categories tells where it matters."
	ratersAs     = raters + inCategories + " With -counts the columns are the categories, a row\nfor each subject, and a cell says how many raters chose it."
)

var agreements = []statistic{
	{
		name: "icc", short: "the six intraclass correlations of raters who gave scores", columns: raters,
		equals: "psych::ICC(x, lmer = FALSE) in R; pingouin.intraclass_corr in Python.",
		wide:   [2]int{2, 0}, long: true, options: "level", run: (*statCall).icc,
	},
	{
		name: "kappa", short: "Cohen's kappa of two raters: unweighted, linear and quadratic",
		columns: raters + inCategories + " With -freq a row counts as often as that column says;\nwith -counts the file is the table: a row and a column for each category, in the same order.",
		equals:  "psych::cohen.kappa(x) in R; statsmodels cohens_kappa in Python.",
		cells:   labels, wide: [2]int{2, 2}, long: true, counts: true, options: "level categories weights-kappa freq", run: (*statCall).kappa,
	},
	{
		name: "fleiss", short: "Fleiss' kappa of interchangeable raters, and of each category", columns: ratersAs,
		equals: "irr::kappam.fleiss(x, detail = TRUE) and irrCAC::fleiss.kappa.raw in R; conger: irrCAC::conger.kappa.raw.",
		cells:  labels, wide: [2]int{2, 0}, long: true, counts: true, options: "level categories weights", run: (*statCall).fleiss,
	},
	{
		name: "krippendorff", short: "Krippendorff's alpha, for any number of raters and gaps", columns: ratersAs,
		equals: "irr::kripp.alpha(t(x), method = metric) in R; krippendorff.alpha in Python.",
		cells:  labels, wide: [2]int{2, 0}, long: true, counts: true, options: "level categories metric", run: (*statCall).krippendorff,
	},
	{
		name: "gwet", short: "Gwet's AC1, or AC2 with weights; does not collapse where one category prevails", columns: ratersAs,
		equals: "irrCAC::gwet.ac1.raw(x, weights) in R; brennan_prediger: irrCAC::bp.coeff.raw.",
		cells:  labels, wide: [2]int{2, 0}, long: true, counts: true, options: "level categories weights", run: (*statCall).gwet,
	},
}

func init() {
	statFlags["weights-kappa"] = func(fs *flagSet, c *statCall) {
		choice(fs, &c.weights, "weights", "`weights` that stand beside the three which are always given", "none", "linear", "quadratic", "ordinal")
	}
	statFlags["freq"] = func(fs *flagSet, c *statCall) {
		fs.StringVar(&c.freq, "freq", "", "`column` with how often a row occurred")
	}
}

func (c *statCall) icc(s *sample) ([]answer, error) {
	x, err := s.columns()
	if err != nil {
		return nil, err
	}
	r, err := agreement.ICC(x, &agreement.Options{Level: c.level})
	return []answer{{result: r, text: r.Table()}}, err
}

// A scale is what categories are called: numbers, or texts by their codes 1, 2, ….
type scale struct {
	values  []float64 // of -categories; nil: those that occur
	texts   []string  // nil: the numbers themselves
	ordered bool
}

// code returns what makes numbers of cells; NaN is missing, or none of the categories.
func (sc scale) code() func(string) float64 {
	if sc.texts == nil {
		return func(t string) float64 {
			x := decimal(t)
			if sc.values != nil && !slices.Contains(sc.values, x) {
				return math.NaN()
			}
			return x
		}
	}
	codes := map[string]float64{}
	for i, t := range sc.texts {
		codes[t] = float64(i + 1)
	}
	return func(t string) float64 {
		if x, ok := codes[t]; ok {
			return x
		}
		return math.NaN()
	}
}

// scaleOf finds the categories of all cells.
func (c *statCall) scaleOf(s *sample) (scale, error) {
	if c.categories != "" {
		list := splitList(c.categories)
		if values := numbersOf(list); values != nil {
			return scale{values: values, ordered: true}, nil
		}
		return scale{texts: list, ordered: true}, nil
	}
	var all []string
	for _, v := range s.cols {
		all = append(all, ascending(v.texts)...)
	}
	texts := ascending(all)
	if len(texts) > mostCategories && c.name != "krippendorff" { // whose numbers may be measurements
		return scale{}, tooMany(strings.Join(s.names(), ", "), len(texts))
	}
	if numbersOf(texts) != nil {
		return scale{ordered: true}, nil
	}
	for _, t := range texts {
		if !math.IsNaN(decimal(t)) {
			return scale{}, c.notNumber(s)
		}
	}
	return scale{texts: texts, ordered: len(texts) == 2}, nil // whichever of two is the lower one
}

// notNumber reports each cell that is text where others are numbers.
func (c *statCall) notNumber(s *sample) error {
	var ps bangkom.Problems
	for _, v := range s.cols {
		for i, t := range v.texts {
			if t != "" && math.IsNaN(decimal(t)) {
				ps.Add(bangkom.Problem{Code: "not-decimal", Where: s.place(c, i, v), Value: t, Msg: "not a number as other ratings are", Need: "-categories names all categories, if it is one"})
			}
		}
	}
	return ps
}

// place of a cell in the file; in the long form rows have moved.
func (s *sample) place(c *statCall, row int, v *variable) string {
	if s.lines == nil {
		return fmt.Sprintf("%s:%s=%s,%s=%s", c.file(), s.id.name, s.id.texts[row], c.by, v.name)
	}
	return fmt.Sprintf("%s:%d:%s", c.file(), s.lines[row], v.name)
}

// ratings are the cells as numbers: rater × subject.
func (c *statCall) ratings(s *sample) ([][]float64, scale, error) {
	sc, err := c.scaleOf(s)
	if err != nil {
		return nil, sc, err
	}
	var out [][]float64
	var ps bangkom.Problems
	code := sc.code()
	for _, v := range s.cols {
		x := make([]float64, len(v.texts))
		for i, t := range v.texts {
			if x[i] = code(t); t != "" && math.IsNaN(x[i]) {
				ps.Add(bangkom.Problem{Code: "off-scale", Where: s.place(c, i, v), Value: t, Msg: "not one of -categories"})
			}
		}
		out = append(out, x)
	}
	return out, sc, ps.Err()
}

// options of agreement; weights need an order.
func (c *statCall) agreementOptions(sc scale) (*agreement.Options, error) {
	if !sc.ordered && !slices.Contains([]string{"", "none", "identity"}, c.weights) {
		return nil, usagef("-weights %s needs the order of the categories: -categories", c.weights)
	}
	weights := map[string]agreement.Weights{"linear": agreement.Linear, "quadratic": agreement.Quadratic, "ordinal": agreement.OrdinalWeights}
	o := &agreement.Options{Level: c.level, Weights: weights[c.weights], Categories: sc.values}
	for i := range sc.texts {
		o.Categories = append(o.Categories, float64(i+1))
	}
	return o, nil
}

func (c *statCall) kappa(s *sample) ([]answer, error) {
	r, sc, err := c.cohen(s)
	if err != nil {
		return nil, err
	}
	if !sc.ordered { // distances of codes mean nothing
		r.Linear, r.Quadratic = unordered("linear", r.Kappa), unordered("quadratic", r.Kappa)
	}
	return []answer{{asked: asked{Categories: sc.texts}, result: r, text: r.Table()}}, nil
}

func (c *statCall) cohen(s *sample) (agreement.CohenResult, scale, error) {
	if c.countsForm {
		return c.cohenTable(s)
	}
	ratings, sc, err := c.ratings(s)
	if err != nil {
		return agreement.CohenResult{}, sc, err
	}
	opt, err := c.agreementOptions(sc)
	if err != nil {
		return agreement.CohenResult{}, sc, err
	}
	if c.freq == "" {
		r, err := agreement.Cohen(ratings[0], ratings[1], opt)
		return r, sc, err
	}
	values := sc.values
	if sc.texts != nil {
		values = opt.Categories
	}
	if values == nil {
		values = numbersOf(ascending(slices.Concat(s.cols[0].texts, s.cols[1].texts)))
	}
	weight, err := c.frequencies(s)
	if err != nil {
		return agreement.CohenResult{}, sc, err
	}
	counts := make([][]float64, len(values))
	for i := range counts {
		counts[i] = make([]float64, len(values))
	}
	dropped := 0
	for i := range ratings[0] {
		a, b := slices.Index(values, ratings[0][i]), slices.Index(values, ratings[1][i])
		if a < 0 || b < 0 || weight[i] < 0 {
			dropped += max(weight[i], 1)
			continue
		}
		counts[a][b] += float64(weight[i])
	}
	opt.Categories = nil
	r, err := agreement.CohenTable(counts, values, opt)
	for _, t := range []*bangkom.Test{&r.Kappa, &r.Linear, &r.Quadratic, r.Custom} {
		if t != nil {
			t.Estimate.Missing = bangkom.Missing{Policy: "listwise", Dropped: dropped}
		}
	}
	return r, sc, err
}

// cohenTable is the file as a table of two raters.
func (c *statCall) cohenTable(s *sample) (r agreement.CohenResult, sc scale, err error) {
	sc = scale{values: numbersOf(s.names()), ordered: true}
	if sc.values == nil {
		sc = scale{texts: s.names(), ordered: c.categories != "" || len(s.cols) == 2}
	}
	table, err := c.countTable(s)
	if err != nil {
		return r, sc, err
	}
	if len(table) != len(s.cols) {
		return r, sc, bangkom.Problem{Code: bangkom.ErrShape.Code, Where: c.file(), Msg: fmt.Sprintf("%d rows for %d categories", len(table), len(s.cols)), Need: "a row and a column for each category"}
	}
	opt, err := c.agreementOptions(sc)
	if err != nil {
		return r, sc, err
	}
	opt.Categories = nil
	counts := make([][]float64, len(table))
	for i, row := range table {
		for _, n := range row {
			counts[i] = append(counts[i], float64(n))
		}
	}
	r, err = agreement.CohenTable(counts, sc.values, opt)
	return r, sc, err
}

// unordered stands for a weighted kappa of categories that have no order.
func unordered(weights string, like bangkom.Test) bangkom.Test {
	nan := math.NaN()
	e := bangkom.Estimate{Value: nan, SE: nan, N: like.Estimate.N, Method: "Cohen's kappa, " + weights + " weights", Missing: like.Estimate.Missing}
	e.Warnings.Add(bangkom.Problem{Code: "no-order", Severity: bangkom.Warning, Msg: "weights need the order of the categories", Need: "give -categories in their order"})
	return bangkom.Test{Estimate: e, Statistic: nan, DF: nan, DF2: nan, P: nan}
}

// byCounts are the counts of the categories, subject × category.
func (c *statCall) byCounts(s *sample) (agreement.Counts, scale, error) {
	sc := scale{values: numbersOf(s.names()), ordered: true}
	if sc.values == nil {
		sc = scale{texts: s.names(), ordered: c.categories != "" || len(s.cols) == 2}
	}
	n, err := c.countTable(s)
	counts := agreement.Counts{Values: sc.values, N: n}
	for i := range sc.texts {
		counts.Values = append(counts.Values, float64(i+1))
	}
	return counts, sc, err
}

// countTable are the cells as counts, row by row.
func (c *statCall) countTable(s *sample) ([][]int, error) {
	x, err := s.columns()
	if err != nil {
		return nil, err
	}
	var ps bangkom.Problems
	out := make([][]int, len(s.lines))
	for i := range out {
		for j, v := range s.cols {
			n, ok := asCount(x[j][i])
			if !ok {
				ps.Add(s.notCount(c, i, v))
			}
			out[i] = append(out[i], n)
		}
	}
	return out, ps.Err()
}

// frequencies of the rows; −1 where missing.
func (c *statCall) frequencies(s *sample) ([]int, error) {
	out := make([]int, len(s.lines))
	for i := range out {
		out[i] = 1
	}
	if c.freq == "" {
		return out, nil
	}
	v := s.extra[c.freq]
	x, err := v.values()
	if err != nil {
		return nil, err
	}
	var ps bangkom.Problems
	for i := range out {
		n, ok := asCount(x[i])
		switch {
		case ok:
			out[i] = n
		case math.IsNaN(x[i]):
			out[i] = -1
		default:
			ps.Add(s.notCount(c, i, v))
		}
	}
	return out, ps.Err()
}

// asCount is a number as a count; false for a fraction, a negative one, or more than a file can hold.
func asCount(x float64) (int, bool) {
	if !(x >= 0 && x <= 1<<30) || x != math.Trunc(x) {
		return 0, false
	}
	return int(x), true
}

func (s *sample) notCount(c *statCall, row int, v *variable) bangkom.Problem {
	p := bangkom.Problem{Code: "not-a-count", Where: s.place(c, row, v), Msg: "a missing cell where a count is asked for", Need: "0, 1, 2, …"}
	if x := v.numbers[row]; !math.IsNaN(x) {
		p.Msg, p.Value = "not a count", strconv.FormatFloat(x, 'g', -1, 64)
	}
	return p
}

func (c *statCall) fleiss(s *sample) ([]answer, error) {
	var r agreement.FleissResult
	var extras []extra
	sc, err := c.agree(s, func(ratings [][]float64, opt *agreement.Options) (err error) {
		if r, err = agreement.Fleiss(ratings, opt); err != nil {
			return err
		}
		conger, err := agreement.Conger(ratings, opt)
		extras = append(extras, estimateExtra("conger", "Conger's kappa", conger, err))
		return nil
	}, func(counts agreement.Counts, opt *agreement.Options) (err error) {
		r, err = counts.Fleiss(opt)
		return err
	})
	return []answer{{asked: asked{Categories: sc.texts}, result: r, text: r.Table(), extras: extras}}, err
}

func (c *statCall) gwet(s *sample) ([]answer, error) {
	var r, bp bangkom.Estimate
	var e error
	sc, err := c.agree(s, func(ratings [][]float64, opt *agreement.Options) (err error) {
		r, err = agreement.Gwet(ratings, opt)
		bp, e = agreement.BrennanPrediger(ratings, opt)
		return err
	}, func(counts agreement.Counts, opt *agreement.Options) (err error) {
		r, err = counts.Gwet(opt)
		bp, e = counts.BrennanPrediger(opt)
		return err
	})
	return []answer{{asked: asked{Categories: sc.texts}, result: r, text: estimateText(r), extras: []extra{estimateExtra("brennan_prediger", "Brennan–Prediger", bp, e)}}}, err
}

func (c *statCall) krippendorff(s *sample) ([]answer, error) {
	metric := map[string]agreement.Metric{"nominal": agreement.Nominal, "ordinal": agreement.Ordinal, "interval": agreement.Interval, "ratio": agreement.Ratio}[c.metric]
	var r bangkom.Estimate
	sc, err := c.agree(s, func(ratings [][]float64, opt *agreement.Options) (err error) {
		r, err = agreement.Krippendorff(ratings, metric, opt)
		return err
	}, func(counts agreement.Counts, opt *agreement.Options) (err error) {
		r, err = counts.Krippendorff(metric, opt)
		return err
	})
	return []answer{{asked: asked{Categories: sc.texts}, result: r, text: estimateText(r)}}, err
}

// agree calls one of two functions, by the form of the file.
func (c *statCall) agree(s *sample, raw func([][]float64, *agreement.Options) error, counted func(agreement.Counts, *agreement.Options) error) (scale, error) {
	var ratings [][]float64
	var counts agreement.Counts
	var sc scale
	var err error
	if c.countsForm {
		counts, sc, err = c.byCounts(s)
	} else {
		ratings, sc, err = c.ratings(s)
	}
	if err != nil {
		return sc, err
	}
	switch {
	case sc.texts != nil && (c.metric == "interval" || c.metric == "ratio"):
		return sc, usagef("-metric %s needs numbers", c.metric)
	case !sc.ordered && c.metric == "ordinal":
		return sc, usagef("-metric ordinal needs the order of the categories: -categories")
	}
	opt, err := c.agreementOptions(sc)
	if err != nil {
		return sc, err
	}
	if c.countsForm {
		opt.Categories = nil // Counts have their own
		return sc, counted(counts, opt)
	}
	if c.metric != "" {
		opt.Categories = nil // Krippendorff's are those that occur
	}
	return sc, raw(ratings, opt)
}
