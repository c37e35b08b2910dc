//! # Guava's RateLimiter, warming up
//!
//! For a server that has to get going: caches to fill, connections to open. As in the bursty one
//! the next request waits for what the one before took, and permits are stored while nobody asks; but
//! here many stored permits mean that the server is cold, and they cost more time than fresh ones,
//! not less.
//!
//! ```text
//!  cold interval  |              /
//!                 |             / |     The area from permit to permit is the time they take.
//!                 |            /  |     From the most to the threshold it is the warm-up, and
//! stable interval +-----------/   |     from there to 0 half of the warm-up. While nobody asks,
//!                 |          |    |     the most are stored in the time of a warm-up.
//!                 +----------+----+-->
//!                 0  threshold   most   stored permits
//! ```
//!
//! `SmoothWarmingUp` in Guava's SmoothRateLimiter.java, by Dimitris Andreou, 2012; a limiter is
//! made cold. `acquire()` and `tryAcquire(timeout)` are as in the bursty one.
//!
//! Two numbers a key; a division and a few multiplications a decision. Stored permits are in floating
//! point, as in Guava, because they are spent along a slope. Times are whole nanoseconds, and what
//! permits take is rounded to the nearest; Guava cuts it off to whole microseconds. Left out:
//! changing the rate under way.

use super::decision::{Decision, Verdict};
use super::keyed::Keyed;
use super::limiter::{Cost, Key, Limiter};
use super::{Anatomy, Mark, Part};
use crate::catalogue::{About, Figure, Parameter, Parameters, Range, Rule};
use crate::kernel::{Span, Time};

/// The algorithm in the catalogue.
pub const ABOUT: About = About {
    id: "guava-warm-up",
    name: "Guava, warming up",
    idea: "Starts slowly after a pause, and the next request waits for the one before.",
    file: file!(),
    parameters: &[
        Parameter {
            id: "rate",
            means: "permits a second once it is warm",
            range: Range::Number { least: 0.001, most: 1e6, default: 10.0 },
        },
        Parameter {
            id: "warm-up",
            means: "seconds from cold to warm while permits are taken all the time",
            range: Range::Number { least: 0.001, most: 86_400.0, default: 4.0 },
        },
        Parameter {
            id: "cold-factor",
            means: "the interval is so many times as long when it is cold",
            range: Range::Number { least: 1.0, most: 1_000.0, default: 3.0 },
        },
        Parameter {
            id: "most-wait",
            means: "seconds; who would wait longer is refused",
            range: Range::Number { least: 0.0, most: 86_400.0, default: 86_400.0 },
        },
    ],
    rules: &[&FREE, &WAITS, &TOO_LONG],
};

const FREE: Rule =
    Rule { name: "FREE", place: "decide", says: "nobody is still to be waited for; it is paid for in {}" };
const WAITS: Rule =
    Rule { name: "WAITS", place: "decide", says: "the permits of those before it are paid for in {}" };
const TOO_LONG: Rule =
    Rule { name: "TOO_LONG", place: "decide", says: "it would wait {}, longer than it may" };

/// The limiter.
#[derive(Clone, Debug)]
pub struct GuavaWarmUp {
    slope: Slope,
    most_wait: Span,
    states: Keyed<State>,
    touched: u64,
}

/// What a permit takes, by how many are stored. Times are in nanoseconds.
#[derive(Clone, Copy, Debug)]
struct Slope {
    /// The interval between permits when it is warm.
    stable: f64,
    /// From how many stored permits on it is not warm.
    threshold: f64,
    /// How many permits are stored when it is cold.
    most: f64,
    /// By how much the interval is longer for each stored permit above the threshold.
    rise: f64,
    /// How long it takes to store one.
    cool_down: f64,
}

/// What is kept for one key.
#[derive(Clone, Copy, Debug)]
struct State {
    /// The next free ticket: when what was taken so far is paid for.
    next: Time,
    /// How many permits are stored.
    stored: f64,
}

impl Slope {
    fn new(rate: f64, warm_up: Span, cold_factor: f64) -> Self {
        let (stable, warm_up) = (Span::from_seconds(1.0).nanos() as f64 / rate, warm_up.nanos() as f64);
        let cold = stable * cold_factor;
        let threshold = 0.5 * warm_up / stable;
        let most = threshold + 2.0 * warm_up / (stable + cold);
        Slope {
            stable,
            threshold,
            most,
            rise: (cold - stable) / (most - threshold),
            cool_down: warm_up / most,
        }
    }

    /// What a permit takes while `stored` are stored.
    fn interval(&self, stored: f64) -> f64 {
        self.stable + (stored - self.threshold).max(0.0) * self.rise
    }

    /// The area under the slope from `stored` down to `stored - permits`: what those permits take.
    fn area(&self, stored: f64, permits: f64) -> f64 {
        let above = (stored - self.threshold).max(0.0).min(permits);
        let trapezoid = above * (self.interval(stored) + self.interval(stored - above)) / 2.0;
        trapezoid + (permits - above) * self.stable
    }
}

impl State {
    /// Stores the permits of the time since the next free ticket, if that has passed.
    fn resync(self, now: Time, slope: &Slope) -> State {
        let cooled = now.since(self.next).nanos() as f64 / slope.cool_down;
        State { next: self.next.max(now), stored: (self.stored + cooled).min(slope.most) }
    }

    /// Takes `permits`: those stored first, and fresh ones, each of which takes a stable interval.
    fn take(self, permits: f64, slope: &Slope) -> State {
        let spent = permits.min(self.stored);
        let nanos = slope.area(self.stored, spent) + (permits - spent) * slope.stable;
        State { next: self.next + Span::from_nanos(nanos.round() as u64), stored: self.stored - spent }
    }
}

impl GuavaWarmUp {
    /// With these parameters, nobody seen yet.
    pub fn new(parameters: &Parameters) -> Self {
        let number = |id| parameters.number(id);
        let slope = Slope::new(number("rate"), parameters.span("warm-up"), number("cold-factor"));
        GuavaWarmUp {
            slope,
            most_wait: parameters.span("most-wait"),
            states: Keyed::new(State { next: Time::ZERO, stored: slope.most }),
            touched: 0,
        }
    }

    /// What the limiter answers while `state` is that of the key at `now`. One passes without a
    /// wait when nobody is to be waited for, however many permits are stored; all that there can be
    /// is there again when it is cold.
    fn answer(
        &self,
        verdict: Verdict,
        state: State,
        now: Time,
        rule: &'static Rule,
        figure: Figure,
    ) -> Decision {
        let debt = state.next.since(now);
        let cooling = (self.slope.most - state.stored) * self.slope.cool_down;
        let reset = debt + Span::from_nanos(cooling.ceil() as u64);
        Decision { verdict, limit: 1, remaining: u32::from(debt == Span::ZERO), reset, rule, figure }
    }
}

impl Limiter for GuavaWarmUp {
    fn decide(&mut self, key: Key, cost: u32, now: Time) -> Decision {
        let state = self.states.of(key).resync(now, &self.slope);
        self.touched += 2;
        let wait = state.next.since(now);
        if wait > self.most_wait {
            let refused = Verdict::Refused { retry: Some(wait - self.most_wait) };
            return self.answer(refused, state, now, &TOO_LONG, Figure::Span(wait));
        }
        let then = state.take(f64::from(cost), &self.slope);
        *self.states.of(key) = then;
        self.touched += 2;
        let (rule, figure) = match wait {
            Span::ZERO => (&FREE, Figure::Span(then.next.since(state.next))),
            _ => (&WAITS, Figure::Span(wait)),
        };
        self.answer(Verdict::Admitted { wait }, then, now, rule, figure)
    }

    /// For requests of at least one permit each. No permit takes less than the stable interval,
    /// stored or not, and rounding to the nearest nanosecond leaves at least its whole nanoseconds,
    /// so each that passes is that far from the one before.
    fn bound(&self, window: Span) -> Option<u64> {
        Some(window.nanos().div_ceil(self.slope.stable as u64))
    }

    fn show(&self, key: Key, now: Time) -> Anatomy {
        let state = self.states.get(key).resync(now, &self.slope);
        let interval = |stored| Span::from_nanos(self.slope.interval(stored).round() as u64);
        let vessel = Part::Vessel {
            name: "stored permits",
            level: state.stored,
            most: self.slope.most,
            fills: true,
            says: format!("warm below {:.2}, where a permit takes {}", self.slope.threshold, interval(0.0)),
        };
        let until = state.next.max(now + interval(self.slope.most));
        let marks = vec![Mark { at: now, says: "now" }, Mark { at: state.next, says: "next free ticket" }];
        let line = Part::TimeLine { name: "ahead", from: now, until, stretches: Vec::new(), marks };
        let says = format!("now the interval between permits is {}", interval(state.stored));
        Anatomy { parts: vec![vessel, line, Part::Note(says)] }
    }

    fn cost(&self) -> Cost {
        Cost { bytes: self.states.bytes(), touched: self.touched }
    }

    fn duplicate(&self) -> Box<dyn Limiter> {
        Box::new(self.clone())
    }
}
