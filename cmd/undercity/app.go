package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/undercity/undercity/server"
	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/server/limit"
	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/viewer"
)

// garbagePercent trades a little time for memory: most of a twin holds no pointers, so collecting it often is cheap.
const garbagePercent = 40

// importPercent is that of an import, which is to take at most half as much again as the city that comes of it: 1.47 times with 1,000,000 links of an EPANET
// model, for a twentieth more of processor time than at 10.
const importPercent = 5

// tuneMemory is called once at the start of the commands that hold a city.
func tuneMemory() { collectAt(garbagePercent) }

// collectAt has garbage collected when it is so much of what is in use, unless the environment says otherwise.
func collectAt(percent int) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
}

// app is a running installation.
type app struct {
	twin    *twin.Twin
	office  *auth.Office
	log     *slog.Logger
	scratch string
}

// shutdownTime is how long requests under way may take to end.
const shutdownTime = 5 * time.Second

// startFileIdle is how long nothing has changed, at least, when the start file is written beside the running server.
const startFileIdle = 20 * time.Second

// areasEvery is how often it is written what users have been shown.
const areasEvery = 3 * time.Second

// serve listens and serves until ctx ends; ready is called once it listens.
func (a *app) serve(ctx context.Context, w *web, ready func(addr net.Addr) error) (err error) {
	areas, err := limit.OpenAreas(ctx, a.scratch, w.areas)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, areas.Close()) }()
	s, err := server.New(server.Options{Twin: a.twin, Office: a.office, Tiles: tiles.New(a.twin, tiles.Options{}), Viewer: viewer.Files(), Logger: a.log, Scratch: a.scratch, Readers: readers(), Version: version(),
		Limits: w.table, Areas: areas, Proxies: w.proxies, BasePath: w.flags.base, Upload: int64(w.flags.upload) << 20})
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return s.Run(ctx) })
	g.Go(func() error { return areas.Run(ctx, areasEvery, a.log) })
	g.Go(func() error { return a.twin.KeepStartFile(ctx, startFileIdle) })
	debug.FreeOSMemory()
	if err := a.serveHTTP(ctx, g, s, w, ready); err != nil {
		stop()
		return errors.Join(err, g.Wait())
	}
	return g.Wait()
}

// serveOn runs a server of HTTP until ctx ends, and then lets requests under way end.
func (a *app) serveOn(ctx context.Context, g *errgroup.Group, h *http.Server, serve func() error) {
	g.Go(func() error {
		if err := serve(); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("server: %w", err)
		}
		return nil
	})
	g.Go(func() error {
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
		defer cancel()
		if err := h.Shutdown(end); err != nil {
			return h.Close()
		}
		return nil
	})
}

func (a *app) close() error { return errors.Join(a.office.Close(), a.twin.Close()) }

func newLogger(debug bool) *slog.Logger {
	level := slog.LevelInfo
	if debug {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
}

// newQuietLogger is for commands that print what they did: it says only what went wrong.
func newQuietLogger() *slog.Logger {
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
}
