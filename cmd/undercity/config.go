package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// bind gives a command the flag of a setting. target is a pointer to a variable of the setting's type; words fill the verbs of its text.
func bind(cmd *cobra.Command, target any, name string, words ...any) {
	s, ok := settingOf(cmd, name)
	if !ok {
		panic("there is no setting " + name) // a promise of the program: a test binds every command
	}
	text := s.text(words...)
	if !s.flag {
		text += " [" + s.env() + "]"
	}
	f := cmd.Flags()
	switch t := target.(type) {
	case *string:
		f.StringVar(t, name, s.usual.(string), text)
	case *int:
		f.IntVar(t, name, s.usual.(int), text)
	case *uint64:
		f.Uint64Var(t, name, s.usual.(uint64), text)
	case *float64:
		f.Float64Var(t, name, s.usual.(float64), text)
	case *bool:
		f.BoolVar(t, name, s.usual.(bool), text)
	case *[]string:
		f.StringArrayVar(t, name, nil, text)
	default:
		panic(fmt.Sprintf("a setting cannot be a %T", target))
	}
}

// settingOf is the row for a flag of a command: the command's own, else the one for all.
func settingOf(cmd *cobra.Command, name string) (setting, bool) {
	own := func(s setting) bool { return s.name == name && s.of == cmd.Name() }
	all := func(s setting) bool { return s.name == name && s.of == "" }
	for _, is := range [...]func(setting) bool{own, all} {
		if i := slices.IndexFunc(settings, is); i >= 0 {
			return settings[i], true
		}
	}
	return setting{}, false
}

// text is what the setting is, in the language of the terminal.
func (s setting) text(words ...any) string {
	t := s.en
	if chinese() {
		t = s.zh
	}
	if len(words) > 0 {
		return fmt.Sprintf(t, words...)
	}
	return t
}

func (s setting) env() string {
	return "UNDERCITY_" + strings.ToUpper(strings.ReplaceAll(s.name, "-", "_"))
}

// chinese reports whether the terminal's language is Chinese.
func chinese() bool {
	for _, v := range [...]string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if l := os.Getenv(v); l != "" {
			return strings.HasPrefix(strings.ToLower(l), "zh")
		}
	}
	return false
}

// configure gives the flags that the command line leaves out their values from the environment, else from the file of --config.
func configure(cmd *cobra.Command) error {
	file, err := configFile(cmd)
	if err != nil {
		return err
	}
	var wrong error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		s, ok := settingOf(cmd, f.Name)
		if !ok || f.Changed || wrong != nil || s.flag {
			return
		}
		env := s.env()
		values, from := file[f.Name].values, file[f.Name].where
		if v, ok := os.LookupEnv(env); ok {
			values, from = []string{v}, env
			if f.Value.Type() == "stringArray" && !s.comma {
				values = strings.Split(v, string(os.PathListSeparator))
			}
		}
		for _, v := range values {
			// A flag given in the environment counts as given: Set marks it so.
			if err := cmd.Flags().Set(f.Name, v); err != nil {
				wrong = usageError{fmt.Errorf("%s: %q is not a value of %s: write %s", from, v, f.Name, kind(f))}
				return
			}
		}
	})
	return wrong
}

// kind is what a flag takes, in words.
func kind(f *pflag.Flag) string {
	switch f.Value.Type() {
	case "int", "uint64":
		return "a whole number"
	case "float64":
		return "a number"
	case "bool":
		return "true or false"
	}
	return "a text"
}

// given is the value of a setting in a file.
type given struct {
	values []string
	where  string // file and line
}

const maxConfig = 1 << 20 // bytes

// configFile reads the file of --config, if the command has one. A key that is no setting is an error, so that no misspelt one is passed over.
func configFile(cmd *cobra.Command) (map[string]given, error) {
	f := cmd.Flags().Lookup("config")
	if f == nil {
		return nil, nil
	}
	name := f.Value.String()
	if name == "" {
		name = os.Getenv("UNDERCITY_CONFIG")
	}
	if name == "" {
		return nil, nil
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, usageError{fmt.Errorf("--config %s cannot be read: %w", name, errors.Unwrap(err))}
	}
	if info.Size() > maxConfig {
		return nil, usageError{fmt.Errorf("--config %s is longer than %d bytes; is it the right file?", name, maxConfig)}
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, usageError{fmt.Errorf("--config %s cannot be read: %w", name, errors.Unwrap(err))}
	}
	return parseConfig(name, text)
}

// parseConfig reads YAML of one level: setting: value, or setting: [value, …].
func parseConfig(name string, text []byte) (map[string]given, error) {
	tree, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, usageError{fmt.Errorf("%s is not YAML: %s", name, strings.Join(strings.Fields(err.Error()), " "))}
	}
	found := map[string]given{}
	for _, doc := range tree.Docs {
		if doc.Body == nil {
			continue
		}
		rows, ok := doc.Body.(ast.MapNode)
		if !ok {
			return nil, usageError{fmt.Errorf("%s: line %d is no setting; write one a line, as \"listen: 127.0.0.1:8080\"", name, doc.Body.GetToken().Position.Line)}
		}
		for it := rows.MapRange(); it.Next(); {
			key := it.Key().String()
			where := fmt.Sprintf("%s, line %d", name, it.Key().GetToken().Position.Line)
			i := slices.IndexFunc(settings, func(s setting) bool { return s.name == key && !s.flag })
			if i < 0 {
				return nil, usageError{fmt.Errorf("%s: there is no setting %q; did you mean %q?", where, key, nearest(key))}
			}
			if _, twice := found[key]; twice {
				return nil, usageError{fmt.Errorf("%s: %s stands twice; keep one of the two", where, key)}
			}
			values, err := scalars(it.Value())
			if err != nil {
				return nil, usageError{fmt.Errorf("%s: %s: %w", where, key, err)}
			}
			found[key] = given{values, where}
		}
	}
	return found, nil
}

func scalars(n ast.Node) ([]string, error) {
	switch v := n.(type) {
	case *ast.SequenceNode:
		var list []string
		for _, item := range v.Values {
			one, err := scalars(item)
			if err != nil {
				return nil, err
			}
			list = append(list, one...)
		}
		return list, nil
	case *ast.StringNode:
		return []string{v.Value}, nil
	case *ast.NullNode:
		return nil, nil
	case ast.ScalarNode:
		return []string{v.GetToken().Value}, nil
	}
	return nil, errors.New("a single value, or a list of them, is wanted")
}

// nearest is the setting whose name is most like a misspelt one.
func nearest(name string) string {
	best, least := "", 1<<30
	for _, s := range settings {
		if d := distance(strings.ToLower(strings.ReplaceAll(name, "_", "-")), s.name); !s.flag && d < least {
			best, least = s.name, d
		}
	}
	return best
}

// distance is how many letters two words differ by (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := last
			if a[i] != b[j] {
				cost++
			}
			last = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
