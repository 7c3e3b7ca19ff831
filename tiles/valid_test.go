package tiles_test

import (
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/tiles/compress"
)

// TestOthersFindItValid writes every file of a city's tilesets and has them read by Khronos' glTF validator and held against the schemas of
// 3D Tiles 1.1.
func TestOthersFindItValid(t *testing.T) {
	if _, err := os.Stat("testdata/validator/node_modules"); err != nil {
		t.Skip("the validators are not installed: run make test, or npm ci in tiles/testdata/validator")
	}
	tw := city(t, 3000)
	g := tiles.New(tw, tiles.Options{})
	v := tiles.View{Snapshot: tw.Snapshot()}
	dir := t.TempDir()
	n := 0
	write := func(name string, r tiles.Result, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		body := r.Body
		if strings.HasSuffix(name, ".subtree.json") {
			body = body[24 : 24+binary.LittleEndian.Uint64(body[8:])]
		}
		if err := os.WriteFile(filepath.Join(dir, name), body, 0o600); err != nil {
			t.Fatal(err)
		}
		n++
	}
	root, err := g.Root(t.Context(), v, compress.Identity)
	write("root.json", root, err)
	layers := map[string]bool{}
	for _, f := range contents(t, g, v) {
		a := f.address
		if !layers[a.Layer] {
			layers[a.Layer] = true
			set, err := g.Layer(t.Context(), v, a.Layer, "", compress.Identity)
			write(a.Layer+".json", set, err)
			sub, err := g.Subtree(t.Context(), v, tiles.Address{Layer: a.Layer}, compress.Identity)
			write(a.Layer+".subtree.json", sub, err)
		}
		r, err := g.Content(t.Context(), v, a, compress.Identity)
		write(fmt.Sprintf("%s_%d_%d_%d.glb", a.Layer, a.Level, a.X, a.Y), r, err)
	}
	args := []string{"testdata/validator/validate.js", dir}
	if schemas := "../../shared/data/14_3dtiles_gltf/schema"; exists(schemas) {
		args = append(args, schemas)
	} else {
		t.Log("../shared/data/14_3dtiles_gltf is not here: the JSON is not held against the schemas")
	}
	out, err := exec.CommandContext(t.Context(), "node", args...).CombinedOutput()
	if want := fmt.Sprintf("%d files\n", n); err != nil || string(out) != want {
		t.Errorf("want %q, got %v\n%.3000s", want, err, out)
	}
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}
