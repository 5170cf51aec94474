package evaluation

import (
	"maps"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/stats/compare"
	"github.com/bangkom/bangkom/stats/reliability"
)

// A ReactionResult is level 1: what participants thought of the training. It
// says nothing of what they learnt.
type ReactionResult struct {
	Mean         bangkom.Estimate        `json:"mean"`          // of the people's means over items
	TopBox       bangkom.Estimate        `json:"top_box"`       // share of people whose mean answer is in the top box
	TopBoxFrom   float64                 `json:"top_box_from"`  // lowest answer that counts as content
	ResponseRate *bangkom.Estimate       `json:"response_rate"` // people who answered, of the participants; nil: not known
	Alpha        reliability.AlphaResult `json:"alpha"`         // whether the items go together, by sheet
	Items        []ItemResult            `json:"items"`
}

// An ItemResult is one item of the reaction survey.
type ItemResult struct {
	Item   string           `json:"item"`
	Mean   bangkom.Estimate `json:"mean"`
	TopBox bangkom.Estimate `json:"top_box"`
}

// reaction computes level 1. A person with several sheets counts once, with
// the mean of them.
func (e *evaluator) reaction() *ReactionResult {
	survey := e.s.Reaction
	k := len(survey.Items)
	byItem := make([]map[competency.PersonID][]float64, k)
	for i := range byItem {
		byItem[i] = map[competency.PersonID][]float64{}
	}
	sheets := make([][]float64, k)
	all := map[competency.PersonID][]float64{}
	for _, r := range survey.Rows {
		if e.c.of(r.Person, r.Offering) != trained || len(r.Answers) != k {
			continue
		}
		for i, v := range r.Answers {
			if !finite(v) {
				v = math.NaN()
			}
			sheets[i] = append(sheets[i], v)
			if finite(v) {
				byItem[i][r.Person] = append(byItem[i][r.Person], v)
				all[r.Person] = append(all[r.Person], v)
			}
		}
	}
	if len(all) == 0 {
		return nil
	}
	top := float64(e.o.TopBox)
	if top == 0 {
		top = float64(survey.High - 1)
	}
	out := &ReactionResult{TopBoxFrom: top}
	missing := bangkom.Missing{Policy: "available answers", Dropped: e.dropped(len(all))}
	out.Mean, out.TopBox = e.opinion(all, top)
	out.Mean.Missing, out.TopBox.Missing = missing, missing
	for i, name := range survey.Items {
		m, t := e.opinion(byItem[i], top)
		m.Missing = bangkom.Missing{Policy: "available answers", Dropped: len(all) - len(byItem[i])}
		t.Missing = m.Missing
		out.Items = append(out.Items, ItemResult{name, m, t})
	}
	if n := len(e.c.people); n > 0 {
		rate, err := compare.Proportion(len(all), n, &compare.Options{Level: e.o.Level})
		rate = orUnknown(rate, err, "share", n)
		out.ResponseRate = &rate
	}
	a, err := reliability.Alpha(sheets, &reliability.Options{Level: e.o.Level})
	if err != nil {
		a.Raw, a.Standardized = unknown("Cronbach alpha, raw", 0, err), unknown("Cronbach alpha, standardised", 0, err)
		a.Items = k
	}
	out.Alpha = a
	return out
}

// opinion is the mean and the top box over people.
func (e *evaluator) opinion(answers map[competency.PersonID][]float64, top float64) (avg, box bangkom.Estimate) {
	var means []float64
	content := 0
	for _, p := range slices.Sorted(maps.Keys(answers)) {
		m := mean(answers[p])
		means = append(means, m)
		content += one(m >= top)
	}
	avg = e.meanOf(means, "mean over people")
	box, err := compare.Proportion(content, len(means), &compare.Options{Level: e.o.Level})
	return avg, orUnknown(box, err, "share of people in the top box", len(means))
}
