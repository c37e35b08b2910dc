//! Decisions a second of governor, the peer of this program's GCRA, on the requests of
//! `src/bin/decisions`, as JSON, for `./dev bench`. It is given the time as this program's limiters
//! are, from memory, and allows what this program's GCRA does by default; one key is a limiter of its own, many keys are its hash map.

#[path = "../src/bin/decisions/requests.rs"]
mod requests;

use governor::clock::Clock;
use governor::nanos::Nanos;
use governor::{Quota, RateLimiter};
use requests::{KEYS, REQUESTS, requests};
use serde::Serialize;
use sluice::catalogue::Parameters;
use sluice::limit::find;
use std::hint::black_box;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Every measurement is the best of so many runs.
const RUNS: u32 = 5;

/// A clock that shows what it is told.
#[derive(Clone, Debug, Default)]
struct Told(Arc<AtomicU64>);

impl Clock for Told {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        self.0.load(Ordering::Relaxed).into()
    }
}

/// What governor came to.
#[derive(Serialize)]
struct Row {
    keys: u32,
    admitted: u32,
    rate: f64,
}

fn row(quota: Quota, keys: u32) -> Row {
    let requests = requests(keys);
    let (mut admitted, mut best) = (0, f64::INFINITY);
    for _ in 0..RUNS {
        let clock = Told::default();
        let mut run = |decide: &dyn Fn(u32) -> bool| {
            (0..keys).for_each(|key| {
                black_box(decide(key));
            });
            let start = Instant::now();
            admitted = 0;
            for (key, at) in black_box(&requests) {
                clock.0.store(at.nanos(), Ordering::Relaxed);
                admitted += u32::from(decide(*key));
            }
            best = best.min(start.elapsed().as_secs_f64());
        };
        if keys == 1 {
            let limiter = RateLimiter::direct_with_clock(quota, clock.clone());
            run(&|_| limiter.check().is_ok());
        } else {
            let limiter = RateLimiter::hashmap_with_clock(quota, clock.clone());
            run(&|key| limiter.check_key(&key).is_ok());
        }
    }
    Row { keys, admitted, rate: f64::from(REQUESTS) / best }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let gcra = find("gcra").ok_or("no GCRA")?;
    let parameters = Parameters::new(gcra.about, []).map_err(|refusal| refusal.to_string())?;
    let rate = NonZeroU32::new(parameters.number("rate") as u32).ok_or("no rate")?;
    let burst = NonZeroU32::new(parameters.whole("burst") as u32).ok_or("no burst")?;
    let quota = Quota::per_second(rate).allow_burst(burst);
    println!("{}", serde_json::to_string(&KEYS.map(|keys| row(quota, keys)))?);
    Ok(())
}
