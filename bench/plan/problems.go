package main

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// problems lists what is to be solved: measured instances, fresh ones, the
// example city, published problems.
func (s settings) problems(ctx context.Context, tool string) ([]problem, error) {
	var all []problem
	files, err := filepath.Glob(filepath.Join(s.shared, "inst", "plan_*.json.gz"))
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(f), "plan_"), ".json.gz")
		if begins(name, s.sizes) {
			all = append(all, problem{name: name, file: f, published: math.NaN()})
		}
	}
	for _, w := range strings.FieldsFunc(s.fresh, func(r rune) bool { return r == ',' }) {
		p, err := s.generate(ctx, w)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	if begins("city", s.sizes) {
		p, err := s.city(ctx, tool)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	if s.published != "" {
		more, err := s.mapped(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no problem of the sizes %q in %s", s.sizes, s.shared)
	}
	for i := range all {
		if all[i].pairs, err = pairs(all[i].file); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(all, func(a, b problem) int { return a.pairs - b.pairs })
	return all, nil
}

// generate makes SIZE:SEED.
func (s settings) generate(ctx context.Context, what string) (problem, error) {
	size, seed, ok := strings.Cut(what, ":")
	if !ok {
		return problem{}, fmt.Errorf("-fresh %s: not SIZE:SEED", what)
	}
	dir := filepath.Join(s.data, "fresh-"+size+"-"+seed)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return problem{}, err
	}
	if err := loud(command(ctx, python(), filepath.Join(s.shared, "gen_plan.py"), "--out", dir, "--size", size, "--seed", seed)); err != nil {
		return problem{}, err
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json.gz"))
	if err != nil || len(files) != 1 {
		return problem{}, fmt.Errorf("-fresh %s: the generator wrote %d files (%w)", what, len(files), err)
	}
	return problem{name: size + "-" + seed, file: files[0], published: math.NaN()}, nil
}

// city writes the example city's problem in numbers.
func (s settings) city(ctx context.Context, tool string) (problem, error) {
	data := filepath.Join("..", "examples", "cycle", "data")
	file := filepath.Join(s.data, "city.json")
	args := []string{"plan", "-year", "2027", "-work", "1", "-coverage", "0.2", "-json", "-write", file, "-rules", filepath.Join(data, "rules.json")}
	for _, f := range []string{"siasn", "units", "positions", "standards", "competencies", "ratings", "recap", "offerings", "gains", "sessions", "partners"} {
		args = append(args, "-"+f, filepath.Join(data, f+".csv"))
	}
	args = append(args, "-budget", filepath.Join(data, "budgets.csv"))
	var exit *exec.ExitError // the city has faults in it, and the command says so
	if err := command(ctx, tool, args...).Run(); err != nil && !errors.As(err, &exit) {
		return problem{}, err
	}
	if _, err := os.Stat(file); err != nil {
		return problem{}, fmt.Errorf("the example city could not be written as a problem: %w", err)
	}
	return problem{name: "city", file: file, published: math.NaN()}, nil
}

func loud(c *exec.Cmd) error {
	c.Stderr = os.Stderr
	return c.Run()
}

// shape is what the tables say of a problem file.
type shape struct {
	N      int `json:"n"`
	People []struct {
		Gaps [][]float64 `json:"gaps"`
		Done []int       `json:"done"`
	} `json:"people"`
	Sessions []struct {
		Off  int         `json:"off"`
		Comp [][]float64 `json:"comp"`
	} `json:"sessions"`
}

func readShape(file string) (shape, error) {
	var p shape
	f, err := os.Open(file)
	if err != nil {
		return p, err
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(file, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			return p, err
		}
	}
	if err := json.NewDecoder(r).Decode(&p); err != nil {
		return p, fmt.Errorf("%s: %w", file, err)
	}
	return p, nil
}

func people(file string) (int, error) {
	p, err := readShape(file)
	return p.N, err
}

// pairs counts people and sessions that raise a gap of theirs.
func pairs(file string) (int, error) {
	p, err := readShape(file)
	if err != nil {
		return 0, err
	}
	by := map[int][]int{} // competency to sessions
	for s, x := range p.Sessions {
		for _, c := range x.Comp {
			by[int(c[0])] = append(by[int(c[0])], s)
		}
	}
	n, seen := 0, make([]int, len(p.Sessions))
	for i, x := range p.People {
		for _, g := range x.Gaps {
			for _, s := range by[int(g[0])] {
				if seen[s] != i+1 && !slices.Contains(x.Done, p.Sessions[s].Off) {
					seen[s] = i + 1
					n++
				}
			}
		}
	}
	return n, nil
}
