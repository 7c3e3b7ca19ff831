#!/usr/bin/env bash
# Vector tiles of the same segments by PostGIS's ST_AsMVT and by Undercity, in turns in one run, each on all cores and nothing kept from one tile to the next.
# Needs Debian's postgresql, postgresql-15-postgis-3 and gdal-bin; makes a cluster of its own in a temporary folder. Not part of `make test`.
# Usage: scripts/mvt-postgis.sh [SEGMENTS] [SECONDS A TURN] [TURNS]
set -euo pipefail
cd "$(dirname "$0")/.."
n=${1:-1000000} seconds=${2:-10} turns=${3:-2}
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
dir=$(mktemp -d); chmod 755 "$dir"
as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
trap 'as "$bin/pg_ctl" -D "$dir/pg" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$dir"' EXIT
[ "$(id -u)" != 0 ] || { install -d -o postgres "$dir/pg"; }
as "$bin/initdb" -D "$dir/pg" -A trust -U postgres >/dev/null
as "$bin/pg_ctl" -D "$dir/pg" -w -o "-c listen_addresses='' -k $dir/pg -c shared_buffers=1GB -c jit=off -c max_parallel_workers_per_gather=0" start >/dev/null
export PGHOST=$dir/pg PGUSER=postgres PGDATABASE=postgres
psql -qc 'create extension postgis'
go run ./cmd/undercity generate "$dir/city.gpkg" --segments "$n" >/dev/null
ogr2ogr -q -f PostgreSQL "PG:host=$PGHOST user=postgres dbname=postgres" "$dir/city.gpkg" segment -nln raw -t_srs EPSG:3857 -dim XY -lco GEOMETRY_NAME=geom --config PG_USE_COPY YES
rm "$dir/city.gpkg"
# The same rows as at our zooms: small pipes come at 15; pressure pipes and cables count double.
psql -qc "create table segment as select id, network, name, status, quality, assumed, nullif(material, 'UNK') as material, substring(installed from '[12][0-9]{3}')::int as installed, width_m as diameter, outer_m as width, least(cover_start, cover_end) as cover, geom,
    greatest(outer_m, height_m, 0.1) * case when network in ('WS','YS','HS') then 1 else 2 end as weight from raw" -c "create index on segment using gist (geom)" -c "vacuum analyze segment"
go test -c -o "$dir/tiles.test" ./tiles/vector
box=$(psql -Atc "select st_xmin(e), st_ymin(e), st_xmax(e), st_ymax(e) from (select st_extent(geom) e from segment) q" | tr '|' ' ')
# processor time of all backends that have ended, hundredths of a second; what else runs on the machine counts less in it than in tiles a second
served() { awk '{print $16 + $17}' "/proc/$(head -1 "$dir/pg/postmaster.pid")/stat"; }
for z in 14 15 16; do
  read -r x0 x1 y0 y1 < <(awk -v z=$z '{h = 20037508.342789244; k = 2^z / (2 * h); w = ($3 - $1) * 0.15; v = ($4 - $2) * 0.15
    printf "%d %d %d %d\n", ($1 + w + h) * k, ($3 - w + h) * k, (h - $4 + v) * k, (h - $2 - v) * k}' <<<"$box")
  least=0; [ $z -ge 15 ] || least=0.15
  cat >"$dir/tile.sql" <<SQL
\set x random($x0, $x1)
\set y random($y0, $y1)
select st_asmvt(q, 'segment', 4096, 'geom') from (select id, network, name, status, quality, assumed, material, installed, diameter, width, cover,
  st_asmvtgeom(geom, st_tileenvelope($z, :x, :y), 4096, 64, true) as geom
  from segment where geom && st_tileenvelope($z, :x, :y, margin => 64.0 / 4096) and weight >= $least) q;
SQL
  for _ in $(seq "$turns"); do
    before=$(served)
    read -r done a < <(pgbench -n -M prepared -c 2 -j 2 -T "$seconds" -f "$dir/tile.sql" 2>/dev/null | awk '/actually processed/{n = $NF + 0} /^tps/{print n, $3}')
    sleep 1 # until the backends have been waited for
    cpu=$(awk -v a="$before" -v b="$(served)" -v n="$done" 'BEGIN{print (b - a) * 10000 / n}')
    read -r b own < <(UNDERCITY_BENCH_SEGMENTS=$n "$dir/tiles.test" -test.run '^$' -test.bench "MVT/z$z/raw" -test.benchtime "${seconds}s" | awk '/tiles\/s/{for (i = 1; i <= NF; i++) {if ($i == "tiles/s") t = $(i - 1); if ($i == "cpu-µs/tile") c = $(i - 1)}; print t, c}')
    awk -v z=$z -v a="$a" -v b="$b" -v p="$cpu" -v o="$own" 'BEGIN{printf "z%d: ST_AsMVT %.0f tiles/s, Undercity %.0f tiles/s, %.1f times; processor time a tile %.0f and %.0f µs, %.1f times\n", z, a, b, b / a, p, o, p / o}'
  done
done
