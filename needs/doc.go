// Package needs says who lacks what, how sure we are of it, and what comes first.
//
// People, jobs and ratings become gaps in package competency. Here the gaps are
// counted in a [Cube]: for each competency and each part of the agency a table
// of required against attained levels. Every share, mean and rank is computed
// from these integers. So the order of the people does not matter, parts that
// were counted apart merge into the very same cube, and two competencies tie
// exactly when they are equal.
//
//	cube, err := needs.GapCube(profiles, competency.Held) // everybody against the job held
//	ranking, err := needs.Rank(cube, needs.ShareBelow, nil)
//	for _, r := range ranking.Items {
//		fmt.Println(r.Rank, r.Item, r.Score, r.Coverage.NotAssessed, r.Coverage.Expired)
//	}
//	plan := ranking.Weights() // what the planner reads
//
// # Choosing a method
//
//   - How many people need something? [ShareBelow]. A head of office reads it unaided.
//
//   - How much is missing, surpluses not counted? [Shortfall]: missing levels per
//     person. It is the amount that training has to close.
//
//   - Where does the agency as a whole stand? [MeanGap]: surpluses cancel gaps,
//     so read it beside the share, never alone.
//
//   - Surveys in which people judge importance and performance: [Borich] and
//     [BorichOwn] weigh the gap by the group's or the person's own importance;
//     [PNIModified] relates it to what is there; [RDM] counts who is below and
//     above; [IPA] and [Locus] give classes; [HennessyHicks] is the calculation
//     of that questionnaire. They read an importance and refuse a required level.
//
//   - Several methods side by side, and the items on which three agree: [Compare].
//
//   - What a percentage of the requirements is met: [JPM]. It is no needs score.
//
//   - What closing a gap costs: [Cost].
//
// In all of them a higher score is a greater need. Every [Ranked] competency
// shows the share below, the shortfall and the depth of the gap whatever the
// method, because one number hides who is behind it.
//
// # What comes first
//
// A gap in a critical competency may weigh more. That is the caller's
// declaration: with [Options].Criticality set to [ByStandard], each person's
// gap counts with the criticality that the person's job standard gives to the
// competency. Without it all gaps count alike. The choice stands in the result.
//
// # What is not known
//
// A person who was never assessed, or whose assessment has expired, is neither
// met nor below: such cells are counted ([competency.Coverage]) and enter no
// share. A competency without any valid assessment has no score and no rank,
// and is listed last. Where there is no evidence at all, [Rank] refuses with
// [ErrNoEvidence]: a wish list is not a needs list.
//
// What is done where one side is missing is a [MissingPolicy], the same for all
// methods and named in every result. Weights of segments come from [Rake],
// [NonResponse] or [CellWeights]; weights of persons from [Answer].
//
// # More
//
// How to feed a cube: [Cube]. How sure a rank is: [Rank]. What of it may be
// handed on: [Publish].
//
// # Parts of the agency, one person
//
// A cube has dimensions, each a tree: [UnitsOf] makes one of the organisation.
// [Cube.At] gives the cube of a unit with all below it, and [Rank] ranks it.
// [PersonNeeds] lists one person's gaps against the job held and the job to be
// held, and results against targets, all three apart.
//
// Several sources on the same people are compared in package triangulation.
// Weights for criteria, choices among few alternatives, fit to a post and
// decision tables (DIF, DACUM) are in package mcdm.
//
// # Where to look
//
//	what is analysed   Frame (FrameOf, Dimension, Node), Cube
//	feeding it         Cube.Add and Answer, Read, Cube.AddCounts and Count,
//	                   Cube.AddColumns and Columns, Cube.AddGaps, GapCube, Cube.Merge
//	parts of it        Cube.At, Cube.From, Cube.Segments
//	asking it          Rank and Options: Ranking, Ranked and the method's Detail;
//	                   Compare: Comparison, Compared; TestPairs, JPM, CSI, Cost
//	what was decided   Method, MissingPolicy, TieRule, Criticality, Adjustment,
//	                   Weights (Rake, NonResponse, CellWeights)
//	handing it on      Publish: Published, Hidden
//	one person         PersonNeeds: PersonReport, Performance, Route
package needs
