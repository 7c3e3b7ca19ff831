package cjj61

import (
	"testing"

	"github.com/undercity/undercity/twin"
)

// TestNetworkOfTitle reads the network from the names that cities give their tables.
func TestNetworkOfTitle(t *testing.T) {
	s := &survey{cat: twin.Standard()}
	for title, want := range map[string]string{"JSPOINT": "JS", "js_line": "JS", "P_DL": "DL", "L_DL": "DL", "给水点": "JS", "给水管线": "JS", "热力管线": "RL", "JS_点表": "JS", "1JS": "JS", "JSPOINT2": "JS",
		"YS雨水点": "YS", "电力管线成果表": "DL", "通信线": "TX", "GasPoint": "RQ", "2023年燃气普查": "RQ", "东区-污水成果表": "WS", "雨水和污水": "", "Sheet1": "", "管点": "", "管线": "", "POINT": "", "L": "", "": ""} {
		if got := s.networkOfTitle(title); got != want {
			t.Errorf("%q is of %q, want %q", title, got, want)
		}
	}
}
