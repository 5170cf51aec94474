package main

import (
	"fmt"
	"slices"

	"github.com/bangkom/bangkom/stats/compare"
	"github.com/bangkom/bangkom/stats/model"
)

var models = []statistic{
	{
		name: "ancova", short: "groups compared on an outcome, with covariates held at their means",
		columns: "-cols are the outcome and then the covariates, such as the score before; -by is the group.",
		equals:  "lm(after ~ before + group) with emmeans::emmeans(fit, ~ group) and sandwich::vcovHC(type = \"HC3\") in R; -errors classical is anova(fit).",
		by:      byAlways, wide: [2]int{2, 0}, options: "level errors cluster", run: (*statCall).ancova,
	},
	{
		name: "ols", short: "least squares, with robust standard errors",
		columns: "-cols are the outcome and then the predictors. Those named in -factor are categories: a column of 0 and 1\nfor each of them but the first.",
		equals:  "lm(y ~ x1 + x2) with sandwich::vcovHC(type = \"HC3\"), clubSandwich::vcovCR(type = \"CR2\") with -cluster, sandwich::NeweyWest, in R.",
		wide:    [2]int{2, 0}, options: "level errors cluster newey-west factor no-intercept", run: (*statCall).ols,
	},
	{
		name: "did", short: "difference in differences",
		columns: "-cols are before and after, a row for each unit, and -by says which units were treated. Or, with -after,\n-cols are the outcome and covariates, a row for each person and occasion; people of one unit, or the\nsame people twice, hang together: -cluster names the column. -by and -after are 0 and 1, no and yes,\ntidak and ya, or any two values, of which -treated and -post name one.",
		equals:  "t.test(change ~ treated) in R, or with -after lm(y ~ treated * after) with sandwich::vcovHC, with -cluster clubSandwich::coef_test(vcov = \"CR2\").",
		by:      byAlways, wide: [2]int{1, 0}, options: "level did errors cluster", run: (*statCall).did,
	},
}

func init() {
	statFlags["errors"] = func(fs *flagSet, c *statCall) {
		choice(fs, &c.errors, "errors", "standard `errors`; robust is HC3, or CR2 with -cluster", "robust", "classical", "HC0", "HC1", "HC2", "HC3", "CR1", "CR2", "Newey-West")
	}
	statFlags["cluster"] = func(fs *flagSet, c *statCall) {
		fs.StringVar(&c.cluster, "cluster", "", "`column` of what hangs together: office, class, person")
	}
	statFlags["newey-west"] = func(fs *flagSet, c *statCall) {
		fs.IntVar(&c.lag, "lag", 0, "of Newey-West (default: 4(n/100)^(2/9), rounded down)")
		fs.BoolVar(&c.prewhite, "prewhite", false, "Newey-West after a first-order autoregression")
		fs.BoolVar(&c.smallSample, "adjust", false, "Newey-West times n/(n − p)")
	}
	statFlags["factor"] = func(fs *flagSet, c *statCall) {
		names(fs, &c.factors, "factor", "`predictors` that are categories")
	}
	statFlags["no-intercept"] = func(fs *flagSet, c *statCall) {
		fs.BoolVar(&c.noIntercept, "no-intercept", false, "no constant")
	}
	statFlags["did"] = func(fs *flagSet, c *statCall) {
		fs.StringVar(&c.after, "after", "", "`column` that says whether a row is of the second occasion")
		fs.StringVar(&c.treated, "treated", "", "`value` of -by that says treated")
		fs.StringVar(&c.post, "post", "", "`value` of -after that says after")
		choice(fs, &c.spread, "spread", "`variance` of changes: of each group, or one for both", "separate", "pooled")
	}
}

func (c *statCall) regressionOptions(s *sample) (*model.RegressionOptions, error) {
	o := &model.RegressionOptions{Level: c.level, NoIntercept: c.noIntercept, Lag: c.lag, Prewhite: c.prewhite, Adjust: c.smallSample}
	if c.cluster != "" {
		o.Clusters = s.extra[c.cluster].texts
	}
	return o, o.Errors.UnmarshalText([]byte(c.errors))
}

// modelColumns are the columns of -cols, factors as columns of 0 and 1.
func (c *statCall) modelColumns(s *sample) ([]model.Column, error) {
	var out []model.Column
	for _, v := range s.cols {
		if slices.Contains(c.factors, v.name) {
			out = append(out, dummies(v)...)
			continue
		}
		x, err := v.values()
		if err != nil {
			return nil, err
		}
		out = append(out, model.Column{Name: v.name, Values: x})
	}
	return out, nil
}

// dummies are a column for each category but the first.
func dummies(v *variable) []model.Column {
	var out []model.Column
	for i, category := range ascending(v.texts) {
		if i == 0 {
			continue
		}
		x := make([]float64, len(v.texts))
		for j, t := range v.texts {
			switch t {
			case category:
				x[j] = 1
			case "":
				x[j] = decimal(t)
			}
		}
		out = append(out, model.Column{Name: v.name + "=" + category, Values: x})
	}
	return out
}

func (c *statCall) ols(s *sample) ([]answer, error) {
	for _, name := range c.factors {
		if i := slices.Index(c.cols, name); i <= 0 {
			return nil, usagef("-factor %s is none of the predictors", name)
		}
	}
	columns, err := c.modelColumns(s)
	if err != nil {
		return nil, err
	}
	opt, err := c.regressionOptions(s)
	if err != nil {
		return nil, err
	}
	r, err := model.OLS(columns[0], columns[1:], opt)
	return []answer{{result: r, text: r.Table()}}, err
}

func (c *statCall) ancova(s *sample) ([]answer, error) {
	columns, err := c.modelColumns(s)
	if err != nil {
		return nil, err
	}
	opt, err := c.regressionOptions(s)
	if err != nil {
		return nil, err
	}
	group := slices.Clone(s.by.texts)
	if c.levels != nil {
		names := s.groupNames(c)
		for i, g := range group {
			if !slices.Contains(names, g) {
				group[i] = ""
			}
		}
	}
	r, err := model.ANCOVA(columns[0], group, columns[1:], opt)
	return []answer{{result: r, text: r.Table()}}, err
}

func (c *statCall) did(s *sample) ([]answer, error) {
	if c.after == "" && len(s.cols) != 2 {
		return nil, usagef("-cols are before and after; with -after, the outcome and covariates")
	}
	treated, s, err := c.only(s, s.by, c.treated, "-treated")
	if err != nil {
		return nil, err
	}
	if c.after != "" {
		return c.didRows(s)
	}
	if c.cluster != "" || c.errors != "robust" {
		return nil, usagef("-cluster and -errors are for rows with -after: here each row is a unit")
	}
	x, err := s.columns()
	if err != nil {
		return nil, err
	}
	opt := &model.Options{Level: c.level}
	if c.spread == "pooled" {
		opt.Spread = model.Pooled
	}
	t, err := model.DiffInDiff(x[0], x[1], treated, opt)
	return []answer{{asked: asked{Difference: fmt.Sprintf("%s − %s of the treated, less that of the others,", s.cols[1].name, s.cols[0].name)}, result: t, text: compare.Table(t)}}, err
}

func (c *statCall) didRows(s *sample) ([]answer, error) {
	after, s, err := c.only(s, s.extra[c.after], c.post, "-post")
	if err != nil {
		return nil, err
	}
	treated, s, err := c.only(s, s.by, c.treated, "-treated")
	if err != nil {
		return nil, err
	}
	columns, err := c.modelColumns(s)
	if err != nil {
		return nil, err
	}
	opt, err := c.regressionOptions(s)
	if err != nil {
		return nil, err
	}
	r, err := model.DiffInDiffRows(columns[0], treated, after, columns[1:], opt)
	return []answer{{result: r, text: r.Table()}}, err
}

// only keeps the rows for which a column of two values says something, and what it says.
func (c *statCall) only(s *sample, v *variable, yes, flag string) ([]bool, *sample, error) {
	yes, _, err := yesNo(ascending(v.texts), yes, flag)
	if err != nil {
		return nil, nil, err
	}
	var rows []int
	var said []bool
	for i, t := range v.texts {
		if t != "" {
			rows = append(rows, i)
			said = append(said, t == yes)
		}
	}
	if len(rows) == len(v.texts) {
		return said, s, nil
	}
	c.warnLeftOut(v.name, len(v.texts)-len(rows))
	return said, s.at(rows), nil
}
