//! Strategies against closed forms.

#![cfg(test)]

mod invalidation;

use invalidation::{instant, measured};
use sluice::kernel::statistics::MeanVariance;
use sluice::theory::ttl::{Reads, deleting, expiring, notified, refreshing, revalidating};
use sluice::theory::write_behind::at_risk;

const RUNS: u64 = 10;
/// Rates of reads and of writes of each key.
const RATES: [(f64, f64); 4] = [(10.0, 0.1), (2.0, 0.5), (1.0, 1.0), (0.2, 2.0)];

/// Ten keys alike, reads and writes at these rates of each, ten runs: what theory says lies in the
/// 99.99 % interval around the mean of the runs, widened by what the last, unfinished turn of each key can
/// make of it. A turn has `turn` reads.
fn check(strategy: &str, (reads, writes): (f64, f64), theory: Reads, turn: f64) {
    const KEYS: u32 = 10;
    const OPERATIONS: u32 = 3_000;
    let rate = (reads + writes) * f64::from(KEYS);
    let (mut hits, mut stale) = (MeanVariance::new(), MeanVariance::new());
    for seed in 1..=RUNS {
        let world = instant(rate, OPERATIONS, writes / (reads + writes), KEYS, seed);
        let counts = measured(&world, strategy).counts;
        hits.push(counts.hits as f64 / counts.reads as f64);
        stale.push(counts.stale as f64 / counts.reads as f64);
    }
    for (name, measured, expected) in [("hits", hits, theory.hits), ("stale", stale, theory.stale)] {
        let interval = measured.interval(0.9999).unwrap();
        let all = f64::from(OPERATIONS) * reads / (reads + writes);
        let unfinished = f64::from(KEYS) / all * if name == "hits" { 1.0 } else { expected * turn };
        let off = (measured.mean().unwrap() - expected).abs();
        assert!(
            off <= interval.half_width() + unfinished,
            "{strategy} at {reads}/{writes}: {name} {interval:?}, theory {expected}"
        );
    }
}

/// The same where a turn ends with a miss.
fn check_by_misses(strategy: &str, rates: (f64, f64), theory: Reads) {
    check(strategy, rates, theory, 1.0 / (1.0 - theory.hits));
}

#[test]
fn ttl_and_deletion_are_as_theory_says() {
    for rates in RATES {
        let (reads, writes) = rates;
        for ttl in [0.1, 1.0, 5.0] {
            check_by_misses(&format!("ttl:ttl={ttl}"), rates, expiring(reads, writes, ttl));
            check_by_misses(&format!("cache-aside:ttl={ttl}"), rates, deleting(reads, writes, ttl));
        }
        check_by_misses("cache-aside:ttl=never", rates, deleting(reads, writes, f64::INFINITY));
        check_by_misses("read-through:ttl=1", rates, deleting(reads, writes, 1.0));
        check_by_misses("write-around:ttl=1", rates, expiring(reads, writes, 1.0));
    }
}

#[test]
fn renewal_in_the_background_is_as_theory_says() {
    for rates in RATES {
        let (reads, writes) = rates;
        for (fresh, window) in [(0.5, 0.2), (1.0, 4.0)] {
            let text = format!("stale-while-revalidate:max-age={fresh}:window={window}");
            check(&text, rates, revalidating(reads, writes, fresh, window), 1.0 + reads * fresh);
            let text = format!("refresh-ahead:refresh={fresh}:ttl={}", fresh + window);
            check(&text, rates, refreshing(reads, writes, fresh, window), 1.0 + reads * fresh);
        }
    }
}

#[test]
fn notices_from_the_log_are_as_theory_says() {
    for rates in RATES {
        for delay in [0.05, 0.5, 3.0] {
            let theory = notified(rates.0, rates.1, delay);
            check_by_misses(&format!("change-log:delay={delay}:ttl=never"), rates, theory);
        }
    }
}

/// How many acknowledged writes wait, as a mean over time: theory lies in the interval of the mean of the runs.
#[test]
fn writes_at_risk_are_as_theory_says() {
    for (writes, age) in [(0.5, 1.0), (4.0, 1.0), (100.0, 0.3)] {
        let mut waiting = MeanVariance::new();
        for seed in 1..=RUNS {
            let world = instant(writes, 4_000, 1.0, 1_000, seed);
            let statistics = measured(&world, &format!("write-behind:age={age}:batch=1000000:coalesce=no"));
            waiting.push(statistics.sums.aside / statistics.now().seconds());
        }
        let (interval, theory) = (waiting.interval(0.9999).unwrap(), at_risk(writes, age));
        let off = (waiting.mean().unwrap() - theory).abs();
        assert!(off <= interval.half_width(), "{writes} a second, {age} s: {interval:?}, theory {theory}");
    }
}

/// Without a further window, renewal is nothing: these are the forms of expiry and of deletion.
#[test]
fn without_a_window_nothing_is_served_stale_for_longer() {
    for (reads, writes) in RATES {
        assert_eq!(revalidating(reads, writes, 1.0, 0.0), expiring(reads, writes, 1.0));
        assert_eq!(refreshing(reads, writes, 1.0, 0.0), deleting(reads, writes, 1.0));
        assert_eq!(notified(reads, writes, 0.0).stale, 0.0);
    }
}
