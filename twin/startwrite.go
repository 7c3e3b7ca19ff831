package twin

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"time"
)

const (
	// worthAFile is how many assets a change has, or a start from the store, that are worth a start file before the twin is closed.
	worthAFile = 5000
	// maxCopy is how many bytes of assets are copied to leave out those that were replaced, while the twin is in use.
	maxCopy = 64 << 20
)

// KeepStartFile writes the start file some time after a large change, so that the start after a crash need not read the store, until ctx ends: once
// nothing has changed for as long as idle. Writers wait only while the file is made ready, not while it is written.
func (t *Twin) KeepStartFile(ctx context.Context, idle time.Duration) error {
	if t.opts.StartFile == "" || t.opts.ReadOnly {
		return nil
	}
	tick := time.NewTicker(idle)
	defer tick.Stop()
	var seen *Snapshot
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if now := t.snap.Load(); now != seen {
			seen = now
			continue
		}
		if err := t.writeIdle(seen); err != nil {
			t.opts.Logger.Info("start file not written", "err", err)
		}
	}
}

// writeIdle writes the start file where that is worth it and the snapshot is still the current one.
func (t *Twin) writeIdle(s *Snapshot) error {
	t.writing.Lock()
	defer t.writing.Unlock()
	t.mu.Lock()
	if t.closed || !t.large || t.snap.Load() != s || !s.compacted() && s.arena.bytes > maxCopy {
		t.mu.Unlock()
		return nil
	}
	t.large = false // a file that cannot be written is not tried again and again
	parts, err := t.startParts()
	base := t.base.Load()
	t.mu.Unlock()
	if err != nil {
		return err
	}
	if err := writeWhole(t.opts.StartFile, parts); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.snap.Load() == s && t.base.Load() == base {
		t.dirty = false
	}
	return nil
}

// writeStartFile packs the current state and writes it beside the store; the old file stays until the new one is whole.
func (t *Twin) writeStartFile() error {
	parts, err := t.startParts()
	if err != nil {
		return err
	}
	return writeWhole(t.opts.StartFile, parts)
}

// startParts are the parts of the start file of the current state. They do not change any more.
func (t *Twin) startParts() ([][]byte, error) {
	s := t.compact()
	h := &startHeader{Store: s.storeID, Revision: s.revision, Base: t.head.BaseVersion, Tables: s.cat.fingerprint(), Records: s.arena.count, Bytes: s.arena.bytes,
		Counts: s.Counts()}
	if !s.extent.IsEmpty() {
		h.Extent = &s.extent
	}
	parts := h.gather(s, t.base.Load(), t.keepers)
	for _, p := range parts {
		h.Sums = append(h.Sums, crc32.Checksum(p, castagnoli))
	}
	head, err := json.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("start file: %w", err)
	}
	first := append(make([]byte, 0, startFixed+len(head)), startMagic...)
	first = binary.NativeEndian.AppendUint32(first, startMark)
	first = binary.LittleEndian.AppendUint32(first, uint32(len(head)))
	first = binary.LittleEndian.AppendUint32(first, crc32.Checksum(head, castagnoli))
	first = append(first, head...)
	return append([][]byte{first}, parts...), nil
}

// compacted reports whether the assets lie in the memory with little between that was replaced.
func (s *Snapshot) compacted() bool {
	room := 0
	for _, c := range s.arena.chunks {
		room += len(c)
	}
	return s.index.edits.Len() == 0 && s.arena.count == len(s.index.base.sorted) && room <= s.arena.bytes+s.arena.bytes/8+chunkSize
}
