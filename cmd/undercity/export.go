package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/server/rights"
	"github.com/undercity/undercity/server/trail"
	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/tiles/archive"
	"github.com/undercity/undercity/tiles/mark"
	"github.com/undercity/undercity/twin"
)

// exportFlags are what the command line says about an export.
type exportFlags struct {
	store       storeFlags
	bbox, asOf  string
	networks    []string
	compression string
	gzip        bool
	overwrite   bool
}

func newExport() *cobra.Command {
	var f exportFlags
	cmd := &cobra.Command{Use: "export OUT", Short: says("Write the city as 3D Tiles for any server of files", "把城市导出为 3D Tiles，供任意静态文件服务器使用"),
		Args: args(1, 1, "name the file or folder to write"), RunE: func(cmd *cobra.Command, list []string) error { return f.run(cmd, list[0]) }}
	cmd.Long = says("Write the city as 3D Tiles for any server of files.\n\nOUT.3tz is one archive (3D Tiles archive 1.3). A folder that exists, a name that ends in / and a name without an ending are a folder of files. What is there already is\nkept unless --overwrite is given, and a folder is only replaced if it is empty or an export. A running server on the same store goes on meanwhile.",
		"把城市导出为 3D Tiles，供任意静态文件服务器使用。\n\nOUT.3tz 为一个归档文件（3D Tiles archive 1.3）。已有的文件夹、以 / 结尾或不带扩展名的名称为文件夹。已存在的内容不会被覆盖，\n除非给出 --overwrite；文件夹只有为空或原为导出结果时才会被替换。同一数据上的服务可以照常运行。")
	f.store.add(cmd)
	bind(cmd, &f.bbox, "bbox")
	bind(cmd, &f.networks, "network")
	bind(cmd, &f.asOf, "as-of")
	bind(cmd, &f.compression, "compression")
	bind(cmd, &f.gzip, "gzip")
	bind(cmd, &f.overwrite, "overwrite")
	return cmd
}

// notYet are the endings of formats that a later version writes, and what there is instead.
var notYet = map[string]string{
	".gpkg":      "twin.gpkg in the folder of --data is a GeoPackage that QGIS opens",
	".geojson":   "GET /api/v1/assets of a running server answers GeoJSON geometries",
	".dxf":       "export a folder or .3tz of 3D Tiles, or one asset as /api/v1/assets/{id}/model.glb",
	".city.json": "export a folder or .3tz of 3D Tiles",
	".csv":       "twin.gpkg in the folder of --data holds the tables of attributes",
	".xlsx":      "twin.gpkg in the folder of --data holds the tables of attributes",
}

// isArchive tells an archive from a folder by the name, and refuses what is neither.
func isArchive(out string) (bool, error) {
	if info, err := os.Stat(out); err == nil && info.IsDir() || os.IsPathSeparator(out[len(out)-1]) {
		return false, nil
	}
	name := strings.ToLower(filepath.Base(out))
	for ending, instead := range notYet {
		if strings.HasSuffix(name, ending) {
			return false, usageError{fmt.Errorf("%s: this version does not write %s yet; %s", out, ending, instead)}
		}
	}
	switch ending := filepath.Ext(name); ending {
	case ".3tz":
		return true, nil
	case "":
		return false, nil
	default:
		return false, usageError{fmt.Errorf("%s: %s is not a form of export; end the name in .3tz for an archive, or in / for a folder", out, ending)}
	}
}

func (f *exportFlags) run(cmd *cobra.Command, out string) (err error) {
	if out == "" {
		return usageError{errors.New("name the file or folder to write; see undercity export --help")}
	}
	if err := f.store.check(); err != nil {
		return err
	}
	zipped, err := isArchive(out)
	if err != nil {
		return err
	}
	method := archive.Method(f.compression)
	if !slices.Contains([]archive.Method{archive.Deflate, archive.Zstd, archive.Store}, method) {
		return usageError{fmt.Errorf("--compression: %q is not a compression of an archive; use deflate, zstd or none", f.compression)}
	}
	place, err := newWhole(out, zipped, f.overwrite)
	if err != nil {
		return err
	}
	tuneMemory()
	t, err := openReading(cmd, f.store.data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	s, o, err := f.selected(cmd.Context(), t)
	if err != nil {
		return err
	}
	office, err := openOffice(cmd, f.store.data, auth.Options{})
	if err != nil {
		return fmt.Errorf("an export is recorded in the audit log, which cannot be opened: %w", err)
	}
	defer func() { err = errors.Join(err, office.Close()) }()
	o.Mark = func(handles []twin.Handle) (mark.Mark, error) { return f.mark(cmd, office, t, s, out, handles) }
	done, err := place.write(func(path string) (tiles.Exported, error) {
		b := newBar(says("exporting", "正在导出"))
		defer b.end()
		o.Progress = b.set
		if zipped {
			return writeArchive(cmd.Context(), s, o, path, method)
		}
		return tiles.Export(cmd.Context(), s, o, archive.NewFolder(path, archive.FolderOptions{Gzip: f.gzip}))
	})
	if err != nil {
		return f.explain(err, s)
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), says("%s: %d assets of %s in %d files, %.1f MB; revision %d\n", "%s：%d 个资产，管线类别 %s，%d 个文件，%.1f MB；修订 %d\n"),
		out, done.Assets, strings.Join(done.Layers, ", "), done.Files, float64(sizeOf(out))/1e6, s.Revision())
	return err
}

// mark records that assets are taken out, and is the mark of that.
func (f *exportFlags) mark(cmd *cobra.Command, office *auth.Office, t *twin.Twin, s *twin.Snapshot, out string, handles []twin.Handle) (mark.Mark, error) {
	book, err := rights.Open(cmd.Context(), office, t)
	if err != nil {
		return mark.Mark{}, err
	}
	var guarded []string
	of := map[twin.Secrecy]int{}
	for _, h := range handles {
		r := s.Record(h)
		g := book.Rules().Grade(r)
		if of[g]++; g >= twin.SecrecyRestricted && len(guarded) < trail.MaxTargets {
			guarded = append(guarded, r.ID())
		}
	}
	restricted, secret := of[twin.SecrecyRestricted], of[twin.SecrecySecret]
	e := entryOf(cmd, trail.Export, guarded...)
	e.Status, e.More = http.StatusOK, restricted+secret-len(guarded)
	e.Detail = trail.Told(map[string]any{"format": "3dtiles", "file": filepath.Base(out), "box": f.bbox, "networks": f.networks, "assets": len(handles), "restricted": restricted, "secret": secret, "revision": s.Revision()})
	if e, err = office.Trail().Append(cmd.Context(), e); err != nil {
		return mark.Mark{}, err
	}
	return mark.Mark{Number: e.Number, User: e.User, Time: e.Time, Installation: s.StoreID()}, nil
}

// writeArchive writes a .3tz.
func writeArchive(ctx context.Context, s *twin.Snapshot, o tiles.ExportOptions, path string, m archive.Method) (done tiles.Exported, err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	a := archive.New(file, m)
	if done, err = tiles.Export(ctx, s, o, a); err != nil {
		return done, err
	}
	if err = a.Close(); err != nil {
		return done, err
	}
	return done, file.Sync()
}

// explain turns what ended an export into a sentence that says what to do.
func (f *exportFlags) explain(err error, s *twin.Snapshot) error {
	switch {
	case errors.Is(err, tiles.ErrNothing):
		box := s.Frame().Degrees(s.Extent())
		return fmt.Errorf("nothing was written, as no asset fits --bbox and --network; the city lies within %.5f,%.5f,%.5f,%.5f", box[0], box[1], box[2], box[3])
	case errors.Is(err, context.Canceled):
		return errors.New("the export was broken off, and nothing was written")
	case errors.Is(err, syscall.ENOSPC):
		return fmt.Errorf("the disk is full, and nothing was written; make room, or name another place: %w", err)
	}
	return err
}

// selected is the snapshot to write and what of it.
func (f *exportFlags) selected(ctx context.Context, t *twin.Twin) (*twin.Snapshot, tiles.ExportOptions, error) {
	o := tiles.ExportOptions{Twin: t}
	for _, list := range f.networks {
		for code := range strings.SplitSeq(list, ",") {
			n, ok := t.Catalog().NetworkByWord(strings.TrimSpace(code))
			if !ok {
				return nil, o, usageError{fmt.Errorf("--network: %q is not a network; use a code such as JS, WS or RQ", code)}
			}
			o.Networks = append(o.Networks, n.Code)
		}
	}
	s := t.Snapshot()
	if f.asOf != "" {
		var err error
		if s, err = asOf(ctx, t, f.asOf); err != nil {
			return nil, o, err
		}
	}
	if s.Len() == 0 {
		return nil, o, fmt.Errorf("revision %d in %s holds no asset; import a survey first, or choose another time with --as-of", s.Revision(), f.store.data)
	}
	if f.bbox != "" {
		d, err := crs.ParseBox(f.bbox)
		if err != nil || !math.IsInf(d.High, 1) {
			return nil, o, usageError{fmt.Errorf("--bbox: %q is not west,south,east,north in degrees", f.bbox)}
		}
		b, err := s.Frame().PlaneBox(d)
		if err != nil {
			return nil, o, usageError{fmt.Errorf("--bbox: %q is far outside the area of %s", f.bbox, s.Frame().CRS.Code())}
		}
		o.Box = &b
	}
	return s, o, nil
}

// asOf is the state at a revision or a time.
func asOf(ctx context.Context, t *twin.Twin, text string) (*twin.Snapshot, error) {
	if n, err := strconv.ParseUint(text, 10, 63); err == nil && len(text) < 8 {
		return t.AsOf(ctx, n)
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return nil, usageError{fmt.Errorf("--as-of: %q is not a revision, nor a time such as 2026-05-01T00:00:00Z", text)}
	}
	return t.AsOfTime(ctx, at)
}

// sizeOf is how many bytes a file, or the files of a folder have.
func sizeOf(path string) (n int64) {
	_ = filepath.WalkDir(path, func(_ string, d fs.DirEntry, err error) error { // only said, so what cannot be read does not matter
		if err == nil && !d.IsDir() {
			if info, err := d.Info(); err == nil {
				n += info.Size()
			}
		}
		return nil
	})
	return n
}
