package model

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/stats/internal/wire"
)

// DiD is what [DiffInDiffRows] says.
type DiD struct {
	Effect bangkom.Test `json:"effect"`
	Cells  []DiDCell    `json:"cells"` // others before, others after, treated before, treated after
	Model  Regression   `json:"model"`
}

// DiDCell is one of the four cells.
type DiDCell struct {
	Treated bool `json:"treated"`
	After   bool `json:"after"`
	Cell    Cell `json:"cell"`
}

// DiffInDiffRows estimates the difference in differences by least squares on
// rows, one per person and occasion, with or without covariates:
//
//	y = a + b·treated + c·after + effect·treated·after + Σ covariates + e
//
// Without covariates the effect is that of the four cells' means. Where the same
// people or people of the same units answered on both occasions, give the units
// as Options.Clusters: standard errors that take rows for independent are
// wrong there, and usually too small. Treatment is by unit, so it is the
// number of treated units that counts, not of rows.
//
// A row with a NaN is left out and counted. Errors: those of [OLS]; ErrTooFew
// where a cell is empty.
//
// In R: lm(y ~ treated * after) with clubSandwich::coef_test(vcov = "CR2", cluster =).
func DiffInDiffRows(y Column, treated, after []bool, covariates []Column, opt *RegressionOptions) (DiD, error) {
	o, err := opt.checked()
	if err != nil {
		return DiD{}, err
	}
	n := len(y.Values)
	if len(treated) != n || len(after) != n {
		return DiD{}, problem(bangkom.ErrShape, "did", fmt.Sprintf("%d, %d and %d", n, len(treated), len(after)), "columns of unequal length", "one entry per row in each")
	}
	if o.NoIntercept {
		return DiD{}, problem(bangkom.ErrOption, "NoIntercept", "true", "cells are compared with an intercept", "false")
	}
	xs := []Column{{"treated", make([]float64, n)}, {"after", make([]float64, n)}, {"treated × after", make([]float64, n)}}
	for i := range n {
		if treated[i] {
			xs[0].Values[i] = 1
		}
		if after[i] {
			xs[1].Values[i] = 1
		}
		xs[2].Values[i] = xs[0].Values[i] * xs[1].Values[i]
	}
	d, err := newDesign(y, slices.Concat(xs, covariates), o)
	if err != nil {
		return DiD{}, err
	}
	var did DiD
	for g := range 4 {
		var values []float64
		for i, y := range d.y {
			if r := d.row(i); treated[r] == (g > 1) && after[r] == (g%2 == 1) {
				values = append(values, y)
			}
		}
		if len(values) == 0 {
			return DiD{}, problem(bangkom.ErrTooFew, "did", cellName(g > 1, g%2 == 1), "a cell without rows", "treated and others, before and after")
		}
		m := moments(values)
		did.Cells = append(did.Cells, DiDCell{g > 1, g%2 == 1, Cell{m.n, m.mean, m.variance}})
	}
	if did.Model, err = d.fit(o); err != nil {
		return DiD{}, err
	}
	did.Effect, _ = did.Model.Coefficient("treated × after")
	did.Effect.Estimate.Method = "difference in differences, " + did.Model.Method
	if o.Clusters == nil {
		did.Effect.Estimate.Warnings.Add(bangkom.Problem{Code: "rows-as-independent", Severity: bangkom.Note,
			Msg: "rows are taken for independent", Need: "Clusters, where people or units appear on both occasions"})
	}
	return did, nil
}

func cellName(treated, after bool) string {
	name := "others"
	if treated {
		name = "treated"
	}
	if after {
		return name + " after"
	}
	return name + " before"
}

// String gives the effect on one line.
func (d DiD) String() string { return "difference in differences: " + d.Effect.String() }

// Table gives the four cells, the coefficients, and how they were found.
func (d DiD) Table() string {
	var b strings.Builder
	t := wire.NewGrid("n", "mean", "variance")
	for _, c := range d.Cells {
		t.Row(cellName(c.Treated, c.After), float64(c.Cell.N), c.Cell.Mean, c.Cell.Variance)
	}
	t.Write(&b)
	b.WriteString("\n" + d.Model.Table())
	warnings(&b, d.Effect.Estimate.Warnings)
	return b.String()
}

// MarshalJSON writes the fields by their tags; what is no number is null.
func (d DiD) MarshalJSON() ([]byte, error) { return wire.Marshal(d) }

// UnmarshalJSON reads what MarshalJSON wrote; null is NaN.
func (d *DiD) UnmarshalJSON(data []byte) error {
	type plain DiD
	return wire.Unmarshal(data, (*plain)(d))
}

// MarshalJSON writes the fields by their tags; what is no number is null.
func (c DiDCell) MarshalJSON() ([]byte, error) { return wire.Marshal(c) }

// MarshalJSON writes the fields by their tags; what is no number is null.
func (c Cell) MarshalJSON() ([]byte, error) { return wire.Marshal(c) }

// UnmarshalJSON reads what MarshalJSON wrote; null is NaN.
func (c *Cell) UnmarshalJSON(data []byte) error {
	type plain Cell
	return wire.Unmarshal(data, (*plain)(c))
}
