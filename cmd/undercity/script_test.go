package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the scripts run the command as a program of its own.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"undercity": func() { os.Exit(run()) }})
}

// TestScripts runs each script of testdata/script: one behaviour of the command line each.
func TestScripts(t *testing.T) {
	data, err := filepath.Abs("../../../shared/data")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("SHARED", data)
			e.Setenv("LC_ALL", "C.UTF-8")
			return nil
		},
		Condition: func(c string) (bool, error) {
			if c == "shared" {
				_, err := os.Stat(data)
				return err == nil, nil
			}
			return false, fmt.Errorf("there is no condition %q", c)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"sentence": sentence, "bytes": makeBytes, "ready": ready, "gets": gets,
		},
	})
}

// sentence wants the last command's errors to be one line that holds every word.
func sentence(ts *testscript.TestScript, _ bool, words []string) {
	text := strings.TrimSpace(ts.ReadFile("stderr"))
	if strings.Count(text, "\n") > 0 || !strings.HasPrefix(text, "undercity: ") {
		ts.Fatalf("not one sentence: %q", text)
	}
	for _, w := range words {
		if !strings.Contains(text, w) {
			ts.Fatalf("%q does not say %q", text, w)
		}
	}
}

// makeBytes writes a file that a script cannot hold: bytes FILE zero|long|random|half OF.
func makeBytes(ts *testscript.TestScript, _ bool, args []string) {
	var b []byte
	switch args[1] {
	case "zero":
	case "long":
		b = []byte("物探点号,X坐标,Y坐标\n" + strings.Repeat("1", 1_000_000) + "\n")
	case "random":
		for i := range 5000 {
			b = append(b, byte(i*7919>>3))
		}
	case "half":
		whole := ts.ReadFile(args[2])
		b = []byte(whole[:len(whole)/2-3])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b, 0o600))
}

// ready waits until a server answers: ready ADDRESS.
func ready(ts *testscript.TestScript, _ bool, args []string) {
	for range 200 {
		res, err := http.Get("http://" + args[0] + "/readyz")
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	ts.Fatalf("no answer from %s", args[0])
}

// gets asks with the token of a file and wants a status: gets STATUS URL [TOKENFILE].
func gets(ts *testscript.TestScript, _ bool, args []string) {
	req, err := http.NewRequest(http.MethodGet, args[1], nil)
	ts.Check(err)
	if len(args) > 2 {
		req.Header.Set("Authorization", "Bearer "+strings.TrimSpace(ts.ReadFile(args[2])))
	}
	res, err := http.DefaultClient.Do(req)
	ts.Check(err)
	res.Body.Close()
	if fmt.Sprint(res.StatusCode) != args[0] {
		ts.Fatalf("%s answers %d, want %s", args[1], res.StatusCode, args[0])
	}
}
