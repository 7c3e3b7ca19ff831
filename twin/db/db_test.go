package db_test

import (
	"bufio"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/undercity/undercity/twin/db"
)

func open(t *testing.T, o db.Options) (*sql.DB, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "城 #1?.db")
	d, err := db.Open(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d, path
}

func exec1(t *testing.T, d *sql.DB, text string) {
	t.Helper()
	if _, err := d.ExecContext(t.Context(), text); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

func count(t *testing.T, d *sql.DB) (n int) {
	t.Helper()
	if err := d.QueryRowContext(t.Context(), "select count(*) from a").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestMigrate(t *testing.T) {
	d, _ := open(t, db.Options{Quick: true})
	files := fstest.MapFS{
		"0001_a.sql": {Data: []byte("create table a (x integer);\ninsert into a values (1);")},
		"0002_b.sql": {Data: []byte("insert into a values (2);")},
		"readme.txt": {Data: []byte("not SQL")},
	}
	for range 2 { // the second time there is nothing to do
		if err := db.Migrate(t.Context(), d, "test", files); err != nil {
			t.Fatal(err)
		}
	}
	if n := count(t, d); n != 2 {
		t.Errorf("%d rows after two migrations, want 2", n)
	}
	files["0001_a.sql"] = &fstest.MapFile{Data: []byte("create table a (x integer);\r\ninsert into a values (1);")}
	if err := db.Migrate(t.Context(), d, "test", files); err != nil {
		t.Errorf("line ends of another system: %v", err)
	}
	files["0003_c.sql"] = &fstest.MapFile{Data: []byte("insert into a values (3); insert into nothing values (1);")}
	if err := db.Migrate(t.Context(), d, "test", files); err == nil || !strings.Contains(err.Error(), "0003_c.sql") {
		t.Errorf("a broken migration: %v", err)
	}
	if n := count(t, d); n != 2 {
		t.Errorf("%d rows after half a migration, want 2", n)
	}
	delete(files, "0003_c.sql")
	if err := db.Migrate(t.Context(), d, "test", fstest.MapFS{"0001_a.sql": files["0001_a.sql"]}); !errors.Is(err, db.ErrNewer) || !strings.Contains(err.Error(), "0002_b.sql") {
		t.Errorf("by a program of before: %v", err)
	}
	files["0002_b.sql"] = &fstest.MapFile{Data: []byte("insert into a values (20);")}
	if err := db.Migrate(t.Context(), d, "test", files); err == nil || !strings.Contains(err.Error(), "0002_b.sql") {
		t.Errorf("a migration that was changed after it was applied: %v", err)
	}
	if err := db.Migrate(t.Context(), d, "other", fstest.MapFS{"0001_a.sql": {Data: []byte("create table other (x integer)")}}); err != nil {
		t.Errorf("another component's file of the same name: %v", err)
	}
}

func TestPageSize(t *testing.T) {
	d, _ := open(t, db.Options{Quick: true})
	exec1(t, d, "create table a (x integer)")
	var size int
	var mode string
	if err := errors.Join(d.QueryRowContext(t.Context(), "pragma page_size").Scan(&size), d.QueryRowContext(t.Context(), "pragma journal_mode").Scan(&mode)); err != nil || size != 8192 || mode != "wal" {
		t.Errorf("pages of %d bytes, journal %q, %v", size, mode, err)
	}
}

func TestTx(t *testing.T) {
	d, _ := open(t, db.Options{Quick: true})
	exec1(t, d, "create table a (x integer)")
	broken := errors.New("broken")
	err := db.Tx(t.Context(), d, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(t.Context(), "insert into a values (1)"); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) || count(t, d) != 0 {
		t.Errorf("%d rows after a failure, %v", count(t, d), err)
	}
	if err := db.Tx(t.Context(), d, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), "insert into a values (1)")
		return err
	}); err != nil || count(t, d) != 1 {
		t.Errorf("%d rows, %v", count(t, d), err)
	}
}

func TestBulk(t *testing.T) {
	d, _ := open(t, db.Options{Quick: true})
	exec1(t, d, "create table a (x integer primary key, s text, r real, b blob)")
	rows := [][]driver.Value{{int64(1), "井", 1.5, []byte{0, 1}}, {int64(2), nil, nil, nil}}
	write := func(fail error) error {
		return db.InBulk(t.Context(), d, func(tx *db.BulkTx) error {
			if err := tx.Bulk(func(b *db.Bulk) error {
				st, err := b.Prepare("insert into a (x, s, r, b) values ($1, $2, $3, $4)")
				if err != nil {
					return err
				}
				for _, r := range rows {
					if n, err := st.Exec(db.Args(r...)); err != nil || n != 1 {
						return errors.Join(err, errors.New("a row was not written"))
					}
				}
				return nil
			}); err != nil {
				return err
			}
			return fail
		})
	}
	broken := errors.New("broken")
	if err := write(broken); !errors.Is(err, broken) || count(t, d) != 0 {
		t.Errorf("%d rows after a failure, %v", count(t, d), err)
	}
	if err := write(nil); err != nil {
		t.Fatal(err)
	}
	if err := write(nil); !db.IsConstraint(errors.Unwrap(err)) && !strings.Contains(err.Error(), "UNIQUE") {
		t.Errorf("the same keys again: %v", err)
	}
	var got [][]driver.Value
	if err := db.Read(t.Context(), d, func(b *db.Bulk) error {
		st, err := b.Prepare("select x, s, r, b from a where x >= $1 order by x")
		if err != nil {
			return err
		}
		return st.Each(db.Args(int64(1)), func(row []driver.Value) bool {
			got = append(got, append([]driver.Value(nil), row...))
			return true
		})
	}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(rows, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	err := db.Read(t.Context(), d, func(b *db.Bulk) error {
		_, err := b.Prepare("select x from a where x = $2 and s = $1")
		return err
	})
	if err == nil {
		t.Error("parameters out of order were taken")
	}
}

// TestReadOnly opens a file that others wrote: it can be read, even where its folder cannot be written, and nothing can be written to it.
func TestReadOnly(t *testing.T) {
	d, path := open(t, db.Options{Quick: true})
	exec1(t, d, "create table a (x integer)")
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	for _, o := range []db.Options{{ReadOnly: true}, {Foreign: true}} {
		r, err := db.Open(t.Context(), path, o)
		if err != nil {
			t.Fatal(err)
		}
		if n := count(t, r); n != 0 {
			t.Errorf("%d rows", n)
		}
		if _, err := r.ExecContext(t.Context(), "insert into a values (1)"); err == nil {
			t.Errorf("%+v: wrote to it", o)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := db.Open(context.Background(), filepath.Join(t.TempDir(), "none.db"), db.Options{ReadOnly: true}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

// TestLibcVersion holds the version of the driver's C library against the one that the driver was made with: another may break it.
func TestLibcVersion(t *testing.T) {
	list := func(format, module string) string {
		out, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", format, module).Output()
		if err != nil {
			t.Skipf("go list %s: %v", module, err)
		}
		return strings.TrimSpace(string(out))
	}
	f, err := os.Open(filepath.Join(list("{{.Dir}}", "modernc.org/sqlite"), "go.mod"))
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	have, want := list("{{.Version}}", "modernc.org/libc"), ""
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(strings.TrimPrefix(lines.Text(), "require ")), "modernc.org/libc "); ok {
			want, _, _ = strings.Cut(rest, " ")
		}
	}
	if have != want || want == "" {
		t.Errorf("modernc.org/libc is %s; modernc.org/sqlite was made with %q", have, want)
	}
}
