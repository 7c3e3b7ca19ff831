package trail_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/undercity/undercity/server/trail"
)

// TestWriter is not a test: TestKilled runs it as a process of its own, which appends and says the number of each entry when it is told that it stands.
func TestWriter(t *testing.T) {
	dir := os.Getenv("UNDERCITY_TRAIL_DIR")
	if dir == "" {
		t.Skip("TestKilled starts it")
	}
	b := openBook(t, dir, trail.Options{})
	var out sync.Mutex
	var done sync.WaitGroup
	for k := range 4 {
		done.Go(func() {
			for i := 0; ; i++ {
				e := b.append(t, trail.Entry{User: fmt.Sprint(k), Action: trail.Change, Targets: []string{fmt.Sprint("JS-", i)}})
				out.Lock()
				fmt.Println("stands", e.Number)
				out.Unlock()
			}
		})
	}
	done.Wait()
}

// TestKilled kills writers in the middle: what was acknowledged is there, and the log has no fault.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	var told []int64
	for round := range 4 {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestWriter$")
		cmd.Env = append(os.Environ(), "UNDERCITY_TRAIL_DIR="+dir)
		out, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); {
			number, ok := strings.CutPrefix(lines.Text(), "stands ")
			if !ok {
				continue
			}
			v, err := strconv.ParseInt(number, 10, 64)
			if err != nil {
				break // the last line was cut
			}
			told = append(told, v)
			if n++; n == 40+31*round {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := cmd.Wait(); err == nil {
			t.Fatal("the writer ended by itself")
		}
		b := openBook(t, dir, trail.Options{})
		rep := b.verify(t)
		if !rep.OK() || len(told) < 40 {
			t.Fatalf("%s; %d told", rep.Sentence(), len(told))
		}
		for _, n := range told {
			if _, err := b.Get(t.Context(), n); err != nil {
				t.Errorf("acknowledged, and not there: %v", err)
			}
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
