// Package solve is the planner's engine: which sessions to hold and who sits in
// them, under money, seats, calendar, hours and coverage, with a bound that
// anybody can recompute from the prices in its certificate.
//
// # Reading order
//
// [Problem] is the file of a planning problem, field by field. [Evaluate] says
// what a plan is worth, exactly, and which constraints it breaks. A
// [Certificate] is a tree whose leaves are prices of the linking rows;
// [Certificate.Verify] recomputes the bound from problem and prices alone.
// [Solve] finds plans and bounds.
//
// # How the bound comes about
//
// Every row that ties people together (seats, budgets, limits, absences,
// coverage) gets a price. At fixed prices each person's best plan and each
// session's best number of seats can be found apart, exactly; the sum is not
// below the value of any plan (weak duality). So any prices prove something,
// and rounding a price is free while rounding a result is not:
//
//	D = Σ_i max_X [ val_i(X) − Σ_{s∈X} price_{u(i),s} + η_i·[X≠∅] ]
//	  + Σ_s max(0, max(min_s λ_s, hi_s λ_s) − (β+money) F_s − Σ κ a_s)
//	  + Σ μ_u B_u + β B + Σ κ limit + Σ ν away − Σ η_g θ_g |g|
//
// All of it is integer arithmetic on a decimal grid: gains are rounded up and
// penalties down where they are not on the grid already. What is proved is
// then rounded down to the lattice of values that an objective can have.
//
// # How good prices are found
//
// A few subgradient steps from high prices, then column generation: a master
// (a linear program over people's plans, one row per priced row) whose duals
// are the next prices, within a box at first. Its simplex inverts only the
// linking rows, however many people there are, and starts in every branch
// where the parent ended. Branching is on sessions, then on seats, by a few
// trial pivots. Above 4,000 people the first steps look at some of them at a
// time; above 6,000 only one pass over all of them follows.
//
// # Determinism
//
// With a limit in work (person searches) the result depends on problem and
// options only, not on the machine's speed or the number of workers: work is cut into pieces that
// do not depend on the workers, every piece has its own random stream, and
// results are merged in order. A limit in time breaks this; [Result.Ended] says
// which limit ended the run.
//
// The wall clock is read in one place, to measure the caller's Limit.
package solve
