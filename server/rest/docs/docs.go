// Package docs describes the HTTP interface of an installation to those who write against it: as an OpenAPI 3.1 document, and as a page that
// needs no script and no other host.
package docs

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

//go:embed openapi.yaml
var source []byte

//go:embed page.html
var pageText string

// Document is the interface as OpenAPI 3.1, JSON.
var Document = sync.OnceValues(func() ([]byte, error) {
	b, err := yaml.YAMLToJSON(source)
	if err != nil {
		return nil, fmt.Errorf("OpenAPI document: %w", err)
	}
	if b, err = addCommon(b); err != nil {
		return nil, fmt.Errorf("OpenAPI document: %w", err)
	}
	return b, nil
})

// text is something said in both languages.
type text struct {
	Summary     string `json:"summary"`
	Description string `json:"description"`
	ZH          string `json:"x-zh"`
}

type parameter struct {
	Ref         string `json:"$ref"`
	Name        string `json:"name"`
	In          string `json:"in"`
	Description string `json:"description"`
	Required    bool   `json:"required"`
}

type operation struct {
	text
	Tags       []string            `json:"tags"`
	Parameters []parameter         `json:"parameters"`
	Security   *[]any              `json:"security"`
	Body       *json.RawMessage    `json:"requestBody"`
	Responses  map[string]response `json:"responses"`
}

type response struct {
	Ref         string `json:"$ref"`
	Description string `json:"description"`
}

type document struct {
	Info struct {
		text
		Title string `json:"title"`
	} `json:"info"`
	Tags []struct {
		text
		Name string `json:"name"`
	} `json:"tags"`
	Paths      map[string]map[string]json.RawMessage `json:"paths"`
	Components struct {
		Parameters map[string]parameter       `json:"parameters"`
		Responses  map[string]response        `json:"responses"`
		Schemas    map[string]json.RawMessage `json:"schemas"`
	} `json:"components"`
}

// Row is one operation on the page.
type Row struct {
	Method, Path, Text string
	Public             bool
	Parameters         []parameter
	Body               string
	Answers            []Answer
}

// Answer is one status of an operation.
type Answer struct{ Status, Text string }

// Group is the operations of one subject.
type Group struct {
	Name, Text string
	Rows       []Row
}

// Schema is one shape on the page.
type Schema struct{ Name, Text string }

type page struct {
	ZH          bool
	Title, Text string
	About       string
	Groups      []Group
	Schemas     []Schema
}

// Page is the interface as a page, in Chinese or English.
func Page(chinese bool) ([]byte, error) {
	raw, err := Document()
	if err != nil {
		return nil, err
	}
	var d document
	if err := json.Unmarshal(raw, &d); err != nil {
		return nil, fmt.Errorf("OpenAPI document: %w", err)
	}
	p := page{ZH: chinese, Title: d.Info.Title, Text: in(chinese, d.Info.text), About: d.Info.Description}
	for _, t := range d.Tags {
		g := Group{Name: t.Name, Text: in(chinese, t.text)}
		if g.Rows, err = d.rows(t.Name, chinese); err != nil {
			return nil, err
		}
		p.Groups = append(p.Groups, g)
	}
	for name, s := range d.Components.Schemas {
		var b bytes.Buffer
		if err := json.Indent(&b, s, "", "  "); err != nil {
			return nil, fmt.Errorf("schema %s: %w", name, err)
		}
		p.Schemas = append(p.Schemas, Schema{name, b.String()})
	}
	slices.SortFunc(p.Schemas, func(a, b Schema) int { return strings.Compare(a.Name, b.Name) })
	t, err := template.New("page").Parse(pageText)
	if err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, p); err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	return out.Bytes(), nil
}

func in(chinese bool, t text) string {
	switch {
	case chinese && t.ZH != "":
		return t.ZH
	case t.Summary != "":
		return t.Summary
	}
	return t.Description
}

// rows are the operations of a tag, in order of path.
func (d *document) rows(tag string, chinese bool) (rows []Row, err error) {
	for path, item := range d.Paths {
		var shared []parameter
		if raw, ok := item["parameters"]; ok {
			if err := json.Unmarshal(raw, &shared); err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
		}
		for _, method := range []string{"get", "post", "put", "delete"} {
			raw, ok := item[method]
			if !ok {
				continue
			}
			var o operation
			if err := json.Unmarshal(raw, &o); err != nil {
				return nil, fmt.Errorf("%s %s: %w", method, path, err)
			}
			if len(o.Tags) == 1 && o.Tags[0] == tag {
				rows = append(rows, d.row(strings.ToUpper(method), path, o, append(shared, o.Parameters...), chinese))
			}
		}
	}
	slices.SortFunc(rows, func(a, b Row) int { return strings.Compare(a.Path+a.Method, b.Path+b.Method) })
	return rows, nil
}

func (d *document) row(method, path string, o operation, list []parameter, chinese bool) Row {
	r := Row{Method: method, Path: path, Text: in(chinese, o.text), Public: o.Security != nil && len(*o.Security) == 0}
	for _, p := range list {
		if name, ok := strings.CutPrefix(p.Ref, "#/components/parameters/"); ok {
			p = d.Components.Parameters[name]
		}
		r.Parameters = append(r.Parameters, p)
	}
	if o.Body != nil {
		var b bytes.Buffer
		if json.Indent(&b, *o.Body, "", "  ") == nil {
			r.Body = b.String()
		}
	}
	for status, a := range o.Responses {
		if name, ok := strings.CutPrefix(a.Ref, "#/components/responses/"); ok {
			a = d.Components.Responses[name]
		}
		r.Answers = append(r.Answers, Answer{status, a.Description})
	}
	slices.SortFunc(r.Answers, func(a, b Answer) int { return strings.Compare(a.Status, b.Status) })
	return r
}
