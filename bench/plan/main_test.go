package main

import (
	"bytes"
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestCompare(t *testing.T) {
	nan := math.NaN()
	free := problem{published: nan}
	for _, x := range []struct {
		p            problem
		ours, theirs answer
		verdict      string
		lost         bool
	}{
		{free, answer{objective: 10, bound: 10, proved: true}, answer{objective: 10 + 1e-6, bound: 10 + 1e-6}, "plan equal, bound equal", false},
		{free, answer{objective: 9, bound: 10, proved: true}, answer{objective: 9.5, bound: 11}, "plan worse, bound better", true},
		{free, answer{objective: 9, bound: 12, proved: true}, answer{objective: 8, bound: 11}, "plan better, bound worse", true},
		{free, answer{objective: 9, bound: 10, proved: true}, answer{objective: nan, bound: nan, note: "no plan"}, "no rival", false},
		{free, answer{objective: 9, bound: 10}, answer{objective: nan, bound: nan}, "not accepted", true},
		// published = 100 − objective: a plan of 41 would be better than the optimum of 60 in print
		{problem{published: 60, a: 100, b: -1}, answer{objective: 41, bound: 41, proved: true}, answer{objective: nan, bound: nan}, "contradicts the published 60", true},
		{problem{published: 60, a: 100, b: -1}, answer{objective: 39, bound: 39.5, proved: true}, answer{objective: nan, bound: nan}, "contradicts the published 60", true},
		{problem{published: 60, a: 100, b: -1}, answer{objective: 39, bound: 40, proved: true}, answer{objective: nan, bound: nan}, "published 60; no rival", false},
	} {
		verdict, lost := compare(x.p, x.ours, x.theirs)
		if verdict != x.verdict || lost != x.lost {
			t.Errorf("%+v: %q, %v", x, verdict, lost)
		}
	}
}

func TestPairsAreThoseThatRaiseAGap(t *testing.T) {
	file := filepath.Join(t.TempDir(), "p.json")
	if err := os.WriteFile(file, []byte(`{"n":2,"people":[{"gaps":[[0,5,1],[1,5,1]],"done":[]},{"gaps":[[1,5,1]],"done":[7]}],
		"sessions":[{"off":7,"comp":[[0,5],[1,5]]},{"off":8,"comp":[[1,5]]},{"off":9,"comp":[[2,5]]}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if n, err := pairs(file); n != 3 || err != nil {
		t.Fatal(n, err)
	}
}

func TestWithoutTheChecker(t *testing.T) {
	s := settings{shared: t.TempDir(), data: t.TempDir()}
	if err := s.run(t.Context(), &bytes.Buffer{}); err == nil {
		t.Fatal("no checker, no bench")
	}
}

// TestPublished: no plan of ours is worth more than the best value in print,
// and no bound of ours cuts it off; an independent program checks both. The
// files belong beside the repository, in ../published.
func TestPublished(t *testing.T) {
	s := settings{shared: filepath.Join("..", "..", "..", "shared", "bench", "plan"), published: filepath.Join("..", "..", "..", "published"),
		data: t.TempDir(), sizes: "none", limit: 2 * time.Second, alone: true}
	if _, err := os.Stat(s.published); err != nil {
		t.Skip("no folder of published problems beside the repository")
	}
	if _, err := os.Stat(s.shared); err != nil {
		t.Skip("no ../shared beside the repository: the mapping and the checker are there")
	}
	var out bytes.Buffer
	err := s.run(context.Background(), &out)
	t.Log(out.String())
	if err != nil || strings.Contains(out.String(), "contradicts") {
		t.Fatal(err)
	}
}
