package storetest

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"iter"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/store"
	"github.com/bangkom/bangkom/store/memstore"
)

// Each list item of a contract's doc comment is a case, and each case is an item.
func TestOneCasePerSentence(t *testing.T) {
	items := contract(t)
	require.Equal(t, items["Store"], names(StoreCases()))
	require.Equal(t, items["Log"], names(LogCases()))
}

func contract(t *testing.T) map[string][]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../store.go", nil, parser.ParseComments)
	require.NoError(t, err)
	out := map[string][]string{}
	for _, d := range file.Decls {
		gen, ok := d.(*ast.GenDecl)
		if !ok || gen.Tok != token.TYPE {
			continue
		}
		name := gen.Specs[0].(*ast.TypeSpec).Name.Name
		for l := range strings.Lines(gen.Doc.Text()) {
			if item, ok := strings.CutPrefix(strings.TrimSpace(l), "- "); ok {
				out[name] = append(out[name], item)
			}
		}
	}
	return out
}

func names[T any](cases []Case[T]) []string {
	var out []string
	for _, c := range cases {
		out = append(out, c.Name)
	}
	return out
}

// failing runs the cases against one store each, and lists those that fail.
func failing[T any](t *testing.T, cases []Case[T], open func() T) []string {
	var out []string
	for _, c := range cases {
		if err := c.Run(t.Context(), open(), nil); err != nil {
			out = append(out, c.Name)
		}
	}
	return out
}

// mutant is a store with one fault.
type mutant struct {
	S
	fault string
	mu    *sync.Mutex
	keep  map[string]Value
}

func (m mutant) Get(ctx context.Context, key string) (Value, store.Version, error) {
	v, version, err := m.S.Get(ctx, key)
	switch {
	case m.fault == "zero for not found" && err != nil && ctx.Err() == nil:
		return v, version, nil
	case m.fault == "shared memory" && err == nil:
		m.mu.Lock()
		defer m.mu.Unlock()
		return m.keep[key], version, nil
	case m.fault == "version of Get":
		version += "x"
	}
	return v, version, err
}

func (m mutant) Put(ctx context.Context, key string, v Value, expected store.Version) (store.Version, error) {
	switch m.fault {
	case "last writer wins":
		expected = store.Any
	case "absent is any":
		if expected == store.Absent {
			expected = store.Any
		}
	case "any must be there":
		if _, _, err := m.S.Get(ctx, key); expected == store.Any && err != nil {
			return "", err
		}
	case "resurrects":
		if _, _, err := m.S.Get(ctx, key); err != nil && ctx.Err() == nil && key != "" {
			expected = store.Any
		}
	case "ignores context":
		ctx = context.WithoutCancel(ctx)
	case "any key":
		if store.CheckKey(key) != nil {
			return "1", nil
		}
	case "null for no JSON":
		v.Any = nil
	}
	version, err := m.S.Put(ctx, key, v, expected)
	if err == nil {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.keep[key] = v
	}
	if m.fault == "one version" && err == nil {
		version = "1"
	}
	return version, err
}

func (m mutant) Delete(ctx context.Context, key string, expected store.Version) error {
	switch m.fault {
	case "delete ignores version":
		expected = store.Any
	case "delete of nothing is fine":
		if _, _, err := m.S.Get(ctx, key); err != nil && store.CheckKey(key) == nil && ctx.Err() == nil {
			return nil
		}
	case "delete does nothing":
		return nil
	}
	return m.S.Delete(ctx, key, expected)
}

func (m mutant) All(ctx context.Context) iter.Seq2[store.Entry[string, Value], error] {
	seq := m.S.All(ctx)
	switch m.fault {
	case "all reversed":
		return func(yield func(store.Entry[string, Value], error) bool) {
			all, err := store.Collect(seq)
			if err != nil {
				yield(store.Entry[string, Value]{}, err)
				return
			}
			for i := len(all) - 1; i >= 0; i-- {
				if !yield(all[i], nil) {
					return
				}
			}
		}
	case "all is live":
		return func(yield func(store.Entry[string, Value], error) bool) {
			for e, err := range seq {
				if err == nil {
					if e.Value, e.Version, err = m.S.Get(ctx, e.Key); err != nil {
						continue
					}
				}
				if !yield(e, err) {
					return
				}
			}
		}
	case "all once":
		done := false
		return func(yield func(store.Entry[string, Value], error) bool) {
			if !done {
				done = true
				seq(yield)
			}
		}
	}
	return seq
}

// The suite must be able to fail: each fault is found, and by the sentence that forbids it.
func TestFaultyStoresFail(t *testing.T) {
	whole := func() S { return memstore.NewStore[string, Value]() }
	require.Empty(t, failing(t, StoreCases(), whole))
	for fault, sentence := range map[string]string{
		"zero for not found":        "Get of a key that is not there",
		"version of Get":            "Get returns what the last Put",
		"absent is any":             "Put with Absent creates",
		"last writer wins":          "Put with a version replaces",
		"any must be there":         "Put with Any",
		"resurrects":                "Put with a version of a key that is gone",
		"one version":               "A version is never used again",
		"delete of nothing is fine": "Delete removes a key",
		"delete does nothing":       "Delete removes a key",
		"delete ignores version":    "Delete with a version",
		"all reversed":              "All yields every entry once",
		"all is live":               "All yields the state at the start",
		"all once":                  "All may be left early",
		"shared memory":             "A value is what its JSON says",
		"null for no JSON":          "A value that has no JSON",
		"any key":                   "A key that is empty",
		"ignores context":           "A context that is done",
	} {
		t.Run(fault, func(t *testing.T) {
			failed := failing(t, StoreCases(), func() S { return mutant{whole(), fault, &sync.Mutex{}, map[string]Value{}} })
			require.Condition(t, func() bool {
				for _, f := range failed {
					if strings.HasPrefix(f, sentence) {
						return true
					}
				}
				return false
			}, "found by %q", failed)
		})
	}
}

type mutantLog struct {
	L
	fault string
	mu    *sync.Mutex
	keep  *[]Value
}

func (m mutantLog) Append(ctx context.Context, records ...Value) (int64, error) {
	switch m.fault {
	case "one by one":
		var end int64
		for _, r := range records {
			var err error
			if end, err = m.L.Append(ctx, r); err != nil {
				return 0, err
			}
		}
		return end, nil
	case "nothing is zero":
		if len(records) == 0 {
			return 0, nil
		}
	case "ignores context":
		ctx = context.WithoutCancel(ctx)
	case "null for no JSON":
		for i := range records {
			records[i].Any = nil
		}
	}
	end, err := m.L.Append(ctx, records...)
	if m.fault == "returns the start" {
		end -= int64(len(records))
	}
	if err == nil {
		m.mu.Lock()
		defer m.mu.Unlock()
		*m.keep = append(*m.keep, records...)
	}
	return end, err
}

func (m mutantLog) Read(ctx context.Context, from int64) iter.Seq2[Value, error] {
	switch m.fault {
	case "one is the first":
		from--
	case "negative is zero":
		from = max(from, 0)
	case "beyond is the start":
		if end, err := m.L.Append(ctx); err == nil && from > end {
			from = 0
		}
	case "shared memory":
		return func(yield func(Value, error) bool) {
			for _, v := range (*m.keep)[min(max(from, 0), int64(len(*m.keep))):] {
				if !yield(v, nil) {
					return
				}
			}
		}
	case "live":
		return func(yield func(Value, error) bool) {
			for at := from; ; at++ {
				v, err := first(m.L.Read(ctx, at))
				if err != nil && err.Error() == "nothing there" || !yield(v, err) || err != nil {
					return
				}
			}
		}
	case "once":
		seq, done := m.L.Read(ctx, from), false
		return func(yield func(Value, error) bool) {
			if !done {
				done = true
				seq(yield)
			}
		}
	}
	return m.L.Read(ctx, from)
}

func TestFaultyLogsFail(t *testing.T) {
	whole := func() L { return memstore.NewLog[Value]() }
	require.Empty(t, failing(t, LogCases(), whole))
	for fault, sentence := range map[string]string{
		"returns the start":   "Append returns the offset",
		"one by one":          "Append adds all its records",
		"nothing is zero":     "Append of nothing",
		"one is the first":    "Read yields the records from an offset",
		"beyond is the start": "Read from the end",
		"negative is zero":    "Read from a negative offset",
		"live":                "Read yields what was there",
		"once":                "Read may be left early",
		"shared memory":       "A record is what its JSON says",
		"null for no JSON":    "A record that has no JSON",
		"ignores context":     "A context that is done",
	} {
		t.Run(fault, func(t *testing.T) {
			failed := failing(t, LogCases(), func() L { return mutantLog{whole(), fault, &sync.Mutex{}, &[]Value{}} })
			require.Condition(t, func() bool {
				for _, f := range failed {
					if strings.HasPrefix(f, sentence) {
						return true
					}
				}
				return false
			}, "found by %q", failed)
		})
	}
}
