//! # AIMD: additive increase, multiplicative decrease
//!
//! A limit on requests under way that finds itself. While requests succeed and at least half of the
//! limit is in use, each one that ends raises it by one; one that fails, or takes longer than a
//! timeout, cuts it by a tenth. The limit climbs until something breaks, falls back, and climbs
//! again: a saw. It sees trouble only when it is there, not the queue that comes before.
//!
//! D.-M. Chiu and R. Jain, "Analysis of the Increase and Decrease Algorithms for Congestion
//! Avoidance in Computer Networks", Computer Networks and ISDN Systems 17, 1989. The figures and
//! the test of half the limit are those of `AIMDLimit` in Netflix concurrency-limits; the limit is
//! enforced as by its `SimpleLimiter`.
//!
//! Two numbers a key; a comparison a decision, a multiplication at the end of a request. As there, the
//! first limit is taken as it is given, and comes into its range with the first request that ends.
//! Left out: requests that are ended without a result, which there change nothing but the number
//! under way, and requests that may bypass the limit.

use super::decision::Decision;
use super::in_flight::InFlight;
use super::keyed::Keyed;
use super::limiter::{Adjustment, Cost, Finish, Key, Limiter};
use super::{Anatomy, Part};
use crate::catalogue::{About, Figure, Parameter, Parameters, Range, Rule};
use crate::kernel::{Span, Time};

/// The algorithm in the catalogue.
pub const ABOUT: About = About {
    id: "aimd",
    name: "AIMD",
    idea: "Raises its limit by one while all goes well, and cuts it by a tenth when a request fails.",
    file: file!(),
    parameters: &[
        Parameter {
            id: "initial",
            means: "how many may be under way at first",
            range: Range::Whole { least: 1, most: 1_000_000, default: 20 },
        },
        Parameter {
            id: "least",
            means: "the limit never falls below this",
            range: Range::Whole { least: 1, most: 1_000_000, default: 20 },
        },
        Parameter {
            id: "most",
            means: "the limit never rises above this, even if it is less than the least",
            range: Range::Whole { least: 1, most: 1_000_000, default: 200 },
        },
        Parameter {
            id: "backoff",
            means: "what the limit is multiplied by when a request fails",
            range: Range::Number { least: 0.5, most: 0.999, default: 0.9 },
        },
        Parameter {
            id: "timeout",
            means: "seconds; a request that takes longer counts as failed",
            range: Range::Number { least: 0.000_001, most: 86_400.0, default: 5.0 },
        },
    ],
    rules: &[&BELOW, &FULL, &DROPPED, &TOO_SLOW, &IN_USE, &NOT_IN_USE],
};

const BELOW: Rule = Rule { name: "BELOW", place: "decide", says: "with it {} are under way" };
const FULL: Rule = Rule { name: "FULL", place: "decide", says: "{} are under way already" };
const DROPPED: Rule =
    Rule { name: "DROPPED", place: "update", says: "it failed, and that multiplies the limit by {}" };
const TOO_SLOW: Rule =
    Rule { name: "TOO_SLOW", place: "update", says: "it took {}, and what is over the timeout has failed" };
const IN_USE: Rule = Rule {
    name: "IN_USE",
    place: "update",
    says: "it succeeded while half of the limit or more was in use, {}",
};
const NOT_IN_USE: Rule =
    Rule { name: "NOT_IN_USE", place: "update", says: "more than half of the limit was not in use: {} were" };

/// The limiter.
#[derive(Clone, Debug)]
pub struct Aimd {
    terms: Terms,
    states: Keyed<State>,
    touched: u64,
}

/// What is the same for each key.
#[derive(Clone, Copy, Debug)]
struct Terms {
    least: u32,
    most: u32,
    backoff: f64,
    timeout: Span,
}

/// What is kept for one key.
#[derive(Clone, Copy, Debug)]
struct State {
    in_flight: InFlight,
    limit: u32,
}

impl Aimd {
    /// With these parameters, nobody seen yet.
    pub fn new(parameters: &Parameters) -> Self {
        let whole = |id| parameters.whole(id) as u32;
        let terms = Terms {
            least: whole("least"),
            most: whole("most"),
            backoff: parameters.number("backoff"),
            timeout: parameters.span("timeout"),
        };
        let fresh = State { in_flight: InFlight::default(), limit: whole("initial") };
        Aimd { terms, states: Keyed::new(fresh), touched: 0 }
    }
}

impl Terms {
    /// The limit after a request that ended in this way.
    fn update(&self, limit: u32, finish: &Finish) -> (u32, &'static Rule, Figure) {
        let used = Figure::Of(u64::from(finish.in_flight), u64::from(limit));
        let less = (f64::from(limit) * self.backoff) as u32;
        let (limit, rule, figure) = if finish.dropped {
            (less, &DROPPED, Figure::Number(self.backoff))
        } else if finish.took > self.timeout {
            (less, &TOO_SLOW, Figure::Span(finish.took))
        } else if u64::from(finish.in_flight) * 2 >= u64::from(limit) {
            (limit + 1, &IN_USE, used)
        } else {
            (limit, &NOT_IN_USE, used)
        };
        (limit.max(self.least).min(self.most), rule, figure)
    }
}

impl Limiter for Aimd {
    fn decide(&mut self, key: Key, _cost: u32, _now: Time) -> Decision {
        let state = self.states.of(key);
        let decision = state.in_flight.enter(state.limit, &BELOW, &FULL);
        self.touched += 2 + u64::from(decision.admitted());
        decision
    }

    fn finish(&mut self, key: Key, _now: Time, finish: Finish) -> Option<Adjustment> {
        let state = self.states.of(key);
        state.in_flight.leave();
        let from = state.limit;
        let (to, rule, figure) = self.terms.update(from, &finish);
        state.limit = to;
        self.touched += 4;
        Some(Adjustment { from: f64::from(from), to: f64::from(to), rule, figure })
    }

    fn show(&self, key: Key, _now: Time) -> Anatomy {
        let State { in_flight, limit } = *self.states.get(key);
        let (value, most) = (f64::from(limit), f64::from(self.terms.most));
        let limits = Part::Level { name: "limit", value, most, unit: "requests" };
        Anatomy { parts: vec![in_flight.show(limit), limits] }
    }

    fn cost(&self) -> Cost {
        Cost { bytes: self.states.bytes(), touched: self.touched }
    }

    fn duplicate(&self) -> Box<dyn Limiter> {
        Box::new(self.clone())
    }
}
