package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/stats/reliability"
)

var reliabilities = []statistic{
	{
		name: "alpha", short: "Cronbach's alpha, and what each item does in its scale",
		columns: "-cols are the items, a row for each respondent. Items worded the other way round go into -keys.",
		equals:  "psych::alpha(x, keys, check.keys = FALSE) in R; the interval is Feldt's, beside that of Duhachek and Iacobucci.",
		wide:    [2]int{2, 0}, options: "level missing-items keys", run: (*statCall).alpha,
	},
	{
		name: "omega", short: "McDonald's omega total of one factor, with the loadings",
		columns: "-cols are three items or more, a row for each respondent. Items worded the other way round go into -keys.",
		equals:  "lavaan with one factor in R (ML, covariances, implied); with -estimator minres the value for correlations and \"1 − unique / observed\" is that of psych::omega(nfactors = 1).",
		wide:    [2]int{3, 0}, options: "level missing-items keys estimator", run: (*statCall).omega,
	},
	{
		name: "items", short: "difficulty, discrimination and point-biserials of the items of a test",
		columns: "-cols are the items, a row for each person: 1 for right and 0 for wrong, points up to -points, or with\n-key the answers as given; an answer that is missing is then a wrong one.",
		equals:  "CTT::itemAnalysis and psych::alpha (r.drop) in R; with -key also CTT::distractorAnalysis.",
		wide:    [2]int{2, 0}, options: "items", run: (*statCall).items,
	},
}

func init() {
	statFlags["estimator"] = func(fs *flagSet, c *statCall) {
		choice(fs, &c.estimator, "estimator", "`how` the factor is fitted", "ml", "minres")
	}
	statFlags["items"] = func(fs *flagSet, c *statCall) {
		names(fs, &c.keys, "key", "right `answers`, one for each item")
		fs.StringVar(&c.points, "points", "", "most points of each item, a `list` (default: 1 of each)")
		choice(fs, &c.tie, "ties", "`people` at the edge of the upper and lower group", "share", "include", "exclude")
	}
}

// reliabilityOptions are what the flags say to package reliability.
func (c *statCall) reliabilityOptions(s *sample) (*reliability.Options, error) {
	policies := map[string]reliability.Policy{"listwise": reliability.Listwise, "pairwise": reliability.Pairwise, "person-mean": reliability.PersonMean, "refuse": reliability.Refuse}
	o := &reliability.Options{Level: c.level, Missing: policies[c.missing], Names: s.names(), Low: c.low, High: c.high}
	for _, key := range c.keys {
		name, reversed := strings.CutPrefix(key, "-")
		i := slices.Index(o.Names, name)
		if i < 0 {
			return nil, usagef("-keys has %q, which is not one of -cols", key)
		}
		if o.Reverse == nil {
			o.Reverse = make([]bool, len(o.Names))
		}
		o.Reverse[i] = reversed
	}
	return o, nil
}

func (c *statCall) alpha(s *sample) ([]answer, error) {
	x, err := s.columns()
	if err != nil {
		return nil, err
	}
	opt, err := c.reliabilityOptions(s)
	if err != nil {
		return nil, err
	}
	r, err := reliability.Alpha(x, opt)
	return []answer{{result: r, text: r.Table()}}, err
}

func (c *statCall) omega(s *sample) ([]answer, error) {
	x, err := s.columns()
	if err != nil {
		return nil, err
	}
	opt, err := c.reliabilityOptions(s)
	if err != nil {
		return nil, err
	}
	fit := &reliability.OmegaOptions{Estimator: reliability.ML}
	if c.estimator == "minres" {
		fit.Estimator = reliability.MinRes
	}
	r, err := reliability.Omega(x, fit, opt)
	return []answer{{result: r, text: r.Table()}}, err
}

func (c *statCall) items(s *sample) ([]answer, error) {
	rules := map[string]reliability.TieRule{"share": reliability.ShareTies, "include": reliability.IncludeTies, "exclude": reliability.ExcludeTies}
	opt := &reliability.ItemOptions{Ties: rules[c.tie], Names: s.names()}
	if c.points != "" {
		if len(c.keys) > 0 {
			return nil, usagef("-key gives 1 for the right answer; -points is for points")
		}
		if opt.Max = numbersOf(splitList(c.points)); len(opt.Max) != len(s.cols) {
			return nil, usagef("-points is a list of %d numbers", len(s.cols))
		}
	}
	if len(c.keys) == 0 {
		x, err := s.columns()
		if err != nil {
			return nil, err
		}
		if err := c.givesPoints(s, x, opt); err != nil {
			return nil, err
		}
		r, err := reliability.AnalyzeItems(x, opt)
		return []answer{{result: r, text: r.Table()}}, err
	}
	if len(c.keys) != len(s.cols) {
		return nil, usagef("-key has %d answers for %d items", len(c.keys), len(s.cols))
	}
	var given [][]string
	for _, v := range s.cols {
		given = append(given, v.texts)
	}
	points, err := reliability.Score(given, c.keys)
	if err != nil {
		return nil, err
	}
	r, err := reliability.AnalyzeItems(points, opt)
	if err != nil {
		return nil, err
	}
	d, err := reliability.Distractors(given, c.keys, opt)
	if err != nil {
		return nil, err
	}
	return []answer{{result: r, text: r.Table(), extras: []extra{{"distractors", "answers", d, d.Table()}}}}, nil
}

// givesPoints reports each cell with points that its item does not give.
func (c *statCall) givesPoints(s *sample, x [][]float64, opt *reliability.ItemOptions) error {
	var ps bangkom.Problems
	for i, v := range s.cols {
		most := 1.0
		if opt.Max != nil {
			most = opt.Max[i]
		}
		for row, p := range x[i] {
			if p < 0 || p > most {
				ps.Add(bangkom.Problem{Code: "off-scale", Where: s.place(c, row, v), Value: strconv.FormatFloat(p, 'g', -1, 64), Msg: fmt.Sprintf("points outside 0 to %g", most), Need: "-points, the most points of each item; -key, where these are answers"})
			}
		}
	}
	return ps.Err()
}
