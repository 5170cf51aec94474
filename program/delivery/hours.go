package delivery

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/word"
	"github.com/bangkom/bangkom/program"
	"github.com/bangkom/bangkom/table"
)

// Basis is what hours are credited for.
type Basis uint8

const (
	PerJP       Basis = iota + 1 // each hour taught
	PerDay                       // each day
	PerSession                   // each meeting
	PerActivity                  // each activity as a whole
)

var basisWords = word.Of[Basis]("basis of hours", "", "jp", "day", "session", "activity")

// String returns "jp", "day", "session" or "activity".
func (b Basis) String() string { return basisWords.String(b) }

// MarshalText writes the word of [Basis.String].
func (b Basis) MarshalText() ([]byte, error) { return basisWords.Marshal(b) }

// UnmarshalText reads what [Basis.MarshalText] wrote.
func (b *Basis) UnmarshalText(text []byte) error { return basisWords.Unmarshal(text, b) }

// An HourConversion says how many learning hours one unit of a form of
// development is worth. With PerJP, 1.2 JP per JP is 20 % on top.
type HourConversion struct {
	Form          program.Form `json:"form"`
	Basis         Basis        `json:"basis"`
	National      bangkom.JP   `json:"national"`      // per unit of the basis; 0: no rule
	International bangkom.JP   `json:"international"` // the same abroad; 0: no rule
	CapPerYear    bangkom.JP   `json:"cap_per_year"`  // most that one person is credited for the form in a year; 0: none
	Source        string       `json:"source"`
}

// An Activity is something that may earn hours: a completed session, a
// meeting with a mentor, days at a seminar.
type Activity struct {
	Person   competency.PersonID `json:"person"`
	Form     program.Form        `json:"form"`
	Last     bangkom.Date        `json:"last"`     // last day: it decides the year
	JP       *bangkom.JP         `json:"jp"`       // hours taught; nil: not known
	Days     int                 `json:"days"`     // 0: not known
	Meetings int                 `json:"meetings"` // 0: not known
	Abroad   bool                `json:"abroad,omitempty"`
	Evidence string              `json:"evidence,omitempty"`
}

// An Entry is an activity with the hours it is credited.
type Entry struct {
	Activity Activity   `json:"activity"`
	JP       bangkom.JP `json:"jp"`               // 0 where not Known: do not add it up as hours
	Known    bool       `json:"known"`            // false: no rule, or what the rule multiplies is not known
	Rule     string     `json:"rule,omitempty"`   // the source of the rule applied
	Reason   string     `json:"reason,omitempty"` // why not known, or what a cap took off
}

// A Ledger holds the entries of all people.
type Ledger struct {
	entries []Entry // by person, last day, form, evidence
}

// spelt is what forms are compared by: "Workshop" in a file is "workshop" in a rule.
func spelt(f program.Form) program.Form { return program.Form(table.Normalize(string(f))) }

// Account credits activities by the rules, whatever their order. Forms are
// compared through [table.Normalize]. An activity
// belongs to the year of its last day. What no rule covers, or what lacks the
// quantity that its rule multiplies, is kept as an entry that is not known.
//
// Problems: two rules for one form (the first is used), a rule without a form,
// basis or with negative hours (not used), and, as warnings, each form that
// has no rule with the number of its activities.
func Account(activities []Activity, rules []HourConversion) (*Ledger, bangkom.Problems) {
	byForm, problems := indexRules(rules)
	l := &Ledger{entries: make([]Entry, 0, len(activities))}
	type yearly struct {
		person competency.PersonID
		form   program.Form
		year   int
	}
	credited := map[yearly]bangkom.JP{}
	ruleless := map[program.Form]int{}
	for _, a := range sortedActivities(activities) {
		rule, ok := byForm[spelt(a.Form)]
		if !ok {
			ruleless[a.Form]++
		}
		e := credit(a, rule)
		if e.Known && rule.CapPerYear > 0 {
			key := yearly{a.Person, spelt(a.Form), a.Last.Year()}
			if room := rule.CapPerYear - credited[key]; e.JP > room {
				e.Reason = fmt.Sprintf("capped: %s JP of %s", e.JP-room, e.JP)
				e.JP = room
			}
			credited[key] += e.JP
		}
		l.entries = append(l.entries, e)
	}
	for _, f := range sortedKeys(ruleless) {
		problems.Add(bangkom.Problem{Code: "no-hour-rule", Severity: bangkom.Warning, Where: "rules/" + string(f), Value: string(f),
			Msg: fmt.Sprintf("%d activities of this form have no rule: their hours are not known", ruleless[f]), Need: "a rule with its source"})
	}
	return l, problems
}

func indexRules(rules []HourConversion) (map[program.Form]HourConversion, bangkom.Problems) {
	var problems bangkom.Problems
	byForm := map[program.Form]HourConversion{}
	for i, r := range rules {
		_, again := byForm[spelt(r.Form)]
		p := bangkom.Problem{Code: "hour-rule", Where: fmt.Sprintf("rules[%d]", i), Value: string(r.Form)}
		switch {
		case r.Form == "" || r.Basis < PerJP || r.Basis > PerActivity || r.National < 0 || r.International < 0 || r.CapPerYear < 0:
			p.Msg = "a rule without form or basis, or with negative hours"
		case again:
			p.Code, p.Msg, p.Need = "duplicate-id", "two rules for one form; the first is used", "one rule per form and day: choose the ruleset by date"
		default:
			byForm[spelt(r.Form)] = r
			continue
		}
		problems.Add(p)
	}
	return byForm, problems
}

// sortedActivities returns a copy by person, last day, form and evidence, so
// that a cap falls on the same entry in whatever order they came.
func sortedActivities(activities []Activity) []Activity {
	sorted := slices.Clone(activities)
	slices.SortStableFunc(sorted, func(a, b Activity) int {
		return cmp.Or(cmp.Compare(a.Person, b.Person), a.Last.Compare(b.Last), cmp.Compare(a.Form, b.Form), cmp.Compare(a.Evidence, b.Evidence))
	})
	for i, a := range sorted {
		if a.JP != nil { // the caller keeps its own
			jp := *a.JP
			sorted[i].JP = &jp
		}
	}
	return sorted
}

// credit applies a rule to an activity. The zero rule is none.
func credit(a Activity, r HourConversion) Entry {
	unknown := func(reason string) Entry { return Entry{Activity: a, Rule: r.Source, Reason: reason} }
	rate := r.National
	if a.Abroad {
		rate = r.International
	}
	if rate == 0 {
		return unknown("no rule for this form")
	}
	if a.Last.IsZero() {
		return unknown("no date, so no year")
	}
	quantity, known := r.quantity(a)
	if !known {
		return unknown("the number of units (" + r.Basis.String() + ") is not known")
	}
	// rate and quantity are both in thousandths of their unit.
	jp := new(big.Int).Mul(big.NewInt(int64(rate)), big.NewInt(quantity))
	jp.Add(jp, big.NewInt(int64(bangkom.OneJP)/2)).Div(jp, big.NewInt(int64(bangkom.OneJP)))
	if !jp.IsInt64() {
		return unknown("too many hours to be true")
	}
	return Entry{Activity: a, JP: bangkom.JP(jp.Int64()), Known: true, Rule: r.Source}
}

// quantity returns how many thousandths of the basis an activity has.
func (r HourConversion) quantity(a Activity) (int64, bool) {
	one := int64(bangkom.OneJP)
	switch r.Basis {
	case PerJP:
		if a.JP == nil || *a.JP < 0 {
			return 0, false
		}
		return int64(*a.JP), true
	case PerDay:
		return int64(a.Days) * one, a.Days > 0
	case PerSession:
		return int64(a.Meetings) * one, a.Meetings > 0
	}
	return one, true
}

// Entries returns all entries by person, last day, form and evidence.
func (l *Ledger) Entries() []Entry { return slices.Clone(l.entries) }

// Hours sum up a year of one person.
type Hours struct {
	JP      bangkom.JP  `json:"jp"`      // what is known
	Entries int         `json:"entries"` // of that year
	Unknown int         `json:"unknown"` // entries whose hours are not known
	ByForm  []FormHours `json:"by_form,omitempty"`
}

// FormHours are the hours of one form.
type FormHours struct {
	Form    program.Form `json:"form"`
	JP      bangkom.JP   `json:"jp"`
	Unknown int          `json:"unknown"`
}

// Hours returns what a person was credited in a year. Entries without a date
// count as unknown in every year.
func (l *Ledger) Hours(p competency.PersonID, year int) Hours {
	from, _ := slices.BinarySearchFunc(l.entries, p, func(e Entry, p competency.PersonID) int { return cmp.Compare(e.Activity.Person, p) })
	var h Hours
	forms := map[program.Form]*FormHours{}
	for _, e := range l.entries[from:] {
		a := e.Activity
		if a.Person != p {
			break
		}
		if !a.Last.IsZero() && a.Last.Year() != year {
			continue
		}
		f := forms[a.Form]
		if f == nil {
			f = &FormHours{Form: a.Form}
			forms[a.Form] = f
		}
		h.Entries++
		if !e.Known {
			h.Unknown++
			f.Unknown++
			continue
		}
		h.JP += e.JP
		f.JP += e.JP
	}
	for _, form := range sortedKeys(forms) {
		h.ByForm = append(h.ByForm, *forms[form])
	}
	return h
}
