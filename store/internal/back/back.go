// Package back holds what every back-end says in the same words.
package back

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/store"
)

// Begin is the first line of a call about a key.
func Begin[K store.Key](ctx context.Context, key K) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return store.CheckKey(key)
}

// Encode gives the JSON of a value.
func Encode(v any) ([]byte, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("store: a value that has no JSON: %w", err)
	}
	return data, nil
}

// Decode reads JSON that Encode wrote, perhaps into a type that changed since.
func Decode(data []byte, v any, where string) error {
	if err := json.Unmarshal(data, v); err != nil {
		return bangkom.Problem{Code: "decode", Where: where, Msg: "store: the stored JSON does not fit the type: " + err.Error()}
	}
	return nil
}

// NotFound is ErrNotFound about a key.
func NotFound[K store.Key](key K) error {
	return bangkom.Problem{Code: store.ErrNotFound.Code, Value: string(key), Msg: "store: no such key"}
}

// Conflict is ErrConflict about a key.
func Conflict[K store.Key](key K) error {
	return bangkom.Problem{Code: store.ErrConflict.Code, Value: string(key), Msg: "store: the key is not in the expected state", Need: "read it again, or use store.Update"}
}

// From checks the offset of a read.
func From(from int64) error {
	if from < 0 {
		return bangkom.Problem{Code: bangkom.ErrOption.Code, Value: fmt.Sprint(from), Msg: "store: a log has no such offset", Need: "0 or the end of an earlier Append"}
	}
	return nil
}
