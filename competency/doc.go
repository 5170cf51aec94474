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
//	old, next edition            Diff            what changed, and what may have changed its meaning
//	     │
//	PlanMigration              a plan that people review: Migration.WriteCSV, ReadMigration
//	     │
//	Migration.Apply(ratings)   what was carried over, marked as inherited; what was left, and why
//	Migration.ApplyStandards   the same of what jobs ask for, so that both are in one edition
//	     │
//	Migrated.Undo              the ratings as they stood
//
// Nothing is carried over that nobody accepted, and no level between scales
// without a map that somebody stated. A [Crosswalk] says how another framework's
// competencies are related to ours; only its exact matches carry levels.
//
// # Where a framework is kept
//
// As JSON ([Framework.WriteJSON], [ReadFramework])
// or as tables for a spreadsheet ([Framework.WriteCompetencies],
// [Framework.WriteLevels], [Framework.WriteAssociations]), or in the formats of others: packages caseio (CASE),
// moodle, opensalt and flat (roles and what they ask for). Package xapi reads
// evidence from what learning systems record; badge writes what a badge says of a level.
//
// # Choosing
//
// Who decides where ratings differ, how long evidence counts, what was known on
// a day: [Rule]. Whether a surplus may hide a gap: [Cap]. Splits and mergers of
// competencies: [PlanMigration].
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
