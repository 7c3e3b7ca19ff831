package formats_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/undercity/undercity/twin/formats"
)

// memoryPipes is the size of the import that is measured: large enough that the program itself does not count.
const memoryPipes = 150_000

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

// TestMemoryChild is no test: BenchmarkImportMemory runs it in processes of their own, to import a survey or to open what came of it.
func TestMemoryChild(t *testing.T) {
	dir := os.Getenv("UNDERCITY_MEMORY_DIR")
	if dir == "" {
		t.Skip("runs for BenchmarkImportMemory")
	}
	debug.SetGCPercent(10) // as the command does
	tw := durable(t, filepath.Join(dir, "data"))
	defer func() {
		if err := tw.Close(); err != nil {
			t.Error(err)
		}
	}()
	if os.Getenv("UNDERCITY_MEMORY_WHAT") == "import" {
		var files []formats.File
		for _, name := range [...]string{"WSPOINT.csv", "WSLINE.csv"} {
			path := filepath.Join(dir, name)
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, formats.File{Name: name, Size: info.Size(), Open: func() (formats.Content, error) { return os.Open(path) }})
		}
		if _, err := formats.Import(t.Context(), tw, readers, files, bigOptions(t)); err != nil {
			t.Fatal(err)
		}
		fmt.Printf("peak %.1f assets %d\n", status(t, "VmHWM"), tw.Snapshot().Len())
		return
	}
	debug.FreeOSMemory()
	fmt.Printf("held %.1f assets %d\n", status(t, "VmRSS"), tw.Snapshot().Len())
}

// BenchmarkImportMemory holds the greatest memory of a whole import against what a process with the same city holds; the goal is 1.5
// times. It fails where something takes the memory of the city twice.
func BenchmarkImportMemory(b *testing.B) {
	dir := b.TempDir()
	writeSurvey(b, dir, memoryPipes)
	var peak, held float64
	for b.Loop() {
		if err := os.RemoveAll(filepath.Join(dir, "data")); err != nil {
			b.Fatal(err)
		}
		peak, held = child(b, dir, "import"), child(b, dir, "open")
	}
	b.ReportMetric(peak, "MiB-peak")
	b.ReportMetric(held, "MiB-held")
	b.ReportMetric(peak/held, "peak/held")
	if peak > 2*held {
		b.Errorf("an import takes up to %.0f MiB, the city that comes of it %.0f", peak, held)
	}
}

func child(b *testing.B, dir, what string) float64 {
	b.Helper()
	c := exec.Command(os.Args[0], "-test.run", "^TestMemoryChild$", "-test.v")
	c.Env = append(os.Environ(), "UNDERCITY_MEMORY_DIR="+dir, "UNDERCITY_MEMORY_WHAT="+what)
	out, err := c.CombinedOutput()
	if err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		var word string
		var mib float64
		var n int
		if k, _ := fmt.Sscanf(line, "%s %f assets %d", &word, &mib, &n); k == 3 && n == 2*memoryPipes {
			return mib
		}
	}
	b.Fatalf("nothing was measured\n%s", out)
	return 0
}
