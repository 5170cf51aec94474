// Package wire writes results as JSON in which a number that is not finite is
// null, and reads them back with NaN for it.
package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
)

// Marshal encodes a struct of numbers, texts, slices and values that encode
// themselves. The tags are those of encoding/json, with omitempty.
func Marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	err := object(&b, reflect.ValueOf(v))
	return b.Bytes(), err
}

// Unmarshal decodes into a pointer to a struct without an UnmarshalJSON of its
// own: numbers that are null or absent become NaN.
func Unmarshal(data []byte, into any) error {
	v := reflect.ValueOf(into).Elem()
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.Float64 && f.CanSet() {
			f.SetFloat(math.NaN())
		}
	}
	if err := json.Unmarshal(data, into); err != nil || !bytes.Contains(data, []byte("null")) {
		return err
	}
	// A null within a list is skipped by encoding/json.
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return err
	}
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		var err error
		f := v.Field(i)
		if !f.CanInterface() {
			continue
		}
		switch f := f.Addr().Interface().(type) {
		case *[]float64:
			err = list(fields[name], f)
		case *[][]float64:
			var rows []json.RawMessage
			if len(fields[name]) > 0 {
				err = json.Unmarshal(fields[name], &rows)
			}
			for r := range rows {
				err = errors.Join(err, list(rows[r], &(*f)[r]))
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// list reads numbers, NaN for null.
func list(data []byte, into *[]float64) error {
	var xs []*float64
	if len(data) == 0 {
		return nil
	}
	if err := json.Unmarshal(data, &xs); err != nil {
		return err
	}
	for i, x := range xs {
		if x == nil {
			(*into)[i] = math.NaN()
		}
	}
	return nil
}

func object(b *bytes.Buffer, v reflect.Value) error {
	b.WriteByte('{')
	first := true
	for i := range v.NumField() {
		name, omit, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		if f := v.Field(i); name == "" || name == "-" || omit == "omitempty" && (f.IsZero() || f.Kind() == reflect.Slice && f.Len() == 0) {
			continue
		}
		if !first {
			b.WriteByte(',')
		}
		first = false
		b.WriteString(`"` + name + `":`)
		if err := value(b, v.Field(i)); err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return nil
}

func value(b *bytes.Buffer, v reflect.Value) error {
	switch {
	case v.Kind() == reflect.Float64 && (math.IsNaN(v.Float()) || math.IsInf(v.Float(), 0)):
		b.WriteString("null")
		return nil
	case v.Kind() == reflect.Slice && !v.IsNil():
		b.WriteByte('[')
		for i := range v.Len() {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := value(b, v.Index(i)); err != nil {
				return err
			}
		}
		b.WriteByte(']')
		return nil
	}
	data, err := json.Marshal(v.Interface())
	b.Write(data)
	return err
}
