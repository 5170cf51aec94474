// Command needs analyses an invented survey of 24 people: what comes first, how
// sure that is, what may be published of each unit, and where the sources agree.
// It shows from Go what "bangkom needs -ratings survey.csv -by unit" does.
package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/needs"
	"github.com/bangkom/bangkom/stats/tally"
)

//go:embed survey.csv
var survey []byte

func main() {
	if err := run(os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(w io.Writer) error {
	frame := needs.Frame{
		Scale: tally.Shape{First: 1, Levels: 5},
		By:    []needs.Dimension{{Name: needs.ByUnit}}, // items and sources are those of the file
	}
	cube, problems := needs.Read(bytes.NewReader(survey), "survey.csv", frame, nil)
	if err := problems.Err(); err != nil {
		return err
	}
	superior, err := cube.From(competency.Superior) // sources are not pooled unawares
	if err != nil {
		return err
	}

	fmt.Fprintln(w, "For the owner of the data: importance × gap, as superiors see it.")
	ranking, err := needs.Rank(superior, needs.Borich, &needs.Options{Seed: 1})
	if err != nil {
		return err
	}
	if err := ranking.WriteText(w, nil, "en", 0); err != nil {
		return err
	}

	fmt.Fprintln(w, "\nDo the methods agree?")
	methods := []needs.Method{needs.ShareBelow, needs.Borich, needs.RDM, needs.IPA(needs.DataMean), needs.Locus}
	comparison, err := needs.Compare(superior, methods, &needs.Options{Resamples: -1})
	if err != nil {
		return err
	}
	if err := comparison.WriteText(w, nil, "en"); err != nil {
		return err
	}

	fmt.Fprintln(w, "\nWhat may be published, by unit:")
	published, err := needs.Publish(superior, &needs.Disclosure{MinCell: 5})
	if err != nil {
		return err
	}
	for _, unit := range published.Segments() {
		r, err := published.Rank(unit, needs.Shortfall, &needs.Options{Resamples: -1})
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "  %-3s", unit)
		for _, x := range r.Items {
			switch {
			case x.Suppressed:
				fmt.Fprintf(w, "  %s suppressed", x.Item)
			case x.Rank == 0:
				fmt.Fprintf(w, "  %s no data", x.Item)
			default:
				fmt.Fprintf(w, "  %s %.2f", x.Item, x.Score.Value)
			}
		}
		fmt.Fprintln(w)
	}
	return nil
}
