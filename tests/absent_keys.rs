//! Strategies for keys that do not exist: filters, and "nothing" as an answer.

#![cfg(test)]

mod invalidation;

use invalidation::{World, heard, instant, measured};
use proptest::prelude::*;
use sluice::invalidation::{BloomFilter, Change, Heard, Kind, Who};
use sluice::kernel::statistics::MeanVariance;
use sluice::theory::{bloom, ttl};

proptest! {
    /// What was put in is found.
    #[test]
    fn a_filter_denies_nothing_that_is_in_it(
        keys in proptest::collection::vec(any::<u32>(), 0..300),
        bits in 0u32..5_000,
        hashes in 1u32..20,
        seed in any::<u64>(),
    ) {
        let mut filter = BloomFilter::new(bits, hashes, seed);
        for (at, key) in keys.iter().enumerate() {
            filter.insert(*key);
            prop_assert!(keys[..=at].iter().all(|key| filter.may_contain(*key)));
        }
    }

    /// The bits that are set are those of the keys, whatever their order.
    #[test]
    fn a_filter_forgets_the_order(mut keys in proptest::collection::vec(any::<u32>(), 0..50), seed in any::<u64>()) {
        let filter = |keys: &[u32]| {
            let mut filter = BloomFilter::new(777, 4, seed);
            keys.iter().for_each(|key| filter.insert(*key));
            filter
        };
        let first = filter(&keys);
        keys.reverse();
        prop_assert_eq!(first, filter(&keys));
    }
}

/// Theory lies within the 99.99 % interval around the mean of the runs.
fn lies_within(runs: &MeanVariance, theory: f64, about: &str) {
    let interval = runs.interval(0.9999).unwrap();
    assert!(interval.contains(theory), "{about}: {interval:?}, theory {theory}");
}

#[test]
fn filters_err_as_often_as_theory_says() {
    const KEYS: u32 = 20_000;
    for (bits, hashes) in [(2.0, 1), (4.0, 3), (8.0, 2), (8.0, 6), (10.0, 7), (10.0, 12)] {
        let (mut errs, mut fill) = (MeanVariance::new(), MeanVariance::new());
        for seed in 0..30 {
            let mut filter = BloomFilter::new((bits * f64::from(KEYS)) as u32, hashes, seed);
            (0..KEYS).for_each(|key| filter.insert(key));
            let others = KEYS..4 * KEYS;
            let passed = others.clone().filter(|key| filter.may_contain(*key)).count();
            errs.push(passed as f64 / others.len() as f64);
            fill.push(filter.fill());
        }
        let about = format!("{bits} bits, {hashes} hashes");
        lies_within(&errs, bloom::false_positives(bits, hashes), &about);
        // Bits that are set, by the same formula with one hash less: 1 − e^(−kn/m).
        lies_within(&fill, 1.0 - libm::exp(-f64::from(hashes) / bits), &about);
    }
}

/// Half of the reads ask for one of many keys that do not exist.
fn absent(missing: u32, operations: u32, seed: u64) -> World {
    let mut world = instant(1_000.0, operations, 0.0, 1_000, seed);
    world.traffic.absent = 0.5;
    world.traffic.missing = missing;
    world
}

#[test]
fn a_filter_lets_its_mistakes_through_and_nothing_else() {
    for (bits, hashes) in [(4, 0), (8, 0), (8, 2)] {
        let mut errs = MeanVariance::new();
        for seed in 1..=30 {
            let world = absent(1_000_000, 40_000, seed);
            let counts = measured(&world, &format!("bloom:bits={bits}:hashes={hashes}")).counts;
            assert_eq!(counts.nothing, counts.barred + counts.empty_loads);
            errs.push(counts.empty_loads as f64 / counts.nothing as f64);
        }
        let hashes = if hashes == 0 { bloom::best_hashes(bits.into()) } else { hashes };
        let theory = bloom::false_positives(bits.into(), hashes);
        lies_within(&errs, theory, &format!("{bits} bits, {hashes} hashes"));
    }
}

/// One key that does not exist, at 500 reads a second: nobody keeps that, or the cache keeps it for a while.
#[test]
fn the_database_hears_of_an_absent_key_once_in_a_while() {
    let plain = measured(&absent(1, 20_000, 1), "plain").counts;
    assert_eq!(plain.empty_loads, plain.nothing);
    for nothing in [0.01, 0.1, 1.0] {
        let mut loads = MeanVariance::new();
        for seed in 1..=20 {
            let counts = measured(&absent(1, 20_000, seed), &format!("negative:nothing={nothing}")).counts;
            loads.push(counts.empty_loads as f64 / counts.nothing as f64);
        }
        // Without writes every strategy hits as a plain TTL does; a run may end within a turn.
        let theory = 1.0 - ttl::expiring(500.0, 1.0, nothing).hits;
        let off = (loads.mean().unwrap() - theory).abs();
        assert!(off <= loads.interval(0.9999).unwrap().half_width() + 1e-4, "{nothing}: {loads:?}, {theory}");
    }
}

/// Keys that come into being while readers ask for them.
fn creations(seed: u64) -> World {
    let mut world = instant(2_000.0, 40_000, 0.01, 10, seed);
    world.traffic.absent = 0.9;
    world.traffic.missing = 100;
    world.traffic.created = 1.0;
    world.traffic.servers = 4;
    world
}

/// The ages of all that were told "nothing" although the key existed, in seconds.
fn denied(log: &[Heard]) -> Vec<f64> {
    let age = |heard: &Heard| match heard.change {
        Change::Answered { content: None, stale, .. } => stale.map(|age| age.seconds()),
        _ => None,
    };
    log.iter().filter_map(age).collect()
}

#[test]
fn nothing_that_is_no_longer_true_is_bounded() {
    let check = |strategy: &str, longest: f64, some: bool| {
        for seed in 1..=3 {
            let (log, ..) = heard(&creations(seed), strategy);
            let ages = denied(&log);
            assert_eq!(!ages.is_empty(), some, "{strategy}: {}", ages.len());
            assert!(ages.iter().all(|age| *age <= longest), "{strategy}: {ages:?}");
        }
    };
    check("plain", 0.0, false);
    check("negative:nothing=0.5:writes=delete", 0.0, false);
    check("negative:nothing=0.5:writes=silent", 0.5, true);
    check("bloom:delay=0.3", 0.3, true);
    check("bloom:delay=0.3:nothing=1", 0.3, true);
    check("bloom:delay=0", 0.0, false);
}

/// The server that creates a key knows of it; at the three others every read within the delay is told
/// "nothing". There are many keys, so that the new ones do not fill the filter.
#[test]
fn a_late_filter_denies_new_keys_at_all_other_servers() {
    const DELAY: f64 = 0.3;
    const KEYS: u32 = 5_000;
    let mut share = MeanVariance::new();
    for seed in 1..=40 {
        let mut world = creations(seed);
        world.traffic.keys = KEYS;
        let (log, ..) = heard(&world, &format!("bloom:bits=32:delay={DELAY}"));
        let began = |heard: &Heard| match heard.who {
            Who::Operation(operation) if heard.change == Change::Begins => Some(operation),
            _ => None,
        };
        let (mut written, mut within) = (vec![None; KEYS as usize + 100], 0_u32);
        for operation in log.iter().filter_map(began) {
            let first = &mut written[operation.key as usize];
            match operation.kind {
                Kind::Write => _ = first.get_or_insert(operation.began),
                _ => {
                    let since =
                        first.map(|first: sluice::kernel::Time| operation.began.since(first).seconds());
                    within += u32::from(operation.key >= KEYS && since.is_some_and(|since| since < DELAY));
                }
            }
        }
        share.push(denied(&log).len() as f64 / f64::from(within));
    }
    lies_within(&share, 0.75, "share of reads within the delay");
}
