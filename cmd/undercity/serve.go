package main

import (
	"errors"
	"fmt"
	"net"
	"os"

	"github.com/spf13/cobra"
)

func newServe() *cobra.Command {
	var f storeFlags
	var w webFlags
	var b brokerFlags
	var se sessionFlags
	var debug bool
	cmd := &cobra.Command{Use: "serve", Short: says("Serve an installation", "启动服务"), Args: none, RunE: func(cmd *cobra.Command, _ []string) (err error) {
		if err := f.check(); err != nil {
			return err
		}
		if err := b.check(); err != nil {
			return err
		}
		reached, err := w.check(cmd.Context())
		if err != nil {
			return err
		}
		limits, err := se.options()
		if err != nil {
			return err
		}
		tuneMemory()
		log := newLogger(debug)
		a := &app{log: log, scratch: f.data}
		if a.twin, err = openTwin(cmd, f.data, false, log); err != nil {
			return err
		}
		limits.Logger = log
		if a.office, err = openOffice(cmd, f.data, limits); err != nil {
			return errors.Join(err, a.twin.Close())
		}
		defer func() { err = errors.Join(err, a.close()) }()
		return a.serve(cmd.Context(), reached, func(addr net.Addr) error {
			log.Info("listening", "addr", addr.String(), "assets", a.twin.Snapshot().Len(), "revision", a.twin.Snapshot().Revision())
			users, err := a.office.Users(cmd.Context())
			if err == nil && len(users) == 0 {
				fmt.Fprintf(os.Stderr, "nobody can sign in yet; add somebody with: undercity user add NAME --role admin --data %s && undercity user password NAME --data %s\n", f.data, f.data)
			}
			return err
		})
	}}
	f.add(cmd)
	w.add(cmd)
	se.add(cmd)
	bind(cmd, &debug, "debug")
	bind(cmd, &b.listen, "mqtt-listen")
	bind(cmd, &b.broker, "mqtt-broker")
	return cmd
}
