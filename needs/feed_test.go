package needs_test

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/needs"
	"github.com/bangkom/bangkom/stats/tally"
)

func wire(t testing.TB, c *needs.Cube) []byte {
	t.Helper()
	b, err := c.AppendBinary(nil)
	require.NoError(t, err)
	return b
}

var two = []competency.Source{"self", "superior"}

// sourced gives people one answer of each source.
func sourced(rng *rand.Rand, n, items, levels int, units []string) []needs.Answer {
	var out []needs.Answer
	for s, src := range two {
		for i, a := range answers(rng, n, items, levels, units) {
			a.Source = src
			if s > 0 && units != nil {
				a.Segment = out[i].Segment
			}
			out = append(out, a)
		}
	}
	return out
}

// Every way to feed a cube gives the same bytes.
func TestFeedsAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 32))
	for _, levels := range []int{3, 5, 7} {
		for _, shuffle := range []bool{false, true} {
			f := frame(4, levels, agency)
			f.Sources = two
			const n = 3000
			all := sourced(rng, n, 4, levels, everywhere)
			if !shuffle { // long runs
				for i := range all {
					all[i].Segment = []string{everywhere[i%n*len(everywhere)/n]}
				}
			}
			want := cubeOf(t, f, all...)

			b := needs.Columns{Want: make([][]tally.Cell, 8), Have: make([][]tally.Cell, 8)}
			for _, u := range everywhere {
				b.Segments = append(b.Segments, []string{u})
			}
			for i := range n {
				b.Segment = append(b.Segment, uint32(slices.Index(everywhere, all[i].Segment[0])))
				for s := range two {
					for k := range 4 {
						b.Want[s*4+k] = append(b.Want[s*4+k], all[s*n+i].Want[k])
						b.Have[s*4+k] = append(b.Have[s*4+k], all[s*n+i].Have[k])
					}
				}
			}
			got := cubeOf(t, f)
			require.NoError(t, got.AddColumns(&b))
			require.Equal(t, wire(t, want), wire(t, got), "columns, levels %d, shuffled %v", levels, shuffle)
			require.Equal(t, n, got.People())
			require.Equal(t, text(t, rank(t, want, needs.Borich, &needs.Options{Resamples: 50, TopK: 2})), text(t, rank(t, got, needs.Borich, &needs.Options{Resamples: 50, TopK: 2})),
				"rows too: who rated whom does not depend on names")

			// As a GROUP BY would give it; people are not known apart there.
			counted := cubeOf(t, f)
			require.NoError(t, counted.AddCounts(countsOf(all, f.Items)))
			for _, id := range f.Items {
				a, _ := want.Table(id)
				c, _ := counted.Table(id)
				require.Equal(t, a, c)
				require.Equal(t, want.PeopleOn(id), counted.PeopleOn(id))
			}
			require.Equal(t, n, counted.People())
			require.True(t, rank(t, counted, needs.Borich, nil).Problems.Has("no-rank-uncertainty"))
			_, err := needs.Rank(counted, needs.Borich, &needs.Options{Missing: needs.Listwise})
			require.True(t, bangkom.AsProblems(err, "").Has("needs-rows"))
		}
	}
}

func countsOf(all []needs.Answer, items []competency.CompetencyID) iter.Seq2[needs.Count, error] {
	return func(yield func(needs.Count, error) bool) {
		for _, a := range all {
			for k, id := range items {
				if !yield(needs.Count{Segment: a.Segment, Source: a.Source, Item: id, Want: a.Want[k], Have: a.Have[k], N: 1}, nil) {
					return
				}
			}
		}
	}
}

func TestColumnsRefuseAndCountNothing(t *testing.T) {
	for _, bad := range []tally.Cell{6, 7, 8, 13, 16, 200} {
		for _, n := range []int{3, 5000} {
			for _, random := range []bool{false, true} {
				f := frame(1, 5, agency)
				c := cubeOf(t, f)
				b := needs.Columns{Segments: [][]string{{"clinic"}, {"school"}}, Segment: make([]uint32, n), Want: [][]tally.Cell{make([]tally.Cell, n)}, Have: [][]tally.Cell{make([]tally.Cell, n)}}
				for i := range n {
					b.Want[0][i], b.Have[0][i] = 4, 2
					if random {
						b.Segment[i] = uint32(i % 2)
					}
				}
				b.Have[0][n/2] = bad
				err := c.AddColumns(&b)
				require.True(t, bangkom.AsProblems(err, "").Has("not-a-cell"), "%v", err)
				require.ErrorContains(t, err, fmt.Sprintf("row %d", n/2))
				require.Zero(t, c.People())
				require.Zero(t, c.Coverage())
			}
		}
	}
	c := cubeOf(t, frame(1, 5, agency))
	one := [][]tally.Cell{{1}}
	for _, b := range []needs.Columns{{}, {Want: one, Have: one}, {Want: one, Have: [][]tally.Cell{{1, 2}}, Segments: [][]string{{"a"}}},
		{Want: one, Have: one, Segments: [][]string{{"a"}}, Segment: []uint32{1}}, {Want: one, Have: one, Segments: [][]string{{}}}} {
		require.ErrorIs(t, c.AddColumns(&b), bangkom.ErrShape)
	}
	require.NoError(t, c.AddColumns(&needs.Columns{Want: [][]tally.Cell{{}}, Have: [][]tally.Cell{{}}, Segments: [][]string{{"a"}}}))
	fail := errors.New("connection lost")
	require.ErrorIs(t, c.AddCounts(func(yield func(needs.Count, error) bool) {
		if yield(needs.Count{Segment: []string{"clinic"}, Item: "a", Want: 1, Have: 1, N: 5}, nil) {
			yield(needs.Count{}, fail)
		}
	}), fail)
	require.Zero(t, c.Coverage())
}

// Sources stand side by side; a person is one person, however many rate.
func TestSources(t *testing.T) {
	f := frame(2, 5)
	f.Sources = []competency.Source{"self", "superior", "peer"}
	c := cubeOf(t, f,
		needs.Answer{Person: "x", Source: "self", Want: cells("44"), Have: cells("34")},
		needs.Answer{Person: "x", Source: "peer", Rater: "p1", Want: cells("44"), Have: cells("2?")},
		needs.Answer{Person: "x", Source: "peer", Rater: "p2", Want: cells("44"), Have: cells("1?")},
		needs.Answer{Person: "y", Source: "peer", Rater: "p1", Want: cells("44"), Have: cells("3?")})
	require.Equal(t, 2, c.People())
	peers, err := c.From("peer")
	require.NoError(t, err)
	require.Equal(t, 2, peers.People())
	require.Equal(t, 2, peers.PeopleOn("a"))
	require.Equal(t, 0, peers.PeopleOn("b"), "not observed")
	r := rank(t, peers, needs.MeanGap, nil)
	require.Equal(t, []competency.Source{"peer"}, r.Sources)
	require.Equal(t, 3, r.Items[0].Score.N, "ratings")
	require.Equal(t, 2, r.Resampling.Units, "all raters of a person move together")
	self, err := c.From("self")
	require.NoError(t, err)
	require.Equal(t, 1, self.People())
	both, err := c.From("peer", "self")
	require.NoError(t, err)
	require.Equal(t, 2, both.People())
	require.Equal(t, []competency.Source{"self", "peer"}, both.Sources())
	require.True(t, rank(t, both, needs.MeanGap, quick).Problems.Has("sources-pooled"))
	_, err = peers.From("self")
	require.True(t, bangkom.AsProblems(err, "").Has("unknown-source"))
	require.ErrorIs(t, c.Merge(peers), bangkom.ErrShape)
	// The part is a copy.
	require.NoError(t, peers.Add(&needs.Answer{Person: "y", Source: "peer", Want: cells("44"), Have: cells("33")}))
	require.Equal(t, 2, c.People())
	require.Equal(t, 2, peers.People())
	require.Error(t, peers.Add(&needs.Answer{Person: "y", Source: "self", Want: cells("44"), Have: cells("33")}))
	require.Error(t, c.Add(&needs.Answer{Person: "y", Source: "boss", Want: cells("44"), Have: cells("33")}))
}

func TestCubeBinary(t *testing.T) {
	rng := rand.New(rand.NewPCG(33, 34))
	f := frame(3, 5, agency, needs.Dimension{Name: "position"})
	f.Sources = two
	all := sourced(rng, 60, 3, 5, everywhere)
	for i := range all {
		all[i].Segment = append(slices.Clone(all[i].Segment), []string{"nurse", "clerk", ""}[i%3])
	}
	c := cubeOf(t, f, all...)
	for _, part := range []func() (*needs.Cube, error){func() (*needs.Cube, error) { return c, nil }, func() (*needs.Cube, error) { return c.At("health") }, func() (*needs.Cube, error) { return c.From("self") }} {
		p, err := part()
		require.NoError(t, err)
		b := wire(t, p)
		var back needs.Cube
		require.NoError(t, back.UnmarshalBinary(b))
		require.Equal(t, b, wire(t, &back))
		require.Equal(t, p.People(), back.People())
		require.Equal(t, p.Coverage(), back.Coverage())
		require.Equal(t, text(t, rank(t, p, needs.Borich, quick).Items), text(t, rank(t, &back, needs.Borich, quick).Items))
		for i := range b {
			if i%11 == 0 || i > len(b)-40 {
				require.Error(t, new(needs.Cube).UnmarshalBinary(b[:i]), "truncated at %d", i)
			}
		}
		require.Error(t, new(needs.Cube).UnmarshalBinary(append(slices.Clone(b), 0)))
		require.True(t, bangkom.AsProblems(new(needs.Cube).UnmarshalBinary(append([]byte{9}, b[1:]...)), "").Has("unknown-version"))
	}
	// Merged from the wire is merged from memory; the order does not matter.
	half, rest := cubeOf(t, f, all[:30]...), cubeOf(t, f, all[30:]...)
	var a, b needs.Cube
	require.NoError(t, a.UnmarshalBinary(wire(t, half)))
	require.NoError(t, b.UnmarshalBinary(wire(t, rest)))
	require.NoError(t, a.Merge(&b))
	require.NoError(t, rest.Merge(half))
	require.Equal(t, wire(t, rest), wire(t, &a))
	// Gaps carry criticality and expiry.
	g, err := needs.GapCube(profiles(t, town(t)), competency.Held)
	require.NoError(t, err)
	var back needs.Cube
	require.NoError(t, back.UnmarshalBinary(wire(t, g)))
	require.Equal(t, fingerprint(t, g), fingerprint(t, &back))
}

func FuzzCubeBinary(f *testing.F) {
	c := cubeOf(f, frame(2, 3, agency), survey("12 33", "1? 23")[0:0]...)
	_ = c.Add(&needs.Answer{Person: "x", Segment: []string{"clinic"}, Want: cells("12"), Have: cells("2?")})
	b, _ := c.AppendBinary(nil)
	f.Add(b)
	f.Add([]byte{0x61})
	f.Fuzz(func(t *testing.T, b []byte) {
		var c needs.Cube
		if err := c.UnmarshalBinary(b); err != nil {
			return
		}
		again, err := c.AppendBinary(nil)
		require.NoError(t, err)
		require.Equal(t, b, again)
		_, _ = needs.Rank(&c, needs.Borich, nil)
	})
}

var five = needs.Frame{Scale: tally.Shape{First: 1, Levels: 5}}

func read(t testing.TB, s string, f needs.Frame, o *needs.ReadOptions) (*needs.Cube, bangkom.Problems) {
	t.Helper()
	return needs.Read(strings.NewReader(s), "r.csv", f, o)
}

func TestReadWide(t *testing.T) {
	const file = "\ufeffunit,person,self_a_i,self_a_p,note,peer1_a_i,peer1_a_p,peer2_a_i,peer2_a_p,supervisor_a_i,supervisor_a_p\r\n" +
		"u1,x,4,2,hello,4,-,5,?,3,3\r\n" +
		"u2,\"y, z\",4,9,,4,2,4,1,,3\r\n\r\n" +
		"u2,w,1\r\n"
	for _, rows := range []int{0, -1} { // the slow way, and the fast one until the quote
		f := five
		f.Rows = rows
		c, ps := read(t, file, f, nil)
		require.NotNil(t, c)
		require.Equal(t, []competency.Source{"self", "peer", "superior"}, c.Frame().Sources)
		require.Equal(t, []competency.CompetencyID{"a"}, c.Frame().Items)
		require.Equal(t, []string{"u1", "u2"}, c.Segments("unit"))
		require.Equal(t, 2, c.People())
		require.Len(t, ps.Only(bangkom.Error), 2)
		require.Equal(t, "r.csv:3:self_a_p", ps.Only(bangkom.Error)[0].Where)
		require.Equal(t, "9", ps.Only(bangkom.Error)[0].Value)
		require.Equal(t, "r.csv:5", ps.Only(bangkom.Error)[1].Where)
		require.True(t, ps.Has("ignored-column"))
		peer, err := c.From("peer")
		require.NoError(t, err)
		require.Equal(t, 1, peer.PeopleOn("a"))
		p, _ := peer.Table("a")
		require.Equal(t, uint64(4), p.Total())
	}
}

func TestReadLong(t *testing.T) {
	c, ps := read(t, "person;source;competency;importance;performance;unit\nx;self;a;4;2;u\nx;peer1;a;4;3;u\nx;self;b;4;?;u\nx;self;a;5;5;u\ny;self;b;x;1;u\n", five, nil)
	require.Equal(t, 2, c.People())
	require.Equal(t, []competency.CompetencyID{"a", "b"}, c.Frame().Items)
	require.True(t, ps.Has("duplicate-rating"))
	require.Equal(t, "r.csv:6:importance", ps.Only(bangkom.Error)[1].Where)
	a, _ := c.Table("a")
	require.Equal(t, int64(2), a.Sums().N)

	// Both forms hold the same values.
	w, ps := read(t, "person,self_a_i,self_a_p,self_b_i,self_b_p\nx,4,2,4,?\ny,,,5,1\n", five, nil)
	require.Empty(t, ps)
	l, ps := read(t, "person,source,competency,importance,performance\nx,self,a,4,2\ny,self,b,5,1\nx,self,b,4,?\n", five, nil)
	require.Empty(t, ps)
	require.Equal(t, wire(t, w), wire(t, l))
}

func TestReadWithStandards(t *testing.T) {
	f := five
	f.Want = needs.Required
	o := &needs.ReadOptions{Standards: map[string]map[competency.CompetencyID]int{"clerk": {"a": 4}, "nurse": {"a": 3, "b": 3}}}
	c, ps := read(t, "person,position,self_a_p,self_b_p\nx,clerk,2,5\ny,nurse,3,2\nz,guest,3,2\n", f, o)
	require.NoError(t, ps.Err())
	require.Len(t, ps, 1)
	require.Equal(t, "guest", ps[0].Value)
	r := byItem(rank(t, c, needs.ShareBelow, quick))
	require.Equal(t, .5, r["a"].Score.Value)
	require.Equal(t, 1, r["b"].Score.N, "a clerk is not asked for b")
	_, ps = read(t, "person,self_a_p\nx,2\n", f, o)
	require.True(t, ps.Has("missing-column"))
}

// Peers' defects in reading: columns by name, never by place.
func TestNoPairingByPosition(t *testing.T) {
	c, ps := read(t, "person,self_a_i,self_b_p\nx,4,2\n", five, nil)
	require.Nil(t, c)
	require.True(t, ps.Has("unpaired-column"))
	a, _ := read(t, "self_b_p,self_a_p,self_b_i,self_a_i,person\n1,2,3,4,x\n", five, nil)
	p, _ := a.Table("a")
	require.Equal(t, uint64(1), p.Count(4, 2))
	require.Equal(t, 1, a.People(), "an id is no rating")
}

func TestSameNameTwoItems(t *testing.T) {
	_, ps := read(t, "person,self_a_i,self_a_p,self_a_i,self_a_p\nx,4,2,3,3\n", five, nil)
	require.True(t, ps.Has("duplicate-column"))
	_, err := needs.NewCube(needs.Frame{Scale: five.Scale, Items: []competency.CompetencyID{"a", "a"}})
	require.True(t, bangkom.AsProblems(err, "").Has("duplicate-id"))
}

// The levels come from the scale, not from what is used; whoever has no known
// segment is a segment.
func TestScaleIsDeclared(t *testing.T) {
	c, _ := read(t, "person,self_a_i,self_a_p\nx,5,3\ny,5,5\n", five, nil)
	r := rank(t, c, needs.IPA(needs.ScaleCentre), quick)
	require.Equal(t, 3.0, *detail[needs.IPADetail](t, r, "a").CentreI)
	require.Equal(t, 1.0, r.Items[0].Score.Value)
	_, ps := read(t, "person,self_a_i,self_a_p\nx,5,6\n", five, nil)
	require.True(t, ps.Has("not-a-cell"))
}

func TestMissingGroupKept(t *testing.T) {
	c, _ := read(t, "person,unit,self_a_i,self_a_p\nx,,5,3\ny,u,5,5\n", five, nil)
	require.Equal(t, []string{"u", needs.Unknown}, c.Segments("unit"))
	part, err := c.At(needs.Unknown)
	require.NoError(t, err)
	require.Equal(t, 1, part.People())
}

// The fast way reads what encoding/csv reads.
func FuzzReadFastIsSlow(f *testing.F) {
	f.Add("u,x,4,2,3,3\nu,y,,-,?,9\n", "v,z,1,1,1,1")
	f.Add("u,x,4,2,3,3\nv,x,4,2,3,3\nu,x,1,2,-,3\n", "\"u\",x,4,2,3,3\nu,x,1,2,3,4\n")
	f.Add("u,x,4,2,3\n\n,,,,,\r\n", "\"v,\nw\",z,1,1,1,1\n a , b , 1 ,2,3,4\n")
	f.Fuzz(func(t *testing.T, body, tail string) {
		if strings.Contains(body+tail, "\r") && strings.Contains(strings.ReplaceAll(body+tail, "\r\n", ""), "\r") {
			return // a bare return is a blank inside a field to one, and none to the other
		}
		const head = "unit,person,self_a_i,self_a_p,peer1_a_i,peer1_a_p\n"
		slow, fast := five, five
		slow.Rows, fast.Rows = 1<<20, -1
		a, ps := read(t, head+body+tail, slow, nil)
		b, qs := read(t, head+body+tail, fast, nil)
		require.Equal(t, ps, qs)
		if !ps.Has("person-again") { // the fast way then counts the fewest heads that are possible
			require.Equal(t, wire(t, a), wire(t, b))
		}
	})
}

// A person on several lines is one head, also where lines are counted in blocks
// and beyond a quote: three people are not published as nine.
func TestPersonAgain(t *testing.T) {
	lines := ""
	for i := range 9 {
		lines += fmt.Sprintf("p%d,%d,%d\n", i%3, 3+i%3, 1+i%5)
	}
	for _, f := range []needs.Frame{{Rows: 0}, {Rows: -1}} {
		for _, tail := range []string{"", "\"p0\",5,1\np1,4,2\n"} {
			f.Scale, f.By = five.Scale, []needs.Dimension{}
			c, ps := read(t, "person,self_a_i,self_a_p\n"+lines+tail, f, nil)
			require.Len(t, ps, 6+strings.Count(tail, "\n"))
			require.Equal(t, "r.csv:5", ps[0].Where)
			require.Equal(t, "person-again", ps[0].Code)
			require.Equal(t, 3, c.People())
			p, err := needs.Publish(c, nil)
			require.NoError(t, err)
			require.Equal(t, []needs.Hidden{{Item: "a", Why: "small", People: 3}}, p.Audit())
		}
	}
}

// A level that the scale does not have, and a position without standards, are
// never a competency that nobody asks for.
func TestReadStandardsProblems(t *testing.T) {
	o := &needs.ReadOptions{Standards: map[string]map[competency.CompetencyID]int{"clerk": {"a": 3}, "head": {"a": 9}}}
	for _, file := range []string{"person,position,self_a_p\nx,clerk,3\ny,head,4\nz,guard,2\nw,guard,1\n", "person,position,source,competency,performance\nx,clerk,self,a,3\ny,head,self,a,4\nz,guard,self,a,2\nw,guard,self,a,1\n"} {
		f := five
		f.Want = needs.Required
		c, ps := read(t, file, f, o)
		require.Len(t, ps, 2)
		require.Equal(t, "not-a-level", ps[0].Code)
		require.Equal(t, "standards: head/a", ps[0].Where)
		require.Equal(t, "no-standard", ps[1].Code)
		require.Equal(t, "guard", ps[1].Value)
		table, ok := c.Table("a")
		require.True(t, ok)
		require.EqualValues(t, 2+1, table.Total()-table.Count(3, 3))
	}
}

// What people's programs write: R's NA, pandas' 4.0, a capital in a header.
func TestReadWhatOthersWrite(t *testing.T) {
	c, ps := read(t, "Person,Unit,self_a_i,self_a_p\nx,u,4.0,NA\ny,u,5,5.0\nz,u,4.5,N/A\n", five, nil)
	require.Len(t, ps, 2)
	require.Equal(t, []string{"u"}, c.Segments(needs.ByUnit))
	table, _ := c.Table("a")
	require.EqualValues(t, 1, table.Count(5, 5))
	require.EqualValues(t, 1, table.Count(4, tally.Missing))
	_, ps = read(t, "person,law_imp,law_perf\nx,4,4\n", five, nil)
	require.ErrorContains(t, ps.Err(), "self_data_i")
}

// Many blocks, on any number of cores: as read line by line.
func TestReadBlocks(t *testing.T) {
	g := newGenerator(20_000, 9, 6, 50, 20, 10)
	var b bytes.Buffer
	g.write(&b)
	f := five
	f.Rows = -1
	want, ps := needs.Read(bytes.NewReader(b.Bytes()), "w.csv", f, nil)
	require.NoError(t, ps.Err())
	require.Equal(t, 20_000, want.People())
	old := runtime.GOMAXPROCS(1)
	one, _ := needs.Read(bytes.NewReader(b.Bytes()), "w.csv", f, nil)
	runtime.GOMAXPROCS(old)
	require.Equal(t, wire(t, want), wire(t, one))
	f.Rows = 1 << 30
	rows, ps := needs.Read(bytes.NewReader(b.Bytes()), "w.csv", f, nil)
	require.NoError(t, ps.Err())
	require.Equal(t, wire(t, want), wire(t, rows))
	// A quote in the middle: the rest is read by encoding/csv.
	mid := bytes.IndexByte(b.Bytes()[b.Len()/2:], '\n') + b.Len()/2 + 1
	quoted := slices.Concat(b.Bytes()[:mid], []byte(`"S`), b.Bytes()[mid+1:mid+9], []byte(`"`), b.Bytes()[mid+9:])
	f.Rows = -1
	got, ps := needs.Read(bytes.NewReader(quoted), "w.csv", f, nil)
	require.NoError(t, ps.Err())
	require.Equal(t, wire(t, want), wire(t, got))
}

func BenchmarkReadWide(b *testing.B) {
	g := newGenerator(100_000, 9, 6, 500, 20, 10)
	var buf bytes.Buffer
	g.write(&buf)
	f := five
	f.Rows, f.By = -1, []needs.Dimension{{Name: "unit"}}
	b.SetBytes(int64(buf.Len()))
	b.ReportAllocs()
	for b.Loop() {
		c, _ := needs.Read(bytes.NewReader(buf.Bytes()), "w.csv", f, nil)
		if c.People() != 100_000 {
			b.Fatal("people")
		}
	}
}

func BenchmarkSurvey300x20x2000(b *testing.B) {
	c := surveyCube(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := needs.Rank(c, needs.Borich, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// NEEDS_COLUMNS is a directory of the bench's generator, with I.u8, P.u8, unit.u32, shape.txt.
func BenchmarkColumns(b *testing.B) {
	dir := os.Getenv("NEEDS_COLUMNS")
	if dir == "" {
		b.Skip("set NEEDS_COLUMNS to a columns directory of ../shared/bench/needs/gen_ratings.py")
	}
	want, have, unit, n := loadColumns(b, dir)
	for _, k := range []string{"whole", "units"} {
		b.Run(k, func(b *testing.B) {
			f := needs.Frame{Scale: five.Scale, Rows: -1}
			for i := range 9 {
				f.Items = append(f.Items, competency.CompetencyID(fmt.Sprint("c", i)))
			}
			f.Sources = []competency.Source{"self", "superior", "p1", "p2", "p3", "p4"}
			col := needs.Columns{Want: want, Have: have}
			if k == "units" {
				f.By = []needs.Dimension{{Name: "unit"}}
				col.Segment = unit
				for i := range slices.Max(unit) + 1 {
					col.Segments = append(col.Segments, []string{fmt.Sprint("U", i)})
				}
			}
			b.SetBytes(int64(2 * 54 * n))
			for b.Loop() {
				c, _ := needs.NewCube(f)
				if err := c.AddColumns(&col); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func loadColumns(b *testing.B, dir string) (want, have [][]tally.Cell, unit []uint32, n int) {
	b.Helper()
	file := func(name string) []byte {
		x, err := os.ReadFile(dir + "/" + name)
		require.NoError(b, err)
		return x
	}
	u := file("unit.u32")
	n = len(u) / 4
	for i := range n {
		unit = append(unit, uint32(u[4*i])|uint32(u[4*i+1])<<8|uint32(u[4*i+2])<<16|uint32(u[4*i+3])<<24)
	}
	split := func(raw []byte) (out [][]tally.Cell) {
		c := make([]tally.Cell, len(raw))
		for i, x := range raw {
			c[i] = tally.Cell(x)
		}
		for i := 0; i < len(c); i += n {
			out = append(out, c[i:i+n])
		}
		return out
	}
	return split(file("I.u8")), split(file("P.u8")), unit, n
}
