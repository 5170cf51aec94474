package asn

import (
	"embed"
	"maps"
	"slices"
	"sync"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// A Mark says how well a row is known.
type Mark string

// The marks of rows that are built in, from well to less well known, and the
// mark of rows that an agency brings. What is merely believed has no mark here,
// because it is not built in.
const (
	V1     Mark = "V1"     // the text of the rule, or the regulator's own page, was read
	V2x2   Mark = "V2x2"   // two or more independent secondary sources agree
	V2     Mark = "V2"     // one secondary source
	Agency Mark = "agency" // from an agency's own file, under the source it states
)

// A Row is one cited decision of a [RuleSet]. Rule says what is decided and so
// which of the fields are used; the package documentation has the table.
type Row struct {
	Rule          string          `json:"rule"`
	For           string          `json:"for,omitempty"`  // what the row applies to: a tier, a status, a form, a use
	Code          string          `json:"code,omitempty"` // the stable word of what the row names
	Kind          competency.Kind `json:"kind,omitempty"`
	Title         competency.Text `json:"title,omitempty"`
	Also          []string        `json:"also,omitempty"` // other spellings that files use
	Description   competency.Text `json:"description,omitempty"`
	Level         *int            `json:"level,omitempty"`
	Value         *float64        `json:"value,omitempty"` // years, minutes, an answer
	Lower         *float64        `json:"lower,omitempty"` // inclusive; absent: everything below the next class
	Upper         *float64        `json:"upper,omitempty"` // as printed; only checked, never used to classify
	Min           *bangkom.JP     `json:"min,omitempty"`
	Max           *bangkom.JP     `json:"max,omitempty"`
	Basis         string          `json:"basis,omitempty"` // jp, day, session or activity
	National      *bangkom.JP     `json:"national,omitempty"`
	International *bangkom.JP     `json:"international,omitempty"`
	Cap           *bangkom.JP     `json:"cap,omitempty"` // most hours of this form in a year
	Note          string          `json:"note,omitempty"`

	Source        string       `json:"source"`
	Mark          Mark         `json:"mark,omitempty"`
	EffectiveFrom bangkom.Date `json:"effective_from,omitzero"`
	EffectiveTo   bangkom.Date `json:"effective_to,omitzero"` // last day; none: still in force
	Set           string       `json:"set,omitempty"`         // the id of the rule set
	Where         string       `json:"where,omitempty"`       // file:line, for rows of an agency
}

// InForce reports whether the row holds on a day.
func (r Row) InForce(day bangkom.Date) bool {
	return !day.Before(r.EffectiveFrom) && (r.EffectiveTo.IsZero() || !day.After(r.EffectiveTo))
}

func (r Row) clone() Row {
	r.Title, r.Description = maps.Clone(r.Title), maps.Clone(r.Description)
	r.Also = slices.Clone(r.Also)
	r.Level, r.Value, r.Lower, r.Upper = ref(r.Level), ref(r.Value), ref(r.Lower), ref(r.Upper)
	r.Min, r.Max, r.National, r.International, r.Cap = ref(r.Min), ref(r.Max), ref(r.National), ref(r.International), ref(r.Cap)
	return r
}

// ref copies what p points to.
func ref[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}

// spelled lists every way to write what the row is about.
func (r Row) spelled() []string {
	out := []string{r.For, r.Code}
	for _, tag := range slices.Sorted(maps.Keys(r.Title)) {
		out = append(out, r.Title[tag])
	}
	return slices.DeleteFunc(append(out, r.Also...), func(s string) bool { return s == "" })
}

// A RuleSet is a dated set of cited rows: a regulation as far as it is known,
// or what an agency has laid down.
type RuleSet struct {
	ID            string       `json:"id"`
	Title         string       `json:"title"`
	Source        string       `json:"source,omitempty"`
	Note          string       `json:"note,omitempty"`
	EffectiveFrom bangkom.Date `json:"effective_from,omitzero"`
	EffectiveTo   bangkom.Date `json:"effective_to,omitzero"` // last day; none: still in force
	Rows          []Row        `json:"rows"`
}

func (s RuleSet) clone() RuleSet {
	rows := make([]Row, len(s.Rows))
	for i, r := range s.Rows {
		rows[i] = r.clone()
	}
	s.Rows = rows
	return s
}

//go:embed rules/*.json
var builtInFiles embed.FS

// builtIn returns the rule sets that come with the package, read once.
var builtIn func() []RuleSet

// An assignment in its declaration would be a cycle: the loader of an agency's
// file knows the tiers from the built-in sets.
func init() { builtIn = sync.OnceValue(readAllBuiltIn) }

// readAllBuiltIn panics on a problem. A test reads every file and fails on the
// first one, so that no caller can meet it.
func readAllBuiltIn() []RuleSet {
	entries, err := builtInFiles.ReadDir("rules") // in order of their names
	if err != nil {
		panic("asn: " + err.Error())
	}
	var sets []RuleSet
	for _, e := range entries {
		set, ps := readBuiltIn("rules/" + e.Name())
		if len(ps) > 0 {
			panic("asn: " + ps.Error())
		}
		sets = append(sets, *set)
	}
	return sets
}

func readBuiltIn(name string) (*RuleSet, bangkom.Problems) {
	f, err := builtInFiles.Open(name)
	if err != nil {
		return nil, bangkom.AsProblems(err, "read")
	}
	defer f.Close()
	return load(f, name, false)
}

// BuiltIn returns the rule sets that come with the package, by id. They are
// copies: to change a rule, write an agency file and [Load] it.
func BuiltIn() []RuleSet {
	out := make([]RuleSet, 0, len(builtIn()))
	for _, s := range builtIn() {
		out = append(out, s.clone())
	}
	return out
}
