package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/evaluation"
	"github.com/bangkom/bangkom/program"
	"github.com/bangkom/bangkom/program/delivery"
	"github.com/bangkom/bangkom/store"
	"github.com/bangkom/bangkom/store/filestore"
	"github.com/bangkom/bangkom/store/memstore"
)

// A seen is what was observed of one year's training: what the evidence log
// keeps. The latest record of a year counts.
type seen struct {
	Year         int                      `json:"year"`
	Observations []evaluation.Observation `json:"observations"`
}

// memory is what outlives a run. Only this file knows how it is stored: put a
// database here and the rest stays as it is.
type memory struct {
	evidenceLog store.Log[seen]
	delivery    store.Log[[]delivery.Event]           // the events of one seat; its latest record counts
	catalogue   store.Store[string, program.Offering] // by year and offering: what the plan of the year was made with
	plans       store.Store[string, program.Plan]     // by year
	problems    bangkom.Problems
	close       func()
}

func openMemory(path string) (*memory, error) {
	if path == "" {
		return &memory{memstore.NewLog[seen](), memstore.NewLog[[]delivery.Event](), memstore.NewStore[string, program.Offering](),
			memstore.NewStore[string, program.Plan](), nil, func() {}}, nil
	}
	dir, err := filestore.Open(path, nil)
	if err != nil {
		return nil, err
	}
	m := &memory{close: func() { _ = dir.Close() }}
	m.evidenceLog, err = opened(m, err, dir, "evidence", filestore.NewLog[seen])
	m.delivery, err = opened(m, err, dir, "delivery", filestore.NewLog[[]delivery.Event])
	m.catalogue, err = opened(m, err, dir, "catalogue", filestore.NewStore[string, program.Offering])
	m.plans, err = opened(m, err, dir, "plans", filestore.NewStore[string, program.Plan])
	if err != nil {
		m.close()
		return nil, err
	}
	return m, nil
}

// opened opens one store unless an earlier one failed, and keeps its problems.
func opened[T any](m *memory, err error, dir *filestore.Dir, name string, open func(*filestore.Dir, string) (T, bangkom.Problems, error)) (T, error) {
	var s T
	if err != nil {
		return s, err
	}
	s, problems, err := open(dir, name)
	m.problems = append(m.problems, problems...)
	return s, err
}

// evidence is what was observed, by the year of the training.
type evidence map[int][]evaluation.Observation

func (m *memory) evidence(ctx context.Context) (evidence, error) {
	records, err := store.Collect(m.evidenceLog.Read(ctx, 0))
	e := evidence{}
	for _, r := range records {
		e[r.Year] = r.Observations
	}
	return e, err
}

// put replaces what was known of a year: files that were corrected and read
// again count once, and files that are gone take nothing away.
func (e evidence) put(year int, observed []evaluation.Observation) {
	if len(observed) > 0 {
		e[year] = observed
	}
}

// until are the observations up to a year: the catalogue is learnt anew from all
// of them, so that a year that is run again starts where it started.
func (e evidence) until(year int) []evaluation.Observation {
	var all []evaluation.Observation
	for _, y := range slices.Sorted(maps.Keys(e)) {
		if y <= year {
			all = append(all, e[y]...)
		}
	}
	return all
}

// keep stores what the next year's run starts from: new evidence, new events,
// and for the record the learnt catalogue and the plan of the year.
func (m *memory) keep(ctx context.Context, a *agency, e evidence, year int, learnt []program.Offering, plan *program.Plan) error {
	known, err := m.evidence(ctx)
	if err != nil {
		return err
	}
	for _, y := range slices.Sorted(maps.Keys(e)) {
		if !same(known[y], e[y]) {
			if _, err := m.evidenceLog.Append(ctx, seen{y, e[y]}); err != nil {
				return err
			}
		}
	}
	if err := m.keepEvents(ctx, a.events); err != nil {
		return err
	}
	for _, o := range learnt {
		if _, err := m.catalogue.Put(ctx, fmt.Sprintf("%d/%s", year, o.ID), o, store.Any); err != nil {
			return err
		}
	}
	if plan == nil {
		return nil
	}
	_, err = m.plans.Put(ctx, strconv.Itoa(year), *plan, store.Any)
	return err
}

// same compares what would be stored.
func same(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// events are what earlier runs knew of attendance.
func (m *memory) events(ctx context.Context) ([]delivery.Event, error) {
	records, err := store.Collect(m.delivery.Read(ctx, 0))
	var events []delivery.Event
	for _, r := range records {
		events = merged(events, r)
	}
	return events, err
}

// keepEvents appends the seats of which something new is known.
func (m *memory) keepEvents(ctx context.Context, events []delivery.Event) error {
	stored, err := m.events(ctx)
	if err != nil {
		return err
	}
	_, known := bySeat(stored)
	order, now := bySeat(events)
	var fresh [][]delivery.Event
	for _, k := range order {
		if !same(known[k], now[k]) {
			fresh = append(fresh, now[k])
		}
	}
	_, err = m.delivery.Append(ctx, fresh...)
	return err
}

// merged adds events to those of earlier runs. What is said anew of a seat
// takes the place of what was said of it before: a file may correct itself.
func merged(earlier, events []delivery.Event) []delivery.Event {
	_, anew := bySeat(events)
	out := keep(earlier, func(e delivery.Event) bool { return anew[seatOf(e)] == nil })
	return append(out, events...)
}

// A seat is one person in one session, or in an offering without sessions, in a year.
type seat struct {
	person   competency.PersonID
	session  program.SessionID
	offering program.OfferingID
	year     int
}

func seatOf(e delivery.Event) seat { return seat{e.Person, e.Session, e.Offering, e.Date.Year()} }

// bySeat groups events, in the order in which their seats come first.
func bySeat(events []delivery.Event) (order []seat, of map[seat][]delivery.Event) {
	of = map[seat][]delivery.Event{}
	for _, e := range events {
		k := seatOf(e)
		if of[k] == nil {
			order = append(order, k)
		}
		of[k] = append(of[k], e)
	}
	return order, of
}
