# shellcheck shell=bash
# The page: shown while it is written, and built to be put on a server.

# next_free_port PORT
next_free_port() {
    local port=$1
    while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
    echo "$port"
}

serve() {
    local port arguments=("$@")
    need_trunk
    if [[ " $* " != *" --port"[\ =]* && " $* " != *" -p "* ]]; then
        port=$(next_free_port 8080)
        arguments+=(--port "$port")
        step "building; the page will be on http://127.0.0.1:$port/ (stop with Ctrl-C)"
    fi
    # Its own folder, so that it does not disturb the site that ./dev build has made.
    mkdir -p "$SLUICE_CACHE/serve"
    exec trunk serve --dist "$SLUICE_CACHE/serve" "${arguments[@]}"
}

build() {
    need_trunk
    step "building the release site"
    trunk build --release
    build_chapters
    step "dist/ is ready; any static server shows it: python3 -m http.server --directory dist"
}

# One program for each chapter of the menu, so that a page loads only its own. The site is whole without
# them: its page then loads the program that holds all.
build_chapters() {
    local chapter made=$CARGO_TARGET_DIR/chapters made_small=() one
    for chapter in $(node -p 'Object.keys(require("./tools/chapters.json")).join(" ")'); do
        step "building the program of the chapter on $chapter"
        cargo build --locked --profile page --bin sluice --target wasm32-unknown-unknown \
            --no-default-features --features "$chapter"
        wasm-bindgen --target web --no-typescript --out-dir "$made" --out-name "$chapter" \
            "$CARGO_TARGET_DIR/wasm32-unknown-unknown/page/sluice.wasm"
        # The next program is compiled while this one is made smaller.
        wasm-opt -Oz "$made/${chapter}_bg.wasm" -o "$made/${chapter}_bg.wasm" &
        made_small+=($!)
    done
    for one in "${made_small[@]}"; do wait "$one"; done
    node tools/chapters.mjs dist "$made"
}
