package text

// table holds one line per code: Indonesian, English. Both have the same verbs
// in the same order; a test checks it.
var table = map[string][2]string{
	"unknown": {"tidak diketahui", "unknown"},
	"total":   {"jumlah", "total"},
}
