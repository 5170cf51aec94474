package main

import (
	"context"
	_ "embed" // the list
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

//go:embed published.tsv
var list string

// mapped turns the published problems whose files are in the folder into
// problem files. The files stay with those who published them: the list has
// their names and the best values in print.
func (s settings) mapped(ctx context.Context) ([]problem, error) {
	var all []problem
	for n, line := range strings.Split(list, "\n") {
		w := strings.Fields(line)
		if len(w) == 0 || strings.HasPrefix(w[0], "#") {
			continue
		}
		if len(w) != 4 {
			return nil, fmt.Errorf("published.tsv:%d: %d columns instead of 4", n+1, len(w))
		}
		if _, err := os.Stat(filepath.Join(s.published, w[1])); errors.Is(err, fs.ErrNotExist) {
			fmt.Fprintf(os.Stderr, "%s is not in %s: left out\n", w[1], s.published)
			continue
		}
		p, err := s.mapOne(ctx, w[0], w[1], w[2], w[3])
		if err != nil {
			return nil, fmt.Errorf("published.tsv:%d: %w", n+1, err)
		}
		all = append(all, p)
	}
	return all, nil
}

func (s settings) mapOne(ctx context.Context, kind, file, number, value string) (problem, error) {
	name := kind + "-" + strings.TrimSuffix(file, ".txt")
	args := []string{filepath.Join(s.shared, "map_published.py"), kind, filepath.Join(s.published, file)}
	if kind == "mkp" {
		name, args = name+"-"+number, append(args, number)
	}
	p := problem{name: name, file: filepath.Join(s.data, name+".json"), published: math.NaN()}
	said, err := command(ctx, python(), append(args, p.file)...).Output()
	if err != nil {
		return p, err
	}
	if p.published, err = strconv.ParseFloat(value, 64); err != nil {
		return p, err
	}
	_, formula, ok := strings.Cut(string(said), "published = ")
	if !ok {
		return p, fmt.Errorf("what the mapping said is not understood: %q", said)
	}
	if _, err := fmt.Sscanf(formula, "%g + %g * objective", &p.a, &p.b); err != nil {
		return p, fmt.Errorf("what the mapping said is not understood: %q", said)
	}
	return p, nil
}
