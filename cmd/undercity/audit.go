package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/server/trail"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/db"
)

func newAudit() *cobra.Command {
	cmd := &cobra.Command{Use: "audit", Short: says("Verify the audit log", "校验审计日志"), Args: cobra.ArbitraryArgs, RunE: func(cmd *cobra.Command, list []string) error {
		return usageError{fmt.Errorf("say what to do: undercity audit verify|anchor; %q is neither", strings.Join(list, " "))}
	}}
	cmd.AddCommand(newAuditVerify(), newAuditAnchor())
	return cmd
}

func newAuditVerify() *cobra.Command {
	var f storeFlags
	var heads []string
	cmd := &cobra.Command{Use: "verify", Short: says("Look whether entries of the audit log were changed, taken out, put in or cut off; a server may run meanwhile", "检查审计日志有无被改动、删除、插入或截去；服务可照常运行"), Args: none}
	f.add(cmd)
	bind(cmd, &heads, "head")
	cmd.RunE = func(cmd *cobra.Command, _ []string) (err error) {
		if err := f.check(); err != nil {
			return err
		}
		var o trail.VerifyOptions
		for _, text := range listed(heads) {
			h, err := trail.ParseHead(text)
			if err != nil {
				return usageError{fmt.Errorf("--head: %w, as an earlier undercity audit verify has printed it", err)}
			}
			o.Heads = append(o.Heads, h)
		}
		d, err := openTrail(cmd.Context(), f.data)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, d.Close()) }()
		rep, err := trail.Verify(cmd.Context(), d, f.data, o)
		if err != nil {
			return err
		}
		if !rep.OK() {
			return errors.New(inWords(rep.Sentence()))
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), says("%s, looked through in %s\nhead %s\nNote the head elsewhere; later, undercity audit verify --head %s finds whether the log was written anew.\n",
			"%s，用时 %s\nhead %s\n请把 head 另行保存；以后用 undercity audit verify --head %s 可查出日志是否被重写。\n"), inWords(rep.Sentence()), rep.Took.Round(time.Millisecond), rep.Head, rep.Head)
		return err
	}
	return cmd
}

// openTrail opens the data base of the log in a folder for reading.
func openTrail(ctx context.Context, dir string) (*sql.DB, error) {
	path := filepath.Join(dir, auth.FileName)
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("there is no audit log in %s; name the folder of an installation with --data", dir)
	}
	d, err := db.Open(ctx, path, db.Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	var n int
	err = d.QueryRowContext(ctx, "select count(*) from sqlite_schema where type = 'table' and name = 'trail'").Scan(&n)
	if err == nil && n == 0 {
		err = fmt.Errorf("the audit log in %s is of a version before the chain; start the server once, which takes it over", dir)
	}
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func newAuditAnchor() *cobra.Command {
	var f storeFlags
	cmd := &cobra.Command{Use: "anchor", Short: says("Give up a head that does not fit the log, as after a data base was put back from a copy; this is recorded", "在恢复备份等情况后重设与日志不符的 head；此操作会被记录"), Args: none}
	f.add(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) (err error) {
		if err := f.check(); err != nil {
			return err
		}
		o, err := openOffice(cmd, f.data, auth.Options{})
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, o.Close()) }()
		h, err := o.Trail().Anchor(cmd.Context(), localUser())
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "head %s\n", h)
		return err
	}
	return cmd
}

// localUser is who uses the command line, as the audit log names them.
func localUser() string {
	u, err := user.Current()
	if err != nil {
		return fmt.Sprintf("local:%d", os.Getuid())
	}
	return "local:" + u.Username
}

// entryOf is the entry of a command.
func entryOf(cmd *cobra.Command, action string, targets ...string) trail.Entry {
	return trail.Entry{User: localUser(), Action: action, Route: cmd.CommandPath(), Targets: targets}
}

// statusOf is how a command ended, as the audit log has it for requests.
func statusOf(err error) int {
	if err == nil {
		return http.StatusOK
	}
	switch twin.KindOf(err) {
	case twin.Invalid:
		return http.StatusUnprocessableEntity
	case twin.NotFound:
		return http.StatusNotFound
	case twin.Conflict:
		return http.StatusConflict
	case twin.Denied:
		return http.StatusForbidden
	}
	return http.StatusInternalServerError
}

// recorded does what a command does between an entry that it began and one that says how it ended: what cannot be recorded is not done.
func recorded(cmd *cobra.Command, o *auth.Office, e trail.Entry, do func() error) error {
	begun, err := o.Trail().Append(cmd.Context(), e)
	if err != nil {
		return err
	}
	err = do()
	e.Begun, e.Status = begun.Number, statusOf(err)
	_, lost := o.Trail().Append(context.WithoutCancel(cmd.Context()), e)
	return errors.Join(err, lost)
}

// actionOf is what a command of undercity user does; "" is nothing that is recorded.
func actionOf(cmd *cobra.Command) string {
	switch {
	case cmd.Name() == "list":
		return ""
	case cmd.Name() == "token":
		return trail.Token
	case strings.Contains(cmd.CommandPath(), " unit "):
		return trail.Unit
	}
	return trail.User
}
