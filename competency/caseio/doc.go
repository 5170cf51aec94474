// Package caseio reads and writes frameworks as CASE packages (Competencies and
// Academic Standards Exchange, 1EdTech): JSON with a CFDocument, its CFItems and
// CFAssociations. It reads versions 1.1 and 1.0 and writes 1.1.
//
// # What becomes of what
//
//	CFDocument                       Framework; adoptionStatus is Status, officialSourceURL is Source
//	CFItem                           Competency; humanCodingScheme is Code, CFItemType is Kind
//	  fullStatement                  Title; or Description, where abbreviatedStatement is the Title
//	  alternativeLabel               the first of Also
//	isChildOf, sequenceNumber        Parent and the order of Competencies; Association.Sequence
//	other associations               Association; ext:requires is Requires
//	CFRubric                         Scale, where its scores are ranks; else kept as it stands
//	CFRubricCriterion and its levels Levels of the competency it names: score is Level, quality is Title
//	job profile                      not read or written; package flat has jobs
//	all other fields                 Extra, under "case:" and their name
//
// # What is tolerated
//
// Published packages rarely satisfy the standard's own schema. [Read] takes
// null for missing, a text for a link or a list, a number in quotes, a date
// without zone (UTC), educationalLevel, RelatedTo, identifiers that are no UUID,
// a uri without its slash, and an item without fullStatement that has a label.
// Each repair is a problem with its place; the package is wrapped or not.
//
//	not-json, too-large, too-deep, too-many-values, too-many-objects, not-a-package,
//	utf-16, unreadable          error    file refused
//	missing-field               error    a required field; of a definition only a warning
//	duplicate-id        error    the first object with it was kept
//	wrong-type, not-a-time, not-a-date
//	                            error    a value left out; as a warning: read as text
//	no-zone, date-repaired, number-as-text, text-for-list, object-for-list, link-as-text,
//	misnamed-field, relation-repaired, uri-repaired, statement-from-label, identifier-from-uri
//	                            warning  repaired
//	identifier-not-uuid, not-a-uri, unknown-relation, unknown-status, legacy-status,
//	case-version, too-long, duplicate-field, invalid-utf8, extension-unreadable
//	                            warning  kept
//	rubric-not-a-scale, not-in-package, unknown-field
//	                            note
//
// Associations are joined by identifier, never by uri. Where they lead is not
// judged here: [competency.Framework.Validate] tells what is outside from what
// dangles, and finds circles, also through exact matches.
//
// # What is lost
//
// [Write] is strict: what it writes validates. CASE has one language per
// object, one place in the tree, and no word for the strength of a link, other
// formats' fields or a level's single indicators. Such things stand in an object
// "bangkom" under extensions (Note in-extension). Warnings name what other
// systems see differently or not at all: identifier-rewritten, further-parent,
// unknown-relation, definition-incomplete, unknown-field, order-lost, too-long,
// not-a-uri, wrong-type.
//
// # Round trip
//
// Read(Write(f)) equals f, for what Read returned and for any framework that is
// valid, except that lastChangeDateTime and the creator are filled in, missing
// ids of associations are given, the languages that items inherit are spelt
// out, the only scale of a framework is not named, competencies come in the
// order of their tree and associations in that of their origin, a Parent
// alone and an association that says only this are one, and groupings get a
// definition. As JSON, a package equals what it becomes when null, "", [] and
// missing count as one, lists are compared by identifier, and
// lastChangeDateTime, the titles of links, and the uri of a link to what is in
// the package are left out.
//
// # Limits
//
// A file is held in memory, at most six times its size, and no more than 64 MiB
// of it, 4 million values, 300,000 objects and 64 levels of nesting are read
// unless [Options] say so. A refused file has cost less than half a gigabyte.
package caseio
