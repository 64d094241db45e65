#!/usr/bin/env bash
# Whole runs of luopan beside the peer and the floor, at these sizes:
#
#     benches/nightly.sh [SIZE…]          default 10000 100000; 1000000 takes hours and 60 GB of disk
#
# Prints Markdown. What is compared with what: benches/README.md. Lakes, virtual environment and warehouses are kept in
# LUOPAN_BENCH_CACHE (default ~/.cache/luopan/bench). LUOPAN_BIN and PEER_PYTHON name a binary and a Python to use as they are.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
cache=${LUOPAN_BENCH_CACHE:-$HOME/.cache/luopan/bench}
mkdir -p "$cache"

say() { echo "$*" >&2; }

if [ -z "${LUOPAN_BIN:-}" ]; then
    say "building luopan (LUOPAN_BIN=… uses another)"
    (cd "$root" && cargo build --release --quiet)
    LUOPAN_BIN=${CARGO_TARGET_DIR:-$root/target}/release/luopan
fi
[ -x "$LUOPAN_BIN" ] || { say "LUOPAN_BIN: $LUOPAN_BIN is no program"; exit 2; }

if [ -z "${PEER_PYTHON:-}" ]; then
    pinned=$here/peers/requirements.txt
    venv=$cache/venv-$(sha256sum "$pinned" | cut -c1-12)
    if [ ! -e "$venv/ready" ]; then
        say "installing the peer's packages into $venv"
        rm -rf "$venv"
        python3 -m venv "$venv"
        "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$pinned"
        touch "$venv/ready"
    fi
    PEER_PYTHON=$venv/bin/python
fi

"$PEER_PYTHON" "$here/feel.py" --luopan "$LUOPAN_BIN" --project "$root" --work "$cache/work"

[ $# -gt 0 ] || set -- 10000 100000
for size in "$@"; do
    [[ $size =~ ^[0-9]+$ ]] || { say "$size is no number of customers"; exit 2; }
    lake=$cache/lakes/$size
    if [ ! -e "$lake.ready" ]; then
        say "making a lake of $size customers"
        rm -rf "$lake"
        "$LUOPAN_BIN" sample "$lake" --customers "$size" >&2
        touch "$lake.ready"
    fi
    "$PEER_PYTHON" "$here/measure.py" --luopan "$LUOPAN_BIN" --project "$root" --lake "$lake" \
        --work "$cache/work/$size" --name "$size customers"
done
