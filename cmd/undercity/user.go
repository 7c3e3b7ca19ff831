package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/server/rights"
)

// userCommand is undercity user, with the flags that its commands share.
type userCommand struct {
	store       storeFlags
	role        string
	unit        string
	displayName string
}

func newUser() *cobra.Command {
	u := &userCommand{}
	cmd := &cobra.Command{Use: "user", Short: says("Manage users and units, their passwords and tokens", "管理用户和单位，设置密码，签发令牌"), Args: cobra.ArbitraryArgs, RunE: func(cmd *cobra.Command, list []string) error {
		return usageError{fmt.Errorf("say what to do: undercity user add|list|role|disable|enable|remove|password|token|unit; %q is none of them", strings.Join(list, " "))}
	}}
	one := func(use, en, zh string, do func(*cobra.Command, *auth.Office, string) error) *cobra.Command {
		c := &cobra.Command{Use: use, Short: says(en, zh), Args: args(1, 1, "name the user")}
		withOffice(c, &u.store, func(cmd *cobra.Command, o *auth.Office, list []string) error { return do(cmd, o, list[0]) })
		return c
	}
	add := one("add NAME", "Add a user, who can sign in with what user password or user token prints", "增加用户；再用 user password 或 user token 使其能够登录", u.add)
	bind(add, &u.role, "role", strings.Join(auth.Roles(), ", "))
	bind(add, &u.unit, "unit")
	bind(add, &u.displayName, "display-name")
	role := one("role NAME", "Give a user another role; sessions end", "更改用户角色；其会话随即结束", func(cmd *cobra.Command, o *auth.Office, name string) error {
		if u.role == "" {
			return noRole()
		}
		_, err := o.UpdateUser(cmd.Context(), name, auth.Update{Role: &u.role})
		return err
	})
	bind(role, &u.role, "role", strings.Join(auth.Roles(), ", "))
	disable := one("disable NAME", "Shut a user out; tokens and sessions end at once", "停用用户；其令牌和会话立即失效", func(cmd *cobra.Command, o *auth.Office, name string) error {
		return o.Disable(cmd.Context(), name)
	})
	enable := one("enable NAME", "Let a disabled user in again, with a new password or token", "恢复已停用的用户；需要新的密码或令牌", func(cmd *cobra.Command, o *auth.Office, name string) error {
		no := false
		_, err := o.UpdateUser(cmd.Context(), name, auth.Update{Disabled: &no})
		return err
	})
	remove := one("remove NAME", "Remove a user who has never used the installation", "删除从未使用过系统的用户", func(cmd *cobra.Command, o *auth.Office, name string) error {
		return o.RemoveUser(cmd.Context(), name)
	})
	ls := &cobra.Command{Use: "list", Short: says("List the users: name, role, state, made, unit, last sign-in", "列出用户：用户名、角色、状态、创建日期、单位、最近登录"), Args: none}
	withOffice(ls, &u.store, listUsers)
	cmd.AddCommand(add, ls, role, disable, enable, remove, u.password(), u.token(), u.units())
	return cmd
}

func noRole() error {
	return usageError{fmt.Errorf("name a role with --role: %s", strings.Join(auth.Roles(), ", "))}
}

func (u *userCommand) add(cmd *cobra.Command, o *auth.Office, name string) error {
	if u.role == "" {
		return noRole()
	}
	return o.CreateUser(cmd.Context(), auth.Account{Name: name, DisplayName: u.displayName, Role: u.role, Unit: u.unit})
}

// day is a date, "-" for none.
func day(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Format(time.DateOnly)
}

func listUsers(cmd *cobra.Command, o *auth.Office, _ []string) error {
	users, err := o.Users(cmd.Context())
	if err != nil {
		return err
	}
	for _, u := range users {
		state, unit, in := "active", "-", "-"
		if u.Disabled {
			state = "disabled"
		}
		if u.Unit != "" {
			unit = u.Unit
		}
		if !u.SignedIn.IsZero() {
			in = u.SignedIn.Format(time.RFC3339)
		}
		if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%s\t%s\t%s\t%s\t%s\t%s\n", u.Name, u.Role, state, day(u.Created), unit, in); err != nil {
			return err
		}
	}
	return nil
}

// token prints a bearer token, and nothing else on the standard output.
func (u *userCommand) token() *cobra.Command {
	var days int
	var scopes []string
	var called string
	cmd := &cobra.Command{Use: "token NAME", Short: says("Print a new bearer token for a user", "为用户签发新令牌并打印"), Args: args(1, 1, "name the user")}
	withOffice(cmd, &u.store, func(cmd *cobra.Command, o *auth.Office, list []string) error {
		most := int(auth.MaxTokenLife / (24 * time.Hour))
		if days < 0 || days > most {
			return usageError{fmt.Errorf("--days %d: a token lasts from 1 to %d days, and with 0, for administrators, without an end", days, most)}
		}
		n := auth.NewToken{Name: called, Life: time.Duration(days) * 24 * time.Hour, Endless: days == 0}
		may := append(rights.Actions(), auth.Own)
		for _, s := range listed(scopes) {
			if !slices.Contains(may, auth.Right(s)) {
				return usageError{fmt.Errorf("--scope %s is not a right; choose some of %v", s, may)}
			}
			n.Scopes = append(n.Scopes, auth.Right(s))
		}
		text, _, err := o.MakeToken(cmd.Context(), list[0], n)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(cmd.OutOrStdout(), text)
		return err
	})
	bind(cmd, &days, "days")
	bind(cmd, &scopes, "scope")
	bind(cmd, &called, "name")
	return cmd
}

// units is undercity user unit.
func (u *userCommand) units() *cobra.Command {
	cmd := &cobra.Command{Use: "unit", Short: says("Add and list the units that users belong to", "增加、列出用户所属的单位"), Args: cobra.ArbitraryArgs, RunE: func(cmd *cobra.Command, list []string) error {
		return usageError{fmt.Errorf("say what to do: undercity user unit add|list; %q is neither", strings.Join(list, " "))}
	}}
	var n auth.Unit
	add := &cobra.Command{Use: "add CODE NAME", Short: says("Add a unit", "增加单位"), Args: args(2, 2, "give a code and a name")}
	withOffice(add, &u.store, func(cmd *cobra.Command, o *auth.Office, list []string) error {
		n.Code, n.Name = list[0], list[1]
		return o.AddUnit(cmd.Context(), n)
	})
	bind(add, &n.Kind, "kind", strings.Join(auth.UnitKinds(), ", "))
	bind(add, &n.Phone, "phone")
	ls := &cobra.Command{Use: "list", Short: says("List the units: code, kind, users, phone, name", "列出单位：代码、类型、用户数、电话、名称"), Args: none}
	withOffice(ls, &u.store, func(cmd *cobra.Command, o *auth.Office, _ []string) error {
		units, err := o.Units(cmd.Context())
		for _, n := range units {
			phone := n.Phone
			if phone == "" {
				phone = "-"
			}
			if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%s\t%s\t%d\t%s\t%s\n", n.Code, n.Kind, n.Users, phone, n.Name); err != nil {
				return err
			}
		}
		return err
	})
	cmd.AddCommand(add, ls)
	return cmd
}

// withOffice gives a command the office of the installation.
func withOffice(cmd *cobra.Command, f *storeFlags, do func(*cobra.Command, *auth.Office, []string) error) {
	f.add(cmd)
	cmd.RunE = func(cmd *cobra.Command, list []string) (err error) {
		if err := f.check(); err != nil {
			return err
		}
		o, err := openOffice(cmd, f.data, auth.Options{})
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, o.Close()) }()
		action := actionOf(cmd)
		if action == "" {
			return do(cmd, o, list)
		}
		return recorded(cmd, o, entryOf(cmd, action, list...), func() error { return do(cmd, o, list) })
	}
}
