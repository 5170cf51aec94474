// Command gen writes the synthetic city that examples/cycle carries with it.
// The same seed gives the same bytes everywhere.
//
//	go run ./examples/cycle/gen -out examples/cycle/data
//
// Nobody in it exists: everybody is born in 1900 and appointed in 2099, and is
// called "Pegawai" with a number.
package main

import (
	"flag"
	"log"
	"os"
	"path/filepath"
)

func main() {
	out := flag.String("out", "", "folder to write to")
	seed := flag.Uint64("seed", 2026, "seed of the city")
	people := flag.Int("people", 4000, "number of civil servants")
	flag.Parse()
	if *out == "" {
		flag.Usage()
		os.Exit(2)
	}
	if err := os.MkdirAll(*out, 0o755); err != nil {
		log.Fatal(err)
	}
	for _, f := range newCity(*seed, *people).files() {
		if err := os.WriteFile(filepath.Join(*out, f.name), f.data, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}
