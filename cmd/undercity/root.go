package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/store"
)

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "undercity",
		Short:         "The live digital twin of the city below the street",
		Long:          "Undercity imports what a city knows of its pipes, utility tunnels, tunnels and bridges, models them in 3D and serves them.\n\nStart with: undercity demo",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.CompletionOptions.DisableDefaultCmd = true
	root.AddCommand(newDemo(), newServe(), newImport(), newGenerate(), newUser(), newVersion())
	return root
}

// args wraps a check of arguments so that its failure is a wrong use.
func args(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, list []string) error {
		if err := check(cmd, list); err != nil {
			return usageError{fmt.Errorf("%w; see undercity %s --help", err, cmd.Name())}
		}
		return nil
	}
}

// storeFlags name the store that a command works on.
type storeFlags struct {
	data     string
	database string
}

const defaultData = "./undercity-data"

func (f *storeFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.data, "data", envOr("DATA", defaultData), "folder of the embedded store")
	cmd.Flags().StringVar(&f.database, "database", envOr("DATABASE", ""), "address of a PostgreSQL data base (not built in yet)")
}

func (f *storeFlags) check() error {
	if f.database != "" {
		return usageError{errors.New("--database: this version has the embedded store only; leave it out and use --data DIR")}
	}
	return nil
}

// envOr is the value of UNDERCITY_NAME, or the usual one.
func envOr(name, usual string) string {
	if v, ok := os.LookupEnv("UNDERCITY_" + name); ok {
		return v
	}
	return usual
}

// openTwin opens the store in dir and the twin on it.
func openTwin(cmd *cobra.Command, dir string, readOnly bool, log *slog.Logger) (*twin.Twin, error) {
	s, err := store.Open(cmd.Context(), dir, store.Options{ReadOnly: readOnly})
	if err != nil {
		return nil, err
	}
	start := filepath.Join(dir, store.StartFileName)
	if readOnly {
		start = ""
	}
	t, err := twin.Open(cmd.Context(), s, twin.Options{Logger: log, StartFile: start})
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return t, nil
}

func openOffice(cmd *cobra.Command, dir string) (*auth.Office, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("folder of the installation: %w", err)
	}
	return auth.Open(cmd.Context(), dir, auth.Options{})
}

func newVersion() *cobra.Command {
	return &cobra.Command{Use: "version", Short: "Print version, commit and Go version", Args: args(cobra.NoArgs), RunE: func(cmd *cobra.Command, _ []string) error {
		_, err := fmt.Fprintln(cmd.OutOrStdout(), version())
		return err
	}}
}

func version() string {
	v, commit, goVersion := "development", "unknown", "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		goVersion = info.GoVersion
		if m := info.Main.Version; m != "" && m != "(devel)" {
			v = m
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				commit = s.Value[:min(12, len(s.Value))]
			}
		}
	}
	return fmt.Sprintf("undercity %s, commit %s, %s", v, commit, goVersion)
}
