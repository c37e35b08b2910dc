# shellcheck shell=bash
# Figures and pictures: benchmarks of the simulator and the page, and screenshots.

# need_peer PACKAGE VERSION: another simulator to compare with, whose Python is left in `peer`; the
# benchmark goes on without it.
need_peer() {
    local package=$1 version=$2 venv=$SLUICE_CACHE/peers
    peer=$venv/bin/python
    "$peer" -c "import $package" 2>/dev/null && return
    if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null; then
        note "no comparison with $package: it needs Python 3.9 or later"
        return 1
    fi
    step "installing $package $version into a Python environment of its own (once)"
    if ! { quietly python3 -m venv "$venv" && quietly "$venv/bin/pip" install -q "$package==$version"; }; then
        note "no comparison with $package: it could not be installed, for the reason above"
        return 1
    fi
}

# build_measure PROGRAM: a program that measures, natively and for the browser. It is built like the
# worker: for speed.
build_measure() {
    local program=$1 web=$CARGO_TARGET_DIR/$1
    cargo build --locked --release --bin "$program"
    cargo build --locked --release --bin "$program" --target wasm32-unknown-unknown
    wasm-bindgen --target web --no-typescript --out-dir "$web" \
        "$CARGO_TARGET_DIR/wasm32-unknown-unknown/release/$program.wasm"
    wasm-opt -O3 "$web/${program}_bg.wasm" -o "$web/${program}_bg.wasm"
}

bench() {
    local file
    for file in "$@"; do
        [ -r "$file" ] || fail "there is no trace $file"
    done
    need_browser
    build
    step "building the measurements, natively and for the browser"
    build_measure rates
    build_measure events
    build_measure decisions
    build_measure operations
    cargo build --locked --release --example governor
    export SLUICE_RATES=$CARGO_TARGET_DIR/release/rates SLUICE_RATES_WEB=$CARGO_TARGET_DIR/rates
    export SLUICE_EVENTS=$CARGO_TARGET_DIR/release/events SLUICE_EVENTS_WEB=$CARGO_TARGET_DIR/events
    export SLUICE_DECISIONS=$CARGO_TARGET_DIR/release/decisions SLUICE_DECISIONS_WEB=$CARGO_TARGET_DIR/decisions
    export SLUICE_OPERATIONS=$CARGO_TARGET_DIR/release/operations SLUICE_OPERATIONS_WEB=$CARGO_TARGET_DIR/operations
    export SLUICE_LIMIT_PEER=$CARGO_TARGET_DIR/release/examples/governor
    mkdir -p "$SLUICE_CACHE/bench"
    if need_peer libcachesim 0.3.5; then
        export SLUICE_PEER=$peer
    fi
    if need_peer simpy 4.1.2; then
        export SLUICE_QUEUE_PEER=$peer
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
