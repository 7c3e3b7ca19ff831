package main

import (
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// bar is a progress bar on a terminal, and nothing elsewhere.
type bar struct{ bar *progressbar.ProgressBar }

const barSteps = 1000

func newBar(what string) *bar {
	if !term.IsTerminal(int(os.Stderr.Fd())) {
		return &bar{}
	}
	return &bar{progressbar.NewOptions(barSteps, progressbar.OptionSetDescription(what), progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish())}
}

// set shows how much is done, 0 to 1. A bar that cannot be drawn is not worth failing for.
func (b *bar) set(done float64) {
	if b.bar != nil {
		_ = b.bar.Set(int(barSteps * max(0, min(1, done))))
	}
}

func (b *bar) end() {
	if b.bar != nil {
		_ = b.bar.Finish()
	}
}
