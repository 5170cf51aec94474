package needs

import (
	"fmt"
	"io"

	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/text"
)

// WriteText prints the ranking for people, in Indonesian ("id") or English
// ("en"): what is known, then the first top items (0: all).
func (r *Ranking) WriteText(w io.Writer, f *competency.Framework, lang string, top int) error {
	l, err := text.Parse(lang)
	if err != nil {
		return err
	}
	c := r.Coverage
	fmt.Fprintln(w, l.T("needs.coverage", l.Int(c.Known()), l.Int(c.Met), l.Int(c.Below), l.Int(c.NotAssessed), l.Int(c.Expired), l.Int(c.NoJob)))
	if top <= 0 || top > len(r.Items) {
		top = len(r.Items)
	}
	level := "95 %"
	if top > 0 && r.Items[0].ShareBelow.CI.Level > 0 {
		level = l.Percent(r.Items[0].ShareBelow.CI.Level, 0)
	}
	rows := []string{l.T("needs.header", level)}
	for _, it := range r.Items[:top] {
		if it.Suppressed {
			rows = append(rows, fmt.Sprintf("–\t%s\t%s", title(f, it.Item, lang), l.T("needs.suppressed")))
			continue
		}
		rank := "–"
		if it.Rank > 0 {
			rank = fmt.Sprint(it.Rank)
		}
		rows = append(rows, fmt.Sprintf("%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s", rank, title(f, it.Item, lang), l.Share(it.ShareBelow, 1), l.Num(it.Shortfall.Value, 2),
			l.Num(it.Criticality, 1), l.Int(it.ShareBelow.N), l.Int(it.Coverage.NotAssessed), l.Int(it.Coverage.Expired)))
	}
	if err := text.Columns(w, rows...); err != nil {
		return err
	}
	if more := len(r.Items) - top; more > 0 {
		fmt.Fprintln(w, "  "+l.T("needs.more", l.Int(more)))
	}
	return nil
}

func title(f *competency.Framework, id competency.CompetencyID, lang string) string {
	if f != nil {
		if c, ok := f.Competency(id); ok {
			return c.Title.In(lang)
		}
	}
	return string(id)
}
