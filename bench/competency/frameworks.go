package main

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/competency/caseio"
)

// dictionary makes a framework of items in a tree with prerequisites, second
// parents and relations to the given number of edges; the same sizes give the same.
func dictionary(items, edges, words int) *competency.Framework {
	r := rand.New(rand.NewPCG(7, uint64(items)))
	id := func(i int) competency.CompetencyID {
		return competency.CompetencyID(fmt.Sprintf("%08x-52c6-4d5c-8a55-%012d", uint32(i)*2654435761, i))
	}
	word := func() string { return fmt.Sprintf("kata%d", r.IntN(3000)) }
	f := &competency.Framework{ID: "0b7a7e0e-52c6-4d5c-8a55-5f2f1f6a0001", Version: "1", Title: competency.Text{"id": "Kamus"}, Source: "Badan Contoh", ValidFrom: bangkom.MustDate(2026, 1, 1)}
	for i := range items {
		c := competency.Competency{ID: id(i), Code: fmt.Sprintf("S%d", i), Title: competency.Text{"id": fmt.Sprintf("Mengelola %s dan %s %d", word(), word(), i)}}
		var text strings.Builder
		for range words {
			text.WriteString(word() + " ")
		}
		c.Description = competency.Text{"id": text.String()}
		if i > 0 {
			c.Parent = id((i - 1) / 8)
		}
		f.Competencies = append(f.Competencies, c)
	}
	link := func(t competency.Relation, from, to int) {
		f.Associations = append(f.Associations, competency.Association{Type: t, From: id(from), To: competency.Ref{ID: id(to)}})
	}
	for k := range edges - items + 1 {
		switch i := 1 + r.IntN(items-1); k % 20 {
		case 0:
			link(competency.ChildOf, i, r.IntN(i))
		case 1:
			link(competency.Precedes, r.IntN(i), i)
		default:
			link(competency.RelatedTo, r.IntN(items), r.IntN(items))
		}
	}
	return f
}

// edition is the next one, in which one in n was changed in each of three ways;
// of one in one everything has another id, code and title.
func edition(f *competency.Framework, n int) *competency.Framework {
	next := f.Clone()
	next.Version = "2"
	for i := range next.Competencies {
		c := &next.Competencies[i]
		switch i % n {
		case 0:
			c.ID, c.Code = "new-"+c.ID, "N"+c.Code
			c.Title["id"] = strings.Replace(c.Title["id"], "Mengelola", "Mengembangkan", 1)
		case 1:
			c.Description["id"] += "lagi"
		case 2:
			c.Parent = next.Competencies[0].ID
		}
	}
	return next
}

// worded gives all titles of words out of twenty, so that many are alike and none quite.
func worded(f *competency.Framework, seed uint64) *competency.Framework {
	f = f.Clone()
	r := rand.New(rand.NewPCG(seed, 1))
	list := strings.Fields("mengelola menyusun rencana kerja data anggaran dampak kebijakan publik pegawai sistem informasi layanan wilayah kota hukum arsip aset tim mutu")
	for i := range f.Competencies {
		title := make([]string, 6)
		for k := range title {
			title[k] = list[r.IntN(len(list))]
		}
		f.Competencies[i].Title = competency.Text{"id": strings.Join(title, " ")}
	}
	return f
}

// titled gives all the title that a format and a number make.
func titled(f *competency.Framework, format string) *competency.Framework {
	f = f.Clone()
	for i := range f.Competencies {
		f.Competencies[i].Title = competency.Text{"id": fmt.Sprintf(format, fmt.Sprintf("%05d", i))}
	}
	return f
}

// frameworks times what is done with frameworks, by size.
func frameworks(out io.Writer, sizes []int) error {
	fmt.Fprintln(out, "CASE MB\titems\tread + validate\tallocated / size")
	for _, items := range sizes {
		var b bytes.Buffer
		if _, err := caseio.Write(&b, dictionary(items, 2*items, 60), nil); err != nil {
			return err
		}
		var problem error
		read := func() {
			f, ps := caseio.Read(bytes.NewReader(b.Bytes()), "x.json", nil)
			if problem = ps.Err(); problem == nil {
				problem = f.Validate().Err()
			}
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		read()
		runtime.ReadMemStats(&after)
		seconds := least(read)
		if problem != nil {
			return problem
		}
		fmt.Fprintf(out, "%.1f\t%d\t%s\t%.1f\n", float64(b.Len())/1e6, items, ms(seconds), float64(after.TotalAlloc-before.TotalAlloc)/float64(b.Len()))
	}
	fmt.Fprintln(out, "nodes\tedges\tindex\tall checks")
	for _, items := range sizes {
		items *= 6
		f := dictionary(items, items*29/3, 15)
		var problem error
		index, checks := least(func() { f.Index() }), least(func() { problem = f.Validate().Err() })
		if problem != nil {
			return problem
		}
		fmt.Fprintf(out, "%d\t%d\t%s\t%s\n", items, items*29/3, ms(index), ms(checks))
	}
	fmt.Fprintln(out, "items\tdiff, one in 20\tall new\tall new and each like each\tall new and of few words\tall new and of one title")
	for _, items := range sizes {
		f := dictionary(items, 2*items, 15)
		all := edition(f, 1)
		cell := func(a, b *competency.Framework) string { return ms(least(func() { competency.Diff(a, b, nil) })) }
		const like = "Mengelola pekerjaan umum dan penataan ruang %s"
		fmt.Fprintf(out, "%d\t%s\t%s\t%s\t%s\t%s\n", items, cell(f, edition(f, 20)), cell(f, all), cell(titled(f, like), titled(all, like+" baru")), cell(worded(f, 1), worded(all, 2)), cell(titled(f, "Mengelola%.0s"), titled(all, "Mengelola baru%.0s")))
	}
	return nil
}

func ms(seconds float64) string { return fmt.Sprintf("%.0f ms", 1000*seconds) }
