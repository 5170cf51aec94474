//go:build !unix

// Package usage says what a program and its children used: nothing of it is
// known on this system.
package usage

import "os"

// CPU is not known here.
func CPU() float64 { return 0 }

// Peak is not known here.
func Peak() string { return "unknown" }

// Child is not known here.
func Child(*os.ProcessState) int64 { return 0 }
