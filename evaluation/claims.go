package evaluation

import (
	"fmt"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/text"
)

// Strength is how much a design lets one say.
type Strength string

// The strengths, from weak to strong.
const (
	Description Strength = "description" // what is; nothing was compared
	Changed     Strength = "change"      // before and after, cause unknown
	Differed    Strength = "difference"  // more than in a comparison group
	Caused      Strength = "effect"      // people were assigned by lot
)

// Direction is what the interval says.
type Direction string

// The directions.
const (
	Rise       Direction = "rise"
	Fall       Direction = "fall"
	NoEvidence Direction = "no-evidence" // the interval holds both; not the same as "no change"
)

// A Claim is one sentence that the data allow.
type Claim struct {
	Level     int              `json:"level"` // 1 to 4; 5: the return
	About     string           `json:"about"` // "learning", "behaviour/superior", "results", "return"
	Strength  Strength         `json:"strength"`
	Direction Direction        `json:"direction"`
	Estimate  bangkom.Estimate `json:"estimate"`
}

// claims are the sentences that the data and the design allow.
func (e *evaluator) claims(r *Report) []Claim {
	var out []Claim
	add := func(level int, about string, compared bool, est bangkom.Estimate) {
		out = append(out, Claim{level, about, e.strength(compared), direction(est), est})
	}
	if l := r.Learning; l != nil {
		if l.Difference != nil {
			add(2, "learning", true, l.Difference.Estimate)
		} else {
			add(2, "learning", false, l.Change.Estimate)
		}
	}
	if b := r.Behaviour; b != nil {
		for _, s := range b.Sources {
			add(3, "behaviour/"+string(s.Source), s.Difference != nil, s.Best())
		}
	}
	if c := r.Results; c != nil && len(c.Units) > 0 {
		switch {
		case c.Effect != nil:
			// Units were not assigned with the people: a difference at best.
			out = append(out, Claim{4, "results", Differed, direction(c.Effect.Estimate), c.Effect.Estimate})
		case c.Trained.N > 0:
			out = append(out, Claim{4, "results", Changed, direction(c.Trained), c.Trained})
		}
	}
	if roi := r.Return; roi != nil && roi.Benefits.N > 0 && roi.Lost == nil {
		out = append(out, Claim{5, "return", Description, direction(roi.Percent), roi.Percent})
	}
	return out
}

func (e *evaluator) strength(compared bool) Strength {
	switch {
	case !compared:
		return Changed
	case e.s.Design.Assignment == Randomised:
		return Caused
	}
	return Differed
}

func direction(est bangkom.Estimate) Direction {
	ci := est.CI
	switch {
	case ci.Level == 0:
		return NoEvidence
	case ci.Lo > 0:
		return Rise
	case ci.Hi < 0:
		return Fall
	}
	return NoEvidence
}

// sentences by strength and direction: Indonesian, English.
var sentences = map[Strength]map[Direction][2]string{
	Description: {
		Rise:       {"di atas biaya", "above the costs"},
		Fall:       {"di bawah biaya", "below the costs"},
		NoEvidence: {"tidak ada bukti bahwa berbeda dari biaya", "no evidence that they differ from the costs"},
	},
	Changed: {
		Rise:       {"naik sesudah pelatihan; sebabnya belum diketahui", "rose after the training; the cause is not known"},
		Fall:       {"turun sesudah pelatihan; sebabnya belum diketahui", "fell after the training; the cause is not known"},
		NoEvidence: {"tidak ada bukti perubahan sesudah pelatihan", "no evidence of a change after the training"},
	},
	Differed: {
		Rise:       {"naik lebih banyak daripada kelompok pembanding", "rose more than in the comparison group"},
		Fall:       {"naik lebih sedikit daripada kelompok pembanding", "rose less than in the comparison group"},
		NoEvidence: {"tidak ada bukti perbedaan dengan kelompok pembanding", "no evidence of a difference from the comparison group"},
	},
	Caused: {
		Rise:       {"pelatihan menaikkannya", "the training raised it"},
		Fall:       {"pelatihan menurunkannya", "the training lowered it"},
		NoEvidence: {"tidak ada bukti pengaruh pelatihan", "no evidence of an effect of the training"},
	},
}

// subjects of the sentences: Indonesian, English.
var subjects = map[string][2]string{
	"learning":  {"nilai tes", "test scores"},
	"behaviour": {"perilaku kerja menurut ", "behaviour on the job, by "},
	"results":   {"kepuasan masyarakat", "satisfaction of the public"},
	"return":    {"manfaat", "benefits"},
}

// Text says the claim in English ("en") or Indonesian (any other language),
// with the estimate behind it, its interval and n.
func (c Claim) Text(lang string) string {
	l, err := text.Parse(lang)
	if err != nil {
		l = text.Indonesian
	}
	about, source, _ := strings.Cut(c.About, "/")
	subject := subjects[about][l]
	if source != "" {
		subject += sourceName(l, competency.Source(source))
	}
	return fmt.Sprintf("%s: %s — %s, n = %s", subject, sentences[c.Strength][c.Direction][l], l.Estimate(c.Estimate, 2), counted(l, about, c.Estimate.N))
}

// counted says what n counts: people, unless it is something else.
func counted(l text.Lang, about string, n int) string {
	switch about {
	case "results":
		return l.T("count.units", l.Int(n))
	case "return":
		return l.T("count.benefits", l.Int(n))
	}
	return l.Int(n)
}
