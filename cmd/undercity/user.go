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
	cmd := &cobra.Command{Use: "user", Short: says("Add, list and disable users, and make their tokens", "增加、列出、停用用户，签发令牌"), Args: cobra.ArbitraryArgs, RunE: func(cmd *cobra.Command, list []string) error {
		return usageError{fmt.Errorf("say what to do: undercity user add|list|disable|token; %q is none of them", strings.Join(list, " "))}
	}}
	var role string
	add := &cobra.Command{Use: "add NAME", Short: says("Add a user", "增加用户"), Args: args(1, 1, "name the user")}
	bind(add, &role, "role", strings.Join(auth.Roles(), ", "))
	withOffice(add, &f, func(cmd *cobra.Command, o *auth.Office, list []string) error {
		if role == "" {
			return usageError{fmt.Errorf("name a role with --role: %s", strings.Join(auth.Roles(), ", "))}
		}
		return o.AddUser(cmd.Context(), list[0], role)
	})
	ls := &cobra.Command{Use: "list", Short: says("List the users", "列出用户"), Args: none}
	withOffice(ls, &f, func(cmd *cobra.Command, o *auth.Office, _ []string) error {
		users, err := o.Users(cmd.Context())
		for _, u := range users {
			state := "active"
			if u.Disabled {
				state = "disabled"
			}
			if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%s\t%s\t%s\t%s\n", u.Name, u.Role, state, u.Created.Format("2006-01-02")); err != nil {
				return err
			}
		}
		return err
	})
	disable := &cobra.Command{Use: "disable NAME", Short: says("Shut a user out; tokens and sessions end at once", "停用用户；其令牌和会话立即失效"), Args: args(1, 1, "name the user")}
	withOffice(disable, &f, func(cmd *cobra.Command, o *auth.Office, list []string) error {
		return o.Disable(cmd.Context(), list[0])
	})
	token := &cobra.Command{Use: "token NAME", Short: says("Print a new bearer token for a user", "为用户签发新令牌并打印"), Args: args(1, 1, "name the user")}
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
