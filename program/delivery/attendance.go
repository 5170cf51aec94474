package delivery

import (
	"fmt"
	"math/big"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/program"
)

// Attendance says whether a person was there for one part of a session: a
// day, a half day, a subject.
type Attendance struct {
	Person  competency.PersonID `json:"person"`
	Session program.SessionID   `json:"session"`
	Part    string              `json:"part"`
	JP      bangkom.JP          `json:"jp"` // hours of the part
	Present bool                `json:"present"`
}

// A Completion is the rule by which attending becomes completing.
type Completion struct {
	Share float64 // of the hours to be present, in [0, 1]
	Score float64 // least test score; 0: no test asked
}

// Decide returns Completed, Failed or NoShow for one person's parts of one
// session, and what decided. A test that is asked and was not taken (nil)
// fails. Attendance at nothing is a no-show. Parts given twice, parts of
// several people and no hours at all cannot be decided.
func (c Completion) Decide(parts []Attendance, score *float64) (Status, string, error) {
	var present, all bangkom.JP
	seen := map[string]bool{}
	for _, a := range parts {
		if a.Person != parts[0].Person || a.Session != parts[0].Session || seen[a.Part] || a.JP < 0 {
			return 0, "", bangkom.Problem{Code: "attendance", Where: fmt.Sprintf("%s/%s", a.Person, a.Session), Value: a.Part, Msg: "a part that is given twice, has negative hours or belongs to another seat"}
		}
		seen[a.Part] = true
		all += a.JP
		if a.Present {
			present += a.JP
		}
	}
	if all == 0 {
		return 0, "", bangkom.Problem{Code: "attendance", Msg: "no hours of attendance to decide on", Need: "the parts of the session with their hours"}
	}
	reason := fmt.Sprintf("present for %s of %s JP", present, all)
	switch {
	case present == 0:
		return NoShow, reason, nil
	case !atLeast(present, all, c.Share):
		return Failed, reason, nil
	case c.Score > 0 && score == nil:
		return Failed, "no test taken", nil
	case c.Score > 0 && !(*score >= c.Score):
		return Failed, fmt.Sprintf("test score %v below %v", *score, c.Score), nil
	}
	return Completed, reason, nil
}

// atLeast compares present/all with a share, read as the decimal it is
// written as: 0.8 of 30 JP is 24 JP.
func atLeast(present, all bangkom.JP, share float64) bool {
	want, ok := new(big.Rat).SetString(fmt.Sprint(share))
	return ok && big.NewRat(int64(present), int64(all)).Cmp(want) >= 0
}
