# shellcheck shell=bash
# The test suites. Each prints its own summary; all run, whatever the others say.

all_suites=(fmt clippy clippy-wasm native wasm e2e)

suite_fmt() {
    need_rust
    need_component fmt rustfmt
    cargo fmt --check
}

suite_clippy() {
    need_rust
    need_compiler
    need_component clippy clippy
    cargo clippy --locked --all-targets -- -D warnings
}

suite_clippy-wasm() {
    local tests=()
    need_rust
    need_compiler
    need_wasm_target
    if [ "${RUSTUP_TOOLCHAIN:-}" = debian ]; then
        has /usr/bin/cargo-clippy || apt_install "clippy for Debian's toolchain" "" rust-web-clippy
    else
        need_component clippy clippy
    fi
    [ ! -e tests/web.rs ] || tests=(--test web)
    cargo clippy --locked --target wasm32-unknown-unknown --lib --bins "${tests[@]}" -- -D warnings
}

suite_native() {
    need_rust
    need_compiler
    cargo test --locked --no-fail-fast
}

suite_wasm() {
    need_rust
    need_compiler
    need_wasm_target
    need_bindgen
    need_node
    need_driver
    # The test runner takes the browser's arguments from a file, which must name the browser too.
    WASM_BINDGEN_TEST_WEBDRIVER_JSON=$SLUICE_CACHE/webdriver.json
    export WASM_BINDGEN_TEST_WEBDRIVER_JSON
    node -e '
        const capabilities = JSON.parse(require("fs").readFileSync("webdriver.json", "utf8"));
        capabilities["goog:chromeOptions"].binary = process.env.SLUICE_CHROMIUM;
        require("fs").writeFileSync(process.argv[1], JSON.stringify(capabilities));
    ' "$WASM_BINDGEN_TEST_WEBDRIVER_JSON"
    CHROMEDRIVER=$SLUICE_CHROMEDRIVER \
        CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner \
        cargo test --locked --target wasm32-unknown-unknown --test web
}

suite_e2e() {
    need_node_packages
    need_browser
    build
    node --test --test-reporter=spec tests/e2e/*.test.mjs
}

# summary_of SUITE LOG: the suite's counts in one line, from what cargo or Node printed.
summary_of() {
    local counts
    counts=$(sed 's/\x1b\[[0-9;]*m//g' "$2" | awk '
        /^test result: / { for (i = 1; i <= NF; i++) { if ($i ~ /^passed/) p += $(i - 1); if ($i ~ /^failed/) f += $(i - 1) } seen = 1 }
        /^ℹ pass / { p += $3; seen = 1 }
        /^ℹ fail / { f += $3; seen = 1 }
        END { if (seen) printf "%d passed, %d failed", p, f }')
    if [ -n "$counts" ]; then
        echo "$counts"
    elif [ "$3" -eq 0 ]; then
        echo "nothing to complain about"
    else
        echo "see above"
    fi
}

run_suites() {
    local suites=("$@") suite status start seconds log overview="" failed=0
    [ $# -gt 0 ] || suites=("${all_suites[@]}")
    for suite in "${suites[@]}"; do
        declare -F "suite_$suite" >/dev/null || fail "there is no suite $suite" "There are: ${all_suites[*]}"
    done
    log=$(mktemp)
    for suite in "${suites[@]}"; do
        printf '\n== %s\n' "$suite"
        start=$SECONDS status=0
        # Each suite runs in a shell of its own, where the first error ends it.
        set +e
        (
            set -euo pipefail
            "suite_$suite"
        ) 2>&1 | tee "$log"
        status=${PIPESTATUS[0]}
        set -e
        seconds=$((SECONDS - start))
        [ "$status" -eq 0 ] || failed=$((failed + 1))
        local summary verdict=passed
        [ "$status" -eq 0 ] || verdict=FAILED
        summary=$(summary_of "$suite" "$log" "$status")
        printf -- '-- %s: %s\n' "$suite" "$summary"
        overview+=$(printf '%-12s %-7s %5d s  %s' "$suite" "$verdict" "$seconds" "$summary")$'\n'
    done
    rm -f "$log"
    printf '\n== overview\n%s\n%d suites passed, %d failed\n' "$overview" "$((${#suites[@]} - failed))" "$failed"
    [ "$failed" -eq 0 ]
}
