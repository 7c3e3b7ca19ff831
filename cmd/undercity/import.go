package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/server/trail"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/feature"
)

// importFlags are what the command line says about files to import.
type importFlags struct {
	format, crs, unit, datum, network string
	mapping                           string
	shift, frame                      string
	separation                        float64
	skip                              bool
}

func (f *importFlags) add(cmd *cobra.Command) {
	var names []string
	for _, r := range readers() {
		names = append(names, r.Name())
	}
	bind(cmd, &f.format, "format", strings.Join(names, ", "))
	bind(cmd, &f.crs, "crs")
	bind(cmd, &f.unit, "crs-unit")
	bind(cmd, &f.datum, "height-datum")
	bind(cmd, &f.shift, "shift")
	bind(cmd, &f.frame, "frame")
	bind(cmd, &f.separation, "separation")
	bind(cmd, &f.network, "network")
	bind(cmd, &f.mapping, "map")
	bind(cmd, &f.skip, "skip-bad-rows")
}

// options turns the flags into those of the import.
func (f *importFlags) options() (formats.Options, error) {
	o := formats.Options{Format: f.format, HeightDatum: f.datum, SkipBadRows: f.skip, Author: "command line", Separation: f.separation}
	if err := f.places(&o); err != nil {
		return o, err
	}
	names := []string{"auto"}
	for _, r := range readers() {
		names = append(names, r.Name())
	}
	if !slices.Contains(names, f.format) {
		return o, usageError{fmt.Errorf("--format: %q is not a format that can be imported; use %s", f.format, strings.Join(names, ", "))}
	}
	if f.network != "" {
		n, ok := twin.Standard().NetworkByWord(f.network)
		if !ok {
			return o, usageError{fmt.Errorf("--network: %q is not a network; use a code such as JS, WS or RQ", f.network)}
		}
		o.Network = n.Code
	}
	if f.mapping == "" {
		return o, nil
	}
	var err error
	o.Mapping, err = readMapping(f.mapping)
	return o, err
}

// readMapping reads the file that says which field the names in others are.
func readMapping(path string) (formats.Mapping, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, usageError{fmt.Errorf("--map: %s cannot be read: %w", path, errors.Unwrap(err))}
	}
	defer f.Close()
	fields := feature.Fields()
	for _, c := range twin.Standard().SurveyColumns() {
		fields = append(fields, c.Field)
	}
	slices.Sort(fields)
	return formats.ReadMapping(filepath.Base(path), f, slices.Compact(fields))
}

// places turns the flags that say where things are.
func (f *importFlags) places(o *formats.Options) error {
	if f.crs != "" {
		c, err := crs.Parse(f.crs)
		if err != nil {
			return usageError{fmt.Errorf("--crs: %w", err)}
		}
		o.CRS = c
	}
	if f.unit != "" {
		u, err := crs.ParseUnit(f.unit)
		if err != nil {
			return usageError{fmt.Errorf("--crs-unit: %w", err)}
		}
		o.Unit = &u
	}
	if f.shift != "" {
		sh, err := crs.ParseShift(f.shift)
		if err != nil {
			return usageError{fmt.Errorf("--shift: %w", err)}
		}
		o.Shift = &sh
	}
	if f.frame != "" {
		c, err := crs.Parse(f.frame)
		if err != nil {
			return usageError{fmt.Errorf("--frame: %w", err)}
		}
		if _, err := crs.NewFrame(c, "", f.separation); err != nil && o.Shift == nil {
			return usageError{fmt.Errorf("--frame: %w", err)}
		}
		o.Frame = c
	}
	if math.IsNaN(f.separation) || math.Abs(f.separation) > 200 {
		return usageError{fmt.Errorf("--separation: %g is not a separation of a height datum from the ellipsoid, which is at most 200 m", f.separation)}
	}
	return nil
}

func newImport() *cobra.Command {
	var sf storeFlags
	var f importFlags
	var dry bool
	var report string
	cmd := &cobra.Command{Use: "import FILE…", Short: says("Load survey or model files into the store", "把普查成果表或模型文件导入数据库"), Args: args(1, maxArgs, "name the files to import"), RunE: func(cmd *cobra.Command, list []string) (err error) {
		if err := sf.check(); err != nil {
			return err
		}
		o, err := f.options()
		if err != nil {
			return err
		}
		o.DryRun = dry
		collectAt(importPercent)
		t, done, err := openFresh(cmd, sf.data, newQuietLogger())
		if err != nil {
			return err
		}
		rep, err := importFiles(cmd, t, list, o)
		kept := err == nil && !dry
		err = errors.Join(err, done(kept))
		if kept {
			err = errors.Join(err, recordImport(cmd, sf.data, list, rep))
		}
		if report != "" && rep != nil {
			err = errors.Join(err, writeReport(report, rep))
		}
		return err
	}}
	sf.add(cmd)
	f.add(cmd)
	bind(cmd, &dry, "dry-run")
	bind(cmd, &report, "report")
	return cmd
}

// recordImport records what came of an import.
func recordImport(cmd *cobra.Command, dir string, names []string, rep *formats.Report) error {
	o, err := openOffice(cmd, dir, auth.Options{})
	if err != nil {
		return err
	}
	var files []string
	for _, n := range names[:min(len(names), trail.MaxTargets)] {
		files = append(files, filepath.Base(n))
	}
	e := entryOf(cmd, trail.Imported, files...)
	e.Status, e.More = http.StatusOK, len(names)-len(files)
	e.Detail = trail.Told(map[string]any{"created": rep.Created, "updated": rep.Updated, "unchanged": rep.Unchanged, "refused": rep.RefusedCount, "revision": rep.Revision})
	_, err = o.Trail().Append(cmd.Context(), e)
	return errors.Join(err, o.Close())
}

// importFiles runs an import with a progress bar and prints its summary.
func importFiles(cmd *cobra.Command, t *twin.Twin, names []string, o formats.Options) (*formats.Report, error) {
	var files []formats.File
	for _, n := range names {
		info, err := os.Stat(n)
		if err != nil {
			return nil, fmt.Errorf("%s cannot be read: %w", n, errors.Unwrap(err))
		}
		if info.IsDir() {
			return nil, fmt.Errorf("%s is a folder; name the files in it", n)
		}
		files = append(files, formats.File{Name: filepath.Base(n), Size: info.Size(), Open: func() (formats.Content, error) { return os.Open(n) }})
	}
	b := newBar("importing")
	o.Progress = func(p formats.Progress) { b.set(p.Done) }
	rep, err := formats.Import(cmd.Context(), t, readers(), files, o)
	b.end()
	if err != nil {
		return rep, err
	}
	return rep, summary(cmd.OutOrStdout(), rep)
}

// maxPrinted is how many notes and refused rows a summary shows.
const maxPrinted = 5

func summary(w io.Writer, r *formats.Report) error {
	var b strings.Builder
	did := says("imported", "已导入")
	if r.DryRun {
		did = says("dry run, nothing changed: would have imported", "试运行，数据未改动；将导入")
	}
	fmt.Fprintf(&b, says("%s %s (%s): %d created, %d updated, %d unchanged, %d rows refused\n", "%s %s（%s）：新增 %d，修改 %d，未变 %d，拒绝 %d 行\n"), did, strings.Join(r.Files, ", "), strings.Join(r.Formats, ", "), r.Created, r.Updated, r.Unchanged, r.RefusedCount)
	list := func(what string, rows []formats.Row, n int) {
		for _, row := range rows[:min(maxPrinted, len(rows))] {
			fmt.Fprintf(&b, "%s %s\n", what, inWords(row.String()))
		}
		if n > maxPrinted {
			fmt.Fprintf(&b, says("%s … and %d more\n", "%s …另有 %d 条\n"), what, n-maxPrinted)
		}
	}
	for _, s := range r.Warnings {
		fmt.Fprintf(&b, "%s %s\n", says("note:", "提示："), inWords(s))
	}
	list(says("refused:", "拒绝："), r.Refused, r.RefusedCount)
	list(says("note:", "提示："), r.Notes, r.NoteCount)
	if r.Revision > 0 {
		fmt.Fprintf(&b, says("revision %d\n", "修订 %d\n"), r.Revision)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeReport(name string, r *formats.Report) (err error) {
	f, err := os.Create(name)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return formats.WriteReport(f, r.Refused)
}
