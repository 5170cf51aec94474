// Package mentoring answers who may mentor whom and why, who should, how the
// meetings go, and what they are worth in learning hours.
//
//	mentors, problems := mentoring.ReadMentors(f, "mentors.csv")
//	pairs, problems := mentoring.Eligible(profiles, mentors, nil, nil)
//	matching, err := mentoring.Match(pairs, mentoring.Heaviest, nil)
//
// # Who may
//
// [Eligible] pairs each person who is below a standard with each mentor who
// has at least the required level in one of those competencies, and is not
// kept out by a rule: places, line of command, tier, conflicts. Whoever is
// kept out is counted under the first reason that does it, so that the counts
// of one person add up to the number of mentors. What nobody has assessed is
// neither a gap nor a level: it makes no pair, and is counted as such.
//
// Each pair has an integer score whose parts [Pairs.Explain] lists.
//
// # Choosing an objective
//
//   - [Heaviest] helps most in total: the sum of the scores is the largest there is.
//   - [Largest] gives as many people a mentor as possible, and among all such
//     matchings is the heaviest.
//   - [StableForMentees] and [StableForMentors]: no mentor and mentee would both
//     rather have each other than what they got. Among the stable matchings the
//     first is best for every mentee, the second for every mentor. Take these
//     where people may refuse, and where both sides gave wishes.
//
// The first two come with a proof, the prices of people and places, that
// [Matching.Verify] checks in one pass over the pairs; the last two are proven
// by [Matching.Blocking] being empty. Every matching shows size, weight,
// places in the lists, blocking pairs and loads, whatever it was made for, and
// why each person without a mentor has none.
//
// Facts worth knowing: without ties all stable matchings match the same people;
// with ties their sizes differ, by at most a factor of 2, and finding the
// largest is hard. Reporting one's true order is best for every mentee under
// StableForMentees, as long as mentors who like two mentees alike do not see
// their wishes in the score, and for nobody in general under the others.
//
// # Running it
//
// An [Agreement] is one pair with its goals, a [Session] one meeting. [Follow]
// tells as of a day how each pair stands and warns early; [Activities] turns
// meetings into what package delivery credits with hours. How many JP a meeting
// is worth is a rule of the agency: without one, the hours are unknown, not 0.
// A session's [Note] is confidential and shows in no print, log or JSON.
package mentoring
