package caseio_test

import (
	"bytes"
	"fmt"
	"os"
	"sort"
	"testing"
	"time"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency/caseio"
	"github.com/bangkom/bangkom/internal/ref"
)

func tally(ps bangkom.Problems) {
	m := map[string]int{}
	for _, p := range ps {
		m[p.Severity.String()+" "+p.Code]++
	}
	var k []string
	for x := range m {
		k = append(k, x)
	}
	sort.Strings(k)
	for _, x := range k {
		fmt.Println("   ", x, m[x])
	}
}

func TestScratch(t *testing.T) {
	for _, n := range []string{"opensalt/opensalt-framework-20c5134f-423d-4097-a971-3dd5152bf507.json", "opensalt/Ordering.json", "opensalt/Utf8TestFramework.json", "compeito/opencase_round_trip_baseline.json"} {
		fh, err := os.Open(ref.Shared(t, "data", n))
		if err != nil {
			t.Fatal(err)
		}
		f, ps := caseio.Read(fh, n, nil)
		fmt.Println("##", n, len(f.Competencies), len(f.Associations), len(f.Scales))
		tally(ps)
		fmt.Println("  validate")
		v := f.Validate()
		tally(v)
		for _, p := range v.Only(bangkom.Error)[:min(3, len(v.Only(bangkom.Error)))] {
			fmt.Println(p)
		}
		for _, o := range []*caseio.Options{{Changed: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}, {KeepIDs: true}} {
			var b bytes.Buffer
			losses, err := caseio.Write(&b, f, o)
			fmt.Println("  write", b.Len(), err)
			tally(losses)
			os.WriteFile(fmt.Sprintf("/tmp/out-%d-%v.json", len(f.Competencies), o.KeepIDs), b.Bytes(), 0o644)
			g, ps2 := caseio.Read(&b, n, nil)
			fmt.Println("  reread", len(g.Competencies), len(g.Associations), len(g.Scales))
			tally(ps2)
		}
	}
}
