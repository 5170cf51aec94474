package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/table"
)

// A framework as tables is up to three files in a folder. The first alone is a
// framework too.
var tableNames = []string{"competencies.csv", "levels.csv", "associations.csv"}

var tablesFormat = format{
	read: func(r io.Reader, file, _ string) (*competency.Framework, []competency.Position, bangkom.Problems) {
		f := &competency.Framework{ID: tablesID(file)}
		var problems bangkom.Problems
		f.Competencies, problems = competency.ReadCompetencies(r, file, "")
		return f, nil, problems
	},
	write: func(w io.Writer, d *document) (bangkom.Problems, error) {
		losses, err := d.framework.WriteCompetencies(w)
		lost := func(where string, n int) {
			if n > 0 {
				losses.Add(bangkom.Problem{Code: "lost", Severity: bangkom.Warning, Where: where, Value: fmt.Sprint(n), Msg: "competencies.csv alone has no place for it", Need: "name a folder as OUT"})
			}
		}
		levels := 0
		for i := range d.framework.Scales {
			levels += len(d.framework.Scales[i].Levels)
		}
		for i := range d.framework.Competencies {
			levels += len(d.framework.Competencies[i].Levels)
		}
		lost("levels", levels)
		lost("associations", len(d.framework.Associations))
		return losses, err
	},
	looks: func(head []byte) bool {
		return hasColumn(head, "Kode", "code", "Kode Kompetensi", "Competency ID") &&
			hasColumn(head, "Nama", "title_id", "title_en", "Nama Kompetensi", "Kompetensi", "Nama Inggris", "Name", "Title", "Competency") &&
			!hasColumn(head, "Work Role", "Role", "Jabatan", "Nama Jabatan", "Level")
	},
}

// hasColumn reports whether a table has a column of one of the names.
func hasColumn(head []byte, names ...string) bool {
	rd := table.Read(bytes.NewReader(head), "", table.Schema{{Key: names[0], Names: names}}, nil)
	return !rd.Problems().Has("no-header")
}

// isPart reports whether a table is the second or third of a framework.
func isPart(head []byte) bool {
	return hasColumn(head, "Skala") && hasColumn(head, "Level") || hasColumn(head, "Dari", "From") && hasColumn(head, "Ke", "To")
}

// tablesID is what tables do not say: the name of their folder, or of the file.
func tablesID(file string) competency.FrameworkID {
	if file == "-" {
		return "tables"
	}
	if abs, err := filepath.Abs(file); err == nil {
		file = abs
	}
	base := filepath.Base(file)
	if base == tableNames[0] {
		base = filepath.Base(filepath.Dir(file))
	}
	return competency.FrameworkID(strings.TrimSuffix(base, ".csv"))
}

func isFolder(file string) bool {
	info, err := os.Stat(file)
	return err == nil && info.IsDir()
}

// readTables reads a folder. Only the first table must be there.
func readTables(dir string) (*competency.Framework, bangkom.Problems) {
	f := &competency.Framework{ID: tablesID(dir)}
	var problems bangkom.Problems
	readers := []func(io.Reader, string) bangkom.Problems{
		func(r io.Reader, file string) (ps bangkom.Problems) {
			f.Competencies, ps = competency.ReadCompetencies(r, file, "")
			return ps
		},
		func(r io.Reader, file string) (ps bangkom.Problems) {
			f, ps = f.ReadLevels(r, file)
			return ps
		},
		func(r io.Reader, file string) (ps bangkom.Problems) {
			f.Associations, ps = competency.ReadAssociations(r, file)
			return ps
		},
	}
	for k, name := range tableNames {
		path := filepath.Join(dir, name)
		in, err := os.Open(path)
		if k > 0 && errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			problems.Add(bangkom.Problem{Code: "unreadable-file", Where: path, Msg: errors.Unwrap(err).Error(), Need: "a folder is a framework as tables: " + strings.Join(tableNames, ", ")})
			return f, problems
		}
		problems = append(problems, readers[k](in, path)...)
		in.Close()
	}
	return f, problems
}

// writeTables writes a folder, which is made where it is missing. Tables of an
// earlier run that have nothing to say any more are written empty, not left.
func writeTables(dir string, f *competency.Framework) (losses bangkom.Problems, err error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	for k, write := range []func(io.Writer) (bangkom.Problems, error){f.WriteCompetencies, f.WriteLevels, f.WriteAssociations} {
		err := writeFile(filepath.Join(dir, tableNames[k]), func(w io.Writer) error {
			more, err := write(w)
			losses = append(losses, more...)
			return err
		})
		if err != nil {
			return losses, err
		}
	}
	return losses, nil
}
