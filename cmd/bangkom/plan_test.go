package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// office is the small agency of examples/plan as flags.
func office(more ...string) []string {
	args := []string{"plan", "-year", "2027", "-work", "200000"}
	for _, f := range []string{"people", "units", "positions", "standards", "competencies", "ratings", "offerings", "gains", "sessions", "partners"} {
		args = append(args, "-"+f, filepath.Join("..", "..", "examples", "plan", "data", f+".csv"))
	}
	args = append(args, "-budget", filepath.Join("..", "..", "examples", "plan", "data", "budgets.csv"))
	return append(args, more...)
}

func TestPlanOfAnAgency(t *testing.T) {
	status, out, err := ran("", office("-lang", "en", "-why", "S6", "-why", "P02", "-curve", "budget=15000000,30000000", "-prices", "-verify")...)
	require.Zero(t, status, err)
	golden(t, "plan.en.golden", out)
	require.Contains(t, err, "gap 0.00 %", "progress goes to stderr")

	status, out, err = ran("", office("-top", "2")...)
	require.Zero(t, status, err)
	golden(t, "plan.id.golden", out)
}

// TestPlanInNumbers: the problem that -write writes is the agency's problem:
// its plan, which -out writes and -from reads, is worth the same.
func TestPlanInNumbers(t *testing.T) {
	dir := t.TempDir()
	problem, solution := filepath.Join(dir, "p.json"), filepath.Join(dir, "s.json")
	type result struct {
		Plan struct {
			Objective, Bound float64
			Status           string
		}
	}
	objective := func(args ...string) result {
		status, out, err := ran("", args...)
		require.Zero(t, status, err)
		var r result
		require.NoError(t, json.Unmarshal([]byte(out), &r))
		return r
	}
	a := objective(office("-json", "-write", problem)...)
	b := objective("plan", "-problem", problem, "-work", "200000", "-json", "-out", solution, "-verify")
	require.Equal(t, "optimal", a.Plan.Status)
	require.Equal(t, "optimal", b.Plan.Status)
	// The file counts in thousandths, and leaves out the 20 hours each that two
	// people miss for whom the catalogue has nothing, at 0.05.
	require.InDelta(t, 1000*(a.Plan.Objective+2*20*0.05), b.Plan.Objective, 1e-9)

	var s struct {
		Open, Assign []any
		Objective    float64
		Certificate  map[string]any
	}
	file, err := os.ReadFile(solution)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(file, &s))
	require.InDelta(t, b.Plan.Objective, s.Objective, 1e-9)
	require.NotEmpty(t, s.Certificate)
	kept := objective("plan", "-problem", problem, "-work", "1", "-json", "-from", solution)
	require.InDelta(t, b.Plan.Objective, kept.Plan.Objective, 1e-9, "a plan to start from is kept")

	text, err := os.ReadFile(problem)
	require.NoError(t, err)
	status, out, _ := ran(string(text), "plan", "-problem", "-", "-work", "200000", "-json")
	require.Zero(t, status)
	require.Contains(t, out, `"optimal"`, "from standard input")

	mps := filepath.Join(dir, "p.mps")
	objective(office("-json", "-write", mps)...)
	text, err = os.ReadFile(mps)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(text), "NAME"))
}

// foldered is a folder where a file should be.
func foldered(t *testing.T, name string) string {
	dir := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.Mkdir(dir, 0o700))
	return dir
}

func TestPlanUsage(t *testing.T) {
	for _, x := range []struct {
		name   string
		status int
		says   string
		args   []string
	}{
		{"a folder for a file", 1, "people.csv: pembacaan berhenti", []string{"plan", "-year", "2027", "-offerings", "x", "-people", foldered(t, "people.csv")}},
		{"no command", 2, "usage: bangkom COMMAND", nil},
		{"unknown command", 2, `no command "plna"`, []string{"plna"}},
		{"nothing to plan", 2, "give either -problem or the files", []string{"plan"}},
		{"both forms", 2, "give either -problem or the files", office("-problem", "p.json")},
		{"unknown flag", 2, "-speed", []string{"plan", "-speed", "9"}},
		{"help", 0, "Exit status", []string{"plan", "-h"}},
		{"absent file", 1, "berkas absent.json tidak ada", []string{"plan", "-problem", "absent.json"}},
		{"absent file in English", 1, "open absent.json", []string{"plan", "-problem", "absent.json", "-lang", "en"}},
		{"year before the rules", 2, "no rules on levels", office("-lang", "en", "-year", "27")},
		{"day before the rules", 2, "no rules on levels", office("-lang", "en", "-asof", "1990-01-01")},
		{"no year", 2, "not a year", office("-lang", "en", "-year", "10000")},
		{"limit without a unit", 2, "such as 90s or 5m", office("-limit", "10")},
		{"moves from nothing", 2, "give -from too", office("-moves", "1")},
		{"unknown language", 2, "Indonesian (id) or English (en)", office("-lang", "fr")},
		{"unknown person", 1, "bukan orang dan bukan sesi", office("-why", "P99")},
		{"bad curve", 2, `bukan angka ("20 juta"); angka tanpa pemisah ribuan`, office("-curve", "budget=5,20 juta")},
		{"plan to no folder", 1, "bangkom plan: berkas nowhere tidak ada", office("-out", "nowhere/p.json")},
		{"problem in no known form", 2, "a .json or a .mps file", office("-write", "p.lp")},
		{"curve of a budget of something", 2, "ATURAN", office("-curve", "budget 5")},
		{"curve of more than all money", 2, `bukan nilai yang mungkin bagi batas itu ("1e30"); angka dari 0 sampai 2^53`, office("-curve", "budget=1e30")},
		{"curve below no money", 2, `"-5"`, office("-curve", "budget=5,-5")},
		{"curve of no number", 2, `"NaN"`, office("-curve", "budget=NaN")},
		{"curve of more than everybody", 2, `"1.1"); a share from 0 to 1`, office("-lang", "en", "-curve", "coverage=1.1")},
		{"curve of more hours than there are", 2, `"1e15"`, office("-curve", "hours=1e15")},
		{"curve of fewer seats than the minimum", 1, "angka dari 4 ke atas", office("-curve", "seats S1=3", "-work", "3000")},
		{"time that is over", 2, `-limit: bukan waktu di atas 0 ("-3s"); misalnya 90s atau 5m`, office("-limit", "-3s")},
		{"no time", 2, `-limit: not a time above 0 ("0s")`, office("-lang", "en", "-limit", "0")},
		{"work that is done", 2, `-work: angka negatif ("-1"); 0 berarti tanpa batas`, office("-work", "-1")},
		{"fewer than no cores", 2, `-workers: angka negatif ("-2"); 0 berarti semua inti`, office("-workers", "-2")},
		{"fewer than no lines", 2, `-top: angka negatif ("-3"); 0 berarti semua`, office("-top", "-3")},
		{"moves for a reward", 2, `-moves: bukan harga dari 0 sampai sejuta ("-1")`, office("-moves", "-1", "-from", "p.json")},
		{"moves for no number", 2, `("NaN")`, office("-moves", "NaN", "-from", "p.json")},
		{"nobody away", 2, `-away: bukan bagian di atas 0 sampai 1 ("0"); tanpa -away`, office("-away", "0")},
		{"more than all away", 2, `("1.01")`, office("-away", "1.01")},
		{"no number away", 2, `("NaN")`, office("-away", "NaN")},
		{"fewer than nobody reached", 2, `-coverage: bukan bagian dari 0 sampai 1 ("-0.1")`, office("-coverage", "-0.1")},
		{"no number reached", 2, `("NaN")`, office("-coverage", "NaN")},
		{"nothing again", 2, `-again: bukan bagian di atas 0 sampai 1 ("0"); 1 menghitung semua`, office("-again", "0")},
		{"reached for no price", 2, `-uncovered: bukan harga di atas 0 sampai sejuta ("0"); suatu harga, atau hard`, office("-coverage", "1", "-uncovered", "0")},
		{"a price of no coverage", 2, "give -coverage too", office("-uncovered", "hard")},
		{"hours for a reward", 2, `-missing-hour: bukan harga dari 0 sampai sejuta ("-1"); 0, suatu harga, atau hard`, office("-missing-hour", "-1")},
		{"hours at a word", 2, `neither a price nor hard`, office("-missing-hour", "dear")},
		{"caution the other way", 2, `-caution: bukan angka dari 0 sampai sejuta ("-1")`, office("-caution", "-1")},
		{"money for a reward", 2, `-money: bukan harga dari 0 sampai sejuta ("-1")`, office("-money", "-1")},
		{"money above all", 2, `("+Inf")`, office("-money", "Inf")},
		{"the files' flags with numbers", 2, "-away goes with the files of an agency", []string{"plan", "-problem", "p.json", "-away", "0.5"}},
		{"curve of no limit", 1, "sebutkan pada nilai mana saja", office("-curve", "unit-budget U0")},
		{"curve of no unit", 1, "tidak ada unit yang membayar", office("-curve", "unit-budget ZZ")},
		{"curve of no session", 1, "tidak ada unit yang membayar, sesi", office("-curve", "seats S99")},
	} {
		t.Run(x.name, func(t *testing.T) {
			status, _, err := ran("", x.args...)
			require.Equal(t, x.status, status, err)
			require.Contains(t, err, x.says)
		})
	}
}

// TestPlanPriceOfHours: no price is no price, and not the default; a hard
// minimum that cannot be reached is named.
func TestPlanPriceOfHours(t *testing.T) {
	_, out, err := ran("", office("-lang", "en", "-missing-hour", "0", "-work", "3000")...)
	require.Regexp(t, `(?m)^Value = [\d.]+ levels closed, weighted\.$`, out, err)
	status, out, err := ran("", office("-lang", "en", "-missing-hour", "hard", "-work", "3000")...)
	require.Equal(t, 1, status, err)
	require.Contains(t, out, "fewest hours of P06 (limit 20 JP)")
}

// TestPlanHardCoverage: a share that has to be reached is, or the units that
// cannot reach it are named.
func TestPlanHardCoverage(t *testing.T) {
	budget := func(text string) []string {
		file := filepath.Join(t.TempDir(), "budgets.csv")
		require.NoError(t, os.WriteFile(file, []byte("Unit,Tahun,Pagu\n"+text), 0o600))
		return office("-lang", "en", "-budget", file, "-work", "20000", "-coverage", "1", "-uncovered")
	}
	tight := budget("TOTAL,2027,14000000\n")
	_, out, err := ran("", append(tight, "0.001")...)
	require.Contains(t, out, "people not reached", err)
	status, out, err := ran("", append(budget("TOTAL,2027,16000000\n"), "hard", "-verify", "-json", "-curve", "coverage=0.5,1")...)
	require.Zero(t, status, err)
	require.Contains(t, out, `{"of":"not-reached","amount":0,"worth":0,"price":null}`)

	status, out, err = ran("", append(budget("TOTAL,2027,400000\n"), "hard")...)
	require.Equal(t, 1, status, err)
	require.Contains(t, out, "  the whole budget (limit Rp400,000)\n  coverage of U0 (limit 100 %): P01\n")
	status, _, err = ran("", append(budget("TOTAL,2027,30000000\nU1,2027,300000\n"), "hard")...)
	require.Equal(t, 1, status)
	require.Contains(t, err, "policy/coverage/U1: 10 of 10 people of U1 have to be reached, and their units' budget lines pay for only 6")
	status, out, err = ran("", append(tight, "hard", "-work", "10")...)
	require.Equal(t, 1, status, err)
	require.Contains(t, out, "such as -uncovered 1000")
}

// TestPlanSaysWhatIsWrong: every fault with its place, and exit status 1.
func TestPlanSaysWhatIsWrong(t *testing.T) {
	status, _, err := ran(`{"n":1,"m":1,"K":1,"U":1,"T":0,"hmin":0,"hmax":9,"rho":0,"pi":0,"theta":0,"budget":-5,"ubudget":[0],
		"people":[{"u":3,"gaps":[[0,10,1]],"done":[]}],
		"sessions":[{"off":0,"method":"x","comp":[[0,10]],"hours":1,"F":0,"c":0,"cap":2,"min":3,"slot":-1,"pre":-1}]}`, "plan", "-problem", "-", "-work", "10")
	require.Equal(t, 1, status)
	for _, code := range []string{"budget: harus dari 0 sampai 2^53", "people[0]", "sessions[0]"} {
		require.Contains(t, err, code)
	}

	dir := t.TempDir()
	bad := filepath.Join(dir, "budgets.csv")
	require.NoError(t, os.WriteFile(bad, []byte("Unit,Tahun,Pagu\nTOTAL,2027,-30000000\nU9,2027,5\n"), 0o600))
	status, out, err := ran("", append(office(), "-budget", bad)...)
	require.Equal(t, 1, status)
	require.Contains(t, err, "budgets.csv:2")
	require.Contains(t, err, "budgets.csv:3")
	require.Contains(t, out, "Kesalahan dalam data (2)", "what can be planned is planned, and that it is not all is said")
}

// TestPlanThatMeansNothingIsNotMade: where an error leaves nothing to plan there
// is no plan and no file of one, and only the cause is told, once.
func TestPlanThatMeansNothingIsNotMade(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "out.json")
	people, err := os.ReadFile(filepath.Join("..", "..", "examples", "plan", "data", "people.csv"))
	require.NoError(t, err)
	for name, c := range map[string]struct{ flag, text, code string }{
		"empty sessions":     {"sessions", "", "no-header"},
		"sessions of no row": {"sessions", "Kode Sesi,Kode,Maksimal\n", "no-rows"},
		"last year's":        {"sessions", "Kode Sesi,Kode,Mulai,Selesai,Maksimal\nS1,O1,01-02-2026,02-02-2026,9\n", "no-sessions"},
		"another file":       {"people", "Kode,Nama\nU1,Dinas\n", "missing-column"},
		"empty budgets":      {"budget", "", "no-header"},
		"empty gains":        {"gains", "", "no-header"},
		"gains of no row":    {"gains", "Kode,Kompetensi,Kenaikan\n", "no-rows"},
		"gains as UTF-16":    {"gains", "\xff\xfeK\x00o\x00", "utf-16"},
		"no column of money": {"budget", "Unit,Tahun,Pago\nTOTAL,2027,5\n", "missing-column"},
		"another year's":     {"budget", "Unit,Tahun,Pagu\nTOTAL,2026,5\n", "no-budget"},
		"jobs misspelt":      {"people", strings.Replace(string(people), "Kode Jabatan", "Kode Jabatn", 1), "no-standards"},
		"statuses misspelt":  {"people", strings.ReplaceAll(string(people), "PNS", "PNSS"), "no-hour-limits"},
		"the whole unread":   {"budget", "Unit,Tahun,Pagu\nTOTAL,2027,30.000.000,00\n", "lost-budget"},
		"a promise too dear": {"settled", "NIP,Keputusan,Kode,Kode Sesi\nP02,tetap,,S6\n", "budget-short"},
	} {
		file := filepath.Join(dir, "f.csv")
		require.NoError(t, os.WriteFile(file, []byte(c.text), 0o600))
		args := append(office("-lang", "en", "-out", out), "-"+c.flag, file)
		if c.flag == "settled" {
			poor := filepath.Join(dir, "b.csv")
			require.NoError(t, os.WriteFile(poor, []byte("Unit,Tahun,Pagu\nTOTAL,2027,10\n"), 0o600))
			args = append(args, "-budget", poor)
		}
		status, said, err := ran("", args...)
		require.Equal(t, 1, status, name)
		require.Regexp(t, `^Plan 2027: not made: errors in the data \(\d\)`, said, name)
		require.Equal(t, 1, strings.Count(err, c.code+":"), "%s: %s", name, err)
		require.Less(t, strings.Count(err, "error:"), 3, err)
		require.NoFileExists(t, out)
		_, said, _ = ran("", append(args, "-json")...)
		require.True(t, json.Valid([]byte(said)), said)
		require.Contains(t, said, c.code)
	}
}

// respelt is the small agency with one file in which a text is another.
func respelt(t *testing.T, flag, old, new string) []string {
	t.Helper()
	name := flag
	if flag == "budget" {
		name = "budgets"
	}
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", "plan", "data", name+".csv"))
	require.NoError(t, err)
	require.Contains(t, string(text), old)
	file := filepath.Join(t.TempDir(), name+".csv")
	require.NoError(t, os.WriteFile(file, []byte(strings.ReplaceAll(string(text), old, new)), 0o600))
	return append(office("-lang", "en", "-work", "3000"), "-"+flag, file)
}

// TestPlanWarnsOfColumnsThatAreMissed: what a plan goes without for want of a
// column, or of a unit's people, is on the screen.
func TestPlanWarnsOfColumnsThatAreMissed(t *testing.T) {
	for name, c := range map[string]struct {
		flag, old, new string
		says           []string
	}{
		"costs":    {"sessions", "Biaya per Kursi", "Biaya Kursi", []string{`sessions.csv:1: the cost counts as Rp0 in every session ("Biaya per Kursi")`, `"Biaya Kursi" looks like it`}},
		"units":    {"people", "Unit", "UNIT KERJA", []string{`people.csv:1: everybody is in no unit ("Kode Unit")`, `"UNIT KERJA" looks like it`, "budgets/U1/2027: the line pays for nobody", "people are in no unit"}},
		"partners": {"offerings", "Mitra", "Rekan", []string{`offerings.csv:1: no offering has a partner: no partner's price is counted ("Mitra")`}},
		"prices":   {"partners", "Harga per Kursi", "Harga", []string{`partners.csv:1: no partner has a price: every fee counts as Rp0 ("Harga per Kursi")`}},
	} {
		_, _, err := ran("", respelt(t, c.flag, c.old, c.new)...)
		for _, says := range c.says {
			require.Contains(t, err, says, name)
		}
	}
}

// TestPlanOfStatuses: capitals do not count; an unknown status is named with its
// rows and with those that are known, a missing column by its name.
func TestPlanOfStatuses(t *testing.T) {
	status, _, err := ran("", respelt(t, "people", ",PNS", ",pns")...)
	require.Zero(t, status, err)
	_, _, err = ran("", respelt(t, "people", "J2,PNS", "J2,P3K")...)
	require.Regexp(t, `people\.csv:5,6,7,8,9,10,11,12,…: \d+ people have a status without limits of hours \("P3K"\); one of CPNS, PNS, PPPK, or a row`, err)
	_, _, err = ran("", respelt(t, "people", "Status", "Golongan")...)
	require.Regexp(t, `people\.csv:2,3,4,5,6,7,8,9,…: \d+ people have no status, and so no limits of hours; a column Status .* with one of CPNS, PNS, PPPK`, err)
}

// TestPlanFromWhatIsNoPlan: what -from or -check names has to be a plan.
func TestPlanFromWhatIsNoPlan(t *testing.T) {
	dir := t.TempDir()
	empty, printed := filepath.Join(dir, "empty.json"), filepath.Join(dir, "printed.json")
	require.NoError(t, os.WriteFile(empty, []byte("{}"), 0o600))
	status, out, _ := ran("", office("-json")...)
	require.Zero(t, status)
	require.NoError(t, os.WriteFile(printed, []byte(out), 0o600))
	for _, flag := range []string{"-from", "-check"} {
		status, _, err := ran("", office("-lang", "en", flag, empty)...)
		require.Equal(t, 1, status)
		require.Contains(t, err, "the file is no plan")
	}
	other := filepath.Join(dir, "other.json")
	require.NoError(t, os.WriteFile(other, []byte(`{"held":[{"session":{"id":"X1"},"people":["P01"]}]}`), 0o600))
	status, _, err := ran("", office("-lang", "en", "-from", other)...)
	require.Equal(t, 1, status)
	require.Contains(t, err, "it is of something else")
	status, out, err = ran("", office("-lang", "en", "-check", printed)...)
	require.Zero(t, status, err)
	require.Contains(t, out, "Checked:")
}

// TestPlanRefusesACodeOfTheRules: an agency's competency may not take the
// place of one that the rules have.
func TestPlanRefusesACodeOfTheRules(t *testing.T) {
	own := filepath.Join(t.TempDir(), "competencies.csv")
	require.NoError(t, os.WriteFile(own, []byte("Kode,Nama,Jenis\nKOM,Komunikasi Publik,teknis\n"), 0o600))
	status, _, err := ran("", append(office(), "-competencies", own)...)
	require.Equal(t, 1, status)
	require.Contains(t, err, `kompetensi berkode ini sudah ada dalam aturan; kompetensi instansi itu tidak dipakai ("KOM")`)
}

// TestPlanConflict: where hard rules cannot all hold, the tool names a
// smallest set of them.
func TestPlanConflict(t *testing.T) {
	problem := `{"n":1,"m":1,"K":1,"U":1,"T":0,"hmin":4,"hmax":9,"rho":null,"pi":0,"theta":0,"budget":5,"ubudget":[5],
		"people":[{"u":0,"gaps":[[0,10,1]],"done":[]}],
		"sessions":[{"off":0,"method":"x","comp":[[0,10]],"hours":4,"F":10,"c":0,"cap":2,"min":1,"slot":-1,"pre":-1}]}`
	status, out, err := ran(problem, "plan", "-problem", "-", "-work", "20000", "-lang", "en", "-verify")
	require.Equal(t, 1, status, err)
	golden(t, "plan-conflict.en.golden", out)
	status, out, _ = ran(problem, "plan", "-problem", "-", "-work", "20000", "-json")
	require.Equal(t, 1, status)
	require.True(t, json.Valid([]byte(out)))
}

// TestPlanConflictTakesTooLong: that there is no plan is said, even where the
// time is too short to find out which rules are to blame.
func TestPlanConflictTakesTooLong(t *testing.T) {
	dir := t.TempDir()
	problem, solution := filepath.Join(dir, "p.json"), filepath.Join(dir, "s.json")
	require.NoError(t, os.WriteFile(problem, []byte(`{"n":1,"m":1,"K":1,"U":1,"T":0,"hmin":4,"hmax":9,"rho":null,"pi":0,"theta":0,"budget":5,"ubudget":[5],
		"people":[{"u":0,"gaps":[[0,10,1]],"done":[]}],
		"sessions":[{"off":0,"method":"x","comp":[[0,10]],"hours":4,"F":10,"c":0,"cap":2,"min":1,"slot":-1,"pre":-1}]}`), 0o600))
	status, _, err := ran("", "plan", "-problem", problem, "-work", "1000", "-out", solution)
	require.Equal(t, 1, status, err)
	status, out, err := ran("", "plan", "-problem", problem, "-check", solution, "-limit", "1ns", "-lang", "en")
	require.Equal(t, 1, status)
	require.Empty(t, err)
	require.Contains(t, out, "Plan: the hard rules cannot all hold.")
	require.Contains(t, out, "Which of them are to blame is not known yet")
}

// TestPlanCheckSaysWhatLies: a file whose seats, objective, bound or status are
// not what they are said to be is refused, by name.
func TestPlanCheckSaysWhatLies(t *testing.T) {
	dir := t.TempDir()
	problem, solution := filepath.Join(dir, "p.json"), filepath.Join(dir, "s.json")
	status, _, err := ran("", office("-write", problem, "-out", filepath.Join(dir, "plan.json"))...)
	require.Zero(t, status, err)
	status, _, err = ran("", "plan", "-problem", problem, "-work", "200000", "-out", solution)
	require.Zero(t, status, err)
	text, e := os.ReadFile(solution)
	require.NoError(t, e)
	for name, c := range map[string]struct {
		field, value, says string
		status             int
	}{
		"as written":         {"", "", "", 0},
		"a weaker bound":     {"bound", "1e9", "", 0},
		"a bound too low":    {"bound", "100", "the stated bound is too low", 1},
		"another objective":  {"objective", "99999", "the stated objective is wrong", 1},
		"a seat not opened":  {"open", "[]", "not held", 1},
		"no certificate":     {"certificate", "null", "no certificate", 1},
		"prices of nothing":  {"certificate", "{}", "the stated bound is too low", 1},
		"a name in capitals": {"Bound", "1", "another spelling", 1},
	} {
		var f map[string]json.RawMessage
		require.NoError(t, json.Unmarshal(text, &f))
		if c.field != "" {
			f[c.field] = json.RawMessage(c.value)
		}
		b, e := json.Marshal(f)
		require.NoError(t, e)
		file := filepath.Join(dir, "lie.json")
		require.NoError(t, os.WriteFile(file, b, 0o600))
		status, _, err := ran("", "plan", "-lang", "en", "-problem", problem, "-check", file)
		require.Equal(t, c.status, status, "%s: %s", name, err)
		require.Contains(t, err, c.says, name)
	}

	text, e = os.ReadFile(filepath.Join(dir, "plan.json"))
	require.NoError(t, e)
	for _, c := range []struct{ old, new, says string }{
		{`"status":"optimal"`, `"status":"optimal"`, ""},
		{`"objective":1`, `"objective":2`, "the stated objective is wrong"},
		{`"bound":1`, `"bound":-1`, "the stated bound is too low"},
		{`"due":2`, `"due":1`, "the stated cost is wrong"},
	} {
		require.Contains(t, string(text), c.old)
		file := filepath.Join(dir, "lie.json")
		require.NoError(t, os.WriteFile(file, []byte(strings.ReplaceAll(string(text), c.old, c.new)), 0o600))
		status, _, err := ran("", office("-lang", "en", "-check", file)...)
		require.Contains(t, err, c.says)
		require.Equal(t, c.says == "", status == 0, "%s: %s", c.old, err)
	}
}

// TestPlanCheckWithOtherFlags: what differs may be due to the flags, which is said.
func TestPlanCheckWithOtherFlags(t *testing.T) {
	plan := filepath.Join(t.TempDir(), "p.json")
	status, _, err := ran("", office("-coverage", "1", "-out", plan)...)
	require.Zero(t, status, err)
	status, _, err = ran("", office("-lang", "en", "-check", plan)...)
	require.Equal(t, 1, status)
	require.Contains(t, err, "the flags and the files have to be those that the plan was made with")
	status, _, err = ran("", office("-coverage", "1", "-check", plan)...)
	require.Zero(t, status, err)
}

// TestPlanOfWhatIsSettled: what is decided about people is obeyed, and -from
// says what it changes.
func TestPlanOfWhatIsSettled(t *testing.T) {
	dir := t.TempDir()
	before, settled := filepath.Join(dir, "before.json"), filepath.Join(dir, "settled.csv")
	status, _, err := ran("", office("-out", before)...)
	require.Zero(t, status, err)
	status, out, err := ran("", office("-lang", "en", "-from", before)...)
	require.Zero(t, status, err)
	require.Contains(t, out, "Nothing changes from the earlier plan.")

	require.NoError(t, os.WriteFile(settled, []byte("NIP,Keputusan,Kode,Kode Sesi,JP\nP02,tetap,,S6,\nP04,sudah,O1,,\nP05,jp,,,20\nP14,tidak,,S4,\n"), 0o600))
	status, out, err = ran("", office("-lang", "en", "-from", before, "-settled", settled, "-verify")...)
	require.Zero(t, status, err)
	golden(t, "plan-settled.en.golden", out)
	status, out, err = ran("", office("-json", "-from", before, "-settled", settled)...)
	require.Zero(t, status, err)
	require.Contains(t, out, `{"what":"opened","session":"S6"}`)

	require.NoError(t, os.WriteFile(settled, []byte("NIP,Keputusan,Kode\nP02,harus,O1\n"), 0o600))
	status, _, err = ran("", office("-settled", settled)...)
	require.Equal(t, 1, status)
	require.Contains(t, err, "settled.csv:2:Keputusan")
}

// TestPlanKeepsEveryPromise: one that cannot hold is not dropped for a plan of
// the others.
func TestPlanKeepsEveryPromise(t *testing.T) {
	settled, sessions := filepath.Join(t.TempDir(), "settled.csv"), filepath.Join(t.TempDir(), "sessions.csv")
	require.NoError(t, os.WriteFile(sessions, []byte("Kode Sesi,Kode,Maksimal,Biaya Tetap,Biaya per Kursi,Keputusan\nS1,O1,8,5,5,tutup\nS2,O2,8,5,5,\n"), 0o600))
	for row, code := range map[string]string{
		"P02,tetap,,S1\n":                   "cannot-lock",
		"P02,wajib,O1,\n":                   "contradiction",
		"P02,wajib,O2,\nP02,tidak,O2,\n":    "contradiction",
		"P02,wajib,O3,\n":                   "unknown-offering",
		"P02,wajib,O2,\nP02,sudah,O2,,\n":   "",
		"P02,tetap,,S2\nP03,tetap,,SALAH\n": "",
	} {
		require.NoError(t, os.WriteFile(settled, []byte("NIP,Keputusan,Kode,Kode Sesi\n"+row), 0o600))
		_, out, err := ran("", office("-lang", "en", "-sessions", sessions, "-settled", settled, "-work", "3000")...)
		require.Equal(t, code != "", strings.HasPrefix(out, "Plan 2027: not made"), "%s: %s", row, err)
		require.Contains(t, err, code)
	}
}

// TestPlanSaysAFaultOnce: what is wrong with an offering is said of its row, and
// not again of the model.
func TestPlanSaysAFaultOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "offerings.csv")
	require.NoError(t, os.WriteFile(file, []byte("Kode,Nama,JP,Prasyarat,Mitra\nO1,a,4,O2,\nO2,b,4,O1,\nO3,c,4,O9,\nO4,d,4,,M9\nO5,e,4,,\n"), 0o600))
	status, out, err := ran("", append(office("-json"), "-offerings", file)...)
	require.Equal(t, 1, status)
	for _, code := range []string{"prerequisite-cycle", "unknown-prerequisite", "unknown-partner"} {
		require.Equal(t, 1, strings.Count(out, code), "%s: %s", code, err)
	}
	require.Contains(t, err, "offerings.csv:2:Prasyarat")
}

// TestPlanSaysWhatBecameOfARow: that it is left out, and once for what refers to it.
func TestPlanSaysWhatBecameOfARow(t *testing.T) {
	_, _, err := ran("", respelt(t, "offerings", "O1,Kelas Pelayanan,klasikal,pelatihan teknis,16", "O1,Kelas Pelayanan,klasikal,pelatihan teknis,-16")...)
	require.Contains(t, err, `offerings.csv:2:Kode: the offering is left out for the fault of its row, and its gains and sessions with it ("O1")`)
	require.NotContains(t, err, "unknown-offering")
	settled := filepath.Join(t.TempDir(), "settled.csv")
	require.NoError(t, os.WriteFile(settled, []byte("NIP,Keputusan,Kode\nP02,wajib,O1\n"), 0o600))
	_, _, err = ran("", append(respelt(t, "offerings", "O1,Kelas Pelayanan,klasikal,pelatihan teknis,16", "O1,Kelas Pelayanan,klasikal,pelatihan teknis,-16"), "-settled", settled)...)
	require.Contains(t, err, "settled.csv:2:Kode: no such offering", "a duty is not lost in silence")
	_, _, err = ran("", respelt(t, "sessions", "S1,O1,01-03-2027,03-03-2027,4,8,6000000", "S1,O1,01-03-2027,03-03-2027,4,8,-6000000")...)
	require.Contains(t, err, `sessions.csv:2:Biaya Tetap: a negative cost: the session is left out ("-6000000")`)
}

// TestPlanSaysWhyNoRatingCounts: of a plan without evidence the cause is told.
func TestPlanSaysWhyNoRatingCounts(t *testing.T) {
	_, out, err := ran("", respelt(t, "ratings", "Sumber", "Asal")...)
	require.Contains(t, out, "not made")
	require.Regexp(t, `error: source-not-used: .*ratings from a source that the rule does not name, not used: \d+; here the first .*; a column Sumber`, err)
	_, _, err = ran("", append(respelt(t, "ratings", "15-03-2026", "15-03-2026"), "-asof", "2026-01-01")...)
	require.Regexp(t, `error: future-rating: .*ratings dated after 2026-01-01, not used: \d+; here the first .*; a later day with -asof`, err)
}

// TestPlanSaysWarningsBeforeNotes: how each file is read does not keep from
// being seen what is doubtful in it.
func TestPlanSaysWarningsBeforeNotes(t *testing.T) {
	status, _, err := ran("", office("-away", "0.1")...)
	require.Zero(t, status, err)
	require.Contains(t, err, "nobody-away: policy/away: 0,1 dari")
	require.Less(t, strings.LastIndex(err, "peringatan:"), strings.Index(err, "catatan; -json"))
}

// TestPlanReadsTheExampleOfTheDocs: the settled.csv of docs/plan.md is one.
func TestPlanReadsTheExampleOfTheDocs(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join("..", "..", "docs", "plan.md"))
	require.NoError(t, err)
	_, rest, _ := strings.Cut(string(doc), "```csv\n")
	csv, _, found := strings.Cut(rest, "```")
	require.True(t, found)
	file := filepath.Join(t.TempDir(), "settled.csv")
	require.NoError(t, os.WriteFile(file, []byte(csv), 0o600))
	status, out, said := ran("", office("-lang", "en", "-settled", file, "-verify", "-seats", "-why", "P02", "-money", "0.001")...)
	require.Zero(t, status, said)
	require.Contains(t, out, "Settled before: settled seat: S4.")
	require.Contains(t, out, "Checked:")
	require.Contains(t, out, "money spent")
	require.Regexp(t, `S4 .*P02`, out)
}

// A question that can have no answer is told before the search, with the id that
// may be meant.
func TestPlanIsAskedBeforeTheSearch(t *testing.T) {
	for says, args := range map[string][]string{
		"neither a person nor a session":   {"-why", "P99"},
		`("p02"); perhaps "P02"`:           {"-why", "P01", "-why", "p02"},
		`("session:s6"); perhaps "S6"`:     {"-why", "session:s6"},
		"no session or no resource":        {"-curve", "seats S99"},
		`("unit-budget u1"); perhaps "U1"`: {"-curve", "unit-budget u1"},
		"say at which values":              {"-curve", "unit-budget U0"},
		"not a limit of this instance":     {"-curve", "bugdet"},
	} {
		status, out, err := ran("", office(append(args, "-lang", "en", "-work", "20000")...)...)
		require.Equal(t, 1, status)
		require.Contains(t, err, says)
		require.Empty(t, out)
		require.NotRegexp(t, `(?m)^ +\d+  `, err, "nothing was searched")
	}
	status, _, err := ran("", office("-curve", "Budget=30000000", "-work", "3000")...)
	require.Zero(t, status, err)
}

// A point of a curve without a plan has no numbers, and says so.
func TestPlanCurveWithoutAPlan(t *testing.T) {
	settled := filepath.Join(t.TempDir(), "s.csv")
	require.NoError(t, os.WriteFile(settled, []byte("NIP,Keputusan,Kode,Kode Sesi\nP02,tetap,,S6\n"), 0o600))
	args := office("-settled", settled, "-curve", "budget=1000,100000,30000000", "-work", "20000")
	_, out, err := ran("", args...)
	require.Regexp(t, `\n +1\.000 +tidak ada +– +– +– +– +– +–`, out, err)
	require.NotContains(t, out, "∞")
	require.Contains(t, out, `Sampai 100.000 tidak mungkin ada rencana: yang pasti diadakan berbiaya sedikitnya Rp8.500.000 menurut harga daftar, sedangkan pagu keseluruhan Rp100.000 ("S3 Rp2.800.000, S6 Rp5.700.000").`)
	require.Equal(t, 1, strings.Count(out, "tidak mungkin"), "once for all values below")
	status, out, err := ran("", append(args, "-json")...)
	require.Zero(t, status, err)
	require.Contains(t, out, `"why":[{"code":"budget-short"`)
	require.Contains(t, out, `"objective":null,"bound":null`)
	_, out, _ = ran("", office("-settled", settled, "-why", "S6", "-work", "20000")...)
	require.Contains(t, out, "Ditetapkan lebih dahulu: kursi yang sudah ditetapkan: P02.")
}

// -tier-reached without a partner that counts by session changes nothing, and says so.
func TestPlanTierReached(t *testing.T) {
	_, _, err := ran("", office("-lang", "en", "-tier-reached", "-work", "3000")...)
	require.Contains(t, err, "no-tier-reached: -tier-reached: no partner counts")
	partners := filepath.Join(t.TempDir(), "p.csv")
	require.NoError(t, os.WriteFile(partners, []byte("Kode,Nama,Mulai Peserta,Harga per Kursi,Per Sesi\nM1,U,1,500000,ya\nM1,U,10,400000,ya\n"), 0o600))
	_, _, err = ran("", office("-lang", "en", "-tier-reached", "-work", "3000", "-partners", partners)...)
	require.NotContains(t, err, "no-tier-reached")
}
