//go:build !unix

package main

import "os"

func cpuSeconds() float64 { return 0 }

func peak() string { return "unknown" }

func childPeak(*os.ProcessState) string { return "unknown" }
