package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/undercity/undercity/server/auth"
)

func newUser() *cobra.Command {
	var f storeFlags
	cmd := &cobra.Command{Use: "user", Short: "Add, list and disable users, and make their tokens", Args: args(cobra.NoArgs), RunE: func(cmd *cobra.Command, _ []string) error {
		return usageError{errors.New("say what to do: undercity user add|list|disable|token")}
	}}
	var role string
	add := &cobra.Command{Use: "add NAME", Short: "Add a user", Args: args(cobra.ExactArgs(1))}
	add.Flags().StringVar(&role, "role", "", "role: "+strings.Join(auth.Roles(), ", "))
	withOffice(add, &f, func(cmd *cobra.Command, o *auth.Office, list []string) error {
		if role == "" {
			return usageError{fmt.Errorf("name a role with --role: %s", strings.Join(auth.Roles(), ", "))}
		}
		return o.AddUser(cmd.Context(), list[0], role)
	})
	ls := &cobra.Command{Use: "list", Short: "List the users", Args: args(cobra.NoArgs)}
	withOffice(ls, &f, func(cmd *cobra.Command, o *auth.Office, _ []string) error {
		users, err := o.Users(cmd.Context())
		for _, u := range users {
			state := "active"
			if u.Disabled {
				state = "disabled"
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s\t%s\t%s\t%s\n", u.Name, u.Role, state, u.Created.Format("2006-01-02"))
		}
		return err
	})
	disable := &cobra.Command{Use: "disable NAME", Short: "Shut a user out; tokens and sessions end at once", Args: args(cobra.ExactArgs(1))}
	withOffice(disable, &f, func(cmd *cobra.Command, o *auth.Office, list []string) error {
		return o.Disable(cmd.Context(), list[0])
	})
	token := &cobra.Command{Use: "token NAME", Short: "Print a new bearer token for a user", Args: args(cobra.ExactArgs(1))}
	withOffice(token, &f, func(cmd *cobra.Command, o *auth.Office, list []string) error {
		t, err := o.Token(cmd.Context(), list[0])
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(cmd.OutOrStdout(), t)
		return err
	})
	cmd.AddCommand(add, ls, disable, token)
	return cmd
}

// withOffice gives a command the office of the installation.
func withOffice(cmd *cobra.Command, f *storeFlags, do func(*cobra.Command, *auth.Office, []string) error) {
	f.add(cmd)
	cmd.RunE = func(cmd *cobra.Command, list []string) (err error) {
		if err := f.check(); err != nil {
			return err
		}
		o, err := openOffice(cmd, f.data)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, o.Close()) }()
		return do(cmd, o, list)
	}
}
