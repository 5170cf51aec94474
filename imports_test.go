package bangkom_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/bangkom/bangkom"

// doors: each outside module has packages that alone may import it.
var doors = map[string][]string{
	"gonum.org/v1/gonum":      {"internal/num"},
	"github.com/google/uuid":  {"internal/id"},
	"github.com/stretchr":     nil, // tests only
	"golang.org/x/exp/stats":  nil, // an oracle of tests
	"golang.org/x/exp/constr": {"..."},
}

type listed struct {
	ImportPath string
	Standard   bool
	Module     *struct{ Path string }
	Imports    []string
}

// goList runs the go command at the root, without the workspace's nested modules.
func goList(t *testing.T, args ...string) []listed {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Standard,Module,Imports"}, args...)...)
	cmd.Env = append(os.Environ(), "GOWORK=off")
	out, err := cmd.Output()
	require.NoError(t, err)
	var all []listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		require.NoError(t, err)
		all = append(all, p)
	}
}

// matches reports whether package p is named by the pattern "x", "x/..." or "...".
func matches(pattern, p string) bool {
	base, tree := strings.CutSuffix(pattern, "...")
	if tree {
		return base == "" || p == strings.TrimSuffix(base, "/") || strings.HasPrefix(p, base)
	}
	return p == pattern
}

func relative(path string) string {
	if path == module {
		return "."
	}
	return strings.TrimPrefix(path, module+"/")
}

type rule struct {
	pattern string
	allowed []string
}

func readRules(t *testing.T) []rule {
	t.Helper()
	data, err := os.ReadFile("testdata/imports.golden")
	require.NoError(t, err)
	var rules []rule
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		pattern, allowed, ok := strings.Cut(line, ":")
		require.True(t, ok, line)
		rules = append(rules, rule{pattern, strings.Fields(allowed)})
	}
	return rules
}

// TestImportEdges: the first rule that names a package holds for it.
func TestImportEdges(t *testing.T) {
	rules := readRules(t)
	for _, p := range goList(t, "./...") {
		name := relative(p.ImportPath)
		i := slices.IndexFunc(rules, func(r rule) bool { return matches(r.pattern, name) })
		if i < 0 {
			t.Errorf("%s: no rule in testdata/imports.golden", name)
			continue
		}
		for _, to := range p.Imports {
			if to != module && !strings.HasPrefix(to, module+"/") {
				checkDoor(t, name, to)
				continue
			}
			to = relative(to)
			if !slices.ContainsFunc(rules[i].allowed, func(a string) bool { return matches(a, to) }) {
				t.Errorf("%s must not import %s", name, to)
			}
		}
	}
}

func checkDoor(t *testing.T, from, to string) {
	for prefix, allowed := range doors {
		if strings.HasPrefix(to, prefix) && !slices.ContainsFunc(allowed, func(a string) bool { return matches(a, from) }) {
			t.Errorf("%s must not import %s: only %v may", from, to, allowed)
		}
	}
}

// TestOnlyKnownModules: nothing but the four packages of the card and the
// standard library is compiled into a program that imports the library.
func TestOnlyKnownModules(t *testing.T) {
	known := []string{module, "gonum.org/v1/gonum", "github.com/google/uuid", "golang.org/x/exp"}
	for _, p := range goList(t, "-deps", "./...") {
		if !p.Standard {
			require.Contains(t, known, p.Module.Path, p.ImportPath)
		}
	}
}

func TestDirectRequires(t *testing.T) {
	out, err := exec.Command("go", "mod", "edit", "-json").Output()
	require.NoError(t, err)
	var mod struct {
		Require []struct {
			Path     string
			Indirect bool
		}
	}
	require.NoError(t, json.Unmarshal(out, &mod))
	var direct []string
	for _, r := range mod.Require {
		if !r.Indirect {
			direct = append(direct, r.Path)
		}
	}
	require.ElementsMatch(t, []string{"gonum.org/v1/gonum", "github.com/google/uuid", "golang.org/x/exp", "github.com/stretchr/testify"}, direct)
}

// TestReadmeShowsTheTestedExample: its code is that of the Examples, line by line.
func TestReadmeShowsTheTestedExample(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	example, err := os.ReadFile("example_test.go")
	require.NoError(t, err)
	blocks := strings.Split(string(readme), "```go\n")[1:]
	require.Len(t, blocks, 2)
	for _, block := range blocks {
		code, _, _ := strings.Cut(block, "```")
		require.NotEmpty(t, code)
		for line := range strings.Lines(code) {
			require.Contains(t, string(example), strings.TrimSpace(line))
		}
	}
}
