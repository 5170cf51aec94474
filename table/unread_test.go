package table_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/table"
)

var standards = table.Schema{
	{Key: "position", Names: []string{"Kode Jabatan"}, Required: true},
	{Key: "weight", Names: []string{"Bobot"}, Required: true},
	{Key: "criticality", Names: []string{"Kritikalitas"}},
	{Key: "source", Names: []string{"Sumber", "Dasar Hukum"}},
}

func unread(t *testing.T, header string, opt *table.Options) bangkom.Problems {
	t.Helper()
	rd := table.Read(strings.NewReader(header+"\n"+strings.Repeat("1,", strings.Count(header, ","))+"1\n"), "f.csv", standards, opt)
	for range rd.Rows() {
	}
	require.Equal(t, rd.Problems(), rd.Problems(), "said once")
	var out bangkom.Problems
	for _, p := range rd.Problems() {
		if p.Code != "dialect" {
			out.Add(p)
		}
	}
	return out
}

// A column that nobody reads is said, with what the file might have meant.
func TestColumnsThatNobodyReads(t *testing.T) {
	require.Empty(t, unread(t, "Kode Jabatan,Bobot", nil))
	require.Empty(t, unread(t, "Kode Jabatan,Bobot,Agama", &table.Options{Ignore: []string{"AGAMA"}}))
	require.Equal(t, bangkom.Problems{{Code: "unread-columns", Severity: bangkom.Note, Where: "f.csv:1", Value: "Catatan, Warna",
		Msg: "these columns are not read; not in the file, and not required: Kritikalitas"}}, unread(t, "Kode Jabatan,Catatan,Bobot,Sumber,Warna", nil))
	for _, slip := range []string{"Kritikalits", "kritikalitass", "Kritkalitas", "Kritikalitaz"} {
		require.Equal(t, bangkom.Problems{{Code: "unread-columns", Severity: bangkom.Warning, Where: "f.csv:1", Value: slip,
			Msg: "these columns are not read; not in the file, and not required: Kritikalitas, Sumber", Need: "correct the spelling: " + slip + " = Kritikalitas?"}},
			unread(t, "Kode Jabatan,Bobot,"+slip, nil))
	}
}

// A name with other words around the column's is taken for it, and one of
// several of its words; a single word of many is not.
func TestColumnsWithWordsMoreOrLess(t *testing.T) {
	cost := table.Column{Key: "seat", Names: []string{"Biaya per Kursi"}}
	for name, alike := range map[string]bool{"Biaya Kursi": true, "BIAYA PER KURSI (RP)": true, "Kursi": false, "Biaya Tetap": false, "seat cost": false} {
		rd := table.Read(strings.NewReader("Kode,"+name+"\n1,1\n"), "f.csv", table.Schema{{Key: "id", Names: []string{"Kode"}}, cost}, nil)
		require.Equal(t, alike, len(rd.Problems().Only(bangkom.Warning)) > 0, name)
	}
}

// A column that the caller expects and the file lacks is said once, with what
// its absence means.
func TestColumnsThatTheCallerExpects(t *testing.T) {
	rd := table.Read(strings.NewReader("Kode Jabatan,Bobot,Dasar\n1,1,x\n"), "f.csv", standards, nil)
	rd.Expect("source", "nothing has a source")
	rd.Expect("source", "nothing has a source")
	rd.Expect("weight", "it is there")
	require.Equal(t, bangkom.Problems{{Code: "absent-column", Severity: bangkom.Warning, Where: "f.csv:1", Value: "Sumber", Msg: "nothing has a source",
		Need: "a column named Sumber or Dasar Hukum or source; not understood in this header: Dasar"}}, rd.Problems().Only(bangkom.Warning))
	table.Read(strings.NewReader(""), "f.csv", standards, nil).Expect("source", "a file without a header has other faults")
}

// Where a required column is missing, the problem says what is there instead.
func TestAMissingColumnAndWhatIsThere(t *testing.T) {
	need := func(header string) string {
		ps := unread(t, header, nil).Only(bangkom.Error)
		require.Len(t, ps, 1)
		require.Equal(t, "missing-column", ps[0].Code)
		return ps[0].Need
	}
	require.Equal(t, "a column named Bobot or weight", need("Kode Jabatan"))
	require.Equal(t, `a column named Bobot or weight; "Bobott" looks like it`, need("Kode Jabatan,Bobott,Warna"))
	require.Equal(t, "a column named Bobot or weight; not understood in this header: Berat, Warna", need("Kode Jabatan,Berat,Warna"))
}

// A caller who asks for the other columns knows of them.
func TestColumnsThatTheCallerKnows(t *testing.T) {
	rd := table.Read(strings.NewReader("Kode Jabatan,Bobot,INT\n1,1,3\n"), "f.csv", standards, nil)
	require.Equal(t, []string{"INT"}, rd.Extra())
	require.False(t, rd.Problems().Has("unread-columns"))
}
