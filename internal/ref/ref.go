// Package ref serves tests: reference numbers with their tolerance, and the
// way to data that lies beside a developer's checkout but not a user's.
package ref

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// Root returns the directory of the module's go.mod.
func Root(t testing.TB) string {
	t.Helper()
	_, file, _, ok := runtime.Caller(0)
	if !ok {
		t.Fatal("ref: the test binary does not know its source")
	}
	return filepath.Join(filepath.Dir(file), "..", "..")
}

// Shared returns the path of a file in the folder "shared" beside the
// repository. Where that folder is absent, as on a user's machine, the test is
// skipped; where CI sets BANGKOM_SHARED=required, it fails.
func Shared(t testing.TB, parts ...string) string {
	t.Helper()
	dir := filepath.Join(Root(t), "..", "shared")
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("BANGKOM_SHARED") == "required" {
			t.Fatalf("../shared is absent: %v", err)
		}
		t.Skip("skipped: needs the folder ../shared beside the repository, which only its developers have")
	}
	path := filepath.Join(append([]string{dir}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("ref: %v", err)
	}
	return path
}

// Load decodes testdata/ref/NAME.json of the package under test.
func Load(t testing.TB, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "ref", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("ref: %s: %v", name, err)
	}
}

// Close fails the test unless got is within the relative tolerance of want
// (absolute where want is 0). NaN equals NaN and an infinity itself.
func Close(t testing.TB, what string, want, got, tol float64) {
	t.Helper()
	switch {
	case math.IsNaN(want) && math.IsNaN(got), want == got:
		return
	case math.Abs(got-want) <= tol*math.Abs(want) || (want == 0 && math.Abs(got) <= tol):
		return
	}
	t.Errorf("%s: got %v, want %v (relative tolerance %g)", what, got, want, tol)
}
