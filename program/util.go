package program

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

func cloneMap[K comparable, V any](m map[K]V) map[K]V { return maps.Clone(m) }

// sortedKeys returns the keys in ascending order: nothing here depends on the
// order of a map.
func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	return slices.Sorted(maps.Keys(m))
}

// finite is nil for what JSON cannot hold.
func finite(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

func orElse(p *float64, otherwise float64) float64 {
	if p == nil {
		return otherwise
	}
	return *p
}
