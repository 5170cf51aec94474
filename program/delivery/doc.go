// Package delivery records what happened: who registered, attended and
// completed, what they said about it, and the learning hours it is worth.
//
// A [Log] is append-only: an event is never changed, and an event that cannot
// follow the last one of the same person and session is refused by name. A
// [Ledger] credits hours by rules ([HourConversion]); what no rule covers is
// listed as unknown and is never 0. [Ledger.Compliance] compares people with
// the limits of their status.
package delivery
