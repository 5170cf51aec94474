package solve

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

// A Certificate proves a bound. It is a tree: a node branches on a session
// (not held, held) or on a seat (person not in session, in it); a leaf holds
// prices, and weak duality at these prices bounds every plan of the leaf. The
// bound is the largest of the leaves. The zero value is one leaf with all
// prices zero, which proves something too.
type Certificate struct {
	Session *int         `json:"session,omitempty"`
	Person  *int         `json:"person,omitempty"`
	Zero    *Certificate `json:"zero,omitempty"`
	One     *Certificate `json:"one,omitempty"`
	Prices

	before *proven // while the search goes on: what held of an inner node before it was branched
}

// A proven node bounds all below it by its own prices.
type proven struct {
	D int64 // on the grid
	Prices
}

// prune takes off what is below nodes whose own prices prove no more than most:
// the search went deeper there for plans.
func (c *Certificate) prune(most int64) {
	if c.Zero == nil {
		return
	}
	if b := c.before; b != nil && b.D <= most {
		*c = Certificate{Prices: b.Prices}
		return
	}
	c.before = nil
	c.Zero.prune(most)
	c.One.prune(most)
}

// Prices are the multipliers of the rows that link people, at a leaf. Absent
// lists are all zero. Prices of soft rows lie between 0 and the penalty.
type Prices struct {
	Lambda   []float64   `json:"lambda,omitempty"`    // per session, for a seat; of any sign
	Mu       []float64   `json:"mu,omitempty"`        // per unit, for a currency unit of its budget
	Beta     float64     `json:"beta,omitempty"`      // for a currency unit of the total budget
	Eta      []float64   `json:"eta,omitempty"`       // per unit, for a person reached
	Kappa    []float64   `json:"kappa,omitempty"`     // per limit
	Nu       [][]float64 `json:"nu,omitempty"`        // unit × occasion, for a person away
	EtaCover []float64   `json:"eta_cover,omitempty"` // per group of cover
	Pair     []PairPrice `json:"pair,omitempty"`
}

// equal reports whether two leaves hold the same prices.
func (x *Prices) equal(y *Prices) bool {
	return x.Beta == y.Beta && slices.Equal(x.Lambda, y.Lambda) && slices.Equal(x.Mu, y.Mu) && slices.Equal(x.Eta, y.Eta) && slices.Equal(x.Kappa, y.Kappa) &&
		slices.EqualFunc(x.Nu, y.Nu, slices.Equal[[]float64]) && slices.Equal(x.EtaCover, y.EtaCover) && slices.Equal(x.Pair, y.Pair)
}

// A PairPrice is a price, of any sign, of one person's seat in one session:
// [person, session, price] in the file.
type PairPrice struct {
	Person, Session int
	Price           float64
}

// MarshalJSON writes [person, session, price].
func (x PairPrice) MarshalJSON() ([]byte, error) {
	return json.Marshal([]any{x.Person, x.Session, x.Price})
}

// UnmarshalJSON reads [person, session, price].
func (x *PairPrice) UnmarshalJSON(data []byte) error {
	var w []float64
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	if len(w) != 3 || w[0] != float64(int(w[0])) || w[1] != float64(int(w[1])) {
		return fmt.Errorf("solve: a pair price is [person, session, price], not %.60s", data)
	}
	*x = PairPrice{int(w[0]), int(w[1]), w[2]}
	return nil
}

// Write writes the tree as JSON, one node at a time: a proof of many leaves
// never stands in memory as text.
func (c *Certificate) Write(w io.Writer) error {
	if c.Zero == nil || c.One == nil {
		b, err := json.Marshal(c)
		if string(b) == "{}" { // all prices 0 is a proof too: readers may take {} for none
			b = []byte(`{"beta":0}`)
		}
		if err == nil {
			_, err = w.Write(b)
		}
		return err
	}
	head := Certificate{Session: c.Session, Person: c.Person, Prices: c.Prices}
	b, err := json.Marshal(head)
	if err != nil {
		return err
	}
	b = bytes.TrimSuffix(b, []byte("}"))
	if len(b) > 1 {
		b = append(b, ',')
	}
	if _, err := fmt.Fprintf(w, `%s"zero":`, b); err != nil {
		return err
	}
	if err := c.Zero.Write(w); err != nil {
		return err
	}
	if _, err := io.WriteString(w, `,"one":`); err != nil {
		return err
	}
	if err := c.One.Write(w); err != nil {
		return err
	}
	_, err = io.WriteString(w, "}")
	return err
}

// Leaves counts the leaves of the tree.
func (c *Certificate) Leaves() int {
	if c.Zero == nil && c.One == nil {
		return 1
	}
	n := 0
	for _, k := range []*Certificate{c.Zero, c.One} {
		if k != nil {
			n += k.Leaves()
		}
	}
	return n
}
