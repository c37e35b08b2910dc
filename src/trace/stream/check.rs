//! What is allowed in a description of a stream.

use super::layout::Layout;
use super::{Drift, HotSet, Part, Scan, Stream, Zipf};
use crate::refusal::Refusal;
use crate::trace::MOST_REQUESTS;
use std::ops::RangeInclusive;

pub(super) const KEYS: RangeInclusive<u32> = 1..=10_000_000;
pub(super) const REQUESTS: RangeInclusive<u32> = 1..=MOST_REQUESTS as u32;
pub(super) const FIRST: RangeInclusive<u32> = 0..=1_000_000_000;
pub(super) const PERCENT: RangeInclusive<u32> = 0..=100;
pub(super) const WEIGHTS: RangeInclusive<u32> = 1..=1_000;
const SKEWS: RangeInclusive<f64> = 0.0..=2.0;
pub(super) const SKEW_ALLOWED: &str = "a number from 0 to 2";
const PARTS: RangeInclusive<usize> = 1..=16;
const DEEPEST: u32 = 4;

impl Stream {
    /// Refuses the first number that cannot be taken, by its place in the description.
    pub fn check(&self) -> Result<(), Refusal> {
        self.check_at(1)?;
        let requests = self.requests();
        if requests > MOST_REQUESTS as u64 {
            return Err(Refusal::new("requests", requests, "at most 20,000,000 requests in all"));
        }
        let keys = Layout::new(self).keys();
        if keys > u64::from(*KEYS.end()) {
            return Err(Refusal::new("keys", keys, "at most 10,000,000 different keys in all"));
        }
        Ok(())
    }

    fn check_at(&self, depth: u32) -> Result<(), Refusal> {
        match self {
            Stream::Zipf(zipf) => check_zipf(zipf),
            Stream::Uniform(uniform) => check_keys("uniform", uniform.keys, uniform.requests, uniform.first),
            Stream::Scan(scan) => check_scan(scan),
            Stream::Loop(cycle) => check_keys("loop", cycle.keys, cycle.requests, cycle.first),
            Stream::Drift(drift) => check_drift(drift),
            Stream::HotSet(hot_set) => check_hot_set(hot_set),
            Stream::Keys(_) => Ok(()),
            Stream::Phases(phases) => check_phases(phases, depth),
            Stream::Mix(parts) => check_mix(parts, depth),
        }
    }
}

fn check_zipf(zipf: &Zipf) -> Result<(), Refusal> {
    if !SKEWS.contains(&zipf.skew) {
        return Err(Refusal::new("zipf.skew", zipf.skew, SKEW_ALLOWED));
    }
    check_keys("zipf", zipf.keys, zipf.requests, zipf.first)
}

/// Every request is for another key, so that there may be as many as there may be keys.
fn check_scan(scan: &Scan) -> Result<(), Refusal> {
    whole("scan.requests", scan.requests, &KEYS)?;
    whole("scan.first", scan.first, &FIRST)
}

fn check_drift(drift: &Drift) -> Result<(), Refusal> {
    check_keys("drift", drift.keys, drift.requests, drift.first)?;
    whole("drift.working-set", drift.working_set, &(1..=drift.keys))?;
    whole("drift.shift-every", drift.shift_every, &REQUESTS)
}

fn check_hot_set(hot_set: &HotSet) -> Result<(), Refusal> {
    check_keys("hot-set", hot_set.keys, hot_set.requests, hot_set.first)?;
    whole("hot-set.hot", hot_set.hot, &(1..=hot_set.keys))?;
    whole("hot-set.hot-share", hot_set.hot_share, &PERCENT)?;
    whole("hot-set.change-every", hot_set.change_every, &REQUESTS)
}

fn check_phases(phases: &[Stream], depth: u32) -> Result<(), Refusal> {
    check_parts("phases", phases.len(), depth)?;
    for (n, phase) in phases.iter().enumerate() {
        phase.check_at(depth + 1).map_err(|refusal| refusal.within(&format!("phases[{n}]")))?;
    }
    Ok(())
}

fn check_mix(parts: &[Part], depth: u32) -> Result<(), Refusal> {
    check_parts("mix", parts.len(), depth)?;
    for (n, part) in parts.iter().enumerate() {
        whole(&format!("mix[{n}].weight"), part.weight, &WEIGHTS)?;
        part.of.check_at(depth + 1).map_err(|refusal| refusal.within(&format!("mix[{n}].of")))?;
    }
    Ok(())
}

fn check_parts(field: &str, parts: usize, depth: u32) -> Result<(), Refusal> {
    if depth == DEEPEST {
        return Err(Refusal::new(field, "nested too deeply", "phases and mixes nested at most three deep"));
    }
    if !PARTS.contains(&parts) {
        return Err(Refusal::new(field, parts, "from 1 to 16 streams"));
    }
    Ok(())
}

fn check_keys(kind: &str, keys: u32, requests: u32, first: u32) -> Result<(), Refusal> {
    whole(&format!("{kind}.keys"), keys, &KEYS)?;
    whole(&format!("{kind}.requests"), requests, &REQUESTS)?;
    whole(&format!("{kind}.first"), first, &FIRST)
}

fn whole(field: &str, value: u32, range: &RangeInclusive<u32>) -> Result<(), Refusal> {
    if range.contains(&value) { Ok(()) } else { Err(Refusal::new(field, value, whole_allowed(range))) }
}

/// The words for a range of whole numbers.
pub(super) fn whole_allowed(range: &RangeInclusive<u32>) -> String {
    format!("a whole number from {} to {}", grouped(*range.start()), grouped(*range.end()))
}

/// A number with a comma before every third digit from the right.
fn grouped(n: u32) -> String {
    if n < 1_000 { n.to_string() } else { format!("{},{:03}", grouped(n / 1_000), n % 1_000) }
}
