//! # Guava's RateLimiter, bursty
//!
//! Who asks for permits gets them all, however many, and the next one waits until they are paid for. It
//! remembers one point in time, the next free ticket: a request that comes earlier waits for it,
//! and moves it on by what its own permits take. While nobody asks, permits are stored, as many as
//! a second makes; they cost no time later. So the first request always passes at once, and a large
//! one delays those after it instead of itself.
//!
//! `SmoothBursty` in Guava's SmoothRateLimiter.java, which explains itself at length; by
//! Dimitris Andreou, 2012. `tryAcquire(timeout)` refuses at once where the wait would be
//! longer than `most-wait`, and then nothing is spent; `acquire()` waits as long as it must, here a day.
//!
//! Two numbers a key; a comparison and two additions a decision. Guava counts permits in floating
//! point and cuts time off to whole microseconds. Here the permits stored are counted by the time that they
//! took to make, in [`Ticks`], and everything is exact. Left out: changing the rate under way.

use super::decision::{Decision, Verdict};
use super::keyed::Keyed;
use super::limiter::{Cost, Key, Limiter};
use super::{Anatomy, Mark, Pace, Part, Ticks};
use crate::catalogue::{About, Figure, Parameter, Parameters, Range, Rule};
use crate::kernel::{Span, Time};

/// The algorithm in the catalogue.
pub const ABOUT: About = About {
    id: "guava",
    name: "Guava, bursty",
    idea: "Lets a request of any size pass, and the next one waits for it.",
    file: file!(),
    parameters: &[
        Parameter {
            id: "rate",
            means: "permits a second, to the thousandth",
            range: Range::Number { least: 0.001, most: 1e6, default: 10.0 },
        },
        Parameter {
            id: "max-burst",
            means: "seconds; the permits of so much time are stored while nobody asks",
            range: Range::Number { least: 0.0, most: 86_400.0, default: 1.0 },
        },
        Parameter {
            id: "most-wait",
            means: "seconds; who would wait longer is refused",
            range: Range::Number { least: 0.0, most: 86_400.0, default: 86_400.0 },
        },
    ],
    rules: &[&FREE, &WAITS, &TOO_LONG],
};

const FREE: Rule = Rule {
    name: "FREE",
    place: "decide",
    says: "nobody is still to be waited for, and {} permits are stored",
};
const WAITS: Rule =
    Rule { name: "WAITS", place: "decide", says: "the permits of those before it are paid for in {}" };
const TOO_LONG: Rule =
    Rule { name: "TOO_LONG", place: "decide", says: "it would wait {}, longer than it may" };

/// The limiter.
#[derive(Clone, Debug)]
pub struct Guava {
    pace: Pace,
    /// The time that makes as many permits as can be stored.
    most_stored: Ticks,
    most_wait: Span,
    states: Keyed<State>,
    touched: u64,
}

/// What is kept for one key.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    /// The next free ticket: when what was taken so far is paid for.
    next: Ticks,
    /// The time that made the permits that are stored.
    stored: Ticks,
}

impl State {
    /// Stores the permits of the time since the next free ticket, if that has passed.
    fn resync(self, now: Ticks, most_stored: Ticks) -> State {
        let idle = now.saturating_sub(self.next);
        State { next: self.next.max(now), stored: (self.stored + idle).min(most_stored) }
    }

    /// Takes permits that take `time` to make: those stored first, and the rest of the time to come.
    fn take(self, time: Ticks) -> State {
        let spent = time.min(self.stored);
        State { next: self.next + (time - spent), stored: self.stored - spent }
    }
}

impl Guava {
    /// With these parameters, nobody seen yet.
    pub fn new(parameters: &Parameters) -> Self {
        let pace = Pace::per_second(parameters.number("rate"));
        Guava {
            pace,
            most_stored: pace.ticks(parameters.span("max-burst")),
            most_wait: parameters.span("most-wait"),
            states: Keyed::new(State::default()),
            touched: 0,
        }
    }

    /// What the limiter answers while `state` is that of the key at `now`. What remains are those
    /// that pass without a wait: one for each permit stored, and one that the next pays for.
    fn answer(
        &self,
        verdict: Verdict,
        state: State,
        now: Ticks,
        rule: &'static Rule,
        figure: Figure,
    ) -> Decision {
        let permits = |time| u32::try_from(self.pace.permits(time)).unwrap_or(u32::MAX).saturating_add(1);
        let debt = state.next.saturating_sub(now);
        let remaining = if debt == 0 { permits(state.stored) } else { 0 };
        let reset = self.pace.span(debt + (self.most_stored - state.stored));
        Decision { verdict, limit: permits(self.most_stored), remaining, reset, rule, figure }
    }
}

impl Limiter for Guava {
    fn decide(&mut self, key: Key, cost: u32, now: Time) -> Decision {
        let (pace, now) = (self.pace, self.pace.at(now));
        let state = self.states.of(key).resync(now, self.most_stored);
        self.touched += 2;
        let wait = pace.span(state.next - now);
        if wait > self.most_wait {
            let refused = Verdict::Refused { retry: Some(wait - self.most_wait) };
            return self.answer(refused, state, now, &TOO_LONG, Figure::Span(wait));
        }
        let then = state.take(pace.interval() * Ticks::from(cost));
        *self.states.of(key) = then;
        self.touched += 2;
        let (rule, figure) = match wait {
            Span::ZERO => (&FREE, Figure::Number(state.stored as f64 / pace.interval() as f64)),
            _ => (&WAITS, Figure::Span(wait)),
        };
        self.answer(Verdict::Admitted { wait }, then, now, rule, figure)
    }

    /// For requests of at least one permit each. Between the first of n that pass and the last, n - 1
    /// were paid for, from what was stored and from the time between them: n - 1 intervals are at
    /// most the full store and that time, which is less than the stretch. A wait is rounded up to
    /// a nanosecond, but the stretch is whole nanoseconds and its end is not in it, so that holds.
    fn bound(&self, window: Span) -> Option<u64> {
        if window == Span::ZERO {
            return Some(0);
        }
        let most = (self.most_stored + self.pace.ticks(window)).div_ceil(self.pace.interval());
        Some(u64::try_from(most).unwrap_or(u64::MAX))
    }

    fn show(&self, key: Key, now: Time) -> Anatomy {
        let (pace, ticks) = (self.pace, self.pace.at(now));
        let state = self.states.get(key).resync(ticks, self.most_stored);
        let permits = |time: Ticks| time as f64 / pace.interval() as f64;
        let vessel = Part::Vessel {
            name: "stored permits",
            level: permits(state.stored),
            most: permits(self.most_stored),
            fills: true,
            says: format!("one every {} while nobody asks", pace.span(pace.interval())),
        };
        let next = pace.time(state.next);
        let until = next.max(now + pace.span(self.most_stored.max(pace.interval())));
        let marks = vec![Mark { at: now, says: "now" }, Mark { at: next, says: "next free ticket" }];
        let line = Part::TimeLine { name: "ahead", from: now, until, stretches: Vec::new(), marks };
        Anatomy { parts: vec![vessel, line] }
    }

    fn cost(&self) -> Cost {
        Cost { bytes: self.states.bytes(), touched: self.touched }
    }

    fn duplicate(&self) -> Box<dyn Limiter> {
        Box::new(self.clone())
    }
}
