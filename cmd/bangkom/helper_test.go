package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files anew")

// ran is what a command printed and how it ended.
func ran(stdin string, args ...string) (status int, out, err string) {
	var o, e bytes.Buffer
	status = run(context.Background(), args, streams{strings.NewReader(stdin), &o, &e})
	return status, o.String(), e.String()
}

// golden compares with a file of testdata: go test ./cmd/bangkom -update writes it.
func golden(t *testing.T, file, got string) {
	t.Helper()
	file = filepath.Join("testdata", file)
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}
