//! # GCRA, the generic cell rate algorithm
//!
//! A token bucket that remembers one point in time instead of a level. The theoretical arrival time
//! (TAT) is when the next request would come if they came evenly. A request may come early, but
//! not by more than the burst allows; each one moves TAT on by the time that a permit takes.
//!
//! ITU-T Recommendation I.371 and ATM Forum, "Traffic Management Specification 4.0", 1996, annex C;
//! brought to the web by Brandur Leach in throttled and redis-cell, and by governor.
//!
//! One number a key, a comparison and an addition a decision. Exact at every rate, because time is
//! counted in [`Ticks`]; throttled and governor round what a permit takes down to a nanosecond.

use super::decision::{Decision, Verdict};
use super::keyed::Keyed;
use super::limiter::{Cost, Key, Limiter};
use super::{Anatomy, Mark, Pace, Part, Ticks};
use crate::catalogue::{About, Figure, Parameter, Parameters, Range, Rule};
use crate::kernel::{Span, Time};

/// The algorithm in the catalogue.
pub const ABOUT: About = About {
    id: "gcra",
    name: "GCRA",
    idea: "Remembers when the next request would come if they came evenly.",
    file: file!(),
    parameters: &[
        Parameter {
            id: "rate",
            means: "permits a second, to the thousandth",
            range: Range::Number { least: 0.001, most: 1e6, default: 10.0 },
        },
        Parameter {
            id: "burst",
            means: "how many may come at once after a pause",
            range: Range::Whole { least: 1, most: 1_000_000, default: 5 },
        },
    ],
    rules: &[&CONFORMS, &TOO_EARLY, &MORE_THAN_BURST],
};

const CONFORMS: Rule =
    Rule { name: "CONFORMS", place: "decide", says: "it is early by {}, and the burst allows that" };
const TOO_EARLY: Rule = Rule {
    name: "TOO_EARLY",
    place: "decide",
    says: "with it the theoretical arrival would be ahead by {}, more than the burst allows",
};
const MORE_THAN_BURST: Rule =
    Rule { name: "MORE_THAN_BURST", place: "decide", says: "it takes {} permits, more than a whole burst" };

/// The limiter.
#[derive(Clone, Debug)]
pub struct Gcra {
    pace: Pace,
    burst: u32,
    /// The theoretical arrival time of each key.
    arrivals: Keyed<Ticks>,
    touched: u64,
}

impl Gcra {
    /// With these parameters, nobody seen yet.
    pub fn new(parameters: &Parameters) -> Self {
        Gcra::at(Pace::per_second(parameters.number("rate")), parameters.whole("burst") as u32)
    }

    /// One permit at each interval of `pace`, and up to `burst` at once.
    pub fn at(pace: Pace, burst: u32) -> Self {
        Gcra { pace, burst, arrivals: Keyed::new(0), touched: 0 }
    }

    /// By how much the theoretical arrival may be ahead.
    fn tolerance(&self) -> Ticks {
        self.pace.intervals(self.burst)
    }
}

impl Limiter for Gcra {
    #[inline(always)]
    fn decide(&mut self, key: Key, cost: u32, now: Time) -> Decision {
        let (pace, now, tolerance) = (self.pace, self.pace.at(now), self.tolerance());
        let arrival = self.arrivals.of(key);
        self.touched += 1;
        let ahead = arrival.saturating_sub(now);
        let ahead_then = ahead + pace.intervals(cost);
        let conforms = ahead_then <= tolerance;
        if conforms {
            *arrival = now + ahead_then;
            self.touched += 1;
        }
        let (verdict, rule, figure) = if cost > self.burst {
            (Verdict::Refused { retry: None }, &MORE_THAN_BURST, Figure::Count(u64::from(cost)))
        } else if !conforms {
            let retry = Some(pace.span(ahead_then - tolerance));
            (Verdict::Refused { retry }, &TOO_EARLY, Figure::Span(pace.span(ahead_then)))
        } else {
            (Verdict::Admitted { wait: Span::ZERO }, &CONFORMS, Figure::Span(pace.span(ahead)))
        };
        let ahead = if conforms { ahead_then } else { ahead };
        let remaining = pace.permits(tolerance.saturating_sub(ahead)) as u32;
        Decision { verdict, limit: self.burst, remaining, reset: pace.span(ahead), rule, figure }
    }

    /// Each request moves the theoretical arrival on by an interval. Before the first of a stretch it
    /// is that time at the least, and after the last it is ahead of that by a whole burst at the most:
    /// in between lie the burst and the nanoseconds after the first.
    fn bound(&self, window: Span) -> Option<u64> {
        let Some(after_first) = window.nanos().checked_sub(1) else { return Some(0) };
        Some(self.pace.permits(self.tolerance() + self.pace.ticks(Span::from_nanos(after_first))))
    }

    fn show(&self, key: Key, now: Time) -> Anatomy {
        let arrival = self.pace.time(*self.arrivals.get(key)).max(now);
        let most = self.pace.span(self.tolerance());
        let marks = vec![Mark { at: now, says: "now" }, Mark { at: arrival, says: "theoretical arrival" }];
        let line =
            Part::TimeLine { name: "ahead", from: now, until: now + most, stretches: Vec::new(), marks };
        Anatomy { parts: vec![line] }
    }

    fn cost(&self) -> Cost {
        Cost { bytes: self.arrivals.bytes(), touched: self.touched }
    }

    fn duplicate(&self) -> Box<dyn Limiter> {
        Box::new(self.clone())
    }
}
