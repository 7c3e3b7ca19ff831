package glb

// The parts of a glTF document that contents are made of, in the order they are written. Numbers that glTF takes as 0 where they are not given are left out:
// the text is a fixed cost of each content.

type document struct {
	Asset              asset         `json:"asset"`
	ExtensionsUsed     []string      `json:"extensionsUsed"`
	ExtensionsRequired []string      `json:"extensionsRequired"`
	Scene              int           `json:"scene"`
	Scenes             []scene       `json:"scenes"`
	Nodes              []node        `json:"nodes"`
	Meshes             []mesh        `json:"meshes"`
	Materials          []material    `json:"materials"`
	Accessors          []accessor    `json:"accessors"`
	BufferViews        []bufferView  `json:"bufferViews"`
	Buffers            []buffer      `json:"buffers"`
	Extensions         docExtensions `json:"extensions"`
}

type asset struct {
	Version   string `json:"version"`
	Generator string `json:"generator"`
}

type scene struct {
	Nodes []int `json:"nodes"`
}

type node struct {
	Children    []int           `json:"children,omitempty"`
	Rotation    *[4]float64     `json:"rotation,omitempty"`
	Translation *[3]float64     `json:"translation,omitempty"`
	Scale       *[3]float64     `json:"scale,omitempty"`
	Mesh        *int            `json:"mesh,omitempty"`
	Extensions  *nodeExtensions `json:"extensions,omitempty"`
}

type nodeExtensions struct {
	Instancing instancing `json:"EXT_mesh_gpu_instancing"`
	Features   featureIDs `json:"EXT_instance_features"`
}

type instancing struct {
	Attributes instanceAttributes `json:"attributes"`
}

type instanceAttributes struct {
	Translation int  `json:"TRANSLATION"`
	Rotation    *int `json:"ROTATION,omitempty"`
	Scale       *int `json:"SCALE,omitempty"`
	Feature     *int `json:"_FEATURE_ID_0,omitempty"`
}

type featureIDs struct {
	FeatureIDs [1]featureID `json:"featureIds"`
}

type featureID struct {
	FeatureCount  int  `json:"featureCount"`
	Attribute     *int `json:"attribute,omitempty"` // nil: the number of the instance
	PropertyTable int  `json:"propertyTable"`
}

type mesh struct {
	Primitives []primitive `json:"primitives"`
}

type primitive struct {
	Attributes vertexAttributes     `json:"attributes"`
	Indices    *int                 `json:"indices,omitempty"`
	Mode       *int                 `json:"mode,omitempty"`
	Material   int                  `json:"material"`
	Extensions *primitiveExtensions `json:"extensions,omitempty"`
}

type vertexAttributes struct {
	Position int  `json:"POSITION"`
	Normal   *int `json:"NORMAL,omitempty"`
	Feature  *int `json:"_FEATURE_ID_0,omitempty"`
}

type primitiveExtensions struct {
	Features featureIDs `json:"EXT_mesh_features"`
}

type material struct {
	PBR pbr `json:"pbrMetallicRoughness"`
}

type pbr struct {
	BaseColor [4]float64 `json:"baseColorFactor"`
	Metallic  int        `json:"metallicFactor"`
	Roughness float64    `json:"roughnessFactor,omitempty"`
}

type accessor struct {
	View          int         `json:"bufferView"`
	Offset        int         `json:"byteOffset,omitempty"`
	ComponentType int         `json:"componentType"`
	Normalized    bool        `json:"normalized,omitempty"`
	Count         int         `json:"count"`
	Type          string      `json:"type"`
	Min           *[3]float64 `json:"min,omitempty"`
	Max           *[3]float64 `json:"max,omitempty"`
}

type bufferView struct {
	Buffer     int             `json:"buffer"`
	Offset     int             `json:"byteOffset,omitempty"`
	Length     int             `json:"byteLength"`
	Stride     int             `json:"byteStride,omitempty"`
	Target     int             `json:"target,omitempty"`
	Extensions *viewExtensions `json:"extensions,omitempty"`
}

type viewExtensions struct {
	Meshopt meshoptView `json:"EXT_meshopt_compression"`
}

type meshoptView struct {
	Buffer int    `json:"buffer"`
	Offset int    `json:"byteOffset,omitempty"`
	Length int    `json:"byteLength"`
	Stride int    `json:"byteStride"`
	Count  int    `json:"count"`
	Mode   string `json:"mode"`
	Filter string `json:"filter,omitempty"`
}

type buffer struct {
	Length     int               `json:"byteLength"`
	Extensions *bufferExtensions `json:"extensions,omitempty"`
}

type bufferExtensions struct {
	Meshopt fallback `json:"EXT_meshopt_compression"`
}

type fallback struct {
	Fallback bool `json:"fallback"`
}

type docExtensions struct {
	Metadata metadata `json:"EXT_structural_metadata"`
}

type metadata struct {
	Schema any              `json:"schema"`
	Tables [1]metadataTable `json:"propertyTables"`
}

type metadataTable struct {
	Class      string       `json:"class"`
	Count      int          `json:"count"`
	Properties tableColumns `json:"properties"`
}

type tableColumns struct {
	ID        stringColumn `json:"id"`
	Kind      column       `json:"kind"`
	Diameter  column       `json:"diameter"`
	Cover     column       `json:"cover"`
	Material  column       `json:"material"`
	Installed column       `json:"installed"`
	Status    column       `json:"status"`
	Quality   column       `json:"quality"`
	Assumed   column       `json:"assumed"`
}

type column struct {
	Values int `json:"values"`
}

type stringColumn struct {
	Values     int    `json:"values"`
	Offsets    int    `json:"stringOffsets"`
	OffsetType string `json:"stringOffsetType,omitempty"`
}

// Component types, targets and modes by their numbers in glTF.
const (
	typeByte   = 5120
	typeUbyte  = 5121
	typeShort  = 5122
	typeUshort = 5123
	typeUint   = 5125
	typeFloat  = 5126

	targetVertices = 34962
	targetIndices  = 34963

	modeLines = 1
)
