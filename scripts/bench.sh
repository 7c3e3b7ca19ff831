#!/usr/bin/env bash
# The figures of the README that need the whole program: import, start, memory, requests. Usage: scripts/bench.sh BINARY [SEGMENTS…]
set -euo pipefail
bin=$(realpath "${1:?binary}"); shift || true
sizes=("${@:-100000}"); [ $# -gt 0 ] || sizes=(100000 1000000)
dir=$(mktemp -d); trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$dir"' EXIT
now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN{printf "%.2f", b-a}'; }

serve() { # folder → seconds until ready, resident memory
  local log="$dir/serve.log" port=$((20000 + RANDOM % 20000)) t
  t=$(now)
  "$bin" serve --data "$1" --listen 127.0.0.1:$port >"$log" 2>&1 &
  local pid=$!
  until curl -fs -o /dev/null "127.0.0.1:$port/readyz"; do sleep 0.01; kill -0 $pid || { cat "$log"; exit 1; }; done
  echo "$2: ready after $(since "$t") s, resident $(awk '/VmRSS/{print int($2/1024)}' /proc/$pid/status) MiB"
  kill $pid; wait $pid || true
}

for n in "${sizes[@]}"; do
  echo "== $n segments"
  t=$(now); "$bin" generate "$dir/city.gpkg" --segments "$n" | sed 's/.*city.gpkg/city/'
  echo "generated and stored with history in $(since "$t") s"
  mkdir "$dir/data"; mv "$dir/city.gpkg" "$dir/data/twin.gpkg"
  serve "$dir/data" "start from the store alone"
  serve "$dir/data" "start from the start file"
  du -m "$dir/data"/* | awk '{print "  " $2 ": " $1 " MiB"}' | sed "s#$dir/data/##"
  rm -rf "$dir/data"
done
