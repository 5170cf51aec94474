package memstore_test

import (
	"testing"

	"github.com/bangkom/bangkom/store/memstore"
	"github.com/bangkom/bangkom/store/storetest"
)

func TestStore(t *testing.T) {
	storetest.Store(t, func(*testing.T) (storetest.S, func() (storetest.S, error)) {
		return memstore.NewStore[string, storetest.Value](), nil
	})
}

func TestLog(t *testing.T) {
	storetest.Log(t, func(*testing.T) (storetest.L, func() (storetest.L, error)) {
		return memstore.NewLog[storetest.Value](), nil
	})
}
