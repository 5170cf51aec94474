package competency

import (
	"encoding/csv"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/table"
)

// The columns of a plan as a table.
var planColumns = table.Schema{
	{Key: "action", Names: []string{"Tindakan"}, Required: true},
	{Key: "from", Names: []string{"Dari"}, Required: true},
	{Key: "from_text", Names: []string{"Nama Lama"}},
	{Key: "to", Names: []string{"Ke"}, Required: true},
	{Key: "to_text", Names: []string{"Nama Baru"}},
	{Key: "levels", Names: []string{"Level"}},
	{Key: "review", Names: []string{"Tinjauan", "Status"}, Required: true},
	{Key: "author", Names: []string{"Peninjau"}},
	{Key: "date", Names: []string{"Tanggal"}},
	{Key: "each", Names: []string{"Masing Masing"}},
	{Key: "changes", Names: []string{"Perubahan"}},
	{Key: "by", Names: []string{"Ditemukan"}},
	{Key: "score", Names: []string{"Kemiripan"}},
	{Key: "note", Names: []string{"Catatan"}},
}

// WriteCSV writes the plan as a table for reviewers: first a row "plan" with
// the ids of the frameworks, their versions beside them and the plan's id as
// its note; then a row "scale" for each two scales, with levels such as
// "0=0, 1=1, 2=1"; then a row for each move. Several ids are parted by "|". The
// names come from the frameworks, which may be nil, and are not read again; one
// that a spreadsheet would compute gets an apostrophe before it.
// [ReadMigration] reads it back as it was.
func (m *Migration) WriteCSV(w io.Writer, old, next *Framework) error {
	out := csv.NewWriter(w)
	head := make([]string, len(planColumns))
	for k, c := range planColumns {
		head[k] = c.Key
	}
	write := func(cells map[string]string, d Decision) error {
		cells["review"], cells["author"], cells["date"] = string(d.Review), d.Author, d.Date.String()
		if d.Note != "" {
			cells["note"] = d.Note
		}
		row := make([]string, len(head))
		for k, key := range head {
			row[k] = cells[key]
		}
		return out.Write(row)
	}
	if err := out.Write(head); err != nil {
		return err
	}
	if err := write(map[string]string{
		"action": "plan", "from": escape(m.Old.Framework), "from_text": m.Old.Version, "to": escape(m.New.Framework), "to_text": m.New.Version, "note": m.ID,
	}, Decision{}); err != nil {
		return err
	}
	for _, s := range m.Scales {
		if err := write(map[string]string{"action": "scale", "from": escape(s.Old), "to": escape(s.New), "levels": s.Levels.String()}, s.Decision); err != nil {
			return err
		}
	}
	before, after := titles(old), titles(next)
	for k := range m.Moves {
		x := &m.Moves[k]
		cells := map[string]string{
			"action": x.Action(), "from": escapes(x.From), "from_text": named(before, x.From), "to": escapes(x.To), "to_text": named(after, x.To),
			"levels": x.Levels.String(), "by": string(x.By), "changes": strings.Join(strs(x.Changes), "|"),
		}
		if x.Each {
			cells["each"] = "yes"
		}
		if x.Score != 0 {
			cells["score"] = strconv.FormatFloat(x.Score, 'f', -1, 64)
		}
		if err := write(cells, x.Decision); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func titles(f *Framework) map[CompetencyID]string {
	all := map[CompetencyID]string{}
	if f != nil {
		for i := range f.Competencies {
			all[f.Competencies[i].ID] = f.Competencies[i].Title.In("id")
		}
	}
	return all
}

func named(titles map[CompetencyID]string, ids []CompetencyID) string {
	parts := make([]string, len(ids))
	for k, id := range ids {
		parts[k] = titles[id]
	}
	text := strings.Join(parts, " | ")
	if formula(text) {
		return "'" + text
	}
	return text
}

// formula reports whether a spreadsheet would compute a cell.
func formula(s string) bool { return s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) }

func strs[S ~string](list []S) []string {
	parts := make([]string, len(list))
	for k, s := range list {
		parts[k] = string(s)
	}
	return parts
}

// escape keeps in an id what a cell or a list of ids would lose.
func escape[S ~string](id S) string {
	s := string(id)
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if edge := i == 0 || i == len(s)-1; c == '%' || c == '|' || c < ' ' || c == 0x7f || c >= 0x80 || c == ' ' && edge {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

func escapes[S ~string](ids []S) string {
	parts := make([]string, len(ids))
	for k, id := range ids {
		parts[k] = escape(id)
	}
	return strings.Join(parts, "|")
}

// unescape reads an id; one that was not written by escape stands as it is.
func unescape[S ~string](s string) S {
	if id, err := url.PathUnescape(s); err == nil {
		return S(id)
	}
	return S(s)
}

// unescapes reads a list of ids.
func unescapes[S ~string](s string) []S {
	var ids []S
	for id := range strings.SplitSeq(s, "|") {
		if id = strings.TrimSpace(id); id != "" {
			ids = append(ids, unescape[S](id))
		}
	}
	return ids
}

// reviews by their normalised spellings.
var reviews = map[string]Review{
	"proposed": Proposed, "usulan": Proposed, "diusulkan": Proposed,
	"accepted": Accepted, "diterima": Accepted, "disetujui": Accepted, "setuju": Accepted,
	"rejected": Rejected, "ditolak": Rejected, "tolak": Rejected,
}

// ReadMigration reads a plan that [Migration.WriteCSV] wrote and people have
// reviewed. A row with a fault is reported and left out: check the plan with
// [Migration.Validate], which names competencies that have no row.
//
//	no-plan             error  no row says "plan": the plan has no id and no editions
//	second-plan         error  another row does; the first was kept
//	unknown-action      error  not plan, scale, move, split, merge or drop
//	conflicting-action  error  the action does not fit the ids: a drop that leads somewhere
//	unknown-review      error  not proposed, accepted or rejected (usulan, diterima, ditolak)
//	bad-levels          error  not of the form "0=0, 1=1"
//	unsigned            note   how many rows that needed a judgement are accepted without author or day
func ReadMigration(r io.Reader, file string) (*Migration, bangkom.Problems) {
	rd := table.Read(r, file, planColumns, nil)
	m := &Migration{}
	found := false
	var unsigned tally
	for row := range rd.Rows() {
		action, ok := row.Required("action")
		if !ok {
			continue
		}
		d := readDecision(row)
		levels := readLevels(row)
		switch action = strings.ToLower(action); action {
		case "plan":
			if found {
				row.Fail("action", "second-plan", "another row says plan, and was kept", "keep one plan in a file")
				continue
			}
			found = true
			m.ID = d.Note
			m.Old = Edition{unescape[FrameworkID](row.Text("from")), row.Text("from_text")}
			m.New = Edition{unescape[FrameworkID](row.Text("to")), row.Text("to_text")}
		case "scale":
			if row.OK() {
				if d.unsigned() && !levels.identity() {
					unsigned.add(func() string { return row.Where("author") })
				}
				m.Scales = append(m.Scales, ScaleMap{unescape[ScaleID](row.Text("from")), unescape[ScaleID](row.Text("to")), levels, d})
			}
		case "move", "split", "merge", "drop":
			x := Move{From: unescapes[CompetencyID](row.Text("from")), To: unescapes[CompetencyID](row.Text("to")), Levels: levels, Decision: d, By: FoundBy(row.Text("by"))}
			x.Each, _ = row.Bool("each")
			x.Score, _ = row.Decimal("score")
			for k := range strings.SplitSeq(row.Text("changes"), "|") {
				if k = strings.TrimSpace(k); k != "" {
					x.Changes = append(x.Changes, ChangeKind(k))
				}
			}
			if x.Action() != action {
				row.Fail("action", "conflicting-action", "the ids say "+x.Action(), `write that, or correct the ids; several ids are parted by "|"`)
			}
			if row.OK() {
				if d.unsigned() && !x.plain() {
					unsigned.add(func() string { return row.Where("author") })
				}
				m.Moves = append(m.Moves, x)
			}
		default:
			row.Fail("action", "unknown-action", "not an action of a plan", "plan, scale, move, split, merge or drop")
		}
	}
	ps := rd.Problems()
	if unsigned.n > 0 {
		ps.Add(bangkom.Problem{Code: "unsigned", Severity: bangkom.Note, Where: unsigned.where, Value: fmt.Sprint(unsigned.n), Msg: "rows accepted without author or day, here the first: nobody can tell later who decided", Need: "fill in author and date"})
	}
	if !found {
		ps.Add(bangkom.Problem{Code: "no-plan", Where: file, Msg: `no row says "plan": the plan has no id and no editions`, Need: "keep the first row of the file"})
	}
	return m, ps
}

// unsigned is accepted by nobody, or on no day.
func (d *Decision) unsigned() bool {
	return d.Review == Accepted && (d.Author == "" || d.Date.IsZero())
}

// plain moves are those that [PlanMigration] accepts by itself.
func (m *Move) plain() bool {
	return m.Action() == "move" && (m.By == ByID || m.By == ByExactMatch) && !slices.Contains(m.Changes, MeaningChanged) && !slices.Contains(m.Changes, Merged)
}

func (m LevelMap) identity() bool {
	for old, next := range m {
		if old != next {
			return false
		}
	}
	return true
}

func readDecision(row *table.Row) Decision {
	d := Decision{Author: row.Text("author"), Note: row.Text("note")}
	d.Date, _ = row.Date("date")
	if s := row.Text("review"); s != "" {
		var ok bool
		if d.Review, ok = reviews[spelling(s)]; !ok {
			row.Fail("review", "unknown-review", "not one of the states of a review", "proposed, accepted or rejected")
		}
	}
	return d
}

// readLevels reads "0=0, 1=1"; nil for an empty cell.
func readLevels(row *table.Row) LevelMap {
	text := row.Text("levels")
	if text == "" {
		return nil
	}
	levels := LevelMap{}
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(",; \n\t", r) }) {
		a, b, ok := strings.Cut(part, "=")
		from, err := strconv.ParseInt(a, 10, 8)
		to, err2 := strconv.ParseInt(b, 10, 8)
		if _, twice := levels[Level(from)]; !ok || err != nil || err2 != nil || twice {
			row.Fail("levels", "bad-levels", "not a map of levels, each once", `write "0=0, 1=1", old level first`)
			return nil
		}
		levels[Level(from)] = Level(to)
	}
	return levels
}
