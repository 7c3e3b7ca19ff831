package store

import (
	"fmt"

	"github.com/klauspost/compress/zstd"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/db"
)

// packWriter writes what a revision creates and updates in packs.
type packWriter struct {
	revision     int64
	of           int // records in a pack
	insert, done *db.Stmt
	zstd         *zstd.Encoder

	first, last, runFirst twin.ID
	count                 int
	fid                   int64
	bytes, compressed     []byte
}

func newPackWriter(b *db.Bulk, revision int64, of int) (*packWriter, error) {
	p := &packWriter{revision: revision, of: of}
	var err error
	if p.insert, err = b.Prepare("insert into undercity_pack (revision, first_id, last_id, count, records) values ($1, $2, $3, $4, $5)"); err != nil {
		return nil, err
	}
	if p.done, err = b.Prepare("insert into undercity_pack_run (revision, first_id, last_id) values ($1, $2, $3)"); err != nil {
		return nil, err
	}
	p.zstd, err = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest))
	return p, err
}

// add adds a change, whose ID must be greater than that before.
func (p *packWriter) add(c *change, fid int64) error {
	if c.id <= p.last {
		return twin.Errorf(twin.Internal, "%s comes after %s in the changes of revision %d", c.id, p.last, p.revision)
	}
	if len(c.record) > maxPackRecord {
		return twin.Errorf(twin.Invalid, "%s is too large to hold", c.id).WithHint("cut the line into several segments")
	}
	if p.count == 0 {
		p.first = c.id
	}
	if p.runFirst == "" {
		p.runFirst = c.id
	}
	p.bytes = appendEntry(p.bytes, c.op, fid-p.fid-1, c.record)
	p.last, p.fid = c.id, fid
	if p.count++; p.count >= p.of || len(p.bytes) >= packBytes {
		return p.flush()
	}
	return nil
}

func (p *packWriter) flush() error {
	if p.count == 0 {
		return nil
	}
	p.compressed = p.zstd.EncodeAll(p.bytes, p.compressed[:0])
	if _, err := p.insert.Exec(db.Args(p.revision, p.first, p.last, int64(p.count), p.compressed)); err != nil {
		return fmt.Errorf("pack from %s on: %w", p.first, err)
	}
	p.bytes, p.count, p.fid = p.bytes[:0], 0, 0
	return nil
}

// finish writes what is left.
func (p *packWriter) finish() error {
	if err := p.flush(); err != nil || p.runFirst == "" {
		return err
	}
	if _, err := p.done.Exec(db.Args(p.revision, p.runFirst, p.last)); err != nil {
		return fmt.Errorf("packs of revision %d: %w", p.revision, err)
	}
	return nil
}
