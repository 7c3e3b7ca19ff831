// Package glb writes the contents of 3D Tiles as small GLBs: what is drawn many times as instances of unit meshes, what is drawn once as meshes with a feature
// a vertex, and a table with a row a feature. Places are rounded to what a survey knows, columns are compressed by meshopt, and the text of the document is
// kept short, since it is a cost of each content.
//
// Lengths are metres in the content's local system, which a node above everything turns to geocentric coordinates. The package knows shapes and numbers,
// and no twin: a feature is a number from 0 on in the order of the table.
package glb

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"unsafe"
)

// Content is what a content is made of: what is drawn many times, meshes that are drawn once, axes, and the table of the features that all of these belong to.
// Index 1 of a pair is for what is drawn hatched.
type Content struct {
	Turn     [4]float64 // of the node above everything, and where it is
	At       [3]float64
	Colour   [3]float64 // linear red, green and blue
	Groups   []Group
	Surfaces *[2]Surface
	Lines    *Lines
	Table    *Table
}

// Encode returns the content as a GLB.
func (c *Content) Encode() ([]byte, error) {
	w := &writer{features: c.Table.count}
	w.doc.Asset = asset{"2.0", "undercity"}
	w.doc.Nodes = append(make([]node, 0, 12), node{Rotation: &c.Turn, Translation: &c.At})
	w.materials(c.Colour)
	w.data = make([]byte, 0, 4096+40*c.Table.count)
	w.instances(c.Groups)
	w.surfaces(c.Surfaces, c.Lines)
	w.shapes.write(w)
	w.metadata(c.Table)
	for i := range len(w.doc.Nodes) - 1 {
		w.doc.Nodes[0].Children = append(w.doc.Nodes[0].Children, i+1)
	}
	w.doc.Scenes = []scene{{[]int{0}}}
	return w.encode()
}

// writer puts the parts of a content into a glTF document with one buffer.
type writer struct {
	doc      document
	data     []byte
	columns  []byte // what is compressed, behind everything else in the end
	last     []byte // what ends the buffer, and its view
	lastView int
	unpacked int // bytes of the fallback buffer, which no client reads
	used     [extensions]bool
	shapes   shapes
	features int // in the property table
}

// The extensions contents use, in the order they are named.
const (
	extMeshFeatures = iota
	extInstanceFeatures
	extMetadata
	extInstancing
	extQuantization
	extMeshopt
	extensions
)

var extensionNames = [extensions]string{"EXT_mesh_features", "EXT_instance_features", "EXT_structural_metadata", "EXT_mesh_gpu_instancing", "KHR_mesh_quantization", "EXT_meshopt_compression"}

// number is what buffers hold.
type number interface {
	~int8 | ~uint8 | ~int16 | ~uint16 | ~uint32 | ~float32
}

// bytesOf views numbers as bytes. glTF is little-endian, and so is every machine this is built for (a test says so).
func bytesOf[T number](v []T) []byte {
	if len(v) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&v[0])), len(v)*int(unsafe.Sizeof(v[0])))
}

func (w *writer) align(n int) {
	for len(w.data)%n != 0 {
		w.data = append(w.data, 0)
	}
}

// view adds a buffer view of b, which begins at a multiple of align.
func (w *writer) view(b []byte, align, stride, target int) int {
	w.align(align)
	w.doc.BufferViews = append(w.doc.BufferViews, bufferView{Offset: len(w.data), Length: len(b), Stride: stride, Target: target})
	w.data = append(w.data, b...)
	return len(w.doc.BufferViews) - 1
}

func (w *writer) accessor(a accessor) int {
	w.doc.Accessors = append(w.doc.Accessors, a)
	return len(w.doc.Accessors) - 1
}

func ref(i int) *int { return &i }

// encode writes header, text and buffer (glTF 2.0, GLB file format).
func (w *writer) encode() ([]byte, error) {
	for e, name := range extensionNames {
		if w.used[e] {
			w.doc.ExtensionsUsed = append(w.doc.ExtensionsUsed, name)
			if e >= extInstancing {
				w.doc.ExtensionsRequired = append(w.doc.ExtensionsRequired, name)
			}
		}
	}
	w.placePacked()
	if w.last != nil {
		w.align(8)
		v := &w.doc.BufferViews[w.lastView]
		v.Offset, v.Length = len(w.data), len(w.last)
		w.data = append(w.data, w.last...)
	}
	w.align(8)
	w.doc.Buffers = []buffer{{Length: len(w.data)}}
	if w.used[extMeshopt] {
		w.doc.Buffers = append(w.doc.Buffers, buffer{Length: w.unpacked, Extensions: &bufferExtensions{fallback{true}}})
	}
	text, err := json.Marshal(&w.doc)
	if err != nil {
		return nil, fmt.Errorf("GLB: %w", err)
	}
	for len(text)%4 != 0 {
		text = append(text, ' ')
	}
	total := 12 + 8 + len(text) + 8 + len(w.data)
	out := append(make([]byte, 0, total), "glTF"...)
	for _, v := range [...]uint32{2, uint32(total), uint32(len(text))} {
		out = binary.LittleEndian.AppendUint32(out, v)
	}
	out = append(append(out, "JSON"...), text...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(w.data)))
	return append(append(out, "BIN\x00"...), w.data...), nil
}

// materials are of what is known and of what is assumed.
func (w *writer) materials(c [3]float64) {
	for _, rough := range [...]float64{0.6, 0} {
		w.doc.Materials = append(w.doc.Materials, material{pbr{BaseColor: [4]float64{c[0], c[1], c[2], 1}, Roughness: rough}})
	}
}
