"""Requests per second and misses of libCacheSim's policies on a text trace, as JSON.

    python tools/peer.py TRACE [--capacities 100,1000,10000] [--policies lru,sieve] [--runs 3]

TRACE holds one key a line and may be packed with gzip or Zstandard. It is turned once into
libCacheSim's own binary format, which the library maps into memory: that is its fastest reader,
and both the reading of text and the loop over the requests stay outside Python's share of the
time. What is timed is one call that replays the whole trace in native code, on one thread. The
hash table is sized to the capacity, because the library's default of 2^24 buckets costs it more
than half of its speed on small caches. The best of the runs counts, which go on until they have
taken 0.15 seconds together: short ones are repeated more often.
"""

import argparse
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import time

import libcachesim

POLICIES = {
    "fifo": libcachesim.FIFO,
    "lru": libcachesim.LRU,
    "clock": libcachesim.Clock,
    "sieve": libcachesim.Sieve,
    "lfu": libcachesim.LFU,
    "arc": libcachesim.ARC,
    "s3-fifo": libcachesim.S3FIFO,
}

# S3-FIFO as in its paper; the simulator's own choices may differ from release to release.
PARAMETERS = {
    "s3-fifo": {"small_size_ratio": 0.1, "ghost_size_ratio": 0.9, "move_to_main_threshold": 2},
}

# Measuring goes on until the runs have taken so many seconds together.
ENOUGH = 0.15

# The command that unpacks a file to the standard output, by the file's first bytes.
UNPACKERS = {b"\x28\xb5\x2f\xfd": ["zstd", "-dcq"], b"\x1f\x8b": ["gzip", "-dc"]}


def keys_of(path):
    """The keys of a text trace, as whole numbers from 1 in order of first appearance."""
    with open(path, "rb") as file:
        start = file.read(4)
    for magic, command in UNPACKERS.items():
        if start.startswith(magic):
            if shutil.which(command[0]) is None:
                sys.exit(f"peer.py: {path} is packed, and {command[0]} is missing")
            text = subprocess.run([*command, path], stdout=subprocess.PIPE, check=True).stdout
            break
    else:
        with open(path, "rb") as file:
            text = file.read()
    numbers = {}
    return [numbers.setdefault(key, len(numbers) + 1) for key in text.split()]


def write_binary(keys, path):
    """libCacheSim's oracleGeneral format: time, key, size and next access; all objects of size 1."""
    record = struct.Struct("<IQIq")
    with open(path, "wb") as file:
        file.write(b"".join(record.pack(0, key, 1, -2) for key in keys))


def replay(policy, capacity, path):
    """The time and the miss ratio of one replay by a fresh cache."""
    reader = libcachesim.TraceReader(
        path,
        libcachesim.TraceType.ORACLE_GENERAL_TRACE,
        libcachesim.ReaderInitParam(ignore_obj_size=True),
    )
    hashpower = max(12, capacity.bit_length())
    cache = POLICIES[policy](capacity, hashpower=hashpower, **PARAMETERS.get(policy, {}))
    start = time.perf_counter()
    ratio, _ = cache.process_trace(reader)
    return time.perf_counter() - start, ratio


def row(policy, capacity, path, requests, runs):
    """The best of at least so many runs."""
    times = []
    while len(times) < runs or sum(times) < ENOUGH:
        seconds, ratio = replay(policy, capacity, path)
        times.append(seconds)
    misses = round(ratio * requests)
    return {"policy": policy, "capacity": capacity, "misses": misses, "rate": requests / min(times)}


def numbers(text):
    """A list of capacities such as 100,1000."""
    capacities = [int(part) for part in text.split(",")]
    if min(capacities) < 1:
        raise ValueError
    return capacities


def names(text):
    """A list of policies such as lru,sieve."""
    wanted = text.split(",")
    if not set(wanted) <= set(POLICIES):
        raise argparse.ArgumentTypeError(f"the policies are {', '.join(POLICIES)}")
    return wanted


def main():
    parser = argparse.ArgumentParser(description="Requests per second of libCacheSim, as JSON.")
    parser.add_argument("trace")
    parser.add_argument("--capacities", type=numbers, default=[100, 1000, 10000])
    parser.add_argument("--policies", type=names, default=list(POLICIES))
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()

    keys = keys_of(options.trace)
    if not keys:
        sys.exit(f"peer.py: {options.trace} holds no keys")
    handle, binary = tempfile.mkstemp(suffix=".oracleGeneral")
    os.close(handle)
    try:
        write_binary(keys, binary)
        rows = [
            row(policy, capacity, binary, len(keys), options.runs)
            for capacity in options.capacities
            for policy in options.policies
        ]
    finally:
        os.remove(binary)
    print(json.dumps(rows))


if __name__ == "__main__":
    main()
