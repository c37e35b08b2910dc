#!/usr/bin/env python3
"""Computes the golden misses with an independent simulator, libCacheSim.

    tests/golden/make.py                     writes eviction.json beside this script
    tests/golden/make.py FILE CAPACITY...    prints the misses of one text trace, plain or gzip

Needs the Python package libcachesim (`pip install libcachesim==0.3.5`; GPLv3, a tool to check
against and never a dependency) and, for the traces that ship with the page, the zstd command.
Installs nothing. Every object has size 1; a trace is handed over as oracleGeneral records.
"""

import gzip
import json
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import libcachesim as sim

HERE = Path(__file__).parent
TRACES = HERE.parent.parent / "www" / "traces"

CAPACITIES = {
    "build-files": [100, 200, 400],
    "sqlite-pages": [100, 300, 1000],
    "sort-pages": [50, 100, 300],
    "grep-blocks": [500, 2000, 5000],
}

# Name, class, and the parameters as they are passed; what is in words is fixed by the simulator.
POLICIES = [
    ("FIFO", sim.FIFO, {}),
    ("LRU", sim.LRU, {}),
    ("CLOCK", sim.Clock, {"init_freq": 0, "n_bit_counter": 1}),
    ("SIEVE", sim.Sieve, {}),
    ("LFU", sim.LFU, {}),
    ("ARC", sim.ARC, {}),
    ("S3-FIFO", sim.S3FIFO,
     {"small_size_ratio": 0.1, "ghost_size_ratio": 0.9, "move_to_main_threshold": 2}),
    ("2Q", sim.TwoQ, {"a_in_size_ratio": 0.25, "a_out_size_ratio": 0.5}),
    ("SLRU", sim.SLRU, {}),
    ("Belady", sim.Belady, {}),
]
NOTES = {
    "CLOCK": "inserts with the bit clear",
    "LFU": "counts while the object is cached; ties by the order of entering the count",
    "SLRU": "4 segments of a quarter each; until the cache is full, objects enter the lowest with room",
    "Belady": "every missed object is inserted",
}


def keys_of(path):
    """The lines of a text trace."""
    if path.suffix == ".zst":
        data = subprocess.run(["zstd", "-dcq", path], check=True, capture_output=True).stdout
    elif path.suffix == ".gz":
        data = gzip.decompress(path.read_bytes())
    else:
        data = path.read_bytes()
    return data.split(b"\n")[:-1]


def records_of(keys):
    """oracleGeneral records: time, object, size, number of the next request or -1."""
    number, following, records = {}, {}, []
    objects = [number.setdefault(key, len(number) + 1) for key in keys]
    for place in range(len(objects) - 1, -1, -1):
        item = objects[place]
        records.append(struct.pack("<IQIq", place, item, 1, following.get(item, -1)))
        following[item] = place + 1
    return b"".join(reversed(records))


def misses(path, requests, policy, parameters, capacity):
    """How many of the requests one policy misses."""
    reader = sim.TraceReader(path, sim.TraceType.ORACLE_GENERAL_TRACE)
    if policy is sim.Belady:
        parameters = {**parameters, "reader": reader}
    ratio, _ = policy(cache_size=capacity, **parameters).process_trace(reader)
    return round(ratio * requests)


def rows_of(trace, path, capacities):
    """One row for each capacity and policy."""
    keys = keys_of(path)
    with tempfile.NamedTemporaryFile(suffix=".oracleGeneral") as file:
        file.write(records_of(keys))
        file.flush()
        for capacity in capacities:
            for name, policy, parameters in POLICIES:
                count = misses(file.name, len(keys), policy, parameters, capacity)
                shown = {**parameters, **({"note": NOTES[name]} if name in NOTES else {})}
                yield {"trace": trace, "capacity": capacity, "policy": name,
                       "parameters": shown, "misses": count}


def main():
    """Prints the misses of the trace that is named, or writes those of the traces that ship."""
    if len(sys.argv) > 1:
        path = Path(sys.argv[1])
        for row in rows_of(path.name, path, [int(text) for text in sys.argv[2:]]):
            print(row["trace"], row["capacity"], row["policy"], row["misses"])
        return
    rows = [row for trace, capacities in CAPACITIES.items()
            for row in rows_of(trace, TRACES / f"{trace}.txt.zst", capacities)]
    head = {
        "source": "libCacheSim 0.3.5 (PyPI wheel libcachesim), unit-size objects, by tests/golden/make.py",
        "traces": "www/traces/NAME.txt.zst",
    }
    lines = ",\n".join("    " + json.dumps(row) for row in rows)
    fields = "".join(f"  {json.dumps(key)}: {json.dumps(value)},\n" for key, value in head.items())
    (HERE / "eviction.json").write_text("{\n" + fields + '  "rows": [\n' + lines + "\n  ]\n}\n")


if __name__ == "__main__":
    main()
