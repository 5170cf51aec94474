package needs

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/text"
)

// WriteText prints the ranking for people, in Indonesian ("id") or English
// ("en"): what is known, then the first top items (0: all) with their intervals
// and, if people were drawn again, how sure the rank is. A star marks a rank
// that may be spoken of. Suppressed items are always printed.
func (r *Ranking) WriteText(w io.Writer, f *competency.Framework, lang string, top int) error {
	l, err := text.Parse(lang)
	if err != nil {
		return err
	}
	c := r.Coverage
	switch {
	case r.Published:
		fmt.Fprintln(w, l.T("needs.published", l.Int(r.People), l.Int(c.Known())))
	case r.Want == Required:
		fmt.Fprintln(w, l.T("needs.coverage", l.Int(c.Known()), l.Int(c.Met), l.Int(c.Below), l.Int(c.NotAssessed), l.Int(c.Expired), l.Int(c.NoJob)))
	default:
		fmt.Fprintln(w, l.T("needs.answers", l.Int(r.People), l.Int(c.Known()), l.Int(c.NotAssessed)))
	}
	if top <= 0 || top > len(r.Items) {
		top = len(r.Items)
	}
	columns := r.columns(l)
	var head []string
	for _, x := range columns {
		head = append(head, x.head)
	}
	rows := []string{strings.Join(head, "\t")}
	more := 0
	for i := range r.Items {
		x := &r.Items[i]
		switch {
		case x.Suppressed:
			rows = append(rows, fmt.Sprintf("–\t%s\t%s", title(f, x.Item, lang), l.T("needs.suppressed")))
		case i >= top:
			more++
		default:
			row := []string{r.rank(x), title(f, x.Item, lang)}
			for _, c := range columns[2:] {
				row = append(row, c.cell(x))
			}
			rows = append(rows, strings.Join(row, "\t"))
		}
	}
	if err := text.Columns(w, rows...); err != nil {
		return err
	}
	if more > 0 {
		fmt.Fprintln(w, "  "+l.T("needs.more", l.Int(more)))
	}
	if r.cut(top) {
		fmt.Fprintln(w, "  "+l.T("needs.cut"))
	}
	if s := r.Resampling; s != nil {
		fmt.Fprintln(w, l.T("needs.resampling", s.Method, l.Int(s.Resamples), l.Int(s.Units)))
	}
	return nil
}

func (r *Ranking) rank(x *Ranked) string {
	if x.Stable {
		return rankText(x.Rank) + "*"
	}
	return rankText(x.Rank)
}

func rankText(rank float64) string {
	if !(rank > 0) { // none, or NaN
		return "–"
	}
	return fmt.Sprint(rank)
}

// A column of the table: only those that say something are there.
type column struct {
	head string
	cell func(*Ranked) string
}

func (r *Ranking) columns(l text.Lang) []column {
	level, classes, resampled, sets := 0.95, false, false, false
	for i := range r.Items {
		x := &r.Items[i]
		if x.ShareBelow.CI.Level > 0 {
			level = x.ShareBelow.CI.Level
		}
		classes = classes || classOf(x.Detail) != ""
		resampled = resampled || x.RankCI[0] > 0
		sets = sets || x.RankSet[0] > 0
	}
	at := l.Percent(level, 0)
	var out []column
	add := func(code string, cell func(*Ranked) string, args ...any) {
		out = append(out, column{l.T("needs.col."+code, args...), cell})
	}
	add("rank", nil)
	add("item", nil)
	plain := r.Criticality == AllAlike || !r.Published && !slices.ContainsFunc(r.Items, func(x Ranked) bool { return x.Criticality < 1 || x.Criticality > 1 })
	if !plain || r.Method != ShareBelow.String() && r.Method != Shortfall.String() {
		add("score", func(x *Ranked) string { return l.Estimate(r.shown(x), 2) }, unitName(l, r.Unit), at)
	}
	if classes {
		add("class", func(x *Ranked) string { return classOf(x.Detail) })
	}
	add("below", func(x *Ranked) string {
		if x.ShareBelow.N == 0 {
			return "–"
		}
		return l.Share(x.ShareBelow, 1)
	}, at)
	add("missing", func(x *Ranked) string { return l.Estimate(cutAt0(x.Shortfall), 2) }, at)
	if r.Want == Required && !r.Published {
		add("criticality", func(x *Ranked) string { return l.Num(x.Criticality, 1) })
	}
	add("n", func(x *Ranked) string { return l.Int(x.ShareBelow.N) })
	switch {
	case r.Published: // they were not counted
	case r.Want == Required:
		add("unassessed", func(x *Ranked) string { return l.Int(x.Coverage.NotAssessed) })
		add("expired", func(x *Ranked) string { return l.Int(x.Coverage.Expired) })
	default:
		add("unanswered", func(x *Ranked) string { return l.Int(x.Coverage.NotAssessed) })
	}
	if resampled {
		add("ranks", func(x *Ranked) string { return ranks(x.RankCI) }, at)
		add("ptop", func(x *Ranked) string {
			if x.RankCI[0] == 0 {
				return "–"
			}
			return l.Percent(x.PTop, 0)
		}, strconv.Itoa(r.TopK))
	}
	if sets {
		add("rankset", func(x *Ranked) string { return ranks(x.RankSet) }, at)
	}
	return out
}

// cutAt0 ends the interval of missing levels where they end: Student's, which
// the value itself carries, reaches below 0 where few people miss much.
func cutAt0(e bangkom.Estimate) bangkom.Estimate {
	if e.Value >= 0 && e.CI.Lo < 0 {
		e.CI.Lo = 0
	}
	return e
}

func (r *Ranking) shown(x *Ranked) bangkom.Estimate {
	if r.Method == Shortfall.String() {
		return cutAt0(x.Score)
	}
	return x.Score
}

// cut reports whether an interval in the table was cut.
func (r *Ranking) cut(top int) bool {
	return slices.ContainsFunc(r.Items[:top], func(x Ranked) bool { return !x.Suppressed && x.Shortfall.CI.Lo < 0 })
}

// unitName says a unit in the language of the report, word by word.
func unitName(l text.Lang, unit string) string {
	words := strings.Split(unit, " × ")
	for i, w := range words {
		if l.Has("unit." + w) {
			words[i] = l.T("unit." + w)
		}
	}
	return strings.Join(words, " × ")
}

func ranks(r [2]int) string {
	if r[0] == 0 {
		return "–"
	}
	return fmt.Sprintf("%d–%d", r[0], r[1])
}

// classOf is the answer of a method whose answer is no number.
func classOf(detail any) string {
	switch d := detail.(type) {
	case IPADetail:
		return d.Quadrant
	case LocusDetail:
		return d.Class
	case HennessyHicksDetail:
		return d.Route
	}
	return ""
}

func title(f *competency.Framework, id competency.CompetencyID, lang string) string {
	if f != nil {
		if c, ok := f.Competency(id); ok {
			return c.Title.In(lang)
		}
	}
	return string(id)
}

// WriteText prints the methods side by side, for people: the rank of each item
// by each method, whether it is in the consensus, and how far the methods agree.
func (c *Comparison) WriteText(w io.Writer, f *competency.Framework, lang string) error {
	l, err := text.Parse(lang)
	if err != nil {
		return err
	}
	consensus := slices.ContainsFunc(c.Items, func(x Compared) bool { return x.Consensus || len(x.Missing) > 0 })
	head := []string{l.T("needs.col.item")}
	head = append(head, c.Methods...)
	if consensus {
		head = append(head, l.T("needs.col.consensus", strconv.Itoa(c.K)))
	}
	rows := []string{strings.Join(head, "\t")}
	for i := range c.Items {
		x := &c.Items[i]
		row := []string{title(f, x.Item, lang)}
		if x.Suppressed {
			rows = append(rows, strings.Join(append(row, l.T("needs.suppressed")), "\t"))
			continue
		}
		for _, r := range x.Ranks {
			row = append(row, rankText(r))
		}
		switch {
		case consensus && x.Consensus:
			row = append(row, l.T("needs.consensus.yes"))
		case consensus:
			row = append(row, l.T("needs.consensus.not", strings.Join(x.Missing, ", ")))
		}
		rows = append(rows, strings.Join(row, "\t"))
	}
	if err := text.Columns(w, rows...); err != nil {
		return err
	}
	_, err = fmt.Fprintln(w, l.T("needs.concordance", l.Num(c.W, 3)))
	return err
}
