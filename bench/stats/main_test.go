package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestRivalsAreComparedByKeyAndSize(t *testing.T) {
	rows, absent := parse([]byte("key\tpeer\tsize\tcpu\twall\tmin\truns\tload\n# a note\n# absent: krippendorff (not installed)\n" +
		"alpha\tR psych::alpha\t10x2\t0.20\t0.21\t0.20\t5\t0.1\nalpha\tnumpy\t10x2\t0.01\t0.01\t0.01\t5\t0.1\nalpha\tnumpy\t99x2\t1\t1\t1\t1\t1\nrasch\teRm\t9\t1\t1\t1\t1\t1\nbroken\tx\ty\tz\t1\t1\n"))
	if len(rows) != 4 || rows[0].who != "R psych::alpha" || len(absent) != 1 {
		t.Fatalf("rows %v, absent %q", rows, absent)
	}
	for _, c := range []struct {
		cpu, most float64
		want      []string
	}{
		{.005, 0, []string{"2.00 x", " ok\n", "0 miss"}},
		{.0102, 0, []string{" ok\n", "0 miss"}}, // a tie
		{.012, .011, []string{"slower than the fastest rival", "over 11 ms", "# misses: alpha 10x2"}},
		{.03, 0, []string{"6.7 x R psych::alpha", "1 miss"}},
	} {
		var out bytes.Buffer
		report(&out, []row{{key: "alpha", size: "10x2", who: "Alpha", cpu: c.cpu, most: c.most}}, rows)
		for _, w := range append(c.want, "eRm", "none") {
			if !strings.Contains(out.String(), w) {
				t.Errorf("no %q in\n%s", w, out.String())
			}
		}
	}
}

func TestWithoutTheGenerator(t *testing.T) {
	if err := run(&bytes.Buffer{}, settings{shared: t.TempDir(), data: t.TempDir()}); err == nil {
		t.Fatal("no generator, no bench")
	}
}

// An absent program is said to be absent, and nothing is compared with it.
func TestAbsentRival(t *testing.T) {
	var out bytes.Buffer
	s := settings{shared: t.TempDir(), data: t.TempDir(), reps: 1}
	if rows := s.rival(&out, "nothing.py"); len(rows) != 0 || !strings.Contains(out.String(), "nothing.py: absent or failed") {
		t.Fatalf("%v %s", rows, out.String())
	}
}

// Memory is linear: what a row takes does not grow with the rows. Twice as much
// allows for tables that are doubled as they grow.
func TestMemoryIsLinear(t *testing.T) {
	few, many := sized(1_000), sized(20_000)
	for i, j := range few {
		a, err := j.measure(1)
		if err != nil {
			t.Fatal(j.key, err)
		}
		b, err := many[i].measure(1)
		if err != nil {
			t.Fatal(j.key, err)
		}
		if x, y := a.bytes/1_000, b.bytes/20_000; y > 2*x+64 {
			t.Errorf("%s: %.0f bytes a row of 1,000, %.0f of 20,000", j.key, x, y)
		}
	}
}

func TestSizes(t *testing.T) {
	var out bytes.Buffer
	if err := sizes(&out, 1000); err != nil {
		t.Fatal(err)
	}
	if s := out.String(); strings.Count(s, " ns") < 10 || !strings.Contains(s, "Wilcoxon") {
		t.Fatal(s)
	}
}
