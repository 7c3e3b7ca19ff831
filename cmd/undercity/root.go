package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/store"
	"github.com/undercity/undercity/twin/zh"
)

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "undercity",
		Short: says("The live digital twin of the city below the street", "街道之下城市的实时数字孪生"),
		Long: says("Undercity imports what a city knows of its pipes, utility tunnels, tunnels and bridges, models them in 3D and serves them.\n\nStart with: undercity demo",
			"Undercity 导入城市掌握的管线、综合管廊、隧道和桥梁数据，建立三维模型并对外提供服务。\n\n从这里开始：undercity demo"),
		SilenceErrors:     true,
		SilenceUsage:      true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return configure(cmd) },
		Args:              cobra.ArbitraryArgs,
	}
	root.RunE = func(cmd *cobra.Command, list []string) error {
		if len(list) == 0 {
			return cmd.Help()
		}
		hint := "see undercity --help"
		if near := root.SuggestionsFor(list[0]); len(near) > 0 {
			hint = "did you mean " + near[0] + "?"
		}
		return usageError{fmt.Errorf("there is no command %q; %s", list[0], hint)}
	}
	root.SuggestionsMinimumDistance = 2
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w; see %s --help", err, cmd.CommandPath())}
	})
	root.CompletionOptions.DisableDefaultCmd = true
	root.AddCommand(newDemo(), newServe(), newImport(), newExport(), newGenerate(), newUser(), newAudit(), newVersion())
	inLanguage(root)
	return root
}

// says is a text in the language of the terminal.
func says(en, zh string) string {
	if chinese() {
		return zh
	}
	return en
}

// inWords is a sentence of the program in the language of the terminal.
func inWords(sentence string) string {
	if chinese() {
		return zh.Text(sentence)
	}
	return sentence
}

// inLanguage sets the words around the help of all commands.
func inLanguage(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	for _, cmd := range append(root.Commands(), root) {
		cmd.InitDefaultHelpFlag()
		if chinese() {
			cmd.Flags().Lookup("help").Usage = "显示帮助"
		}
	}
	if !chinese() {
		return
	}
	for _, cmd := range root.Commands() {
		if cmd.Name() == "help" {
			cmd.Short = "显示任一命令的帮助"
		}
	}
	root.SetUsageTemplate(strings.NewReplacer("Usage:", "用法：", "Aliases:", "别名：", "Examples:", "示例：", "Available Commands:", "命令：", "Additional Commands:", "其他命令：",
		"Flags:", "参数：", "Global Flags:", "通用参数：", "[command] --help", "[命令] --help", "[command]", "[命令]",
		`Use "`, `用 "`, `" for more information about a command.`, `" 查看某个命令的详细说明。`).Replace(root.UsageTemplate()))
}

// args checks the number of arguments; wrong is the sentence for another one.
func args(least, most int, wrong string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, list []string) error {
		if len(list) >= least && len(list) <= most {
			return nil
		}
		return usageError{fmt.Errorf("%s; see %s --help", wrong, cmd.CommandPath())}
	}
}

// none is for commands that take no argument.
func none(cmd *cobra.Command, list []string) error {
	return args(0, 0, fmt.Sprintf("%s takes no argument, but %q was given", cmd.CommandPath(), strings.Join(list, " ")))(cmd, list)
}

const maxArgs = 100_000

// storeFlags name the store that a command works on.
type storeFlags struct {
	data     string
	database string
	config   string
}

func (f *storeFlags) add(cmd *cobra.Command) {
	bind(cmd, &f.data, "data")
	bind(cmd, &f.database, "database")
	bind(cmd, &f.config, "config")
}

func (f *storeFlags) check() error {
	if f.database != "" {
		return usageError{errors.New("--database: this version has the embedded store only; leave it out and use --data DIR")}
	}
	return nil
}

// brokerFlags are those of sensors, which this version has not yet: said at once, and not passed over.
type brokerFlags struct{ listen, broker string }

func (f *brokerFlags) check() error {
	if f.listen != "" || f.broker != "" {
		return usageError{errors.New("--mqtt-listen and --mqtt-broker: this version takes no messages of sensors yet; leave them out")}
	}
	return nil
}

// openFresh opens the twin in dir for writing. done closes it; where there was none before and keep is false, nothing of it stays behind.
func openFresh(cmd *cobra.Command, dir string, log *slog.Logger) (t *twin.Twin, done func(keep bool) error, err error) {
	_, noFolder := os.Stat(dir)
	_, noTwin := os.Stat(filepath.Join(dir, store.FileName))
	t, err = openTwin(cmd, dir, false, log)
	if err != nil {
		return nil, nil, err
	}
	return t, func(keep bool) error {
		err := t.Close()
		if keep || noTwin == nil {
			return err
		}
		for _, name := range [...]string{store.FileName, store.StartFileName, store.LockName} {
			if rm := os.Remove(filepath.Join(dir, name)); rm != nil && !errors.Is(rm, fs.ErrNotExist) {
				err = errors.Join(err, fmt.Errorf("unused store: %w", rm))
			}
		}
		if noFolder != nil {
			_ = os.Remove(dir) // others may have put something there
		}
		return err
	}, nil
}

// openTwin opens the store in dir and the twin on it.
func openTwin(cmd *cobra.Command, dir string, readOnly bool, log *slog.Logger) (*twin.Twin, error) {
	s, err := store.Open(cmd.Context(), dir, store.Options{ReadOnly: readOnly})
	if err != nil {
		return nil, err
	}
	t, err := twin.Open(cmd.Context(), s, twin.Options{Logger: log, StartFile: filepath.Join(dir, store.StartFileName), ReadOnly: readOnly})
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if !readOnly {
		return t, nil
	}
	// What another process committed while this one read would be here in part.
	h, err := s.Head(cmd.Context())
	if err == nil && h.Revision != t.Snapshot().Revision() {
		err = errMoving
	}
	if err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return t, nil
}

var errMoving = errors.New("the store was written to while it was read; try again")

// openReading opens the twin in dir for reading, beside a server that may be writing.
func openReading(cmd *cobra.Command, dir string) (t *twin.Twin, err error) {
	for range 5 {
		if t, err = openTwin(cmd, dir, true, newQuietLogger()); !errors.Is(err, errMoving) {
			break
		}
	}
	return t, err
}

func openOffice(cmd *cobra.Command, dir string, o auth.Options) (*auth.Office, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("folder of the installation: %w", err)
	}
	return auth.Open(cmd.Context(), dir, o)
}

func newVersion() *cobra.Command {
	return &cobra.Command{Use: "version", Short: says("Print version, commit and Go version", "显示版本、提交号和 Go 版本"), Args: none, RunE: func(cmd *cobra.Command, _ []string) error {
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
