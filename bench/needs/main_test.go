package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestRivalsAreComparedByKey(t *testing.T) {
	rows := parse([]byte("key\tpeer\tsize\tcpu\twall\tmin\truns\tload\n# a note\nneeds_boot\tR boot\t300x20\t0.20\t0.21\t0.20\t5\t0.1\nother\tx\ty\t1\t1\t1\t1\t1\nbroken\tx\ty\tz\t1\t1\n"))
	if len(rows) != 2 || rows[0].who != "R boot" {
		t.Fatalf("rows %v", rows)
	}
	var out bytes.Buffer
	printRatios(&out, []row{{key: "needs_boot", cpu: .02, wall: .01}}, rows)
	if s := out.String(); strings.Count(s, "\n") != 1 || !strings.Contains(s, "10.0 x") || !strings.Contains(s, "20.0 x") {
		t.Fatal(s)
	}
}

func TestWithoutTheGenerator(t *testing.T) {
	if err := run(&bytes.Buffer{}, t.TempDir(), t.TempDir(), false, false, 1); err == nil {
		t.Fatal("no generator, no bench")
	}
}

// The table of sizes counts what it says it counts.
func TestSizes(t *testing.T) {
	var out bytes.Buffer
	if err := sizes(&out, 1000); err != nil {
		t.Fatal(err)
	}
	if s := out.String(); strings.Count(s, "\n") != 5 || !strings.Contains(s, "54000") {
		t.Fatal(s)
	}
}

// Every order is counted, and reading is the yardstick.
func TestKernels(t *testing.T) {
	var out bytes.Buffer
	if err := kernels(&out, 1000, 1); err != nil {
		t.Fatal(err)
	}
	if s := out.String(); strings.Count(s, "\n") != 5 || !strings.Contains(s, "random") {
		t.Fatal(s)
	}
}
