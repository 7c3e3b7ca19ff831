package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats/cjj61"
	"github.com/undercity/undercity/twin/generate"
	"github.com/undercity/undercity/twin/store"
)

func newGenerate() *cobra.Command {
	var segments int
	var seed uint64
	cmd := &cobra.Command{Use: "generate OUT", Short: says("Make a synthetic city without clashes", "生成一座没有碰撞的模拟城市"), Args: args(1, 1, "name the file to write"), RunE: func(cmd *cobra.Command, list []string) error {
		out := list[0]
		ending := strings.ToLower(filepath.Ext(out))
		if ending != ".gpkg" && ending != ".csv" && ending != "" {
			return usageError{fmt.Errorf("%s: a generated city is written as .gpkg, or as .csv tables", out)}
		}
		bar := newBar("generating the city")
		defer bar.end()
		c, err := generate.New(generate.Options{Segments: segments, Seed: seed, Progress: bar.set})
		if err != nil {
			return usageError{err}
		}
		return writeCity(cmd, c, out)
	}}
	cmd.Long = says("Make a synthetic city without clashes.\n\nOUT.gpkg is one GeoPackage with streets and ground. OUT.csv are survey tables (CJJ 61), a pair a network beside it: OUT_JSPOINT.csv, OUT_JSLINE.csv and so on; a name\nwithout an ending is a folder for JSPOINT.csv, JSLINE.csv and so on. The CRS of the tables is printed.",
		"生成一座没有碰撞的模拟城市。\n\nOUT.gpkg 为一个 GeoPackage，含道路与地面。OUT.csv 为 CJJ 61 成果表，每类管线一对：OUT_JSPOINT.csv、OUT_JSLINE.csv 等；\n不带扩展名时为文件夹，内含 JSPOINT.csv、JSLINE.csv 等。坐标系会打印出来。")
	bind(cmd, &segments, "segments")
	bind(cmd, &seed, "seed")
	return cmd
}

// writeCity makes the city in a store beside out and moves its GeoPackage there when it is whole.
func writeCity(cmd *cobra.Command, c *generate.City, out string) (err error) {
	dir, err := os.MkdirTemp(filepath.Dir(out), ".undercity-")
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return noFolder(out)
		}
		return fmt.Errorf("folder of %s: %w", out, err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	t, err := openTwin(cmd, dir, false, newQuietLogger())
	if err != nil {
		return err
	}
	ch, err := generate.Load(cmd.Context(), t, c)
	if err = errors.Join(err, t.Close()); err != nil {
		return err
	}
	if filepath.Ext(strings.ToLower(out)) != ".gpkg" {
		return writeTables(cmd, ch.Snapshot, out)
	}
	if err := os.Rename(filepath.Join(dir, store.FileName), out); err != nil {
		return fmt.Errorf("%s: %w", out, err)
	}
	segments := 0
	for _, n := range ch.Snapshot.Counts() {
		if n.Kind == twin.KindSegment {
			segments += n.N
		}
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %d segments, %d assets in all\n", out, segments, ch.Created)
	return err
}

// writeTables writes the city as survey tables: OUT.csv as OUT_JSPOINT.csv and so on, a folder OUT as JSPOINT.csv and so on in it.
func writeTables(cmd *cobra.Command, s *twin.Snapshot, out string) error {
	stem := strings.TrimSuffix(out, filepath.Ext(out)) + "_"
	if filepath.Ext(out) == "" {
		if err := os.MkdirAll(out, 0o755); err != nil {
			return fmt.Errorf("folder of the tables: %w", err)
		}
		stem = out + string(filepath.Separator)
	}
	var names []string
	w, err := cjj61.Write(cmd.Context(), s, func(table string) (io.WriteCloser, error) {
		names = append(names, stem+table+".csv")
		f, err := os.Create(stem + table + ".csv")
		if err != nil {
			return nil, err
		}
		return &buffered{bufio.NewWriterSize(f, 1<<18), f}, nil
	})
	if err != nil {
		return err
	}
	if _, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\n%d points, %d lines; --crs %s\n", strings.Join(names, "\n"), w.Points, w.Lines, s.Frame().CRS.Code()); err != nil {
		return err
	}
	_, err = fmt.Fprintln(cmd.ErrOrStderr(), says(fmt.Sprintf("These tables have no place for galleries, tunnels, bridges, underground spaces and solids (%d left out), nor for the form of %d points and lines (bends, tapers, holes, egg and arch, layers of chambers). OUT.gpkg holds all.", w.Left, w.Shapes),
		fmt.Sprintf("成果表无法表达综合管廊、隧道、桥梁、地下空间和实体（略去 %d 个），也无法表达 %d 个点和线的形状（弯曲、变径、管孔、蛋形与拱形、井的分层）。OUT.gpkg 则完整保存。", w.Left, w.Shapes)))
	return err
}

// buffered is a file that is written in large pieces.
type buffered struct {
	*bufio.Writer
	file *os.File
}

// Close writes what is left and closes the file.
func (b *buffered) Close() error { return errors.Join(b.Flush(), b.file.Close()) }
