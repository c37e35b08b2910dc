//! The worst that can come to each limiter, found by searching, and set in time so that the windows in
//! which the most get through begin together.
//!
//! Where a limiter begins its windows by its clock, its arrivals cannot just be moved. So the limiters'
//! clocks are put instead: each is behind by as much as its own arrivals are moved.

use super::RateLimit;
use crate::kernel::{Span, Time};
use crate::limit::worst_case::{Worst, search};
use std::rc::Rc;

/// About so many decisions of a limiter are spent on a search.
pub const EFFORT: u64 = 1_000_000;

/// The worst that was found to come to a limiter.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// When requests come.
    pub times: Rc<[Time]>,
    /// By how much the limiter's clock is behind.
    pub behind: Span,
    /// Where the window begins in which the most pass.
    pub window: Time,
    /// The most that can pass in it, where that is proven.
    pub bound: Option<u64>,
}

/// The worst for each variant; or, for all, the worst for variant `against`, counted from 1.
pub(super) fn find(scenario: &RateLimit, against: Option<u32>) -> Vec<Found> {
    let variants = 0..scenario.variants.len();
    let look =
        |at: usize| Some(search(&*scenario.limiter(at)?, scenario.span(), scenario.repeats.seed, EFFORT));
    let chosen = against.map(|of| (of.max(1) as usize - 1).min(scenario.variants.len() - 1));
    let worst: Vec<Worst> = match chosen {
        Some(chosen) => look(chosen).into_iter().collect(),
        None => variants.clone().filter_map(look).collect(),
    };
    let latest = worst.iter().map(|worst| worst.from).max().unwrap_or(Time::ZERO);
    let set = |at: usize| {
        let worst = worst.get(at).or(worst.first())?;
        let behind = latest.since(worst.from);
        Some(Found {
            times: worst.arrivals.iter().map(|at| *at + behind).collect(),
            behind,
            window: latest,
            bound: scenario.limiter(at)?.bound(scenario.span()),
        })
    };
    variants.filter_map(set).collect()
}
