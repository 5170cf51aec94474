package text

// table holds one line per code: Indonesian, English. Both have the same verbs
// in the same order; a test checks it.
var table = map[string][2]string{
	"needs.coverage": {
		"Bukti: %s sel kompetensi diketahui (%s memenuhi, %s di bawah standar), %s belum dinilai, %s kedaluwarsa; %s orang tanpa jabatan berstandar.",
		"Evidence: %s competency cells known (%s met, %s below standard), %s not assessed, %s expired; %s people without a job that has a standard.",
	},
	"needs.header": {
		"No.\tKompetensi\tDi bawah standar (%s)\tLevel yang kurang\tKritikalitas\tn\tBelum dinilai\tKedaluwarsa",
		"Rank\tCompetency\tBelow standard (%s)\tMissing levels\tCriticality\tn\tNot assessed\tExpired",
	},
	"needs.more": {"… dan %s kompetensi lagi.", "… and %s more competencies."},

	"plan.status.no-plan":    {"belum ada rencana", "no plan yet"},
	"plan.status.feasible":   {"rencana tanpa batas atas", "a plan without a bound"},
	"plan.status.bounded":    {"rencana dengan batas atas terbukti", "a plan with a proven bound"},
	"plan.status.optimal":    {"rencana terbaik, terbukti", "the best plan, proven"},
	"plan.status.infeasible": {"aturan wajib tidak dapat dipenuhi bersama", "the hard rules cannot all hold"},
	"plan.certificate": {
		"Rencana %d: %s. Nilai %s, paling tinggi %s, selisih %s.",
		"Plan %d: %s. Value %s, at most %s, gap %s.",
	},
	"plan.size": {
		"%s sesi, %s orang di %s kursi; %s orang yang mempunyai kebutuhan belum mendapat kursi.",
		"%s sessions, %s people in %s seats; %s people with a need have no seat.",
	},
	"plan.cost":    {"Biaya %s (pagu %s, sisa %s).", "Cost %s (budget %s, left %s)."},
	"plan.short":   {"Kekurangan anggaran %s.", "Short of money by %s."},
	"plan.header":  {"Sesi\tPenawaran\tMulai\tPeserta\tKursi\tBiaya", "Session\tOffering\tFrom\tPeople\tSeats\tCost"},
	"plan.more":    {"… dan %s sesi lagi.", "… and %s more sessions."},
	"plan.nolimit": {"tidak ditetapkan", "not set"},

	"mentoring.summary": {
		"%s pasangan dari %s orang yang mencari mentor (%s tempat pada %s mentor); skor %s, %s pasangan yang saling lebih menghendaki.",
		"%s pairs of %s people who look for a mentor (%s places with %s mentors); score %s, %s blocking pairs.",
	},
	"mentoring.why.no-eligible-mentor": {"tidak ada mentor yang memenuhi syarat", "no eligible mentor"},
	"mentoring.why.all-full":           {"semua mentor yang sesuai penuh", "all suitable mentors are full"},
	"mentoring.why.no-gap":             {"tidak ada kesenjangan", "no gap"},
	"mentoring.why.no-standard":        {"jabatan tanpa standar", "a job without a standard"},
	"mentoring.why.not-assessed":       {"belum dinilai", "not assessed"},
	"mentoring.why.expired":            {"penilaian kedaluwarsa", "assessment expired"},
	"mentoring.unmatched":              {"Tanpa mentor: %s.", "Without a mentor: %s."},
	"mentoring.header":                 {"Mentee\tMentor\tSkor", "Mentee\tMentor\tScore"},

	"evaluation.header":    {"Tahap\tUkuran\tNilai\tn", "Level\tMeasure\tValue\tn"},
	"evaluation.reaction":  {"1 Reaksi\trata-rata jawaban\t%s\t%s", "1 Reaction\tmean answer\t%s\t%s"},
	"evaluation.topbox":    {"\tpuas (jawaban rata-rata ≥ %s)\t%s\t%s", "\tcontent (mean answer ≥ %s)\t%s\t%s"},
	"evaluation.alpha":     {"\tkeandalan angket (alpha)\t%s\t%s", "\treliability of the sheet (alpha)\t%s\t%s"},
	"evaluation.learning":  {"2 Belajar\tkenaikan nilai tes\t%s\t%s", "2 Learning\trise of the test score\t%s\t%s"},
	"evaluation.effect":    {"\tbesar pengaruh (%s)\t%s\t%s", "\teffect size (%s)\t%s\t%s"},
	"evaluation.behaviour": {"3 Perilaku\tperubahan level menurut %s, dibanding yang tidak ikut\t%s\t%s", "3 Behaviour\tchange in levels by %s, against those who were not there\t%s\t%s"},
	"evaluation.change":    {"3 Perilaku\tperubahan level menurut %s\t%s\t%s", "3 Behaviour\tchange in levels by %s\t%s\t%s"},
	"evaluation.results":   {"4 Hasil\tkepuasan masyarakat, unit terlatih dikurangi unit lain (IKM)\t%s\t%s", "4 Results\tsatisfaction of the public, trained minus other units (index)\t%s\t%s"},
	"evaluation.return":    {"Manfaat\tROI (biaya %s)\t%s %%\t%s", "Return\tROI (costs %s)\t%s %%\t%s"},
	"evaluation.perlevel":  {"\tbiaya per level yang naik (rupiah)\t%s\t%s", "\tcost per level gained (rupiah)\t%s\t%s"},
	"evaluation.threats":   {"Yang juga dapat menjelaskan angka ini: %s.", "What else could explain these numbers: %s."},

	"learn.header": {"Penawaran\tKompetensi\tPerkiraan lama\tPerkiraan baru\tTeramati\tn\tBobot", "Offering\tCompetency\tOld gain\tNew gain\tObserved\tn\tWeight"},

	"source.superior":    {"atasan", "superiors"},
	"source.self":        {"diri sendiri", "the people themselves"},
	"source.peer":        {"rekan", "peers"},
	"source.subordinate": {"bawahan", "subordinates"},
	"source.assessor":    {"asesor", "assessors"},
	"source.test":        {"tes", "tests"},
	"source.record":      {"catatan", "records"},
}
