package server_test

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

const (
	points = "物探点号,X坐标,Y坐标,地面高程,附属物\n1,4150000.5,500000.25,5.5,\n2,4150050,500000,5.4,阀门\n"
	lines  = "起点点号,终点点号,起点埋深,终点埋深,管径,材质\n1,2,1.2,1.3,300,铸铁\n"
	broken = "起点点号,终点点号,起点埋深,终点埋深,管径,材质\n1,2,1.2,1.3,300,铸铁\n1,77,1.2,1.3,300,=cmd()\n"
)

type job struct {
	ID, State                            string
	Progress                             float64
	Created, Updated, Unchanged, Refused int
	Revision                             *uint64
	RefusedRows                          []struct {
		File, Field, Value, Reason string
		Line                       int
	}
	Problem *struct {
		Status int
		Detail string
	}
}

// finished follows an accepted upload to its end.
func (c *city) finished(up *answer) job {
	c.t.Helper()
	if up.status != http.StatusAccepted {
		c.t.Fatalf("upload: %d %s", up.status, up.body)
	}
	var at struct{ ID, URL string }
	up.json(c.t, &at)
	if at.URL != up.header.Get("Location") {
		c.t.Errorf("Location %q, url %q", up.header.Get("Location"), at.URL)
	}
	// The stream of events ends with the import.
	c.do(request{path: at.URL + "/events", as: "admin"})
	var j job
	c.do(request{path: at.URL, as: "admin"}).json(c.t, &j)
	if j.Progress != 1 || j.State != "done" && j.State != "failed" {
		c.t.Fatalf("after the events: %+v", j)
	}
	return j
}

// TestImport uploads a survey: dry, with a bad row, without it, and again.
func TestImport(t *testing.T) {
	c := newCity(t, 0)
	crs := map[string]string{"crs": "EPSG:4549"}
	with := func(k string) map[string]string { return map[string]string{"crs": "EPSG:4549", k: "true"} }
	good := map[string]string{"JSPOINT.csv": points, "JSLINE.csv": lines}
	bad := map[string]string{"JSPOINT.csv": points, "JSLINE.csv": broken}

	if j := c.finished(c.upload("admin", with("dryRun"), good)); j.State != "done" || j.Created != 3 || j.Revision != nil || c.twin.Snapshot().Len() != 0 {
		t.Errorf("dry run: %+v", j)
	}
	j := c.finished(c.upload("admin", crs, bad))
	if j.State != "failed" || j.Problem == nil || j.Problem.Status != 422 || j.Refused != 1 || c.twin.Snapshot().Revision() != 0 {
		t.Fatalf("with a bad row: %+v", j)
	}
	if r := j.RefusedRows[0]; r.File != "JSLINE.csv" || r.Line != 3 || r.Field != "终点点号" || r.Value != "77" || r.Reason == "" {
		t.Errorf("refused %+v", r)
	}
	var zh job
	c.do(request{path: "/api/v1/imports/" + j.ID, as: "admin", headers: map[string]string{"Accept-Language": "zh-CN"}}).json(t, &zh)
	if !strings.Contains(zh.RefusedRows[0].Reason, "没有这个点") || !strings.Contains(zh.Problem.Detail, "未导入任何内容") || strings.Contains(j.RefusedRows[0].Reason, "没有") {
		t.Errorf("in Chinese: %+v", zh)
	}
	rows, err := csv.NewReader(strings.NewReader(string(c.do(request{path: "/api/v1/imports/" + j.ID + "/report.csv", as: "admin"}).body))).ReadAll()
	if err != nil || len(rows) != 2 || strings.Join(rows[0], ",") != "file,line,field,value,reason" || rows[1][3] != "77" {
		t.Errorf("report %v, %v", rows, err)
	}
	if j := c.finished(c.upload("admin", with("skipBadRows"), bad)); j.State != "done" || j.Created != 3 || j.Refused != 1 || j.Revision == nil {
		t.Errorf("skipping: %+v", j)
	}
	if j := c.finished(c.upload("admin", crs, good)); j.State != "done" || j.Unchanged != 3 {
		t.Errorf("again: %+v", j)
	}
	if j := c.finished(c.upload("admin", nil, good)); j.State != "failed" || !strings.Contains(j.Problem.Detail, "CRS") {
		t.Errorf("without a CRS: %+v", j)
	}
	if j := c.finished(c.upload("admin", crs, map[string]string{"../../x\\y/bad.bin": "\x00\x01\x02"})); j.State != "failed" || strings.Contains(j.Problem.Detail, "..") {
		t.Errorf("a binary: %+v", j)
	}
}

// TestBadUploads are refused before anything is queued.
func TestBadUploads(t *testing.T) {
	c := newCity(t, 0)
	good := map[string]string{"JSPOINT.csv": points}
	for field, value := range map[string]string{"crs": "EPSG:1", "crsUnit": "furlong", "network": "XX1", "dryRun": "perhaps", "shift": "helmert:1@1", "format": "word"} {
		if a := c.upload("admin", map[string]string{field: value}, good); a.status != http.StatusUnprocessableEntity || len(a.problem.Errors) != 1 || a.problem.Errors[0].Pointer != "/"+field {
			t.Errorf("%s=%s: %d %+v", field, value, a.status, a.problem)
		}
	}
	if a := c.upload("admin", nil, nil); a.status != http.StatusUnprocessableEntity {
		t.Errorf("no file: %d", a.status)
	}
	for _, kind := range []string{"application/json", "multipart/form-data", "text/csv"} {
		if a := c.do(request{method: http.MethodPost, path: "/api/v1/imports", as: "admin", body: "x", headers: map[string]string{"Content-Type": kind}}); a.status != http.StatusBadRequest {
			t.Errorf("%s: %d", kind, a.status)
		}
	}
	if a := c.do(request{path: "/api/v1/imports/nothing", as: "admin"}); a.status != http.StatusNotFound {
		t.Errorf("an import that is not there: %d", a.status)
	}
}

// TestStream follows the events: hello, a change of an import, and the heartbeat by which a follower knows that the line still lives.
func TestStream(t *testing.T) {
	c := newCity(t, 0)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+"/api/v1/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+c.tokens["operator"])
	req.Header.Set("Accept-Encoding", "gzip, br")
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.Header.Get("Content-Type") != "text/event-stream" || res.Header.Get("Content-Encoding") != "" {
		t.Errorf("%v", res.Header)
	}
	r := bufio.NewReader(res.Body)
	next := func(heart bool) (event string, data map[string]any) {
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			line = strings.TrimSpace(line)
			if e, ok := strings.CutPrefix(line, "event: "); ok {
				event = e
			} else if d, ok := strings.CutPrefix(line, "data: "); ok {
				if err := json.Unmarshal([]byte(d), &data); err != nil {
					t.Fatal(err)
				}
			} else if line == "" && event != "" && (event == "ping") == heart {
				return event, data
			}
		}
	}
	if e, d := next(false); e != "hello" || d["revision"] != 0.0 {
		t.Errorf("%s %v", e, d)
	}
	c.finished(c.upload("admin", map[string]string{"crs": "EPSG:4549"}, map[string]string{"JSPOINT.csv": points, "JSLINE.csv": lines}))
	e, d := next(false)
	if e != "change" || d["revision"] != 1.0 || len(d["assets"].([]any)) != 3 || len(d["networks"].([]any)) != 1 || len(d["bbox"].([]any)) != 4 {
		t.Errorf("%s %v", e, d)
	}
	if e, _ := next(true); e != "ping" {
		t.Errorf("no heartbeat, but %s", e)
	}
}
