package main

import (
	"cmp"
	"context"
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

// A seen is one observation of one year: what the evidence log keeps.
type seen struct {
	Year        int                    `json:"year"`
	Observation evaluation.Observation `json:"observation"`
}

// memory is what outlives a run. Only this file knows how it is stored: put a
// database here and the rest stays as it is.
type memory struct {
	evidenceLog store.Log[seen]
	delivery    store.Log[delivery.Event]
	catalogue   store.Store[program.OfferingID, program.Offering]
	plans       store.Store[string, program.Plan]
	problems    bangkom.Problems
	close       func()
}

func openMemory(path string) (*memory, error) {
	if path == "" {
		return &memory{memstore.NewLog[seen](), memstore.NewLog[delivery.Event](), memstore.NewStore[program.OfferingID, program.Offering](),
			memstore.NewStore[string, program.Plan](), nil, func() {}}, nil
	}
	dir, err := filestore.Open(path, nil)
	if err != nil {
		return nil, err
	}
	m := &memory{close: func() { _ = dir.Close() }}
	m.evidenceLog, err = opened(m, err, dir, "evidence", filestore.NewLog[seen])
	m.delivery, err = opened(m, err, dir, "delivery", filestore.NewLog[delivery.Event])
	m.catalogue, err = opened(m, err, dir, "catalogue", filestore.NewStore[program.OfferingID, program.Offering])
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

// evidence is the latest observation of each year, offering and competency.
type evidence map[evidenceKey]evaluation.Observation

type evidenceKey struct {
	year       int
	offering   program.OfferingID
	competency competency.CompetencyID
}

func (m *memory) evidence(ctx context.Context) (evidence, error) {
	records, err := store.Collect(m.evidenceLog.Read(ctx, 0))
	e := evidence{}
	for _, r := range records {
		e.add(r.Year, []evaluation.Observation{r.Observation})
	}
	return e, err
}

// add puts a year's observations in place of what was known of that year.
// Reading the same files twice therefore teaches nothing new.
func (e evidence) add(year int, observed []evaluation.Observation) {
	for _, o := range observed {
		e[evidenceKey{year, o.Offering, o.Competency}] = o
	}
}

func (e evidence) keys() []evidenceKey {
	keys := make([]evidenceKey, 0, len(e))
	for k := range e {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b evidenceKey) int {
		return cmp.Or(cmp.Compare(a.year, b.year), cmp.Compare(a.offering, b.offering), cmp.Compare(a.competency, b.competency))
	})
	return keys
}

// observations are all years' evidence: the catalogue is learnt anew from all of it.
func (e evidence) observations() []evaluation.Observation {
	var all []evaluation.Observation
	for _, k := range e.keys() {
		all = append(all, e[k])
	}
	return all
}

// keep stores what the next run starts from: new evidence, new events, the
// learnt catalogue and the plan.
func (m *memory) keep(ctx context.Context, a *agency, e evidence, learnt []program.Offering, plan *program.Plan) error {
	known, err := m.evidence(ctx)
	if err != nil {
		return err
	}
	var fresh []seen
	for _, k := range e.keys() {
		if old, ok := known[k]; !ok || old.Gain.Value != e[k].Gain.Value || old.Gain.N != e[k].Gain.N {
			fresh = append(fresh, seen{k.year, e[k]})
		}
	}
	if _, err := m.evidenceLog.Append(ctx, fresh...); err != nil {
		return err
	}
	if err := m.keepEvents(ctx, a.events); err != nil {
		return err
	}
	for _, o := range learnt {
		if _, err := m.catalogue.Put(ctx, o.ID, o, store.Any); err != nil {
			return err
		}
	}
	if plan == nil {
		return nil
	}
	_, err = m.plans.Put(ctx, strconv.Itoa(plan.Year), *plan, store.Any)
	return err
}

// events are what earlier runs knew of attendance.
func (m *memory) events(ctx context.Context) ([]delivery.Event, error) {
	return store.Collect(m.delivery.Read(ctx, 0))
}

// keepEvents appends what is new; an event is known by who, where, what and when.
func (m *memory) keepEvents(ctx context.Context, events []delivery.Event) error {
	stored, err := m.events(ctx)
	if err != nil {
		return err
	}
	_, err = m.delivery.Append(ctx, merged(stored, events)[len(stored):]...)
	return err
}

// merged adds to the events of earlier runs those that are not among them.
func merged(earlier, events []delivery.Event) []delivery.Event {
	type key struct {
		person  competency.PersonID
		session program.SessionID
		status  delivery.Status
		date    bangkom.Date
	}
	known := map[key]bool{}
	for _, e := range earlier {
		known[key{e.Person, e.Session, e.Status, e.Date}] = true
	}
	out := slices.Clip(earlier)
	for _, e := range events {
		if !known[key{e.Person, e.Session, e.Status, e.Date}] {
			out = append(out, e)
		}
	}
	return out
}
