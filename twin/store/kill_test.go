package store_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/db"
	"github.com/undercity/undercity/twin/store"
)

// killDir names the environment variable that turns this test binary into the process that is killed.
const killDir = "UNDERCITY_KILL_TEST_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(killDir); dir != "" {
		if err := writeForEver(context.Background(), dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// writeForEver commits one revision after the other and prints the number of each once it is acknowledged.
func writeForEver(ctx context.Context, dir string) error {
	s, err := store.Open(ctx, dir, store.Options{PackFrom: 300, PackOf: 50}) // about every other revision in packs
	if err != nil {
		return err
	}
	h, err := s.Head(ctx)
	if err != nil {
		return err
	}
	fmt.Println("open")
	for r := h.Revision + 1; ; r++ {
		c, err := killCommit(r)
		if err != nil {
			return err
		}
		if err := s.Commit(ctx, c); err != nil {
			return err
		}
		fmt.Println(r)
	}
}

// batch is how many assets revision r creates: from few to more than a page of the log holds.
func batch(r uint64) int { return 1 + int(r*37%180) }

func killID(r uint64, i int) twin.ID { return fmt.Sprintf("WS-%08d-%04d", r, i) }

func killAsset(r uint64, i int, now uint64, version uint32) *twin.Asset {
	h := float64(now%1000) / 10
	return &twin.Asset{ID: killID(r, i), SourceNumber: fmt.Sprintf("%08d-%04d", r, i), Kind: twin.KindSegment, Network: "WS", Reference: twin.RefInvert, Bottom: twin.Unknown(),
		Section: geometry.Round(0.4, 0.03), Version: version, Revision: now, Recorded: time.UnixMilli(int64(now)).UTC(),
		Line: []geometry.Point{{E: 500000, N: 4150000 + float64(i), H: h}, {E: 500030, N: 4150000 + float64(i), H: h}}}
}

// killCommit is revision r: it creates a batch, updates the batch before, and removes the one before that.
func killCommit(r uint64) (*twin.Commit, error) {
	c := &twin.Commit{Revision: r, Time: time.UnixMilli(int64(r)).UTC(), Author: "a", Count: batch(r)}
	if r == 1 {
		p, err := crs.Parse("EPSG:4549")
		if err != nil {
			return nil, err
		}
		if c.Frame, err = crs.NewFrame(p, "1985国家高程基准", 0); err != nil {
			return nil, err
		}
		c.Square = twin.Square{MinE: 499000, MinN: 4149000, Size: 4000}
	}
	if r > 1 {
		c.Count += batch(r - 1)
	}
	if r > 2 {
		c.Count += batch(r - 2)
	}
	c.Changes = func(yield func(twin.Op, *twin.Asset) bool) {
		for _, step := range []struct {
			op   twin.Op
			back uint64
		}{{twin.OpRemove, 2}, {twin.OpUpdate, 1}, {twin.OpCreate, 0}} {
			if r <= step.back {
				continue
			}
			for i := range batch(r - step.back) {
				if !yield(step.op, killAsset(r-step.back, i, r, uint32(step.back)+1)) {
					return
				}
			}
		}
	}
	return c, nil
}

// killState is what revision r must hold: the batch it created, and the one before at version 2.
func killState(r uint64) map[twin.ID]uint32 {
	m := map[twin.ID]uint32{}
	for back := range min(r, 2) {
		for i := range batch(r - back) {
			m[killID(r-back, i)] = uint32(back) + 1
		}
	}
	return m
}

// TestKilled kills a writing process again and again: every acknowledged revision is there afterwards, and none is half there.
func TestKilled(t *testing.T) {
	kills := 40
	if testing.Short() {
		kills = 8
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	rnd := rand.New(rand.NewPCG(1, uint64(time.Now().UnixNano())))
	acknowledged := uint64(0)
	// A slow machine needs longer for a commit: the lives grow until about one in two acknowledges something.
	life, n := 180*time.Millisecond, 0
	for ; n < kills || acknowledged < uint64(kills)/2 && n < 3*kills; n++ {
		before := acknowledged
		last := killOnce(t, self, dir, time.Duration(rnd.Int64N(int64(life))))
		acknowledged = max(acknowledged, last)
		acknowledged = checkKilled(t, dir, acknowledged)
		if t.Failed() {
			return
		}
		if acknowledged == before {
			life = min(life*5/4, 3*time.Second)
		}
	}
	if acknowledged < uint64(kills)/2 {
		t.Errorf("only %d revisions in %d lives: the test has killed too early to show anything", acknowledged, n)
	}
	t.Logf("%d kills, %d revisions acknowledged", n, acknowledged)
}

// killOnce starts a writer, kills it a time after it has opened the store, and returns the last revision it acknowledged.
func killOnce(t *testing.T, self, dir string, after time.Duration) (last uint64) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), killDir+"="+dir)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatalf("the writer did not start: %v %s", cmd.Wait(), stderr.String())
	}
	timer := time.AfterFunc(after, func() {
		if err := cmd.Process.Kill(); err != nil {
			t.Errorf("kill: %v", err)
		}
	})
	defer timer.Stop()
	for lines.Scan() {
		n, err := strconv.ParseUint(lines.Text(), 10, 64)
		if err != nil {
			break // the last line may be cut off
		}
		last = n
	}
	if err := cmd.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Fatalf("the writer ended by itself: %v %s", err, stderr.String())
	}
	return last
}

// checkKilled holds what is on disk against what revision after revision must have left, and returns the revision it is at.
func checkKilled(t *testing.T, dir string, acknowledged uint64) uint64 {
	t.Helper()
	s, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatalf("after a kill: %v", err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	h, err := s.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if h.Revision < acknowledged || h.Revision > acknowledged+1 {
		t.Fatalf("revision %d, acknowledged was %d", h.Revision, acknowledged)
	}
	for back := range min(h.Revision, 3) {
		r := h.Revision - back
		checkState(t, r, s.Assets(t.Context(), r))
	}
	checkState(t, h.Revision, s.Assets(t.Context(), 0))
	checkFile(t, filepath.Join(dir, store.FileName), len(killState(h.Revision)))
	return h.Revision
}

func checkState(t *testing.T, r uint64, assets iter.Seq2[*twin.Asset, error]) {
	t.Helper()
	want := killState(r)
	for a, err := range assets {
		if err != nil {
			t.Fatal(err)
		}
		if want[a.ID] != a.Version {
			t.Fatalf("revision %d: %s has version %d, want %d", r, a.ID, a.Version, want[a.ID])
		}
		delete(want, a.ID)
	}
	if len(want) != 0 {
		t.Fatalf("revision %d lacks %d assets", r, len(want))
	}
}

// checkFile has SQLite check the file, and counts the features that other programs see.
func checkFile(t *testing.T, path string, features int) {
	t.Helper()
	d, err := db.Open(t.Context(), path, db.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}()
	var said string
	if err := d.QueryRowContext(t.Context(), "pragma quick_check").Scan(&said); err != nil || said != "ok" {
		t.Errorf("quick_check: %s, %v", said, err)
	}
	if features == 0 {
		return
	}
	var n int
	if err := d.QueryRowContext(t.Context(), "select count(*) from segment").Scan(&n); err != nil || n != features {
		t.Errorf("%d features, want %d, %v", n, features, err)
	}
}
