package solve

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/bangkom/bangkom"
)

// Read reads a problem file, plain or gzip. Unknown, missing and duplicate
// fields, names in another spelling, and anything after the object, are errors. It does not call [Problem.Validate].
func Read(r io.Reader) (*Problem, error) {
	b := bufio.NewReader(r)
	if magic, _ := b.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, fmt.Errorf("solve: %w", err)
		}
		defer z.Close()
		return decode(z)
	}
	return decode(b)
}

func decode(r io.Reader) (*Problem, error) {
	var w problemFile
	if err := Decode(r, &w, true); err != nil {
		return nil, err
	}
	p, ps := w.problem()
	if err := ps.Err(); err != nil {
		return nil, err
	}
	return p, nil
}

// readError names the place of a fault in the file.
func readError(err error, at int64) error {
	if t, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return bangkom.Problem{Code: "bad-value", Where: t.Field, Value: t.Value, Msg: err.Error()}
	}
	if s, ok := errors.AsType[*json.SyntaxError](err); ok {
		at = s.Offset
	}
	return bangkom.Problem{Code: "bad-json", Where: fmt.Sprintf("byte %d", at), Msg: err.Error()}
}

// A required field remembers whether it was there. null is a value only where
// the format says so: a price that is null makes its row hard.
type required[T any] struct {
	v    T
	seen bool
}

func (r *required[T]) UnmarshalJSON(data []byte) error {
	_, nullable := any(r.v).(*Decimal)
	r.seen = nullable || string(data) != "null"
	return json.Unmarshal(data, &r.v)
}

// problemFile is the file as written: which required fields are there.
type problemFile struct {
	N        required[int]      `json:"n"`
	M        required[int]      `json:"m"`
	K        required[int]      `json:"K"`
	U        required[int]      `json:"U"`
	T        required[int]      `json:"T"`
	HMin     required[int]      `json:"hmin"`
	HMax     required[int]      `json:"hmax"`
	Rho      required[*Decimal] `json:"rho"`
	Pi       required[*Decimal] `json:"pi"`
	Theta    required[Decimal]  `json:"theta"`
	Budget   required[int64]    `json:"budget"`
	UBudget  required[[]int64]  `json:"ubudget"`
	People   []personFile       `json:"people"`
	Sessions []sessionFile      `json:"sessions"`
	Limits   []limitFile        `json:"limits"`
	Away     *Away              `json:"away"`
	Cover    []Cover            `json:"cover"`
	Over     *Over              `json:"over"`
	Money    Decimal            `json:"money"`
}

type limitFile struct {
	Limit required[int64] `json:"limit"`
	Per   string          `json:"per"`
	Use   [][]int64       `json:"use"`
	Price *Decimal        `json:"price"`
}

type personFile struct {
	U    required[int] `json:"u"`
	Gaps []Gap         `json:"gaps"`
	Done []int         `json:"done"`
	HMin *int          `json:"hmin"`
	HMax *int          `json:"hmax"`
	Must []int         `json:"must"`
	Not  []int         `json:"not"`
	Lock []int         `json:"lock"`
}

type sessionFile struct {
	Off    required[int]   `json:"off"`
	Method string          `json:"method"`
	Comp   [][]int         `json:"comp"`
	Hours  required[int]   `json:"hours"`
	F      required[int64] `json:"F"`
	C      required[int64] `json:"c"`
	Cap    required[int]   `json:"cap"`
	Min    required[int]   `json:"min"`
	Slot   required[int]   `json:"slot"`
	Pre    required[int]   `json:"pre"`
	State  string          `json:"state"`
	From   *int            `json:"from"`
	To     *int            `json:"to"`
	Clash  []int           `json:"clash"`
}

// problem turns the file into a Problem and names what is missing.
func (w *problemFile) problem() (*Problem, bangkom.Problems) {
	var ps bangkom.Problems
	need := func(seen bool, where, field string) {
		if !seen {
			ps.Add(bangkom.Problem{Code: "missing-field", Where: where + field, Msg: "a required field is missing"})
		}
	}
	for _, f := range []struct {
		seen bool
		name string
	}{{w.N.seen, "n"}, {w.M.seen, "m"}, {w.K.seen, "K"}, {w.U.seen, "U"}, {w.T.seen, "T"}, {w.HMin.seen, "hmin"}, {w.HMax.seen, "hmax"},
		{w.Rho.seen, "rho"}, {w.Pi.seen, "pi"}, {w.Theta.seen, "theta"}, {w.Budget.seen, "budget"}, {w.UBudget.seen, "ubudget"},
		{w.People != nil, "people"}, {w.Sessions != nil, "sessions"}} {
		need(f.seen, "", f.name)
	}
	p := &Problem{N: w.N.v, M: w.M.v, K: w.K.v, U: w.U.v, T: w.T.v, HMin: w.HMin.v, HMax: w.HMax.v, Rho: w.Rho.v, Pi: w.Pi.v, Theta: w.Theta.v,
		Budget: w.Budget.v, UBudget: w.UBudget.v, Away: w.Away, Cover: w.Cover, Over: w.Over, Money: w.Money,
		People: make([]Person, len(w.People)), Sessions: make([]Session, len(w.Sessions))}
	for i := range w.People {
		q, at := &w.People[i], fmt.Sprintf("people[%d].", i)
		need(q.U.seen, at, "u")
		need(q.Gaps != nil, at, "gaps")
		need(q.Done != nil, at, "done")
		p.People[i] = Person{U: q.U.v, Gaps: q.Gaps, Done: q.Done, HMin: q.HMin, HMax: q.HMax, Must: q.Must, Not: q.Not, Lock: q.Lock}
	}
	for s := range w.Sessions {
		x, at := &w.Sessions[s], fmt.Sprintf("sessions[%d].", s)
		for _, f := range []struct {
			seen bool
			name string
		}{{x.Off.seen, "off"}, {x.Comp != nil, "comp"}, {x.Hours.seen, "hours"}, {x.F.seen, "F"}, {x.C.seen, "c"}, {x.Cap.seen, "cap"},
			{x.Min.seen, "min"}, {x.Slot.seen, "slot"}, {x.Pre.seen, "pre"}} {
			need(f.seen, at, f.name)
		}
		p.Sessions[s] = Session{Off: x.Off.v, Method: x.Method, Hours: x.Hours.v, F: x.F.v, C: x.C.v, Cap: x.Cap.v, Min: x.Min.v, Slot: x.Slot.v,
			Pre: x.Pre.v, State: x.State, From: x.From, To: x.To, Clash: x.Clash}
		for j, c := range x.Comp {
			if len(c) != 2 {
				ps.Add(bangkom.Problem{Code: "bad-value", Where: fmt.Sprintf("%scomp[%d]", at, j), Msg: "a gain is [competency, tenths]"})
				continue
			}
			p.Sessions[s].Comp = append(p.Sessions[s].Comp, [2]int{c[0], c[1]})
		}
	}
	for k, l := range w.Limits {
		at := fmt.Sprintf("limits[%d].", k)
		need(l.Limit.seen, at, "limit")
		need(l.Use != nil, at, "use")
		p.Limits = append(p.Limits, Limit{Limit: l.Limit.v, Per: l.Per, Price: l.Price})
		for j, u := range l.Use {
			if len(u) != 2 {
				ps.Add(bangkom.Problem{Code: "bad-value", Where: fmt.Sprintf("%suse[%d]", at, j), Msg: "a use is [session, amount]"})
				continue
			}
			p.Limits[k].Use = append(p.Limits[k].Use, [2]int64{u[0], u[1]})
		}
	}
	return p, ps
}
