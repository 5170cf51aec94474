//go:build unix

package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
)

func cpuSeconds() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}

// peak is the most memory that was resident, where the system says so.
func peak() string {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "unknown"
	}
	for _, l := range strings.Split(string(b), "\n") {
		if v, ok := strings.CutPrefix(l, "VmHWM:"); ok {
			var kb int
			if _, err := fmt.Sscan(v, &kb); err == nil {
				return fmt.Sprintf("%d MB", kb/1000)
			}
		}
	}
	return "unknown"
}

// childPeak is the most memory that a finished program had resident.
func childPeak(s *os.ProcessState) string {
	if s == nil {
		return "unknown"
	}
	u, ok := s.SysUsage().(*syscall.Rusage)
	if !ok {
		return "unknown"
	}
	kb := u.Maxrss
	if runtime.GOOS == "darwin" {
		kb /= 1024
	}
	return fmt.Sprintf("%d MB", kb/1000)
}
