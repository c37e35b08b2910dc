#!/usr/bin/env python3
"""Computes the golden waits with an independent simulator, Ciw.

    tests/golden/queueing.py                   writes queueing.json beside this script, in some minutes
    tests/golden/queueing.py NAME ARRIVAL_RATE measures one row, for instance: M/M/3 2

Needs the Python package ciw (`pip install ciw==3.2.7`; MIT). Installs nothing. The mean service
is 1 s throughout. Each of the independent trials has a seed of its own, and leaves out what
happens before the warm-up is over; customers who come after the window are simulated so that
those of the window can finish, and are left out as well. What is random is the mean of a trial,
so that the half-widths hold although the waits of one trial depend on each other.
"""

import json
import statistics
import sys
from pathlib import Path

import ciw

HERE = Path(__file__).parent

TRIALS = 20
WARM_UP = 5_000  # Customers, on average; likewise the next two.
WINDOW = 50_000
COOL_DOWN = 500
MEAN_SERVICE = 1.0

# Student's t for two-sided 99 % and TRIALS - 1 = 19 degrees of freedom.
T_99 = 2.860935

MODELS = {
    "M/M/1": (1, ciw.dists.Exponential(1.0 / MEAN_SERVICE)),
    "M/M/3": (3, ciw.dists.Exponential(1.0 / MEAN_SERVICE)),
    "M/M/5": (5, ciw.dists.Exponential(1.0 / MEAN_SERVICE)),
    "M/D/1": (1, ciw.dists.Deterministic(MEAN_SERVICE)),
}
# The model and how many arrive in a second.
ROWS = [
    ("M/M/1", 0.5), ("M/M/1", 0.8), ("M/M/1", 0.9),
    ("M/M/3", 2.0), ("M/M/3", 2.7),
    ("M/M/5", 4.0),
    ("M/D/1", 0.5), ("M/D/1", 0.8),
]


def trial(servers, service, rate, seed):
    """Mean wait, mean sojourn and utilisation over the window of one simulation."""
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate)],
        service_distributions=[service],
        number_of_servers=[servers],
    )
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    start, end = WARM_UP / rate, (WARM_UP + WINDOW) / rate
    simulation.simulate_until_max_time(end + COOL_DOWN / rate)
    records = simulation.get_all_records()
    window = [record for record in records if start <= record.arrival_date < end]
    busy = sum(max(0.0, min(record.service_end_date, end) - max(record.service_start_date, start))
               for record in records)
    return {
        "mean_wait": statistics.fmean(record.waiting_time for record in window),
        "mean_sojourn": statistics.fmean(record.exit_date - record.arrival_date for record in window),
        "utilisation": busy / (servers * (end - start)),
    }


def row(model, rate):
    """Means over the trials, each followed by the half-width of its 99 % confidence interval."""
    servers, service = MODELS[model]
    trials = [trial(servers, service, rate, seed) for seed in range(1, TRIALS + 1)]
    result = {"model": model, "arrival_rate": rate, "mean_service": MEAN_SERVICE, "servers": servers}
    for figure in trials[0]:
        values = [one[figure] for one in trials]
        half_width = T_99 * statistics.stdev(values) / TRIALS ** 0.5
        result |= {figure: round(statistics.fmean(values), 6), f"{figure}_half_width": round(half_width, 6)}
    return result


def main():
    """Prints the row that is named, or writes them all."""
    if len(sys.argv) > 1:
        print(json.dumps(row(sys.argv[1], float(sys.argv[2]))))
        return
    head = {
        "source": f"Ciw {ciw.__version__}",
        "command": "tests/golden/queueing.py",
        "trials": f"seeds 1 to {TRIALS}, each with {WINDOW} customers on average after {WARM_UP} left out",
        "units": "seconds, and arrivals a second; half-widths are those of 99 % confidence intervals",
    }
    fields = "".join(f"  {json.dumps(key)}: {json.dumps(value)},\n" for key, value in head.items())
    lines = ",\n".join("    " + json.dumps(row(*named)) for named in ROWS)
    (HERE / "queueing.json").write_text("{\n" + fields + '  "rows": [\n' + lines + "\n  ]\n}\n")


if __name__ == "__main__":
    main()
