package num

// StreamOf has a state that the reference starts from.
func StreamOf(a, b, c, d uint64) Stream { return Stream{a, b, c, d} }
