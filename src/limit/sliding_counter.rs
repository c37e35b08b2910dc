//! # Sliding counter
//!
//! Two fixed windows, and the guess that the requests of the one before were spread evenly over it:
//! so many of them as the window that ends now still overlaps are counted, and all of the current
//! one. Almost as smooth as a log for two numbers a key. Where requests were not spread evenly the
//! guess is wrong, and nearly twice the limit can pass within one length of the window.
//!
//! Julien Desgats, "How we built rate limiting capable of scaling to millions of domains",
//! Cloudflare blog, 2017, which found 0.003 % of 400 million requests decided wrongly.
//!
//! Two counters and a time a key; exact, because both sides of the comparison are multiplied by the
//! window's length. Left out: Cloudflare lets an offence stand for a while without counting.

use super::decision::{Decision, Verdict};
use super::keyed::Keyed;
use super::limiter::{Cost, Key, Limiter};
use super::{Anatomy, Mark, Part, Stretch};
use crate::catalogue::{About, Figure, Parameter, Parameters, Range, Rule};
use crate::kernel::{Span, Time};

/// The algorithm in the catalogue.
pub const ABOUT: About = About {
    id: "sliding-counter",
    name: "Sliding counter",
    idea: "Counts the current window, and of the one before the part that still overlaps.",
    file: file!(),
    parameters: &[
        Parameter {
            id: "limit",
            means: "how many pass in a window, by its estimate",
            range: Range::Whole { least: 1, most: 1_000_000, default: 10 },
        },
        Parameter {
            id: "window",
            means: "seconds that a window lasts",
            range: Range::Number { least: 0.001, most: 86_400.0, default: 1.0 },
        },
    ],
    rules: &[&ROOM, &FULL, &MORE_THAN_LIMIT],
};

const ROOM: Rule =
    Rule { name: "ROOM", place: "decide", says: "with it the window that ends now holds an estimate of {}" };
const FULL: Rule = Rule {
    name: "FULL",
    place: "decide",
    says: "the window that ends now holds an estimate of {}, which leaves too little",
};
const MORE_THAN_LIMIT: Rule = Rule {
    name: "MORE_THAN_LIMIT",
    place: "decide",
    says: "it takes {} permits, more than a whole window has",
};

/// The limiter.
#[derive(Clone, Debug)]
pub struct SlidingCounter {
    limit: u32,
    length: Span,
    counters: Keyed<Counters>,
    touched: u64,
}

/// What a key has used of two windows, one after another.
#[derive(Clone, Copy, Debug)]
struct Counters {
    /// When the current window began, a multiple of its length.
    began: Time,
    previous: u32,
    current: u32,
}

impl SlidingCounter {
    /// With these parameters, nobody seen yet.
    pub fn new(parameters: &Parameters) -> Self {
        SlidingCounter::of(parameters.whole("limit") as u32, parameters.span("window"))
    }

    /// `limit` permits in each window of `length`, at least a nanosecond, by its estimate.
    pub fn of(limit: u32, length: Span) -> Self {
        let fresh = Counters { began: Time::ZERO, previous: 0, current: 0 };
        SlidingCounter { limit, length, counters: Keyed::new(fresh), touched: 0 }
    }

    /// The counters as they are at `now`: those of the same windows, or of later ones.
    fn moved(&self, counters: Counters, now: Time) -> Counters {
        let length = self.length.nanos();
        let began = Time::from_nanos(now.nanos() / length * length);
        match began.since(counters.began).nanos() / length {
            0 => counters,
            1 => Counters { began, previous: counters.current, current: 0 },
            _ => Counters { began, previous: 0, current: 0 },
        }
    }

    /// The estimate for the window that ends `now`, times the window's length.
    fn estimate(&self, counters: Counters, now: Time) -> u128 {
        let overlap = self.length - now.since(counters.began);
        times(counters.previous, overlap) + times(counters.current, self.length)
    }

    /// How long until the estimate leaves room for `cost`, if nobody else comes. It falls evenly
    /// through the window that follows each request, and in the one after that nothing is left.
    fn retry(&self, counters: Counters, cost: u32, now: Time) -> Span {
        let ended =
            |windows| counters.began.since(now) + self.length.times(windows) - now.since(counters.began);
        let overlap_left = |previous: u32, current: u32| {
            let room = times(self.limit.saturating_sub(current).saturating_sub(cost), self.length);
            room.checked_div(u128::from(previous)).map_or(self.length, |overlap| self.at_most(overlap))
        };
        let fits = counters.current + cost <= self.limit;
        let now_left = overlap_left(counters.previous, counters.current);
        let next_left = overlap_left(counters.current, 0);
        if fits && now_left > Span::ZERO { ended(1) - now_left } else { ended(2) - next_left }
    }

    fn at_most(&self, overlap: u128) -> Span {
        u64::try_from(overlap).map_or(self.length, Span::from_nanos).min(self.length)
    }

    /// How long until both windows are empty.
    fn reset(&self, counters: Counters, now: Time) -> Span {
        let windows = match counters {
            Counters { current: 0, previous: 0, .. } => return Span::ZERO,
            Counters { current: 0, .. } => 1,
            _ => 2,
        };
        counters.began.since(now) + self.length.times(windows) - now.since(counters.began)
    }

    /// An estimate as a number of permits.
    fn permits(&self, estimate: u128) -> f64 {
        estimate as f64 / self.length.nanos() as f64
    }
}

fn times(count: u32, span: Span) -> u128 {
    u128::from(count) * u128::from(span.nanos())
}

impl Limiter for SlidingCounter {
    #[inline(always)]
    fn decide(&mut self, key: Key, cost: u32, now: Time) -> Decision {
        let (limit, length) = (self.limit, self.length);
        let mut counters = self.moved(*self.counters.get(key), now);
        let (before, most) = (self.estimate(counters, now), times(limit, length));
        let with_it = before + times(cost, length);
        let (verdict, rule, figure) = if cost > limit {
            (Verdict::Refused { retry: None }, &MORE_THAN_LIMIT, Figure::Count(u64::from(cost)))
        } else if with_it > most {
            let retry = Some(self.retry(counters, cost, now));
            (Verdict::Refused { retry }, &FULL, Figure::NumberOf(self.permits(before), u64::from(limit)))
        } else {
            counters.current += cost;
            let estimate = Figure::NumberOf(self.permits(with_it), u64::from(limit));
            (Verdict::Admitted { wait: Span::ZERO }, &ROOM, estimate)
        };
        *self.counters.of(key) = counters;
        self.touched += 6;
        let room = most.saturating_sub(self.estimate(counters, now));
        let remaining = (room / u128::from(length.nanos())) as u32;
        Decision { verdict, limit, remaining, reset: self.reset(counters, now), rule, figure }
    }

    /// The first window of a stretch lets `limit` through, at its very end and after an empty one. A
    /// whole window after one in which somebody passed lets one less through, because at its last
    /// nanosecond a share of one nanosecond of that one still counts. The last window ends with the
    /// stretch: of a remainder of r nanoseconds one lies in the first window, so that its last
    /// request comes r - 2 after it began, and all but that of the window before still counts.
    fn bound(&self, window: Span) -> Option<u64> {
        let (length, limit) = (self.length.nanos(), u64::from(self.limit));
        let Some(after_first) = window.nanos().checked_sub(1) else { return Some(0) };
        let (whole, remainder) = (after_first / length, after_first % length + 1);
        // With a limit of one every other window is empty.
        let (in_whole, in_last_whole) = match (limit, whole) {
            (_, 0) => (0, limit),
            (1, _) => (whole / 2, (whole + 1) % 2),
            _ => (whole.saturating_mul(limit - 1), limit - 1),
        };
        let overlap = remainder.checked_sub(2).map(|elapsed| length - elapsed);
        let still_counts =
            |overlap| (in_last_whole as u128 * overlap as u128).div_ceil(length as u128) as u64;
        let in_last = overlap.map_or(0, |overlap| limit - still_counts(overlap));
        Some(limit.saturating_add(in_whole).saturating_add(in_last))
    }

    fn show(&self, key: Key, now: Time) -> Anatomy {
        let counters = self.moved(*self.counters.get(key), now);
        let (began, until) = (counters.began, counters.began + self.length);
        let stretch = |from, until, used: f64, says| {
            let full = (used / f64::from(self.limit)).min(1.0);
            Stretch { from, until, says, full }
        };
        let estimate = self.permits(self.estimate(counters, now));
        let says = |used: u32| format!("{used} of {}", self.limit);
        let stretches = vec![
            stretch(began - self.length, began, f64::from(counters.previous), says(counters.previous)),
            stretch(began, until, f64::from(counters.current), says(counters.current)),
            stretch(now - self.length, now, estimate, format!("estimate {estimate:.2} of {}", self.limit)),
        ];
        let marks = vec![Mark { at: now, says: "now" }];
        let from = began - self.length;
        Anatomy { parts: vec![Part::TimeLine { name: "windows", from, until, stretches, marks }] }
    }

    fn cost(&self) -> Cost {
        Cost { bytes: self.counters.bytes(), touched: self.touched }
    }

    fn duplicate(&self) -> Box<dyn Limiter> {
        Box::new(self.clone())
    }
}
