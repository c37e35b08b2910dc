//! # Concurrency limit
//!
//! So many requests may be under way at the same time, and no clock is looked at. By Little's law
//! that bounds the rate as well, but by how fast the server is: a limit of 10 lets 100 a second
//! pass while each takes 100 ms, and 10 a second once each takes a second. A server that becomes slow is
//! asked less, which no limit on the rate does.
//!
//! J. D. C. Little, "A Proof for the Queuing Formula L = λW", Operations Research 9(3), 1961. In use:
//! Stripe's concurrent requests limiter, and `FixedLimit` under `SimpleLimiter` in Netflix
//! concurrency-limits, which this follows.
//!
//! One number a key; a comparison and an addition a decision, a subtraction at the end of each
//! request. Left out: whoever never says that it is over keeps its place for ever, where real ones
//! give it back after a timeout.

use super::Anatomy;
use super::decision::Decision;
use super::in_flight::InFlight;
use super::keyed::Keyed;
use super::limiter::{Adjustment, Cost, Finish, Key, Limiter};
use crate::catalogue::{About, Parameter, Parameters, Range, Rule};
use crate::kernel::Time;

/// The algorithm in the catalogue.
pub const ABOUT: About = About {
    id: "concurrency",
    name: "Concurrency limit",
    idea: "Lets so many be under way at the same time.",
    file: file!(),
    parameters: &[Parameter {
        id: "limit",
        means: "how many may be under way",
        range: Range::Whole { least: 1, most: 1_000_000, default: 10 },
    }],
    rules: &[&BELOW, &FULL],
};

const BELOW: Rule = Rule { name: "BELOW", place: "decide", says: "with it {} are under way" };
const FULL: Rule = Rule { name: "FULL", place: "decide", says: "{} are under way already" };

/// The limiter.
#[derive(Clone, Debug)]
pub struct Concurrency {
    limit: u32,
    in_flight: Keyed<InFlight>,
    touched: u64,
}

impl Concurrency {
    /// With these parameters, nobody seen yet.
    pub fn new(parameters: &Parameters) -> Self {
        let limit = parameters.whole("limit") as u32;
        Concurrency { limit, in_flight: Keyed::new(InFlight::default()), touched: 0 }
    }
}

impl Limiter for Concurrency {
    fn decide(&mut self, key: Key, _cost: u32, _now: Time) -> Decision {
        let decision = self.in_flight.of(key).enter(self.limit, &BELOW, &FULL);
        self.touched += 1 + u64::from(decision.admitted());
        decision
    }

    fn finish(&mut self, key: Key, _now: Time, _finish: Finish) -> Option<Adjustment> {
        self.in_flight.of(key).leave();
        self.touched += 2;
        None
    }

    fn show(&self, key: Key, _now: Time) -> Anatomy {
        Anatomy { parts: vec![self.in_flight.get(key).show(self.limit)] }
    }

    fn cost(&self) -> Cost {
        Cost { bytes: self.in_flight.bytes(), touched: self.touched }
    }

    fn duplicate(&self) -> Box<dyn Limiter> {
        Box::new(self.clone())
    }
}
