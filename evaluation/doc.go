// Package evaluation says what training did, how sure that is, and what the
// next plan should expect.
//
// # The way through
//
// Read what was collected ([ReadTests], [ReadReaction], [ReadBehaviour],
// [ReadCosts], [ReadBenefits]), put it into a [Study], and [Evaluate] it. The
// [Report] has the four levels of Kirkpatrick and the return on the money:
//
//	1  reaction     what participants thought of it              ReactionResult
//	2  learning     tests before and after                       LearningResult
//	3  behaviour    ratings on the job, months later, by source  BehaviourResult
//	4  results      satisfaction of the public served            satisfaction.Comparison
//	   return       benefits, isolated and discounted, per cost  ROI
//
// A level without data is nil. Every number is a [bangkom.Estimate] that
// carries its interval, n, method, what was missing and its warnings.
//
// [Study.Only] narrows a study to one offering.
//
// # What the design allows
//
// A rise after training is not yet an effect of it. [Report.Threats] lists
// what else could explain the numbers, and [Claim.Text] speaks of an effect only
// if people were assigned at random, of a difference if there is a comparison
// group, and otherwise of a change. Where an interval holds both signs the claim
// is "no evidence of", which is not "no".
//
// # Who is counted
//
// The person is the unit of levels 1 to 3: several answers, offerings or
// competencies of one person are averaged first, because they are not
// independent. Sources of ratings are never mixed. A value that is not known is
// missing: it is never a zero and never dropped in silence.
//
// # Learning from it
//
// [Observe] turns level 3 into observed gains per offering and competency, and
// [Learn] moves the catalogue's expected gains towards them: far if many people
// were observed, little if few.
package evaluation
