package caseio_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/competency/caseio"
)

// generate makes a package like those of a state's school standards: about 2 kB
// for each item and its association, in a tree four deep.
func generate(items int) []byte {
	var b strings.Builder
	id := func(kind, n int) string { return fmt.Sprintf("%08d-52c6-4d5c-8a55-%012d", kind, n) }
	b.WriteString(`{"CFDocument": {` + head + `, "language": "en", "adoptionStatus": "Implemented"}, "CFItems": [`)
	for i := range items {
		if i > 0 {
			b.WriteString(",\n")
		}
		fmt.Fprintf(&b, `{"identifier": %q, "uri": "https://standards.example.org/ims/case/v1p0/CFItems/%s", "CFDocumentURI": {"title": "Kamus", "identifier": %q, "uri": "https://standards.example.org/ims/case/v1p0/CFDocuments/%s"},
 "fullStatement": "Item %d: %s", "humanCodingScheme": "S.%d.%d", "CFItemType": "Expectation", "CFItemTypeURI": {"title": "Expectation", "identifier": %q, "uri": "https://standards.example.org/ims/case/v1p0/CFItemTypes/%s"},
 "language": "en", "educationLevel": ["0%d", "0%d"], "notes": %q, "conceptKeywords": null, "lastChangeDateTime": "2026-01-%02dT03:04:05+00:00"}`,
			id(1, i), id(1, i), docID, docID, i, strings.Repeat("know and apply what was agreed, ", 10), i/50, i%50, far, far, i%9, i%9+1, strings.Repeat("a note ", i%20), i%28+1)
	}
	b.WriteString(`], "CFAssociations": [`)
	for i := range items {
		if i > 0 {
			b.WriteString(",\n")
		}
		to := docID
		if i > 0 {
			to = id(1, (i-1)/12)
		}
		fmt.Fprintf(&b, `{"identifier": %q, "uri": "https://standards.example.org/ims/case/v1p0/CFAssociations/%s", "CFDocumentURI": {"title": "Kamus", "identifier": %q, "uri": "https://standards.example.org/ims/case/v1p0/CFDocuments/%s"}, "associationType": "isChildOf", "sequenceNumber": %d,
 "originNodeURI": {"title": "Item %d", "identifier": %q, "uri": "https://standards.example.org/ims/case/v1p0/CFItems/%s"}, "destinationNodeURI": {"title": "Item", "identifier": %q, "uri": "https://standards.example.org/ims/case/v1p0/CFItems/%s"}, "lastChangeDateTime": "2026-01-02T03:04:05+00:00"}`,
			id(2, i), id(2, i), docID, docID, i%12+1, i, id(1, i), id(1, i), to, to)
	}
	b.WriteString(`]}`)
	return []byte(b.String())
}

// The sizes show that time and memory grow with the file and no faster: a
// package of 5 MB has about 2,500 items.
func BenchmarkReadAndValidate(b *testing.B) {
	for _, items := range []int{600, 2500, 10_000} {
		data := generate(items)
		b.Run(fmt.Sprintf("%dkB", len(data)>>10), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				f, ps := caseio.Read(bytes.NewReader(data), "x.json", nil)
				if ps.Err() != nil || f.Validate().Err() != nil {
					b.Fatal(ps.Err(), f.Validate().Err())
				}
			}
		})
	}
}

func BenchmarkWrite(b *testing.B) {
	data := generate(2500)
	f, _ := caseio.Read(bytes.NewReader(data), "x.json", nil)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := caseio.Write(io.Discard, f, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// Reading and validating asks for less than six times the file, garbage
// included.
func TestMemory(t *testing.T) {
	data := generate(2500)
	require.Greater(t, len(data), 5_000_000)
	used := allocated(func() {
		f, ps := caseio.Read(bytes.NewReader(data), "x.json", nil)
		require.NoError(t, ps.Err())
		require.NoError(t, f.Validate().Err())
	})
	require.Less(t, used, uint64(6*len(data)), "%.1f times", float64(used)/float64(len(data)))
	t.Logf("%.1f times the file", float64(used)/float64(len(data)))
}
