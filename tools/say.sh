# shellcheck shell=bash
# What ./dev says while it works.

step() { printf '→ %s\n' "$*"; }
note() { printf '  %s\n' "$*"; }

# fail MESSAGE [LINE ...]: what went wrong, and below it what to do about it.
fail() {
    printf '✗ %s\n' "$1" >&2
    shift
    [ $# -eq 0 ] || printf '  %s\n' "$@" >&2
    exit 1
}

# quietly COMMAND ...: keeps the output of a wordy command to itself unless the command fails.
quietly() {
    local log status=0
    log=$(mktemp)
    "$@" >"$log" 2>&1 || status=$?
    [ $status -eq 0 ] || cat "$log" >&2
    rm -f "$log"
    return $status
}
