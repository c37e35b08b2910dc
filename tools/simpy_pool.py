"""A pool of workers before one queue in SimPy, the peer of this program's own, as JSON.

    python tools/simpy_pool.py RATE MEAN_SERVICE WORKERS MESSAGES SEED

RATE messages a second arrive at random times (Poisson); each takes one of WORKERS workers for a
time that is exponential with the mean MEAN_SERVICE, in seconds, first come, first served. It is
over when all MESSAGES are done. Waits, sojourns, the length of the queue and the busy workers are
measured over the whole run. What is timed is the simulation loop alone, the measuring included;
an event is an arrival or a completion, so there are two of them a message, however many SimPy
itself makes of them.

Needs the Python package simpy (`pip install simpy==4.1.2`; MIT). Installs nothing.
"""

import argparse
import json
import random
import time

import simpy


class Pool:
    """The workers, their queue, and what is measured of them."""

    def __init__(self, env, workers, mean_service, rng):
        self.env = env
        self.workers = simpy.Resource(env, capacity=workers)
        self.service_rate = 1.0 / mean_service
        self.rng = rng
        self.waits = 0.0  # Seconds, over all messages; likewise the next two.
        self.sojourns = 0.0
        self.services = 0.0
        self.queue_area = 0.0  # Messages that wait, times seconds.
        self.queue_since = 0.0

    def queue_changes(self, length):
        """Adds up the queue's length, which was `length` until now."""
        self.queue_area += length * (self.env.now - self.queue_since)
        self.queue_since = self.env.now

    def message(self):
        """The life of one message."""
        env, queue = self.env, self.workers.queue
        arrival = env.now
        with self.workers.request() as request:
            if not request.triggered:
                self.queue_changes(len(queue) - 1)
            yield request
            wait = env.now - arrival
            service = self.rng.expovariate(self.service_rate)
            yield env.timeout(service)
            if queue:
                self.queue_changes(len(queue))
        self.waits += wait
        self.sojourns += env.now - arrival
        self.services += service

    def source(self, rate, messages):
        """Lets the messages arrive."""
        for _ in range(messages):
            yield self.env.timeout(self.rng.expovariate(rate))
            self.env.process(self.message())


def simulate(rate, mean_service, workers, messages, seed):
    """The figures of one run and the seconds that it took."""
    env = simpy.Environment()
    pool = Pool(env, workers, mean_service, random.Random(seed))
    env.process(pool.source(rate, messages))
    start = time.perf_counter()
    env.run()
    seconds = time.perf_counter() - start
    events = 2 * messages
    return {
        "simpy": simpy.__version__,
        "rate": rate,
        "mean_service": mean_service,
        "workers": workers,
        "messages": messages,
        "seed": seed,
        "mean_wait": pool.waits / messages,
        "mean_sojourn": pool.sojourns / messages,
        "mean_queue_length": pool.queue_area / env.now,
        "utilisation": pool.services / (workers * env.now),
        "events": events,
        "seconds": seconds,
        "events_per_second": events / seconds,
    }


def positive(kind):
    """A reader of arguments that are numbers of this kind above 0."""
    def read(text):
        value = kind(text)
        if not 0 < value < float("inf"):
            raise argparse.ArgumentTypeError("must be above 0 and finite")
        return value
    return read


def main():
    """Reads the arguments, prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("rate", type=positive(float), help="messages a second")
    parser.add_argument("mean_service", type=positive(float), help="seconds")
    parser.add_argument("workers", type=positive(int))
    parser.add_argument("messages", type=positive(int))
    parser.add_argument("seed", type=int)
    print(json.dumps(simulate(**vars(parser.parse_args())), indent=2))


if __name__ == "__main__":
    main()
