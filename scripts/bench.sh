#!/usr/bin/env bash
# The figures of the README that need the whole program: generating, start, memory, tiles over HTTP, the export, and the way from a survey file to the first tile.
# Usage: scripts/bench.sh BINARY [SEGMENTS…]
set -euo pipefail
cd "$(dirname "$0")/.."
bin=$(realpath "${1:?binary}"); shift || true
sizes=("${@:-100000}"); [ $# -gt 0 ] || sizes=(100000 1000000)
dir=$(mktemp -d); pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$dir"' EXIT
now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN{printf "%.2f", b-a}'; }
go test -c -o "$dir/server.test" ./server
time=$(type -P time) || { echo "GNU time is not installed: apt install time"; exit 1; }

start() { # folder, words: serves it and says how soon and with how much memory
  local log="$dir/serve.log" t
  url=http://127.0.0.1:$((20000 + RANDOM % 20000))
  t=$(now)
  "$bin" serve --data "$1" --listen "${url#http://}" >"$log" 2>&1 &
  pid=$!
  until curl -fs -o /dev/null "$url/readyz"; do sleep 0.01; kill -0 $pid || { cat "$log"; exit 1; }; done
  echo "$2: ready after $(since "$t") s, $(processor) s of processor time, resident $(resident) MiB"
}
processor() { awk '{printf "%.2f", ($14+$15)/100}' /proc/$pid/stat; }
resident() { awk '/VmRSS/{print int($2/1024)}' /proc/$pid/status; }
stop() { kill $pid; wait $pid || true; pid=; }
ask() { # benchmark: its line without the name
  UNDERCITY_BENCH_URL=$url UNDERCITY_BENCH_TOKEN=$token "$dir/server.test" -test.run '^$' -test.bench "^$1\$" -test.benchtime 1x | awk '/^Benchmark/{$1="";$2="";print}'
}
reader() { # folder: makes a user who may read, and a token
  "$bin" user add bench --role admin --data "$1" && token=$("$bin" user token bench --data "$1")
}

for n in "${sizes[@]}"; do
  echo "== $n segments"
  t=$(now); "$bin" generate "$dir/city.gpkg" --segments "$n" | sed 's/.*city.gpkg/city/'
  echo "generated and stored with history in $(since "$t") s"
  mkdir "$dir/data"; mv "$dir/city.gpkg" "$dir/data/twin.gpkg"
  reader "$dir/data"
  start "$dir/data" "start from the store alone"; stop
  start "$dir/data" "start from the start file"
  echo "contents over HTTP, zstd:$(ask BenchmarkTilesOverHTTP)"
  echo "histograms of the whole city:$(ask BenchmarkHistogram)"
  echo "warm contents beside a bare net/http server, 8 clients:$(ask BenchmarkServing)"
  echo "after that resident $(resident) MiB"; stop
  for method in deflate zstd; do
    # GNU time: %e seconds, %U+%S of processor time, %M kB at the peak
    "$time" -f "%e s, %U+%S s of processor time, peak %M kB" -o "$dir/time" "$bin" export "$dir/city.3tz" --data "$dir/data" --compression $method --overwrite >"$dir/said"
    echo "exported as .3tz, $method: $(awk '/ s, /{print}' "$dir/time"); $(du -m "$dir/city.3tz" | cut -f1) MiB"
  done
  rm -f "$dir/city.3tz"
  du -m "$dir/data"/* | awk '{print "  " $2 ": " $1 " MiB"}' | sed "s#$dir/data/##"
  rm -rf "$dir/data"

  # A survey of as many pipes and manholes as CJJ 61 tables.
  mkdir "$dir/data" "$dir/survey"
  awk -v n="$n" -v p="$dir/survey/WSPOINT.csv" -v l="$dir/survey/WSLINE.csv" 'BEGIN {
    side = int(sqrt(n)) + 1
    print "物探点号,X坐标,Y坐标,地面高程,特征,附属物,井底埋深,井盖材质,权属单位" > p
    print "起点点号,终点点号,起点埋深,终点埋深,管径,材质,道路名称,权属单位,埋设年代,使用状况" > l
    for (i = 0; i < n; i++) {
      printf "WS%d,%.3f,%.3f,%.3f,,检查井,%.2f,铸铁,第%d排水公司\n", i, 4150000+int(i/side)*29.7, 500000+i%side*31.3, 38+i%side*0.01+int(i/side)*0.004, 2.1+i%7*0.1, i%9 > p
      to = i + 1; if (to % side == 0 || to >= n) to = i >= side ? i - side : (i > 0 ? i - 1 : 1)
      printf "WS%d,WS%d,%.2f,%.2f,DN%d,混凝土,第%d大街,第%d排水公司,%d,在用\n", i, to, 1.6+i%5*0.1, 1.7+i%5*0.1, 300+100*(i%8), int(i/side)%400, i%9, 1980+i%40 > l
    }}'
  reader "$dir/data"
  t=$(now); "$bin" import "$dir/survey/WSPOINT.csv" "$dir/survey/WSLINE.csv" --crs EPSG:4549 --data "$dir/data" >/dev/null
  echo "survey of $((2 * n)) rows imported in $(since "$t") s: $(awk -v n="$((2 * n))" -v s="$(since "$t")" 'BEGIN{printf "%d", n/s}') rows/s"
  start "$dir/data" "start after it" && ask BenchmarkFirstTile >/dev/null
  echo "from file to first tile $(since "$t") s"; stop
  rm -rf "$dir/data" "$dir/survey"
done
