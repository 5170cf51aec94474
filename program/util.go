package program

import (
	"cmp"
	"maps"
	"slices"
)

func cloneMap[K comparable, V any](m map[K]V) map[K]V { return maps.Clone(m) }

// sortedKeys returns the keys in ascending order: nothing here depends on the
// order of a map.
func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	return slices.Sorted(maps.Keys(m))
}
