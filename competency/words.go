package competency

import (
	"fmt"
	"slices"

	"github.com/bangkom/bangkom"
)

// The words below are what files and JSON carry; the order is that of the constants.
var (
	stateWords       = []string{"not-assessed", "expired", "assessed", "met", "below"}
	jobWords         = []string{"held", "target"}
	capWords         = []string{"none", "per-competency", "total"}
	selfWords        = []string{"counts", "excluded", "capped"}
	aggregationWords = []string{"latest", "median", "highest", "mean"}
)

// word returns the word of a constant, or a form that shows a value outside the list.
func word[T ~uint8](words []string, kind string, v T) string {
	if int(v) < len(words) {
		return words[v]
	}
	return fmt.Sprintf("%s(%d)", kind, uint8(v))
}

func marshalWord[T ~uint8](words []string, kind string, v T) ([]byte, error) {
	if int(v) >= len(words) {
		return nil, fmt.Errorf("competency: no %s %d", kind, uint8(v))
	}
	return []byte(words[v]), nil
}

func unmarshalWord[T ~uint8](words []string, kind string, text []byte, v *T) error {
	i := slices.Index(words, string(text))
	if i < 0 {
		return bangkom.Problem{Code: "option", Value: string(text), Msg: "competency: unknown " + kind, Need: fmt.Sprint("write one of ", words)}
	}
	*v = T(i)
	return nil
}

// String returns "not-assessed", "expired", "assessed", "met" or "below".
func (s State) String() string { return word(stateWords, "State", s) }

// MarshalText writes the word of [State.String].
func (s State) MarshalText() ([]byte, error) { return marshalWord(stateWords, "state", s) }

// UnmarshalText reads what [State.MarshalText] wrote.
func (s *State) UnmarshalText(text []byte) error { return unmarshalWord(stateWords, "state", text, s) }

// String returns "held" or "target".
func (j Job) String() string { return word(jobWords, "Job", j) }

// MarshalText writes the word of [Job.String].
func (j Job) MarshalText() ([]byte, error) { return marshalWord(jobWords, "job", j) }

// UnmarshalText reads what [Job.MarshalText] wrote.
func (j *Job) UnmarshalText(text []byte) error { return unmarshalWord(jobWords, "job", text, j) }

// String returns "none", "per-competency" or "total".
func (c Cap) String() string { return word(capWords, "Cap", c) }

// MarshalText writes the word of [Cap.String].
func (c Cap) MarshalText() ([]byte, error) { return marshalWord(capWords, "cap", c) }

// UnmarshalText reads what [Cap.MarshalText] wrote.
func (c *Cap) UnmarshalText(text []byte) error { return unmarshalWord(capWords, "cap", text, c) }

// String returns "latest", "median", "highest" or "mean".
func (a Aggregation) String() string { return word(aggregationWords, "Aggregation", a) }

// MarshalText writes the word of [Aggregation.String].
func (a Aggregation) MarshalText() ([]byte, error) {
	return marshalWord(aggregationWords, "aggregation", a)
}

// UnmarshalText reads what [Aggregation.MarshalText] wrote.
func (a *Aggregation) UnmarshalText(text []byte) error {
	return unmarshalWord(aggregationWords, "aggregation", text, a)
}

// String returns "counts", "excluded" or "capped".
func (s SelfRating) String() string { return word(selfWords, "SelfRating", s) }

// MarshalText writes the word of [SelfRating.String].
func (s SelfRating) MarshalText() ([]byte, error) { return marshalWord(selfWords, "self rating", s) }

// UnmarshalText reads what [SelfRating.MarshalText] wrote.
func (s *SelfRating) UnmarshalText(text []byte) error {
	return unmarshalWord(selfWords, "self rating", text, s)
}
