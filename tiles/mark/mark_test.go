package mark_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/undercity/undercity/tiles/mark"
)

// glb is a GLB with a JSON text and one other chunk.
func glb(text string) []byte {
	for len(text)%4 != 0 {
		text += " "
	}
	b := binary.LittleEndian.AppendUint32([]byte("glTF\x02\x00\x00\x00"), uint32(12+8+len(text)+8+4))
	b = append(binary.LittleEndian.AppendUint32(b, uint32(len(text))), "JSON"+text...)
	return append(binary.LittleEndian.AppendUint32(b, 4), "BIN\x00abcd"...)
}

func jsonOf(t *testing.T, b []byte) (doc map[string]any) {
	t.Helper()
	n := binary.LittleEndian.Uint32(b[12:])
	if int(binary.LittleEndian.Uint32(b[8:])) != len(b) || n%4 != 0 || !bytes.HasSuffix(b, []byte("BIN\x00abcd")) {
		t.Fatalf("not a GLB: %q", b)
	}
	if err := json.Unmarshal(b[20:20+n], &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestGLB marks models, and wants nothing changed but the mark.
func TestGLB(t *testing.T) {
	plain := glb(`{"asset":{"version":"2.0","extras":{"mine":1}},"nodes":[{"extras":{"id":"JS-1"}},{"name":"x"},{"extras":{"id":"JS-2"}}],"big":12345678901234567890}`)
	a := mark.Mark{Number: 7, User: "王芳", Time: time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC), Installation: "i"}
	b := a
	b.Number, b.User = 8, `o"malley`
	var docs []map[string]any
	for _, m := range []mark.Mark{a, b} {
		marked, err := m.GLB(plain)
		if err != nil {
			t.Fatal(err)
		}
		doc := jsonOf(t, marked)
		asset := doc["asset"].(map[string]any)
		x := asset["extras"].(map[string]any)[mark.Key].(map[string]any)
		if asset["copyright"] != m.Text() || x["number"] != float64(m.Number) || x["user"] != m.User || x["time"] != "2026-05-01T08:00:00Z" || x["installation"] != "i" || asset["version"] != "2.0" {
			t.Errorf("%v", asset)
		}
		if !bytes.Contains(marked, []byte("12345678901234567890")) {
			t.Error("a number was rounded")
		}
		delete(asset, "copyright")
		delete(asset["extras"].(map[string]any), mark.Key)
		docs = append(docs, doc)
	}
	want, _ := json.Marshal(jsonOf(t, plain))
	for _, d := range docs {
		if got, _ := json.Marshal(d); string(got) != string(want) {
			t.Errorf("without the mark it is\n%s, want\n%s", got, want)
		}
	}
	if ids, err := mark.Assets(plain); err != nil || !slices.Equal(ids, []string{"JS-1", "JS-2"}) {
		t.Error(ids, err)
	}
}

// FuzzGLB wants no panic of what is no GLB.
func FuzzGLB(f *testing.F) {
	f.Add(glb(`{"asset":{}}`))
	f.Add(glb(`{"asset":{"extras":[]}}`))
	f.Add([]byte("glTF"))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, err1 := mark.Mark{}.GLB(b)
		_, err2 := mark.Assets(b)
		for _, err := range []error{err1, err2} {
			if err != nil && !errors.Is(err, mark.ErrNotGLB) {
				t.Error(err)
			}
		}
	})
}
