// Package competency is the domain language: what a job asks for and what a
// person shows.
//
// # From files to gaps
//
//	Framework            competencies on scales of levels
//	Position             a job, and the level it requires of some competencies
//	Unit, Person         who sits where and holds which job, or is to hold it
//	     │
//	NewWorkforce         checks the references between them, and numbers people and units
//	     │
//	Assess(ratings)      what the evidence says of everybody on a day: Profiles
//	     │
//	Gaps, PersonGaps     required against attained, cell by cell, with the state of each
//	     │
//	Match, CoverageOf    one person's match in per cent; how much is known at all
//
// Nothing here knows a country. Indonesia's competencies, its classes of a
// match and its file formats are package asn's, which fills these types.
//
// # What is known
//
// A cell of a person and a requirement is in one of four states: [Met],
// [Below], [NotAssessed] or [Expired]. The last two are unknown. They are never
// a level of zero and never a need: [Gap.Levels] says that it does not know,
// [Match] leaves them out and counts them, [Coverage] counts them apart. A
// level of 0 is a level where the scale has one.
//
// # What is reported
//
// Readers, [NewWorkforce] and [Assess] return what is good and the
// [bangkom.Problems] with the rest. Of a file, a problem names file, line and
// column; of values, a path such as positions/J1/requirements[3]/weight.
// Problems.Err is nil if nothing was lost: warnings and notes, such as ratings
// dated after the day, do not fail a call. A reference that a reader reported
// reads as not given, so that it is not reported again later.
//
// # When a dictionary is revised
//
//	old, next edition            [Diff]            what changed, and what may have changed its meaning
//	     │
//	[PlanMigration]              a plan that people review: [Migration.WriteCSV], [ReadMigration]
//	     │
//	[Migration.Apply](ratings)   what was carried over, marked as inherited; what was left, and why
//	[Migration.ApplyStandards]   the same of what jobs ask for, so that both are in one edition
//	     │
//	[Migrated.Undo]              the ratings as they stood
//
// Nothing is carried over that nobody accepted, and no level between scales
// without a map that somebody stated. A [Crosswalk] says how another framework's
// competencies are related to ours; only its exact matches carry levels.
//
// A split or a merger is found only where somebody says so. Where ANA of the old
// edition becomes ANA-D and ANA-I, keep ANA in the new one with the day on which
// it ends, and add an association for each part:
//
//	{"id": "ANA", "title": {"id": "Analisis"}, "valid_until": "2026-12-31"}
//	{"type": "replacedBy", "from": "ANA", "to": {"id": "ANA-D"}}
//	{"type": "replacedBy", "from": "ANA", "to": {"id": "ANA-I"}}
//
// Of a merger, each old competency is replacedBy the same new one. What may not
// stand in the edition, stands in a [Crosswalk] as [DiffOptions].Crosswalk.
//
// # Where a framework is kept
//
// As JSON ([Framework.WriteJSON], [ReadFramework]), such as
//
//	{"schema": "bangkom.framework/1", "id": "kamus", "version": "2026", "title": {"id": "Kamus"},
//	 "scales": [{"id": "skala", "levels": [{"level": 1}, {"level": 2}]}],
//	 "competencies": [{"id": "ANA", "title": {"id": "Analisis"}, "scale": "skala"}]}
//
// or as tables for a spreadsheet ([Framework.WriteCompetencies],
// [Framework.WriteLevels]), or in the formats of others: packages caseio (CASE),
// moodle, opensalt and flat (roles and what they ask for). Package xapi reads
// evidence from what learning systems record; badge writes what a badge says of a level.
//
// # Choosing who decides
//
// Several ratings of one person and competency are the rule, and they differ.
// [Rule] says which counts; it is part of the result ([Profiles.Rule]).
//
//   - One assessment at a time, the newest counts: the zero Rule, [Latest]. Of
//     several on the newest day the lower level counts, because a gap that is
//     looked at once too often costs less than one that is overlooked.
//   - Several raters, none above the others: [Median]. The lower median of an
//     even number is always a level that somebody gave.
//   - Certificates and tests, where a level once shown is shown: [Highest].
//   - The assessment centre decides, the superior only where there is none:
//     Sources: [][]Source{{Assessor}, {Superior}}. Sources that are not named
//     do not count at all, and a Note says how many ratings that were.
//   - Superior, colleagues and subordinates together: [Raters], with [Mean] or
//     [Median]. Weights, the raters a source needs, what a rating of oneself is
//     worth and who stays anonymous are declared there, and nothing is assumed.
//     A mean lies between steps: it comes to the step that is fully reached
//     unless the rule says Nearest, and the mean itself is in the explanation.
//
// # Choosing how long evidence counts
//
// A rating's own ValidUntil wins; without it, its Renewal in months; without
// that, Rule.ValidFor years count from its date, the last day included. Without
// a date nothing can be judged: the rating counts, as the oldest, and a Warning
// says so. ValidFor 0 means for ever. [Decay] lowers a level step by step meanwhile.
// Negative evidence does not end after ValidFor: what it withdrew comes back only
// where it has an end of its own, or where somebody shows the level again.
//
// # Asking what was known
//
// The day as of which is assessed says what was true; Rule.KnownAt what had been
// recorded. Without it both are one day, so that the profile of a past day is
// the one that could have been printed on it. With KnownAt of today, what was
// recorded late counts too. [Profiles.Explain] lists every rating of a cell with
// the reason why it counts or does not, and the rule with its version.
//
// # Choosing a cap
//
// A [JPM] adds up levels, so that a surplus in one competency hides a gap in
// another. [CapNone] is the plain quotient, which can pass 100; [CapTotal] only
// stops it there; [CapPerCompetency] lets no surplus count, and is then as low
// as the gaps are deep: 100 · (1 − shortfall / required). Whatever is chosen,
// both quotients and the shortfall are in the result. State the cap beside the
// number: the same person can match to 93 or to 78 per cent.
//
// # Choosing a reader
//
//   - One row for each rating: [ReadRatings]. One row for each person and a
//     column for each competency: [ReadWide]. Both resolve competencies by id,
//     code, title or other spelling, as [Framework.Resolve] does.
//   - People from the library's own simple list: [ReadPeople]; from the export
//     of a personnel system: package asn.
//   - Units, positions and the framework first, then people, then
//     [NewWorkforce], then ratings: each reader checks against what is there.
package competency
