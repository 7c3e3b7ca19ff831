package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// run has a command of its own say what its settings are.
func settle(t *testing.T, env map[string]string, args ...string) (listen string, segments int, from []string, err error) {
	t.Helper()
	for k, v := range env {
		t.Setenv(k, v)
	}
	var config string
	root := &cobra.Command{Use: "x", SilenceErrors: true, SilenceUsage: true, PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return configure(cmd) }, Run: func(*cobra.Command, []string) {}}
	bind(root, &listen, "listen")
	bind(root, &segments, "segments")
	bind(root, &from, "from")
	bind(root, &config, "config")
	root.SetArgs(args)
	err = root.Execute()
	return listen, segments, from, err
}

// TestOrder wants the flag before the environment, that before the file, and that before the default.
func TestOrder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "c.yaml")
	if err := os.WriteFile(file, []byte("# ours\nlisten: 10.0.0.1:1\nsegments: 7\nfrom: [a b.csv, c.csv]\ndata: /srv\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name     string
		env      map[string]string
		args     []string
		listen   string
		segments int
		from     string
	}{
		{"defaults", nil, nil, "127.0.0.1:8080", 20000, ""},
		{"file", nil, []string{"--config", file}, "10.0.0.1:1", 7, "a b.csv|c.csv"},
		{"environment", map[string]string{"UNDERCITY_LISTEN": "10.0.0.2:2", "UNDERCITY_FROM": "x:y"}, []string{"--config", file}, "10.0.0.2:2", 7, "x|y"},
		{"flag", map[string]string{"UNDERCITY_LISTEN": "10.0.0.2:2", "UNDERCITY_SEGMENTS": "8"}, []string{"--config", file, "--listen", "10.0.0.3:3", "--from", "z"}, "10.0.0.3:3", 8, "z"},
		{"file named by the environment", map[string]string{"UNDERCITY_CONFIG": file}, nil, "10.0.0.1:1", 7, "a b.csv|c.csv"},
	} {
		t.Run(c.name, func(t *testing.T) {
			listen, segments, from, err := settle(t, c.env, c.args...)
			if err != nil || listen != c.listen || segments != c.segments || strings.Join(from, "|") != c.from {
				t.Errorf("%s, %d, %q, %v", listen, segments, from, err)
			}
		})
	}
}

// TestBadConfig wants the file, the line and what to do.
func TestBadConfig(t *testing.T) {
	for text, want := range map[string]string{
		"listen: a\nlisen: b\n":                `line 2: there is no setting "lisen"; did you mean "listen"?`,
		"tokenfile: x\n":                       `did you mean "token-file"?`,
		"segments: many\n":                     "line 1",
		"listen:\n  host: a\n":                 "line 1: listen: a single value",
		"- a\n":                                "line 1 is no setting",
		"listen: [a\n":                         "is not YAML",
		"listen: a\nlisten: b\n":               "listen",
		"config: other.yaml\n":                 `there is no setting "config"`,
		"listen: a\n---\nsegments: x\n":        "line 3",
		"\x00\x01":                             "c.yaml",
		strings.Repeat("# x\n", 300_000):       "longer than",
		"segments: " + strings.Repeat("9", 30): "a whole number",
	} {
		file := filepath.Join(t.TempDir(), "c.yaml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, _, _, err := settle(t, nil, "--config", file)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.40q: want %q, got %v", text, want, err)
		}
	}
	if _, _, _, err := settle(t, nil, "--config", "nowhere.yaml"); err == nil || !strings.Contains(err.Error(), "nowhere.yaml cannot be read") {
		t.Errorf("%v", err)
	}
}

// TestSettingsInBothLanguages wants a text in each language for each row, and no name twice for a command.
func TestSettingsInBothLanguages(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range settings {
		if s.en == "" || s.zh == "" || s.usual == nil || seen[s.name+" "+s.of] {
			t.Errorf("%+v", s)
		}
		seen[s.name+" "+s.of] = true
	}
}

func FuzzConfig(f *testing.F) {
	f.Add([]byte("listen: a\nfrom: [b, 'c']\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := parseConfig("c.yaml", b); err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("more than a sentence: %v", err)
		}
	})
}
