package tiles

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles/archive"
	"github.com/undercity/undercity/tiles/draw"
	"github.com/undercity/undercity/tiles/mark"
	"github.com/undercity/undercity/twin"
)

// Selection is which assets an export holds; the zero value is all.
type Selection struct {
	Networks []string      // codes of networks, or of layers that several share; none: all
	Box      *geometry.Box // in the plane of the frame; assets that touch it, whole
}

// ExportOptions are the settings of an export; the zero value is the default.
type ExportOptions struct {
	Selection
	Twin   *twin.Twin // of the snapshot: what its start file keeps saves a quarter of the time of a whole city; nil where there is none
	Makers int        // files made at once; default one a processor
	// Mark is asked once it is known what the export holds, and before any of it is written, for the mark that the export carries; nil: none.
	Mark     func(handles []twin.Handle) (mark.Mark, error)
	Progress func(done float64) // 0 to 1, from one goroutine at a time
}

// Exported says what an export holds.
type Exported struct {
	Layers []string // codes, in order
	Files  int
	Assets int
}

// ErrNothing is returned where no asset fits the selection.
var ErrNothing = errors.New("no asset fits the selection")

// Export writes the tilesets of a snapshot, for any server of files: tileset.json above all layers, and a folder a layer as GET /3dtiles serves them,
// with relative links. Equal snapshots give equal files but for the mark, which is in the first and in MarkFile.
func Export(ctx context.Context, s *twin.Snapshot, o ExportOptions, out archive.Output) (Exported, error) {
	handles := o.handles(s)
	if len(handles) == 0 {
		return Exported{}, ErrNothing
	}
	x := o.indexOf(s, handles)
	e := &exporter{x: x, out: out, total: len(handles), progress: o.Progress}
	if o.Mark != nil {
		m, err := o.Mark(handles)
		if err != nil {
			return Exported{}, err
		}
		e.mark = &m
	}
	jobs := e.jobs()
	if err := e.run(ctx, jobs, cmp.Or(o.Makers, runtime.GOMAXPROCS(0))); err != nil {
		return Exported{}, err
	}
	return Exported{Layers: slices.Sorted(maps.Keys(x.layers)), Files: len(jobs), Assets: len(handles)}, nil
}

// indexOf is the index of the assets selected: of all of them the one that the start file of the twin has, where that is as if it were made now.
func (o *ExportOptions) indexOf(s *twin.Snapshot, handles []twin.Handle) *index {
	if o.Twin != nil && len(handles) == s.Len() {
		kept, now := o.Twin.Kept(keptAs)
		if x, err := readIndex(s, kept); now == s && err == nil && !x.followed {
			return x
		}
	}
	return newIndexOf(s, handles)
}

// handles are the assets selected.
func (o *Selection) handles(s *twin.Snapshot) []twin.Handle {
	var list []twin.Handle
	take := func(r twin.Record) bool {
		if len(o.Networks) == 0 || slices.Contains(o.Networks, r.Network()) || slices.Contains(o.Networks, r.Layer()) {
			list = append(list, r.Handle())
		}
		return true
	}
	if o.Box != nil {
		s.In(*o.Box, take)
	} else {
		list = make([]twin.Handle, 0, s.Len())
		s.All(take)
	}
	return list
}

// job is one file to make, and how many assets it holds.
type job struct {
	name   string
	make   func() ([]byte, error)
	assets int
}

type exporter struct {
	x        *index
	out      archive.Output
	total    int
	progress func(float64)
	mark     *mark.Mark
}

// MarkFile is the file of an export that says for people who took it.
const MarkFile = "EXPORT.txt"

// jobs lists the files of the export, those first that a client asks for first.
func (e *exporter) jobs() []job {
	x := e.x
	s := x.snap
	asset := maps.Clone(about)
	asset["tilesetVersion"] = strconv.FormatUint(s.Revision(), 10)
	extras := map[string]any{"revision": s.Revision(), "recorded": s.Time().UTC().Format(time.RFC3339), "crs": s.Frame().CRS.Code(), "heightDatum": s.Frame().VerticalDatum}
	asset["extras"] = extras
	list := []job{{name: "tileset.json", make: func() ([]byte, error) { return x.root(asset, "") }}}
	if e.mark != nil {
		extras[mark.Key] = e.mark
		list = append(list, job{name: MarkFile, make: func() ([]byte, error) { return []byte(e.mark.Text() + "\n"), nil }})
	}
	for _, code := range slices.Sorted(maps.Keys(x.layers)) {
		l := x.layers[code]
		list = append(list, job{name: code + "/tileset.json", make: func() ([]byte, error) { return x.layerTileset(l, "") }})
		cells := slices.SortedFunc(maps.Keys(l.tiles), cell.compare)
		for _, c := range cells {
			if int(c.level)%l.subtreeLevels() == 0 {
				list = append(list, job{name: c.file(code, "subtrees", "subtree"), make: func() ([]byte, error) { return x.subtree(l, c) }})
			}
		}
		for _, c := range cells {
			if t := l.tiles[c]; len(t.handles) > 0 {
				list = append(list, job{c.file(code, "content", "glb"), func() ([]byte, error) { return draw.Content(x.snap, t.handles, code, c.level < l.last()) }, len(t.handles)})
			}
		}
	}
	return list
}

func (c cell) compare(o cell) int {
	return cmp.Or(cmp.Compare(c.level, o.level), cmp.Compare(c.y, o.y), cmp.Compare(c.x, o.x))
}

func (c cell) file(layer, folder, ending string) string {
	return fmt.Sprintf("%s/%s/%d/%d/%d.%s", layer, folder, c.level, c.x, c.y, ending)
}

// ahead is how many files a maker may be ahead of the one that is written: what is made and not written is held in memory.
const ahead = 8

// run makes the files with several makers and puts them out in order.
func (e *exporter) run(ctx context.Context, jobs []job, makers int) error {
	type task struct {
		job  job
		done chan *archive.File
	}
	tasks, order := make(chan task), make(chan task, ahead*makers)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(tasks)
		defer close(order)
		for _, j := range jobs {
			t := task{j, make(chan *archive.File, 1)}
			for _, to := range [...]chan task{order, tasks} {
				select {
				case to <- t:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
		}
		return nil
	})
	for range makers {
		g.Go(func() error {
			for t := range tasks {
				f, err := e.make(t.job)
				if err != nil {
					return err
				}
				t.done <- f
			}
			return nil
		})
	}
	g.Go(func() error {
		assets := 0
		for t := range order {
			select {
			case f := <-t.done:
				if err := e.out.Put(f); err != nil {
					return fmt.Errorf("%s: %w", f.Name, err)
				}
			case <-ctx.Done():
				return ctx.Err()
			}
			if assets += t.job.assets; e.progress != nil {
				e.progress(float64(assets) / float64(e.total))
			}
		}
		return nil
	})
	return g.Wait()
}

func (e *exporter) make(j job) (*archive.File, error) {
	body, err := j.make()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", j.name, err)
	}
	f := &archive.File{Name: j.name, Body: body, Time: e.x.snap.Time().UTC()}
	if err := e.out.Pack(f); err != nil {
		return nil, fmt.Errorf("%s: %w", j.name, err)
	}
	return f, nil
}
