package reliability

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/stats/internal/wire"
)

// CarelessOptions say from where on a respondent is marked. No limit is built
// in: which one is right depends on the questionnaire.
type CarelessOptions struct {
	LongString int     // marked from this many equal answers in a row; 0: nobody
	IRV        float64 // marked up to this spread of the answers; 0: nobody, unless Flat
	Flat       bool    // marks a spread of exactly nought
	Missing    float64 // marked from this share of missing answers; 0: nobody
}

// Carelessness are the indices of one respondent.
type Carelessness struct {
	Row        int      `json:"row"`         // as given, from 0
	LongString int      `json:"long_string"` // most equal answers in a row
	IRV        float64  `json:"irv"`         // standard deviation of the answers; NaN below two
	Missing    int      `json:"missing"`
	Marks      []string `json:"marks,omitempty"` // "long-string", "irv", "missing"
}

// A CarelessResult is what [Careless] found.
type CarelessResult struct {
	Respondents []Carelessness `json:"respondents"` // one per row, in order
	Items       int            `json:"items"`
	Marked      int            `json:"marked"`
	Limits      string         `json:"limits"`
}

// Careless looks for respondents who did not read the questions: most equal
// answers in a row (longstring), within-person standard deviation with n − 1
// (intra-individual response variability) and missing answers. items is item × respondent in
// the order of the questionnaire, as answered: reversed items must not be reversed yet. A
// missing answer ends a run. A mark is a reason to look, not to delete.
//
// Errors: ErrTooFew below two items, ErrShape, ErrNotFinite, ErrOption.
// In R: careless::longstring, careless::irv(na.rm = TRUE).
func Careless(items [][]float64, opt *CarelessOptions) (CarelessResult, error) {
	var o CarelessOptions
	if opt != nil {
		o = *opt
	}
	if o.LongString < 0 || !(o.IRV >= 0) || !(o.Missing >= 0 && o.Missing <= 1) {
		return CarelessResult{}, problem(bangkom.ErrOption, "limits", fmt.Sprintf("%+v", o), "no such limits", "0 or more; a share for Missing")
	}
	if _, err := (*Options)(nil).checked(len(items)); err != nil {
		return CarelessResult{}, err
	}
	if len(items[0]) > 0 {
		if err := (Options{}).shape(items); err != nil {
			return CarelessResult{}, err
		}
	}
	if err := finiteItems(items); err != nil {
		return CarelessResult{}, err
	}
	r := CarelessResult{Items: len(items), Limits: o.String(), Respondents: make([]Carelessness, 0, len(items[0]))}
	known := make([]float64, 0, len(items))
	for row := range items[0] {
		c := Carelessness{Row: row}
		run := 0
		last := math.NaN()
		known = known[:0]
		for _, it := range items {
			x := it[row]
			switch {
			case math.IsNaN(x):
				c.Missing++
				run = 0
			case x == last:
				run++
			default:
				run = 1
			}
			last = x
			if !math.IsNaN(x) {
				known = append(known, x)
			}
			c.LongString = max(c.LongString, run)
		}
		c.IRV = math.Sqrt(num.Variance(known))
		if len(known) > 1 && slices.Min(known) == slices.Max(known) {
			c.IRV = 0
		}
		o.mark(&c, len(items))
		if c.Marks != nil {
			r.Marked++
		}
		r.Respondents = append(r.Respondents, c)
	}
	return r, nil
}

func (o CarelessOptions) mark(c *Carelessness, items int) {
	if o.LongString > 0 && c.LongString >= o.LongString {
		c.Marks = append(c.Marks, "long-string")
	}
	if o.Flat && c.IRV == 0 || o.IRV > 0 && c.IRV <= o.IRV {
		c.Marks = append(c.Marks, "irv")
	}
	if o.Missing > 0 && float64(c.Missing) >= o.Missing*float64(items) {
		c.Marks = append(c.Marks, "missing")
	}
}

// String names the limits.
func (o CarelessOptions) String() string {
	var parts []string
	if o.LongString > 0 {
		parts = append(parts, fmt.Sprintf("longstring ≥ %d", o.LongString))
	}
	switch {
	case o.IRV > 0:
		parts = append(parts, fmt.Sprintf("IRV ≤ %g", o.IRV))
	case o.Flat:
		parts = append(parts, "IRV = 0")
	}
	if o.Missing > 0 {
		parts = append(parts, fmt.Sprintf("missing ≥ %g %%", 100*o.Missing))
	}
	if parts == nil {
		return "no limits"
	}
	return strings.Join(parts, ", ")
}

// String says how many are marked.
func (r CarelessResult) String() string {
	return fmt.Sprintf("%d of %d respondents marked (%s)", r.Marked, len(r.Respondents), r.Limits)
}

// Table lists the respondents who are marked.
func (r CarelessResult) Table() string {
	var b strings.Builder
	t := wire.NewGrid("longstring", "IRV", "missing", "marks")
	for _, c := range r.Respondents {
		if c.Marks != nil {
			t.Text(fmt.Sprint(c.Row), fmt.Sprint(c.LongString), wire.Short(c.IRV), fmt.Sprint(c.Missing), strings.Join(c.Marks, ", "))
		}
	}
	t.Write(&b)
	fmt.Fprintf(&b, "\n%s, %d items as answered. A mark is a reason to look, not to delete.\n", r, r.Items)
	return b.String()
}

// MarshalJSON writes the fields by their tags; what is no number is null.
func (c Carelessness) MarshalJSON() ([]byte, error) { return wire.Marshal(c) }

// UnmarshalJSON reads what MarshalJSON wrote; null is NaN.
func (c *Carelessness) UnmarshalJSON(data []byte) error {
	type plain Carelessness
	return wire.Unmarshal(data, (*plain)(c))
}
