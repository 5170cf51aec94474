package competency

import (
	"bytes"
	"io"
	"reflect"
	"strconv"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/table"
)

// associationColumns are the columns of associations.csv.
var associationColumns = table.Schema{
	{Key: "from", Names: []string{"Dari", "From"}, Required: true},
	{Key: "type", Names: []string{"Hubungan", "Relation", "Type"}, Required: true},
	{Key: "to", Names: []string{"Ke", "To"}},
	{Key: "framework", Names: []string{"Kamus", "Framework"}},
	{Key: "uri", Names: []string{"Alamat", "URI"}},
	{Key: "sequence", Names: []string{"Urutan", "Sequence"}},
	{Key: "group", Names: []string{"Kelompok", "Group"}},
	{Key: "strength", Names: []string{"Kekuatan", "Strength"}},
	{Key: "review", Names: []string{"Tinjauan", "Review"}},
	{Key: "author", Names: []string{"Peninjau", "Author"}},
	{Key: "date", Names: []string{"Tanggal", "Date"}},
	{Key: "note", Names: []string{"Catatan", "Note"}},
	{Key: "id", Names: []string{"ID", "Association ID"}},
}

// WriteAssociations writes associations.csv as [ReadAssociations] reads it, a
// row for each link beside those of [Competency.Parent]. The losses are named
// as by [Framework.WriteCompetencies].
func (f *Framework) WriteAssociations(w io.Writer) (bangkom.Problems, error) {
	h := newSheet(associationColumns)
	lost := losses{}
	var written []Association
	for _, a := range f.Associations {
		if a.From == "" || a.Type == "" || a.To.ID == "" && a.To.URI == "" {
			lost["association without ends or type"]++
			continue
		}
		if a.To.Title != "" {
			lost["association.to/title"]++
		}
		lost.fields("association", compareExtras(nil, a.Extra, nil))
		a.To.Title, a.Extra = "", nil
		written = append(written, a)
		cells := map[string]string{
			"from": string(a.From), "type": string(a.Type), "to": string(a.To.ID), "framework": string(a.To.Framework), "uri": a.To.URI, "group": a.Group,
			"review": string(a.Review), "author": a.Author, "date": a.Date.String(), "note": a.Note, "id": a.ID,
		}
		if a.Sequence != 0 {
			cells["sequence"] = strconv.Itoa(a.Sequence)
		}
		if a.Strength != 0 {
			cells["strength"] = strconv.FormatFloat(a.Strength, 'f', -1, 64)
		}
		h.add("associations/"+string(a.From), cells)
	}
	data, err := h.bytes()
	if err != nil {
		return nil, err
	}
	back, _ := ReadAssociations(bytes.NewReader(data), "")
	for k := range written {
		if len(back) > 0 && reflect.DeepEqual(back[0], written[k]) {
			back = back[1:]
			continue
		}
		lost["association: read otherwise"]++
		if len(back) == len(written)-k { // not left out: read, but not as it was
			back = back[1:]
		}
	}
	return h.finish(w, data, lost)
}

// ReadAssociations reads associations.csv: Dari, Hubungan, Ke (or Alamat, an
// address), and if they are there Kamus (the framework of Ke), Urutan, Kelompok,
// Kekuatan, Tinjauan, Peninjau, Tanggal, Catatan, ID. Hubungan is a [Relation];
// ids are taken as they stand, and [Framework.Validate] says whether they lead
// anywhere. As the links of a [Crosswalk], Dari is in its From and Ke in its To.
//
//	ANA,replacedBy,ANA-D
//	ANA,replacedBy,ANA-I
func ReadAssociations(r io.Reader, file string) ([]Association, bangkom.Problems) {
	rd := table.Read(r, file, associationColumns, nil)
	var all []Association
	for row := range rd.Rows() {
		if tooMany(row, "from", len(all)) {
			break
		}
		from, ok := row.Required("from")
		relation, also := row.Required("type")
		if !ok || !also {
			continue
		}
		a := Association{
			ID: row.Text("id"), Type: readRelation(relation), From: CompetencyID(from), Group: row.Text("group"),
			To: Ref{Framework: FrameworkID(row.Text("framework")), ID: CompetencyID(row.Text("to")), URI: row.Text("uri")},
		}
		if a.To.ID == "" && a.To.URI == "" {
			row.Fail("to", "empty-cell", "the association leads nowhere", "name its other end")
		}
		a.Sequence, _ = row.Int("sequence")
		a.Strength, _ = row.Decimal("strength")
		d := readDecision(row)
		a.Review, a.Author, a.Date, a.Note = d.Review, d.Author, d.Date, d.Note
		if row.OK() {
			all = append(all, a)
		}
	}
	return all, rd.Problems()
}

// readRelation knows the common relations in any spelling.
func readRelation(s string) Relation {
	for _, r := range relations {
		if spelling(s) == spelling(string(r)) {
			return r
		}
	}
	return Relation(s)
}
