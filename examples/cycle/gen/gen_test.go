package main

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheCityIsWhatTheGeneratorMakes. Rounded normal deviates can differ where
// multiply-add is fused, so only one architecture is compared.
func TestTheCityIsWhatTheGeneratorMakes(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("skipped: the city was generated on amd64")
	}
	for _, f := range newCity(2026, 4000).files() {
		want, err := os.ReadFile(filepath.Join("..", "data", f.name))
		require.NoError(t, err)
		require.Equal(t, string(want), string(f.data), f.name)
	}
}
