// Package storetest proves that a back-end keeps the contracts of
// [store.Store] and [store.Log]: one case per sentence, named by the sentence.
// It needs nothing but the standard library.
//
//	func TestStore(t *testing.T) {
//		storetest.Store(t, func(t *testing.T) (storetest.S, func() (storetest.S, error)) {
//			db := newDatabase(t)
//			return db.open(t), func() (storetest.S, error) { return db.openAgain() }
//		})
//	}
//
// [StoreCases] and [LogCases] are the same cases as values, for a back-end
// whose tests do not run under package testing.
package storetest
