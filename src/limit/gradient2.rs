//! # Gradient2
//!
//! A limit on requests under way that compares what requests take now with what they take in the long run,
//! an exponential average. While the last round trip is at most `tolerance` times the average, the
//! limit may grow by a small queue; beyond that it is multiplied by how much too long the trip was, but
//! never by less than a half. Of each change only the part `smoothing` is made. Unlike Vegas it
//! needs no fastest round trip, which with requests of very different sizes means little.
//!
//! `Gradient2Limit` in Netflix concurrency-limits, 2018; the limit is enforced as by its
//! `SimpleLimiter`.
//!
//! Four numbers a key; a comparison a decision, two divisions at the end of a request. Whether a
//! request failed is not looked at, there nor here. Left out: samples gathered in windows, which
//! there may be put before it. A round trip of no time counts as a nanosecond; there two such in a
//! row make the limit no number.

use super::decision::Decision;
use super::in_flight::InFlight;
use super::keyed::Keyed;
use super::limiter::{Adjustment, Cost, Finish, Key, Limiter};
use super::{Anatomy, Part};
use crate::catalogue::{About, Figure, Parameter, Parameters, Range, Rule};
use crate::kernel::{Span, Time};

/// The algorithm in the catalogue.
pub const ABOUT: About = About {
    id: "gradient2",
    name: "Gradient2",
    idea: "Cuts its limit when requests take much longer than in the long run.",
    file: file!(),
    parameters: &[
        Parameter {
            id: "initial",
            means: "how many may be under way at first",
            range: Range::Whole { least: 1, most: 1_000_000, default: 20 },
        },
        Parameter {
            id: "least",
            means: "the limit never falls below this, even if it is more than the most",
            range: Range::Whole { least: 1, most: 1_000_000, default: 20 },
        },
        Parameter {
            id: "most",
            means: "the limit never rises above this",
            range: Range::Whole { least: 1, most: 1_000_000, default: 200 },
        },
        Parameter {
            id: "smoothing",
            means: "what part of the way to its new value the limit goes",
            range: Range::Number { least: 0.01, most: 1.0, default: 0.2 },
        },
        Parameter {
            id: "tolerance",
            means: "a round trip may be so many times as long as in the long run",
            range: Range::Number { least: 1.0, most: 100.0, default: 1.5 },
        },
        Parameter {
            id: "queue",
            means: "how many the limit may grow by while round trips are tolerated",
            range: Range::Whole { least: 0, most: 1_000, default: 4 },
        },
        Parameter {
            id: "long-window",
            means: "how many requests the long run has",
            range: Range::Whole { least: 1, most: 1_000_000, default: 600 },
        },
    ],
    rules: &[&BELOW, &FULL, &NOT_IN_USE, &TOLERATED, &TOO_SLOW],
};

const BELOW: Rule = Rule { name: "BELOW", place: "decide", says: "with it {} are under way" };
const FULL: Rule = Rule { name: "FULL", place: "decide", says: "{} are under way already" };
const NOT_IN_USE: Rule =
    Rule { name: "NOT_IN_USE", place: "update", says: "more than half of the limit was not in use: {} were" };
const TOLERATED: Rule = Rule {
    name: "TOLERATED",
    place: "update",
    says: "it took {} times what one takes in the long run, which is tolerated",
};
const TOO_SLOW: Rule = Rule {
    name: "TOO_SLOW",
    place: "update",
    says: "it took {} times what one takes in the long run, which is too much",
};

/// The limiter.
#[derive(Clone, Debug)]
pub struct Gradient2 {
    terms: Terms,
    states: Keyed<State>,
    touched: u64,
}

/// What is the same for each key.
#[derive(Clone, Copy, Debug)]
struct Terms {
    least: f64,
    most: f64,
    smoothing: f64,
    tolerance: f64,
    queue: f64,
    window: f64,
}

/// What is kept for one key.
#[derive(Clone, Copy, Debug)]
struct State {
    in_flight: InFlight,
    /// The estimate; its whole part is the limit.
    limit: f64,
    long_run: Average,
}

/// The exponential average of round trips in nanoseconds, with the plain average of the first few
/// to begin with.
#[derive(Clone, Copy, Debug, Default)]
struct Average {
    value: f64,
    first: u32,
}

impl Average {
    /// How many round trips are averaged plainly.
    const FIRST: u32 = 10;

    /// Takes one in, as one of `window`, and returns the average.
    fn add(&mut self, took: f64, window: f64) -> f64 {
        let weight = if self.first < Self::FIRST {
            self.first += 1;
            1.0 / f64::from(self.first)
        } else {
            2.0 / (window + 1.0)
        };
        self.value = self.value * (1.0 - weight) + took * weight;
        self.value
    }
}

impl Gradient2 {
    /// With these parameters, nobody seen yet.
    pub fn new(parameters: &Parameters) -> Self {
        let whole = |id| parameters.whole(id) as f64;
        let terms = Terms {
            least: whole("least"),
            most: whole("most"),
            smoothing: parameters.number("smoothing"),
            tolerance: parameters.number("tolerance"),
            queue: whole("queue"),
            window: whole("long-window"),
        };
        let fresh =
            State { in_flight: InFlight::default(), limit: whole("initial"), long_run: Average::default() };
        Gradient2 { terms, states: Keyed::new(fresh), touched: 0 }
    }
}

impl Terms {
    /// Takes a request that ended into the state.
    fn update(&self, state: &mut State, finish: &Finish) -> (&'static Rule, Figure) {
        let took = finish.took.max(Span::from_nanos(1)).nanos() as f64;
        let long_run = state.long_run.add(took, self.window);
        // After a long time under load the average is too high; waiting for it would take too long.
        if long_run / took > 2.0 {
            state.long_run.value *= 0.95;
        }
        let limit = state.limit;
        if f64::from(finish.in_flight) < limit / 2.0 {
            return (&NOT_IN_USE, Figure::Of(u64::from(finish.in_flight), limit as u64));
        }
        let gradient = (self.tolerance * long_run / took).clamp(0.5, 1.0);
        let to = limit * gradient + self.queue;
        let to = limit * (1.0 - self.smoothing) + to * self.smoothing;
        state.limit = to.min(self.most).max(self.least);
        let rule = if gradient < 1.0 { &TOO_SLOW } else { &TOLERATED };
        (rule, Figure::Number(took / long_run))
    }
}

impl Limiter for Gradient2 {
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
        let State { in_flight, limit, long_run } = *self.states.get(key);
        let limits = Part::Level { name: "limit", value: limit, most: self.terms.most, unit: "requests" };
        let says = format!("a round trip takes {} in the long run", Span::from_nanos(long_run.value as u64));
        Anatomy { parts: vec![in_flight.show(limit as u32), limits, Part::Note(says)] }
    }

    fn cost(&self) -> Cost {
        Cost { bytes: self.states.bytes(), touched: self.touched }
    }

    fn duplicate(&self) -> Box<dyn Limiter> {
        Box::new(self.clone())
    }
}
