package program

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/program/internal/solve"
)

// Events are what happened since a plan was made, or might.
type Events struct {
	Cancelled []SessionID           // will not be held
	Opened    []SessionID           // will be held for sure
	Left      []competency.PersonID // will attend nothing
	Kept      []SessionID           // are as the plan has them: held or begun, everybody's seat settled
	Seated    []Seated              // seats that are given for sure
}

// Seated is a seat of a person in a session.
type Seated struct {
	Person  competency.PersonID `json:"person"`
	Session SessionID           `json:"session"`
}

// After returns the instance as it is after events. Solve it with [Options].From
// the plan, and Moves as the price of each seat that is taken away, to plan
// again with few changes; without Moves it answers what if. Ids that are not
// in the instance, and events that contradict each other, are in the error. The
// floors of a policy are left out.
func (in *Instance) After(p *Plan, e Events) (*Instance, error) {
	c := in.c
	var ps bangkom.Problems
	session := func(where string, id SessionID) []int {
		own := c.sessionN[id]
		if len(own) == 0 {
			ps.Add(bangkom.Problem{Code: "unknown-session", Where: where, Value: string(id), Msg: "no such session in this instance"})
		}
		return own
	}
	person := func(where string, id competency.PersonID) (int, bool) {
		i, ok := c.index(id)
		if !ok {
			ps.Add(bangkom.Problem{Code: "unknown-person", Where: where, Value: string(id), Msg: "no such person in this instance"})
		}
		return i, ok
	}
	gone := map[competency.PersonID]bool{}
	for _, id := range e.Left {
		gone[id] = true
	}
	out := c.with(func(q *solve.Problem) {
		for _, id := range e.Cancelled {
			for _, s := range session("cancelled", id) {
				q.Sessions[s].State = Closed.String()
			}
		}
		open := func(where string, id SessionID, at []int) {
			for _, s := range at {
				if q.Sessions[s].State == Closed.String() {
					ps.Add(bangkom.Problem{Code: "contradiction", Where: where, Value: string(id), Msg: "the session is closed", Need: "cancelled or held, not both"})
					continue
				}
				q.Sessions[s].State = Open.String()
			}
		}
		for _, id := range e.Opened {
			if own := session("opened", id); len(own) > 0 {
				open("opened", id, own[:1])
			}
		}
		for _, id := range e.Left {
			if i, ok := person("left", id); ok {
				none := 0
				q.People[i].Gaps, q.People[i].Must, q.People[i].Lock, q.People[i].HMin = []solve.Gap{}, nil, nil, &none
			}
		}
		for _, id := range e.Kept {
			session("kept", id)
			h := slices.IndexFunc(p.Held, func(h Held) bool { return h.Session.ID == id })
			if h < 0 {
				ps.Add(bangkom.Problem{Code: "contradiction", Where: "kept", Value: string(id), Msg: "the plan does not hold this session"})
				continue
			}
			plain := c.encode(&Plan{Held: p.Held[h : h+1]})
			open("kept", id, plain.Open)
			for _, a := range plain.Assign {
				if who, _ := c.person(a[0]); !gone[who] {
					q.People[a[0]].Lock = ascending(append(slices.Clone(q.People[a[0]].Lock), a[1]))
				}
			}
		}
		for _, s := range e.Seated {
			i, ok := person("seated", s.Person)
			own := session("seated", s.Session)
			switch {
			case !ok || len(own) == 0:
			case gone[s.Person]:
				ps.Add(bangkom.Problem{Code: "contradiction", Where: "seated", Value: string(s.Person), Msg: "the person has left"})
			default:
				q.People[i].Lock = ascending(append(slices.Clone(q.People[i].Lock), own[0]))
			}
		}
	})
	if err := ps.Err(); err != nil {
		return nil, err
	}
	if err := c.named(out.problem.Validate()).Err(); err != nil {
		return nil, err
	}
	return &Instance{out}, nil
}

// A Change is one difference of two plans: Session is "opened" or "dropped",
// or a person's seat in it is "gained" or "lost".
type Change struct {
	What    string              `json:"what"`
	Session SessionID           `json:"session"`
	Person  competency.PersonID `json:"person,omitempty"`
}

// Changes lists what q does otherwise than p: sessions first, then seats by person.
func (p *Plan) Changes(q *Plan) []Change {
	before, after := p.seatsBySession(), q.seatsBySession()
	var sessions, seats []Change
	compare := func(a, b map[SessionID]map[competency.PersonID]bool, whole, seat string) {
		for _, s := range sortedKeys(a) {
			if _, held := b[s]; !held {
				sessions = append(sessions, Change{What: whole, Session: s})
			}
			for _, id := range sortedKeys(a[s]) {
				if !b[s][id] {
					seats = append(seats, Change{What: seat, Session: s, Person: id})
				}
			}
		}
	}
	compare(before, after, "dropped", "lost")
	compare(after, before, "opened", "gained")
	slices.SortStableFunc(seats, func(a, b Change) int { return cmp.Compare(a.Person, b.Person) })
	return append(sessions, seats...)
}

func (p *Plan) seatsBySession() map[SessionID]map[competency.PersonID]bool {
	out := map[SessionID]map[competency.PersonID]bool{}
	for _, h := range p.Held {
		out[h.Session.ID] = map[competency.PersonID]bool{}
		for _, id := range h.People {
			out[h.Session.ID][id] = true
		}
	}
	return out
}

// A Point is a plan at one value of a limit. Its objective is not below that
// of a smaller limit, whose plan is still possible, and its bound not above
// that of a larger one. Marginal is what a unit more is worth there, by the
// prices.
type Point struct {
	At        float64        `json:"at"`
	Status    Status         `json:"status"`
	Objective float64        `json:"objective"` // NaN: no plan found
	Bound     float64        `json:"bound"`
	Closed    float64        `json:"closed"` // levels expected to be closed, not weighted
	Cost      bangkom.Rupiah `json:"cost"`
	Sessions  int            `json:"sessions"`
	Seats     int            `json:"seats"`
	Marginal  float64        `json:"marginal"`
	Plan      *Plan          `json:"-"` // nil with Why

	// Why says what is sure and cannot hold at this value, whatever else is
	// planned: nothing is searched then, and the status is Infeasible.
	Why bangkom.Problems `json:"why,omitempty"`
}

// pointJSON replaces the numbers that JSON may not be able to hold.
type pointJSON struct {
	*pointFields
	Objective *float64 `json:"objective"`
	Bound     *float64 `json:"bound"`
}

// pointFields is a Point without its methods.
type pointFields Point

// MarshalJSON writes the point; an objective or a bound that is not known is null.
func (x Point) MarshalJSON() ([]byte, error) {
	return json.Marshal(pointJSON{(*pointFields)(&x), finite(x.Objective), finite(x.Bound)})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (x *Point) UnmarshalJSON(data []byte) error {
	w := pointJSON{pointFields: (*pointFields)(x)}
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	unknown := math.Inf(1)
	if x.Status == Infeasible {
		unknown = math.Inf(-1)
	}
	x.Objective, x.Bound = orElse(w.Objective, math.NaN()), orElse(w.Bound, unknown)
	return nil
}

// Curve plans at several values of one limit: what the objective would be with
// more or less money, rooms, seats or coverage, with a certified bound at each.
// Each point starts from the plan of the one before, the first from [Options].From;
// the limits of opt hold for each. If From is a plan of this instance, nothing at
// the present limit is worse than it, nor than the bound that its certificate
// proves. The rule is one whose limit is a number: budget, unit-budget,
// resource, seats (from the minimum up), coverage (of units), or hours, whose
// values are JP more than now. Without values they are 50 to 150 per cent of the
// limit. A value at which what is sure cannot hold is not searched: see [Point].
func (in *Instance) Curve(ctx context.Context, r Rule, at []float64, opt *Options) ([]Point, error) {
	lever, values, err := in.c.values(r, at)
	if err != nil {
		return nil, err
	}
	o := Options{}
	if opt != nil {
		o = *opt
	}
	points := make([]Point, 0, len(values))
	for _, v := range values {
		moved := &Instance{in.c.with(func(p *solve.Problem) { lever.set(p, v) })}
		if why := moved.c.promises(moved.c.audience()); why.Err() != nil {
			points = append(points, Point{At: v, Status: Infeasible, Objective: math.NaN(), Bound: math.Inf(-1), Why: why})
			continue
		}
		p, err := moved.Solve(ctx, &o)
		if err != nil {
			return nil, err
		}
		points = append(points, pointOf(v, p))
		points[len(points)-1].Marginal = marginal(moved, p, r)
		if !math.IsNaN(p.Objective) {
			o.From = p
		}
	}
	return in.settled(points, r, lever, opt), nil
}

// CheckCurve returns the error that [Instance.Curve] has for a rule and values
// which it cannot plan at, before anything is searched.
func (in *Instance) CheckCurve(r Rule, at []float64) error {
	_, _, err := in.c.values(r, at)
	return err
}

// values are those of a curve, ascending.
func (c *compiled) values(r Rule, at []float64) (lever, []float64, error) {
	lever, err := c.lever(r)
	if err != nil {
		return lever, nil, err
	}
	if len(at) == 0 {
		if at = lever.around(r.Kind); len(at) == 0 {
			return lever, nil, bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "rule", Value: r.String(), Msg: "there is no such limit now to look around", Need: "say at which values"}
		}
	}
	values := slices.Compact(slices.Sorted(slices.Values(at)))
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) || v < lever.least || v > mostMoney || lever.unit == "share" && v > 1 {
			return lever, nil, bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "at", Value: fmt.Sprint(v), Msg: "not a value that this limit can have", Need: lever.span()}
		}
	}
	return lever, values, nil
}

// settled settles the points, with what is known at the present limit if the
// search started from a plan of this instance.
func (in *Instance) settled(points []Point, r Rule, lever lever, opt *Options) []Point {
	tightens := lever.unit == "share"
	now, known := in.known(lever.value, r, opt)
	k, asked := slices.BinarySearchFunc(points, now.At, func(x Point, at float64) int { return cmp.Compare(x.At, at) })
	switch {
	case !known:
		settle(points, tightens)
	case asked:
		bound := math.Min(points[k].Bound, now.Bound)
		if !(points[k].Objective >= now.Objective) {
			points[k] = now
		}
		points[k].Bound = bound
		settle(points, tightens)
	default:
		points = slices.Insert(points, k, now)
		settle(points, tightens)
		points = slices.Delete(points, k, k+1)
	}
	return points
}

// known is the point of the plan that a search starts from, if it is one of this
// instance, with the bound that its certificate proves.
func (in *Instance) known(at float64, r Rule, opt *Options) (Point, bool) {
	if opt == nil || opt.From == nil || opt.From.Kept != nil || len(opt.From.Floors) > 0 || math.IsNaN(opt.From.Objective) {
		return Point{}, false
	}
	bound, err := in.Verify(opt.From)
	if err != nil {
		return Point{}, false
	}
	x := pointOf(at, opt.From)
	x.Bound, x.Marginal = math.Min(x.Bound, bound), marginal(in, opt.From, r)
	return x, true
}

func pointOf(at float64, p *Plan) Point {
	x := Point{At: at, Status: p.Status, Objective: p.Objective, Bound: p.Bound, Cost: p.Cost.Due, Sessions: len(p.Held), Plan: p}
	for _, h := range p.Held {
		x.Seats += len(h.People)
	}
	for _, i := range p.People {
		for _, e := range i.Expected {
			x.Closed += e.Closed
		}
	}
	return x
}

// marginal is the price of the limit, 0 if it has none.
func marginal(in *Instance, p *Plan, r Rule) float64 {
	v := p.Proof.prices()
	pick := func(list []float64, k int) float64 {
		if k >= 0 && k < len(list) {
			return list[k] / in.c.scale
		}
		return 0
	}
	switch r.Kind {
	case "budget":
		return v.Beta / in.c.scale
	case "unit-budget":
		return pick(v.Mu, in.c.payerN[r.Unit])
	case "resource":
		return pick(v.Kappa, slices.Index(in.c.resourceIDs(), r.Resource))
	case "seats":
		return math.Max(0, pick(v.Lambda, in.c.sessionN[r.Session][0]))
	}
	return 0
}

// settle carries plans to where they are possible too, and bounds to where
// they hold too. Where a larger value asks for more (a share to be covered),
// this goes the other way.
func settle(points []Point, tightens bool) {
	if tightens {
		slices.Reverse(points)
		defer slices.Reverse(points)
	}
	for k := 1; k < len(points); k++ {
		if a, b := points[k-1], &points[k]; a.Objective > b.Objective || math.IsNaN(b.Objective) && !math.IsNaN(a.Objective) {
			at, status, bound, price := b.At, b.Status, b.Bound, b.Marginal
			*b = a
			b.At, b.Bound, b.Marginal = at, bound, price
			if b.Status = status; status == NoPlan {
				b.Status = Bounded
			}
		}
	}
	for k := len(points) - 2; k >= 0; k-- {
		points[k].Bound = math.Min(points[k].Bound, points[k+1].Bound)
	}
	for k := range points {
		if p := &points[k]; p.Objective >= p.Bound && !math.IsNaN(p.Objective) {
			p.Status, p.Bound = Optimal, p.Objective
		}
	}
}

// Confirm solves again with a limit a share lower and higher, and returns what
// one unit of it was worth over that range: not less than lo and not more than
// hi, by the plans and bounds found. The price of [Explanation.Prices] that
// lies between them is confirmed; a wide range asks for a longer limit. Where no
// plan is found at one of the ends the error says so.
func (in *Instance) Confirm(ctx context.Context, r Rule, share float64, opt *Options) (lo, hi float64, err error) {
	lever, err := in.c.lever(r)
	if err != nil {
		return 0, 0, err
	}
	step := math.Max(1, math.Round(share*lever.value))
	if !(share > 0 && share < 1) || lever.unit == "share" {
		return 0, 0, bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "share", Value: fmt.Sprint(share), Msg: "not a share between 0 and 1 of a limit that counts something"}
	}
	from := math.Max(lever.least, lever.value-step)
	points, err := in.Curve(ctx, r, []float64{from, lever.value + step}, opt)
	if err != nil {
		return 0, 0, err
	}
	for _, x := range points {
		if math.IsNaN(x.Objective) {
			return 0, 0, bangkom.Problem{Code: "no-plan", Where: "rule", Value: r.String(), Msg: fmt.Sprintf("no plan was found at %.0f, so that nothing can be said of what lies between", x.At), Need: "a smaller share, or a longer limit"}
		}
	}
	width := points[1].At - points[0].At
	return math.Max(0, (points[1].Objective-points[0].Bound)/width), (points[1].Bound - points[0].Objective) / width, nil
}
