package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/stats/agreement"
	"github.com/bangkom/bangkom/stats/compare"
	"github.com/bangkom/bangkom/stats/model"
	"github.com/bangkom/bangkom/stats/reliability"
	"github.com/bangkom/bangkom/stats/resample"
)

// statCases are one call of each statistic at least; each is frozen as text and as JSON.
var statCases = []struct{ name, args string }{
	{"describe", "describe -data people.csv -cols pre,post -top 62"},
	{"describe-by", "describe -data people.csv -cols pre -by unit -quantile 6"},
	{"cor", "cor -data people.csv -cols pre,post,later -adjust holm"},
	{"cor-listwise", "cor -data people.csv -cols pre,later,post -missing listwise -alternative greater"},
	{"padjust", "padjust -data p.csv -cols p"},
	{"alpha", "alpha -data people.csv -cols q1,q2,q3,q4,q5 -keys -q4 -low 1 -high 5"},
	{"alpha-by", "alpha -data people.csv -cols q1,q2,q3,q4,q5 -keys -q4 -missing pairwise -by trained"},
	{"omega", "omega -data people.csv -cols q1,q2,q3,q4,q5 -keys -q4 -low 1 -high 5"},
	{"items", "items -data people.csv -cols i1,i2,i3,i4"},
	{"items-key", "items -data people.csv -cols g1,g2,g3 -key baik,cukup,baik"},
	{"icc", "icc -data people.csv -cols r1,r2,r3"},
	{"kappa", "kappa -data people.csv -cols r1,r2"},
	{"kappa-texts", "kappa -data people.csv -cols g1,g2"},
	{"kappa-of-two", "kappa -data people.csv -cols passed0,passed1"},
	{"kappa-ordered", "kappa -data people.csv -cols g1,g2 -categories cukup,baik,unggul -weights ordinal"},
	{"kappa-counts", "kappa -data table.csv -cols baik,cukup,unggul -counts"},
	{"kappa-freq", "kappa -data grouped.csv -cols before,after -freq n"},
	{"fleiss", "fleiss -data people.csv -cols g1,g2,g3"},
	{"fleiss-counts", "fleiss -data counts.csv -cols a,b -counts"},
	{"krippendorff", "krippendorff -data people.csv -cols r1,r2,r3 -metric interval"},
	{"krippendorff-ordinal", "krippendorff -data people.csv -cols g1,g2,g3 -metric ordinal -categories cukup,baik,unggul"},
	{"gwet", "gwet -data people.csv -cols g1,g2,g3"},
	{"gwet-weights", "gwet -data people.csv -cols r1,r2,r3 -weights quadratic -categories 1,2,3,4,5,6,7,8,9,10"},
	{"paired", "paired -data people.csv -cols pre,post"},
	{"paired-long", "paired -data long.csv -cols score -by occasion -id id -levels pre,post -level 0.9"},
	{"paired-by", "paired -data people.csv -cols pre,post -by trained"},
	{"wilcoxon", "wilcoxon -data people.csv -cols pre,post -zero pratt"},
	{"sign", "sign -data people.csv -cols pre,post -distribution mid-p -alternative greater"},
	{"welch", "welch -data people.csv -cols post -by trained"},
	{"welch-columns", "welch -data people.csv -cols pre,later -null -1"},
	{"student", "student -data people.csv -cols post -by trained -levels ya,tidak"},
	{"mannwhitney", "mannwhitney -data people.csv -cols post -by trained"},
	{"tost", "tost -data people.csv -cols post -by trained -low -5 -high 5"},
	{"tost-paired", "tost -data people.csv -cols post,later -paired -low -2 -high 2"},
	{"anova", "anova -data people.csv -cols pre -by unit"},
	{"welchanova", "welchanova -data people.csv -cols pre -by unit -levels Dinas,Arsip,Balai"},
	{"kruskal", "kruskal -data people.csv -cols pre -by unit"},
	{"friedman", "friedman -data people.csv -cols pre,post,later"},
	{"posthoc", "posthoc -data people.csv -cols pre -by unit"},
	{"mcnemar", "mcnemar -data people.csv -cols passed0,passed1 -distribution asymptotic"},
	{"mcnemar-freq", "mcnemar -data grouped.csv -cols before,after -freq n"},
	{"mcnemar-greater", "mcnemar -data people.csv -cols passed0,passed1 -alternative greater"},
	{"chisq", "chisq -data people.csv -cols unit,passed1"},
	{"chisq-counts", "chisq -data table.csv -cols baik,cukup,unggul -counts"},
	{"fisher", "fisher -data people.csv -cols trained,passed1"},
	{"ancova", "ancova -data people.csv -cols post,pre -by trained"},
	{"ols", "ols -data people.csv -cols post,pre,trained -factor trained"},
	{"ols-cluster", "ols -data people.csv -cols post,pre -cluster unit -errors CR1"},
	{"ols-neweywest", "ols -data people.csv -cols post,pre -errors Newey-West -lag 2 -prewhite -adjust"},
	{"did", "did -data people.csv -cols pre,post -by trained"},
	{"did-rows", "did -data rows.csv -cols score -by treated -after after -cluster id"},
	{"boot", "boot -data people.csv -cols post -stat median -resamples 2000 -seed 7"},
	{"boot-change", "boot -data people.csv -cols pre,post -stat mean-change -interval studentised -resamples 2000"},
	{"boot-difference", "boot -data people.csv -cols post -by trained -stat mean-difference -resamples 2000"},
	{"boot-clusters", "boot -data people.csv -cols pre,post -stat correlation -cluster unit -resamples 500"},
	{"boot-by", "boot -data people.csv -cols pre -by trained -resamples 500 -interval percentile"},
	{"perm", "perm -data people.csv -cols post -by trained"},
	{"perm-paired", "perm -data people.csv -cols pre,post -paired -alternative greater"},
	{"perm-correlation", "perm -data people.csv -cols pre,post -stat correlation -permutations 999 -seed 3"},
}

func TestStat(t *testing.T) {
	t.Chdir(filepath.Join("testdata", "stat"))
	for _, c := range statCases {
		t.Run(c.name, func(t *testing.T) {
			args := append([]string{"stat"}, strings.Fields(c.args)...)
			status, text, err := ran("", args...)
			_, object, _ := ran("", append(args, "-json")...)
			require.True(t, json.Valid([]byte(object)), object)
			goldenHere(t, c.name, fmt.Sprintf("$ bangkom stat %s\n%s--- stderr\n%s--- status %d\n--- json\n%s", c.args, text, err, status, object))
		})
	}
}

// goldenHere is golden in the folder golden of the data. What differs in last
// digits only is not written anew.
func goldenHere(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("golden", name)
	data, err := os.ReadFile(file)
	wantText, wantJSON, _ := strings.Cut(string(data), "--- json\n")
	gotText, gotJSON, _ := strings.Cut(got, "--- json\n")
	differs := cmp.Or(numbersDiffer(wantText, gotText, printed), numbersDiffer(wantJSON, gotJSON, stored))
	if *update && (err != nil || differs != "") {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
		return
	}
	require.NoError(t, err)
	require.Empty(t, differs)
}

// The page's examples are the beginning of what is printed; every statistic has one.
func TestStatPage(t *testing.T) {
	file, err := filepath.Abs(filepath.Join("..", "..", "docs", "stat.md"))
	require.NoError(t, err)
	page, err := os.ReadFile(file)
	require.NoError(t, err)
	t.Chdir(filepath.Join("testdata", "stat"))
	seen := map[string]bool{}
	example := regexp.MustCompile("(?s)```\n\\$ bangkom (.*?)\n(.*?)```")
	fresh := example.ReplaceAllStringFunc(string(page), func(block string) string {
		parts := example.FindStringSubmatch(block)
		args := strings.Fields(parts[1])
		seen[args[1]] = true
		status, out, stderr := ran("", args...)
		require.Zero(t, status, stderr)
		lines := strings.SplitAfter(out, "\n")
		lines = lines[:min(len(lines), strings.Count(parts[2], "\n"))]
		differs := numbersDiffer(parts[2], strings.Join(lines, ""), printed)
		if differs == "" {
			return block
		}
		if !*update {
			t.Error(parts[1], differs)
		}
		return "```\n$ bangkom " + parts[1] + "\n" + strings.Join(lines, "") + "```"
	})
	for _, s := range statistics() {
		require.True(t, seen[s.name], s.name)
	}
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(fresh), 0o644))
	}
}

var aNumber = regexp.MustCompile(`-?\d+(\.\d+)?(e[-+]?\d+)?`)

// printed is how far a number that people read may be off: one in the last
// place that is shown. Whole numbers agree.
func printed(number string) float64 {
	mantissa, exponent, _ := strings.Cut(number, "e")
	_, decimals, broken := strings.Cut(mantissa, ".")
	if !broken {
		return 0
	}
	e, _ := strconv.Atoi(exponent)
	return 1.0001 * math.Pow10(e-len(decimals))
}

// stored is how far a number of all digits may be off.
func stored(number string) float64 {
	x, _ := strconv.ParseFloat(number, 64)
	return 1e-8*math.Abs(x) + 1e-9
}

// numbersDiffer compares texts whose last digits may differ between processors,
// and says what differs.
func numbersDiffer(want, got string, allowed func(number string) float64) string {
	if aNumber.ReplaceAllString(want, "#") != aNumber.ReplaceAllString(got, "#") {
		return fmt.Sprintf("want:\n%s\ngot:\n%s", want, got)
	}
	ours := aNumber.FindAllString(got, -1)
	for i, w := range aNumber.FindAllString(want, -1) {
		x, _ := strconv.ParseFloat(w, 64)
		y, _ := strconv.ParseFloat(ours[i], 64)
		if !(math.Abs(x-y) <= allowed(w)) {
			return fmt.Sprintf("want %s, got %s, number %d of\n%s", w, ours[i], i+1, got)
		}
	}
	return ""
}

// Every statistic has a case, an explanation, and a line in the list.
func TestStatSaysWhatItDoes(t *testing.T) {
	_, _, list := ran("", "stat", "-h")
	for _, s := range statistics() {
		require.Contains(t, list, "  "+s.name+" ")
		status, out, help := ran("", "stat", s.name, "-h")
		require.Zero(t, status)
		require.Empty(t, out)
		for _, part := range []string{s.columns, s.equals, "-data", "-cols"} {
			require.Contains(t, help, part)
		}
		shown := false
		for _, c := range statCases {
			shown = shown || strings.HasPrefix(c.args, s.name+" ")
		}
		require.True(t, shown, s.name)
	}
}

// at follows keys into JSON.
func at(t *testing.T, object, path string) float64 {
	t.Helper()
	var x any
	require.NoError(t, json.Unmarshal([]byte(object), &x))
	for _, key := range strings.Split(path, ".") {
		if list, ok := x.([]any); ok {
			var i int
			_, err := fmt.Sscan(key, &i)
			require.NoError(t, err)
			x = list[i]
			continue
		}
		x = x.(map[string]any)[key]
	}
	require.IsType(t, 0.0, x, path)
	return x.(float64)
}

// What R says about the same files: testdata/stat/gen/stat.R.
func TestStatAgreesWithR(t *testing.T) {
	t.Chdir(filepath.Join("testdata", "stat"))
	data, err := os.ReadFile("ref.json")
	require.NoError(t, err)
	check := func(args string, tolerance float64, pairs ...string) {
		t.Helper()
		_, object, stderr := ran("", append(append([]string{"stat"}, strings.Fields(args)...), "-json")...)
		require.Empty(t, stderr)
		for _, p := range pairs {
			ours, theirs, _ := strings.Cut(p, "=")
			got, want := at(t, object, ours), at(t, string(data), theirs)
			require.InDelta(t, want, got, tolerance*math.Max(1e-3, math.Abs(want)), "%s: %s", args, p)
		}
	}
	const people = " -data people.csv "
	check("describe"+people+"-cols pre", 1e-10, "results.0.mean.estimate=describe.mean", "results.0.sd=describe.sd", "results.0.q1=describe.q1", "results.0.median=describe.median")
	check("describe"+people+"-cols pre", 1e-5, "results.0.mad=describe.mad") // R rounds the constant to 1.4826
	paired := []string{"statistic=paired.statistic", "p=paired.p", "df=paired.df", "ci.lo=paired.lo", "ci.hi=paired.hi"}
	check("paired"+people+"-cols pre,post", 1e-10, paired...)
	check("paired -data long.csv -cols score -by occasion -id id -levels pre,post", 1e-10, paired...)
	check("welch"+people+"-cols post -by trained", 1e-10, "statistic=welch.statistic", "p=welch.p", "df=welch.df", "ci.lo=welch.lo", "ci.hi=welch.hi")
	check("student"+people+"-cols post -by trained", 1e-10, "statistic=student.statistic", "p=student.p", "df=student.df", "ci.lo=student.lo", "ci.hi=student.hi")
	check("anova"+people+"-cols pre -by unit", 1e-10, "test.statistic=anova.statistic", "test.p=anova.p")
	check("welchanova"+people+"-cols pre -by unit", 1e-10, "test.statistic=welchanova.statistic", "test.p=welchanova.p", "test.df2=welchanova.df2")
	check("kruskal"+people+"-cols pre -by unit", 1e-10, "test.statistic=kruskal.statistic", "test.p=kruskal.p")
	check("friedman"+people+"-cols pre,post,later", 1e-10, "test.statistic=friedman.statistic", "test.p=friedman.p")
	check("posthoc"+people+"-cols pre -by unit", 1e-6, "tukey.pairs.0.test.estimate=tukey.difference", "tukey.pairs.0.test.p=tukey.p")
	check("chisq"+people+"-cols unit,passed1", 1e-10, "statistic=chisq.statistic", "p=chisq.p")
	check("fisher"+people+"-cols trained,passed1", 1e-4, "estimate=fisher.estimate", "p=fisher.p", "ci.lo=fisher.lo", "ci.hi=fisher.hi") // R stops its search there
	check("mcnemar"+people+"-cols passed0,passed1 -distribution asymptotic", 1e-10, "statistic=mcnemar.statistic", "p=mcnemar.p")
	check("mcnemar"+people+"-cols passed0,passed1 -alternative greater", 1e-10, "p=exact.mcnemar")
	check("alpha"+people+"-cols q1,q2,q3,q4,q5 -keys -q4 -low 1 -high 5", 1e-10, "raw.estimate=alpha.raw", "standardized.estimate=alpha.std", "lambda6=alpha.lambda6", "statistics.0.alpha_dropped=alpha.drop1", "statistics.0.r_drop=alpha.r_drop1")
	for i, form := range []string{"icc1", "icc2", "icc3", "icc1k", "icc2k", "icc3k"} {
		check("icc"+people+"-cols r1,r2,r3", 1e-8, fmt.Sprintf("%s.estimate=icc.est.%d", form, i), fmt.Sprintf("%s.ci.lo=icc.lo.%d", form, i), fmt.Sprintf("%s.ci.hi=icc.hi.%d", form, i))
	}
	check("kappa"+people+"-cols r1,r2", 1e-10, "kappa.estimate=kappa.unweighted", "quadratic.estimate=kappa.quadratic")
	check("fleiss -data graded.csv -cols g1,g2,g3", 1e-10, "kappa.estimate=fleiss")
	check("gwet -data graded.csv -cols g1,g2,g3", 1e-10, "estimate=gwet")
	check("krippendorff"+people+"-cols r1,r2,r3 -metric interval", 1e-10, "estimate=krippendorff")
	check("ols"+people+"-cols post,pre,trained -factor trained", 1e-10, "coefficients.1.test.estimate=ols.pre", "coefficients.2.test.estimate=ols.trained", "coefficients.2.test.se=ols.se_trained")
	check("did"+people+"-cols pre,post -by trained", 1e-10, "statistic=did.statistic", "p=did.p", "df=did.df")
	check("cor"+people+"-cols pre,post", 1e-10, "results.0.pearson.statistic=cor.pearson.statistic", "results.0.pearson.p=cor.pearson.p", "results.0.pearson.ci.lo=cor.pearson.lo", "results.0.spearman.estimate=cor.spearman", "results.0.kendall.estimate=cor.kendall.tau")
	check("omega"+people+"-cols q1,q2,q3,q4,q5 -keys -q4 -low 1 -high 5", 1e-6, "omega.estimate=omega.est", "omega.se=omega.se") // where lavaan stops
	check("items"+people+"-cols i1,i2,i3,i4", 1e-10, "items.0.difficulty=items.difficulty", "items.0.point_biserial=items.r", "items.0.corrected=items.corrected",
		"items.0.biserial=items.biserial", "items.0.alpha_dropped=items.dropped", "items.0.discrimination=items.D")
	check("wilcoxon"+people+"-cols pre,post -zero pratt", 1e-9, "p=exact.wilcoxon.pratt", "estimate=exact.wilcoxon.estimate")
	check("wilcoxon"+people+"-cols pre,post", 1e-9, "p=exact.wilcoxon.wilcox")
	check("wilcoxon"+people+"-cols pre,post -zero pratt -alternative less", 1e-9, "p=exact.wilcoxon.less")
	check("wilcoxon"+people+"-cols pre,post -distribution asymptotic", 1e-9, "p=exact.wilcoxon.asymptotic")
	check("sign"+people+"-cols pre,post", 1e-10, "p=exact.sign.p", "estimate=exact.sign.estimate")
	check("sign"+people+"-cols pre,post -alternative greater", 1e-10, "p=exact.sign.greater")
	check("mannwhitney"+people+"-cols post -by trained", 1e-9, "p=exact.mannwhitney.p", "estimate=exact.mannwhitney.estimate", "statistic=exact.mannwhitney.u")
	check("mannwhitney"+people+"-cols post -by trained -alternative greater", 1e-9, "p=exact.mannwhitney.greater")
	check("mannwhitney"+people+"-cols post -by trained -distribution asymptotic", 1e-9, "p=exact.mannwhitney.asymptotic")
	check("perm"+people+"-cols post -by trained", 1e-9, "p=exact.perm.independent")
	check("perm"+people+"-cols post -by trained -alternative less", 1e-9, "p=exact.perm.less")
	check("perm"+people+"-cols pre,post -paired", 1e-9, "p=exact.perm.paired")
	check("tost"+people+"-cols post,later -paired -low -2 -high 2", 1e-10, "above.p=tost.paired.above", "below.p=tost.paired.below", "p=tost.paired.above")
	check("tost"+people+"-cols post -by trained -low -5 -high 5", 1e-10, "above.p=tost.welch.above", "below.p=tost.welch.below")
	check("ancova"+people+"-cols post,pre -by trained", 1e-9, "groups.0.adjusted.estimate=ancova.adjusted.0", "groups.1.adjusted.estimate=ancova.adjusted.1", "groups.1.adjusted.se=ancova.se.1",
		"differences.0.test.estimate=ancova.difference", "differences.0.test.p=ancova.p", "differences.0.test.ci.lo=ancova.lo", "slopes.p=ancova.slopes")
	check("ancova"+people+"-cols post,pre -by trained -errors classical", 1e-9, "effect.statistic=ancova.classical")
	check("boot -data p.csv -cols p", 1e-9, "estimate.se=boot.se", "estimate.ci.lo=boot.bca.0", "estimate.ci.hi=boot.bca.1", "intervals.1.lo=boot.percentile.0", "intervals.1.hi=boot.percentile.1", "z0=boot.z0", "acceleration=boot.acceleration")
	check("ols"+people+"-cols post,pre -errors Newey-West -lag 2", 1e-9, "coefficients.1.test.se=neweywest.plain")
	check("ols"+people+"-cols post,pre -errors Newey-West -lag 2 -prewhite -adjust", 1e-9, "coefficients.1.test.se=neweywest.full")
	check("padjust -data p.csv -cols p", 1e-12, "holm.1=padjust.holm.1", "hommel.1=padjust.hommel.1", "by.3=padjust.BY.3")
}

// Files and flags as they come, and what is said of them.
var statFailures = []struct {
	name, args, stdin string
	status            int
	says              string // on stderr
	out               string // on stdout; "" is nothing
}{
	{"no statistic", "median", "", 2, `no statistic "median"`, ""},
	{"nothing", "", "", 2, "usage:", ""},
	{"no data", "welch -cols a,b", "", 2, "-data names the file", ""},
	{"no columns", "welch -data -", "", 2, "-cols names the columns", ""},
	{"too many columns", "welch -data - -cols a,b,c", "", 2, "-cols has 3 columns", ""},
	{"too few columns", "omega -data - -cols a,b", "", 2, "-cols has 2 columns", ""},
	{"values and groups", "welch -data - -cols a,b -by g", "", 2, "-cols is the one column of values", ""},
	{"a flag of another", "welch -data - -cols a,b -zero pratt", "", 2, "flag provided but not defined", ""},
	{"a word that is none", "wilcoxon -data - -cols a,b -zero drop", "", 2, "one of wilcox, pratt, split", ""},
	{"a level", "welch -data - -cols a,b -level 95", "a,b\n1,2\n2,3\n4,4\n", 2, "level", ""},
	{"twice", "cor -data - -cols a,a", "", 2, "asked for twice", ""},
	{"rest", "cor -data - -cols a,b c", "", 2, `what is "c"`, ""},
	{"an empty name", "cor -data - -cols a,,b", "", 2, "a name is empty", ""},
	{"long without order", "paired -data - -cols x -by t -id id", "", 2, "-levels BEFORE,AFTER", ""},
	{"id without by", "icc -data - -cols x -id id", "", 2, "-id asks for -by", ""},
	{"keys of other items", "alpha -data - -cols a,b -keys -c", "a,b\n1,2\n2,3\n4,4\n", 2, `"-c"`, ""},
	{"no bounds", "tost -data - -cols a,b", "a,b\n1,2\n2,3\n", 2, "-low and -high", ""},
	{"one bound", "tost -data - -cols a,b -low -1", "a,b\n1,2\n2,3\n", 2, "both are asked for", ""},
	{"three groups", "welch -data - -cols x -by g", "x,g\n1,a\n2,b\n3,c\n", 2, "-levels picks two", ""},
	{"which is yes", "mcnemar -data - -cols a,b", "a,b\nup,down\ndown,up\n", 2, "-yes names it", ""},
	{"order of texts", "gwet -data - -cols a,b -weights linear", "a,b\nx,y\ny,z\n", 2, "-categories", ""},
	{"ratio of texts", "krippendorff -data - -cols a,b -metric ratio", "a,b\nx,y\ny,y\n", 2, "needs numbers", ""},

	{"level of nothing", "welch -data - -cols a,b -level 0", "a,b\n1,2\n2,3\n4,4\n", 2, "between 0 and 1", ""},
	{"no such level", "welch -data - -cols x -by g -levels a,z", "x,g\n1,a\n2,b\n3,c\n", 2, `"z"`, ""},
	{"counts of counts", "kappa -data - -cols a,b -counts -freq n", "", 2, "counted already", ""},
	{"studentised median", "boot -data - -cols a -stat median -interval studentised", "a\n1\n2\n4\n", 2, "for means", ""},
	{"difference of what", "boot -data - -cols a -stat mean-difference", "a\n1\n2\n4\n", 2, "asks for -by", ""},
	{"paired by", "perm -data - -cols a -by g -paired", "a,g\n1,x\n2,y\n4,y\n", 2, "take two columns", ""},

	{"no file", "describe -data nowhere.csv -cols a", "", 1, "error: unreadable: open nowhere.csv", ""},
	{"empty file", "describe -data - -cols a", "", 1, "stdin", ""},
	{"header only", "describe -data - -cols a", "a\n", 1, "a:", ""},
	{"no such column", "describe -data - -cols a,b", "a,c\n1,2\n", 1, `"b"`, ""},
	{"text among numbers", "welch -data - -cols a,b", "a,b\n1,2\n2,3x\n4,4\n", 1, `stdin:3:b: not a number ("3x")`, ""},
	{"text among ratings", "fleiss -data - -cols a,b", "a,b\n1,2\n2,3x\n4,4\n", 1, `stdin:3:b: not a number as other ratings are ("3x")`, ""},
	{"off the categories", "gwet -data - -cols a,b -categories 1,2,3", "a,b\n1,2\n2,9\n3,3\n", 1, `stdin:3:b: not one of -categories ("9")`, ""},
	{"off the points", "items -data - -cols a,b -points 1,3", "a,b\n1,2\n0,3\n1,4\n", 1, `stdin:4:b: points outside 0 to 3 ("4"); -points`, ""},
	{"many of a kind", "describe -data - -cols a", "a\nx\nx\nx\nx\nx\nx\nx\nx\n", 1, "stdin:7:a: and 3 more like these from here on", ""},
	{"a flag's name", "gwet -data - -cols a,b", "a,b\n1,2\n2,2\n1,1\n", 0, "", "-categories, if there are others"},
	{"infinite", "describe -data - -cols a", "a\n1\nInf\n", 1, `stdin:3:a: not a number ("Inf")`, ""},
	{"constant", "welch -data - -cols a,b", "a,b\n1,1\n1,1\n1,1\n", 1, "", ""},
	{"all missing", "paired -data - -cols a,b", "a,b\nNA,1\n.,2\n,3\n", 1, "", ""},
	{"same person twice", "icc -data - -cols x -by r -id id", "id,r,x\n1,a,2\n1,b,3\n1,a,4\n2,a,1\n2,b,1\n", 1, "stdin:4:id: a second value", ""},
	{"not a count", "chisq -data - -cols a,b -counts", "a,b\n1,2\n2,3.5\n", 1, `stdin:3:b: not a count ("3.5")`, ""},
	{"a count is missing", "chisq -data - -cols a,b -counts", "a,b\n1,2\n2,NA\n", 1, "stdin:3:b: a missing cell", ""},
	{"three columns of two", "mcnemar -data - -cols a,b,c -counts", "a,b,c\n1,2,3\n2,3,4\n", 1, "two of each", ""},
	{"a column twice in the file", "describe -data - -cols a", "a,a\n1,2\n", 1, "a", ""},
	{"not a p", "padjust -data - -cols p", "p\n0.1\n1.5\n", 1, "p", ""},
	{"utf-16", "describe -data - -cols a", "\xff\xfea\x00\n\x00", 1, "UTF-16", ""},

	{"the other column is described", "describe -data broken.csv -cols score,other", "", 1, `broken.csv:3:score: not a number ("12o")`, "describe: other"},
	{"a row that is broken", "describe -data broken.csv -cols other", "", 1, "broken.csv:6", "describe: other"},
	{"decimal commas", "describe -data - -cols a", "a;b\n1,5;x\n2,5;y\n", 0, "", "describe: a"},
	{"a group of one", "welch -data - -cols x -by g", "x,g\n1,a\n2,b\n3,b\n", 1, "", ""},
	{"one group fails", "describe -data - -cols x -by g", "x,g\n1,a\nNA,b\n3,a\n", 1, "g=b", "g = a"},
	{"rows of nobody", "anova -data - -cols x -by g", "x,g\n1,a\n2,a\n3,b\n5,b\n9,\n", 0, "1", "anova: x by g"},
	{"a name with a comma", `describe -data - -cols "a, b"`, "\"a, b\",c\n1,2\n2,3\n", 0, "", "describe: a, b"},
}

func TestStatRefuses(t *testing.T) {
	t.Chdir(filepath.Join("testdata", "stat"))
	for _, c := range statFailures {
		t.Run(c.name, func(t *testing.T) {
			args := append([]string{"stat"}, strings.Fields(c.args)...)
			if i := strings.Index(c.args, `"`); i >= 0 { // a shell would keep the quotes inside others
				args = append(append([]string{"stat"}, strings.Fields(c.args[:i])...), c.args[i:])
			}
			status, out, err := ran(c.stdin, args...)
			require.Equal(t, c.status, status, err)
			require.Contains(t, err, c.says)
			if c.status == 1 {
				require.NotEmpty(t, err)
			}
			if c.out == "" {
				require.Empty(t, out)
			}
			require.Contains(t, out, c.out)
			require.NotContains(t, out, "NaN")
			if c.status < 2 { // JSON has the same problems
				_, object, _ := ran(c.stdin, append(args, "-json")...)
				require.True(t, json.Valid([]byte(object)), object)
				require.Equal(t, c.status == 1, strings.Contains(object, `"severity": "error"`), object)
			}
		})
	}
}

// A thousand categories are a classification, more are names or measurements.
func TestStatManyCategories(t *testing.T) {
	var b strings.Builder
	b.WriteString("a,b\n")
	for i := range 1500 {
		fmt.Fprintf(&b, "x%d,y%d\n", i, i)
	}
	for _, name := range []string{"chisq", "fisher", "kappa", "gwet"} {
		status, _, err := ran(b.String(), "stat", name, "-data", "-", "-cols", "a,b")
		require.Equal(t, 1, status)
		require.Contains(t, err, "more different values")
	}
}

// What is printed is what the library's types read back.
func TestStatJSONIsOfTheLibrary(t *testing.T) {
	t.Chdir(filepath.Join("testdata", "stat"))
	for args, into := range map[string]any{
		"welch -data people.csv -cols post -by trained":   &bangkom.Test{},
		"gwet -data people.csv -cols g1,g2,g3":            &bangkom.Estimate{},
		"anova -data people.csv -cols pre -by unit":       &compare.Comparison{},
		"alpha -data people.csv -cols q1,q2,q3":           &reliability.AlphaResult{},
		"icc -data people.csv -cols r1,r2,r3":             &agreement.ICCResult{},
		"ols -data people.csv -cols post,pre":             &model.Regression{},
		"boot -data people.csv -cols pre -resamples 1000": &resample.Result{},
	} {
		_, out, _ := ran("", append(append([]string{"stat"}, strings.Fields(args)...), "-json")...)
		require.NoError(t, json.Unmarshal([]byte(out), into), args)
		back, err := json.Marshal(into)
		require.NoError(t, err)
		var printed, read map[string]any
		require.NoError(t, json.Unmarshal([]byte(out), &printed))
		require.NoError(t, json.Unmarshal(back, &read))
		for key, value := range read {
			require.Equal(t, value, printed[key], "%s: %s", args, key)
		}
	}
}

// Whatever the file: an answer, or a problem that says why there is none.
func FuzzStat(f *testing.F) {
	for i := range statistics() {
		f.Add(uint8(i), "a,b,c,g\n1,2,3,x\n2,2,1,x\n3,5,4,y\n4,4,NA,y\n2,1,2,x\n0,1,1,y\n")
		f.Add(uint8(i), "a;b;c;g\n1,5;2;3;x\n1,5;2;3;\n.;;x\n")
		f.Add(uint8(i), "a,b,c,g\n0,1,0,1\n1,1,0,0\n1,0,1,0\n0,0,1,1\n1e300,1,1,1\n")
	}
	f.Fuzz(func(t *testing.T, which uint8, file string) {
		s := statistics()[int(which)%len(statistics())]
		args := []string{"stat", s.name, "-data", "-", "-json", "-cols", "a,b,c"}
		if s.wide[1] > 0 {
			args[6] = strings.Join([]string{"a", "b", "c"}[:s.wide[1]], ",")
		}
		switch {
		case s.by == byAlways && s.name == "did":
			args[6] = "a,b"
			args = append(args, "-by", "g", "-treated", "x")
		case s.by == byAlways:
			args = append(args, "-by", "g")
		case s.by == byGroups && len(file)%2 == 0:
			args[6] = "a"
			args = append(args, "-by", "g")
		}
		switch s.name {
		case "boot":
			args[6] = "a"
			args = append(args, "-resamples", "200")
		case "perm":
			args = append(args, "-permutations", "200")
		case "tost":
			args = append(args, "-low", "-1", "-high", "1")
		}
		status, out, err := ran(file, args...)
		switch status {
		case 0, 1:
			require.True(t, json.Valid([]byte(out)), out)
			require.Equal(t, status == 1, strings.Contains(err, "error: "), err)
		case 2:
			require.NotEmpty(t, err)
		default:
			t.Fatal(status)
		}
	})
}
