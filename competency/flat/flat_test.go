package flat_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/competency/flat"
	"github.com/bangkom/bangkom/internal/ref"
)

func count(ps bangkom.Problems) map[string]int {
	m := map[string]int{}
	for _, p := range ps {
		m[p.Severity.String()+" "+p.Code]++
	}
	delete(m, "note dialect")
	return m
}

func kinds(t *flat.Table) map[competency.Kind]int {
	m := map[competency.Kind]int{}
	for _, c := range t.Framework.Competencies {
		m[c.Kind]++
	}
	return m
}

func requirements(t *flat.Table) (n int) {
	for _, p := range t.Positions {
		n += len(p.Requirements)
	}
	return n
}

func TestNICE(t *testing.T) {
	name := ref.Shared(t, "data", "nice", "nistnice2022-full.csv")
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	require.True(t, bytes.HasPrefix(data, []byte("\xef\xbb\xbf")))
	require.Contains(t, string(data[:2000]), "\r\n")
	tab, ps := flat.Read(bytes.NewReader(data), "nice.csv", &flat.Options{Language: "en"})
	require.NoError(t, ps.Err())
	require.Equal(t, map[string]int{"warning duplicate-row": 3, "warning same-text": 3, "note no-level": 1, "note no-weight": 1}, count(ps))
	require.Len(t, tab.Positions, 52)
	require.Equal(t, map[competency.Kind]int{flat.Group: 4, flat.Whole: 60, "Knowledge": 577, "Skill": 362, "Ability": 145}, kinds(tab))
	require.Equal(t, 3266, requirements(tab))
	low, high := 1000, 0
	for _, p := range tab.Positions {
		low, high = min(low, len(p.Requirements)), max(high, len(p.Requirements))
		require.Len(t, p.Extra, 3, "community, category and specialty area")
	}
	require.Equal(t, []int{19, 168}, []int{low, high})
	require.NoError(t, tab.Framework.Validate().Err())

	// The same text under two ids: three pairs, one of which differs by a blank.
	rows, err := csv.NewReader(bytes.NewReader(data[3:])).ReadAll()
	require.NoError(t, err)
	exact := map[string]map[string]bool{}
	for _, r := range rows[1:] {
		if exact[r[10]] == nil {
			exact[r[10]] = map[string]bool{}
		}
		exact[r[10]][r[9]] = true
	}
	twice := 0
	for _, ids := range exact {
		if len(ids) > 1 {
			twice++
		}
	}
	require.Equal(t, 2, twice)

	_, ps = competency.NewWorkforce(tab.Framework, tab.Positions, nil, nil)
	require.NoError(t, ps.Err())

	wide, ps := flat.Read(bytes.NewReader(data), "nice.csv", &flat.Options{Language: "en", Competencies: true})
	require.NoError(t, ps.Err())
	require.Equal(t, 1222, requirements(wide))
	require.Equal(t, 3, count(ps)["warning duplicate-row"])

	roundTrip(t, tab, &flat.Options{Language: "en"})
}

// roundTrip holds the equality of the documentation.
func roundTrip(t *testing.T, tab *flat.Table, o *flat.Options) {
	t.Helper()
	before, err := json.Marshal(tab)
	require.NoError(t, err)
	var b, again bytes.Buffer
	losses, err := flat.Write(&b, tab, o)
	require.NoError(t, err)
	require.NoError(t, losses.Err())
	after, _ := json.Marshal(tab)
	require.Equal(t, string(before), string(after), "the argument was changed")
	got, ps := flat.Read(bytes.NewReader(b.Bytes()), "again.csv", o)
	require.NoError(t, ps.Err())
	require.Equal(t, settled(t, tab), settled(t, got))
	_, err = flat.Write(&again, tab, o)
	require.NoError(t, err)
	require.Equal(t, b.String(), again.String())
}

func settled(t *testing.T, tab *flat.Table) string {
	t.Helper()
	f := tab.Framework.Clone()
	slices.SortFunc(f.Competencies, func(a, b competency.Competency) int { return strings.Compare(string(a.ID), string(b.ID)) })
	data, err := json.MarshalIndent(flat.Table{Framework: f, Positions: tab.Positions}, "", " ")
	require.NoError(t, err)
	return string(data)
}

const small = "Work Role,Competency Group ID,Competency Group,Competency ID,Competency,KSA ID,KSA,K S or A,Area\r\n" +
	"Analyst (A-1),G1,Technical,C1,Data,K1,Knowledge of data ,Knowledge,x\r\n" +
	"Analyst (A-1),G1,Technical,C1,Data,K2,Knowledge of data,Knowledge,x\r\n" +
	"Builder (B-1),G1,Technical,C2,Building,S1,\"Skill in\nbuilding\",Skill,y\r\n" +
	"Analyst (A-1),G1,Technical,C1,Data,K1,Knowledge of data,Knowledge,x"

// The defects of the published table, in four rows: marks of its encoding, a
// duplicate, two ids with one text, no final line end.
func TestDefects(t *testing.T) {
	tab, ps := flat.Read(strings.NewReader("\ufeff"+small), "roles.csv", nil)
	require.NoError(t, ps.Err())
	require.Equal(t, map[string]int{"warning duplicate-row": 1, "warning same-text": 1, "note no-level": 1, "note no-weight": 1}, count(ps))
	require.Len(t, tab.Positions, 2)
	require.Equal(t, competency.Position{ID: "A-1", Title: "Analyst", Extra: competency.Extra{"flat:Area": json.RawMessage(`"x"`)}, Requirements: []competency.Requirement{
		{Competency: "K1", Level: 1, Weight: 1, Criticality: 1}, {Competency: "K2", Level: 1, Weight: 1, Criticality: 1},
	}}, tab.Positions[0])
	require.NoError(t, tab.Framework.Validate().Err())
	roundTrip(t, tab, nil)
}

func TestTables(t *testing.T) {
	scale := competency.Scale{ID: "s", Levels: []competency.Descriptor{{Level: 1}, {Level: 2}, {Level: 3}}}
	for name, c := range map[string]struct {
		in   string
		o    *flat.Options
		want map[string]int
		reqs int
	}{
		"levels and weights":         {"Jabatan;Kompetensi;Level;Bobot;Kritikalitas\nA;Kerja sama;3;1,5;2\nA;Integritas;4;1;\n", nil, map[string]int{}, 2},
		"a level off the scale":      {"Jabatan,Kompetensi,Level,Bobot\nA,x,3,1\nA,y,4,1\n", &flat.Options{Scale: &scale}, map[string]int{"error level-off-scale": 1}, 1},
		"other names":                {"Peran,Topik,Level,Bobot\nA,x,3,1\n", &flat.Options{Columns: map[string]string{"role": "Peran", "competency": "Topik"}}, map[string]int{}, 1},
		"two levels for one":         {"Jabatan,Kompetensi,Level,Bobot\nA,x,3,1\nA,x,2,1\n", nil, map[string]int{"error conflicting-row": 1}, 1},
		"a weight of nothing":        {"Jabatan,Kompetensi,Level,Bobot\nA,x,3,0\nA,y,3,1\n", nil, map[string]int{"error weight-not-positive": 1}, 1},
		"no role":                    {"Jabatan,Kompetensi,Level,Bobot\n,x,3,1\n", nil, map[string]int{"error empty-cell": 1}, 0},
		"no competency":              {"Jabatan,Kompetensi,Level,Bobot\nA,,3,1\n", nil, map[string]int{"error empty-cell": 1}, 0},
		"no column of roles":         {"Kompetensi,Level\nx,3\n", nil, map[string]int{"error missing-column": 1}, 0},
		"an id with two texts":       {"Role,Competency ID,Competency,Level,Weight\nA,1,x,1,1\nB,1,y,1,1\n", nil, map[string]int{"warning conflicting-text": 1}, 2},
		"an id of two kinds":         {"Role,Group ID,Group,Competency ID,Competency,Level,Weight\nA,1,x,1,y,1,1\n", nil, map[string]int{"error duplicate-id": 1}, 1},
		"a second group":             {"Role,Group,Competency,Level,Weight\nA,x,y,1,1\nB,z,y,1,1\n", nil, map[string]int{"warning further-parent": 1}, 2},
		"a column of neither":        {"Role,Competency,Level,Weight,Note\nA,x,1,1,1\nA,y,1,1,2\nB,x,1,1,3\n", nil, map[string]int{"warning column-not-kept": 1}, 3},
		"rows beyond the limit":      {"Role,Competency,Level,Weight\nA,x,1,1\nA,y,1,1\n", &flat.Options{MaxRows: 1}, map[string]int{"error too-many-rows": 1}, 1},
		"bytes beyond the limit":     {"Role,Competency,Level,Weight\nA,x,1,1\nA,y,1,1\n", &flat.Options{MaxBytes: 40}, map[string]int{"error unreadable": 1, "error too-few-fields": 1}, 1},
		"statements of a competency": {"Role,Competency,Statement,Level,Weight\nA,x,p,1,1\nA,x,q,1,1\nA,x,q,1,1\n", &flat.Options{Competencies: true}, map[string]int{"warning duplicate-row": 1}, 1},
		"empty":                      {"", nil, map[string]int{"error no-header": 1}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			tab, ps := flat.Read(strings.NewReader(c.in), "roles.csv", c.o)
			require.Equal(t, c.want, count(ps), "%v", ps)
			require.Equal(t, c.reqs, requirements(tab))
			if ps.Err() == nil && !(c.o != nil && c.o.Competencies) && !ps.Has("further-parent") {
				roundTrip(t, tab, nil)
			}
		})
	}
}

func TestLosses(t *testing.T) {
	title := competency.Text{"id": "x", "en": "y"}
	tab := &flat.Table{
		Framework: &competency.Framework{ID: "f", Title: title, Competencies: []competency.Competency{{ID: "a", Title: title, Description: title}, {ID: "b", Title: title}}, Associations: []competency.Association{{Type: competency.Precedes, From: "a", To: competency.Ref{ID: "b"}}}},
		Positions: []competency.Position{{ID: "p", Title: "P", Requirements: []competency.Requirement{{Competency: "a", Level: 2, Weight: 1, N: 5}}}, {ID: "q"}},
	}
	var b bytes.Buffer
	losses, err := flat.Write(&b, tab, nil)
	require.NoError(t, err)
	var lost []string
	for _, p := range losses {
		lost = append(lost, p.Where)
	}
	require.Subset(t, lost, []string{"association precedes", "competency in other languages", "competency that no role asks for", "competency.description", "position without requirements", "requirement.n, se, low_precision"})

	// A statement with a row of its own and a place below a competency.
	tab, ps := flat.Read(strings.NewReader("Role,Competency,Statement,Level,Weight\nA,x,p,1,1\nA,,p,1,1\n"), "x.csv", &flat.Options{Competencies: true})
	require.NoError(t, ps.Err())
	require.Equal(t, 2, requirements(tab))
	losses, err = flat.Write(io.Discard, tab, &flat.Options{Competencies: true})
	require.NoError(t, err)
	require.True(t, slices.ContainsFunc(losses, func(p bangkom.Problem) bool { return strings.HasPrefix(p.Where, "statement that is asked for itself") }))

	tab = &flat.Table{Framework: &competency.Framework{}, Positions: []competency.Position{{ID: "p", Requirements: []competency.Requirement{{Competency: "z"}}}}}
	b.Reset()
	_, err = flat.Write(&b, tab, nil)
	require.ErrorIs(t, err, bangkom.Problem{Code: "unknown-competency"})
	require.Zero(t, b.Len())
	_, err = flat.Write(io.Discard, nil, nil)
	require.NoError(t, err)
}

func TestPartsWithoutEnd(t *testing.T) {
	var b strings.Builder
	b.WriteString("Jabatan,Kompetensi\n")
	for n := range 200_002 {
		fmt.Fprintf(&b, "J,K%d\n", n)
	}
	table, ps := flat.Read(strings.NewReader(b.String()), "x.csv", nil)
	require.ErrorIs(t, ps.Err(), bangkom.Problem{Code: "too-many-parts"})
	require.Len(t, table.Framework.Competencies, 200_001)
}

func FuzzRead(f *testing.F) {
	f.Add(small, false)
	f.Add("Jabatan;Kompetensi;Level;Bobot;Kritikalitas\nA;Kerja sama;3;1,5;2\nA;Integritas;4;1;\n", true)
	f.Add("Role,Group ID,Group,Competency ID,Competency,Statement,Level\nA (x),1,x,1,y,z,1\n", false)
	f.Fuzz(func(t *testing.T, s string, whole bool) {
		o := &flat.Options{Competencies: whole}
		tab, ps := flat.Read(strings.NewReader(s), "x.csv", o)
		tab.Framework.Validate()
		if ps.Err() != nil {
			return
		}
		var b bytes.Buffer
		losses, err := flat.Write(&b, tab, o)
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		again, ps := flat.Read(bytes.NewReader(b.Bytes()), "x.csv", o)
		if err := ps.Err(); err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, b.Bytes())
		}
		named := slices.ContainsFunc(losses, func(p bangkom.Problem) bool { return strings.HasPrefix(p.Where, "statement that is asked for itself") })
		if requirements(again) != requirements(tab) && !named {
			t.Fatalf("%d requirements became %d\n%s", requirements(tab), requirements(again), b.Bytes())
		}
	})
}

func BenchmarkRead(b *testing.B) {
	var s strings.Builder
	s.WriteString("Work Role,Competency Group ID,Competency Group,Competency ID,Competency,KSA ID,KSA\n")
	for i := range 20_000 {
		fmt.Fprintf(&s, "Role %d (R-%d),G%d,Group,C%d,Competency,K%d,Knowledge of the subject matter number %d and of what it needs\n", i%50, i%50, i%4, i%60, i/20, i/20)
	}
	b.SetBytes(int64(s.Len()))
	b.ReportAllocs()
	for b.Loop() {
		flat.Read(strings.NewReader(s.String()), "x.csv", nil)
	}
}
