//! Decisions a second of every limiter, beside governor: `cargo bench --bench limits`, or one alone
//! with `cargo bench --bench limits -- gcra`.

#[path = "../src/bin/decisions/requests.rs"]
mod requests;

use std::hint::black_box;
use std::num::NonZeroU32;
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use governor::clock::FakeRelativeClock;
use governor::{Quota, RateLimiter};
use requests::{KEYS, REQUESTS, requests};
use sluice::catalogue::Parameters;
use sluice::kernel::Time;
use sluice::limit::{LIMITERS, find};

fn limits(criterion: &mut Criterion) {
    let gcra = find("gcra").and_then(|gcra| Parameters::new(gcra.about, []).ok());
    let quota = gcra.and_then(|gcra| {
        let rate = NonZeroU32::new(gcra.number("rate") as u32)?;
        Some(Quota::per_second(rate).allow_burst(NonZeroU32::new(gcra.whole("burst") as u32)?))
    });
    let Some(quota) = quota else { return };
    for keys in KEYS {
        let requests = requests(keys);
        let mut group = criterion.benchmark_group(if keys == 1 { "one key" } else { "a million keys" });
        group.throughput(Throughput::Elements(u64::from(REQUESTS)));
        group.sample_size(10);
        for entry in LIMITERS {
            let Ok(parameters) = Parameters::new(entry.about, []) else { continue };
            group.bench_function(entry.about.id, |bencher| {
                bencher.iter_batched_ref(
                    || {
                        let mut limiter = (entry.build)(&parameters);
                        for key in 0..keys {
                            limiter.decide(key, 1, Time::ZERO);
                        }
                        limiter
                    },
                    |limiter| limiter.admitted(black_box(&requests)),
                    BatchSize::PerIteration,
                );
            });
        }
        let gap = Duration::from_nanos(requests.get(1).map_or(0, |(_, at)| at.nanos()));
        group.bench_function("governor", |bencher| {
            bencher.iter_batched_ref(
                || {
                    let clock = FakeRelativeClock::default();
                    let limiter = RateLimiter::hashmap_with_clock(quota, clock.clone());
                    (0..keys).for_each(|key| drop(black_box(limiter.check_key(&key))));
                    (limiter, RateLimiter::direct_with_clock(quota, clock.clone()), clock)
                },
                |(many, one, clock)| {
                    for (key, _) in &requests {
                        let passes =
                            if keys == 1 { one.check().is_ok() } else { many.check_key(key).is_ok() };
                        black_box(passes);
                        clock.advance(gap);
                    }
                },
                BatchSize::PerIteration,
            );
        });
    }
}

criterion_group!(benches, limits);
criterion_main!(benches);
