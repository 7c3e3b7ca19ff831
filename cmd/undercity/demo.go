package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/server/trail"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/generate"
)

type demoFlags struct {
	web       webFlags
	session   sessionFlags
	segments  int
	seed      uint64
	data      string
	tokenFile string
	from      []string
	files     importFlags
	broker    brokerFlags
	debug     bool
}

func newDemo() *cobra.Command {
	var f demoFlags
	cmd := &cobra.Command{Use: "demo [FILE…]", Short: says("Run the whole product on a generated city, or on files, and print a sign-in address", "用生成的城市或所给文件运行整个产品，并打印登录地址"),
		Args: args(0, maxArgs, ""), RunE: func(cmd *cobra.Command, more []string) error {
			if len(more) > 0 && len(f.from) == 0 {
				return usageError{fmt.Errorf("demo takes no argument %q; files to show are named with --from", more[0])}
			}
			f.from = append(f.from, more...)
			return f.run(cmd)
		}}
	f.web.add(cmd)
	f.session.add(cmd)
	bind(cmd, &f.segments, "segments")
	bind(cmd, &f.seed, "seed")
	cmd.Flags().StringVar(&f.data, "data", "", says("folder to keep the city in (default: a temporary one); one that holds a twin is served as it is", "保存城市的文件夹（默认：临时文件夹）；其中已有数据时原样提供服务"))
	bind(cmd, &f.tokenFile, "token-file")
	bind(cmd, &f.from, "from")
	bind(cmd, &f.debug, "debug")
	bind(cmd, &f.broker.listen, "mqtt-listen")
	f.files.add(cmd)
	return cmd
}

// demoUser is who the sign-in address signs in.
const demoUser = "demo"

func (f *demoFlags) run(cmd *cobra.Command) (err error) {
	if err := f.broker.check(); err != nil {
		return err
	}
	o, err := f.files.options() // a wrong flag is said before anything is made
	if err != nil {
		return err
	}
	w, err := f.web.check(cmd.Context())
	if err != nil {
		return err
	}
	limits, err := f.session.options()
	if err != nil {
		return err
	}
	tuneMemory()
	dir := f.data
	if dir == "" {
		if dir, err = os.MkdirTemp("", "undercity-demo-"); err != nil {
			return fmt.Errorf("temporary folder: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	log := newLogger(f.debug)
	a := &app{log: log, scratch: dir}
	var done func(bool) error
	if a.twin, done, err = openFresh(cmd, dir, log); err != nil {
		return err
	}
	if a.twin.Snapshot().Revision() == 0 {
		if err := f.fill(cmd, a.twin, o); err != nil {
			return errors.Join(err, done(false))
		}
	}
	limits.Logger = log
	if a.office, err = openOffice(cmd, dir, limits); err != nil {
		return errors.Join(err, done(true))
	}
	defer func() { err = errors.Join(err, a.office.Close(), done(true)) }()
	var link string
	err = recorded(cmd, a.office, entryOf(cmd, trail.User, demoUser), func() (err error) {
		link, err = f.signIn(cmd, a.office)
		return err
	})
	if err != nil {
		return err
	}
	return a.serve(cmd.Context(), w, func(addr net.Addr) error {
		if _, err := fmt.Fprintln(cmd.ErrOrStderr(), says("Open this address in a browser, once; Ctrl C ends the demo:", "请在浏览器中打开此地址（仅可使用一次）；按 Ctrl C 结束演示：")); err != nil {
			return err
		}
		_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s/#signin=%s\n", w.url(addr), link)
		return err
	})
}

func (f *demoFlags) fill(cmd *cobra.Command, t *twin.Twin, o formats.Options) error {
	if len(f.from) > 0 {
		_, err := importFiles(cmd, t, f.from, o)
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

// signIn makes the demo's administrator, the secret of the address that signs in once, and the token that was asked for, which stays valid.
func (f *demoFlags) signIn(cmd *cobra.Command, o *auth.Office) (string, error) {
	ctx := cmd.Context()
	if err := o.AddUser(ctx, demoUser, auth.RoleAdmin); err != nil && twin.KindOf(err) != twin.Conflict {
		return "", err
	}
	if f.tokenFile != "" {
		token, _, err := o.MakeToken(ctx, demoUser, auth.NewToken{Name: "demo", Endless: true})
		if err != nil {
			return "", err
		}
		if err := os.WriteFile(f.tokenFile, []byte(token+"\n"), 0o600); err != nil {
			return "", fmt.Errorf("token file %s: %w", filepath.Base(f.tokenFile), err)
		}
	}
	l, err := o.MakeLink(ctx, demoUser, 0)
	return l.Secret, err
}
