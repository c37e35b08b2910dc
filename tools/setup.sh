# shellcheck shell=bash
# What the commands need, each as a function that does nothing when it is already there.

SLUICE_CACHE=${SLUICE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/sluice}
mkdir -p "$SLUICE_CACHE" || fail "the cache folder $SLUICE_CACHE cannot be made" "Set SLUICE_CACHE to a folder you can write to."
SLUICE_CACHE=$(cd "$SLUICE_CACHE" && pwd)
export SLUICE_CACHE
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$SLUICE_CACHE/target}
# The exact versions decide, wherever else a program of the same name is installed.
export PATH=$SLUICE_CACHE/tools/bin:$SLUICE_CACHE/node/node_modules/.bin:$PATH:${CARGO_HOME:-$HOME/.cargo}/bin
export SLUICE_NODE_PACKAGES=$SLUICE_CACHE/node
export TRUNK_SKIP_VERSION_CHECK=true

has() { command -v "$1" >/dev/null 2>&1; }

# at_least WANTED FOUND: compares versions such as 1.95.0.
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

# may_root: whether there is a way to become root; where nobody can type a password, only without.
may_root() {
    [ "$(id -u)" -eq 0 ] && return
    has sudo || return
    if [ -t 0 ] && [ -z "${CI:-}" ]; then sudo -v; else sudo -n true 2>/dev/null; fi
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# apt_install WHAT HINT PACKAGE ...: installs Debian packages, or explains who can.
apt_install() {
    local what=$1 hint=$2
    shift 2
    has apt-get || fail "$what is missing, and this system has no apt-get to install it with" \
        "Install what Debian calls: $*$hint"
    may_root || fail "$what is missing, and only root can install it" \
        "As root run: apt-get install --no-install-recommends $*$hint"
    step "installing $what with apt-get: $*"
    quietly as_root env DEBIAN_FRONTEND=noninteractive sh -c \
        'apt-get update -q && exec apt-get install -y -q --no-install-recommends "$@"' sh "$@" ||
        fail "apt-get could not install $*" "What it said stands above; as an alternative, install it yourself$hint."
}

need_rust() {
    local wanted found
    if ! has cargo || ! has rustc; then
        fail "Rust is missing" "Install rustup as https://rustup.rs describes, then run this again."
    fi
    wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
    found=$(rustc --version 2>/dev/null | cut -d ' ' -f 2) || true
    [ -n "$found" ] || fail "rustc does not run; rustup has no toolchain yet" "Run: rustup default stable"
    at_least "$wanted" "$found" || fail "Rust $found is too old; Sluice needs $wanted" "Run: rustup update stable"
}

# Cargo links with it, and some of the tools bring C code.
need_compiler() {
    has cc || apt_install "a C compiler" "" gcc libc6-dev
}

# need_component PROGRAM COMPONENT: a part of the toolchain that rustup can leave out.
need_component() {
    cargo "$1" --version >/dev/null 2>&1 && return
    step "adding $2 to the Rust toolchain"
    rustup component add "$2" || fail "rustup could not add $2" "What it said stands above."
}

# The library for wasm32 lies beside that of the machine.
has_wasm_library() {
    local sysroot
    sysroot=$(rustc --print sysroot) && compgen -G "$sysroot/lib/rustlib/wasm32-unknown-unknown/lib/libstd-*.rlib" >/dev/null
}

need_wasm_target() {
    has_wasm_library && return
    # A toolchain of that name is what an earlier run of the script below has left.
    if RUSTUP_TOOLCHAIN=debian has_wasm_library 2>/dev/null; then
        export RUSTUP_TOOLCHAIN=debian
        return
    fi
    if has rustup; then
        step "adding the target wasm32-unknown-unknown with rustup"
        rustup target add wasm32-unknown-unknown && has_wasm_library && return
        if has apt-get && may_root; then
            step "rustup could not add it: building it from Debian's packages instead (about two minutes)"
            if quietly as_root tools/wasm32-from-debian && rustup toolchain link debian /usr; then
                export RUSTUP_TOOLCHAIN=debian
                return
            fi
        fi
    fi
    fail "the Rust target wasm32-unknown-unknown is missing" \
        "Run: rustup target add wasm32-unknown-unknown" \
        "or, on a Debian 12 that cannot download it: tools/wasm32-from-debian (as root)," \
        "then rustup toolchain link debian /usr"
}

# pinned NAME: a version that Trunk.toml states.
pinned() { sed -n "s/^$1 = \"=\{0,1\}\(.*\)\"/\1/p" Trunk.toml; }

# need_cargo_tool PACKAGE PROGRAM VERSION TIME
need_cargo_tool() {
    local package=$1 program=$2 version=$3 time=$4 build=$SLUICE_CACHE/tools-build log status=0
    [ "$("$SLUICE_CACHE/tools/bin/$program" --version 2>/dev/null | cut -d ' ' -f 2)" = "$version" ] && return
    step "installing $package $version (once, about $time)"
    log=$(mktemp)
    # A tool that runs for a second need not be optimised for ten minutes. Neither the toolchain
    # that stands in for wasm32 nor flags meant for the page concern it.
    env -u RUSTUP_TOOLCHAIN -u RUSTFLAGS \
        CARGO_PROFILE_RELEASE_LTO=false \
        CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
        CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
        CARGO_TARGET_DIR="$build" \
        cargo install --locked --force --root "$SLUICE_CACHE/tools" --version "=$version" "$package" 2>&1 |
        tee "$log" | grep --line-buffered -v -E '^ +(Compiling|Downloaded) ' || status=${PIPESTATUS[0]}
    rm -rf "$build"
    if [ "$status" -ne 0 ] && grep -q 'could not find' "$log"; then
        rm -f "$log"
        fail "the package registry has no $package $version" \
            "This version is pinned in Trunk.toml; check that cargo reaches its registry, or choose one it has."
    fi
    rm -f "$log"
    [ "$status" -eq 0 ] || fail "cargo could not install $package $version" "What it said stands above."
}

need_bindgen() { need_cargo_tool wasm-bindgen-cli wasm-bindgen "$(pinned wasm_bindgen)" "2 minutes"; }

need_node() {
    local found
    has node || fail "Node is missing" "Install Node 20 or later with npm: https://nodejs.org/ or your system's packages."
    found=$(node --version)
    at_least 20 "${found#v}" || fail "Node ${found#v} is too old; the tests need 20 or later"
    has npm || fail "npm is missing beside Node" "Install your system's npm, or Node from https://nodejs.org/, which brings it."
}

# The packages are kept in the cache, with a copy of the manifest that they were installed from.
need_node_packages() {
    need_node
    cmp -s tests/e2e/package-lock.json "$SLUICE_CACHE/node/installed.json" && return
    step "installing the packages of tests/e2e/package.json (once)"
    mkdir -p "$SLUICE_CACHE/node"
    cp tests/e2e/package.json tests/e2e/package-lock.json "$SLUICE_CACHE/node/"
    quietly npm ci --prefix "$SLUICE_CACHE/node" --no-fund --no-audit || fail "npm could not install the packages" "What it said stands above."
    cp tests/e2e/package-lock.json "$SLUICE_CACHE/node/installed.json"
}

# find_program VARIABLE NAME ...: prints the program that VARIABLE or else the PATH names.
find_program() {
    local variable=$1 given=${!1:-} name
    shift
    if [ -n "$given" ]; then
        has "$given" || fail "$variable is $given, which is no program"
        command -v "$given"
        return
    fi
    for name in "$@"; do
        if has "$name"; then
            command -v "$name"
            return
        fi
    done
    return 0
}

need_browser() {
    local names=(chromium chromium-browser google-chrome google-chrome-stable) hint=", or set SLUICE_CHROMIUM to a Chromium or Chrome"
    SLUICE_CHROMIUM=$(find_program SLUICE_CHROMIUM "${names[@]}")
    if [ -z "$SLUICE_CHROMIUM" ]; then
        apt_install Chromium "$hint" chromium
        SLUICE_CHROMIUM=$(find_program SLUICE_CHROMIUM "${names[@]}")
    fi
    export SLUICE_CHROMIUM
}

# The driver must be of the browser's own version, so a missing one is installed with its browser.
need_driver() {
    local hint=", or set SLUICE_CHROMEDRIVER to the chromedriver of your browser" browser driver
    SLUICE_CHROMEDRIVER=$(find_program SLUICE_CHROMEDRIVER chromedriver)
    if [ -z "$SLUICE_CHROMEDRIVER" ]; then
        apt_install "Chromium's driver" "$hint" chromium chromium-driver
        SLUICE_CHROMEDRIVER=$(find_program SLUICE_CHROMEDRIVER chromedriver)
    fi
    need_browser
    driver=$(major_version "$SLUICE_CHROMEDRIVER")
    browser=$(major_version "$SLUICE_CHROMIUM")
    [ "$driver" = "$browser" ] || fail "chromedriver is of version $driver and the browser of version $browser" \
        "$SLUICE_CHROMEDRIVER drives only its own version; $SLUICE_CHROMIUM is another." \
        "Set SLUICE_CHROMIUM and SLUICE_CHROMEDRIVER to two that belong together."
    export SLUICE_CHROMEDRIVER
}

# major_version PROGRAM: the first number that the program says of itself.
major_version() { "$1" --version 2>/dev/null | grep -o -m 1 -E '[0-9]+' | head -n 1 || true; }

# All that it takes to build the page.
need_trunk() {
    need_rust
    need_compiler
    need_wasm_target
    need_node_packages
    need_bindgen
    need_cargo_tool trunk trunk "$(pinned trunk-version)" "5 minutes"
}
