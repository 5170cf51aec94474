package reliability

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/stats/internal/wire"
)

// A Choice is one answer of a multiple-choice item, and who takes it.
type Choice struct {
	Item          string  `json:"item"`
	Choice        string  `json:"choice"` // "" are the people who chose nothing
	Right         bool    `json:"right"`
	Count         int     `json:"count"`
	Share         float64 `json:"share"`          // of all people
	MeanScore     float64 `json:"mean_score"`     // of those who chose it, without the item; NaN of nobody
	PointBiserial float64 `json:"point_biserial"` // of choosing it with the score without the item; NaN where all chose it, or all have one score
	Upper         float64 `json:"upper"`          // share of the upper group who chose it
	Lower         float64 `json:"lower"`
}

// A DistractorResult is what [Distractors] found.
type DistractorResult struct {
	Choices  []Choice         `json:"choices"` // by item, the answers in the order of their text
	N        int              `json:"n"`
	Method   string           `json:"method"`
	Warnings bangkom.Problems `json:"warnings,omitempty"`
}

// Distractors says of each answer to each item who chooses it. answers is item
// × person, key the right answer of each item. A person who chose nothing ("")
// has no point for the item: that is stated in the method. A wrong answer that better people
// choose (its correlation is above 0) is a warning: look at the key.
//
// Errors: ErrTooFew, ErrShape, ErrOption. Options.Max is not used.
func Distractors(answers [][]string, key []string, opt *ItemOptions) (DistractorResult, error) {
	o, err := opt.checked(len(answers))
	if err != nil {
		return DistractorResult{}, err
	}
	points, err := Score(answers, key)
	if err != nil {
		return DistractorResult{}, err
	}
	n := len(points[0])
	if n < 2 {
		return DistractorResult{}, tooFew(n)
	}
	total := make([]float64, n)
	for _, it := range points {
		for p, x := range it {
			total[p] += x
		}
	}
	g := o.groupsOf(total)
	r := DistractorResult{N: n, Warnings: g.warnings(), Method: fmt.Sprintf("an empty answer counts as wrong; upper and lower %g %% by score, %s", 100*o.Group, o.Ties)}
	for i, item := range answers {
		name := Summary{Names: o.Names}.name(i)
		rest := make([]float64, n)
		for p := range rest {
			rest[p] = total[p] - points[i][p]
		}
		texts := map[string]bool{key[i]: true}
		for _, a := range item {
			texts[a] = true
		}
		for _, text := range slices.Sorted(maps.Keys(texts)) {
			c := choice(item, text, rest, g)
			c.Item, c.Right = name, text == key[i]
			r.Choices = append(r.Choices, c)
			r.judge(c)
		}
	}
	return r, nil
}

func (r *DistractorResult) judge(c Choice) {
	where := fmt.Sprintf("item %s, answer %q", c.Item, c.Choice)
	switch {
	case c.Right && c.PointBiserial < 0:
		r.Warnings.Add(bangkom.Problem{Code: "negative-item", Severity: bangkom.Warning, Where: where, Value: wire.Short(c.PointBiserial), Msg: "the right answer is chosen by those who know less", Need: "a look at the key"})
	case !c.Right && c.Choice != "" && c.PointBiserial > 0:
		r.Warnings.Add(bangkom.Problem{Code: "attractive-distractor", Severity: bangkom.Warning, Where: where, Value: wire.Short(c.PointBiserial), Msg: "a wrong answer is chosen by those who know more", Need: "a look at the key and at the wording"})
	}
}

func choice(item []string, text string, rest []float64, g groups) Choice {
	took := make([]float64, len(item))
	c := Choice{Choice: text}
	sum := 0.0
	for p, a := range item {
		if a == text {
			took[p] = 1
			c.Count++
			sum += rest[p]
		}
	}
	c.Share = float64(c.Count) / float64(len(item))
	c.MeanScore = sum / float64(c.Count)
	c.Upper, c.Lower = g.mean(g.upper, took), g.mean(g.lower, took)
	_, cov := num.Covariance([][]float64{took, rest})
	c.PointBiserial = cov[0][1] / math.Sqrt(cov[0][0]*cov[1][1])
	return c
}

// Score gives 1 for the right answer and 0 for any other, also for none (""),
// item × person. Someone for whom no answer is not a wrong one puts NaN there.
func Score(answers [][]string, key []string) ([][]float64, error) {
	if len(answers) < 2 {
		return nil, problem(bangkom.ErrTooFew, "answers", fmt.Sprint(len(answers)), "fewer than two items", "at least 2 items")
	}
	if len(key) != len(answers) {
		return nil, problem(bangkom.ErrShape, "key", fmt.Sprintf("%d and %d", len(key), len(answers)), "another number of right answers than of items", "one right answer per item")
	}
	out := make([][]float64, len(answers))
	for i, it := range answers {
		if len(it) != len(answers[0]) {
			return nil, problem(bangkom.ErrShape, "answers", fmt.Sprintf("item %d has %d, item 0 has %d", i, len(it), len(answers[0])), "items of unequal length", `one entry per person, "" where unanswered`)
		}
		if key[i] == "" {
			return nil, problem(bangkom.ErrOption, "key", fmt.Sprintf("item %d", i), "no right answer", "")
		}
		out[i] = make([]float64, len(it))
		for p, a := range it {
			if a == key[i] {
				out[i][p] = 1
			}
		}
	}
	return out, nil
}

// String says how many answers of how many items there are.
func (r DistractorResult) String() string {
	return fmt.Sprintf("%d answers, %d people, %d to look at", len(r.Choices), r.N, len(r.Warnings))
}

// Table gives one line per answer; the right one has a star.
func (r DistractorResult) Table() string {
	var b strings.Builder
	t := wire.NewGrid("answer", "right", "count", "share", "mean score", "r", "upper", "lower")
	for _, c := range r.Choices {
		star := ""
		if c.Right {
			star = "*"
		}
		t.Text(c.Item, c.Choice, star, fmt.Sprint(c.Count), wire.Short(c.Share), wire.Short(c.MeanScore), wire.Short(c.PointBiserial), wire.Short(c.Upper), wire.Short(c.Lower))
	}
	t.Write(&b)
	fmt.Fprintf(&b, "\nn = %d. %s. Mean score and r: with the score without the item.\n", r.N, r.Method)
	for _, w := range r.Warnings {
		fmt.Fprintf(&b, "%s: %s\n", w.Severity, w.Error())
	}
	return b.String()
}

// MarshalJSON writes the fields by their tags; what is no number is null.
func (c Choice) MarshalJSON() ([]byte, error) { return wire.Marshal(c) }

// UnmarshalJSON reads what MarshalJSON wrote; null is NaN.
func (c *Choice) UnmarshalJSON(data []byte) error {
	type plain Choice
	return wire.Unmarshal(data, (*plain)(c))
}
