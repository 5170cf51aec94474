package delivery

import (
	"cmp"
	"maps"
	"slices"
)

// sortedKeys returns the keys in ascending order: nothing here depends on the
// order of a map.
func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
