// Package asn holds the rules of Indonesia's civil service (aparatur sipil
// negara) as dated, cited data, and reads the files its agencies exchange.
//
// It is a pack on top: the mechanisms (standards, gaps, hours, satisfaction)
// live in the other packages and know no country; this one returns filled
// values of their types. Replace it and they work elsewhere.
//
// # Rules
//
// Rules change, and versions that contradict each other are in force side by
// side. So nothing here is a constant: [On] gives the [Rules] that hold on a
// day, and every row of them says what it decides, from where it is known, how
// well, and since when ([Row], [Mark]).
//
//	rules := asn.On(bangkom.MustDate(2026, 7, 1))
//	rules.Framework()     // nine competencies, levels 1 to 5
//	rules.FillingBands()  // MS, MMS, KMS
//	rules.HourLimits()    // PNS at least 20 JP, PPPK at most 24
//	rules.Conversions()   // how forms of development are credited
//	rules.Instrument()    // the survey of public satisfaction
//
// What is believed but not verified is not built in. It comes from an agency's
// file ([Load], [Rules.With]), where every row has a source of its own; it wins
// over what is built in, and [Rules.AgencyRows] lists it for the report.
// Without such a file the level that a job asks for in managerial competencies
// is unknown, and so are the hours of a mentoring session. Unknown is not zero.
//
// # The rows
//
//	rule            fields                                            in an agency's file
//	level           level, title, description                         no
//	competency      code, kind, title, also                           no
//	tier            code, title, also                                 no
//	default-level   for (a tier), kind, level                         yes
//	jpm-class       for (filling, mapping), code, title, lower, upper yes, a table replaces the whole
//	valid-for       value (years)                                     yes
//	hours           for (a status), min, max                          yes
//	minutes-per-jp  value                                             yes
//	jp-conversion   for (a form), basis (jp, day, session, activity),
//	                national, international, cap, title, also         yes
//	skm-element     code, title, also                                 no
//	skm-answer      value, title                                      no
//	skm-class       code, title, lower, upper                         yes, a table replaces the whole
//	ip-points       for (version/dimension), code, value, min, also   yes
//	ip-performance  for (version), code, value, lower, upper          yes, a table replaces the whole
//	ip-window       for (version/kind), value (years)                 yes
//	ip-class        for (version), code, title, lower, upper          yes, a table replaces the whole
//	skp-predicate   for (results/behaviour), code                     no
//	talent-axis     for (a predicate), code (below, meets, above)     yes
//	box             for (a numbering), code (potential/performance), value yes
//
// All have source, effective_from, effective_to and note. A class reaches from
// its lower bound up to the next one, so no score falls between two; upper is
// what a decree prints as the last value, and is only checked.
//
// The sets that are built in:
//
//	id/skj-2017         the dictionary, tiers, socio-cultural default levels
//	id/assessment-2019  classes of the job-person match, validity of a result
//	id/jp-2017          hour limits, minutes of a learning hour, four conversions
//	id/skm-2017         elements, answers and grades of the satisfaction survey
//	id/ipasn-2019       the index of professionalism: points, windows, classes
//	id/ipasn-2024       its revision, as far as it is known: see [Rules.Professionalism]
//	id/skp-2022         predicates of performance, and their place on the axis of talent
//	id/talent-2020      the national numbering of the nine boxes
//	id/talent-kemenkeu  one ministry's own numbering
//
// Each is in force from the first day of the year of its regulation, since the
// exact days are among what has not been verified.
//
// # Files
//
// [ReadSIASN], [ReadRecap] and [ReadSKM] bind by the name of the header, never
// by the place of a column, find the header row themselves, and return the good
// rows together with the problems of the others.
//
// # Personal data
//
// The number of a civil servant is both personal data and the key that joins
// files; [NIP] says where which view holds. The SIASN sheet also carries
// identity numbers, addresses, religion and marital state: [ReadSIASN] reads a
// named subset only, and what it does not read appears nowhere, not even in a
// problem.
package asn
