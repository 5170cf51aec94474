package solve

import (
	"fmt"
	"math"
	"math/big"
	"runtime"
	"slices"
	"sync"

	"github.com/bangkom/bangkom"
)

// Verify recomputes the bound that the certificate proves, from the problem
// and the prices alone: who may attend what, the clashes, every person's best
// plan. It shares no search and no state with the solver. The result is rounded
// down to the lattice of objective values. It is −Inf if the tree proves that
// there is no plan at all: if no leaf can hold one, or if the bound is below
// what the worst plan would be worth. A malformed tree or an invalid problem
// is an error.
func (c Certificate) Verify(p *Problem) (bound float64, err error) {
	best, err := c.verify(p)
	if err != nil {
		return math.NaN(), err
	}
	if best == nil {
		return math.Inf(-1), nil
	}
	return atLeast(best), nil
}

// verify is Verify in exact numbers; nil means that no plan exists.
func (c Certificate) verify(p *Problem) (*big.Rat, error) {
	if err := p.Validate().Err(); err != nil {
		return nil, err
	}
	v := newVerifier(p)
	if c.Zero != nil {
		v.asked = make([]memo, len(p.People))
	}
	return v.prove(&c)
}

// prove walks the tree.
func (v *verifier) prove(c *Certificate) (*big.Rat, error) {
	if err := v.walk(c); err != nil {
		return nil, err
	}
	if v.best == nil {
		return nil, nil
	}
	best := downTo(v.best, v.lattice())
	if best.Cmp(v.least()) < 0 {
		return nil, nil
	}
	return best, nil
}

// undecided, not held and held: what branching or the problem says of a session.
const (
	undecided int8 = iota
	shut
	held
)

// manyNodes ends the search of one person: what is left counts with its upper end.
const manyNodes = 1 << 20

type verifier struct {
	*relations
	unit     *big.Int // grid points per 1
	audience []int
	rho      int64
	person   []facts
	offer    []supply
	raises   map[int][]raise // by competency

	held []int8          // what the branchings above say
	seat map[[2]int]bool // person, session → sits there or not
	of   map[int][]int   // sessions of a person in seat
	best *big.Rat        // largest leaf so far

	crew  []*lone // one for each core
	asked []memo  // by person, what was asked last; nil with a single leaf
	at    *Prices // of the last leaf
	paid  *checked
}

func newVerifier(p *Problem) *verifier {
	v := &verifier{relations: relate(p), held: make([]int8, len(p.Sessions)), seat: map[[2]int]bool{}, of: map[int][]int{}}
	most := 1
	for _, e := range v.eligible {
		most = max(most, len(e))
	}
	v.unit = v.relations.grid(most)
	v.prepare()
	return v
}

func (v *verifier) prepare() {
	v.rho = v.floorGrid(ratOf(v.p.Rho)).Int64()
	v.audience = make([]int, len(v.p.Sessions))
	for _, e := range v.eligible {
		for _, s := range e {
			v.audience[s]++
		}
	}
	v.prepareSessions()
	v.preparePeople()
	for s := range v.p.Sessions {
		switch v.p.Sessions[s].State {
		case "open":
			v.held[s] = held
		case "closed":
			v.held[s] = shut
		}
	}
	sets := len(v.offering) + len(v.occasions)
	for range max(1, min(runtime.GOMAXPROCS(0), len(v.p.People)/worthACore)) {
		v.crew = append(v.crew, &lone{v: v, place: make([]int32, len(v.p.Sessions)), top: make([]int64, sets)})
	}
}

func malformed(where, msg string, args ...any) error {
	return bangkom.Problem{Code: "bad-certificate", Where: where, Msg: fmt.Sprintf(msg, args...)}
}

// walk visits the leaves that no branching above contradicts.
func (v *verifier) walk(c *Certificate) error {
	if c.Zero == nil && c.One == nil {
		if c.Session != nil || c.Person != nil {
			return malformed("node", "a branching needs both branches")
		}
		return v.leaf(&c.Prices)
	}
	if c.Zero == nil || c.One == nil || c.Session == nil {
		return malformed("node", "a branching needs a session and both branches")
	}
	s := *c.Session
	if s < 0 || s >= len(v.p.Sessions) {
		return malformed("node", "there is no session %d", s)
	}
	if c.Person == nil {
		return v.branchSession(c, s)
	}
	if i := *c.Person; i < 0 || i >= len(v.p.People) {
		return malformed("node", "there is no person %d", i)
	}
	return v.branchSeat(c, *c.Person, s)
}

func (v *verifier) branchSession(c *Certificate, s int) error {
	was := v.held[s]
	defer func() { v.held[s] = was }()
	for _, b := range []struct {
		to  int8
		kid *Certificate
	}{{shut, c.Zero}, {held, c.One}} {
		if was == undecided || was == b.to {
			v.held[s] = b.to
			if err := v.walk(b.kid); err != nil {
				return err
			}
		}
	}
	return nil
}

func (v *verifier) branchSeat(c *Certificate, i, s int) error {
	key := [2]int{i, s}
	was, known := v.seat[key]
	if !known {
		v.of[i] = append(v.of[i], s)
		defer func() {
			delete(v.seat, key)
			v.of[i] = v.of[i][:len(v.of[i])-1]
		}()
	}
	for _, b := range []struct {
		in  bool
		kid *Certificate
	}{{false, c.Zero}, {true, c.One}} {
		if !known || was == b.in {
			v.seat[key] = b.in
			if err := v.walk(b.kid); err != nil {
				return err
			}
		}
	}
	return nil
}

// checked prices of a leaf, on the grid and inside their boxes.
type checked struct {
	lambda, mu, eta, kappa []*big.Int
	nu                     [][]*big.Int
	beta, money            *big.Int
	pair                   map[[2]int]*big.Int
	perSession             map[int][]*big.Int // the pair prices of a session
	seat                   [][]*big.Int       // unit × session: what a seat costs a person of the unit
	clamped                [][]int64          // the same, cut off at ±mostPaid
}

// grid rounds a price to the grid: allowed in either direction.
func (v *verifier) grid(where string, x float64) (*big.Int, error) {
	r, ok := Float(x).Rat()
	if !ok {
		return nil, malformed(where, "%v is not a price", x)
	}
	r.Mul(r, new(big.Rat).SetInt(v.unit))
	return floorRat(r.Add(r, big.NewRat(1, 2))), nil
}

// box reads the prices of rows: not negative, and not above a soft row's penalty.
func (v *verifier) box(where string, xs []float64, tops []*Decimal) ([]*big.Int, error) {
	if xs == nil {
		xs = make([]float64, len(tops))
	}
	if len(xs) != len(tops) {
		return nil, malformed(where, "%d prices, want %d", len(xs), len(tops))
	}
	out := make([]*big.Int, len(xs))
	for k, x := range xs {
		g, err := v.grid(where, x)
		if err != nil {
			return nil, err
		}
		if g.Sign() < 0 {
			g.SetInt64(0)
		}
		if tops[k] != nil {
			if top := v.floorGrid(tops[k].rat()); g.Cmp(top) > 0 {
				g = top
			}
		}
		out[k] = g
	}
	return out, nil
}

func (v *verifier) floorGrid(x *big.Rat) *big.Int {
	return floorRat(new(big.Rat).Mul(x, new(big.Rat).SetInt(v.unit)))
}

func (v *verifier) check(x *Prices) (*checked, error) {
	c := &checked{money: v.floorGrid(v.p.Money.rat())}
	tops := func(n int, d *Decimal) []*Decimal { return slices.Repeat([]*Decimal{d}, n) }
	var errs [6]error
	units := len(v.p.UBudget)
	c.mu, errs[0] = v.box("mu", x.Mu, tops(units, v.p.overUnit()))
	var beta []*big.Int
	beta, errs[1] = v.box("beta", []float64{x.Beta}, tops(1, v.p.overBudget()))
	eta, pis, caps := slices.Clone(x.Eta), make([]*Decimal, len(v.groups)), make([]*Decimal, len(v.p.Limits))
	if eta == nil {
		eta = make([]float64, units)
	}
	if x.EtaCover == nil {
		eta = append(eta, make([]float64, len(v.p.Cover))...)
	}
	eta = append(eta, x.EtaCover...)
	for k := range v.groups {
		pis[k] = v.groups[k].pi
	}
	for k := range v.p.Limits {
		caps[k] = v.p.Limits[k].Price
	}
	c.eta, errs[2] = v.box("eta and eta_cover", eta, pis)
	c.kappa, errs[3] = v.box("kappa", x.Kappa, caps)
	c.nu, errs[4] = v.checkNu(x.Nu)
	errs[5] = v.checkSeats(c, x)
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	c.beta = beta[0]
	v.seatPrices(c)
	return c, nil
}

func (v *verifier) checkNu(nu [][]float64) (out [][]*big.Int, err error) {
	if v.p.Away == nil {
		if len(nu) > 0 {
			return nil, malformed("nu", "the problem has no row of this kind")
		}
		return nil, nil
	}
	if nu == nil {
		nu = make([][]float64, len(v.p.UBudget))
	}
	if len(nu) != len(v.p.UBudget) {
		return nil, malformed("nu", "%d units, want %d", len(nu), len(v.p.UBudget))
	}
	for _, row := range nu {
		g, err := v.box("nu", row, slices.Repeat([]*Decimal{v.p.Away.Price}, len(v.occasions)))
		if err != nil {
			return nil, err
		}
		out = append(out, g)
	}
	return out, nil
}

// checkSeats reads λ and the prices per pair.
func (v *verifier) checkSeats(c *checked, x *Prices) (err error) {
	lambda := x.Lambda
	if lambda == nil {
		lambda = make([]float64, len(v.p.Sessions))
	}
	if len(lambda) != len(v.p.Sessions) {
		return malformed("lambda", "%d prices, want %d", len(lambda), len(v.p.Sessions))
	}
	c.lambda = make([]*big.Int, len(lambda))
	for s, l := range lambda {
		if c.lambda[s], err = v.grid("lambda", l); err != nil {
			return err
		}
	}
	c.pair, c.perSession = map[[2]int]*big.Int{}, map[int][]*big.Int{}
	for _, a := range x.Pair {
		if a.Person < 0 || a.Person >= len(v.p.People) || a.Session < 0 || a.Session >= len(v.p.Sessions) || !v.may(a.Person, a.Session) {
			return malformed("pair", "%d,%d is not eligible", a.Person, a.Session)
		}
		g, err := v.grid("pair", a.Price)
		if err != nil {
			return err
		}
		key := [2]int{a.Person, a.Session}
		if old := c.pair[key]; old != nil {
			old.Add(old, g)
			continue
		}
		c.pair[key] = g
		c.perSession[a.Session] = append(c.perSession[a.Session], g)
	}
	return nil
}

// seatPrices adds up what a seat costs a person of each unit.
func (v *verifier) seatPrices(c *checked) {
	base := make([]*big.Int, len(v.p.Sessions))
	for s := range base {
		base[s] = new(big.Int).Set(c.lambda[s])
	}
	for k, l := range v.p.Limits {
		for _, u := range l.Use {
			if l.Per == "seat" {
				base[u[0]].Add(base[u[0]], new(big.Int).Mul(c.kappa[k], big.NewInt(u[1])))
			}
		}
	}
	c.seat, c.clamped = make([][]*big.Int, len(v.p.UBudget)), make([][]int64, len(v.p.UBudget))
	for u := range c.seat {
		c.seat[u] = make([]*big.Int, len(base))
		money := new(big.Int).Add(new(big.Int).Add(c.beta, c.money), c.mu[u])
		for s := range base {
			c.seat[u][s] = new(big.Int).Mul(money, big.NewInt(v.p.Sessions[s].C))
			c.seat[u][s].Add(c.seat[u][s], base[s])
		}
		if c.nu != nil {
			for o, list := range v.occasions {
				for _, s := range list {
					c.seat[u][s].Add(c.seat[u][s], c.nu[u][o])
				}
			}
		}
		for _, x := range c.seat[u] {
			c.clamped[u] = append(c.clamped[u], cut(x))
		}
	}
}

// leaf computes the bound at the prices and keeps the largest.
func (v *verifier) leaf(x *Prices) error {
	if v.at == nil || !x.equal(v.at) { // leaves side by side often have the same
		c, err := v.check(x)
		if err != nil {
			return err
		}
		v.at, v.paid = x, c
	}
	c := v.paid
	sum, ok := v.people(c)
	if !ok {
		return nil // no plan in this leaf
	}
	term := new(big.Int)
	for s := range v.p.Sessions {
		b, ok := v.session(c, s)
		switch {
		case v.held[s] == held && !ok:
			return nil
		case v.held[s] == shut || !ok || v.held[s] == undecided && b.Sign() < 0:
		default:
			sum.Add(sum, b)
		}
	}
	row := func(price *big.Int, limit int64) { sum.Add(sum, term.Mul(price, big.NewInt(limit))) }
	row(c.beta, v.p.Budget)
	for u, m := range c.mu {
		row(m, v.p.UBudget[u])
	}
	for k, m := range c.kappa {
		row(m, v.p.Limits[k].Limit)
	}
	for u, nu := range c.nu {
		for _, m := range nu {
			row(m, v.share[u])
		}
	}
	total := new(big.Rat).SetInt(sum)
	for k, e := range c.eta {
		total.Sub(total, new(big.Rat).Mul(new(big.Rat).SetInt(e), v.groups[k].wanted()))
	}
	total.Quo(total, new(big.Rat).SetInt(v.unit))
	if v.best == nil || total.Cmp(v.best) > 0 {
		v.best = total
	}
	return nil
}

// worthACore is how many people are searched faster by a core of their own.
const worthACore = 200

// people adds up the best plans of all people; ok is false if someone has none.
func (v *verifier) people(c *checked) (sum *big.Int, ok bool) {
	n := len(v.p.People)
	sums, fine := make([]*big.Int, len(v.crew)), make([]bool, len(v.crew))
	part := func(k int) {
		sums[k], fine[k] = v.crew[k].people(c, k*n/len(v.crew), (k+1)*n/len(v.crew))
	}
	var wg sync.WaitGroup
	for k := 1; k < len(v.crew); k++ {
		wg.Go(func() { part(k) })
	}
	part(0)
	wg.Wait()
	sum = new(big.Int)
	for _, x := range sums {
		sum.Add(sum, x)
	}
	return sum, !slices.Contains(fine, false)
}

// session is what a held session earns at the prices with its best number of
// people; ok is false if it cannot have enough.
func (v *verifier) session(c *checked, s int) (_ *big.Int, ok bool) {
	x := &v.p.Sessions[s]
	lo, hi := x.Min, min(x.Cap, v.audience[s])
	if lo > hi {
		return nil, false
	}
	open := new(big.Int).Add(c.beta, c.money)
	open.Mul(open, big.NewInt(x.F)).Neg(open)
	for k, l := range v.p.Limits {
		for _, u := range l.Use {
			if l.Per != "seat" && int(u[0]) == s {
				open.Sub(open, new(big.Int).Mul(c.kappa[k], big.NewInt(u[1])))
			}
		}
	}
	values := make([]*big.Int, 0, hi)
	for _, a := range c.perSession[s] {
		values = append(values, new(big.Int).Add(a, c.lambda[s]))
	}
	for range min(hi, v.audience[s]-len(values)) {
		values = append(values, c.lambda[s])
	}
	slices.SortFunc(values, func(a, b *big.Int) int { return b.Cmp(a) })
	sum, best := new(big.Int), (*big.Int)(nil)
	for k := 0; k <= hi; k++ {
		if k >= lo && (best == nil || sum.Cmp(best) > 0) {
			best = new(big.Int).Set(sum)
		}
		if k < hi {
			sum.Add(sum, values[k])
		}
	}
	return best.Add(best, open), true
}
