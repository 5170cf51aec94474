package competency

import "github.com/bangkom/bangkom/internal/word"

// The words below are what files and JSON carry; the order is that of the constants.
var (
	stateWords       = word.Of[State]("state", "not-assessed", "expired", "assessed", "met", "below")
	jobWords         = word.Of[Job]("job", "held", "target")
	capWords         = word.Of[Cap]("cap", "none", "per-competency", "total")
	selfWords        = word.Of[SelfRating]("self rating", "counts", "excluded", "capped")
	aggregationWords = word.Of[Aggregation]("aggregation", "latest", "median", "highest", "mean")
)

// String returns "not-assessed", "expired", "assessed", "met" or "below".
func (s State) String() string { return stateWords.String(s) }

// MarshalText writes the word of [State.String].
func (s State) MarshalText() ([]byte, error) { return stateWords.Marshal(s) }

// UnmarshalText reads what [State.MarshalText] wrote.
func (s *State) UnmarshalText(text []byte) error { return stateWords.Unmarshal(text, s) }

// String returns "held" or "target".
func (j Job) String() string { return jobWords.String(j) }

// MarshalText writes the word of [Job.String].
func (j Job) MarshalText() ([]byte, error) { return jobWords.Marshal(j) }

// UnmarshalText reads what [Job.MarshalText] wrote.
func (j *Job) UnmarshalText(text []byte) error { return jobWords.Unmarshal(text, j) }

// String returns "none", "per-competency" or "total".
func (c Cap) String() string { return capWords.String(c) }

// MarshalText writes the word of [Cap.String].
func (c Cap) MarshalText() ([]byte, error) { return capWords.Marshal(c) }

// UnmarshalText reads what [Cap.MarshalText] wrote.
func (c *Cap) UnmarshalText(text []byte) error { return capWords.Unmarshal(text, c) }

// String returns "latest", "median", "highest" or "mean".
func (a Aggregation) String() string { return aggregationWords.String(a) }

// MarshalText writes the word of [Aggregation.String].
func (a Aggregation) MarshalText() ([]byte, error) {
	return aggregationWords.Marshal(a)
}

// UnmarshalText reads what [Aggregation.MarshalText] wrote.
func (a *Aggregation) UnmarshalText(text []byte) error {
	return aggregationWords.Unmarshal(text, a)
}

// String returns "counts", "excluded" or "capped".
func (s SelfRating) String() string { return selfWords.String(s) }

// MarshalText writes the word of [SelfRating.String].
func (s SelfRating) MarshalText() ([]byte, error) { return selfWords.Marshal(s) }

// UnmarshalText reads what [SelfRating.MarshalText] wrote.
func (s *SelfRating) UnmarshalText(text []byte) error {
	return selfWords.Unmarshal(text, s)
}
