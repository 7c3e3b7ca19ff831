package main_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// binary builds the command once.
func binary(t *testing.T) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "undercity")
	cmd := exec.Command("go", "build", "-o", out, ".")
	if b, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, b)
	}
	return out
}

// TestHelp holds the help of every command, which is the reference of the settings too, in both languages.
func TestHelp(t *testing.T) {
	bin := binary(t)
	for lang, file := range map[string]string{"C.UTF-8": "help.en.golden", "zh_CN.UTF-8": "help.zh.golden"} {
		var got strings.Builder
		for _, c := range []string{"", "demo", "serve", "import", "export", "generate", "user", "user add", "user list", "user role", "user disable", "user enable", "user remove", "user password", "user token", "user unit", "user unit add", "user unit list", "audit", "audit verify", "audit anchor", "version"} {
			cmd := exec.Command(bin, append(strings.Fields(c), "--help")...)
			cmd.Env = append(os.Environ(), "LC_ALL="+lang)
			b, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%s --help: %v\n%s", c, err, b)
			}
			got.WriteString("== undercity " + c + "\n" + string(b) + "\n")
		}
		golden(t, file, got.String())
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s is not what the program says; look at the difference, then go test ./cmd/undercity -update\n%s", name, got)
	}
}
