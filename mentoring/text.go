package mentoring

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/text"
)

// WriteText prints the matching for people, in Indonesian ("id") or English
// ("en"): its size, why people have no mentor, and the top pairs by score (0:
// all), under the names of the workforce.
func (m *Matching) WriteText(w io.Writer, staff *competency.Workforce, lang string, top int) error {
	l, err := text.Parse(lang)
	if err != nil {
		return err
	}
	places := 0
	for _, load := range m.Loads {
		places += load.Places
	}
	fmt.Fprintln(w, l.T("mentoring.summary", l.Int(len(m.Matched)), l.Int(len(m.Matched)+len(m.Unmatched)), l.Int(places), l.Int(len(m.Loads)), l.Num(float64(m.Weight), 0), l.Int(m.BlockingPairs)))
	if len(m.Unmatched) > 0 {
		fmt.Fprintln(w, l.T("mentoring.unmatched", whys(l, m.Unmatched)))
	}
	pairs := slices.Clone(m.Matched)
	slices.SortStableFunc(pairs, func(a, b Matched) int { return cmp.Compare(b.Score, a.Score) })
	if top <= 0 || top > len(pairs) {
		top = len(pairs)
	}
	if top == 0 {
		return nil
	}
	rows := []string{l.T("mentoring.header")}
	for _, p := range pairs[:top] {
		rows = append(rows, fmt.Sprintf("%s\t%s\t%s", name(staff, p.Mentee), name(staff, p.Mentor), l.Num(float64(p.Score), 0)))
	}
	return text.Columns(w, rows...)
}

// whys counts the reasons, the most frequent first.
func whys(l text.Lang, unmatched []Unmatched) string {
	n := map[Why]int{}
	for _, u := range unmatched {
		n[u.Why]++
	}
	order := []Why{NoEligible, AllFull, NoGap, NoStandard, GapNotAssessed, GapExpired}
	slices.SortStableFunc(order, func(a, b Why) int { return cmp.Compare(n[b], n[a]) })
	var parts []string
	for _, why := range order {
		if n[why] > 0 {
			parts = append(parts, l.T("mentoring.why", l.T("mentoring.why."+string(why)), l.Int(n[why])))
		}
	}
	return strings.Join(parts, "; ")
}

// name is the person's name; the identifier is personal data and stays out.
func name(staff *competency.Workforce, id competency.PersonID) string {
	if staff != nil {
		if p, ok := staff.Person(id); ok && p.Name != "" {
			return p.Name
		}
	}
	return "…" + string(id)[max(0, len(id)-3):]
}
