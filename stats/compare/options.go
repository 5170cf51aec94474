package compare

import (
	"fmt"

	"github.com/bangkom/bangkom"
)

// The alternatives of a test.
const (
	TwoSided = "two-sided" // the zero value of Options.Alternative means this
	Less     = "less"
	Greater  = "greater"
)

// Options of the tests. The zero value, or nil, is usable.
type Options struct {
	Level       float64 // of the interval; 0: 0.95
	Null        float64 // the difference under the hypothesis; 0: none
	Alternative string  // TwoSided, Less or Greater; "": TwoSided
}

func (opt *Options) checked() (Options, error) {
	o := Options{}
	if opt != nil {
		o = *opt
	}
	if o.Level == 0 {
		o.Level = 0.95
	}
	if o.Alternative == "" {
		o.Alternative = TwoSided
	}
	if !(o.Level > 0 && o.Level < 1) {
		return o, refuse("Level", fmt.Sprint(o.Level), "a level outside (0, 1)", "use 0.95")
	}
	switch o.Alternative {
	case TwoSided, Less, Greater:
	default:
		return o, refuse("Alternative", o.Alternative, "no such alternative", `use "two-sided", "less" or "greater"`)
	}
	if o.Null-o.Null != 0 { // NaN or infinite
		return o, refuse("Null", fmt.Sprint(o.Null), "a null difference that is no number", "")
	}
	return o, nil
}

func refuse(where, value, msg, need string) error {
	return bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "compare: " + where, Value: value, Msg: msg, Need: need}
}
