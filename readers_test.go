package bangkom_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/asn"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/evaluation"
	"github.com/bangkom/bangkom/mentoring"
	"github.com/bangkom/bangkom/program"
	"github.com/bangkom/bangkom/program/delivery"
)

// TestNothingToReadFrom: a file that could not be opened, and whose error
// nobody looked at, is a problem of the reader and no panic.
func TestNothingToReadFrom(t *testing.T) {
	rules := asn.On(bangkom.MustDate(2026, 10, 1))
	framework := rules.Framework()
	staff, _ := competency.NewWorkforce(framework, nil, nil, nil)
	for name, read := range map[string]func() bangkom.Problems{
		"competencies": func() bangkom.Problems {
			_, ps := competency.ReadCompetencies(nil, "f", framework.Scales[0].ID)
			return ps
		},
		"units":     func() bangkom.Problems { _, ps := competency.ReadUnits(nil, "f"); return ps },
		"positions": func() bangkom.Problems { _, ps := competency.ReadPositions(nil, "f"); return ps },
		"standards": func() bangkom.Problems { _, ps := competency.ReadStandards(nil, "f", nil, framework); return ps },
		"siasn": func() bangkom.Problems {
			sheet, ps := asn.ReadSIASN(nil, "f", nil)
			require.Empty(t, sheet.Employees)
			return ps
		},
		"recap":     func() bangkom.Problems { _, ps := asn.ReadRecap(nil, "f", rules, nil); return ps },
		"skm":       func() bangkom.Problems { _, ps := asn.ReadSKM(nil, "f", rules, nil); return ps },
		"rules":     func() bangkom.Problems { _, ps := asn.Load(nil, "f"); return ps },
		"targets":   func() bangkom.Problems { _, ps := competency.ReadTargets(nil, "f", nil, nil); return ps },
		"ratings":   func() bangkom.Problems { _, ps := competency.ReadRatings(nil, "f", staff); return ps },
		"partners":  func() bangkom.Problems { _, ps := program.ReadPartners(nil, "f"); return ps },
		"offerings": func() bangkom.Problems { _, ps := program.ReadOfferings(nil, "f", nil); return ps },
		"gains":     func() bangkom.Problems { _, ps := program.ReadGains(nil, "f", nil, framework); return ps },
		"sessions":  func() bangkom.Problems { _, ps := program.ReadSessions(nil, "f", nil); return ps },
		"settled":   func() bangkom.Problems { _, ps := program.ReadSettled(nil, "f", staff, nil, nil); return ps },
		"budgets":   func() bangkom.Problems { _, ps := program.ReadBudgets(nil, "f", staff); return ps },
		"mentors":   func() bangkom.Problems { _, ps := mentoring.ReadMentors(nil, "f"); return ps },
		"delivery":  func() bangkom.Problems { _, ps := delivery.Read(nil, "f"); return ps },
		"tests":     func() bangkom.Problems { _, ps := evaluation.ReadTests(nil, "f", nil); return ps },
		"reaction":  func() bangkom.Problems { _, ps := evaluation.ReadReaction(nil, "f", nil, nil); return ps },
		"behaviour": func() bangkom.Problems { _, ps := evaluation.ReadBehaviour(nil, "f", nil); return ps },
		"costs":     func() bangkom.Problems { _, ps := evaluation.ReadCosts(nil, "f", nil); return ps },
		"benefits":  func() bangkom.Problems { _, ps := evaluation.ReadBenefits(nil, "f", nil); return ps },
	} {
		require.NotPanics(t, func() { require.True(t, read().Has("unreadable"), name) }, name)
	}
}
