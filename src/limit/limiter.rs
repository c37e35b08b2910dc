//! What a limiter is.

use super::{Anatomy, Decision, Figure};
use crate::catalogue::Rule;
use crate::kernel::{Span, Time};

/// Whose requests are counted together: a client, an address, a route. Keys are dense: 0, 1, 2, …
pub type Key = u32;

/// An algorithm that decides who may pass.
///
/// Times come from the caller. One that lies before an earlier one is taken as it is and must do
/// no harm: it never admits more than standing still would.
pub trait Limiter {
    /// Decides about a request of `key` that takes `cost` permits, at least one, at `now`.
    fn decide(&mut self, key: Key, cost: u32, now: Time) -> Decision;

    /// Is told that a request of `key` that was admitted is over. Only those that look at what is
    /// under way listen; what changes by it is the answer.
    fn finish(&mut self, _key: Key, _now: Time, _finish: Finish) -> Option<Adjustment> {
        None
    }

    /// How many of these requests, in order and of one permit each, are admitted: the same decisions,
    /// without their reasons.
    fn admitted(&mut self, requests: &[(Key, Time)]) -> u64 {
        requests.iter().map(|(key, now)| u64::from(self.decide(*key, 1, *now).admitted())).sum()
    }

    /// The most that pass, of one key, in any stretch of time of length `window` that contains its
    /// beginning but not its end, if each takes one permit and the clock does not go back; proven in
    /// the algorithm's file. `None` where time gives no bound. Who is held back passes when the wait
    /// is over.
    fn bound(&self, _window: Span) -> Option<u64> {
        None
    }

    /// Its state for `key` at `now`, as a picture.
    fn show(&self, key: Key, now: Time) -> Anatomy;

    /// What it has cost so far.
    fn cost(&self) -> Cost;

    /// The same once more.
    fn duplicate(&self) -> Box<dyn Limiter>;
}

/// How an admitted request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finish {
    /// How long it took, from when it passed the limiter.
    pub took: Span,
    /// How many requests of its key were under way when it passed, itself among them.
    pub in_flight: u32,
    /// Whether it was dropped: it failed, or took too long.
    pub dropped: bool,
}

/// A limit that has adapted, or has found that it is right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adjustment {
    /// The limit before.
    pub from: f64,
    /// The limit now; the same if it stays.
    pub to: f64,
    /// The line that decided.
    pub rule: &'static Rule,
    /// The figure that it decided by.
    pub figure: Figure,
}

/// What a limiter costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Bytes of state, for all keys seen so far.
    pub bytes: usize,
    /// Words of state that were read or written to make all decisions so far.
    pub touched: u64,
}
