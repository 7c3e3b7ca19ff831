// Package mark writes onto what is taken out of an installation who took it, when, and under which number of the audit log: as a text that viewers show, and
// for programs. It knows files, and no twin.
package mark

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Mark is what an export carries. Two exports of the same differ in it alone.
type Mark struct {
	Number       int64 // of the entry of the audit log
	User         string
	Time         time.Time
	Installation string // id
}

// Key is the name of the mark among the extras of a document.
const Key = "undercityExport"

// MarshalJSON writes the mark as documents hold it.
func (m Mark) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{"number": m.Number, "user": m.User, "time": m.Time.UTC().Format(time.RFC3339), "installation": m.Installation})
}

// Text is the mark in a line for people, in both languages.
func (m Mark) Text() string {
	return fmt.Sprintf("Undercity export 导出 %d · %s · %s · %s", m.Number, m.User, m.Time.UTC().Format(time.RFC3339), m.Installation)
}

// ErrNotGLB is returned for bytes that are no GLB.
var ErrNotGLB = errors.New("not a binary glTF document")

// textOf splits a GLB into its JSON text and what follows it (glTF 2.0, 4.4).
func textOf(glb []byte) (text, rest []byte, err error) {
	const head, chunk = 12, 8
	if len(glb) < head+chunk || string(glb[:4]) != "glTF" || string(glb[16:20]) != "JSON" {
		return nil, nil, ErrNotGLB
	}
	n := int64(binary.LittleEndian.Uint32(glb[head:]))
	if n > int64(len(glb)-head-chunk) {
		return nil, nil, ErrNotGLB
	}
	return glb[head+chunk : head+chunk+n], glb[head+chunk+n:], nil
}

// GLB returns a model with the mark: asset.copyright, which viewers show, and asset.extras. Everything else stays as it is.
func (m Mark) GLB(glb []byte) ([]byte, error) {
	text, rest, err := textOf(glb)
	if err != nil {
		return nil, err
	}
	doc, asset, extras := map[string]json.RawMessage{}, map[string]json.RawMessage{}, map[string]json.RawMessage{}
	if err := json.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotGLB, err)
	}
	if err := json.Unmarshal(doc["asset"], &asset); err != nil {
		return nil, fmt.Errorf("%w: asset: %w", ErrNotGLB, err)
	}
	if old, ok := asset["extras"]; ok {
		if err := json.Unmarshal(old, &extras); err != nil {
			return nil, fmt.Errorf("%w: asset.extras: %w", ErrNotGLB, err)
		}
	}
	for _, p := range []struct {
		in    map[string]json.RawMessage
		key   string
		value any
	}{{extras, Key, m}, {asset, "copyright", m.Text()}, {asset, "extras", extras}, {doc, "asset", asset}} {
		if p.in[p.key], err = json.Marshal(p.value); err != nil {
			return nil, fmt.Errorf("mark: %w", err)
		}
	}
	if text, err = json.Marshal(doc); err != nil {
		return nil, fmt.Errorf("mark: %w", err)
	}
	for len(text)%4 != 0 {
		text = append(text, ' ')
	}
	out := make([]byte, 0, 20+len(text)+len(rest))
	out = append(out, glb[:8]...)
	out = binary.LittleEndian.AppendUint32(out, uint32(20+len(text)+len(rest)))
	out = binary.LittleEndian.AppendUint32(out, uint32(len(text)))
	out = append(append(out, "JSON"...), text...)
	return append(out, rest...), nil
}

// Assets lists the assets that the nodes of a model are of, by the ids in their extras.
func Assets(glb []byte) ([]string, error) {
	text, _, err := textOf(glb)
	if err != nil {
		return nil, err
	}
	var doc struct {
		Nodes []struct {
			Extras struct {
				ID string `json:"id"`
			} `json:"extras"`
		} `json:"nodes"`
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotGLB, err)
	}
	var ids []string
	for _, n := range doc.Nodes {
		if n.Extras.ID != "" {
			ids = append(ids, n.Extras.ID)
		}
	}
	return ids, nil
}
