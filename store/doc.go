// Package store says how what must outlive a run is kept: the evidence log, the
// delivery log, the learnt catalogue, the plans.
//
// No function of the domain takes a store. A program reads values out of one,
// calls the domain, and puts the results back; so any storage will do that
// keeps the two contracts below. Two come with the library: package memstore
// for tests and small tools, package filestore for one machine. Package
// storetest proves that another back-end keeps the contracts too.
//
// # Choosing between Store and Log
//
//   - [Store] holds the present: one value per key, replaced as it changes. The
//     catalogue, a plan by year, a pair of mentor and mentee.
//   - [Log] holds what happened: records that are only ever added. Ratings,
//     attendance, mentoring sessions.
//
// # Two writers at once
//
// A [Version] stands for one state of one key. Reading gives it, writing asks
// for it, and a write that was overtaken fails with [ErrConflict] instead of
// undoing the other's work. [Update] reads, changes and writes until it wins.
package store
