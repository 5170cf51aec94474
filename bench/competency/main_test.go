package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestMeasure(t *testing.T) {
	var b bytes.Buffer
	if err := measure(&b, 200, 12, 60); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(b.String(), "200\t2400\t") {
		t.Fatal(b.String())
	}
}

func TestFrameworks(t *testing.T) {
	var b bytes.Buffer
	if err := frameworks(&b, []int{50}); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "\n"); n != 6 {
		t.Fatal(b.String())
	}
}
