package server_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestModels asks for models of an asset and of a box, now and then, and for what there is not.
func TestModels(t *testing.T) {
	c := newCity(t, 300)
	e := c.twin.Snapshot().Frame().Degrees(c.twin.Snapshot().Extent())
	box := fmt.Sprintf("bbox=%.9f,%.9f,%.9f,%.9f", e[0], e[1], e[2], e[3])
	var id string
	for r := range c.twin.Snapshot().All {
		id = r.ID()
		break
	}
	for _, path := range []string{"/api/v1/assets/" + id + "/model.glb", "/api/v1/model.glb?" + box, "/api/v1/model.glb?" + box + "&asOf=1"} {
		a := c.do(request{path: path, as: "planner"})
		if a.status != http.StatusOK || a.header.Get("Content-Type") != "model/gltf-binary" || !bytes.HasPrefix(a.body, []byte("glTF\x02")) || !bytes.Contains(a.body, []byte(id)) {
			t.Errorf("%s: %d %s, %d bytes", path, a.status, a.header.Get("Content-Type"), len(a.body))
		}
		if a.header.Get("ETag") != "" || !strings.Contains(a.header.Get("Cache-Control"), "no-store") {
			t.Errorf("%s may be kept: %v", path, a.header)
		}
	}
	flat := fmt.Sprintf("bbox=%.9f,%.9f,500,%.9f,%.9f,600", e[0], e[1], e[2], e[3])
	for path, want := range map[string]struct {
		status int
		words  string
	}{
		"/api/v1/model.glb":                            {400, "bbox="},
		"/api/v1/model.glb?bbox=1,2,3":                 {400, "west,south,east,north"},
		"/api/v1/model.glb?bbox=1,2,3,4,5":             {400, "west,south,east,north"},
		"/api/v1/model.glb?" + box + "&asOf=never":     {400, "asOf"},
		"/api/v1/model.glb?" + box + "&asOf=99":        {404, "revision 99"},
		"/api/v1/model.glb?" + flat:                    {422, "nothing lies in the box"},
		"/api/v1/model.glb?bbox=122,37,123,38":         {422, "at most 4 km²"},
		"/api/v1/model.glb?" + box + "&asOf=0":         {422, "nothing"},
		"/api/v1/assets/JS-none/model.glb":             {404, "JS-none"},
		"/api/v1/assets/" + id + "/model.glb?asOf=0":   {404, id},
		"/api/v1/assets/" + id + "/model.glb?asOf=abc": {400, "asOf"},
	} {
		if a := c.do(request{path: path, as: "planner"}); a.status != want.status || !strings.Contains(a.problem.Detail, want.words) {
			t.Errorf("%s: %d %s", path, a.status, a.problem.Detail)
		}
	}
	if a := c.do(request{path: "/api/v1/model.glb?" + box}); a.status != http.StatusUnauthorized {
		t.Errorf("without a sign-in: %d", a.status)
	}
}
