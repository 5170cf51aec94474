package num

import "math"

// A Factor is one common factor fitted to a correlation matrix.
type Factor struct {
	Loading    []float64
	Uniqueness []float64
	Objective  float64 // of the estimator: the discrepancy at the end
	Iterations int
	Converged  bool // the gradient is nought, as far as rounding lets it
	Boundary   bool // a uniqueness lies on its lower bound
}

// leastUniqueness is the lower bound of a uniqueness, as in R's factanal.
const leastUniqueness = 0.005

// FactorML fits one factor by maximum likelihood (Jöreskog, 1967). For given
// uniquenesses ψ the loadings follow from the first eigenvector of
// ψ^-½ R ψ^-½; what is left is a function of θ = ln ψ with the discrepancy
//
//	f = Σ_{m≥2} (γ_m − ln γ_m − 1)
//
// over the other eigenvalues. It is minimised by Newton's method with the exact
// second derivatives, bounds on ψ by an active set.
func FactorML(r [][]float64) Factor {
	k := len(r)
	f := Factor{Loading: make([]float64, k), Uniqueness: make([]float64, k)}
	lower, upper := math.Log(leastUniqueness), 0.0
	theta := make([]float64, k)
	if inv, ok := SymmetricInverse(r); ok {
		for i := range theta { // a factor explains less than all other items do
			theta[i] = math.Log(min(1, max(leastUniqueness, (1-0.5/float64(k))/inv[i][i])))
		}
	} else {
		for i := range theta {
			theta[i] = math.Log(0.5)
		}
	}
	at := profile(r, theta)
	if math.IsInf(at.f, 1) { // the correlations are not positive definite
		for i := range k {
			f.Loading[i], f.Uniqueness[i] = math.NaN(), math.NaN()
		}
		f.Objective = math.NaN()
		return f
	}
	for f.Iterations = 1; f.Iterations <= 200; f.Iterations++ {
		step, worst, bounded := newtonStep(at, theta, lower, upper)
		f.Boundary = bounded
		if worst < 1e-13 {
			f.Converged = true
			break
		}
		next, ok := descend(r, at, theta, step, lower, upper)
		if !ok {
			f.Converged = worst < 1e-9 // rounding stops the descent before the gradient is nought
			break
		}
		at = next
	}
	f.Objective = at.f
	for i := range k {
		f.Uniqueness[i] = math.Exp(theta[i])
		f.Loading[i] = math.Sqrt(f.Uniqueness[i]*max(0, at.gamma[0]-1)) * at.omega[i][0]
	}
	upright(f.Loading)
	return f
}

// upright makes the sum of the loadings positive: a factor has no sign.
func upright(l []float64) {
	if Sum(l) >= 0 {
		return
	}
	for i := range l {
		l[i] = -l[i]
	}
}

// point is the profile discrepancy at one θ, with its derivatives.
type point struct {
	f     float64
	gamma []float64
	omega [][]float64
	grad  []float64
}

func profile(r [][]float64, theta []float64) point {
	k := len(r)
	m := Square(k)
	for i := range k {
		for j := range k {
			m[i][j] = r[i][j] * math.Exp(-(theta[i]+theta[j])/2)
		}
	}
	p := point{grad: make([]float64, k)}
	p.gamma, p.omega = Eigen(m)
	for m := 1; m < k; m++ {
		g := p.gamma[m]
		if g <= 0 {
			p.f = math.Inf(1)
			return p
		}
		p.f += g - math.Log(g) - 1
	}
	for i := range k {
		for m := 1; m < k; m++ {
			p.grad[i] += (1 - p.gamma[m]) * p.omega[i][m] * p.omega[i][m]
		}
	}
	return p
}

// hessian: with sums over the eigenvectors that are not the factor,
// H_ij = A_ij B_ij + C_ij ω_i1 ω_j1.
func (p point) hessian() [][]float64 {
	k := len(p.gamma)
	h := Square(k)
	first := p.gamma[0]
	for i := range k {
		for j := range i + 1 {
			var a, b, c float64
			for m := 1; m < k; m++ {
				g, w := p.gamma[m], p.omega[i][m]*p.omega[j][m]
				a += g * w
				b += w
				if first > g {
					c += (1 - g) * (g + first) / (first - g) * w
				}
			}
			h[i][j] = a*b + c*p.omega[i][0]*p.omega[j][0]
			h[j][i] = h[i][j]
		}
	}
	return h
}

// newtonStep returns the step of the free θ, the largest free gradient and
// whether a bound holds.
func newtonStep(p point, theta []float64, lower, upper float64) (step []float64, worst float64, bounded bool) {
	var free []int
	for i, g := range p.grad {
		low := theta[i] <= lower && g > 0
		if low || theta[i] >= upper && g < 0 {
			bounded = bounded || low
			continue
		}
		free = append(free, i)
		worst = max(worst, math.Abs(g))
	}
	step = make([]float64, len(theta))
	if len(free) == 0 {
		return step, 0, bounded
	}
	h := p.hessian()
	for ridge := 0.0; ; ridge = max(1e-3, 4*ridge) {
		sub, g := Square(len(free)), make([]float64, len(free))
		for a, i := range free {
			g[a] = -p.grad[i]
			for b, j := range free {
				sub[a][b] = h[i][j]
			}
			sub[a][a] += ridge
		}
		if s, ok := SolveDefinite(sub, g); ok {
			for a, i := range free {
				step[i] = s[a]
			}
			return step, worst, bounded
		}
	}
}

// descend moves theta along a step, cut at the bounds and halved until the
// discrepancy falls.
func descend(r [][]float64, from point, theta, step []float64, lower, upper float64) (point, bool) {
	trial := make([]float64, len(theta))
	for scale := 1.0; scale > 1e-10; scale /= 2 {
		for i := range theta {
			trial[i] = min(upper, max(lower, theta[i]+scale*max(-2, min(2, step[i]))))
		}
		p := profile(r, trial)
		// Near the end the gradient tells better than the discrepancy, whose
		// last digits are noise.
		if p.f < from.f || p.f <= from.f+1e-14 && Norm(p.grad) < Norm(from.grad) {
			copy(theta, trial)
			return p, true
		}
	}
	return point{}, false
}

// FactorMinRes fits one factor by least squares of the correlations outside
// the diagonal (Harman and Jones, 1966):
//
//	minimise Σ_{i<j} (r_ij − λ_i λ_j)²   with |λ| ≤ 1
//
// by exact steps, one loading at a time, then Newton's method on those that are free.
func FactorMinRes(r [][]float64) Factor {
	k := len(r)
	_, v := Eigen(r)
	l := make([]float64, k)
	for i := range l {
		l[i] = v[i][0]
	}
	upright(l)
	f := Factor{}
	for range 100 { // one loading at a time never goes uphill
		f.Iterations++
		for i := range l {
			num, den := 0.0, 0.0
			for j := range l {
				if j != i {
					num += r[i][j] * l[j]
					den += l[j] * l[j]
				}
			}
			if den > 0 {
				l[i] = max(-1, min(1, num/den))
			}
		}
	}
	for ; f.Iterations < 400; f.Iterations++ {
		g, h := minresDerivatives(r, l)
		var free []int
		worst := 0.0
		f.Boundary = false
		for i := range l {
			if l[i] >= 1 && g[i] <= 0 || l[i] <= -1 && g[i] >= 0 {
				f.Boundary = true
				continue
			}
			free = append(free, i)
			worst = max(worst, math.Abs(g[i]))
		}
		if worst < 1e-14*float64(k) {
			f.Converged = true
			break
		}
		if !minresStep(r, l, g, h, free) {
			f.Converged = worst < 1e-11
			break
		}
	}
	upright(l)
	f.Loading, f.Objective = l, minresObjective(r, l)
	for _, x := range l {
		f.Uniqueness = append(f.Uniqueness, max(0, 1-x*x))
	}
	return f
}

func minresObjective(r [][]float64, l []float64) float64 {
	s := 0.0
	for i := range l {
		for j := range i {
			e := r[i][j] - l[i]*l[j]
			s += e * e
		}
	}
	return s
}

// minresDerivatives are those of half the objective.
func minresDerivatives(r [][]float64, l []float64) (g []float64, h [][]float64) {
	k := len(l)
	g, h = make([]float64, k), Square(k)
	for i := range k {
		for j := range k {
			if i == j {
				continue
			}
			e := r[i][j] - l[i]*l[j]
			g[i] -= e * l[j]
			h[i][i] += l[j] * l[j]
			h[i][j] = l[i]*l[j] - e
		}
	}
	return g, h
}

func minresStep(r [][]float64, l, g []float64, h [][]float64, free []int) bool {
	old, before := minresObjective(r, l), Norm(pick(g, free))
	trial := make([]float64, len(l))
	for ridge := 0.0; ridge < 1e6; ridge = max(1e-6, 10*ridge) {
		sub := Square(len(free))
		for a, i := range free {
			for b, j := range free {
				sub[a][b] = h[i][j]
			}
			sub[a][a] += ridge
		}
		s, ok := SolveDefinite(sub, pick(g, free))
		if !ok {
			continue
		}
		copy(trial, l)
		for a, i := range free {
			trial[i] = max(-1, min(1, l[i]-s[a]))
		}
		v := minresObjective(r, trial)
		after, _ := minresDerivatives(r, trial)
		if v < old && v < old*(1-1e-13) || v <= old+1e-15 && Norm(pick(after, free)) < before {
			copy(l, trial)
			return true
		}
	}
	return false
}

func pick(x []float64, at []int) []float64 {
	out := make([]float64, len(at))
	for a, i := range at {
		out[a] = x[i]
	}
	return out
}

// OmegaSE is the standard error of (Σλ)²/((Σλ)² + Σψ) of a maximum likelihood
// fit, λ and ψ multiplied by sd and sd², by the delta method. The expected
// information of λ and ψ on n rows is
//
//	n/2 · tr(Σ⁻¹ ∂Σ Σ⁻¹ ∂Σ),   Σ = λλ' + Ψ
func OmegaSE(f Factor, sd []float64, n int) (float64, bool) {
	k := len(sd)
	l, psi := make([]float64, k), make([]float64, k)
	sigma := Square(k)
	var a, u float64
	for i := range k {
		l[i], psi[i] = f.Loading[i]*sd[i], f.Uniqueness[i]*sd[i]*sd[i]
		a += l[i]
		u += psi[i]
	}
	for i := range k {
		for j := range k {
			sigma[i][j] = l[i] * l[j]
		}
		sigma[i][i] += psi[i]
	}
	inv, ok := SymmetricInverse(sigma)
	if !ok {
		return math.NaN(), false
	}
	v := make([]float64, k) // Σ⁻¹ λ
	for i := range k {
		v[i] = Dot(inv[i], l)
	}
	lv := Dot(l, v)
	info := Square(2 * k)
	for i := range k {
		for j := range k {
			info[i][j] = float64(n) * (v[i]*v[j] + lv*inv[i][j])
			info[i][k+j] = float64(n) * inv[i][j] * v[j]
			info[k+j][i] = info[i][k+j]
			info[k+i][k+j] = float64(n) / 2 * inv[i][j] * inv[i][j]
		}
	}
	cov, ok := scaledInverse(info)
	if !ok {
		return math.NaN(), false
	}
	all := a*a + u
	g := make([]float64, 2*k)
	for i := range k {
		g[i] = 2 * a * u / (all * all)
		g[k+i] = -a * a / (all * all)
	}
	s := 0.0
	for i := range g {
		s += g[i] * Dot(cov[i], g)
	}
	return math.Sqrt(s), s >= 0
}

// scaledInverse inverts a definite matrix whose rows have different units.
func scaledInverse(a [][]float64) ([][]float64, bool) {
	inv, ok := SymmetricInverse(Correlation(a))
	if !ok {
		return nil, false
	}
	for i := range inv {
		for j := range inv {
			inv[i][j] /= math.Sqrt(a[i][i]) * math.Sqrt(a[j][j])
		}
	}
	return inv, true
}
