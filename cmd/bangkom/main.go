// Command bangkom is the library for people who do not write Go: it reads
// files, prints a table or JSON, and exits with 1 where it found errors.
//
//	bangkom COMMAND -h    what a command's flags and columns mean
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
)

// A command runs with its arguments and returns the exit status: 0, 1 where
// errors were found, 2 for wrong usage.
type command struct {
	name, short string
	run         func(ctx context.Context, args []string, std streams) int
}

// streams are what a command reads and writes, so that tests can look.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// commands, each in a file of its own.
var commands = []command{
	{"framework", "what is wrong in a competency framework, its other formats, and why somebody has a level", runFramework},
	{"needs", "who lacks what, how sure that is, and what comes first", runNeeds},
	{"plan", "who attends what, under every limit, with a proven bound", runPlan},
	{"stat", "statistics of any CSV file: describe, alpha, icc, kappa, welch, wilcoxon, ancova, …", runStat},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(status)
}

func run(ctx context.Context, args []string, std streams) int {
	if len(args) > 0 {
		for _, c := range commands {
			if c.name == args[0] {
				return c.run(ctx, args[1:], std)
			}
		}
		if args[0] != "-h" && args[0] != "help" {
			fmt.Fprintf(std.err, "bangkom: no command %q\n", args[0])
		}
	}
	fmt.Fprintln(std.err, "usage: bangkom COMMAND [flags]")
	for _, c := range commands {
		fmt.Fprintf(std.err, "  %-10s %s\n", c.name, c.short)
	}
	return 2
}
