package stats_test

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/stats/agreement"
	"github.com/bangkom/bangkom/stats/compare"
	"github.com/bangkom/bangkom/stats/effect"
	"github.com/bangkom/bangkom/stats/model"
	"github.com/bangkom/bangkom/stats/reliability"
	"github.com/bangkom/bangkom/stats/resample"
	"github.com/bangkom/bangkom/stats/tally"
)

// functions are all exported functions of the packages.
var functions = map[string]any{
	"tally.NewClusters": tally.NewClusters, "tally.NewCross": tally.NewCross, "tally.NewGram": tally.NewGram, "tally.NewLevels": tally.NewLevels,
	"tally.NewLikertItems": tally.NewLikertItems, "tally.NewPairs": tally.NewPairs,
	"tally.ScanCross": tally.ScanCross, "tally.ScanMoments": tally.ScanMoments, "tally.ScanPairs": tally.ScanPairs,

	"compare.ANOVA": compare.ANOVA, "compare.AdjustP": compare.AdjustP, "compare.BottomBox": compare.BottomBox, "compare.BrownForsythe": compare.BrownForsythe,
	"compare.ChiSquare": compare.ChiSquare, "compare.Describe": compare.Describe, "compare.Fisher": compare.Fisher, "compare.Friedman": compare.Friedman,
	"compare.GamesHowell": compare.GamesHowell, "compare.Kendall": compare.Kendall, "compare.KruskalWallis": compare.KruskalWallis, "compare.Levene": compare.Levene,
	"compare.MannWhitney": compare.MannWhitney, "compare.McNemar": compare.McNemar, "compare.OneSample": compare.OneSample, "compare.Paired": compare.Paired,
	"compare.PairedTOST": compare.PairedTOST, "compare.Pearson": compare.Pearson, "compare.Proportion": compare.Proportion,
	"compare.ProportionTest": compare.ProportionTest, "compare.Quantile": compare.Quantile, "compare.ShapiroWilk": compare.ShapiroWilk, "compare.Sign": compare.Sign,
	"compare.Spearman": compare.Spearman, "compare.Student": compare.Student, "compare.Table": compare.Table, "compare.TopBox": compare.TopBox,
	"compare.Tukey": compare.Tukey, "compare.TwoProportions": compare.TwoProportions, "compare.Welch": compare.Welch, "compare.WelchANOVA": compare.WelchANOVA,
	"compare.WelchTOST": compare.WelchTOST, "compare.Wilcoxon": compare.Wilcoxon,

	"reliability.Alpha": reliability.Alpha, "reliability.AnalyzeItems": reliability.AnalyzeItems, "reliability.Careless": reliability.Careless,
	"reliability.Distractors": reliability.Distractors, "reliability.Guttman": reliability.Guttman, "reliability.KR20": reliability.KR20,
	"reliability.KR21": reliability.KR21, "reliability.OddEven": reliability.OddEven, "reliability.Omega": reliability.Omega, "reliability.SEM": reliability.SEM,
	"reliability.Score": reliability.Score, "reliability.SplitHalf": reliability.SplitHalf, "reliability.Summarize": reliability.Summarize,
	"reliability.SummarizeCells": reliability.SummarizeCells,

	"agreement.BrennanPrediger": agreement.BrennanPrediger, "agreement.Cohen": agreement.Cohen, "agreement.CohenPairs": agreement.CohenPairs,

	"agreement.CohenTable": func(counts [][]float64, values []float64, opt *agreement.Options) (agreement.CohenResult, error) {
		return agreement.CohenTable(counts, values[:min(len(values), len(counts))], opt)
	},
	"agreement.Conger": agreement.Conger, "agreement.Fleiss": agreement.Fleiss, "agreement.Gwet": agreement.Gwet,
	"agreement.ICC": agreement.ICC, "agreement.Interpretation": agreement.Interpretation, "agreement.Interpretations": agreement.Interpretations,
	"agreement.KendallW": agreement.KendallW, "agreement.Krippendorff": agreement.Krippendorff, "agreement.RWG": agreement.RWG,
	"agreement.UniformVariance": agreement.UniformVariance,

	"effect.CliffDelta": effect.CliffDelta, "effect.CommonLanguage": effect.CommonLanguage, "effect.CommonLanguagePaired": effect.CommonLanguagePaired,
	"effect.Explained": effect.Explained, "effect.ExplainedF": effect.ExplainedF, "effect.Glass": effect.Glass, "effect.Independent": effect.Independent,
	"effect.Interpretation": effect.Interpretation, "effect.Interpretations": effect.Interpretations, "effect.MatchedRankBiserial": effect.MatchedRankBiserial,
	"effect.NormalizedGain": effect.NormalizedGain, "effect.Paired": effect.Paired, "effect.PrePostControl": effect.PrePostControl,
	"effect.RankBiserial": effect.RankBiserial, "effect.ReliableChange": effect.ReliableChange, "effect.Superiority": effect.Superiority,

	"model.ANCOVA": model.ANCOVA, "model.DiffInDiff": model.DiffInDiff, "model.DiffInDiffCells": model.DiffInDiffCells, "model.DiffInDiffRows": model.DiffInDiffRows,
	"model.OLS": model.OLS,

	"resample.Bootstrap": resample.Bootstrap, "resample.BootstrapLevels": resample.BootstrapLevels, "resample.Correlation": resample.Correlation,
	"resample.LevelMean": resample.LevelMean, "resample.Mean": resample.Mean, "resample.Median": resample.Median, "resample.Permute": resample.Permute,
	"resample.PermuteIndependent": resample.PermuteIndependent, "resample.PermutePaired": resample.PermutePaired, "resample.SD": resample.SD,
	"resample.StandardErrorOfMean": resample.StandardErrorOfMean,
}

// receivers are values of all exported types that have methods: each method is
// called on each of them.
var receivers = map[string][]any{
	"tally.Cell": {tally.Cell(0), tally.Cell(5), tally.Cell(13), tally.Cell(255)}, "tally.Shape": shapes,
	"tally.Sums": {tally.Sums{}}, "tally.Clusters": accumulators[0], "tally.Cross": accumulators[1], "tally.Crosstab": accumulators[2],
	"tally.Gram": accumulators[3], "tally.Groups": accumulators[4], "tally.Levels": accumulators[5], "tally.LikertItems": accumulators[6],
	"tally.Moments": accumulators[7], "tally.Pairs": accumulators[8],

	"compare.Comparison": {compare.Comparison{}, must(compare.KruskalWallis(plain3, nil))}, "compare.Description": {compare.Description{}},
	"compare.Equivalence": {compare.Equivalence{}, must(compare.PairedTOST(plain, other, -1, 1, nil))}, "compare.Group": {compare.Group{}},
	"compare.PostHoc": {compare.PostHoc{}}, "compare.QuantileType": {compare.QuantileType(0), compare.QuantileType(6), compare.QuantileType(10), compare.QuantileType(-1)},

	"reliability.AlphaResult": {reliability.AlphaResult{}}, "reliability.CarelessOptions": {reliability.CarelessOptions{}, reliability.CarelessOptions{Flat: true, IRV: nan}},
	"reliability.CarelessResult": {reliability.CarelessResult{}}, "reliability.Carelessness": {reliability.Carelessness{}}, "reliability.Choice": {reliability.Choice{}},
	"reliability.DistractorResult": {reliability.DistractorResult{}}, "reliability.Estimator": {reliability.ML, reliability.Estimator(99)},
	"reliability.GuttmanResult": {reliability.GuttmanResult{}}, "reliability.ItemResult": {reliability.ItemResult{}}, "reliability.ItemRow": {reliability.ItemRow{}},
	"reliability.ItemStatistics": {reliability.ItemStatistics{}}, "reliability.Lambdas": {reliability.Lambdas{}},
	"reliability.Metric": {reliability.Covariances, reliability.Metric(99)}, "reliability.OmegaResult": {reliability.OmegaResult{}},
	"reliability.OmegaValue": {reliability.OmegaValue{}}, "reliability.Policy": {reliability.Refuse, reliability.Policy(99)},
	"reliability.SEMResult": {reliability.SEMResult{}}, "reliability.Share": {reliability.Implied, reliability.Share(99)},
	"reliability.SplitResult": {reliability.SplitResult{}}, "reliability.Status": {reliability.Stopped, reliability.Status(99)},
	"reliability.Summary": {
		reliability.Summary{}, must(reliability.Summarize(plain3, nil)), reliability.Summary{N: 1 << 53, Cov: [][]float64{{1, nan}, {nan, 1}}, Mean: []float64{1, 2}},
		reliability.Summary{N: 9, Cov: [][]float64{{1}, {1, 2}}}, reliability.Summary{N: -3, Cov: [][]float64{{1, 2}, {2, 1}}, Mean: []float64{1, 2}, Level: 7},
		reliability.Summary{N: 9, Cov: [][]float64{{1, 1, 1}, {1, 1, 1}, {1, 1, 1}}, Mean: []float64{1, 2, 3}, Names: []string{"a"}},
	},
	"reliability.TieRule": {reliability.ShareTies, reliability.TieRule(99)},

	"agreement.CohenResult": {agreement.CohenResult{}}, "agreement.Counts": {
		agreement.Counts{}, agreement.Counts{Values: []float64{1, 2}, N: [][]int{{2, 0}, {1, 1}, {0, 2}}}, agreement.Counts{Values: []float64{1, 2}, N: [][]int{{1 << 53, -1}, {1}}},
		agreement.Counts{Values: []float64{1, 2}, N: [][]int{{1 << 53, 1}, {1 << 53, 1 << 53}}}, agreement.Counts{Values: []float64{nan, 2}, N: [][]int{{2, 1}, {1, 1}}},
		agreement.Counts{Values: []float64{1, 2}, N: [][]int{{1 << 62, 1 << 62}, {1, 1 << 62}}}, agreement.Counts{Values: []float64{1, 2}, N: [][]int{{1, 0}, {0, 1}}},
	}, "agreement.FleissResult": {agreement.FleissResult{}}, "agreement.ICCResult": {agreement.ICCResult{}},
	"agreement.Metric": {agreement.Nominal, agreement.Metric(99)}, "agreement.RWGResult": {agreement.RWGResult{}}, "agreement.Weights": {agreement.Identity, agreement.Weights(99)},

	"effect.Change": {effect.Change{}}, "effect.Conversion": {effect.Steiger, effect.Conversion(99)}, "effect.Divisor": {effect.Average, effect.Divisor(99)},
	"effect.Gain": {effect.Gain{}}, "effect.Norms": {effect.Norms{}, effect.Norms{LackingMean: 1, LackingSD: 2, HavingMean: 3, HavingSD: 4}, effect.Norms{LackingMean: nan, LackingSD: 1, HavingSD: -1}}, "effect.PersonChange": {effect.PersonChange{}},
	"effect.PersonGain": {effect.PersonGain{}}, "effect.Variance": {effect.Variance{}},

	"model.AdjustedMean": {model.AdjustedMean{}}, "model.Ancova": {model.Ancova{}}, "model.Cell": {model.Cell{}, model.Cell{Mean: nan}},
	"model.DiD": {model.DiD{}}, "model.DiDCell": {model.DiDCell{}, model.DiDCell{Cell: model.Cell{Variance: nan}}}, "model.Errors": {model.Robust, model.Errors(99)},
	"model.Regression": {
		model.Regression{}, must(model.OLS(model.Column{Name: "y", Values: plain}, []model.Column{{Name: "a", Values: other}}, nil)),
	}, "model.Spread": {model.Separate, model.Spread(99)},

	"resample.Interval": {resample.BCa, resample.Interval(99)},
	"resample.Result":   {resample.Result{}, must(resample.Bootstrap(context.Background(), plain3, resample.Mean, &resample.Options{Resamples: 50}))},
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

var packages = []string{"tally", "compare", "reliability", "agreement", "effect", "model", "resample"}

// comments has what is written about each function, type, method and field:
// "compare.Paired", "compare.Group", "compare.Group.SD".
func comments(t testing.TB) (about map[string]string, exported []string) {
	about = map[string]string{}
	for _, dir := range packages {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		require.NoError(t, err)
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
			require.NoError(t, err)
			for _, d := range f.Decls {
				switch d := d.(type) {
				case *ast.FuncDecl:
					name := dir + "." + d.Name.Name
					if d.Recv != nil {
						on := base(d.Recv.List[0].Type)
						if name = dir + "." + on + "." + d.Name.Name; ast.IsExported(on) && d.Name.IsExported() {
							exported = append(exported, dir+"."+on)
						}
					} else if d.Name.IsExported() {
						exported = append(exported, name)
					}
					about[name] = d.Doc.Text()
				case *ast.GenDecl:
					for _, s := range d.Specs {
						s, ok := s.(*ast.TypeSpec)
						if !ok {
							continue
						}
						name := dir + "." + s.Name.Name
						about[name] = d.Doc.Text() + s.Doc.Text()
						if st, ok := s.Type.(*ast.StructType); ok {
							for _, field := range st.Fields.List {
								for _, n := range field.Names {
									about[name+"."+n.Name] = field.Doc.Text() + field.Comment.Text()
								}
							}
						}
					}
				}
			}
		}
	}
	slices.Sort(exported)
	return about, slices.Compact(exported)
}

// base is the name of a receiver's type.
func base(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return base(e.X)
	case *ast.IndexExpr:
		return base(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

// Whatever is exported is in the registry under its own name.
func TestRegistryIsComplete(t *testing.T) {
	_, exported := comments(t)
	var registered []string
	for name := range functions {
		registered = append(registered, name)
	}
	for name, of := range receivers {
		registered = append(registered, name)
		for _, r := range of {
			require.Equal(t, name, nameOf(reflect.TypeOf(r)))
		}
	}
	slices.Sort(registered)
	require.Equal(t, exported, registered)
}

// nameOf gives "compare.Group" of the type or a pointer to it.
func nameOf(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.String()
}
