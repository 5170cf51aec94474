package main

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden file anew")

func TestOutput(t *testing.T) {
	data, err := fs.Sub(embedded, "data")
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out, data))
	golden := filepath.Join("testdata", "output.golden")
	if *update {
		require.NoError(t, os.WriteFile(golden, out.Bytes(), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), out.String())
}

// TestMissingFiles: every file is named, and no plan is made for nobody.
func TestMissingFiles(t *testing.T) {
	err := run(t.Context(), &bytes.Buffer{}, fstest.MapFS{})
	require.ErrorContains(t, err, "people.csv")
	require.ErrorContains(t, err, "ratings.csv")
}
