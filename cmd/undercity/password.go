package main

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/undercity/undercity/server/auth"
)

// maxPasswordFile bounds what is read as a password, bytes.
const maxPasswordFile = 4096

// password is undercity user password: a sign-in address with which a user sets a password, or a password from a file or the standard input, but never from
// the command line, which other people's ps shows and the shell remembers.
func (u *userCommand) password() *cobra.Command {
	var file, address string
	var keep bool
	cmd := &cobra.Command{Use: "password NAME", Short: says("Print an address with which a user sets a new password, once; or set it from a file", "打印供用户设置新密码的一次性地址；或从文件设置密码"), Args: args(1, 1, "name the user; a password is given in a file with --password-file, or with - on the standard input")}
	withOffice(cmd, &u.store, func(cmd *cobra.Command, o *auth.Office, list []string) error {
		if file == "" {
			return printLink(cmd, o, list[0], address)
		}
		password, err := readPassword(cmd, file)
		if err != nil {
			return err
		}
		return o.SetPassword(cmd.Context(), list[0], password, !keep)
	})
	bind(cmd, &file, "password-file")
	bind(cmd, &keep, "keep")
	bind(cmd, &address, "url")
	return cmd
}

func printLink(cmd *cobra.Command, o *auth.Office, name, address string) error {
	base, err := url.Parse(address)
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" {
		return usageError{fmt.Errorf("--url %q is not the address of an installation; write one such as https://twin.example.org", address)}
	}
	l, err := o.ResetPassword(cmd.Context(), name)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(cmd.ErrOrStderr(), says("This address sets a password for %s, once, until %s:\n", "此地址供 %s 设置密码，仅可使用一次，有效期至 %s：\n"), name, l.Ends.Local().Format(time.DateTime)); err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s/#signin=%s\n", strings.TrimRight(address, "/"), l.Secret)
	return err
}

// readPassword reads the first line of a file; "-" is the standard input, where a terminal does not show what is typed.
func readPassword(cmd *cobra.Command, file string) (string, error) {
	r := cmd.InOrStdin()
	if in, ok := r.(*os.File); ok && file == "-" && term.IsTerminal(int(in.Fd())) {
		if _, err := fmt.Fprint(cmd.ErrOrStderr(), says("New password: ", "新密码：")); err != nil {
			return "", err
		}
		b, err := term.ReadPassword(int(in.Fd()))
		fmt.Fprintln(os.Stderr)
		return string(b), err
	}
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return "", fmt.Errorf("password file: %w", err)
		}
		defer f.Close()
		r = f
	}
	b, err := io.ReadAll(io.LimitReader(r, maxPasswordFile+1))
	if err != nil {
		return "", fmt.Errorf("password: %w", err)
	}
	if len(b) > maxPasswordFile {
		return "", errors.New("the password file is longer than a password can be; write the password alone into it")
	}
	line, rest, _ := strings.Cut(strings.TrimPrefix(string(b), "\ufeff"), "\n")
	if strings.TrimSpace(rest) != "" {
		return "", errors.New("the password file has more than one line; write the password alone into it")
	}
	return strings.TrimSuffix(line, "\r"), nil
}
