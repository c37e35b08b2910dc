# shellcheck shell=bash
# Figures and pictures: benchmarks of the simulator and the page, and screenshots.

# plain_trace FILE: prints the name of FILE's text, unpacked into the cache if it is packed.
plain_trace() {
    local file=$1 plain
    plain=$SLUICE_CACHE/bench/$(basename "$file")
    mkdir -p "$SLUICE_CACHE/bench"
    case $file in
        *.zst)
            has zstd || apt_install zstd "" zstd >&2
            zstd -d -q -f "$file" -o "${plain%.zst}"
            echo "${plain%.zst}"
            ;;
        *.gz)
            gzip -d -c "$file" >"${plain%.gz}"
            echo "${plain%.gz}"
            ;;
        *) realpath "$file" ;;
    esac
}

# need_peer: another simulator to compare with; the benchmark goes on without it.
need_peer() {
    local version=0.3.5 venv=$SLUICE_CACHE/peers
    peer=$venv/bin/python
    "$peer" -c 'import libcachesim' 2>/dev/null && return
    if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null; then
        note "no comparison with libCacheSim: it needs Python 3.9 or later"
        return 1
    fi
    step "installing libcachesim $version into a Python environment of its own (once)"
    if ! { quietly python3 -m venv "$venv" && quietly "$venv/bin/pip" install -q "libcachesim==$version"; }; then
        note "no comparison with libCacheSim: it could not be installed, for the reason above"
        return 1
    fi
}

bench() {
    local trace="" file
    if [ $# -gt 0 ]; then
        [ -r "$1" ] || fail "there is no trace $1"
        trace=$(plain_trace "$1")
        export SLUICE_TRACE=$trace
    fi
    need_rust
    need_compiler
    for file in benches/*.rs; do
        [ -e "$file" ] || continue
        step "measuring $file"
        cargo bench --locked --bench "$(basename "$file" .rs)"
    done
    if [ -n "$trace" ] && need_peer; then
        step "measuring libCacheSim on the same trace"
        "$peer" tools/peer.py "$trace"
    fi
    if [ -e tests/bench/browser.mjs ]; then
        need_node_packages
        need_browser
        build
        step "measuring the page"
        node tests/bench/browser.mjs
    fi
}

shots() {
    need_node_packages
    need_browser
    build
    step "taking pictures"
    node tests/e2e/shots.mjs "${1:-shots}"
}
