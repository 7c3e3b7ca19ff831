package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/generate"
)

type demoFlags struct {
	listen    string
	segments  int
	seed      uint64
	data      string
	tokenFile string
	from      []string
	files     importFlags
}

func newDemo() *cobra.Command {
	var f demoFlags
	cmd := &cobra.Command{Use: "demo", Short: "Run the whole product on a generated city and print a sign-in address", Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) }}
	fl := cmd.Flags()
	fl.StringVar(&f.listen, "listen", envOr("LISTEN", "127.0.0.1:8080"), "address to listen on")
	fl.IntVar(&f.segments, "segments", 20000, "size of the generated city")
	fl.Uint64Var(&f.seed, "seed", 1, "which city is generated")
	fl.StringVar(&f.data, "data", "", "folder to keep the city in (default: a temporary one); one that holds a twin is served as it is")
	fl.StringVar(&f.tokenFile, "token-file", "", "also write the administrator's token to this file")
	fl.StringSliceVar(&f.from, "from", nil, "files to show instead of a generated city; how they are read is said as for import")
	f.files.add(cmd)
	return cmd
}

// demoUser is who the sign-in address signs in.
const demoUser = "demo"

func (f *demoFlags) run(cmd *cobra.Command) (err error) {
	tuneMemory()
	dir := f.data
	if dir == "" {
		if dir, err = os.MkdirTemp("", "undercity-demo-"); err != nil {
			return fmt.Errorf("temporary folder: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	log := newLogger()
	a := &app{log: log, scratch: dir}
	if a.twin, err = openTwin(cmd, dir, false, log); err != nil {
		return err
	}
	if a.office, err = openOffice(cmd, dir); err != nil {
		return errors.Join(err, a.twin.Close())
	}
	defer func() { err = errors.Join(err, a.close()) }()
	if a.twin.Snapshot().Revision() == 0 {
		if err := f.fill(cmd, a.twin); err != nil {
			return err
		}
	}
	token, err := demoToken(cmd, a.office)
	if err != nil {
		return err
	}
	if f.tokenFile != "" {
		if err := os.WriteFile(f.tokenFile, []byte(token+"\n"), 0o600); err != nil {
			return fmt.Errorf("token file %s: %w", filepath.Base(f.tokenFile), err)
		}
	}
	return a.serve(cmd.Context(), f.listen, func(addr net.Addr) error {
		_, err := fmt.Fprintf(cmd.OutOrStdout(), "http://%s/#signin=%s\n", addr, token)
		return err
	})
}

func (f *demoFlags) fill(cmd *cobra.Command, t *twin.Twin) error {
	if len(f.from) > 0 {
		o, err := f.files.options()
		if err != nil {
			return err
		}
		_, err = importFiles(cmd, t, f.from, o)
		return err
	}
	bar := newBar("generating the city")
	c, err := generate.New(generate.Options{Segments: f.segments, Seed: f.seed, Progress: bar.set})
	if err != nil {
		return err
	}
	_, err = generate.Load(cmd.Context(), t, c)
	bar.end()
	return err
}

func demoToken(cmd *cobra.Command, o *auth.Office) (string, error) {
	if err := o.AddUser(cmd.Context(), demoUser, "admin"); err != nil && twin.KindOf(err) != twin.Conflict {
		return "", err
	}
	return o.Token(cmd.Context(), demoUser)
}
