//! # Vegas
//!
//! A limit on requests under way that listens to how long they take. The fastest round trip seen
//! is what one takes that nobody is in the way of; if the last one took longer, the rest was spent
//! in a queue, and the part of the limit that stands in that queue is
//! limit × (1 − fastest ÷ last). A short queue raises the limit, a long one lowers it, so that it
//! settles before anything is dropped. Short and long are alpha and beta times log₁₀ of the limit.
//!
//! L. S. Brakmo and L. L. Peterson, "TCP Vegas: End to End Congestion Avoidance on a Global
//! Internet", IEEE JSAC 13(8), 1995, as `VegasLimit` in Netflix concurrency-limits takes it to
//! requests; the limit is enforced as by its `SimpleLimiter`. The logarithm is cut to a whole
//! number and is at least 1.
//!
//! Four numbers a key; a comparison a decision, a division at the end of a request. Because the fastest round
//! trip may be one from better days, it is measured anew from time to time: there after a random
//! share, from a half to the whole, of 30 × limit requests, so that many clients do not all do so
//! at once; here always after three quarters of that, so that a run can be repeated. A round
//! trip of no time, which is an error there, counts as a nanosecond.

use super::decision::Decision;
use super::in_flight::InFlight;
use super::keyed::Keyed;
use super::limiter::{Adjustment, Cost, Finish, Key, Limiter};
use super::{Anatomy, Part};
use crate::catalogue::{About, Figure, Parameter, Parameters, Range, Rule};
use crate::kernel::{Span, Time};

/// The algorithm in the catalogue.
pub const ABOUT: About = About {
    id: "vegas",
    name: "Vegas",
    idea: "Estimates the queue from how much longer requests take than the fastest, and keeps it short.",
    file: file!(),
    parameters: &[
        Parameter {
            id: "initial",
            means: "how many may be under way at first",
            range: Range::Whole { least: 1, most: 1_000_000, default: 20 },
        },
        Parameter {
            id: "most",
            means: "the limit never rises above this",
            range: Range::Whole { least: 1, most: 1_000_000, default: 1_000 },
        },
        Parameter {
            id: "alpha",
            means: "below this, times log10 of the limit, a queue is short",
            range: Range::Whole { least: 1, most: 1_000, default: 3 },
        },
        Parameter {
            id: "beta",
            means: "above this, times log10 of the limit, a queue is long",
            range: Range::Whole { least: 1, most: 1_000, default: 6 },
        },
        Parameter {
            id: "smoothing",
            means: "what part of the way to its new value the limit goes",
            range: Range::Number { least: 0.01, most: 1.0, default: 1.0 },
        },
        Parameter {
            id: "probe",
            means: "the fastest round trip is measured anew about once in this many limits of requests",
            range: Range::Whole { least: 1, most: 1_000_000, default: 30 },
        },
    ],
    rules: &[
        &BELOW,
        &FULL,
        &MEASURED_ANEW,
        &FASTEST,
        &DROPPED,
        &NOT_IN_USE,
        &NO_QUEUE,
        &SHORT_QUEUE,
        &LONG_QUEUE,
        &STEADY,
    ],
};

const BELOW: Rule = Rule { name: "BELOW", place: "decide", says: "with it {} are under way" };
const FULL: Rule = Rule { name: "FULL", place: "decide", says: "{} are under way already" };
const MEASURED_ANEW: Rule = Rule {
    name: "MEASURED_ANEW",
    place: "update",
    says: "it is time to measure the fastest round trip anew, and that is now {}",
};
const FASTEST: Rule = Rule { name: "FASTEST", place: "update", says: "none has been faster, with {}" };
const DROPPED: Rule =
    Rule { name: "DROPPED", place: "estimate", says: "it failed, so the limit falls by {}" };
const NOT_IN_USE: Rule = Rule {
    name: "NOT_IN_USE",
    place: "estimate",
    says: "more than half of the limit was not in use: {} were",
};
const NO_QUEUE: Rule = Rule {
    name: "NO_QUEUE",
    place: "estimate",
    says: "the queue is estimated at {}, so the limit grows by beta",
};
const SHORT_QUEUE: Rule =
    Rule { name: "SHORT_QUEUE", place: "estimate", says: "the queue is estimated at {}" };
const LONG_QUEUE: Rule = Rule { name: "LONG_QUEUE", place: "estimate", says: "the queue is estimated at {}" };
const STEADY: Rule =
    Rule { name: "STEADY", place: "estimate", says: "the queue is estimated at {}, from alpha to beta" };

/// The share of the requests between two measurements that the real one draws, on average.
const PROBE_SHARE: f64 = 0.75;

/// The limiter.
#[derive(Clone, Debug)]
pub struct Vegas {
    terms: Terms,
    states: Keyed<State>,
    touched: u64,
}

/// What is the same for each key.
#[derive(Clone, Copy, Debug)]
struct Terms {
    most: f64,
    alpha: u32,
    beta: u32,
    smoothing: f64,
    probe: f64,
}

/// What is kept for one key.
#[derive(Clone, Copy, Debug)]
struct State {
    in_flight: InFlight,
    /// How many requests ended since the fastest round trip was measured anew.
    since_probe: u32,
    /// The estimate; its whole part is the limit.
    limit: f64,
    /// The fastest round trip; zero before there is one.
    fastest: Span,
}

impl Vegas {
    /// With these parameters, nobody seen yet.
    pub fn new(parameters: &Parameters) -> Self {
        let terms = Terms {
            most: parameters.whole("most") as f64,
            alpha: parameters.whole("alpha") as u32,
            beta: parameters.whole("beta") as u32,
            smoothing: parameters.number("smoothing"),
            probe: parameters.whole("probe") as f64,
        };
        let limit = parameters.whole("initial") as f64;
        let fresh = State { in_flight: InFlight::default(), since_probe: 0, limit, fastest: Span::ZERO };
        Vegas { terms, states: Keyed::new(fresh), touched: 0 }
    }
}

/// log₁₀ of `limit`, as a whole number, at least 1.
fn log10(limit: f64) -> u32 {
    (limit as u32).checked_ilog10().unwrap_or(0).max(1)
}

/// How many of `limit` stand in a queue, if one took `took` that alone would take `fastest`.
fn queue(limit: f64, fastest: Span, took: Span) -> u32 {
    (limit * (1.0 - fastest.nanos() as f64 / took.nanos() as f64)).ceil() as u32
}

impl Terms {
    /// Takes a request that ended into the state.
    fn update(&self, state: &mut State, finish: &Finish) -> (&'static Rule, Figure) {
        let took = finish.took.max(Span::from_nanos(1));
        state.since_probe += 1;
        if f64::from(state.since_probe) >= PROBE_SHARE * self.probe * state.limit {
            state.since_probe = 0;
            state.fastest = took;
            return (&MEASURED_ANEW, Figure::Span(took));
        }
        if state.fastest == Span::ZERO || took < state.fastest {
            state.fastest = took;
            return (&FASTEST, Figure::Span(took));
        }
        let queue = queue(state.limit, state.fastest, took);
        let (limit, rule, figure) = self.estimate(state.limit, queue, finish);
        if limit != state.limit {
            let limit = limit.min(self.most).max(1.0);
            state.limit = (1.0 - self.smoothing) * state.limit + self.smoothing * limit;
        }
        (rule, figure)
    }

    /// The limit that would be right with so many in the queue.
    fn estimate(&self, limit: f64, queue: u32, finish: &Finish) -> (f64, &'static Rule, Figure) {
        let step = log10(limit);
        let (alpha, beta) = (self.alpha * step, self.beta * step);
        let against = |word, bound: u32| Figure::Against(u64::from(queue), word, u64::from(bound));
        let (more, less) = (limit + f64::from(step), limit - f64::from(step));
        if finish.dropped {
            (less, &DROPPED, Figure::Count(u64::from(step)))
        } else if f64::from(finish.in_flight) * 2.0 < limit {
            (limit, &NOT_IN_USE, Figure::Of(u64::from(finish.in_flight), limit as u64))
        } else if queue <= step {
            (limit + f64::from(beta), &NO_QUEUE, Figure::Count(u64::from(queue)))
        } else if queue < alpha {
            (more, &SHORT_QUEUE, against("below alpha", alpha))
        } else if queue > beta {
            (less, &LONG_QUEUE, against("above beta", beta))
        } else {
            (limit, &STEADY, Figure::Count(u64::from(queue)))
        }
    }
}

impl Limiter for Vegas {
    fn decide(&mut self, key: Key, _cost: u32, _now: Time) -> Decision {
        let state = self.states.of(key);
        let decision = state.in_flight.enter(state.limit as u32, &BELOW, &FULL);
        self.touched += 2 + u64::from(decision.admitted());
        decision
    }

    fn finish(&mut self, key: Key, _now: Time, finish: Finish) -> Option<Adjustment> {
        let state = self.states.of(key);
        state.in_flight.leave();
        let from = state.limit;
        let (rule, figure) = self.terms.update(state, &finish);
        self.touched += 8;
        Some(Adjustment { from, to: state.limit, rule, figure })
    }

    fn show(&self, key: Key, _now: Time) -> Anatomy {
        let State { in_flight, limit, fastest, .. } = *self.states.get(key);
        let step = log10(limit);
        let says = format!(
            "fastest round trip {fastest}; a queue is short below {} and long above {}",
            self.terms.alpha * step,
            self.terms.beta * step
        );
        let limits = Part::Level { name: "limit", value: limit, most: self.terms.most, unit: "requests" };
        Anatomy { parts: vec![in_flight.show(limit as u32), limits, Part::Note(says)] }
    }

    fn cost(&self) -> Cost {
        Cost { bytes: self.states.bytes(), touched: self.touched }
    }

    fn duplicate(&self) -> Box<dyn Limiter> {
        Box::new(self.clone())
    }
}
