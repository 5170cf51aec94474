package program

import (
	"io"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// ReadOfferings reads offerings.csv. Gains are in a file of their own: [ReadGains].
// With partners given, a partner that is not among them is a Problem.
func ReadOfferings(r io.Reader, file string, partners []Partner) ([]Offering, bangkom.Problems) {
	panic("being written")
}

// ReadGains reads gains.csv and returns the offerings with their gains.
// Resolve finds a competency by any of its names; nil takes the text as the id.
func ReadGains(r io.Reader, file string, offerings []Offering, resolve func(string) (competency.CompetencyID, bool)) ([]Offering, bangkom.Problems) {
	panic("being written")
}

// ReadSessions reads sessions.csv. With offerings given, one that is not among them is a Problem.
func ReadSessions(r io.Reader, file string, offerings []Offering) ([]Session, bangkom.Problems) {
	panic("being written")
}

// ReadPartners reads partners.csv: a row per tier.
func ReadPartners(r io.Reader, file string) ([]Partner, bangkom.Problems) { panic("being written") }

// ReadBudgets reads budgets.csv. With a workforce given, a unit that it does not have is a Problem.
func ReadBudgets(r io.Reader, file string, w *competency.Workforce) ([]Budget, bangkom.Problems) {
	panic("being written")
}
