package reliability

import (
	"fmt"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/internal/word"
	"github.com/bangkom/bangkom/stats/tally"
)

// A Policy says what is done about answers that are missing.
type Policy uint8

// The policies.
const (
	Listwise   Policy = iota // a respondent with a gap is left out
	Pairwise                 // each covariance is of those who answered both items
	PersonMean               // a gap is filled by the mean of the person's other items, which makes items more alike than they are; see Options.MinShare
	Refuse                   // a gap is an error
)

var policyWords = word.Of[Policy]("policy", "listwise", "pairwise", "person mean", "refuse")

// String returns "listwise", "pairwise", "person mean" or "refuse".
func (p Policy) String() string { return policyWords.String(p) }

// Options of the coefficients. The zero value, or nil, is usable.
type Options struct {
	Level    float64  // of the intervals; 0: 0.95
	Missing  Policy   // the zero value is Listwise
	MinShare float64  // of answered items that PersonMean asks for; 0: one half
	Names    []string // of the items, for tables; nil: "1", "2", …
	// Reverse marks the items that are worded the other way round: they are
	// taken as Low + High − x everywhere. nil: none.
	Reverse []bool
	// Low and High are the ends of the scale. Both zero: the smallest and the
	// largest answer, if items are reversed, with a note.
	Low, High float64
}

// A Summary is all that the coefficients need to know of k items.
type Summary struct {
	N       int             `json:"n"`               // respondents; under Pairwise those of the smallest pair
	Mean    []float64       `json:"mean"`            // of the items
	Cov     [][]float64     `json:"covariance"`      // their sample covariances
	Names   []string        `json:"names,omitempty"` // nil: "1", "2", …
	Missing bangkom.Missing `json:"missing"`         // what was left out before

	Level    float64          `json:"level,omitempty"` // of the intervals; 0: 0.95
	Warnings bangkom.Problems `json:"warnings,omitempty"`

	// What each item was answered is not in the JSON: only Alpha's table shows it.

	answers []answers
	levels  []float64
}

// answers of one item, whoever else was left out.
type answers struct {
	known   int
	missing int
	counts  []int // by level, nil where there are too many different answers
}

// Summarize makes the summary of items (item × respondent). Where all answers
// lie on one scale of up to twelve whole steps, the sums are exact. Errors:
// ErrShape, ErrNotFinite, ErrTooFew below two items or two respondents,
// ErrOption; "missing" under the policy Refuse.
func Summarize(items [][]float64, opt *Options) (Summary, error) {
	o, err := opt.checked(len(items))
	if err != nil {
		return Summary{}, err
	}
	if err := o.shape(items); err != nil {
		return Summary{}, err
	}
	g, first := count(items)
	if g == nil {
		if err := finiteItems(items); err != nil {
			return Summary{}, err
		}
	}
	s := Summary{Names: o.Names, Level: o.Level}
	o.bounds(items, &s)
	if g != nil {
		return o.fromCounts(s, items, g, first)
	}
	s.countGaps(items)
	return o.fromNumbers(s, items)
}

// SummarizeCells is [Summarize] for counted cells of one scale, item ×
// respondent; a cell that is no level is a missing answer.
func SummarizeCells(items [][]tally.Cell, shape tally.Shape, opt *Options) (Summary, error) {
	o, err := opt.checked(len(items))
	if err != nil {
		return Summary{}, err
	}
	for i, it := range items {
		if len(it) != len(items[0]) {
			return Summary{}, problem(bangkom.ErrShape, "items", fmt.Sprintf("item %d has %d, item 0 has %d", i, len(it), len(items[0])), "items of unequal length", "one entry per respondent")
		}
	}
	var g num.LevelGram
	num.AddLevels(&g, items)
	for i, it := range items {
		for c, k := range g.Counts[i] {
			if _, ok := shape.Value(tally.Cell(c)); c > 0 && k > 0 && !ok {
				r := slices.IndexFunc(it, func(c tally.Cell) bool { _, ok := shape.Value(c); return c.IsLevel() && !ok })
				return Summary{}, problem(bangkom.ErrShape, "items", fmt.Sprintf("item %d, row %d: %d", i, r, it[r]), "a level that is not on the scale "+shape.String(), "")
			}
		}
	}
	first, _ := shape.Value(1)
	s := Summary{Names: o.Names, Level: o.Level}
	if o.Low == 0 && o.High == 0 && shape.Levels > 0 {
		o.Low, o.High = float64(first), float64(first+shape.Levels-1)
	}
	var numbers [][]float64
	if o.Missing == Pairwise || o.Missing == PersonMean || o.reverses() && o.Low == o.High {
		for _, it := range items {
			numbers = append(numbers, decode(it, float64(first)))
		}
		o.bounds(numbers, &s)
	}
	return o.fromCounts(s, numbers, &g, float64(first))
}

func decode(cells []tally.Cell, first float64) []float64 {
	xs := make([]float64, len(cells))
	for r, c := range cells {
		xs[r] = math.NaN()
		if c.IsLevel() {
			xs[r] = first + float64(c) - 1
		}
	}
	return xs
}

// fromCounts takes exact sums; only what is not a matter of complete rows goes
// back to the numbers.
func (o Options) fromCounts(s Summary, items [][]float64, g *num.LevelGram, first float64) (Summary, error) {
	s.frequencies(g, first)
	gaps := int(g.Rows - g.N)
	if gaps > 0 && o.Missing == Refuse {
		return Summary{}, refused(gaps)
	}
	if gaps > 0 && o.Missing != Listwise {
		return o.fromNumbers(s, items)
	}
	s.N = int(g.N)
	s.Missing = bangkom.Missing{Policy: o.Missing.String(), Dropped: gaps}
	if s.N < 2 {
		return Summary{}, tooFew(s.N)
	}
	s.Mean, s.Cov = g.Covariance()
	for i := range s.Mean {
		s.Mean[i] += first - 1
	}
	o.key(&s)
	return s, nil
}

// frequencies lists what was answered, also by those who are left out.
func (s *Summary) frequencies(g *num.LevelGram, first float64) {
	low, high := num.MaxLevelCode, 0
	for _, c := range g.Counts {
		for code := 1; code < len(c); code++ {
			if c[code] > 0 {
				low, high = min(low, code), max(high, code)
			}
		}
	}
	for code := low; code <= high; code++ {
		s.levels = append(s.levels, first+float64(code)-1)
	}
	for _, c := range g.Counts {
		a := answers{missing: int(c[0]), known: int(g.Rows) - int(c[0])}
		for code := low; code <= high; code++ {
			a.counts = append(a.counts, int(c[code]))
		}
		s.answers = append(s.answers, a)
	}
}

func (s *Summary) countGaps(items [][]float64) {
	for _, it := range items {
		a := answers{}
		for _, x := range it {
			if math.IsNaN(x) {
				a.missing++
			}
		}
		a.known = len(it) - a.missing
		s.answers = append(s.answers, a)
	}
}

// fromNumbers applies the policy to answers of any kind.
func (o Options) fromNumbers(s Summary, items [][]float64) (Summary, error) {
	s.Missing = bangkom.Missing{Policy: o.Missing.String()}
	switch o.Missing {
	case Pairwise:
		return o.pairwise(s, items)
	case PersonMean:
		filled, gaps, dropped := o.fill(items)
		s.Missing.Dropped = dropped
		items = filled
		if err := s.judgeFilled(gaps, len(filled[0])); err != nil {
			return Summary{}, err
		}
	default:
		kept := complete(items)
		s.Missing.Dropped = len(items[0]) - len(kept[0])
		if o.Missing == Refuse && s.Missing.Dropped > 0 {
			return Summary{}, refused(s.Missing.Dropped)
		}
		items = kept
	}
	if s.N = len(items[0]); s.N < 2 {
		return Summary{}, tooFew(s.N)
	}
	s.Mean, s.Cov = num.Covariance(items)
	if num.TooAlike(math.Sqrt(trace(s.Cov)), items...) {
		return Summary{}, problem(bangkom.ErrNotFinite, "items", fmt.Sprint(trace(s.Cov)), "answers that differ by less than can be squared", "another unit")
	}
	if o.Missing != PersonMean { // filled answers are keyed already
		o.key(&s)
	}
	return s, nil
}

// complete keeps the respondents who answered every item.
func complete(items [][]float64) [][]float64 {
	n := len(items[0])
	whole := make([]bool, n)
	kept := 0
	for r := range n {
		whole[r] = !slices.ContainsFunc(items, func(it []float64) bool { return math.IsNaN(it[r]) })
		if whole[r] {
			kept++
		}
	}
	if kept == n {
		return items
	}
	out := make([][]float64, len(items))
	for i, it := range items {
		out[i] = make([]float64, 0, kept)
		for r, x := range it {
			if whole[r] {
				out[i] = append(out[i], x)
			}
		}
	}
	return out
}

// judgeFilled says what the filling of so many gaps of each item does.
func (s *Summary) judgeFilled(gaps []int, n int) error {
	all := 0
	for i, k := range gaps {
		if n > 0 && k == n {
			return problem(bangkom.ErrTooFew, "items", s.name(i), "nobody answered the item: there is nothing to fill it with", "leave the item out")
		}
		all += k
	}
	if share := float64(all) / float64(n*len(gaps)); share > muchFilled {
		s.Warnings.Add(bangkom.Problem{Code: "filled", Severity: bangkom.Warning, Value: fmt.Sprintf("%.3g %%", 100*share),
			Msg: "answers that are a person's mean of the others make items more alike than they are: reliability comes out too high", Need: "Pairwise, or Listwise"})
	}
	return nil
}

// muchFilled is the share of filled answers from where on a warning says what
// they do: at a twentieth alpha rises in the second digit.
const muchFilled = 0.05

// fill keys the items and fills the gaps of those who answered enough of them.
func (o Options) fill(items [][]float64) (out [][]float64, gaps []int, dropped int) {
	out, gaps = make([][]float64, len(items)), make([]int, len(items))
	for r := range items[0] {
		sum, known := 0.0, 0
		for i, it := range items {
			if x := o.keyed(i, it[r]); !math.IsNaN(x) {
				sum += x
				known++
			}
		}
		if known == 0 || float64(known) < o.MinShare*float64(len(items)) {
			dropped++
			continue
		}
		for i, it := range items {
			x := o.keyed(i, it[r])
			if math.IsNaN(x) {
				x = sum / float64(known)
				gaps[i]++
			}
			out[i] = append(out[i], x)
		}
	}
	return out, gaps, dropped
}

func (o Options) pairwise(s Summary, items [][]float64) (Summary, error) {
	k := len(items)
	s.N = len(items[0])
	s.Mean, s.Cov = make([]float64, k), num.Square(k)
	for i := range k {
		for j := range i + 1 {
			both := complete([][]float64{items[i], items[j]})
			s.N = min(s.N, len(both[0]))
			if len(both[0]) < 2 {
				return Summary{}, problem(bangkom.ErrTooFew, "items", fmt.Sprintf("items %d and %d: %d", j, i, len(both[0])), "fewer than two respondents answered both items", "at least 2 respondents per pair of items")
			}
			mean, cov := num.Covariance(both)
			s.Cov[i][j], s.Cov[j][i] = cov[0][1], cov[0][1]
			if i == j {
				s.Mean[i], s.Cov[i][i] = mean[0], cov[0][0]
			}
		}
	}
	for r := range items[0] {
		if !slices.ContainsFunc(items, func(it []float64) bool { return !math.IsNaN(it[r]) }) {
			s.Missing.Dropped++
		}
	}
	o.key(&s)
	return s, nil
}

func (o Options) reverses() bool { return slices.Contains(o.Reverse, true) }

func (o Options) keyed(i int, x float64) float64 {
	if o.Reverse != nil && o.Reverse[i] {
		return o.Low + o.High - x
	}
	return x
}

// key reverses means and signs.
func (o Options) key(s *Summary) {
	for i, rev := range o.Reverse {
		if !rev {
			continue
		}
		s.Mean[i] = o.keyed(i, s.Mean[i])
		for j := range s.Cov {
			if j != i {
				s.Cov[i][j], s.Cov[j][i] = -s.Cov[i][j], -s.Cov[j][i]
			}
		}
	}
}

// bounds finds the ends of the scale, where items are reversed and nobody said.
func (o *Options) bounds(items [][]float64, s *Summary) {
	if !o.reverses() || o.Low != 0 || o.High != 0 {
		return
	}
	low, high := math.Inf(1), math.Inf(-1)
	for _, it := range items {
		for _, x := range it {
			if !math.IsNaN(x) {
				low, high = min(low, x), max(high, x)
			}
		}
	}
	if low > high {
		low, high = 0, 0
	}
	o.Low, o.High = low, high
	s.Warnings.Add(bangkom.Problem{Code: "observed-range", Severity: bangkom.Note, Value: fmt.Sprintf("%g to %g", low, high),
		Msg: "items are reversed on the range of all answers: means depend on it, coefficients do not", Need: "Low and High of the scale"})
}

// count counts whole numbers within twelve steps, of which the first is code 1;
// nil if the answers are of another kind.
func count(items [][]float64) (g *num.LevelGram, first float64) {
	if low, ok := lowest(items); ok {
		g = new(num.LevelGram)
		if g.AddNumbers(items, low) {
			return g, float64(low)
		}
	}
	codes, first := encode(items)
	if codes == nil {
		return nil, 0
	}
	g = new(num.LevelGram)
	g.Add(codes)
	return g, first
}

// encode gives the codes where the first answers do not show the lowest: nought
// for NaN, nil if the answers are of another kind.
func encode(items [][]float64) (codes [][]uint8, first float64) {
	const offset = 128
	codes = make([][]uint8, len(items))
	low, high := uint8(255), uint8(0)
	for i, it := range items {
		c := make([]uint8, len(it))
		for r, x := range it {
			v := int32(x)
			if float64(v) == x && uint32(v+offset-1) < 255 {
				b := uint8(v + offset)
				c[r] = b
				low, high = min(low, b), max(high, b)
			} else if !math.IsNaN(x) {
				return nil, 0
			}
		}
		codes[i] = c
		if high > low && high-low >= num.MaxLevelCode {
			return nil, 0
		}
	}
	if low > high {
		return codes, 0
	}
	for _, c := range codes {
		for r, b := range c {
			c[r] = b - (low - 1)
			if b == 0 {
				c[r] = 0
			}
		}
	}
	return codes, float64(low) - offset
}

// lowest is the smallest of the first answers, as far as one can tell.
func lowest(items [][]float64) (low int, ok bool) {
	for _, it := range items {
		for _, x := range it[:min(100, len(it))] {
			if v := int(x); float64(v) == x && math.Abs(x) < 128 && (!ok || v < low) {
				low, ok = v, true
			}
		}
	}
	return low, ok
}

func (o Options) shape(items [][]float64) error {
	n := 0
	if len(items) > 0 {
		n = len(items[0])
	}
	for i, it := range items {
		if len(it) != n {
			return problem(bangkom.ErrShape, "items", fmt.Sprintf("item %d has %d, item 0 has %d", i, len(it), n), "items of unequal length", "one entry per respondent, NaN where unanswered")
		}
	}
	if n == 0 {
		return tooFew(0)
	}
	return nil
}

// most is the largest absolute answer: its fourth power, of which λ2 has sums,
// is still a number.
const most = 1e70

func finiteItems(items [][]float64) error {
	for i, it := range items {
		for r, x := range it {
			if math.Abs(x) > most {
				return problem(bangkom.ErrNotFinite, "items", fmt.Sprintf("item %d, row %d", i, r), "an infinite value, or one beyond 1e70", "NaN where unanswered")
			}
		}
	}
	return nil
}

func refused(gaps int) error {
	return problem(bangkom.Problem{Code: "missing"}, "items", fmt.Sprintf("%d respondents", gaps), "answers are missing", "another policy, or complete answers")
}

func tooFew(n int) error {
	return problem(bangkom.ErrTooFew, "items", fmt.Sprint(n), "fewer than two respondents to work with", "at least 2 respondents without gaps")
}

func (opt *Options) checked(items int) (Options, error) {
	o := Options{}
	if opt != nil {
		o = *opt
	}
	level, err := levelOf(o.Level)
	if err != nil {
		return o, err
	}
	o.Level = level
	if o.MinShare == 0 {
		o.MinShare = 0.5
	}
	switch {
	case items < 2:
		return o, problem(bangkom.ErrTooFew, "items", fmt.Sprint(items), "fewer than two items", "at least 2 items")
	case o.Missing > Refuse:
		return o, problem(bangkom.ErrOption, "Missing", o.Missing.String(), "no such policy", "Listwise, Pairwise, PersonMean or Refuse")
	case !(o.MinShare > 0 && o.MinShare <= 1):
		return o, problem(bangkom.ErrOption, "MinShare", fmt.Sprint(o.MinShare), "a share outside (0, 1]", "use 0.5")
	case o.Names != nil && len(o.Names) != items:
		return o, problem(bangkom.ErrOption, "Names", fmt.Sprint(len(o.Names)), "another number of names than of items", "one name per item, or nil")
	case o.Reverse != nil && len(o.Reverse) != items:
		return o, problem(bangkom.ErrOption, "Reverse", fmt.Sprint(len(o.Reverse)), "another number of keys than of items", "one entry per item, or nil")
	case !(o.Low-o.Low == 0 && o.High-o.High == 0 && o.Low <= o.High):
		return o, problem(bangkom.ErrOption, "Low, High", fmt.Sprintf("%g, %g", o.Low, o.High), "no range of a scale", "the lowest and the highest answer")
	}
	o.Names, o.Reverse = slices.Clone(o.Names), slices.Clone(o.Reverse)
	return o, nil
}

func levelOf(level float64) (float64, error) {
	if level == 0 {
		return 0.95, nil
	}
	if !(0 < 1-level && 1-level < 1) {
		return 0, problem(bangkom.ErrOption, "Level", fmt.Sprint(level), "a level outside (0, 1)", "use 0.95")
	}
	return level, nil
}

// checked proves a summary that may be of the caller's making.
func (s Summary) checked() (Summary, error) {
	k := len(s.Cov)
	level, err := levelOf(s.Level)
	if err != nil {
		return s, err
	}
	s.Level = level
	switch {
	case k < 2:
		return s, problem(bangkom.ErrTooFew, "summary", fmt.Sprint(k), "fewer than two items", "at least 2 items")
	case s.N < 2:
		return Summary{}, tooFew(s.N)
	case len(s.Mean) != k || s.Names != nil && len(s.Names) != k:
		return s, problem(bangkom.ErrShape, "summary", fmt.Sprint(len(s.Mean)), "means or names do not fit the covariances", "one of each per item")
	}
	for i, row := range s.Cov {
		if len(row) != k {
			return s, problem(bangkom.ErrShape, "summary", fmt.Sprint(len(row)), "covariances that are not square", "")
		}
		for j, v := range row {
			if !(math.Abs(v) <= 4*most*most && math.Abs(s.Mean[i]) <= most) {
				return s, problem(bangkom.ErrNotFinite, "summary", fmt.Sprintf("items %d and %d", i, j), "a value that is no number, or beyond those of answers up to 1e70", "")
			}
			if i == j && v < 0 || math.Abs(v-s.Cov[j][i]) > 1e-9*math.Abs(v) {
				return s, problem(bangkom.ErrShape, "summary", fmt.Sprintf("items %d and %d", i, j), "covariances that are not symmetric, or a negative variance", "")
			}
		}
	}
	if v := num.Total(s.Cov); !(v > constant*trace(s.Cov)) {
		return s, problem(bangkom.ErrNoVariation, "items", fmt.Sprint(v), "the sum of the items is the same for everybody", "respondents who differ; items that are worded the other way round reversed")
	}
	return s, nil
}

// constant is how small the variance of a sum is, beside those of its terms,
// if it is only the noise of rounding.
const constant = 1e-13

func trace(m [][]float64) float64 {
	t := 0.0
	for i := range m {
		t += m[i][i]
	}
	return t
}

// rescaled has a trace about 1, by a power of two, which costs no digit: the
// sixth powers of answers, of which a standard error has sums, are then numbers.
func rescaled(cov [][]float64) [][]float64 {
	_, e := math.Frexp(trace(cov))
	out := num.Square(len(cov))
	for i, row := range cov {
		for j, v := range row {
			out[i][j] = math.Ldexp(v, -e)
		}
	}
	return out
}

func (s Summary) name(i int) string {
	if s.Names != nil {
		return s.Names[i]
	}
	return fmt.Sprint(i + 1)
}

// only is the summary of some of the items.
func only(cov [][]float64, keep func(i int) bool) [][]float64 {
	var at []int
	for i := range cov {
		if keep(i) {
			at = append(at, i)
		}
	}
	out := num.Square(len(at))
	for a, i := range at {
		for b, j := range at {
			out[a][b] = cov[i][j]
		}
	}
	return out
}

func problem(code bangkom.Problem, where, value, msg, need string) error {
	return bangkom.Problem{Code: code.Code, Where: "reliability: " + where, Value: value, Msg: msg, Need: need}
}
