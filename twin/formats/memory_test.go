package formats_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/formatstest"
)

// memoryPipes is the size of the imports that are measured: large enough that the program itself counts for little.
const memoryPipes = 150_000

// memoryGoal is how many times the memory that a process with the city holds its import may take.
const memoryGoal = 1.5

// status reads a figure of /proc/self/status, MiB.
func status(t testing.TB, name string) float64 {
	t.Helper()
	f, err := os.Open("/proc/self/status")
	if err != nil {
		t.Skip("the memory of a process can be read on Linux only")
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		var kb float64
		if rest, ok := strings.CutPrefix(s.Text(), name+":"); ok {
			if _, err := fmt.Sscan(rest, &kb); err == nil {
				return kb / 1024
			}
		}
	}
	t.Fatalf("no %s in /proc/self/status", name)
	return 0
}

// TestMemoryChild is no test: BenchmarkImportMemory runs it in processes of their own, to import files or to open what came of them.
func TestMemoryChild(t *testing.T) {
	dir := os.Getenv("UNDERCITY_MEMORY_DIR")
	if dir == "" {
		t.Skip("runs for BenchmarkImportMemory")
	}
	debug.SetGCPercent(5) // as the command does
	tw := durable(t, filepath.Join(dir, "data"))
	defer func() {
		if err := tw.Close(); err != nil {
			t.Error(err)
		}
	}()
	if os.Getenv("UNDERCITY_MEMORY_WHAT") != "import" {
		debug.FreeOSMemory()
		fmt.Printf("held %.1f assets %d\n", status(t, "VmRSS"), tw.Snapshot().Len())
		return
	}
	paths, err := filepath.Glob(filepath.Join(dir, "in", "*"))
	if err != nil {
		t.Fatal(err)
	}
	o := bigOptions(t)
	peaks := watchStages(t, &o)
	if _, err := formats.Import(t.Context(), tw, everyReader, formatstest.OnDisk(t, paths...), o); err != nil {
		t.Fatal(err)
	}
	fmt.Printf("stages%s\n", peaks())
	fmt.Printf("peak %.1f assets %d\n", status(t, "VmHWM"), tw.Snapshot().Len())
}

// watchStages looks at the memory while an import runs, and says how much each stage took: what to mend where an import takes too much.
func watchStages(t *testing.T, o *formats.Options) (peaks func() string) {
	t.Helper()
	var mu sync.Mutex
	stage, order, most := "opening", []string(nil), map[string]float64{}
	o.Progress = func(p formats.Progress) {
		mu.Lock()
		defer mu.Unlock()
		stage = p.Stage
	}
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-done:
				return
			case <-time.After(10 * time.Millisecond):
			}
			now := status(t, "VmRSS")
			mu.Lock()
			if _, known := most[stage]; !known {
				order = append(order, stage)
			}
			most[stage] = max(most[stage], now)
			mu.Unlock()
		}
	}()
	return func() (text string) {
		close(done)
		<-ended
		for _, s := range order {
			text += fmt.Sprintf(" %s %.1f", s, most[s])
		}
		return text
	}
}

// BenchmarkImportMemory holds the greatest memory of a whole import of each format against what a process with the same city holds. It
// fails where an import takes more than memoryGoal times that.
func BenchmarkImportMemory(b *testing.B) {
	for _, format := range bigFormats {
		b.Run(format.name, func(b *testing.B) {
			dir := b.TempDir()
			if err := os.Mkdir(filepath.Join(dir, "in"), 0o755); err != nil {
				b.Fatal(err)
			}
			format.write(b, filepath.Join(dir, "in"), memoryPipes)
			var peak, held float64
			var assets int
			for b.Loop() {
				if err := os.RemoveAll(filepath.Join(dir, "data")); err != nil {
					b.Fatal(err)
				}
				peak, _ = child(b, dir, "import")
				held, assets = child(b, dir, "open")
			}
			b.ReportMetric(peak, "MiB-peak")
			b.ReportMetric(held, "MiB-held")
			b.ReportMetric(peak/held, "peak/held")
			if assets < 2*memoryPipes {
				b.Fatalf("%d assets came of %d pipes and as many nodes", assets, memoryPipes)
			}
			if peak > memoryGoal*held {
				b.Errorf("an import takes up to %.0f MiB, the city that comes of it %.0f", peak, held)
			}
		})
	}
}

// child runs TestMemoryChild in a process of its own.
func child(b *testing.B, dir, what string) (mib float64, assets int) {
	b.Helper()
	c := exec.Command(os.Args[0], "-test.run", "^TestMemoryChild$", "-test.v")
	c.Env = append(os.Environ(), "UNDERCITY_MEMORY_DIR="+dir, "UNDERCITY_MEMORY_WHAT="+what)
	out, err := c.CombinedOutput()
	if err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		if text, ok := strings.CutPrefix(line, "stages "); ok {
			b.Log(strings.TrimSpace(text))
		}
		var word string
		if k, _ := fmt.Sscanf(line, "%s %f assets %d", &word, &mib, &assets); k == 3 {
			return mib, assets
		}
	}
	b.Fatalf("nothing was measured\n%s", out)
	return 0, 0
}
