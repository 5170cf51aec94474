package asn

import (
	"fmt"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// Classify puts a job-person match into one of the classes of
// [Rules.FillingBands] or [Rules.MappingBands], by the value under its cap
// policy. Where the uncapped figure and the one that caps each competency at
// its requirement fall into different classes, a warning (cap-decides) names
// both: the rules do not say which of the two is meant. ok is false, and there
// is no class, if nothing was assessed.
func Classify(j competency.JPM, classes bangkom.Bands) (class bangkom.Band, ok bool, warnings bangkom.Problems) {
	class, ok = classes.Class(j.Value)
	open, ok1 := classes.Class(j.Uncapped)
	capped, ok2 := classes.Class(j.Capped)
	if ok1 && ok2 && open.Code != capped.Code {
		warnings.Add(bangkom.Problem{Code: "cap-decides", Severity: bangkom.Warning, Where: classes.ID, Value: j.Cap.String(),
			Msg:  fmt.Sprintf("uncapped %.2f is %s, capped per competency %.2f is %s", j.Uncapped, open.Code, j.Capped, capped.Code),
			Need: "say which cap the agency uses, and look at the single gaps"})
	}
	return class, ok, warnings
}
