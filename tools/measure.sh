# shellcheck shell=bash
# Figures and pictures: benchmarks of the simulator and the page, and screenshots.

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

# build_rates: the program that measures policies, natively and for the browser. It is built like
# the worker: for speed.
build_rates() {
    step "building the measurements, natively and for the browser"
    cargo build --locked --release --bin rates
    cargo build --locked --release --bin rates --target wasm32-unknown-unknown
    export SLUICE_RATES=$CARGO_TARGET_DIR/release/rates SLUICE_RATES_WEB=$CARGO_TARGET_DIR/rates
    wasm-bindgen --target web --no-typescript --out-dir "$SLUICE_RATES_WEB" \
        "$CARGO_TARGET_DIR/wasm32-unknown-unknown/release/rates.wasm"
    wasm-opt -O3 "$SLUICE_RATES_WEB/rates_bg.wasm" -o "$SLUICE_RATES_WEB/rates_bg.wasm"
}

bench() {
    local file
    for file in "$@"; do
        [ -r "$file" ] || fail "there is no trace $file"
    done
    need_browser
    build
    build_rates
    mkdir -p "$SLUICE_CACHE/bench"
    if need_peer; then
        export SLUICE_PEER=$peer
    fi
    step "measuring"
    node tests/bench/all.mjs "$@"
}

shots() {
    need_node_packages
    need_browser
    build
    step "taking pictures"
    node tests/e2e/shots.mjs "${1:-shots}"
}
