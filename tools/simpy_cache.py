"""Servers, a cache and a database in SimPy, the peer of src/bin/operations.rs, as JSON.

    python tools/simpy_cache.py STRATEGY OPERATIONS SEED

STRATEGY is ttl, cache-aside or write-through. The world is that of src/bin/operations.rs: a thousand
operations a second, a tenth of them writes, a thousand keys by Zipf's law, constant times to the cache
and to the database, exponential work there. Hits, stale reads and latencies are counted; a read is
stale if a newer value of its key had been acknowledged before it began. What is timed is the simulation
loop alone, the counting included.

Needs the Python package simpy (`pip install simpy==4.1.2`; MIT). Installs nothing.
"""

import argparse
import bisect
import itertools
import json
import random
import time

import simpy

RATE, WRITES, KEYS, SKEW = 1000.0, 0.1, 1000, 0.9
NEAR, FAR, READ, WRITE = 0.0005, 0.001, 0.01, 0.015
TTL = 5.0


class World:
    """Cache, database, and what is counted."""

    def __init__(self, env, strategy, rng):
        self.env, self.strategy, self.rng = env, strategy, rng
        self.cache = {}  # Key to version and time of expiry.
        self.rows = [0] * KEYS
        self.versions = [0] * KEYS
        self.acknowledged = [0] * KEYS
        self.turn = [simpy.Resource(env) for _ in range(KEYS)]  # One write a key at a time, at the cache.
        self.reads = self.hits = self.stale = 0
        self.latency = 0.0

    def get(self, key):
        """What the cache has, unless it has expired."""
        entry = self.cache.get(key)
        return entry[0] if entry and self.env.now < entry[1] else None

    def read(self, key):
        """Looks aside."""
        env, began, newest = self.env, self.env.now, self.acknowledged[key]
        yield env.timeout(NEAR)
        version = self.get(key)
        yield env.timeout(NEAR)
        hit = version is not None
        if not hit:
            yield env.timeout(FAR)
            version = self.rows[key]
            yield env.timeout(self.rng.expovariate(1.0 / READ))
            yield env.timeout(FAR)
            yield env.timeout(NEAR)
            self.cache[key] = (version, env.now + TTL)
            yield env.timeout(NEAR)
        self.reads += 1
        self.hits += hit
        self.stale += version < newest
        self.latency += env.now - began

    def store(self, key):
        """Writes to the database, and says which version that makes."""
        yield self.env.timeout(FAR)
        yield self.env.timeout(self.rng.expovariate(1.0 / WRITE))
        self.versions[key] += 1
        version = self.versions[key]
        self.rows[key] = max(self.rows[key], version)
        yield self.env.timeout(FAR)
        return version

    def write(self, key):
        """Writes as the strategy does."""
        env = self.env
        if self.strategy == "write-through":
            yield env.timeout(NEAR)
            with self.turn[key].request() as turn:
                yield turn
                version = yield env.process(self.store(key))
                self.cache[key] = (version, env.now + TTL)
            yield env.timeout(NEAR)
        else:
            version = yield env.process(self.store(key))
            if self.strategy == "cache-aside":
                yield env.timeout(NEAR)
                self.cache.pop(key, None)
                yield env.timeout(NEAR)
        self.acknowledged[key] = max(self.acknowledged[key], version)

    def source(self, operations):
        """Lets the operations come."""
        sums = list(itertools.accumulate((rank + 1) ** -SKEW for rank in range(KEYS)))
        for _ in range(operations):
            yield self.env.timeout(self.rng.expovariate(RATE))
            key = bisect.bisect(sums, self.rng.random() * sums[-1])
            write = self.rng.random() < WRITES
            self.env.process(self.write(key) if write else self.read(key))


def simulate(strategy, operations, seed):
    """The figures of one run and the seconds that it took."""
    env = simpy.Environment()
    world = World(env, strategy, random.Random(seed))
    env.process(world.source(operations))
    start = time.perf_counter()
    env.run()
    seconds = time.perf_counter() - start
    return {
        "simpy": simpy.__version__,
        "strategy": strategy,
        "operations": operations,
        "hit_ratio": world.hits / world.reads,
        "stale_ratio": world.stale / world.reads,
        "seconds": seconds,
        "operations_per_second": operations / seconds,
    }


def main():
    """Reads the arguments, prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("strategy", choices=["ttl", "cache-aside", "write-through"])
    parser.add_argument("operations", type=int)
    parser.add_argument("seed", type=int)
    print(json.dumps(simulate(**vars(parser.parse_args())), indent=2))


if __name__ == "__main__":
    main()
