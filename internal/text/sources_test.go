package text

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// sources are the files whose problems "bangkom needs" and "bangkom plan" print.
var sources = []string{
	"date.go", "money.go", "hours.go", "table/*", "asn/load.go", "asn/nip.go", "asn/recap.go", "asn/rules.go", "asn/ruleset.go", "asn/siasn.go",
	"competency/assess.go", "competency/build.go", "competency/forest.go", "competency/names.go", "competency/rat*.go", "competency/read.go", "competency/readratings.go",
	"competency/validate.go", "competency/workforce.go", "needs/*", "needs/mcdm/*", "program/*", "program/internal/solve/*",
	"cmd/bangkom/files.go", "cmd/bangkom/needs*", "cmd/bangkom/plan*", "internal/text/*", "internal/word/*", "stats/tally/cell.go",
}

// unused are those of them that no command calls.
var unused = []string{"needs/binary.go", "needs/cost.go", "needs/weights.go", "needs/mcdm/decision.go", "program/annual.go"}

// A reader of the sources finds every text that becomes the Msg or the Need of
// a Problem: in a literal, in an assignment to the field, or in the argument
// of a function that hands it on, such as table's Row.Fail.
type sourceReader struct {
	fset    *token.FileSet
	sinks   map[string]map[int]bool // function, of a package or exported: the arguments that become a text
	pkg     string                  // the package being read
	results map[string][]ast.Expr   // function of this package: what it may return, if that is text
	consts  map[string]string       // of this package
	found   map[string]string       // text: a place where it is
	wanted  map[string]bool         // files
	scope   ast.Node                // the function around
	busy    map[ast.Node]bool
}

// sink names a function: one that is exported, of a package, or of a function.
func (s *sourceReader) sink(name, around string) string {
	switch {
	case around != "":
		return s.pkg + "." + around + "." + name
	case ast.IsExported(name):
		return name
	}
	return s.pkg + "." + name
}

func (s *sourceReader) place(n ast.Node) string {
	p := s.fset.Position(n.Pos())
	return fmt.Sprintf("%s:%d", strings.TrimPrefix(p.Filename, "../../"), p.Line)
}

func isText(name string) bool { return name == "Msg" || name == "Need" }

// fields calls do with what is given to Msg and Need in a node.
func fields(n ast.Node, do func(ast.Expr)) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok && isText(key.Name) {
				do(n.Value)
			}
		case *ast.AssignStmt:
			for i, l := range n.Lhs {
				if sel, ok := l.(*ast.SelectorExpr); ok && isText(sel.Sel.Name) {
					r := n.Rhs[min(i, len(n.Rhs)-1)]
					if n.Tok == token.ADD_ASSIGN {
						r = &ast.BinaryExpr{X: l, Op: token.ADD, Y: r}
					}
					do(r)
				}
			}
		}
		return true
	})
}

func calleeName(c *ast.CallExpr) string {
	switch f := c.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// functions calls do for every named function, also those that are a variable
// of another, which is named too.
func functions(f *ast.File, do func(name, around string, t *ast.FuncType, body *ast.BlockStmt)) {
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		do(fn.Name.Name, "", fn.Type, fn.Body)
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			if set, ok := n.(*ast.AssignStmt); ok && len(set.Lhs) == 1 {
				lit, ok1 := set.Rhs[0].(*ast.FuncLit)
				id, ok2 := set.Lhs[0].(*ast.Ident)
				if ok1 && ok2 {
					do(id.Name, fn.Name.Name, lit.Type, lit.Body)
				}
			}
			return true
		})
	}
}

func params(t *ast.FuncType) []string {
	var out []string
	for _, p := range t.Params.List {
		kind, _ := p.Type.(*ast.Ident)
		for _, n := range p.Names {
			if kind == nil || kind.Name != "string" {
				n = ast.NewIdent("_")
			}
			out = append(out, n.Name)
		}
	}
	return out
}

// learn finds the functions that hand an argument on to a text.
func (s *sourceReader) learn(files []*ast.File) {
	for again := true; again; {
		again = false
		for _, f := range files {
			functions(f, func(name, around string, t *ast.FuncType, body *ast.BlockStmt) {
				key := s.sink(name, around)
				mark := func(e ast.Expr) {
					for i, p := range params(t) {
						if textual(e, p) && !s.sinks[key][i] {
							if s.sinks[key] == nil {
								s.sinks[key] = map[int]bool{}
							}
							s.sinks[key][i], again = true, true
						}
					}
				}
				fields(body, mark)
				s.calls(body, cmp.Or(around, name), mark)
			})
		}
	}
}

// textual reports whether an expression is the name, a sum with it, or a format with it.
func textual(e ast.Expr, name string) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name == name
	case *ast.BinaryExpr:
		return textual(e.X, name) || textual(e.Y, name)
	case *ast.CallExpr:
		return calleeName(e) == "Sprintf" && slices.ContainsFunc(e.Args, func(a ast.Expr) bool { return textual(a, name) })
	}
	return false
}

// calls calls do with the arguments in a node of a function that become a text.
func (s *sourceReader) calls(n ast.Node, around string, do func(ast.Expr)) {
	ast.Inspect(n, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			name := calleeName(c)
			_, method := c.Fun.(*ast.SelectorExpr)
			to, own := s.sinks[s.sink(name, around)]
			if !own || method {
				to = s.sinks[s.sink(name, "")]
			}
			for i := range to {
				if i < len(c.Args) {
					do(c.Args[i])
				}
			}
		}
		return true
	})
}

// read collects the texts of one package.
func (s *sourceReader) read(files []*ast.File) {
	s.consts, s.results = map[string]string{}, map[string][]ast.Expr{}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok {
				for i, name := range v.Names {
					if i < len(v.Values) {
						if lit, ok := v.Values[i].(*ast.BasicLit); ok && lit.Kind == token.STRING {
							s.consts[name.Name], _ = strconv.Unquote(lit.Value)
						}
					}
				}
			}
			return true
		})
		functions(f, func(name, _ string, t *ast.FuncType, body *ast.BlockStmt) {
			if t.Results == nil || len(t.Results.List) != 1 {
				return
			}
			if kind, ok := t.Results.List[0].Type.(*ast.Ident); !ok || kind.Name != "string" {
				return
			}
			ast.Inspect(body, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.FuncLit:
					return false
				case *ast.ReturnStmt:
					s.results[name] = append(s.results[name], n.Results...)
				}
				return true
			})
		})
	}
	for _, f := range files {
		if !s.wanted[s.fset.Position(f.Pos()).Filename] {
			continue
		}
		for _, d := range f.Decls {
			s.scope = d
			fields(d, s.text)
			if fn, ok := d.(*ast.FuncDecl); ok {
				s.calls(d, fn.Name.Name, s.text)
			}
		}
	}
}

// text adds the texts that an expression may be.
func (s *sourceReader) text(e ast.Expr) {
	for _, t := range s.patterns(e) {
		t = prefix.ReplaceAllString(t, "")
		if strings.Trim(verb.ReplaceAllString(t, ""), " :;,.()…") != "" && s.found[t] == "" {
			s.found[t] = s.place(e)
		}
	}
}

// hole matches what cannot be followed; what can is a text of its own.
func (s *sourceReader) hole(e ast.Expr) string {
	s.text(e)
	return "%s"
}

func (s *sourceReader) patterns(e ast.Expr) []string {
	if s.busy[e] {
		return nil
	}
	s.busy[e] = true
	defer delete(s.busy, e)
	switch e := e.(type) {
	case *ast.ParenExpr:
		return s.patterns(e.X)
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			t, _ := strconv.Unquote(e.Value)
			return []string{t}
		}
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			return []string{strings.ReplaceAll(s.part(e.X)+s.part(e.Y), "%s%s", "%s")}
		}
	case *ast.Ident:
		return s.variable(e)
	case *ast.SelectorExpr:
		return s.field(e)
	case *ast.CallExpr:
		return s.call(e)
	}
	return nil
}

// part is a part of a sum: its text, or a hole.
func (s *sourceReader) part(e ast.Expr) string {
	switch x := e.(type) {
	case *ast.BasicLit:
		if t := s.patterns(e); len(t) == 1 {
			return t[0]
		}
	case *ast.BinaryExpr:
		if x.Op == token.ADD {
			return s.part(x.X) + s.part(x.Y)
		}
	case *ast.CallExpr:
		if t := s.patterns(e); calleeName(x) == "Sprintf" && len(t) == 1 {
			return t[0]
		}
	case *ast.Ident:
		if c, ok := s.consts[x.Name]; ok {
			return c
		}
	}
	return s.hole(e)
}

func (s *sourceReader) variable(id *ast.Ident) []string {
	if c, ok := s.consts[id.Name]; ok {
		return []string{c}
	}
	var out []string
	ast.Inspect(s.scope, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, l := range n.Lhs {
				if x, ok := l.(*ast.Ident); ok && x.Name == id.Name {
					r := n.Rhs[min(i, len(n.Rhs)-1)]
					if n.Tok == token.ADD_ASSIGN {
						r = &ast.BinaryExpr{X: &ast.Ident{Name: "_"}, Op: token.ADD, Y: r}
					}
					out = append(out, s.patterns(r)...)
				}
			}
		case *ast.ValueSpec:
			for i, x := range n.Names {
				if x.Name == id.Name && i < len(n.Values) {
					out = append(out, s.patterns(n.Values[i])...)
				}
			}
		}
		return true
	})
	return out
}

// field follows a field of a row, where a loop goes over rows written there.
func (s *sourceReader) field(e *ast.SelectorExpr) (out []string) {
	row, ok := e.X.(*ast.Ident)
	if !ok || isText(e.Sel.Name) { // the text of another problem
		return nil
	}
	ast.Inspect(s.scope, func(n ast.Node) bool {
		loop, ok := n.(*ast.RangeStmt)
		if !ok {
			return true
		}
		rows, ok1 := loop.X.(*ast.CompositeLit)
		v, ok2 := loop.Value.(*ast.Ident)
		if !ok1 || !ok2 || v.Name != row.Name {
			return true
		}
		kind, ok := rows.Type.(*ast.ArrayType).Elt.(*ast.StructType)
		if !ok {
			return true
		}
		at := 0
		for _, f := range kind.Fields.List {
			if i := slices.IndexFunc(f.Names, func(n *ast.Ident) bool { return n.Name == e.Sel.Name }); i >= 0 {
				for _, r := range rows.Elts {
					out = append(out, s.patterns(r.(*ast.CompositeLit).Elts[at+i])...)
				}
			}
			at += max(1, len(f.Names))
		}
		return true
	})
	return out
}

func (s *sourceReader) call(e *ast.CallExpr) []string {
	name := calleeName(e)
	switch name {
	case "Sprintf":
		for _, a := range e.Args[1:] {
			s.text(a)
		}
		return s.patterns(e.Args[0])
	case "New", "Errorf", "Error", "Sprint", "String", "Itoa", "Join":
		return nil
	case "Or":
		var out []string
		for _, a := range e.Args {
			out = append(out, s.patterns(a)...)
		}
		return out
	}
	var out []string
	for _, r := range s.results[name] {
		out = append(out, s.patterns(r)...)
	}
	return out
}

func newSourceReader() *sourceReader {
	return &sourceReader{fset: token.NewFileSet(), sinks: map[string]map[int]bool{}, found: map[string]string{}, wanted: map[string]bool{}, busy: map[ast.Node]bool{}}
}

func (s *sourceReader) readAll(packages map[string][]*ast.File) {
	order := slices.Sorted(maps.Keys(packages))
	for _, s.pkg = range append([]string{"table"}, order...) { // whose functions others call
		s.learn(packages[s.pkg])
	}
	for _, s.pkg = range order {
		s.read(packages[s.pkg])
	}
}

func readSources(t *testing.T) map[string]string {
	s := newSourceReader()
	packages, parsed := map[string][]*ast.File{}, map[string]bool{}
	for _, glob := range sources {
		names, err := filepath.Glob(filepath.Join("../..", filepath.Dir(glob), "*.go"))
		require.NoError(t, err)
		some := false
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			short := strings.TrimPrefix(filepath.ToSlash(name), "../../")
			match, err := filepath.Match(strings.TrimSuffix(glob, ".go")+".go", short)
			require.NoError(t, err)
			some = some || match
			if match && !slices.Contains(unused, short) {
				s.wanted[name] = true
			}
			if parsed[name] {
				continue
			}
			parsed[name] = true
			f, err := parser.ParseFile(s.fset, name, nil, 0)
			require.NoError(t, err)
			packages[f.Name.Name] = append(packages[f.Name.Name], f)
		}
		require.True(t, some, "no file %s", glob)
	}
	s.readAll(packages)
	return s.found
}

// The reader of the sources knows every way in which they make a text.
func TestReadSources(t *testing.T) {
	const source = `package p
const why = "a constant"
var whole = Problem{Msg: "of the package"}
func f(n int, name string, row *table.Row) {
	ps.Add(Problem{Msg: "a literal", Need: fmt.Sprintf("a format of %d", n)})
	p := Problem{Msg: "needs: a sum with " + name + " in it", Value: "no text"}
	p.Msg += "; and more of " + name
	p.Need = why
	row.Fail("key", "code", "an argument", "")
	msg := "a variable"
	if n > 0 {
		msg = "another value of it"
	}
	warn("code", msg)
	here := func(code, what string) { ps.Add(Problem{Code: code, Msg: what + " of a closure"}) }
	here("code", "an argument of it")
	for _, x := range []struct {
		n   int
		msg string
	}{{1, "a row"}, {2, "another row"}} {
		warn("code", x.msg)
	}
	warn("code", "a call: "+said(n))
	fmt.Println("printed")
}
func warn(code, msg string) { ps.Add(Problem{Code: code, Msg: msg}) }
func said(n int) string {
	if n > 0 {
		return "what it returns"
	}
	return ""
}
`
	s := newSourceReader()
	f, err := parser.ParseFile(s.fset, "p.go", source, 0)
	require.NoError(t, err)
	helper, err := parser.ParseFile(s.fset, "table.go", "package table\nfunc (r *Row) Fail(key, code, msg, need string) { r.add(Problem{Code: code, Msg: msg, Need: need}) }", 0)
	require.NoError(t, err)
	s.wanted["p.go"] = true
	s.readAll(map[string][]*ast.File{"p": {f}, "table": {helper}})
	require.ElementsMatch(t, []string{
		"a constant", "of the package", "a literal", "a format of %d", "a sum with %s in it", "%s; and more of %s", "an argument", "a variable",
		"another value of it", "%s of a closure", "an argument of it", "a row", "another row", "a call: %s", "what it returns",
	}, slices.Collect(maps.Keys(s.found)))
}
