//! Requests a second of every policy: `cargo bench --bench policies`, or one alone with
//! `cargo bench --bench policies -- arc`.
//!
//! The stream is generated, skewed and a million requests long; `SLUICE_TRACE` names a text file
//! with one key a line to measure on instead. What counts is the bulk run, which keeps no reasons.

use std::collections::HashMap;
use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use sluice::cache::{POLICIES, Parameters, Setup};
use sluice::kernel::Random;
use sluice::trace::Key;

/// Numbers the keys in the order of their first use, and says how many there are.
fn intern<T: Eq + std::hash::Hash>(keys: impl Iterator<Item = T>) -> (Vec<Key>, usize) {
    let mut numbers = HashMap::new();
    let requests = keys
        .map(|key| {
            let fresh = numbers.len() as u32;
            Key(*numbers.entry(key).or_insert(fresh))
        })
        .collect();
    (requests, numbers.len())
}

/// A million requests for at most 100,000 keys, a few of them very popular.
fn generated() -> (Vec<Key>, usize) {
    let mut dice = Random::new(1);
    let mut popular = || {
        let unit = dice.unit();
        (100_000.0 * unit * unit * unit * unit) as u32
    };
    intern((0..1_000_000).map(|_| popular()))
}

fn policies(criterion: &mut Criterion) {
    let (requests, keys) = match std::env::var("SLUICE_TRACE") {
        Ok(path) => match std::fs::read_to_string(&path) {
            Ok(text) => intern(text.lines()),
            Err(error) => return eprintln!("SLUICE_TRACE: {path} cannot be read: {error}"),
        },
        Err(_) => generated(),
    };
    for capacity in [1_000, 8_000, 32_000] {
        let mut group = criterion.benchmark_group(format!("room for {capacity}"));
        group.throughput(Throughput::Elements(requests.len() as u64));
        group.sample_size(10);
        for entry in POLICIES {
            let Ok(parameters) = Parameters::new(entry.about, []) else { continue };
            let setup = Setup { capacity, keys, seed: 1, parameters, future: requests.clone().into() };
            group.bench_function(entry.about.id, |bencher| {
                bencher.iter_batched(
                    || (entry.build)(&setup),
                    |mut cache| (cache.misses(black_box(&requests)), cache),
                    BatchSize::LargeInput,
                );
            });
        }
    }
}

criterion_group!(benches, policies);
criterion_main!(benches);
