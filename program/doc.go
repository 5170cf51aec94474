// Package program turns needs into a year's plan: which sessions to hold and
// who sits in them, under money, seats, calendar and learning hours.
//
// # The way through
//
// Read the catalogue ([ReadOfferings], [ReadGains], [ReadSessions],
// [ReadPartners], [ReadBudgets]), [Build] a [Model] from it and from the gaps
// of a workforce, [Solve] it, and read the [Plan]: the sessions held, what each
// person gets ([Plan.Person]), what each budget line has left
// (Lines) and the document of the year ([Plan.Annual]). Package delivery records
// what then happened.
//
// # The model
//
// A person's need is a gap in levels with a weight. A seat in a session closes
// at most the expected gain of its offering ([Gain]), and two seats on one
// competency never close more than the gap. The plan maximises
//
//	Σ weight · levels closed − price · hours missing − price · people not reached − …
//
// subject to: a session has no one, or between Min and Max people; one session
// per offering and no two at the same time; a prerequisite first; hours at
// most the limit of the person's status; money within each budget line and in
// total. Weights are scaled so that one level of the most needed competency
// counts 1, and that is the unit of every price in [Policy] and of
// [Plan.Objective]. A price of +Inf makes a soft rule hard. Hours missing are
// everybody's, also of people for whom there is nothing to attend; people not
// reached are those short of a share of the people who can attend something.
// [Plan.Parts] has each term with its price. A prerequisite that closes none of a
// person's gaps is not open to that person, unless as a duty: [Build] warns of
// offerings that this shuts people out of.
//
// Money is whole rupiah and is never rounded. Planning charges list prices; a
// discount for volume is taken off afterwards ([Charges]). Gains are used in tenths of a
// level and weights in thousandths of the largest.
//
// # Choosing
//
// The job held or the job to be held? [Build] takes any gaps: give it those of
// one job, or both one after the other; the larger gap of a competency counts.
//
// Hard or soft? Money lines are hard and the minimum of hours is soft, because
// a plan that is over budget cannot be carried out and one that leaves someone
// at 18 hours can. Each can be turned around in [Policy].
//
// Fixed sessions? The Decision of a [Session] opens or closes it; [Settled] keeps a
// promised seat, or sends a person to an offering whatever it closes.
//
// Not sure of the gains? [Policy].Caution plans with less than the mean where
// the standard error is large.
//
// What if the fee turns out otherwise? [Plan.Check] says what the same seats
// cost, and which line is short.
//
// # What a bound is worth
//
// [Plan.Bound] is not below the objective of any plan of the model, and
// [Certificate.Verify] recomputes it from the model alone. A plan is called
// optimal only if the two meet.
//
// # What is not known
//
// A cell that is not assessed, or whose evidence has expired, is no gap: it
// asks for an assessment, not for a course. Expected levels are expected: they
// rest on the gains of the catalogue, which package evaluation learns.
package program
