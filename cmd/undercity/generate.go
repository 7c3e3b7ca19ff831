package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/generate"
	"github.com/undercity/undercity/twin/store"
)

func newGenerate() *cobra.Command {
	var segments int
	var seed uint64
	cmd := &cobra.Command{Use: "generate OUT.gpkg", Short: says("Make a synthetic city without clashes", "生成一座没有碰撞的模拟城市"), Args: args(1, 1, "name the file to write"), RunE: func(cmd *cobra.Command, list []string) error {
		out := list[0]
		if !strings.HasSuffix(strings.ToLower(out), ".gpkg") {
			return usageError{fmt.Errorf("%s: a generated city is written as .gpkg", out)}
		}
		bar := newBar("generating the city")
		defer bar.end()
		c, err := generate.New(generate.Options{Segments: segments, Seed: seed, Progress: bar.set})
		if err != nil {
			return usageError{err}
		}
		return writeCity(cmd, c, out)
	}}
	bind(cmd, &segments, "segments")
	bind(cmd, &seed, "seed")
	return cmd
}

// writeCity makes the city in a store beside out and moves its GeoPackage there when it is whole.
func writeCity(cmd *cobra.Command, c *generate.City, out string) (err error) {
	dir, err := os.MkdirTemp(filepath.Dir(out), ".undercity-")
	if err != nil {
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
