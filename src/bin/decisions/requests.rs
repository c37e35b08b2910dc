//! The requests that limiters and their peer are measured on: evenly spaced in time, twice as many
//! a key as pass, each of a key by chance.

use sluice::kernel::{Random, Time};
use sluice::limit::Key;

/// How many requests a run has.
pub const REQUESTS: u32 = 1_000_000;
/// How many keys they are of.
pub const KEYS: [u32; 2] = [1, 1_000_000];
/// How many a second pass, of one key: what every limiter allows by default.
const RATE: u64 = 10;

/// Key and time of each request.
pub fn requests(keys: u32) -> Vec<(Key, Time)> {
    let gap = 1_000_000_000 / (2 * RATE) / u64::from(keys);
    let mut dice = Random::new(1);
    (0..REQUESTS).map(|number| (dice.below(keys), Time::from_nanos(u64::from(number) * gap))).collect()
}
