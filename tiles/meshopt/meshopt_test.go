package meshopt_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"

	"github.com/undercity/undercity/tiles/meshopt"
)

// rowsOf makes rows of one of several characters: still, rising, noisy, and all of them by turns.
func rowsOf(r *rand.Rand, count, stride int) []byte {
	b := make([]byte, count*stride)
	kind := r.IntN(4)
	for i := range b {
		switch k := kind; {
		case k == 0 || k == 3 && i/stride%40 < 20:
			b[i] = byte(i % stride)
		case k == 1:
			b[i] = byte(i / stride * (1 + i%stride))
		default:
			b[i] = byte(r.IntN(1 + r.IntN(256)))
		}
	}
	return b
}

func TestRoundTrip(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	for range 500 {
		count, stride := r.IntN(900), 4*(1+r.IntN(64))
		rows := rowsOf(r, count, stride)
		b := meshopt.AppendAttributes([]byte("before"), rows, stride)
		got, err := meshopt.DecodeAttributes(b[len("before"):], count, stride)
		if err != nil || !bytes.Equal(got, rows) || string(b[:6]) != "before" {
			t.Fatalf("%d rows of %d bytes do not come back: %v", count, stride, err)
		}
	}
}

// TestOthersDecode has npm's meshoptimizer decode what this package encodes, filters included.
func TestOthersDecode(t *testing.T) {
	const folder = "../testdata/validator"
	if _, err := os.Stat(folder + "/node_modules/meshoptimizer"); err != nil {
		t.Skip("meshoptimizer is not installed: run make test, or npm ci in tiles/testdata/validator")
	}
	type question struct {
		Data   []byte `json:"data"`
		Count  int    `json:"count"`
		Stride int    `json:"stride"`
		Filter string `json:"filter"`
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	var ask []question
	var want [][]byte
	for range 60 {
		count, stride := 1+r.IntN(700), 4*(1+r.IntN(64))
		rows := rowsOf(r, count, stride)
		ask = append(ask, question{meshopt.AppendAttributes(nil, rows, stride), count, stride, ""})
		want = append(want, rows)
	}
	var rows, out []byte
	for range 400 {
		e := meshopt.Exponential(int32(r.IntN(1<<24)-1<<23), int8(r.IntN(60)-30))
		rows = binary.LittleEndian.AppendUint32(rows, e)
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(meshopt.Float(e)))
	}
	ask, want = append(ask, question{meshopt.AppendAttributes(nil, rows, 4), 400, 4, "EXPONENTIAL"}), append(want, out)
	rows, out = nil, nil
	for range 400 {
		for _, v := range meshopt.Quaternion(anyTurn(r), uint(r.IntN(5))) {
			rows = binary.LittleEndian.AppendUint16(rows, uint16(v))
		}
		for _, v := range meshopt.Turn([4]int16{last(rows, 4), last(rows, 3), last(rows, 2), last(rows, 1)}) {
			out = binary.LittleEndian.AppendUint16(out, uint16(v))
		}
	}
	ask, want = append(ask, question{meshopt.AppendAttributes(nil, rows, 8), 400, 8, "QUATERNION"}), append(want, out)
	text, err := json.Marshal(ask)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", "meshopt.js")
	cmd.Dir, cmd.Stdin, cmd.Stderr = folder, bytes.NewReader(text), os.Stderr
	answer, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var got [][]byte
	if err := json.Unmarshal(answer, &got); err != nil {
		t.Fatal(err)
	}
	for i, w := range want {
		if !alike(got[i], w, ask[i].Filter) {
			t.Errorf("question %d (%s): others decode something else", i, ask[i].Filter)
		}
	}
}

// last is the n-th short from the end.
func last(b []byte, n int) int16 { return int16(binary.LittleEndian.Uint16(b[len(b)-2*n:])) }

// alike allows rotations to differ by one step, because others calculate with shorter numbers.
func alike(a, b []byte, filter string) bool {
	if filter != "QUATERNION" || len(a) != len(b) {
		return bytes.Equal(a, b)
	}
	for i := 0; i < len(a); i += 2 {
		if d := int16(binary.LittleEndian.Uint16(a[i:])) - int16(binary.LittleEndian.Uint16(b[i:])); d > 1 || d < -1 {
			return false
		}
	}
	return true
}

func anyTurn(r *rand.Rand) (q [4]float32) {
	sum := 0.0
	for i := range q {
		q[i] = float32(r.NormFloat64())
		sum += float64(q[i]) * float64(q[i])
	}
	for i := range q {
		q[i] /= float32(math.Sqrt(sum))
	}
	return q
}

// TestQuaternion holds the way through the filter against the rotation, as exactly as the dropped bits let it be.
func TestQuaternion(t *testing.T) {
	r := rand.New(rand.NewPCG(rand.Uint64(), 0))
	for range 2000 {
		q, drop := anyTurn(r), uint(r.IntN(7))
		dot := 0.0
		for i, v := range meshopt.Turn(meshopt.Quaternion(q, drop)) {
			dot += float64(v) / 32767 * float64(q[i])
		}
		// 1 − |cos| of half the angle between them.
		if limit := math.Pow(1.5e-5*float64(int(1)<<drop)*2.5, 2) + 1e-4; 1-math.Abs(dot) > limit {
			t.Fatalf("%v with %d bits dropped comes back with cosine %v", q, drop, dot)
		}
	}
}

func FuzzDecodeAttributes(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, size := range [][2]int{{0, 4}, {1, 12}, {17, 8}, {300, 12}} {
		f.Add(meshopt.AppendAttributes(nil, rowsOf(r, size[0], size[1]), size[1]), size[0], size[1])
	}
	f.Fuzz(func(t *testing.T, b []byte, count, stride int) {
		rows, err := meshopt.DecodeAttributes(b, count, stride)
		if err != nil {
			return
		}
		again, err := meshopt.DecodeAttributes(meshopt.AppendAttributes(nil, rows, stride), count, stride)
		if err != nil || !bytes.Equal(rows, again) {
			t.Fatalf("what was read does not come back: %v", err)
		}
	})
}

func BenchmarkAppendAttributes(b *testing.B) {
	rows := rowsOf(rand.New(rand.NewPCG(3, 4)), 1000, 12)
	b.SetBytes(int64(len(rows)))
	var dst []byte
	for b.Loop() {
		dst = meshopt.AppendAttributes(dst[:0], rows, 12)
	}
}
