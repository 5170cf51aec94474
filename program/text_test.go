package program

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/text"
)

func printed(t *testing.T, p *Plan, lang string) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, p.WriteText(&b, lang, 0))
	return b.String()
}

// A ceiling that could not be read counts as 0, and no line of the report
// makes that look decided.
func TestAnUnreadableCeilingIsSaid(t *testing.T) {
	budgets, ps := ReadBudgets(strings.NewReader("Unit,Tahun,Pagu\nTOTAL,2027,lima juta\nworks,2027,x\n"), "b.csv", nil)
	require.Len(t, ps.Only(0), 2)
	m := smallModel(t)
	m.Catalogue.Budgets = budgets
	p, err := Solve(t.Context(), m, &Options{Work: plentyOfWork})
	require.NoError(t, err)
	require.True(t, p.Lines[0].Unread)
	require.Contains(t, printed(t, p, "id"), "rencana terbaik, terbukti, selama pagu yang tidak terbaca dihitung sebagai Rp0")
	require.Contains(t, printed(t, p, "id"), "Biaya Rp0 (pagu tidak terbaca, dihitung sebagai Rp0, sisa Rp0)")
	en := printed(t, p, "en")
	require.Contains(t, en, "the best plan, proven, as long as the unreadable ceiling counts as Rp0")
	require.Contains(t, en, "works: ceiling unreadable, counted as Rp0.")
}

// The report counts who has no seat by reason, and prints the objective's parts.
func TestTheReportSaysWhy(t *testing.T) {
	m := smallModel(t)
	m.Policy.Settled = []Settled{{Person: "p01", Done: []OfferingID{"A1", "A2", "B1"}}}
	p := seated(m, nil)
	p.Status, p.Objective = Feasible, -5
	p.Status, p.Objective, p.Parts = Feasible, -5, m.compile().parts(p)
	en := printed(t, p, "en")
	require.Contains(t, en, "With a need and without a seat: 6 (no seat or money left for it 5, did before what suits 1).")
	require.Contains(t, en, "Value = 0.0 levels closed, weighted − 5.0 hours missing (100 × 0.05).")
	held := seated(m, map[SessionID][]int{"A1-1": {0}})
	held.Status, held.Objective = Feasible, 0
	require.Contains(t, printed(t, held, "en"), "Capacity")
	require.NotContains(t, en, "Capacity", "no table of nothing")
}

// Each rule of a conflict has its limit in its own unit, or none.
func TestConflictInItsUnits(t *testing.T) {
	c := Conflict{Status: Infeasible, Minimal: true, Rules: []ConflictRule{
		{Rule: Rule{Kind: "budget"}, Limit: 5_000_000},
		{Rule: Rule{Kind: "coverage", Unit: "U1"}, Limit: 0.5, People: []competency.PersonID{"p1", "p2"}},
		{Rule: Rule{Kind: "hours-floor", Person: "p1"}, Limit: 20},
		{Rule: Rule{Kind: "minimum", Session: "W-1"}, Limit: 3},
		{Rule: Rule{Kind: "lock", Person: "p1", Session: "W-1"}},
	}}
	var b strings.Builder
	require.NoError(t, c.WriteText(&b, "id"))
	require.Equal(t, `Aturan wajib berikut tidak dapat dipenuhi bersama:
  anggaran keseluruhan (batas Rp5.000.000)
  jangkauan U1 (batas 50 %): p1, p2
  jam paling sedikit p1 (batas 20 JP)
  peserta minimum W-1 (batas 3)
  kursi yang sudah ditetapkan: p1 W-1
Tanpa salah satunya, yang lain dapat dipenuhi.
`, b.String())
}

// A price of a rupiah is printed for a million.
func TestThePriceOfMoneyCanBeRead(t *testing.T) {
	part := []Part{{Of: "spent", Amount: 1_500_000, Price: 1e-9, Worth: -0.0015}}
	require.Equal(t, "0.0 money spent (1,500,000 × 0.001 for each million)", partsText(text.English, part))
	require.Equal(t, "0,0 uang yang dipakai (1.500.000 × 0,001 tiap sejuta)", partsText(text.Indonesian, part))
}
